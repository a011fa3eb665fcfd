"""An installation that holds data is brought up to the newest schema without losing any of it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import Connection, text
from sqlmodel import Session, col, select

from consult.account_events import PasswordResetAsked
from consult.accounts.models import Person
from consult.db import Database
from consult.law.queries import law_of
from consult.moderation.appealing import appeal
from consult.moderation.models import CommentFlag, ModerationAct
from consult.obligations.ledger.rules import Kind
from consult.obligations.models import Obligation, ObligationEvent
from consult.obligations.queries import computations, ledger
from consult.obligations.writing import Line, rule_of, write_many
from consult.outbox import Delivery, OutboxEvent, revive
from consult.platform import Platform
from consult.schema import _config, _keep_references, is_current, migrate
from tests.conftest import TestClock
from tests.duties import make_case, rule_with
from tests.factories import make_person
from tests.moderated import moderated

BEFORE = "2026-03-02T04:00:00"
TRACE = [{"on": "2026-03-03", "counted": True, "code": "working", "text": "-", "params": {}}]
DUE = {"due_on": "2026-03-03", "due_at": "2026-03-03T18:00:00+00:00", "preliminary": True}
ROWS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("agency", {"id": 1, "code": "MOJ", "kind": "ministry", "names": "{}", "created_at": BEFORE}),
    (
        "obligation",
        {"id": 7, "key": "report:1", "duty": "report", "rule_code": "kg-report", "agency_id": 1}
        | {"state": "running", "preliminary": True, "due_at": BEFORE},
    ),
    (
        "obligation_event",
        {"id": 1, "obligation_id": 7, "seq": 1, "kind": "created", "at": BEFORE, "data": "{}"},
    ),
    (
        "obligation_event",
        {"id": 2, "obligation_id": 7, "seq": 2, "kind": "triggered", "at": BEFORE}
        | {"data": json.dumps({**DUE, "trace": TRACE})},
    ),
    (
        "reminder_sent",
        {"obligation_id": 7, "rung": -1, "audience": "officer", "due_on": "2026-03-03"}
        | {"sent_at": BEFORE},
    ),
)


def at_revision(database: Database, revision: str) -> None:
    config = _config()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def put(connection: Connection, table: str, row: dict[str, Any]) -> None:
    names = ", ".join(row)
    values = ", ".join(f":{name}" for name in row)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)


def test_duties_of_before_keep_their_ledger_their_reminders_and_their_traces(
    tmp_path: Path,
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.db'}")
    at_revision(database, "0002")
    with database.engine.begin() as connection:
        for table, row in ROWS:
            put(connection, table, row)
    migrate(database.engine)
    assert is_current(database.engine)
    with database.reading() as session:
        created, triggered = ledger(session, 7)
        assert (created.data, triggered.data) == ({}, DUE)
        (computed,) = computations(session, 7)
        assert (computed.seq, computed.trace, computed.preliminary) == (2, TRACE, True)
        assert session.execute(text("SELECT overtaken FROM reminder_sent")).all() == [(0,)]
        assert session.execute(text("PRAGMA foreign_keys")).scalar() == 1
    database.engine.dispose()


def test_a_duty_of_before_goes_on_by_the_rule_its_next_line_was_counted_by(
    platform: Platform, clock: TestClock
) -> None:
    case = make_case(platform, clock)
    case.close()
    with platform.database.writing() as session:  # as the migration leaves it, after a downgrade
        duty = session.get_one(Obligation, case.duty("report").id)
        duty.rule_version_id = None
        last = session.exec(
            select(ObligationEvent).where(
                ObligationEvent.obligation_id == duty.id, ObligationEvent.kind == "triggered"
            )
        ).one()
        last.seq += 1
        session.add_all((duty, last))
    with platform.database.writing() as session:
        duty = session.get_one(Obligation, case.duty("report").id)
        line = Line(Kind.ASSIGNED, clock.now, {"officer_id": case.people["Olga"].id})
        write_many(session, law_of(session, platform.pack), [(duty, [line])], clock.now)
    edited = rule_with(platform.pack, case.duty("report").rule_code, amount=3)
    with platform.database.reading() as session:
        duty = session.get_one(Obligation, case.duty("report").id)
        assert [line.seq for line in ledger(session, duty.id or 0)] == [1, 3, 4]
        assert rule_of(session, law_of(session, edited), duty).amount == 20


def test_what_is_in_use_can_go_back_to_0003_and_come_again(
    platform: Platform, clock: TestClock
) -> None:
    scene = moderated(platform, clock)
    redacted = scene.moderate("redact", "Asan Usonov")
    held = scene.moderate("hold")
    with platform.database.writing() as session:
        actor, act = scene.actor(session, "Aizada"), session.get_one(ModerationAct, redacted)
        more = {"law": scene.law(session), "now": clock.now}
        appeal(session, actor=actor, act=act, comment=scene.comment(session), reason="No.", **more)
        asel = Person(name="Asel", lang="ky", password_hash="", created_at=clock.now)
        session.add(asel)  # she sent a letter
        reader = session.exec(select(Person.id).where(Person.name == "Reader")).one()
        flag = {"comment_id": scene.comment_id, "person_id": reader, "reason": "personal_data"}
        session.add(CommentFlag(**flag, flagged_at=clock.now, act_id=redacted))
    with rolled_back(platform.database) as connection:

        def told(query: str) -> list[Any]:
            return [tuple(row) for row in connection.execute(text(query))]

        config = _config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0003")
        assert told("SELECT id, act FROM moderation_act") == [(held, "hide")]
        assert told("SELECT act_id FROM comment_flag") == [(None,)]
        assert told("SELECT id FROM person WHERE email LIKE '%@invalid' AND name = 'Asel'")
        command.upgrade(config, "head")
        assert told("SELECT id FROM comment WHERE hidden_at IS NULL") == []  # what was held


def test_who_asked_for_a_new_password_before_is_answered_and_leaves_no_link(
    platform: Platform, clock: TestClock
) -> None:
    with platform.database.writing() as session:
        person = make_person(session)
        for n in range(2):  # the first was answered
            payload = {"person_id": person.id, "reset_path": "/reset/secret" if n else ""}
            row = OutboxEvent(name="PasswordResetAsked", payload=payload, occurred_at=clock.now)
            session.add(row)
            session.flush()
            done = None if n else clock.now
            about = {"event_id": row.id or 0, "handler": "mail_reset", "due_at": clock.now}
            session.add(Delivery(**about, done_at=done))
    with rolled_back(platform.database) as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0004")
        command.upgrade(config, "head")
        with Session(connection) as session:
            asked = session.exec(select(OutboxEvent).order_by(col(OutboxEvent.id))).all()
            assert [revive(row) for row in asked if row.name == "PasswordResetAsked"] == [
                PasswordResetAsked(""),
                PasswordResetAsked(person.email or ""),
            ]


@contextmanager
def rolled_back(database: Database) -> Iterator[Connection]:
    """A transaction that changes tables, and leaves nothing behind."""
    lite = database.engine.dialect.name == "sqlite"
    with database.engine.execution_options(writes=True).connect() as connection:
        if lite:
            _keep_references(connection, on=False)
        with connection.begin() as transaction:
            yield connection
            if lite:
                assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            transaction.rollback()
