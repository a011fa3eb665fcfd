"""Reminders: each rung once, to each audience the latest it has reached, whatever was missed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.obligations.rules import due_rungs, next_rung_at, rung_day
from consult.procedure.deadlines import end_of
from consult.procedure.duties import Audience, Rung
from consult.procedure.packs import load_pack

PACK = load_pack("kg")
TZ = PACK.tz
CALENDAR = PACK.calendar()
DUE_ON = date(2026, 3, 10)  # Tuesday
DUE_AT = end_of(DUE_ON, TZ)


def _rung(days: int, audience: Audience = Audience.OFFICER) -> Rung:
    return Rung(days=days, audience=audience)


OFFICER = (_rung(-3), _rung(-1), _rung(1))
ALL = (*OFFICER, _rung(1, Audience.HEAD), _rung(3, Audience.COORDINATOR))


def _noon(on: date) -> datetime:
    return end_of(on, TZ) - timedelta(hours=12)


def _due(on: date, sent: set[tuple[int, str]] | None = None) -> list[tuple[int, str]]:
    waiting = due_rungs(ALL, DUE_AT, _noon(on), sent or set(), CALENDAR, TZ)
    return [rung.key for rung in waiting]


@pytest.mark.parametrize(
    ("days", "on"),
    [
        (-3, date(2026, 3, 5)),  # over the week-end
        (-1, date(2026, 3, 9)),
        (0, DUE_ON),
        (1, date(2026, 3, 11)),
        (4, date(2026, 3, 16)),  # over the next one
    ],
)
def test_rungs_are_counted_in_working_days(days: int, on: date) -> None:
    assert rung_day(_rung(days), DUE_ON, CALENDAR) == on


def test_before_the_first_rung_nobody_is_told() -> None:
    assert _due(date(2026, 3, 4)) == []


def test_a_rung_is_due_on_its_day_and_no_more_once_sent() -> None:
    assert _due(date(2026, 3, 5)) == [(-3, "officer")]
    assert _due(date(2026, 3, 5), {(-3, "officer")}) == []


def test_a_day_begins_where_the_agency_is() -> None:
    midnight = datetime(2026, 3, 4, 18, tzinfo=UTC)
    assert due_rungs(ALL, DUE_AT, midnight - timedelta(seconds=1), set(), CALENDAR, TZ) == ()
    assert due_rungs(ALL, DUE_AT, midnight, set(), CALENDAR, TZ) == (_rung(-3),)


def test_after_an_outage_each_audience_gets_only_its_latest_rung() -> None:
    assert _due(date(2026, 3, 13)) == [(1, "head"), (1, "officer"), (3, "coordinator")]


def test_what_was_overtaken_is_not_sent_afterwards() -> None:
    sent = {(1, "officer"), (1, "head"), (3, "coordinator")}
    assert _due(date(2026, 3, 13), sent) == []


@given(st.sets(st.integers(0, 30), max_size=10))
def test_whenever_the_worker_runs_nobody_is_told_twice_or_too_early(visits: set[int]) -> None:
    sent: list[tuple[int, str]] = []
    for visit in sorted(visits):
        on = DUE_ON + timedelta(days=visit - 10)
        waiting = due_rungs(ALL, DUE_AT, _noon(on), sent, CALENDAR, TZ)
        assert all(rung_day(rung, DUE_ON, CALENDAR) <= on for rung in waiting)
        sent += [rung.key for rung in waiting]
    assert len(sent) == len(set(sent))


@given(st.sets(st.integers(0, 30), max_size=10))
def test_however_long_it_slept_everybody_hears_the_last_word(visits: set[int]) -> None:
    sent: list[tuple[int, str]] = []
    for visit in [*sorted(visits), 31]:
        on = DUE_ON + timedelta(days=visit - 10)
        sent += [r.key for r in due_rungs(ALL, DUE_AT, _noon(on), sent, CALENDAR, TZ)]
    assert {(1, "officer"), (1, "head"), (3, "coordinator")} <= set(sent)


@given(st.integers(-15, 15))
def test_until_the_next_rung_nothing_is_due_and_then_something_is(days: int) -> None:
    now = _noon(DUE_ON + timedelta(days=days))
    sent = [rung.key for rung in ALL if rung_day(rung, DUE_ON, CALENDAR) <= now.date()]
    at = next_rung_at(ALL, DUE_AT, now, CALENDAR, TZ)
    if at is None:
        assert len(sent) == len(ALL)
    else:
        just_before = at - timedelta(seconds=1)
        assert due_rungs(ALL, DUE_AT, just_before, sent, CALENDAR, TZ) == ()
        assert due_rungs(ALL, DUE_AT, at, sent, CALENDAR, TZ) != ()
