"""When duties are looked at: where a week ends, what is soon, when the public is told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.obligations.keeping.ladder import due_by, rung_day, soon_by, told_until
from consult.obligations.registers.agenda import turns, week_end
from consult.procedure.calendars import DAY, Calendar, DayKind
from consult.procedure.deadlines import end_of
from consult.procedure.duties import Audience, Rung
from consult.procedure.packs import load_pack

PACK = load_pack("kg")
CALENDAR = PACK.calendar()
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
MONDAY = date(2026, 6, 1)


def calendar(weekend: set[int], overrides: dict[date, DayKind] | None = None) -> Calendar:
    return Calendar("KG", frozenset(weekend), overrides or {})


@pytest.mark.parametrize(("days", "ends"), [(0, 4), (4, 4), (5, 11), (6, 11), (7, 11)])
def test_a_week_ends_on_its_last_working_day_and_at_the_weekend_the_next_one_counts(
    days: int, ends: int
) -> None:
    assert week_end(MONDAY + days * DAY, CALENDAR) == MONDAY + ends * DAY


def test_a_saturday_made_a_working_day_belongs_to_the_week_before_it() -> None:
    worked = calendar({5, 6}, {MONDAY + 5 * DAY: DayKind.WORKING})
    assert week_end(MONDAY, worked) == MONDAY + 5 * DAY


def test_a_friday_made_a_day_off_ends_the_week_a_day_earlier() -> None:
    off = calendar({5, 6}, {MONDAY + 4 * DAY: DayKind.DAY_OFF})
    assert week_end(MONDAY, off) == MONDAY + 3 * DAY


def test_a_feast_in_the_middle_does_not_end_a_week() -> None:
    feast = calendar({5, 6}, {MONDAY + 2 * DAY: DayKind.HOLIDAY})
    assert week_end(MONDAY, feast) == MONDAY + 4 * DAY


def test_a_week_may_begin_on_a_sunday_or_have_no_day_off() -> None:
    assert week_end(MONDAY, calendar({4, 5})) == MONDAY + 3 * DAY  # Friday and Saturday are off
    assert week_end(MONDAY, calendar(set())) == MONDAY + 6 * DAY


@given(today=DAYS)
def test_the_end_of_a_week_is_a_working_day_that_is_not_past(today: date) -> None:
    end = week_end(today, CALENDAR)
    assert today <= end
    assert CALENDAR.day(end).working
    now = end_of(today, PACK.tz) - timedelta(hours=12)
    assert turns(now, CALENDAR, PACK.tz)[0] <= turns(now, CALENDAR, PACK.tz)[1]


@given(today=DAYS, ago=st.integers(1, 60), days=st.integers(-10, 20))
def test_a_duty_is_public_from_the_day_of_its_rung_and_not_before(
    today: date, ago: int, days: int
) -> None:
    due_on = today - ago * DAY
    reached = rung_day(Rung(days=days, audience=Audience.PUBLIC), due_on, CALENDAR) <= today
    assert (due_on <= due_by(days, today, CALENDAR)) == reached


@given(today=DAYS, ahead=st.integers(0, 60), days=st.integers(1, 20))
def test_a_duty_is_due_soon_from_the_day_of_its_rung_and_not_before(
    today: date, ahead: int, days: int
) -> None:
    due_on = today + ahead * DAY
    reached = rung_day(Rung(days=-days, audience=Audience.OFFICER), due_on, CALENDAR) <= today
    assert (due_on <= soon_by(days, today, CALENDAR)) == reached


def test_the_first_of_several_rungs_counts_and_a_duty_without_one_is_left_out() -> None:
    duty = PACK.duties["report"]
    rungs = (*(Rung(days=n, audience=Audience.PUBLIC) for n in (9, 3, 5)),)
    told = [duty.model_copy(update={"rungs": rungs}), PACK.duties["acknowledgement"]]
    now = datetime(2026, 6, 10, 6, tzinfo=UTC)
    until = told_until(told, now, CALENDAR, PACK.tz)
    assert until == {"report": end_of(due_by(3, date(2026, 6, 10), CALENDAR), PACK.tz)}
