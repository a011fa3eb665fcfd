"""Hearings as rules: what must be said, what lies in the past, who gets a seat."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.errors import Conflict, Invalid
from consult.hearings.rules import (
    COMING,
    WAITING,
    Place,
    Times,
    Wording,
    check_minutes,
    check_place,
    check_reason,
    check_seats,
    check_times,
    check_to_come,
    check_wording,
    free_seats,
    seat_for,
    takes_people,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
HOURS = st.integers(-1000, 1000).map(lambda n: NOW + n * HOUR)
OFFICIAL = ("ky", "ru")


@given(HOURS, HOURS, HOURS)
def test_a_hearing_lies_ahead_and_ends_after_it_begins(
    starts: datetime, ends: datetime, until: datetime
) -> None:
    fine = NOW < starts < ends and NOW < until <= starts
    try:
        check_times(Times(starts, ends, until), NOW)
    except Invalid:
        assert not fine
    else:
        assert fine


@pytest.mark.parametrize(
    ("times", "field"),
    [
        (Times(NOW, NOW + HOUR, NOW), "on"),
        (Times(NOW + HOUR, NOW + HOUR, NOW + HOUR), "ends"),
        (Times(NOW + HOUR, NOW + 2 * HOUR, NOW + 2 * HOUR), "register_until"),
        (Times(NOW + HOUR, NOW + 2 * HOUR, NOW), "register_until"),
    ],
)
def test_what_is_wrong_with_the_times_is_said_beside_its_field(times: Times, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_times(times, NOW)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("where", "field"),
    [
        (Place(), "place"),
        (Place(link="example.org"), "link"),
        (Place("Naryn", "javascript:alert(1)"), "link"),
        (Place("Naryn", "https://example.org/a b"), "link"),
        (Place("Naryn", "https://[x"), "link"),
    ],
)
def test_a_hearing_is_held_somewhere(where: Place, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_place(where)
    assert refused.value.field == field


def test_a_place_or_a_link_is_enough() -> None:
    check_place(Place("Naryn"))
    check_place(Place(link="https://example.org/live"))


def test_how_people_with_disabilities_take_part_must_be_said() -> None:
    titles = {"ky": "Угуу"}
    check_wording(Wording(titles, {}, {"ru": "Без ступеней"}), OFFICIAL)
    for wording, field in (
        (Wording({"en": "Hearing"}, {}, {"ky": "Тепкичсиз"}), "title_ky"),
        (Wording(titles, {}, {"en": "No steps"}), "access_ky"),
    ):
        with pytest.raises(Invalid) as refused:
            check_wording(wording, OFFICIAL)
        assert refused.value.field == field


@given(st.none() | st.integers(1, 50), st.integers(0, 60), st.integers(0, 10))
def test_nobody_goes_before_those_who_wait(seats: int | None, coming: int, waiting: int) -> None:
    free = free_seats(seats, coming)
    assert free is None or free >= 0
    room = free is None or free > waiting
    assert seat_for(seats, coming, waiting) == (COMING if room else WAITING)


def test_a_seat_that_was_given_is_not_taken_away() -> None:
    check_seats(None, 9)
    check_seats(9, 9)
    with pytest.raises(Invalid):
        check_seats(8, 9)


def test_what_is_called_off_or_has_begun_is_changed_no_more() -> None:
    check_to_come("announced", NOW + HOUR, NOW)
    for state, starts in (("announced", NOW), ("called_off", NOW + HOUR), ("held", NOW)):
        with pytest.raises(Conflict):
            check_to_come(state, starts, NOW)
    assert takes_people("announced", NOW + HOUR, NOW)
    assert not takes_people("announced", NOW, NOW)
    assert not takes_people("called_off", NOW + HOUR, NOW)


def test_a_reason_says_something_and_minutes_have_words() -> None:
    assert check_reason("  The hall is closed. ") == "The hall is closed."
    with pytest.raises(Invalid):
        check_reason("  no    ")
    check_minutes({"ru": "Протокол"}, 0, OFFICIAL)
    for minutes, came in (({}, 1), ({"en": "Minutes"}, 1), ({"ru": "Протокол"}, -1)):
        with pytest.raises(Invalid):
            check_minutes(minutes, came, OFFICIAL)
