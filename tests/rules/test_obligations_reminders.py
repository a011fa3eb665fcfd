"""Reminders: each rung is reached once; of several at once the latest speaks to its audience."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.obligations.keeping.ladder import next_rung_at, reached_rungs, rung_day
from consult.procedure.deadlines import end_of
from consult.procedure.duties import Audience, Rung
from consult.procedure.packs import load_pack

PACK = load_pack("kg")
TZ = PACK.tz
CALENDAR = PACK.calendar()
DUE_ON = date(2026, 3, 10)  # Tuesday
DUE_AT = end_of(DUE_ON, TZ)
Keys = list[tuple[int, str]]


def _rung(days: int, audience: Audience = Audience.OFFICER) -> Rung:
    return Rung(days=days, audience=audience)


OFFICER = (_rung(-3), _rung(-1), _rung(1))
ALL = (
    *OFFICER,
    _rung(1, Audience.HEAD),
    _rung(3, Audience.COORDINATOR),
    _rung(5, Audience.PUBLIC),
)
visits = st.sets(st.integers(0, 30), max_size=10)


def _noon(on: date) -> datetime:
    return end_of(on, TZ) - timedelta(hours=12)


def _reached(at: datetime, written: Keys = []) -> tuple[Keys, Keys]:  # noqa: B006 - only read
    """The rungs somebody is told of, and those overtaken."""
    found = reached_rungs(ALL, DUE_AT, at, written, CALENDAR, TZ)
    return (
        [one.rung.key for one in found if not one.overtaken],
        [one.rung.key for one in found if one.overtaken],
    )


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
    assert _reached(_noon(date(2026, 3, 4))) == ([], [])


def test_a_rung_is_reached_on_its_day_and_no_more_once_written() -> None:
    noon = _noon(date(2026, 3, 5))
    assert _reached(noon) == ([(-3, "officer")], [])
    assert _reached(noon, [(-3, "officer")]) == ([], [])


def test_a_day_begins_where_the_agency_is() -> None:
    midnight = datetime(2026, 3, 4, 18, tzinfo=UTC)
    assert _reached(midnight - timedelta(seconds=1)) == ([], [])
    assert _reached(midnight) == ([(-3, "officer")], [])


def test_after_an_outage_the_latest_speaks_to_each_audience_and_the_others_are_overtaken() -> None:
    assert _reached(_noon(date(2026, 3, 13))) == (
        [(1, "head"), (1, "officer"), (3, "coordinator")],
        [(-3, "officer"), (-1, "officer")],
    )


def test_what_was_missed_before_one_that_was_told_is_overtaken() -> None:
    told = [(1, "officer"), (1, "head"), (3, "coordinator")]
    assert _reached(_noon(date(2026, 3, 13)), told) == ([], [(-3, "officer"), (-1, "officer")])


@given(visits)
def test_whenever_the_worker_runs_each_rung_is_written_once_and_never_too_early(
    days: set[int],
) -> None:
    written: Keys = []
    for visit in sorted(days):
        on = DUE_ON + timedelta(days=visit - 10)
        told, overtaken = _reached(_noon(on), written)
        written += [*told, *overtaken]
        assert {key[1] for key in overtaken} <= {key[1] for key in written if key not in overtaken}
        reached = [rung.key for rung in ALL if rung_day(rung, DUE_ON, CALENDAR) <= on]
        assert sorted(written) == sorted(reached)


@given(visits)
def test_however_long_it_slept_everybody_hears_the_last_word(days: set[int]) -> None:
    written: Keys = []
    said: Keys = []
    for visit in [*sorted(days), 31]:
        told, overtaken = _reached(_noon(DUE_ON + timedelta(days=visit - 10)), written)
        written += [*told, *overtaken]
        said += told
    assert {(1, "officer"), (1, "head"), (3, "coordinator"), (5, "public")} <= set(said)


@given(st.integers(-15, 15))
def test_until_the_next_rung_nothing_is_due_and_then_something_is(days: int) -> None:
    now = _noon(DUE_ON + timedelta(days=days))
    written = [rung.key for rung in ALL if rung_day(rung, DUE_ON, CALENDAR) <= now.date()]
    at = next_rung_at(ALL, DUE_AT, now, CALENDAR, TZ)
    if at is None:
        assert len(written) == len(ALL)
    else:
        assert _reached(at - timedelta(seconds=1), written) == ([], [])
        assert _reached(at, written)[0]
