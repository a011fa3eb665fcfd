"""The tables: migrations make exactly what the models say, and each refuses what it must."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.exc import IntegrityError

from consult.db import Database
from consult.schema import METADATA, is_current, migrate
from tests.conftest import START

TABLES = METADATA.sorted_tables
CHECKS = [c for table in TABLES for c in table.constraints if isinstance(c, CheckConstraint)]
UNIQUE = [c for table in TABLES for c in table.constraints if isinstance(c, UniqueConstraint)]

# What a row must be changed to so that a CHECK other than "one of these words" refuses it.
BROKEN: dict[str, dict[str, Any]] = {
    "ck_comment_body_not_empty": {"body": ""},
    "ck_consultation_closes_after_opening": {"closes_at": START - timedelta(days=99)},
    "ck_consultation_extension_later_only": {"old_closes_at": START + timedelta(days=99)},
    "ck_disposition_one_subject": {"issue_id": 1, "comment_id": 1},
    "ck_invitation_for_one_thing": {"organisation_id": 1, "role": "officer"},
    "ck_exchange_system_second_person": {"made_by": 1, "permitted_by": 1},
    "ck_hearing_ends_after_beginning": {"ends_at": START - timedelta(days=99)},
    "ck_hearing_seats_known": {"seats": 0},
    "ck_internal_note_one_subject": {"issue_id": 1, "comment_id": 1},
    "ck_moderation_act_one_subject": {"comment_id": 1, "problem_id": 1},
    "ck_poll_question_position_known": {"position": 6},
    "ck_plan_item_started_has_draft": {"state": "started", "draft_id": None},
    "ck_proposal_needed_positive": {"needed": 0},
    "ck_vote_value_known": {"value": 0},
}
# What else such a row must be, or must not be the same twice.
ELSE: dict[str, dict[str, Any]] = {"uq_disposition_issue_id": {"comment_id": None}}
VALID: dict[str, dict[str, Any]] = {
    "agency": {"parent_id": 99},  # not itself
    "consultation": {"closes_at": START + timedelta(days=99)},
    "consultation_extension": {"new_closes_at": START + timedelta(days=9)},
    "disposition": {"issue_id": None},
    "exchange_system": {"permitted_by": None},
    "hearing": {"ends_at": START + timedelta(days=99)},
    "internal_note": {"issue_id": None},
    "invitation": {"organisation_id": None},
    "moderation_act": {"problem_id": None, "answer_id": None, "subject": ""},
    "vote": {"value": 1},
}


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    """A connection to empty tables."""
    database = Database(database_url)
    with database.engine.connect() as connection:
        yield connection
    database.engine.dispose()


def without_parents(connection: Connection) -> None:
    """Rows need no rows they point to: here one table is looked at, not how they hang together."""
    if connection.dialect.name == "sqlite":
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
    else:
        connection.execute(text("SET session_replication_role = replica"))


def words_allowed(column: Column[Any]) -> list[str]:
    """The words a CHECK lets into a column, if there is one."""
    for check in CHECKS:
        if check.table is column.table and str(check.name).endswith(f"_{column.name}_known"):
            return re.findall(r"'(\w+)'", str(check.sqltext))
    return []


def value(column: Column[Any], n: int) -> Any:
    """Something a column takes; another n, another value."""
    allowed = words_allowed(column)
    if allowed:
        return allowed[n % len(allowed)]
    day = START + timedelta(days=n)
    by_type = {
        "AutoString": f"x{n}",
        "UTCDateTime": day,
        "Date": day.date(),
        "JSON": {},
        "Boolean": True,
        "LargeBinary": b"x",
    }
    return by_type.get(type(column.type).__name__, n)


def row(table: Table, n: int = 1, **given: Any) -> dict[str, Any]:
    return {c.name: value(c, n) for c in table.columns} | VALID.get(table.name, {}) | given


def test_the_migrations_make_exactly_the_tables_of_the_models(connection: Connection) -> None:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    assert compare_metadata(context, METADATA) == []


def test_migrating_twice_is_migrating_once(database_url: str) -> None:
    database = Database(database_url)
    assert is_current(database.engine)
    migrate(database.engine)
    assert is_current(database.engine)
    database.engine.dispose()


def test_a_database_that_was_never_migrated_is_not_current(tmp_path: Any) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    assert not is_current(database.engine)
    database.engine.dispose()


def test_a_row_in_order_is_taken(connection: Connection) -> None:
    without_parents(connection)
    for table in TABLES:
        connection.execute(table.insert(), [row(table, 1), row(table, 2)])


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.name))
def test_a_value_that_means_nothing_is_refused(
    connection: Connection, check: CheckConstraint
) -> None:
    without_parents(connection)
    name = str(check.name)
    column = name.removeprefix(f"ck_{check.table.name}_").removesuffix("_known")
    broken = BROKEN.get(name) or {column: "nonsense"}
    with pytest.raises(IntegrityError, match=name):
        connection.execute(check.table.insert(), row(check.table, **broken))


@pytest.mark.parametrize("unique", UNIQUE, ids=lambda unique: str(unique.name))
def test_what_there_may_be_once_is_refused_the_second_time(
    connection: Connection, unique: UniqueConstraint
) -> None:
    without_parents(connection)
    first = row(unique.table, 1)
    same = {column.name: first[column.name] or 1 for column in unique}
    same |= ELSE.get(str(unique.name), {})
    connection.execute(unique.table.insert(), first | same)
    with pytest.raises(IntegrityError, match=f"{unique.name}|{unique.table.name}."):
        connection.execute(unique.table.insert(), row(unique.table, 2) | same)


def test_nothing_hangs_on_what_does_not_exist(connection: Connection) -> None:
    for table in TABLES:
        if table.foreign_keys:
            with pytest.raises(IntegrityError, match=r"(?i)foreign key"), connection.begin_nested():
                connection.execute(table.insert(), row(table))
