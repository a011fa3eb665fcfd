"""The rows the benchmarks are measured on are as the actions would have left them."""

from collections import Counter

from sqlmodel import select

from consult.accounts.models import Person
from consult.comments.models import Comment
from consult.comments.rules import MAX_DEPTH, body_hash
from consult.consultations.models import Tally
from consult.db import Database
from consult.votes.models import Vote
from consult.votes.rules import comment_target
from tests.bench.million import fill

COMMENTS = 400


def test_threads_votes_and_counts_agree(database_url: str) -> None:
    database = Database(database_url)
    rows = sum(fill(database, comments=COMMENTS, drafts=2))
    with database.reading() as session:
        comments = {one.id or 0: one for one in session.exec(select(Comment))}
        votes = session.exec(select(Vote)).all()
        people = session.exec(select(Person)).all()
        tallies = session.exec(select(Tally)).all()
    database.engine.dispose()
    assert len(comments) == COMMENTS
    assert len(comments) + len(votes) + len(people) == rows
    said = Counter(vote.target for vote in votes)
    assert max(comment.depth for comment in comments.values()) == MAX_DEPTH
    replies = Counter(comment.root_id for comment in comments.values())
    for comment in comments.values():
        assert comment.body_hash == body_hash(comment.body, "")
        assert comment.for_n + comment.against_n == said[comment_target(comment.id or 0)]
        assert comment.disputed_n == min(comment.for_n, comment.against_n)
        if comment.parent_id:
            parent, root = comments[comment.parent_id], comments[comment.root_id or 0]
            assert (parent.draft_id, parent.wid) == (comment.draft_id, comment.wid)
            assert (root.depth, parent.depth + 1) == (0, comment.depth)
            assert comment.replies_n == 0
        else:
            assert comment.replies_n == replies[comment.id]
    shown = sum(one.is_public and one.parent_id is None for one in comments.values())
    assert sum(tally.comments_n for tally in tallies) == shown < COMMENTS
