"""What people do about an answer they got: rate it, contest it; and the review of a contest."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from consult import outbox
from consult.access import Actor, check_right
from consult.answers.models import Disposition
from consult.answers.queries import answer_counting
from consult.comments.models import Comment
from consult.comments.rules import check_not_own, check_own, clean_body
from consult.db import affected
from consult.errors import N_, Conflict, NotAllowed
from consult.events import AnswerContested, ContestDecided
from consult.feedback.models import AnswerRating, Contest
from consult.feedback.queries import Contested, contest_of, contest_until, may_rate, rating_of
from consult.feedback.rules import (
    check_contest,
    check_fresh_eyes,
    check_in_time,
    check_review,
)
from consult.law.queries import Law
from consult.procedure.stages import Stage, Verb, check_allowed
from drafts.models import Draft

ALREADY = N_("You have contested this answer already: it is being looked at again.")


def rate_answer(
    session: Session, *, actor: Actor, comment: Comment, met: bool, now: datetime
) -> None:
    """Say whether the answer met the point; said again, the last word counts.

    Raises NotAllowed for whoever the answer was not given to, Conflict while there is none.
    """
    check_right(actor, "cabinet")
    check_allowed(_stage(session, comment), Verb.RATE_ANSWER)
    if not may_rate(session, actor, comment):
        raise NotAllowed("An answer is rated by whoever it was given to.")
    _answer_to(session, comment)
    row = rating_of(session, comment.id or 0, actor.person_id)
    row = row or AnswerRating(
        comment_id=comment.id or 0, person_id=actor.person_id, met=met, rated_at=now
    )
    row.met, row.rated_at = met, now
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise Conflict("This came twice at once and counts once. Reload the page.") from error


def contest_answer(
    session: Session, *, actor: Actor, law: Law, comment: Comment, reason: str, now: datetime
) -> Contest:
    """The author does not accept the answer, within the term, once; somebody else looks again.

    Raises NotAllowed, Invalid, Conflict.
    """
    check_own(comment.author_id, actor.person_id)
    check_allowed(_stage(session, comment), Verb.CONTEST_ANSWER)
    answer = _answer_to(session, comment)
    draft = session.get_one(Draft, comment.draft_id)
    check_in_time(contest_until(law, draft, comment, now), now)
    reason = clean_body(reason)
    check_contest(reason)
    if contest_of(session, comment.id or 0):
        raise Conflict(ALREADY)
    row = Contest(
        draft_id=comment.draft_id,
        comment_id=comment.id or 0,
        disposition_id=answer.id or 0,
        reason=reason,
        contested_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise Conflict(ALREADY) from error
    outbox.record(session, AnswerContested(row.id or 0, comment.id or 0), now)
    return row


def review_contest(
    session: Session,
    *,
    actor: Actor,
    contested: Contested,
    outcome: str,
    decision: str,
    lang: str,
    now: datetime,
) -> None:
    """Decide a contest, once: the answer stands (`outcome` as it was), or is another from now on.

    The report keeps the answer as it was published; what was decided here stands beside it.
    Raises NotAllowed, Invalid, Conflict.
    """
    check_reviewer(actor, contested)
    check_allowed(Stage(contested.draft.stage), Verb.REVIEW_CONTEST)
    decision = clean_body(decision)
    check_review(outcome, contested.answer.outcome, decision)
    row = contested.contest
    claimed = session.execute(
        update(Contest)
        .where(col(Contest.id) == row.id, col(Contest.decided_at).is_(None))
        .values(
            outcome=outcome,
            decision=decision,
            decision_lang=lang,
            decided_by=actor.person_id,
            decided_at=now,
        )
    )
    if affected(claimed) != 1:
        raise Conflict("Somebody else has decided this meanwhile. Reload the page.")
    session.refresh(row)
    outbox.record(session, ContestDecided(row.id or 0, row.comment_id), now)


def check_reviewer(actor: Actor, contested: Contested) -> None:
    """Raise unless this person may decide: an approver of the agency, or the oversight body.

    Who wrote or approved the answer may not, nor who contests it.
    """
    check_right(actor, "review")
    if not actor.may("oversee") and not actor.may_for("approve", contested.draft.agency_id):
        raise NotAllowed("This belongs to another agency.")
    check_not_own(contested.comment.author_id, actor.person_id)
    check_fresh_eyes(actor.person_id, contested.gave)


def _stage(session: Session, comment: Comment) -> Stage:
    return Stage(session.get_one(Draft, comment.draft_id).stage)


def _answer_to(session: Session, comment: Comment) -> Disposition:
    """The published answer that counts for a comment; raises Conflict if there is none."""
    answer = answer_counting(session, comment)
    if answer is None:
        raise Conflict("There is no answer to this comment yet.")
    return answer
