"""What a person is counted in: taken back where counting goes on, when they leave.

Else whoever registers anew, and shows the same eID, would be counted twice. What was counted in
rounds that are over stays, and so does what was signed for an organisation, which says it once.
Of these functions each does a part of what is left to do, as in words.py.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import islice

from sqlmodel import Session, col, select

from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.consultations.queries import rounds_of
from consult.consultations.rules import is_open
from consult.cosigning import actions as cosigning
from consult.cosigning.models import Signature
from consult.polls import actions as polls
from consult.privacy.words import Leaving
from consult.procedure.stages import Stage
from consult.questions import actions as questions
from consult.questions.models import Question, QuestionWish
from consult.votes import actions as votes
from consult.votes.models import Vote
from consult.votes.queries import votes_kept_with
from consult.votes.rules import read_target
from drafts.models import Draft, DraftVersion

BATCH = 50


def take_back_votes(session: Session, leaving: Leaving) -> int:
    """Some of their votes on what is voted on still; returns how many."""
    taken = list(islice(_votes_that_count(session, leaving), BATCH))
    for vote in taken:
        votes.take_back(session, vote)
    return len(taken)


def _votes_that_count(session: Session, leaving: Leaving) -> Iterator[Vote]:
    theirs = col(Vote.person_id) == leaving.person_id
    drafts = session.exec(select(Vote.draft_id).where(theirs).distinct()).all()
    rounds = _open_rounds(session, drafts, leaving.now)
    query = select(Vote).where(theirs, col(Vote.draft_id).in_(rounds)).order_by(col(Vote.id))
    for vote in session.exec(query.with_for_update()).all():
        kind, number, wid = read_target(vote.target)
        discussed = session.get_one(DraftVersion, rounds[vote.draft_id].version_id)
        if kind == "comment" or number == votes_kept_with(session, discussed, wid):
            yield vote


def take_back_poll_answers(session: Session, leaving: Leaving) -> int:
    """Their answers to questions that are asked still; returns how many."""
    return polls.take_back_answers(session, leaving.person_id, leaving.now)


def take_back_signatures(session: Session, leaving: Leaving) -> int:
    """Some of their signatures under what can be signed still; returns how many."""
    query = (
        select(Comment)
        .join(Signature, col(Signature.comment_id) == col(Comment.id))
        .where(
            col(Signature.person_id) == leaving.person_id, col(Signature.organisation_id).is_(None)
        )
    )
    signed = session.exec(query.order_by(col(Comment.id))).all()
    rounds = _open_rounds(session, {comment.draft_id for comment in signed}, leaving.now)
    current = {round_.id for round_ in rounds.values()}
    taken = [comment for comment in signed if comment.consultation_id in current][:BATCH]
    for comment in taken:
        cosigning.take_back(session, comment=comment, person_id=leaving.person_id, now=leaving.now)
    return len(taken)


def take_back_wishes(session: Session, leaving: Leaving) -> int:
    """Some of the questions of others whose answer they want to know; returns how many."""
    theirs = col(QuestionWish.person_id) == leaving.person_id
    query = select(Question).join(QuestionWish, col(QuestionWish.question_id) == col(Question.id))
    taken = session.exec(query.where(theirs).order_by(col(Question.id)).limit(BATCH)).all()
    for question in taken:
        questions.take_back_wish(session, question, leaving.person_id)
    return len(taken)


def _open_rounds(
    session: Session, draft_ids: Collection[int], now: datetime
) -> dict[int, Consultation]:
    """The rounds of these drafts that are open, by draft."""
    drafts = session.exec(select(Draft).where(col(Draft.id).in_(draft_ids))).all()
    stages = {draft.id: Stage(draft.stage) for draft in drafts}
    rounds = rounds_of(session, list(draft_ids))
    return {id_: term for id_, term in rounds.items() if is_open(term, stages[id_], now)}
