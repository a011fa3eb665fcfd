"""Reads of duties: the register, one duty with its ledger, what is running."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from consult.errors import NotFound
from consult.obligations.models import Obligation, ObligationEvent, ReminderSent
from consult.obligations.rules import (
    Kind,
    LedgerEvent,
    ObligationState,
    Status,
    Stored,
    derived,
)
from drafts.models import Draft

SOON = timedelta(days=3)
LONG = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class DutyFilter:
    """What a register is narrowed to; empty means any."""

    agency_id: int | None = None
    draft_id: int | None = None
    duty: str = ""
    status: str = ""  # open | overdue | settled


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty as a register shows it at a given time."""

    obligation: Obligation
    draft: Draft | None
    status: Status


def register(
    session: Session, wanted: DutyFilter, now: datetime, limit: int = 200
) -> list[DutyRow]:
    """Duties in the order in which they fall due; planned ones last."""
    query = select(Obligation, Draft).outerjoin(Draft, col(Draft.id) == col(Obligation.draft_id))
    if wanted.agency_id:
        query = query.where(Obligation.agency_id == wanted.agency_id)
    if wanted.draft_id:
        query = query.where(Obligation.draft_id == wanted.draft_id)
    if wanted.duty:
        query = query.where(Obligation.duty == wanted.duty)
    if wanted.status == "overdue":
        query = query.where(Obligation.state == Stored.RUNNING.value, col(Obligation.due_at) <= now)
    elif wanted.status == "open":
        alive = (Stored.RUNNING.value, Stored.PAUSED.value, Stored.PLANNED.value)
        query = query.where(col(Obligation.state).in_(alive))
    elif wanted.status == "settled":
        settled = (Stored.FULFILLED.value, Stored.WAIVED.value, Stored.CANCELLED.value)
        query = query.where(col(Obligation.state).in_(settled))
    query = query.order_by(
        col(Obligation.due_at).is_(None), col(Obligation.due_at), col(Obligation.id)
    )
    rows = session.exec(query.limit(limit)).all()
    return [DutyRow(duty, draft, status_of(duty, now)) for duty, draft in rows]


def status_of(duty: Obligation, now: datetime) -> Status:
    """What a reader is shown of a duty now; it is derived, never stored."""
    state = ObligationState(
        stored=Stored(duty.state), seq=0, due_at=duty.due_at, settled_at=duty.fulfilled_at
    )
    return derived(state, now, soon=SOON, long=LONG)


def obligation_by_id(session: Session, obligation_id: int) -> Obligation:
    """One duty; raises NotFound."""
    obligation = session.get(Obligation, obligation_id)
    if obligation is None:
        raise NotFound("There is no such duty.")
    return obligation


def ledger(session: Session, obligation_id: int) -> list[LedgerEvent]:
    """The lines of a duty's ledger in order."""
    rows = session.exec(
        select(ObligationEvent)
        .where(ObligationEvent.obligation_id == obligation_id)
        .order_by(col(ObligationEvent.seq))
    ).all()
    return [LedgerEvent(row.seq, Kind(row.kind), row.at, row.data, row.actor_id) for row in rows]


def running(session: Session) -> list[Obligation]:
    """Duties whose clock runs."""
    query = select(Obligation).where(Obligation.state == Stored.RUNNING.value)
    return list(session.exec(query.order_by(col(Obligation.due_at))).all())


def rungs_sent(session: Session, obligation_ids: list[int]) -> dict[int, set[tuple[int, str]]]:
    """The reminders that went out, by duty: (working days from the due date, audience)."""
    rows = session.exec(
        select(ReminderSent).where(col(ReminderSent.obligation_id).in_(obligation_ids))
    ).all()
    sent: dict[int, set[tuple[int, str]]] = {}
    for row in rows:
        sent.setdefault(row.obligation_id, set()).add((row.rung, row.audience))
    return sent


def count_overdue(session: Session, now: datetime) -> int:
    """How many duties are overdue in all agencies."""
    query = select(Obligation.id).where(
        Obligation.state == Stored.RUNNING.value, col(Obligation.due_at) <= now
    )
    return len(session.exec(query).all())


def answer_due(session: Session, consultation_id: int) -> datetime | None:
    """Until when the comments of a consultation must be answered, once that clock runs."""
    query = select(Obligation.due_at).where(
        Obligation.consultation_id == consultation_id,
        Obligation.duty == "answer",
        Obligation.state == Stored.RUNNING.value,
    )
    return session.exec(query).first()
