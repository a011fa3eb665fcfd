"""A year whose worker stood still twice ends as one in which it never did.

The script is in year_acts.py. Each time the worker looks twice; the second time changes nothing.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from shutil import copyfile

import pytest
from sqlalchemy import event

from consult.app import build_platform
from consult.config import Settings
from consult.platform import Platform
from consult.procedure.deadlines import last_day
from consult.procedure.packs import load_pack
from tests.conftest import TestClock
from tests.features.year import OUTAGES, Rung, Snapshot
from tests.features.year_acts import lived

TZ = load_pack("kg").tz


@pytest.fixture(scope="module")
def unbroken(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """The year of a worker that never stood still."""
    folder = tmp_path_factory.mktemp("unbroken")
    copyfile(sqlite_template, folder / "kenesh.db")
    settings = Settings(
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'kenesh.db'}",
        embedded_worker=False,
        jurisdiction="kg",
        default_lang="en",
    )
    platform = build_platform(settings, TestClock())
    with _hasty(platform) as hasty:
        yield lived(hasty, ())
    platform.database.engine.dispose()


@contextmanager
def _hasty(platform: Platform) -> Iterator[Platform]:
    """SQLite that does not wait for the disk: no power is cut here, and a year has many days."""

    def prepare(connection: object, _record: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute("PRAGMA synchronous=OFF")

    pool = platform.database.engine.pool  # its connections serve other tests too
    pool.dispose()
    event.listen(pool, "connect", prepare)
    yield platform
    event.remove(pool, "connect", prepare)
    pool.dispose()


@pytest.fixture
def broken(platform: Platform) -> Snapshot:
    """The same year with a worker that stood still over New Year, and for a week in May."""
    with _hasty(platform) as hasty:
        return lived(hasty, OUTAGES)


def _while_nobody_worked(at: datetime | None) -> bool:
    """Whether something happened in one of the outages, by the clock of the ministries."""
    on = at.astimezone(TZ).date() if at else date.min
    return any(first <= on <= last for first, last in OUTAGES)


def _was_put_off(year: Snapshot, rung: Rung) -> bool:
    """Whether the day of which a rung speaks was not the last word."""
    due_at = year.duties[rung[0]][1]
    return bool(last_day(due_at, TZ) != rung[3])


def _is_told_by(rung: Rung, notice: str) -> bool:
    key, days, audience, due_on = rung
    bundle = key.split(":comment:")[0].split(":issue:")[0]
    return notice.startswith(f"reminder:{bundle}:{due_on}:{days}:{audience}:")


def test_a_worker_that_stood_still_loses_nothing_and_does_nothing_twice(
    broken: Snapshot, unbroken: Snapshot
) -> None:
    assert broken.duties == unbroken.duties  # states, due dates, extensions, rules
    late = {key for key, at in broken.fulfilled.items() if at != unbroken.fulfilled[key]}
    assert all(key.startswith("commenter_notice:") for key in late)  # people were told later

    # Each rung is written, unless what it speaks of was settled or put off while nobody looked.
    # Where the calendar moved a date meanwhile, it speaks of the new one: once is enough.
    other = broken.rungs.keys() - unbroken.rungs.keys()
    assert {rung[:3] for rung in other} <= {rung[:3] for rung in unbroken.rungs}
    lost = unbroken.rungs.keys() - broken.rungs.keys()
    assert lost
    for rung in lost:
        assert _while_nobody_worked(unbroken.rungs[rung][0])
        assert _while_nobody_worked(unbroken.fulfilled[rung[0]]) or _was_put_off(unbroken, rung)

    # Everybody is told all the same, but for what a later rung has told them.
    overtaken = {rung for rung, (_, overtaken) in broken.rungs.items() if overtaken}
    assert overtaken
    assert not any(overtaken for _, overtaken in unbroken.rungs.values())
    assert all(_while_nobody_worked(unbroken.rungs[rung][0]) for rung in overtaken)
    for notice in broken.notices - unbroken.notices:
        assert any(_is_told_by(rung, notice) for rung in other), notice
    unsaid = {note for note in unbroken.notices if note.startswith("terms_moved:")}
    for notice in unbroken.notices - broken.notices - unsaid:  # what never was has not moved
        assert any(_is_told_by(rung, notice) for rung in lost | overtaken), notice


def test_the_year_has_something_of_everything(unbroken: Snapshot) -> None:
    states = {state for state, *_ in unbroken.duties.values()}
    assert states == {"planned", "running", "fulfilled", "cancelled"}
    late = {
        key
        for key, (_, due_at, *_) in unbroken.duties.items()
        if (done := unbroken.fulfilled[key]) and due_at and done >= due_at
    }
    assert {"report:3", "answer:1:comment:1", "half_year_report:2:2025-H2"} <= late
    assert unbroken.duties["report:5"][2] == 5  # extended
    assert "cancelled" in {unbroken.duties[key][0] for key in unbroken.duties if "comment" in key}
    assert {rung[2] for rung in unbroken.rungs} == {"officer", "head", "coordinator", "public"}
