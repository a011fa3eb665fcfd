"""When the calendar changes, running duties are counted anew: few at a time, each by a line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from consult import outbox
from consult.errors import N_
from consult.events import CalendarChanged, TermsMoved
from consult.law.models import CalendarAct
from consult.law.queries import Law, law_of
from consult.obligations.batches import Line, Rules, ledgers, write_many
from consult.obligations.ledger.dating import moved
from consult.obligations.ledger.rules import Kind, Stored, fold
from consult.obligations.models import Obligation, ObligationEvent
from consult.outbox import OutboxEvent
from consult.platform import Platform
from consult.procedure.deadlines import last_day
from drafts.models import Draft

BATCH = 100  # duties counted at once: the one writer of SQLite is never held for long

ENTERED = {
    "days": N_("The working calendar was changed: {document}."),
    "year_confirmed": N_("The working calendar of {year} was confirmed: {document}."),
}
REVOKED = N_("A change of the working calendar was taken back: {document}.")


def recount_duties(
    _session: Session, platform: Platform, event: CalendarChanged, now: datetime
) -> None:
    """Batch by batch, each in a transaction of its own: the delivery is not in one (wiring.py).

    A duty that has been counted anew stays as it is when this is done again, so it may be broken
    off anywhere. Whom to tell is read off the ledgers, where it outlives a crash. Paused duties
    read the calendar when they resume, planned ones when they begin; settled ones are history.
    """
    after = 0
    while batch := _running(platform, after):
        after = batch[-1]
        _recount_batch(platform, event.act_id, batch, now)
    with platform.database.writing() as session:
        _tell_agencies(session, event.act_id, now)


def _running(platform: Platform, after: int) -> Sequence[int]:
    query = select(Obligation.id).where(
        col(Obligation.state) == Stored.RUNNING.value, col(Obligation.id) > after
    )
    with platform.database.reading() as session:
        found = session.exec(query.order_by(col(Obligation.id)).limit(BATCH)).all()
    return [duty_id or 0 for duty_id in found]


def _recount_batch(platform: Platform, act_id: int, ids: Sequence[int], now: datetime) -> None:
    """What moves is found out by reading, so that the writer waits for nobody's counting.

    The rows are locked in the order of their ids, so that two workers never wait in a ring, and
    are counted once more then: somebody may have changed them meanwhile.
    """
    with platform.database.reading() as session:
        law = law_of(session, platform.pack)
        moving = [duty.id or 0 for duty in _moving(session, law, _duties(session, ids), now)]
    if not moving:
        return
    with platform.database.writing() as session:
        law = law_of(session, platform.pack)
        why = _why(session.get_one(CalendarAct, act_id))
        duties = _duties(session, moving, lock=True)
        before = {duty.id: last_day(duty.due_at, law.tz) for duty in duties if duty.due_at}
        work = [
            (duty, [Line(Kind.CALENDAR_CHANGED, now, why | {"was_on": str(before[duty.id])})])
            for duty in _moving(session, law, duties, now)
        ]
        write_many(session, law, work, now)


def _duties(session: Session, ids: Sequence[int], *, lock: bool = False) -> Sequence[Obligation]:
    query = (
        select(Obligation)
        .where(col(Obligation.id).in_(ids), Obligation.state == Stored.RUNNING.value)
        .order_by(col(Obligation.id))
    )
    return session.exec(query.with_for_update() if lock else query).all()


def _moving(
    session: Session, law: Law, duties: Sequence[Obligation], now: datetime
) -> list[Obligation]:
    """Those of the duties that are due by another date, or with another mark, than they say."""
    rules = Rules(session, law, now)
    lines = ledgers(session, [duty.id for duty in duties])
    return [
        duty
        for duty in duties
        if moved(fold(lines[duty.id or 0]), rules.of(duty), law.calendar, law.tz)
    ]


def _why(act: CalendarAct) -> dict[str, Any]:
    revoked = act.revoked_at is not None
    return {
        "reason": REVOKED if revoked else ENTERED[act.kind],
        "document": act.document,
        "year": str(act.year or ""),
        "act_id": act.id,
        "revoked": revoked,
    }


def _tell_agencies(session: Session, act_id: int, now: datetime) -> None:
    """One event for each agency whose duties this act moved, once: it may be counted twice."""
    act = session.get_one(CalendarAct, act_id, with_for_update=True)
    revoked = act.revoked_at is not None
    agencies = session.exec(
        select(Obligation.agency_id)
        .join(ObligationEvent, col(ObligationEvent.obligation_id) == col(Obligation.id))
        .where(*_of_act(act_id, revoked=revoked))
        .distinct()
        .order_by(col(Obligation.agency_id))
    ).all()
    payload = col(OutboxEvent.payload)
    told = session.exec(
        select(OutboxEvent.payload).where(
            OutboxEvent.name == TermsMoved.__name__, payload["act_id"].as_integer() == act_id
        )
    ).all()
    known = {(said["agency_id"], said.get("revoked", False)) for said in told}
    for agency_id in agencies:
        if (agency_id, revoked) not in known:
            outbox.record(session, TermsMoved(act_id, agency_id, revoked), now)


def _of_act(act_id: int, *, revoked: bool) -> tuple[Any, ...]:
    """Which lines of ledgers an act wrote when it was entered, or when it was revoked."""
    data = col(ObligationEvent.data)
    return (
        ObligationEvent.kind == Kind.CALENDAR_CHANGED.value,
        data["act_id"].as_integer() == act_id,
        data["revoked"].as_boolean() == revoked,
    )


@dataclass(frozen=True, slots=True)
class Moved:
    """A duty whose date the calendar moved, with the draft it is owed for."""

    duty: Obligation
    draft: Draft | None
    was_on: date
    now_on: date


def moved_duties(session: Session, event: TermsMoved) -> tuple[list[Moved], int]:
    """The duties of an agency an act moved, as they now fall due; how many only changed their mark.

    Those keep their date, which is no longer preliminary, or is so again.
    """
    rows = session.exec(
        select(ObligationEvent, Obligation, Draft)
        .join(Obligation, col(Obligation.id) == col(ObligationEvent.obligation_id))
        .outerjoin(Draft, col(Draft.id) == col(Obligation.draft_id))
        .where(
            Obligation.agency_id == event.agency_id, *_of_act(event.act_id, revoked=event.revoked)
        )
        .order_by(col(Obligation.due_at), col(Obligation.id), col(ObligationEvent.seq))
    ).all()
    told = [
        Moved(duty, draft, *(date.fromisoformat(line.data[key]) for key in ("was_on", "due_on")))
        for line, duty, draft in rows
    ]
    dates = [one for one in told if one.was_on != one.now_on]
    return dates, len(told) - len(dates)
