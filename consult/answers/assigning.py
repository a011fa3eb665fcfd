"""Who is to answer which comments: given to an officer of the agency, taken back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert
from sqlmodel import Session, col, select

from consult import outbox
from consult.access import Actor, Role
from consult.accounts.queries import people_with
from consult.answers.actions import batches, check_work, chosen_comments
from consult.answers.models import Assignment
from consult.consultations.models import Consultation
from consult.errors import Conflict, Invalid
from consult.events import CommentsAssigned
from consult.procedure.stages import Verb
from drafts.models import Draft


def assign(
    session: Session,
    *,
    actor: Actor,
    consultation: Consultation,
    draft: Draft,
    comment_ids: Sequence[int],
    officer_id: int | None,
    now: datetime,
) -> int:
    """Give comments to an officer of the agency, or (None) take them from whoever has them.

    Any officer or approver of the agency may. Returns how many changed hands; the officer is told
    once of all of them, and not at all when they take them. Raises Invalid for somebody who is no
    officer there, Conflict when nothing would change.
    """
    check_work(session, actor, consultation, draft, "desk", Verb.GROUP)
    chosen = chosen_comments(session, consultation, comment_ids)
    officers = {one.id for one in people_with(session, Role.OFFICER, draft.agency_id)}
    if officer_id is not None and officer_id not in officers:
        raise Invalid("Please choose one of the options.", field="to")
    held = _held(session, consultation)
    moving = [id_ for id_ in chosen if held.get(id_) != officer_id]
    if not moving and officer_id is None:
        raise Conflict("Nobody has been given these comments.", field="to")
    if not moving:
        raise Conflict("This officer does it already.", field="to")
    for some in batches(moving):
        session.execute(delete(Assignment).where(col(Assignment.comment_id).in_(some)))
    if officer_id is None:
        return len(moving)
    fixed = {
        "consultation_id": consultation.id,
        "officer_id": officer_id,
        "assigned_by": actor.person_id,
        "assigned_at": now,
    }
    session.execute(insert(Assignment), [{"comment_id": id_, **fixed} for id_ in moving])
    if officer_id != actor.id:
        event = CommentsAssigned(
            consultation.id or 0, draft.id or 0, officer_id, actor.person_id, now
        )
        outbox.record(session, event, now)
    return len(moving)


def _held(session: Session, consultation: Consultation) -> dict[int, int]:
    """The officer of each comment that was given to one."""
    query = select(Assignment.comment_id, Assignment.officer_id)
    return dict(session.exec(query.where(Assignment.consultation_id == consultation.id)).all())
