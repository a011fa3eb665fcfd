"""Periods tile time: every day lies in exactly one, and one begins the day after another ends."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.procedure.deadlines import Trigger
from consult.procedure.periods import MONTHS, period_of, periods

DAY = timedelta(days=1)
days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
triggers = st.sampled_from(sorted(MONTHS))


@pytest.mark.parametrize(
    ("trigger", "on", "code", "first", "last"),
    [
        (Trigger.QUARTER_ENDED, "2026-01-01", "2026-Q1", "2026-01-01", "2026-03-31"),
        (Trigger.QUARTER_ENDED, "2026-06-30", "2026-Q2", "2026-04-01", "2026-06-30"),
        (Trigger.QUARTER_ENDED, "2026-12-31", "2026-Q4", "2026-10-01", "2026-12-31"),
        (Trigger.HALF_YEAR_ENDED, "2026-06-30", "2026-H1", "2026-01-01", "2026-06-30"),
        (Trigger.HALF_YEAR_ENDED, "2026-07-01", "2026-H2", "2026-07-01", "2026-12-31"),
        (Trigger.YEAR_ENDED, "2028-02-29", "2028", "2028-01-01", "2028-12-31"),
        (Trigger.YEAR_ENDED, "9999-12-31", "9999", "9999-01-01", "9999-12-31"),
    ],
)
def test_a_period_has_its_customary_name_and_days(
    trigger: Trigger, on: str, code: str, first: str, last: str
) -> None:
    period = period_of(date.fromisoformat(on), trigger)
    assert (period.code, period.first.isoformat(), period.last.isoformat()) == (code, first, last)


@given(days, triggers)
def test_every_day_lies_in_its_period(on: date, trigger: Trigger) -> None:
    period = period_of(on, trigger)
    assert on in period
    assert period_of(period.first, trigger) == period == period_of(period.last, trigger)


@given(days, st.integers(0, 2000), triggers)
def test_periods_tile_time_without_gap_or_overlap(since: date, n: int, trigger: Trigger) -> None:
    until = since + timedelta(days=n)
    tiles = list(periods(since, until, trigger))
    assert since in tiles[0]
    assert until in tiles[-1]
    assert all(later.first == earlier.last + DAY for earlier, later in pairwise(tiles))
    assert len({tile.code for tile in tiles}) == len(tiles)


@given(days)
def test_a_longer_period_is_made_of_whole_shorter_ones(on: date) -> None:
    year = period_of(on, Trigger.YEAR_ENDED)
    for trigger, n in ((Trigger.QUARTER_ENDED, 4), (Trigger.HALF_YEAR_ENDED, 2)):
        parts = list(periods(year.first, year.last, trigger))
        assert len(parts) == n
        assert (parts[0].first, parts[-1].last) == (year.first, year.last)


def test_nothing_lies_between_a_day_and_an_earlier_one() -> None:
    assert not list(periods(date(2026, 4, 1), date(2026, 3, 31), Trigger.QUARTER_ENDED))


def test_time_ends_with_the_calendar() -> None:
    assert len(list(periods(date(9999, 1, 1), date.max, Trigger.QUARTER_ENDED))) == 4
