"""Properties of every computed term, and the helpers around it. Worked cases: the table beside."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from consult.errors import Invalid
from consult.procedure.calendars import Calendar, DayKind
from consult.procedure.deadlines import (
    DeadlineRule,
    EndShift,
    Pause,
    Starts,
    Unit,
    check_extension,
    compute,
    end_of,
    last_day,
    minimum_close,
    working_days_left,
)
from consult.procedure.packs import load_pack

PACK = load_pack("kg")
TZ = PACK.tz
ANSWER = PACK.rules["kg-answer"]
MONTH = PACK.rules["kg-consultation"]
MORNING = datetime(2026, 3, 2, 4, tzinfo=UTC)  # 10:00 in Bishkek

FOUR_YEARS = 4 * 365 * 24 * 60

instants = st.integers(0, FOUR_YEARS).map(
    lambda minutes: datetime(2024, 6, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
days = st.dates(date(2024, 6, 1), date(2028, 12, 31))
pauses = st.lists(
    st.builds(lambda on, n: Pause(on, on + timedelta(n)), days, st.integers(0, 30)), max_size=3
)
decrees = st.dictionaries(days, st.sampled_from(DayKind), max_size=20)
calendars = st.builds(PACK.calendar, decrees)
terms = st.builds(
    lambda amount, **given: ANSWER.model_copy(update={"amount": amount, **given}),
    st.integers(1, 24),
    unit=st.sampled_from(Unit),
    starts=st.sampled_from(Starts),
    end_shift=st.sampled_from(EndShift),
)


def _changed(rule: DeadlineRule, **given: Any) -> DeadlineRule:
    return rule.model_copy(update=given)


@given(terms, instants, calendars, pauses)
def test_a_longer_term_is_never_due_earlier(
    rule: DeadlineRule, at: datetime, calendar: Any, stops: list[Pause]
) -> None:
    longer = _changed(rule, amount=rule.amount + 1)
    assert (
        compute(rule, at, calendar, TZ, stops).due_on
        <= compute(longer, at, calendar, TZ, stops).due_on
    )


@given(terms, instants, calendars, pauses, pauses)
def test_a_pause_never_makes_anything_due_earlier(
    rule: DeadlineRule, at: datetime, calendar: Any, stops: list[Pause], more: list[Pause]
) -> None:
    paused = compute(rule, at, calendar, TZ, [*stops, *more])
    assert paused.due_on >= compute(rule, at, calendar, TZ, stops).due_on


@given(terms, instants, calendars, pauses, st.integers(0, 10))
def test_an_extension_is_the_same_as_a_longer_term(
    rule: DeadlineRule, at: datetime, calendar: Any, stops: list[Pause], extra: int
) -> None:
    extended = compute(rule, at, calendar, TZ, stops, extra)
    assert extended == compute(
        _changed(rule, amount=rule.amount + extra), at, calendar, TZ, stops, 0
    )


@given(terms, instants, calendars, pauses, st.integers(0, 10))
def test_a_longer_extension_is_never_due_earlier(
    rule: DeadlineRule, at: datetime, calendar: Any, stops: list[Pause], extra: int
) -> None:
    extended = [compute(rule, at, calendar, TZ, stops, n).due_on for n in (extra, extra + 1)]
    assert extended == sorted(extended)


@given(terms, instants, calendars, days, st.booleans())
def test_a_day_made_working_never_makes_a_term_later_and_a_day_made_off_never_earlier(
    rule: DeadlineRule, at: datetime, calendar: Calendar, on: date, worked: bool
) -> None:
    kind = DayKind.WORKING if worked else DayKind.DAY_OFF
    decreed = replace(calendar, overrides={**calendar.overrides, on: kind})
    before, after = (compute(rule, at, each, TZ).due_on for each in (calendar, decreed))
    assert after <= before if worked else after >= before


@given(terms, instants, calendars, pauses)
def test_each_day_is_told_as_the_calendar_the_pause_or_the_unit_has_it(
    rule: DeadlineRule, at: datetime, calendar: Calendar, stops: list[Pause]
) -> None:
    for day in compute(rule, at, calendar, TZ, stops).trace:
        if day.reason.code in {"event", "moved", "calendar_day"}:
            continue
        paused = any(day.on in stop for stop in stops)
        assert (day.reason.code == "paused") is paused
        assert paused or day.reason == calendar.day(day.on).reason
        assert day.counted is (not paused and calendar.day(day.on).working)


@given(terms, instants, pauses, st.frozensets(st.integers(2023, 2031)))
def test_a_date_is_preliminary_if_and_only_if_a_year_of_its_days_is_not_confirmed(
    rule: DeadlineRule, at: datetime, stops: list[Pause], years: frozenset[int]
) -> None:
    computed = compute(rule, at, PACK.calendar(confirmed_years=years), TZ, stops)
    assert computed.preliminary is not ({day.on.year for day in computed.trace} <= years)


@given(terms, instants, calendars, pauses)
def test_computing_again_gives_the_same_and_the_order_of_pauses_is_nothing(
    rule: DeadlineRule, at: datetime, calendar: Any, stops: list[Pause]
) -> None:
    once = compute(rule, at, calendar, TZ, stops)
    assert once == compute(rule, at, calendar, TZ, stops[::-1])


@given(terms, instants, instants)
def test_a_later_event_is_never_due_earlier(rule: DeadlineRule, a: datetime, b: datetime) -> None:
    calendar = PACK.calendar()
    first, second = (compute(rule, at, calendar, TZ).due_on for at in sorted((a, b)))
    assert first <= second


@given(terms, instants, calendars, pauses)
def test_the_trace_lists_each_day_once_to_the_last_with_a_reason(
    rule: DeadlineRule, at: datetime, calendar: Any, stops: list[Pause]
) -> None:
    computed = compute(rule, at, calendar, TZ, stops)
    listed = [day.on for day in computed.trace]
    assert listed == [listed[0] + timedelta(n) for n in range(len(listed))]
    assert listed[0] == at.astimezone(TZ).date()
    assert listed[-1] == computed.due_on
    first = listed[0] + timedelta(rule.starts is Starts.NEXT_DAY)
    assert computed.due_on >= first
    assert all(str(day.reason) for day in computed.trace)


@given(terms, instants, calendars, pauses)
def test_as_many_days_are_counted_as_the_term_has(
    rule: DeadlineRule, at: datetime, calendar: Any, stops: list[Pause]
) -> None:
    counted = [day.on for day in compute(rule, at, calendar, TZ, stops).trace if day.counted]
    if rule.unit is not Unit.MONTH:
        assert len(counted) == rule.amount
    if rule.unit is Unit.WORKING_DAY:
        assert all(calendar.day(on).working for on in counted)
    assert not any(on in stop for on in counted for stop in stops)


@given(terms, instants, calendars, pauses)
def test_a_term_whose_end_is_moved_ends_on_a_working_day(
    rule: DeadlineRule, at: datetime, calendar: Any, stops: list[Pause]
) -> None:
    moved = _changed(rule, end_shift=EndShift.NEXT_WORKING_DAY)
    assert calendar.day(compute(moved, at, calendar, TZ, stops).due_on).working


@given(days)
def test_the_end_of_a_day_and_the_last_day_undo_each_other(on: date) -> None:
    assert last_day(end_of(on, TZ), TZ) == on


def test_a_day_ends_at_midnight_where_the_agency_is() -> None:
    assert end_of(date(2026, 3, 10), TZ) == datetime(2026, 3, 10, 18, tzinfo=UTC)


def test_a_computation_says_by_which_rule_it_was_made() -> None:
    computed = compute(ANSWER, MORNING, PACK.calendar(), TZ)
    assert (computed.rule_code, computed.citation) == (ANSWER.code, ANSWER.citation)
    assert computed.trace_data()[1] == {
        "on": "2026-03-03",
        "counted": True,
        "code": "working",
        "text": "Working day.",
        "params": {},
    }


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(Invalid):
        compute(ANSWER, MORNING.replace(tzinfo=None), PACK.calendar(), TZ)


@pytest.mark.parametrize(
    ("at", "given"),
    [
        (datetime(9999, 12, 31, 23, tzinfo=UTC), {}),
        (datetime(9000, 1, 1, tzinfo=UTC), {}),
        (datetime(1, 1, 1, tzinfo=UTC), {}),
        (datetime(2100, 12, 31, 4, tzinfo=UTC), {}),
        (MORNING, {"unit": Unit.MONTH, "amount": 10_000}),
        (MORNING, {"unit": Unit.CALENDAR_DAY, "amount": 10_000 * 365}),
    ],
)
def test_what_lies_outside_the_calendar_is_refused_in_words(
    at: datetime, given: dict[str, Any]
) -> None:
    with pytest.raises(Invalid, match="Days are counted from 1900-01-01 to 2100-12-31 only"):
        compute(_changed(ANSWER, **given), at, PACK.calendar(), TZ)


def test_a_pause_without_end_is_refused_in_words() -> None:
    with pytest.raises(Invalid, match="Days are counted"):
        compute(ANSWER, MORNING, PACK.calendar(), TZ, [Pause(date(2026, 3, 3), date.max)])


def test_the_end_of_the_last_day_of_all_is_refused_in_words() -> None:
    with pytest.raises(Invalid, match="Days are counted"):
        end_of(date.max, TZ)


def test_the_longest_term_is_counted_at_once() -> None:
    began = perf_counter()
    long, stop = _changed(ANSWER, amount=10_000), Pause(date(2027, 1, 1), date(2047, 1, 1))
    assert compute(long, MORNING, PACK.calendar(), TZ, [stop]).due_on.year == 2086
    assert perf_counter() - began < 5  # seconds, on a slow and busy machine


def test_a_term_is_never_made_shorter() -> None:
    with pytest.raises(Invalid):
        compute(ANSWER, MORNING, PACK.calendar(), TZ, extra=-1)


def test_an_extension_beyond_what_the_rule_allows_is_refused_with_its_citation() -> None:
    check_extension(ANSWER, ANSWER.max_extension)
    with pytest.raises(Invalid, match="обращений граждан"):
        check_extension(ANSWER, ANSWER.max_extension + 1)
    with pytest.raises(Invalid):
        check_extension(ANSWER, 0)
    with pytest.raises(Invalid, match="cannot be extended"):
        check_extension(MONTH, 1)


def test_what_has_run_out_is_extended_only_where_the_rule_says_so() -> None:
    with pytest.raises(Invalid, match="has run out"):
        check_extension(ANSWER, 1, expired=True)
    check_extension(_changed(ANSWER, extend_after_expiry=True), 1, expired=True)


def test_a_consultation_may_close_when_the_last_day_of_its_minimum_is_over() -> None:
    earliest = minimum_close(MONTH, MORNING, PACK.calendar(), TZ)
    assert earliest.due_on == date(2026, 4, 2)
    assert earliest.due_at == datetime(2026, 4, 2, 18, tzinfo=UTC)
    assert "№ 241" in earliest.citation


@pytest.mark.parametrize(
    ("now", "left"),
    [
        (date(2026, 3, 5), 3),  # Thursday: Friday, Monday, Tuesday
        (date(2026, 3, 7), 2),  # Saturday: Monday, Tuesday
        (date(2026, 3, 10), 0),  # the last day
        (date(2026, 3, 11), -1),
        (date(2026, 3, 15), -3),  # Sunday: Wednesday, Thursday and Friday have passed
    ],
)
def test_working_days_left_are_counted_from_tomorrow(now: date, left: int) -> None:
    due_at = end_of(date(2026, 3, 10), TZ)
    noon = end_of(now, TZ) - timedelta(hours=12)
    assert working_days_left(noon, due_at, PACK.calendar(), TZ) == left


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 0},
        {"unit": "fortnight"},
        {"max_extension": 0, "extend_after_expiry": True},
        {"valid_to": date(2000, 1, 1)},
        {"citation": ""},
        {"ammount": 3},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        DeadlineRule.model_validate({**ANSWER.model_dump(), **wrong})
