"""[pure] When a duty is due by its ledger and its rule, and what the rule lets be done to its term.

What a ledger is stands in rules.py, how a term of law is counted in procedure/deadlines.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, tzinfo
from typing import Any

from consult.errors import Conflict, Invalid
from consult.obligations.ledger.rules import Kind, LedgerEvent, ObligationState, Stored, advance
from consult.procedure.calendars import DAY, LAST_DAY, Calendar
from consult.procedure.deadlines import (
    Computation,
    DeadlineRule,
    Pause,
    check_extension,
    compute,
    last_day,
    local_day,
)

# What may move a due date. Nothing else is counted anew, lest a change of the calendar that came
# a moment ago is told of as if an officer had caused it.
CLOCKWORK = frozenset(
    {Kind.TRIGGERED, Kind.EXTENDED, Kind.RESUMED, Kind.CORRECTED, Kind.CALENDAR_CHANGED}
)

AHEAD = 366 * DAY  # no estimate lies further off; a slip of the year does


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

    An event that moves no clock, or after which none runs, comes back as it was, with None. Raises
    as `advance` does, and for what the rule does not allow to be done to its term.
    """
    after = advance(state, event)
    _check_rule(state, event, rule)
    moves = event.kind in CLOCKWORK
    computed = recompute(after, rule, calendar, tz) if moves else None
    if computed is None:
        return event, after, None
    event = replace(event, data={**event.data, **computed.facts()})
    return event, advance(state, event), computed


def _check_rule(state: ObligationState, event: LedgerEvent, rule: DeadlineRule) -> None:
    """Extensions within the rule's own measure, pauses on its own grounds, and both in time."""
    due_at = state.due_at if state.stored is Stored.RUNNING else None  # a paused one stands still
    expired = due_at is not None and event.at >= due_at
    if event.kind is Kind.EXTENDED:
        check_extension(rule, state.extra + event.data["extra"], expired=expired)
    if event.kind is not Kind.PAUSED:
        return
    if not rule.tolling_events:
        raise Conflict("This term cannot be paused. Rule: {citation}", citation=rule.citation)
    if event.data.get("ground") not in rule.tolling_events:
        raise Invalid("Please choose one of the options.", field="ground")
    if expired:
        raise Conflict("The term has run out; it can no longer be paused.")


def moved(
    state: ObligationState,
    rule: DeadlineRule,
    calendar: Calendar,
    tz: tzinfo,
    shown: Sequence[Mapping[str, Any]],
) -> Computation | None:
    """What a running duty is due by, where that is not what its ledger says; else None.

    Nor may the days that are `shown` of its last computation differ from those that count now,
    even where two changes outweigh each other and the date stays.
    """
    computed = recompute(state, rule, calendar, tz)
    if computed is None:
        return None
    stays = (computed.due_at, computed.preliminary) == (state.due_at, state.preliminary)
    return None if stays and _days(computed.trace_data()) == _days(shown) else computed


def days_by_calendar(events: Iterable[LedgerEvent]) -> set[date]:
    """The days a duty was due by, since anything but the calendar last moved its date."""
    days = set[date]()
    for event in events:
        if "due_on" in event.data:
            days = days if event.kind is Kind.CALENDAR_CHANGED else set()
            days.add(date.fromisoformat(event.data["due_on"]))
    return days


def _days(trace: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    """What a trace says of each day, but for the names of feasts, which are written anew by who
    keeps the library of holidays."""
    keys = ("on", "counted", "code")
    return [(*(day[key] for key in keys), day["params"].get("basis")) for day in trace]


def check_delay(
    state: ObligationState, expected_on: date, now: datetime, calendar: Calendar, tz: tzinfo
) -> None:
    """Raise Invalid unless a delay is announced for a working day to come, after the due date."""
    today = local_day(now, tz)
    if expected_on > min(today + AHEAD, LAST_DAY):
        raise Invalid("Choose a day within a year from now.", field="expected_on")
    if expected_on <= today or not calendar.day(expected_on).working:
        raise Invalid("Choose a working day after today.", field="expected_on")
    due_on = last_day(state.due_at, tz) if state.due_at else None
    if due_on is not None and expected_on <= due_on:
        raise Invalid(
            "The term itself runs until {day}. Name a later day.", field="expected_on", day=due_on
        )
