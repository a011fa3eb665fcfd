"""What many tests begin with: made once a process, put back for every other test.

What is kept is all that an installation is: its rows, the files in its data folder, its clock.
Making it anew takes a second or ten; putting it back, some milliseconds.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Protocol, TypeVar, cast

from psycopg import Connection
from sqlalchemy import Engine, exists, select

from consult.accounts.models import Agency, Person
from consult.platform import Platform
from consult.procedure.packs import load_pack
from consult.schema import METADATA
from tests.conftest import TestClock

PutBack = Callable[[Engine], None]
Made = TypeVar("Made")


class Scene(Protocol):
    """A dataclass of an installation, its clock and people by their names in the test."""

    platform: Platform
    clock: TestClock
    people: dict[str, Person]


S = TypeVar("S", bound=Scene)


@dataclass(frozen=True)
class Beginning:
    """An installation as it was left, and what its maker returned."""

    put_rows_back: PutBack
    files: Path
    clock: TestClock
    made: Any


_kept: dict[tuple[str, ...], Beginning] = {}


def kept(make: Callable[..., S]) -> Callable[..., S]:
    """A maker of scenes whose work is done once for the same arguments."""

    @wraps(make)
    def scene(platform: Platform, clock: TestClock, *args: Any, **more: Any) -> S:
        def done() -> tuple[S, dict[str, int]]:
            made = make(platform, clock, *args, **more)
            return made, {name: person.id or 0 for name, person in made.people.items()}

        made, ids = begin(platform, f"{make.__module__}.{make.__name__} {args} {more}", done)
        with platform.database.reading() as session:  # what one does to its people is its own
            people = {name: session.get_one(Person, id_) for name, id_ in ids.items()}
        here = replace(platform, pack=made.platform.pack)  # the scene may go by rules of its own
        return replace(made, platform=here, clock=clock, people=people)  # type: ignore[type-var]

    return scene


def begin(platform: Platform, name: str, make: Callable[[], Made]) -> Made:
    """What `make` returns, made here; or what it returned once, with all that it left behind.

    Where it begins with something, it is made here.
    """
    engine, clock, settings = platform.database.engine, platform.clock, platform.settings
    assert isinstance(clock, TestClock)
    if not _is_empty(engine):
        return make()
    chosen = settings.model_dump(exclude={"data_dir", "database_url"})
    own = platform.pack is not load_pack(settings.jurisdiction)
    rules = platform.pack.model_dump_json() if own else ""
    key = (name, engine.dialect.name, str(clock.now), str(chosen), rules)
    if (known := _kept.get(key)) is None:
        made = make()
        files = Path(mkdtemp(dir=settings.data_dir.parent.parent, prefix="beginning-"))
        shutil.copytree(settings.data_dir, files, dirs_exist_ok=True)
        _kept[key] = Beginning(KEEP[engine.dialect.name](engine), files, TestClock(clock.now), made)
        return made
    known.put_rows_back(engine)
    shutil.copytree(known.files, settings.data_dir, dirs_exist_ok=True)
    clock.now = known.clock.now
    return cast("Made", known.made)


def _is_empty(engine: Engine) -> bool:
    with engine.connect() as connection:
        return not connection.scalar(select(exists(select(Person.id)) | exists(select(Agency.id))))


def _keep_file(engine: Engine) -> PutBack:
    """Of SQLite the file itself."""
    live = Path(engine.url.database or "")
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")  # a checkpoint is no part of a transaction
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = Path(mkdtemp(dir=live.parent, prefix="beginning-")) / live.name
    shutil.copyfile(live, copy)

    def put_back(engine: Engine) -> None:
        engine.dispose()
        for beside in live.parent.glob(f"{live.name}-*"):
            beside.unlink()
        shutil.copyfile(copy, live)

    return put_back


def _keep_rows(engine: Engine) -> PutBack:
    """Of PostgreSQL what COPY gives of each table, and how far its sequence had counted."""
    rows: dict[str, bytes] = {}
    counted: dict[str, tuple[int, bool]] = {}
    with engine.connect() as connection:
        cursor = _driver(connection.connection.driver_connection).cursor()
        for table in METADATA.sorted_tables:
            with cursor.copy(f'COPY "{table.name}" TO STDOUT') as copy:
                if content := b"".join(bytes(part) for part in copy):
                    rows[table.name] = content
            if table.autoincrement_column is not None and table.name in rows:
                cursor.execute(f'SELECT last_value, is_called FROM "{table.name}_id_seq"')
                counted[table.name] = cursor.fetchone()

    def put_back(engine: Engine) -> None:
        with engine.begin() as connection:
            cursor = _driver(connection.connection.driver_connection).cursor()
            cursor.execute("SET LOCAL session_replication_role = replica")  # in any order
            for name, content in rows.items():
                with cursor.copy(f'COPY "{name}" FROM STDIN') as copy:
                    copy.write(content)
            for name, (value, is_called) in counted.items():
                cursor.execute("SELECT setval(%s, %s, %s)", (f"{name}_id_seq", value, is_called))

    return put_back


def _driver(connection: object) -> "Connection[Any]":
    assert isinstance(connection, Connection)
    return connection


KEEP: dict[str, Callable[[Engine], PutBack]] = {"sqlite": _keep_file, "postgresql": _keep_rows}
