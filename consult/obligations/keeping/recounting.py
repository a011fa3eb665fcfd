"""When the calendar changes, running duties are counted anew: few at a time, each by a line."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from consult import outbox
from consult.errors import N_
from consult.events import CalendarChanged, TermsMoved
from consult.law.models import CalendarAct, CalendarDay
from consult.law.queries import Law, law_of
from consult.obligations.ledger.dating import moved
from consult.obligations.ledger.rules import Kind, Stored, fold
from consult.obligations.models import Obligation, ObligationComputation, ObligationEvent
from consult.obligations.queries import ledgers
from consult.obligations.writing import Line, Rules, write_many
from consult.outbox import OutboxEvent
from consult.platform import Platform
from consult.procedure.deadlines import last_day, local_day
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
    are counted once more then: somebody may have changed them meanwhile. Rungs are counted in
    working days, so every ladder is looked at again, also where the due date stays.
    """
    with platform.database.reading() as session:
        law = law_of(session, platform.pack)
        moving = {count.duty.id for count in _moving(session, law, _duties(session, ids))}
    with platform.database.writing() as session:
        law = law_of(session, platform.pack)
        duties = _duties(session, ids, lock=True)
        for duty in duties:
            duty.remind_at = now
        counts = list(_moving(session, law, [duty for duty in duties if duty.id in moving]))
        news = _News(session, law, session.get_one(CalendarAct, act_id), counts)
        work = [
            (count.duty, [Line(Kind.CALENDAR_CHANGED, now, news.told_to(count))])
            for count in counts
        ]
        write_many(session, law, work, now)


def _duties(session: Session, ids: Sequence[int], *, lock: bool = False) -> Sequence[Obligation]:
    query = (
        select(Obligation)
        .where(col(Obligation.id).in_(ids), Obligation.state == Stored.RUNNING.value)
        .order_by(col(Obligation.id))
    )
    return session.exec(query.with_for_update() if lock else query).all()


@dataclass(frozen=True, slots=True)
class _Count:
    """A duty that is due by another date, or with another mark, than its ledger says.

    Its term was counted over the days from `first` to `last`, by either calendar.
    """

    duty: Obligation
    was_on: date
    first: date
    last: date


def _moving(session: Session, law: Law, duties: Sequence[Obligation]) -> Iterator[_Count]:
    rules = Rules(session, law)
    lines = ledgers(session, [duty.id for duty in duties])
    shown = _shown(session, [duty.id for duty in duties])
    for duty in duties:
        state = fold(lines[duty.id])
        computed = moved(state, rules.of(duty), law.calendar, law.tz, shown.get(duty.id, []))
        if computed is not None and state.trigger_at is not None and state.due_at is not None:
            was_on = last_day(state.due_at, law.tz)
            first = local_day(state.trigger_at, law.tz)
            yield _Count(duty, was_on, first, max(was_on, computed.due_on))


def _shown(session: Session, ids: Sequence[int | None]) -> dict[int | None, list[Any]]:
    """The days of the newest computation of each duty."""
    of_duty, trace = col(ObligationComputation.obligation_id), col(ObligationComputation.trace)
    query = sa_select(of_duty, trace).where(of_duty.in_(ids))
    return dict(session.execute(query.order_by(col(ObligationComputation.seq))).all())


class _News:
    """The acts entered or revoked since duties were last counted: several may have come at once."""

    def __init__(
        self, session: Session, law: Law, act: CalendarAct, counts: Sequence[_Count]
    ) -> None:
        self.act = act
        self.counted_at = _counted_at(session, [count.duty.id for count in counts])
        since = min(self.counted_at.values(), default=act.entered_at)
        query = select(CalendarAct).where(
            CalendarAct.jurisdiction == law.pack.code,
            or_(col(CalendarAct.entered_at) >= since, col(CalendarAct.revoked_at) >= since),
        )
        self.acts = session.exec(query.order_by(col(CalendarAct.id))).all()
        self.days: Mapping[int, list[date]] = defaultdict(list)
        ids = [act.id for act in self.acts]
        query_of_days = select(CalendarDay).where(col(CalendarDay.act_id).in_(ids))
        for day in session.exec(query_of_days).all():
            self.days[day.act_id].append(day.on)

    def told_to(self, count: _Count) -> dict[str, Any]:
        """Why a duty moved: what its last count did not know, and says something of its days."""
        at = self.counted_at.get(count.duty.id)
        acts = [act for act in self.acts if at and _is_news(act, at) and self._touches(act, count)]
        return _why(acts or [self.act]) | {"was_on": count.was_on.isoformat()}

    def _touches(self, act: CalendarAct, count: _Count) -> bool:
        if act.year is not None:
            return count.first.year <= act.year <= count.last.year
        return any(count.first <= on <= count.last for on in self.days[act.id or 0])


def _counted_at(session: Session, ids: Sequence[int | None]) -> dict[int | None, datetime]:
    of_duty, newest = (
        col(ObligationComputation.obligation_id),
        func.max(ObligationComputation.computed_at),
    )
    query = sa_select(of_duty, newest).where(of_duty.in_(ids)).group_by(of_duty)
    return dict(session.execute(query).all())


def _is_news(act: CalendarAct, at: datetime) -> bool:
    """Whether an act is in force now and was not then, or the other way round."""
    was_in_force = act.entered_at < at and (act.revoked_at is None or act.revoked_at >= at)
    return was_in_force != (act.revoked_at is None)


def _why(acts: Sequence[CalendarAct]) -> dict[str, Any]:
    """Of acts of several kinds it is only said that they changed the calendar."""
    reasons = {REVOKED if act.revoked_at is not None else ENTERED[act.kind] for act in acts}
    return {
        "reason": reasons.pop() if len(reasons) == 1 else ENTERED["days"],
        "document": "; ".join(act.document for act in acts),
        "year": ", ".join(str(act.year) for act in acts if act.year),
        "acts": {str(act.id): act.revoked_at is not None for act in acts},  # id: revoked
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
        data[("acts", str(act_id))].as_boolean() == revoked,
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
