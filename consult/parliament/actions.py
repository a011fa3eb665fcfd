"""Bringing a bill before a committee, and ending that."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from consult import outbox
from consult.access import Actor
from consult.accounts.models import Agency
from consult.errors import Conflict, NotAllowed, NotFound
from consult.events import BillReferred
from consult.parliament.models import Referral
from consult.parliament.queries import running_referral
from consult.procedure.stages import TERMINAL, Stage
from drafts.actions import hold
from drafts.models import Draft
from drafts.queries import PUBLIC_STAGES


def may_refer(actor: Actor, committee: Agency) -> bool:
    """A parliamentarian of the committee, or of the parliament it belongs to."""
    bodies = (committee.id, committee.parent_id)
    return actor.may("refer") and any(actor.may_for("refer", id_) for id_ in bodies if id_)


def check_refers(actor: Actor, committee: Agency) -> None:
    """Raise NotAllowed unless this person may."""
    if not may_refer(actor, committee):
        raise NotAllowed("This is done by the members of the committee.")


def refer(
    session: Session, *, actor: Actor, committee: Agency, draft: Draft, now: datetime
) -> Referral:
    """Bring a public bill before a committee. Raises Conflict where it is there, or is settled."""
    check_refers(actor, committee)
    if committee.kind != "parliament" or committee.closed_on:
        raise Conflict("This is no committee that works now.")
    hold(session, draft)
    if draft.stage not in PUBLIC_STAGES or draft.published_at is None:
        raise NotFound("There is no such draft.")
    if Stage(draft.stage) in TERMINAL:
        raise Conflict("This draft is settled: it is before no committee any more.")
    if running_referral(session, committee.id or 0, draft.id or 0):
        raise Conflict("This draft is before the committee already.")
    referral = Referral(
        committee_id=committee.id or 0,
        draft_id=draft.id or 0,
        referred_by=actor.person_id,
        referred_at=now,
    )
    try:
        with session.begin_nested():
            session.add(referral)
    except IntegrityError as error:  # somebody else did, at the same instant
        raise Conflict("This draft is before the committee already.") from error
    event = BillReferred(referral.id or 0, draft.id or 0, committee.id or 0)
    outbox.record(session, event, now)
    return referral


def end_referral(
    session: Session, *, actor: Actor, committee: Agency, draft: Draft, now: datetime
) -> None:
    """A bill is no longer before the committee. Raises Conflict if it is not."""
    check_refers(actor, committee)
    hold(session, draft)
    referral = running_referral(session, committee.id or 0, draft.id or 0)
    if referral is None:
        raise Conflict("This draft is not before the committee.")
    referral.ended_at, referral.ended_by = now, actor.person_id
    session.add(referral)
