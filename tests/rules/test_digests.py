"""When digests go out: by the calendar of who reads them, whatever the clock does there."""

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.rules import DIGEST_AT, slot_after, slot_before, zone_of

ZONES = tuple(
    ZoneInfo(name)
    for name in (
        *("Asia/Bishkek", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"),
        *("Asia/Kathmandu", "Pacific/Apia", "America/Sao_Paulo", "Africa/Cairo", "UTC"),
    )
)
CADENCES = ("daily", "weekly")
YEARS = datetime.fromisoformat("2009-01-01"), datetime.fromisoformat("2035-01-01")
instants = st.datetimes(*YEARS, timezones=st.just(UTC))


@given(st.sampled_from(CADENCES), st.sampled_from(ZONES), instants)
def test_the_next_slot_is_later_and_the_one_before_is_not(
    cadence: str, zone: ZoneInfo, now: datetime
) -> None:
    day, before = slot_before(cadence, zone, now)
    after = slot_after(cadence, zone, now)
    assert before <= now < after
    assert slot_before(cadence, zone, after)[1] == after
    assert slot_before(cadence, zone, after)[0] > day
    assert after - before <= timedelta(days=7 if cadence == "weekly" else 1, hours=25)


@given(st.sampled_from(CADENCES), st.sampled_from(ZONES), instants)
def test_a_digest_goes_out_in_the_morning_and_the_weekly_one_on_mondays(
    cadence: str, zone: ZoneInfo, now: datetime
) -> None:
    day, slot = slot_before(cadence, zone, now)
    assert cadence == "daily" or day.weekday() == 0
    local = slot.astimezone(zone)
    if local.date() == day:  # but for the day that Samoa left out
        assert local.time() == DIGEST_AT


@given(st.sampled_from(CADENCES), st.sampled_from(ZONES), instants)
def test_no_day_has_two_slots_and_none_is_left_out(
    cadence: str, zone: ZoneInfo, now: datetime
) -> None:
    at, days = now, []
    for _ in range(40):
        at = slot_after(cadence, zone, at)
        days.append(slot_before(cadence, zone, at)[0])
    assert len(set(days)) == len(days)
    gaps = {later - earlier for earlier, later in itertools.pairwise(days)}
    step = timedelta(days=7 if cadence == "weekly" else 1)
    assert gaps <= {step, *([2 * step] if zone.key == "Pacific/Apia" else [])}


@pytest.mark.parametrize(
    ("zone", "on", "utc_hour"),
    [
        ("Europe/Berlin", date(2026, 3, 28), 7),  # winter
        ("Europe/Berlin", date(2026, 3, 29), 6),  # the clock is put on: 23 hours later
        ("Europe/Berlin", date(2026, 10, 24), 6),
        ("Europe/Berlin", date(2026, 10, 25), 7),  # and back: 25 hours later
        ("America/New_York", date(2026, 3, 8), 12),
        ("Asia/Bishkek", date(2026, 3, 29), 2),  # never
    ],
)
def test_eight_in_the_morning_is_eight_in_the_morning(zone: str, on: date, utc_hour: int) -> None:
    night = datetime(on.year, on.month, on.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    assert slot_after("daily", ZoneInfo(zone), night).hour == utc_hour


def test_a_zone_nobody_knows_is_that_of_the_law() -> None:
    law = ZoneInfo("Asia/Bishkek")
    assert zone_of("", law) is zone_of("Mars/Olympus", law) is zone_of("../etc/passwd", law) is law
    assert zone_of("Europe/Berlin", law).key == "Europe/Berlin"
