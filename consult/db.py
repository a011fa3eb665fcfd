"""The database: engine, transactions, column helpers. No model of a feature lives here."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Connection,
    CursorResult,
    Engine,
    ExceptionContext,
    Result,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

# Named constraints, so that a later migration can address each on both databases.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

JSON_TYPE: type[JSON] = JSON
BUSY_TIMEOUT_MS = 10_000


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """A CHECK that `column` holds one of `values`: table models do not validate what they get."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def make_engine(url: str) -> Engine:
    """An engine for SQLite or PostgreSQL; creates the folder of an SQLite file."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(
            parsed,
            connect_args={"check_same_thread": False},
            pool_size=16,
            max_overflow=16,
            hide_parameters=True,
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = create_engine(
        parsed, pool_size=8, max_overflow=8, pool_pre_ping=True, hide_parameters=True
    )
    event.listen(engine, "handle_error", _hide_values)
    return engine


def _hide_values(context: ExceptionContext) -> None:
    """Errors are logged: PostgreSQL repeats in one which value, an address say, was there before.

    (SQLite does not, and what a statement was given is left out by `hide_parameters`.)
    """
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args:
            said, *more = error.args
            error.args = (str(said).partition("\nDETAIL:")[0], *more)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun below, by us
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # who was told "saved" finds it after a power cut
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "foreign_keys=ON",
        "secure_delete=ON",  # what was deleted is written over, not only left out
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that turns to writing fails at once in spite of busy_timeout,
    # so whoever means to write says so from the start.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class Database:
    """Hands out sessions: `reading()` never commits, `writing()` does unless an error leaves it."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        self._writer = self.engine.execution_options(writes=True)

    def session(self, *, writes: bool) -> Session:
        """A bare session; the caller commits and closes it."""
        return Session(self._writer if writes else self.engine, expire_on_commit=False)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.session(writes=False) as session:
            yield session

    @contextmanager
    def steady(self) -> Iterator[Session]:
        """Reads that all see the database as it was at the first of them (SQLite's always do)."""
        with self.reading() as session:
            if self.engine.dialect.name == "postgresql":
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self.session(writes=True) as session:
            yield session
            session.commit()

    def overwrite(self) -> None:
        """Let what was deleted go from the files too, as far as that is up to us.

        SQLite keeps pages as they were in its log until that is begun anew; while somebody reads
        it, that waits for another time. PostgreSQL overwrites by itself (VACUUM).
        """
        if self.engine.dialect.name != "sqlite":
            return
        with self.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")  # a checkpoint is no part of a transaction
            connection.exec_driver_sql("PRAGMA busy_timeout=1000")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def upsert(session: Session, table: type[SQLModel]) -> Any:
    """An INSERT that may say ON CONFLICT, in the words of the database that is used."""
    lite = session.get_bind().dialect.name == "sqlite"
    return (sqlite if lite else postgresql).insert(table)


def affected(result: Result[Any]) -> int:
    """How many rows a changing statement reached: a claim that reached none was not won."""
    return cast("CursorResult[Any]", result).rowcount


def text_in(names: dict[str, Any], lang: str, fallbacks: tuple[str, ...] = ()) -> tuple[str, str]:
    """`(text, its language)` from a {lang: text} column: the wished language, else the first."""
    for wanted in (lang, *fallbacks, *names):
        if names.get(wanted):
            return str(names[wanted]), wanted
    return "", lang
