"""What a rule lets be done to its term, what a delay notice is, and counting anew."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from consult.errors import Conflict, Invalid
from consult.obligations.ledger.dating import check_delay, dated, moved, recompute
from consult.obligations.ledger.rules import ORDER, Kind, LedgerEvent, ObligationState, Stored, fold
from consult.procedure.calendars import Calendar, DayKind
from consult.procedure.deadlines import last_day
from tests.ledgers import CALENDAR, PACK, RULE, START, TZ, event_of, ledger_of, stories


def _attempt(state: ObligationState, event: LedgerEvent, **rule: Any) -> ObligationState:
    """The state after an event that follows, by the rule with something else in it."""
    return dated(state, event, RULE.model_copy(update=rule), CALENDAR, TZ)[1]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_extensions_together_stay_within_what_the_rule_allows(extras: list[int]) -> None:
    state, total = fold(ledger_of(Kind.TRIGGERED)), 0
    for seq, extra in enumerate(extras, start=3):
        event = event_of(seq, Kind.EXTENDED, extra=extra)
        if total + extra > RULE.max_extension:
            with pytest.raises(Invalid, match="at most") as refused:
                _attempt(state, event)
            assert RULE.citation in str(refused.value)
        else:
            state, total = _attempt(state, event), total + extra
        assert state.extra == total


def test_a_rule_that_allows_no_extension_says_so() -> None:
    with pytest.raises(Invalid, match="cannot be extended"):
        _attempt(fold(ledger_of(Kind.TRIGGERED)), event_of(3, Kind.EXTENDED), max_extension=0)


def test_a_term_that_has_run_out_is_extended_only_if_its_rule_says_so() -> None:
    late, state = event_of(3, Kind.EXTENDED, 60, extra=3), fold(ledger_of(Kind.TRIGGERED))
    with pytest.raises(Invalid, match="run out"):
        _attempt(state, late)
    assert _attempt(state, late, extend_after_expiry=True).extra == 3


def test_the_last_instant_of_a_term_is_in_time_to_extend_it_and_the_next_is_not() -> None:
    state = fold(ledger_of(Kind.TRIGGERED))
    assert state.due_at is not None
    last = replace(event_of(3, Kind.EXTENDED), at=state.due_at - timedelta(microseconds=1))
    assert _attempt(state, last).extra == 1
    with pytest.raises(Invalid, match="run out"):
        _attempt(state, replace(last, at=state.due_at))


def test_a_paused_term_does_not_run_out_and_may_be_extended() -> None:
    paused = fold(ledger_of(Kind.TRIGGERED, Kind.PAUSED))
    assert _attempt(paused, event_of(4, Kind.EXTENDED, 300)).extra == 1


def test_a_term_is_paused_only_on_a_ground_its_rule_names_and_only_in_time() -> None:
    state = fold(ledger_of(Kind.TRIGGERED))
    assert _attempt(state, event_of(3, Kind.PAUSED)).stored is Stored.PAUSED
    with pytest.raises(Conflict, match="cannot be paused"):
        _attempt(state, event_of(3, Kind.PAUSED), tolling_events=())
    for ground in ("", "it is summer"):
        with pytest.raises(Invalid) as refused:
            _attempt(state, event_of(3, Kind.PAUSED, ground=ground))
        assert refused.value.field == "ground"
    with pytest.raises(Conflict, match="run out"):
        _attempt(state, event_of(3, Kind.PAUSED, 60))


# Delay notices and who does it: neither moves the date.


@given(stories, st.sampled_from([Kind.ASSIGNED, Kind.DELAY_ANNOUNCED]))
def test_neither_a_delay_nor_an_officer_moves_the_date(kinds: list[Kind], kind: Kind) -> None:
    events = ledger_of(*kinds)
    before = fold(events)
    assume(before.stored in ORDER[kind][0])
    decreed = PACK.calendar({date(2026, 3, 10): DayKind.DAY_OFF}, frozenset({2026}))
    line, after, computed = dated(before, event_of(len(events) + 1, kind, 50), RULE, decreed, TZ)
    assert computed is None
    assert "due_on" not in line.data
    assert (after.due_at, after.stored) == (before.due_at, before.stored)
    if kind is Kind.ASSIGNED:
        assert after.officer_id == 7
    else:
        assert after.expected_on == date(2026, 12, 1)


def test_the_newest_assignment_and_the_newest_notice_count() -> None:
    events = [
        *ledger_of(Kind.TRIGGERED, Kind.ASSIGNED, Kind.DELAY_ANNOUNCED),
        event_of(5, Kind.ASSIGNED, officer_id=8),
        event_of(6, Kind.DELAY_ANNOUNCED, expected_on="2026-12-15"),
    ]
    assert fold(events).officer_id == 8
    assert fold(events).expected_on == date(2026, 12, 15)


@pytest.mark.parametrize(("expected", "kept"), [("2026-03-24", False), ("2026-12-01", True)])
def test_a_notice_is_overtaken_when_the_term_itself_runs_until_then(
    expected: str, kept: bool
) -> None:
    notice = event_of(3, Kind.DELAY_ANNOUNCED, expected_on=expected)
    state = fold([*ledger_of(Kind.TRIGGERED), notice])
    assert state.expected_on == date.fromisoformat(expected)
    extended = _attempt(state, event_of(4, Kind.EXTENDED, extra=1))
    assert last_day(extended.due_at or START, TZ) == date(2026, 3, 24)
    assert (extended.expected_on is not None) is kept


@pytest.mark.parametrize(
    ("expected", "refusal"),
    [
        (date(2026, 3, 24), ""),
        (date(2026, 3, 23), "The term itself runs until"),
        (date(2026, 3, 2), "a working day after today"),
        (date(2026, 2, 27), "a working day after today"),
        (date(2026, 3, 28), "a working day after today"),  # a Saturday
        (date(2926, 3, 24), "within a year"),
    ],
)
def test_a_delay_is_until_a_working_day_after_the_term(expected: date, refusal: str) -> None:
    state = fold(ledger_of(Kind.TRIGGERED))
    if not refusal:
        check_delay(state, expected, START, CALENDAR, TZ)
        return
    with pytest.raises(Invalid, match=refusal) as refused:
        check_delay(state, expected, START, CALENDAR, TZ)
    assert refused.value.field == "expected_on"


# Counting anew.


@given(stories)
def test_counting_anew_by_the_same_calendar_moves_nothing(kinds: list[Kind]) -> None:
    state = fold(ledger_of(*kinds))
    assert moved(state, RULE, CALENDAR, TZ, shown(state, CALENDAR)) is None


def shown(state: ObligationState, calendar: Calendar) -> list[dict[str, Any]]:
    """The days of a computation by a calendar, as a page shows them."""
    computed = recompute(state, RULE, calendar, TZ)
    return computed.trace_data() if computed else []


def test_days_that_outweigh_each_other_are_counted_anew_though_the_date_stays() -> None:
    state = fold(ledger_of(Kind.TRIGGERED))
    monday, saturday = date(2026, 3, 9), date(2026, 3, 14)
    swapped = PACK.calendar({monday: DayKind.DAY_OFF, saturday: DayKind.WORKING})
    computed = moved(state, RULE, swapped, TZ, shown(state, CALENDAR))
    assert computed is not None
    assert computed.due_at == state.due_at
    assert moved(state, RULE, swapped, TZ, shown(state, swapped)) is None


@given(stories, st.sets(st.integers(1, 60), max_size=5), st.booleans())
def test_counted_anew_once_a_duty_is_not_counted_anew_again(
    kinds: list[Kind], offset: set[int], final: bool
) -> None:
    days = {(START + timedelta(days=n)).date(): DayKind.DAY_OFF for n in offset}
    calendar = PACK.calendar(days, frozenset({2026}) if final else frozenset())
    events = ledger_of(*kinds)
    state = fold(events)
    computed = moved(state, RULE, calendar, TZ, shown(state, CALENDAR))
    if state.stored is not Stored.RUNNING:
        assert computed is None
    elif computed is not None:
        line = event_of(len(events) + 1, Kind.CALENDAR_CHANGED, 90)
        _, after, again = dated(state, line, RULE, calendar, TZ)
        assert again == computed
        assert moved(after, RULE, calendar, TZ, computed.trace_data()) is None
