"""What is known of alike comments is kept as they come, change and go: one at a time.

Always true: comments of the same words stand together; both counts are exact; each comment was
alike the medoid of its cluster when it joined. In what order they came can matter to texts that
are alike two medoids, or whose medoid was withdrawn since, until the draft is looked at as a
whole (reclustering.py), which happens when a discussion closes and by command.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial, reduce
from itertools import islice

from sqlalchemy import func
from sqlmodel import Session, col, select

from consult.campaigns.candidates import enter, kept_text, nearest, strike, twin
from consult.campaigns.clustering import medoid
from consult.campaigns.models import Cluster, Fingerprint, TextCount
from consult.campaigns.rules import Text, alike, text_of
from consult.comments.models import Comment

FOUND_BY = 8  # texts of a cluster by which it can be found: one copy finds another's changes
UNITED, MOST_UNITED = 3, 50  # clusters a comment can bring together; members of the smaller
ASKED = 200  # members looked at when a medoid is gone


def keep(session: Session, comment_id: int) -> None:
    """Make what is kept agree with the comment as it is now. Twice is once; the order of events
    does not matter, for none of them is asked what happened.
    """
    # First the lock, then the words: what was read before another let go of it may be old by then.
    draft_of = select(Comment.draft_id).where(Comment.id == comment_id)
    counted = held(session, session.exec(draft_of).one())
    comment = session.get_one(Comment, comment_id, populate_existing=True)
    kept = session.get(Fingerprint, comment_id)
    said = text_of(comment.body, comment.proposed) if is_counted(comment) else None
    if (kept.exact if kept else None) == (said.exact if said else None):
        return
    if kept:
        _take_out(session, counted, kept)
    if said:
        _put_in(session, counted, comment, said)


def is_counted(comment: Comment) -> bool:
    """Whether it is a submission: a reply belongs to a discussion, and only the public counts."""
    return comment.is_public and comment.parent_id is None


def held(session: Session, draft_id: int) -> TextCount:
    """The counts of a draft, nobody else's until this transaction ends.

    Two that write the first of a draft at once: one fails, and the worker tries it again.
    """
    counted = session.get(TextCount, draft_id, with_for_update=True)
    if counted is None:
        counted = TextCount(draft_id=draft_id)
        session.add(counted)
        session.flush()
    return counted


def _put_in(session: Session, counted: TextCount, comment: Comment, said: Text) -> None:
    same = twin(session, comment.draft_id, said.exact)
    home = same or _home(session, comment.draft_id, said)
    cluster = _cluster_of(session, home) if home else None
    if cluster:
        _count_in(cluster, 1, same is None, comment.created_at, comment.created_at)
    row = Fingerprint(
        comment_id=comment.id or 0,
        draft_id=comment.draft_id,
        exact=said.exact,
        sketch=said.words.encode(),
        cluster_id=cluster.id if cluster else None,
    )
    session.add(row)
    counted.submissions += 1
    counted.distinct_n += same is None
    if same is None and (cluster is None or cluster.distinct_n <= FOUND_BY):
        enter(session, [row])


def _home(session: Session, draft_id: int, said: Text) -> Fingerprint | None:
    """The medoid, or the text that stood alone, that is most alike.

    That a text is alike two of them shows that these may be one: they are united then.
    """
    likes = (like for like in nearest(session, draft_id, said) if alike(said, like.text))
    homes = [like.fingerprint for like in islice(likes, 1 + UNITED)]
    return reduce(partial(_united, session), homes) if homes else None


def _united(session: Session, one: Fingerprint, other: Fingerprint) -> Fingerprint:
    """The medoid of both, if every text of the smaller is alike it; else `one`, and all stays."""
    clusters = [session.get(Cluster, each.cluster_id or 0) for each in (one, other)]
    sizes = [cluster.submissions if cluster else 1 for cluster in clusters]
    large, small, gone = (one, other, clusters[1])
    if sizes[1] > sizes[0]:
        large, small, gone = (other, one, clusters[0])
    rows = _members(session, gone) if gone else [small]
    if len(rows) > MOST_UNITED or not all(alike(kept_text(row), kept_text(large)) for row in rows):
        return one
    cluster = _cluster_of(session, large)
    at = session.get_one(Comment, small.comment_id).created_at
    days = (gone.first_at, gone.last_at) if gone else (at, at)
    _count_in(cluster, len(rows), len({row.exact for row in rows}), *days)
    for row in rows:
        row.cluster_id = cluster.id
    if gone:
        session.flush()
        session.delete(gone)
    return large


def _members(session: Session, cluster: Cluster) -> Sequence[Fingerprint]:
    """The first of them; one more than are united tells that there are too many."""
    query = select(Fingerprint).where(Fingerprint.cluster_id == cluster.id)
    return session.exec(query.limit(MOST_UNITED + 1)).all()


def _cluster_of(session: Session, row: Fingerprint) -> Cluster:
    """Its cluster; made of it alone if it stands in none."""
    if row.cluster_id is not None:
        return session.get_one(Cluster, row.cluster_id)
    at = session.get_one(Comment, row.comment_id).created_at
    cluster = Cluster(
        draft_id=row.draft_id,
        medoid_id=row.comment_id,
        submissions=1,
        distinct_n=1,
        first_at=at,
        last_at=at,
    )
    session.add(cluster)
    session.flush()
    row.cluster_id = cluster.id
    return cluster


def _count_in(
    cluster: Cluster, submissions: int, distinct: int, first_at: datetime, last_at: datetime
) -> None:
    cluster.submissions += submissions
    cluster.distinct_n += distinct
    cluster.first_at = min(cluster.first_at, first_at)
    cluster.last_at = max(cluster.last_at, last_at)


def _take_out(session: Session, counted: TextCount, row: Fingerprint) -> None:
    was_found = strike(session, row)
    session.delete(row)
    session.flush()
    same = twin(session, row.draft_id, row.exact)
    if same and was_found:
        enter(session, [same])
    counted.submissions -= 1
    counted.distinct_n -= same is None
    if row.cluster_id is None:
        return
    cluster = session.get_one(Cluster, row.cluster_id)
    cluster.submissions -= 1
    cluster.distinct_n -= same is None
    if cluster.submissions == 1:
        dissolve(session, cluster)
        return
    if cluster.medoid_id == row.comment_id and same:
        cluster.medoid_id = same.comment_id
    elif cluster.medoid_id == row.comment_id:
        choose_medoid(session, cluster)
    gone = session.get_one(Comment, row.comment_id).created_at
    if gone in (cluster.first_at, cluster.last_at):
        _find_days(session, cluster)


def dissolve(session: Session, cluster: Cluster) -> None:
    """What is left of a cluster, one comment or none, stands alone."""
    last = session.exec(select(Fingerprint).where(Fingerprint.cluster_id == cluster.id)).first()
    if last:
        last.cluster_id = None
        strike(session, last)
        enter(session, [last])
    session.flush()
    session.delete(cluster)


def choose_medoid(session: Session, cluster: Cluster) -> None:
    """The one that stood for it is gone: the text nearest to the earliest members does now."""
    rows = session.exec(
        select(Fingerprint)
        .where(Fingerprint.cluster_id == cluster.id)
        .order_by(col(Fingerprint.comment_id))
        .limit(ASKED)
    ).all()
    first: dict[str, Fingerprint] = {}
    for row in rows:
        first.setdefault(row.exact, row)
    different = list(first.values())
    sent = [sum(row.exact == exact for row in rows) for exact in first]
    chosen = different[medoid([kept_text(row) for row in different], sent)]
    cluster.medoid_id = chosen.comment_id
    strike(session, chosen)
    enter(session, [chosen])


def _find_days(session: Session, cluster: Cluster) -> None:
    cluster.first_at, cluster.last_at = session.execute(
        select(func.min(Comment.created_at), func.max(Comment.created_at))
        .join(Fingerprint, col(Fingerprint.comment_id) == col(Comment.id))
        .where(Fingerprint.cluster_id == cluster.id)
    ).one()
