"""Working calendars: feasts from the library, weekly days off from the pack, decrees above both."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.errors import Invalid
from consult.procedure.calendars import Calendar, DayKind
from consult.procedure.packs import load_pack

KG = load_pack("kg").calendar()
SATURDAY = date(2026, 3, 14)
NOORUZ = date(2025, 3, 21)

dates = st.dates(date(2024, 1, 1), date(2029, 12, 31))


def test_a_saturday_is_off_and_a_monday_is_worked() -> None:
    assert KG.day(SATURDAY).reason.code == "weekend"
    assert KG.day(date(2026, 3, 16)).working


def test_a_feast_is_off_and_is_called_by_its_name() -> None:
    day = KG.day(NOORUZ)
    assert not day.working
    assert "Нооруз" in str(day.reason)


def test_a_feast_has_a_name_in_each_language_the_library_knows() -> None:
    languages = load_pack("kg").holiday_languages
    names = {KG.holiday_name(NOORUZ, languages[lang]) for lang in ("ky", "ru", "en")}
    assert len(names) == 3
    assert KG.holiday_name(SATURDAY, languages["en"]) == ""


def test_a_saturday_exchanged_by_the_government_is_worked() -> None:
    day = KG.day(date(2025, 1, 11))
    assert day.working
    assert day.reason.code == "made_working"


def test_a_decree_wins_over_the_library_and_is_named() -> None:
    calendar = load_pack("kg").calendar(
        {NOORUZ: DayKind.WORKING, SATURDAY: DayKind.WORKING, date(2026, 3, 16): DayKind.DAY_OFF},
        basis={SATURDAY: "Распоряжение № 1"},
    )
    assert calendar.day(NOORUZ).working
    assert calendar.day(SATURDAY).reason.params == {"basis": "Распоряжение № 1"}
    assert calendar.day(date(2026, 3, 16)).reason.code == "made_day_off"
    assert not calendar.day(date(2026, 3, 16)).working


def test_a_feast_fixed_by_decree_is_off() -> None:
    calendar = load_pack("kg").calendar({date(2026, 3, 16): DayKind.HOLIDAY})
    assert calendar.day(date(2026, 3, 16)).reason.code == "decreed_holiday"


@pytest.mark.parametrize("kind", DayKind)
def test_a_decreed_day_is_told_with_its_decree_where_one_is_known(kind: DayKind) -> None:
    known = load_pack("kg").calendar({NOORUZ: kind}, basis={NOORUZ: "Order № 7"})
    assert str(known.day(NOORUZ).reason).endswith(": Order № 7.")
    unknown = load_pack("kg").calendar({NOORUZ: kind})
    assert ":" not in str(unknown.day(NOORUZ).reason)


def test_days_are_listed_as_far_as_the_calendar_is_known() -> None:
    last = KG.days_from(date(2100, 12, 31))
    assert next(last).on == date(2100, 12, 31)
    with pytest.raises(Invalid):
        next(last)


def test_working_days_to_an_absurd_date_are_counted_as_far_as_the_calendar_is_known() -> None:
    far = KG.working_days_between(date(2099, 12, 31), date.max)
    assert far == KG.working_days_between(date(2099, 12, 31), date(2100, 12, 31)) > 200


def test_a_year_is_confirmed_only_when_somebody_said_so() -> None:
    calendar = load_pack("kg").calendar(confirmed_years=frozenset({2026}))
    assert calendar.is_confirmed(SATURDAY)
    assert not calendar.is_confirmed(NOORUZ)


def test_a_week_without_a_working_day_is_refused() -> None:
    with pytest.raises(Invalid):
        Calendar("KG", weekend=frozenset(range(7)))


@given(dates, dates)
def test_counting_back_is_counting_forth_negated(one: date, other: date) -> None:
    assert KG.working_days_between(one, other) == -KG.working_days_between(other, one)


@given(dates, st.integers(1, 60))
def test_a_shift_lands_on_a_working_day_just_so_many_later(on: date, days: int) -> None:
    later = KG.shift(on, days)
    assert KG.day(later).working
    assert KG.working_days_between(on, later) == days


@given(dates, st.integers(1, 60))
def test_a_shift_back_lands_on_a_working_day_just_so_many_earlier(on: date, days: int) -> None:
    earlier = KG.shift(on, -days)
    assert KG.day(earlier).working
    assert KG.working_days_between(earlier - timedelta(1), on - timedelta(1)) == days
