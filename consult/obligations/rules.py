"""[pure] The ledger of a duty: its events, the fold over them, and what is read off the result.

"Overdue" is never stored; it is derived from the due date and the time. When the due date is, is
computed by procedure/deadlines.py; the event that set it holds the date and the trace of its days.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import reduce
from typing import Any

from consult.errors import Conflict, Invalid
from consult.procedure.calendars import DAY, Calendar
from consult.procedure.deadlines import (
    Computation,
    DeadlineRule,
    Pause,
    compute,
    end_of,
    last_day,
    local_day,
)
from consult.procedure.duties import Rung


class Kind(StrEnum):
    """What can happen to a duty."""

    CREATED = "created"
    TRIGGERED = "triggered"
    EXTENDED = "extended"
    PAUSED = "paused"
    RESUMED = "resumed"
    CORRECTED = "corrected"
    FULFILLED = "fulfilled"
    WAIVED = "waived"
    CANCELLED = "cancelled"
    CALENDAR_CHANGED = "calendar_changed"
    ASSIGNED = "assigned"
    DELAY_ANNOUNCED = "delay_announced"


class Stored(StrEnum):
    """The state a fold ends in, and the only one that is stored."""

    PLANNED = "planned"
    RUNNING = "running"
    PAUSED = "paused"
    FULFILLED = "fulfilled"
    WAIVED = "waived"
    CANCELLED = "cancelled"


class Status(StrEnum):
    """What a reader is shown at a given time. Never stored."""

    PLANNED = "planned"
    RUNNING = "running"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    LONG_OVERDUE = "long_overdue"
    PAUSED = "paused"
    ON_TIME = "on_time"
    FULFILLED_LATE = "fulfilled_late"
    WAIVED = "waived"
    CANCELLED = "cancelled"


EVENT_KINDS = tuple(kind.value for kind in Kind)
STORED_STATES = tuple(state.value for state in Stored)
PROPOSABLE = (Kind.EXTENDED.value, Kind.PAUSED.value, Kind.WAIVED.value)
VERDICTS = ("waiting", "approved", "refused", "withdrawn")
LATE = frozenset({Status.OVERDUE, Status.LONG_OVERDUE})
SETTLED = frozenset({Stored.FULFILLED, Stored.WAIVED, Stored.CANCELLED})

_ALIVE = frozenset(Stored) - SETTLED
_TICKING = frozenset({Stored.RUNNING, Stored.PAUSED})

# From which states an event may follow, and the state it leads to (None: it stays as it was).
ORDER: Mapping[Kind, tuple[frozenset[Stored], Stored | None]] = {
    Kind.TRIGGERED: (frozenset({Stored.PLANNED}), Stored.RUNNING),
    Kind.EXTENDED: (_TICKING, None),
    Kind.PAUSED: (frozenset({Stored.RUNNING}), Stored.PAUSED),
    Kind.RESUMED: (frozenset({Stored.PAUSED}), Stored.RUNNING),
    Kind.CORRECTED: (_ALIVE, None),
    Kind.CALENDAR_CHANGED: (_ALIVE, None),
    Kind.ASSIGNED: (_ALIVE, None),
    Kind.DELAY_ANNOUNCED: (_TICKING, None),
    Kind.FULFILLED: (_TICKING, Stored.FULFILLED),
    Kind.WAIVED: (_ALIVE, Stored.WAIVED),
    Kind.CANCELLED: (_ALIVE, Stored.CANCELLED),
}

_NEEDS_BASIS = frozenset({Kind.EXTENDED, Kind.PAUSED, Kind.WAIVED})
_NEEDS_REASON = frozenset({Kind.CORRECTED, Kind.CANCELLED, Kind.CALENDAR_CHANGED})


@dataclass(frozen=True, slots=True)
class LedgerEvent:
    """One line of a ledger. `seq` is its place, `at` when it took effect (aware).

    `data` holds plain values: `rule_code` (created, corrected), `due_at` as an ISO instant and
    `preliminary` (any event that moves the due date), `extra` in the unit of the rule (extended),
    `basis` and `approved_by` (extended, paused, waived), `reason` (corrected, cancelled,
    calendar_changed), `evidence` (fulfilled). Other keys are left alone.
    """

    seq: int
    kind: Kind
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    actor_id: int | None = None


@dataclass(frozen=True, slots=True)
class ObligationState:
    """What a ledger amounts to. `standstills` are the pauses so far, as instants."""

    stored: Stored
    seq: int = 0
    rule_code: str = ""
    trigger_at: datetime | None = None
    extra: int = 0
    standstills: tuple[tuple[datetime, datetime], ...] = ()
    paused_at: datetime | None = None
    due_at: datetime | None = None
    preliminary: bool = False
    settled_at: datetime | None = None
    evidence: str = ""
    basis: str = ""

    @property
    def fulfilled_at(self) -> datetime | None:
        """When the duty was fulfilled, if it was."""
        return self.settled_at if self.stored is Stored.FULFILLED else None


def fold(events: Iterable[LedgerEvent]) -> ObligationState:
    """The state after all events, in the order of their `seq`, whatever order they came in.

    Raises Conflict for an order that cannot be, Invalid for an event that lacks what it needs.
    """
    ordered = sorted(events, key=lambda event: event.seq)
    if not ordered or ordered[0].kind is not Kind.CREATED:
        raise Conflict("The record of a duty begins with its creation.")
    first = ordered[0]
    start = ObligationState(Stored.PLANNED, first.seq, rule_code=_text(first, "rule_code"))
    return reduce(advance, ordered[1:], start)


def advance(state: ObligationState, event: LedgerEvent) -> ObligationState:
    """The state after one more event; asked before the event is written. Raises as `fold` does."""
    if event.seq <= state.seq:
        raise Conflict("Somebody else changed this duty meanwhile. Reload the page.", seq=event.seq)
    _check_order(state, event)
    _check_content(event)
    leads_to = ORDER[event.kind][1]
    moved = replace(state, seq=event.seq, stored=leads_to or state.stored, **_due(event))
    match event.kind:
        case Kind.TRIGGERED:
            return replace(moved, trigger_at=event.at)
        case Kind.EXTENDED:
            return replace(moved, extra=state.extra + event.data["extra"])
        case Kind.PAUSED:
            return replace(moved, paused_at=event.at)
        case Kind.RESUMED:
            return _resumed(moved, event)
        case Kind.CORRECTED:
            return _corrected(moved, event)
        case Kind.FULFILLED | Kind.WAIVED | Kind.CANCELLED:
            evidence, basis = _text(event, "evidence"), _text(event, "basis")
            return replace(moved, settled_at=event.at, evidence=evidence, basis=basis)
    return moved


def _check_order(state: ObligationState, event: LedgerEvent) -> None:
    if state.stored in SETTLED:
        raise Conflict("This duty is settled; nothing more can be recorded.", kind=event.kind)
    if event.kind not in ORDER or state.stored not in ORDER[event.kind][0]:
        raise Conflict(
            "This cannot be recorded as the duty stands now.", kind=event.kind, state=state.stored
        )


def _check_content(event: LedgerEvent) -> None:
    if event.kind in _NEEDS_BASIS:
        if not _text(event, "basis"):
            raise Invalid("Name the legal basis: the act and its provision.", field="basis")
        second = event.data.get("approved_by")
        if event.actor_id is None or second is None or second == event.actor_id:
            raise Invalid("A second person has to approve this.", field="approved_by")
    if event.kind in _NEEDS_REASON and not _text(event, "reason"):
        raise Invalid("Say why.", field="reason")
    if event.kind is Kind.FULFILLED and not _text(event, "evidence"):
        raise Invalid("Add what shows that the duty was fulfilled.", field="evidence")
    if event.kind is Kind.EXTENDED:
        extra = event.data.get("extra")
        if not isinstance(extra, int) or extra < 1:
            raise Invalid("Say by how much the term is extended.", field="extra")


def _due(event: LedgerEvent) -> dict[str, Any]:
    """What an event says of the due date, if it says anything."""
    due_at = _instant(event, "due_at")
    if due_at is None:
        return {}
    return {"due_at": due_at, "preliminary": bool(event.data.get("preliminary"))}


def _resumed(state: ObligationState, event: LedgerEvent) -> ObligationState:
    if state.paused_at is None or event.at < state.paused_at:
        raise Invalid("A pause cannot end before it began.", field="at")
    standstill = (state.paused_at, event.at)
    return replace(state, paused_at=None, standstills=(*state.standstills, standstill))


def _corrected(state: ObligationState, event: LedgerEvent) -> ObligationState:
    """A correction may set another rule or another instant at which the clock began."""
    rule_code = _text(event, "rule_code") or state.rule_code
    return replace(
        state, rule_code=rule_code, trigger_at=_instant(event, "trigger_at") or state.trigger_at
    )


def _text(event: LedgerEvent, key: str) -> str:
    return str(event.data.get(key) or "").strip()


def _instant(event: LedgerEvent, key: str) -> datetime | None:
    value = event.data.get(key)
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    if at is not None and (not isinstance(at, datetime) or at.tzinfo is None):
        raise Invalid("A date and time with its time zone is needed.", field=key)
    return at


def recompute(
    state: ObligationState, rule: DeadlineRule, calendar: Calendar, tz: tzinfo
) -> Computation | None:
    """When a running duty is due by the calendar as it is now; None while no clock runs.

    Asked after each event that moves the date, and when the calendar changes. The same ledger and
    calendar give the same answer, however often it is asked. Raises Conflict for another rule than
    the duty's own, so that a change of law never moves a date in silence.
    """
    if state.stored is not Stored.RUNNING or state.trigger_at is None:
        return None
    if rule.code != state.rule_code:
        raise Conflict(
            "A duty keeps the rule it began with. To apply another one, correct it with a reason."
        )
    return compute(rule, state.trigger_at, calendar, tz, pauses_in(state, tz), state.extra)


def pauses_in(state: ObligationState, tz: tzinfo) -> tuple[Pause, ...]:
    """The days lost to pauses: from the day the clock stopped to the eve of its starting again."""
    days = ((local_day(first, tz), local_day(end, tz)) for first, end in state.standstills)
    return tuple(Pause(first, end - DAY) for first, end in days if first < end)


def dated(
    state: ObligationState, event: LedgerEvent, rule: DeadlineRule, calendar: Calendar, tz: tzinfo
) -> tuple[LedgerEvent, ObligationState, Computation | None]:
    """The event with the due date that follows from it, the state after it, and the computation.

    An event after which no clock runs comes back as it was, with None. Raises as `advance` does.
    """
    after = advance(state, event)
    computed = recompute(after, rule, calendar, tz)
    if computed is None:
        return event, after, None
    event = replace(event, data={**event.data, **computed.facts()})
    return event, advance(state, event), computed


def derived(state: ObligationState, now: datetime, *, soon: timedelta, long: timedelta) -> Status:
    """What a reader is shown: `soon` before the due instant, and `long` after it, it changes."""
    due_at, fulfilled_at = state.due_at, state.fulfilled_at
    if state.stored is Stored.FULFILLED:
        late = due_at is not None and fulfilled_at is not None and fulfilled_at >= due_at
        return Status.FULFILLED_LATE if late else Status.ON_TIME
    if state.stored is not Stored.RUNNING or due_at is None:
        return Status(state.stored.value)
    if now < due_at:
        return Status.DUE_SOON if now >= due_at - soon else Status.RUNNING
    return Status.LONG_OVERDUE if now >= due_at + long else Status.OVERDUE


def due_rungs(
    rungs: Iterable[Rung],
    due_at: datetime,
    now: datetime,
    sent: Collection[tuple[int, str]],
    calendar: Calendar,
    tz: tzinfo,
) -> tuple[Rung, ...]:
    """The reminders that are due and not yet sent, in order; `sent` holds the keys of those sent.

    After an outage each audience gets only the latest rung it has reached: what lay before that
    would be stale, and counts as overtaken. Asked twice at the same time, it answers the same.
    """
    today, due_on = local_day(now, tz), last_day(due_at, tz)
    reached = (rung for rung in rungs if rung_day(rung, due_on, calendar) <= today)
    latest = {rung.audience: rung for rung in sorted(reached, key=lambda rung: rung.days)}
    waiting = (rung for rung in latest.values() if rung.key not in sent)
    return tuple(sorted(waiting, key=lambda rung: rung.key))


def next_rung_at(
    rungs: Iterable[Rung], due_at: datetime, now: datetime, calendar: Calendar, tz: tzinfo
) -> datetime | None:
    """The instant at which the next reminder becomes due; None after the last of them."""
    today, due_on = local_day(now, tz), last_day(due_at, tz)
    days = (rung_day(rung, due_on, calendar) for rung in rungs)
    coming = min((day for day in days if day > today), default=None)
    return None if coming is None else end_of(coming - DAY, tz)


def rung_day(rung: Rung, due_on: date, calendar: Calendar) -> date:
    """The day on which a reminder is sent."""
    return calendar.shift(due_on, rung.days)
