"""The yearly review of an act: its years, what a whole review holds, who publishes it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.adoption.practice.rules import (
    WORDS_MAX,
    ActYear,
    Concluded,
    Finding,
    check_concluded,
    check_other_person,
    check_whole,
    ended_years,
)
from consult.errors import Invalid, NotAllowed

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
WHOLE = Finding("keep", "It works.")


@given(adopted_on=DAYS, today=DAYS)
def test_the_years_of_an_act_follow_each_other_without_a_gap(adopted_on: date, today: date) -> None:
    years = list(ended_years(adopted_on, today))
    assert [year.n for year in years] == list(range(1, len(years) + 1))
    first = adopted_on
    for year in years:
        assert year.first == first
        assert year.last.year == adopted_on.year + year.n
        assert 364 <= (year.last - year.first).days <= 366
        assert year.last < today
        first = year.last + timedelta(days=1)
    assert today <= adopted_on or (today - first).days <= 366


def test_a_year_ends_on_the_day_of_the_same_number_or_the_last_of_the_month() -> None:
    year = ActYear(1, date(2025, 3, 5), date(2026, 3, 5))
    assert list(ended_years(date(2025, 3, 5), date(2026, 3, 5))) == []
    assert list(ended_years(date(2025, 3, 5), date(2026, 3, 6))) == [year]
    leap = list(ended_years(date(2024, 2, 29), date(2028, 3, 1)))
    assert [one.last for one in leap] == [
        date(2025, 2, 28),
        date(2026, 2, 28),
        date(2027, 2, 28),
        date(2028, 2, 29),
    ]


def test_a_review_may_wait_half_written_but_not_with_words_that_mean_nothing() -> None:
    check_concluded(Concluded(Finding(), "en", {"art_1": Finding("", "Not sure yet.")}))
    for said, field in (
        (Concluded(Finding("burn", ""), "en", {}), "overall"),
        (Concluded(Finding(), "en", {"art_1": Finding("burn", "")}), "at-art_1"),
        (Concluded(Finding("keep", "x" * (WORDS_MAX + 1)), "en", {}), "overall-words"),
    ):
        with pytest.raises(Invalid) as refusal:
            check_concluded(said)
        assert refusal.value.field == field


def test_what_is_published_says_something_of_the_act_and_of_each_provision_reported_of() -> None:
    whole = Concluded(WHOLE, "en", {"art_1": Finding("change", "")})
    check_whole(whole, ["art_1"])
    check_whole(whole, ["art_1", ""])  # the act as a whole has its own conclusion
    check_whole(Concluded(WHOLE, "en", {}), [])
    for said, reported in (
        (Concluded(Finding("keep", ""), "en", {}), []),
        (Concluded(Finding("", "It works."), "en", {}), []),
        (whole, ["art_1", "art_2"]),
        (Concluded(WHOLE, "en", {"art_1": Finding("", "Perhaps.")}), ["art_1"]),
    ):
        with pytest.raises(Invalid):
            check_whole(said, reported)


def test_nobody_publishes_what_they_wrote() -> None:
    check_other_person(7, 8)
    with pytest.raises(NotAllowed):
        check_other_person(7, 7)
