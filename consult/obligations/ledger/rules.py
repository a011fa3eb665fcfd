"""[pure] The ledger of a duty: its events, the fold over them, and what is read off the result.

"Overdue" is never stored; it is derived from the due date and the time. The date that follows from
a ledger, and what the rule allows to be done to its term, stand in dating.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import reduce
from typing import Any

from consult.errors import Conflict, Invalid


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
    Kind.DELAY_ANNOUNCED: (frozenset({Stored.RUNNING}), None),
    Kind.FULFILLED: (_TICKING, Stored.FULFILLED),
    Kind.WAIVED: (_ALIVE, Stored.WAIVED),
    Kind.CANCELLED: (_ALIVE, Stored.CANCELLED),
}

_NEEDS_BASIS = frozenset({Kind.EXTENDED, Kind.PAUSED, Kind.WAIVED})
_NEEDS_REASON = _NEEDS_BASIS | {
    Kind.RESUMED,
    Kind.CORRECTED,
    Kind.CANCELLED,
    Kind.CALENDAR_CHANGED,
    Kind.DELAY_ANNOUNCED,
}


@dataclass(frozen=True, slots=True)
class LedgerEvent:
    """One line of a ledger. `seq` is its place, `at` when it took effect (aware).

    `data` holds plain values: `rule_code` (created, corrected), `due_at` as an ISO instant and
    `preliminary` (any event that moves the due date), `extra` in the unit of the rule (extended),
    `basis` and `approved_by` (extended, paused, waived), `ground` (paused), `reason` (these and
    resumed, corrected, cancelled, calendar_changed, delay_announced), `evidence` (fulfilled),
    `officer_id` (assigned), `expected_on` (delay_announced). Other keys are left alone.
    """

    seq: int
    kind: Kind
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    actor_id: int | None = None


@dataclass(frozen=True, slots=True)
class ObligationState:
    """What a ledger amounts to. `standstills` are the pauses so far, as instants.

    `expected_on` is the day a delay notice names; empty once the term itself runs until then.
    """

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
    officer_id: int | None = None
    expected_on: date | None = None

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
    moved = replace(state, seq=event.seq, stored=leads_to or state.stored, **_due(state, event))
    match event.kind:
        case Kind.TRIGGERED:
            return replace(moved, trigger_at=event.at)
        case Kind.EXTENDED:
            return replace(moved, extra=state.extra + event.data["extra"])
        case Kind.PAUSED:
            return _paused(moved, event)
        case Kind.RESUMED:
            return _resumed(moved, event)
        case Kind.CORRECTED:
            return _corrected(moved, event)
        case Kind.ASSIGNED:
            return replace(moved, officer_id=event.data["officer_id"])
        case Kind.DELAY_ANNOUNCED:
            return replace(moved, expected_on=_day(event, "expected_on"))
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
    if event.kind is Kind.EXTENDED and _number(event, "extra") < 1:
        raise Invalid("Say by how much the term is extended.", field="extra")
    if event.kind is Kind.ASSIGNED and _number(event, "officer_id") < 1:
        raise Invalid("Please choose one of the options.", field="officer_id")


def _due(state: ObligationState, event: LedgerEvent) -> dict[str, Any]:
    """What an event says of the due date, if it says anything."""
    due_at = _instant(event, "due_at")
    if due_at is None:
        return {}
    expected_on = state.expected_on
    is_delay = expected_on and expected_on.isoformat() > event.data.get("due_on", "")
    return {
        "due_at": due_at,
        "preliminary": bool(event.data.get("preliminary")),
        "expected_on": expected_on if is_delay else None,
    }


def _paused(state: ObligationState, event: LedgerEvent) -> ObligationState:
    """Where a pause begins before the last one ended, two would be told of the same days."""
    if state.standstills and event.at < state.standstills[-1][1]:
        raise Invalid("A pause cannot begin before the one before it ended.", field="at")
    return replace(state, paused_at=event.at)


def _resumed(state: ObligationState, event: LedgerEvent) -> ObligationState:
    if state.paused_at is None or event.at < state.paused_at:
        raise Invalid("A pause cannot end before it began.", field="at")
    standstill = (state.paused_at, event.at)
    return replace(state, paused_at=None, standstills=(*state.standstills, standstill))


def _corrected(state: ObligationState, event: LedgerEvent) -> ObligationState:
    """A correction may set another rule or another instant at which the clock began."""
    rule_code = _text(event, "rule_code") or state.rule_code
    trigger_at = _instant(event, "trigger_at")
    if trigger_at is not None and state.trigger_at is None:
        raise Conflict("The term has not begun to run yet, so its beginning cannot be corrected.")
    if trigger_at is not None and trigger_at > event.at:
        raise Invalid("The term cannot have begun later than now.", field="trigger_at")
    return replace(state, rule_code=rule_code, trigger_at=trigger_at or state.trigger_at)


def _text(event: LedgerEvent, key: str) -> str:
    return str(event.data.get(key) or "").strip()


def _number(event: LedgerEvent, key: str) -> int:
    value = event.data.get(key)
    return value if isinstance(value, int) else 0


def _day(event: LedgerEvent, key: str) -> date:
    try:
        return date.fromisoformat(_text(event, key))
    except ValueError:
        raise Invalid("Please enter a date, for example 2026-12-31.", field=key) from None


def _instant(event: LedgerEvent, key: str) -> datetime | None:
    value = event.data.get(key)
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    if at is not None and (not isinstance(at, datetime) or at.tzinfo is None):
        raise Invalid("A date and time with its time zone is needed.", field=key)
    return at


def derived(state: ObligationState, now: datetime, *, soon: datetime, long: datetime) -> Status:
    """What a reader is shown of a duty now.

    What runs is due soon if it is due by the instant `soon`, long overdue if it was by `long`.
    """
    due_at, fulfilled_at = state.due_at, state.fulfilled_at
    if state.stored is Stored.FULFILLED:
        late = due_at is not None and fulfilled_at is not None and fulfilled_at >= due_at
        return Status.FULFILLED_LATE if late else Status.ON_TIME
    if state.stored is not Stored.RUNNING or due_at is None:
        return Status(state.stored.value)
    if now < due_at:
        return Status.DUE_SOON if due_at <= soon else Status.RUNNING
    return Status.LONG_OVERDUE if due_at <= long else Status.OVERDUE
