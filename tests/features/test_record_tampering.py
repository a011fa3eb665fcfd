"""Whoever changes anything behind the application's back is found, and what they changed named."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Column, Table, func, text
from sqlmodel import Session, SQLModel, select

from consult.adoption.practice.models import ReviewFinding
from consult.chambers.sittings.models import SittingItem
from consult.chambers.voting.models import RollCallVote
from consult.obligations.models import ObligationEvent
from consult.platform import Platform
from consult.record.kinds import KINDS
from consult.record.models import RecordEntry, RecordHead, RecordNode, RecordSalt
from consult.record.queries import root_of
from consult.record.sources import SOURCES
from consult.record.tree import GrowingTree, leaf_hash
from consult.record.verifying import Broken, Verified, verify
from consult.reports.models import ReportLine
from consult.schema import METADATA
from drafts.models import Provision
from tests.conftest import TestClock
from tests.features.test_schema import value, words_allowed
from tests.recorded import make_recorded

# Columns the record says nothing of, and why.
LEFT_OUT = {
    "comment": {
        *("for_n", "against_n", "disputed_n", "signed_n", "replies_n", "files_n"),  # counted
        *("identified_for_n", "identified_against_n"),
        "answered_at",  # that of its answer
    },
    "answer": {"returned_note"},  # between two officers, and never public
    "duty": {"remind_at"},  # the scheduler's own
    "hearing": {"reminded_at"},  # likewise
    # Counted; and what the act of the moderator says.
    "proposal": {"supporters", "identified", "hidden_by", "hidden_reason"},
    "proposal_answer": {"returned_note"},  # between two officers, and never public
    "question": {"wishes_n", "hidden_by", "hidden_reason"},
    "question_answer": {"note"},  # between two officers, and never public
}
# Rows that are part of what an entry of another row says.
PARTS: dict[str, type[SQLModel]] = {
    "duty": ObligationEvent,
    "version": Provision,
    "report": ReportLine,
    "review": ReviewFinding,
    "roll_call": RollCallVote,
    "sitting": SittingItem,
}
PART_OF = {
    "duty": "obligation_id",
    "version": "version_id",
    "opinion_vote": "opinion_id",  # an entry of its own, as soon as that one is decided
    **{kind: f"{kind}_id" for kind in ("report", "review", "roll_call", "sitting")},
}


@pytest.fixture
def session(platform: Platform, clock: TestClock) -> Iterator[Session]:
    """An installation whose constraints are off: a change goes straight to the row."""
    make_recorded(platform, clock)
    with platform.database.session(writes=False) as session:
        driver: Any = session.connection().connection.dbapi_connection
        driver.execute("ROLLBACK")
        driver.execute("PRAGMA foreign_keys=OFF")
        driver.execute("PRAGMA ignore_check_constraints=ON")
        driver.execute("BEGIN IMMEDIATE")
        yield session
        session.rollback()
        driver.execute("PRAGMA ignore_check_constraints=OFF")


pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def found(session: Session, **kept: Any) -> str:
    """What verifying names; everything is as it was afterwards."""
    try:
        verify(session, kept.get("kept", {}))
    except Broken as broken:
        return str(broken)
    return ""


def other(column: Column[Any], now: Any) -> Any:
    """Another value of a column."""
    allowed = words_allowed(column)
    if allowed:
        return [word for word in allowed if word != now][-1]
    if now is None:
        return value(column, 77_777)
    if isinstance(now, bool):
        return not now
    if isinstance(now, datetime | date):
        return now + timedelta(days=1)
    if isinstance(now, int):
        return now + 100_000
    return {"other": 1} if isinstance(now, dict | list) else f"{now}0"


def a_row(session: Session, table: Table, **given: Any) -> dict[str, Any]:
    query = table.select().order_by(*table.primary_key).limit(1)
    for name, wanted in given.items():
        query = query.where(table.c[name] == wanted)
    row = session.execute(query).mappings().one()
    return dict(row)


def matching(table: Table, row: dict[str, Any]) -> Any:
    return [column == row[column.name] for column in table.primary_key]


def tampered(
    session: Session, table: Table, row: dict[str, Any], parent: str = ""
) -> Iterator[tuple[str, str]]:
    """(What was done, what is found) for a change of each column of a row, its loss, another."""
    for column in table.columns:
        with session.begin_nested() as back:
            changed = {column.name: other(column, row[column.name])}
            session.execute(table.update().where(*matching(table, row)).values(changed))
            yield column.name, found(session)
            back.rollback()
    with session.begin_nested() as back:
        session.execute(table.delete().where(*matching(table, row)))
        yield "deleted", found(session)
        back.rollback()
    with session.begin_nested() as back:
        once = [u for u in table.constraints if "Unique" in type(u).__name__]
        unique = [c for u in (*once, *(i for i in table.indexes if i.unique)) for c in u.columns]
        names = {column.name for column in (*table.primary_key, *unique)} - {parent}
        also = {name: other(table.c[name], row[name]) for name in names}
        session.execute(table.insert().values(row | also))
        yield "inserted", found(session)
        back.rollback()


def recorded_row(session: Session, kind: str) -> dict[str, Any]:
    table = METADATA.tables[SOURCES[kind].model.__tablename__]
    number = session.exec(
        select(func.min(RecordEntry.row_id)).where(RecordEntry.kind == kind)
    ).one()
    assert number is not None, f"nothing of the kind {kind} was recorded"
    return a_row(session, table, id=number)


def test_untouched_it_holds(session: Session) -> None:
    held = verify(session, {})
    assert isinstance(held, Verified)
    assert held.entries > 20
    assert held.waiting == 0
    assert held.root == root_of(session, held.entries)


def test_every_column_of_every_recorded_row_is_guarded(session: Session) -> None:
    missed = []
    for kind, source in SOURCES.items():
        row = recorded_row(session, kind)
        table, parent = METADATA.tables[source.model.__tablename__], PART_OF.get(kind, "")
        for done, named in tampered(session, table, row, parent):
            if done in LEFT_OUT.get(kind, set()):
                assert named == "", f"{kind}.{done} is guarded: take it off the list"
                continue
            whole = f"{kind} " if done in ("id", "inserted") else f"{kind} {row['id']}"
            if not named.startswith(whole):
                missed.append((kind, done, named))
    assert not missed
    assert found(session) == ""


def test_so_is_every_line_of_a_ledger_and_every_provision(session: Session) -> None:
    missed = []
    for kind, model in PARTS.items():
        table = METADATA.tables[model.__tablename__]
        row = a_row(session, table, **{PART_OF[kind]: recorded_row(session, kind)["id"]})
        for done, named in tampered(session, table, row, PART_OF[kind]):
            if done != "id" and not named.startswith(f"{kind} "):
                missed.append((kind, done, named))
    assert not missed


def test_so_is_the_record_itself(session: Session) -> None:
    missed = []
    for model in (RecordEntry, RecordSalt, RecordNode, RecordHead):
        table = METADATA.tables[model.__tablename__]
        for done, named in tampered(session, table, a_row(session, table)):
            if not named.startswith(
                ("entry ", "salt ", "node ", "head ", "heads", "nodes", "salts")
            ):
                missed.append((table.name, done, named))
    assert not missed


def test_what_waits_in_the_outbox_is_excused_and_only_that(
    session: Session, platform: Platform
) -> None:
    comment = recorded_row(session, "comment")["id"]
    session.execute(
        text("UPDATE comment SET body = 'Other words.' WHERE id = :id"), {"id": comment}
    )
    where = f"comment {comment}, entry {last_entry(session, comment)}"
    assert found(session) == f"{where}: its words differ from the record"
    event = session.execute(
        text("SELECT min(id) FROM outbox_event WHERE name = 'CommentSubmitted'")
    ).scalar_one()
    waits = text(
        "UPDATE outbox_delivery SET done_at = NULL WHERE event_id = :id AND handler = 'keep_record'"
    )
    session.execute(waits, {"id": event})
    assert found(session) == ""
    assert verify(session, {}).waiting >= 1
    given_up = text("UPDATE outbox_delivery SET parked_at = due_at WHERE done_at IS NULL")
    session.execute(given_up)
    assert "comment" in found(session)


def last_entry(session: Session, comment_id: int) -> int:
    mine = select(func.max(RecordEntry.number)).where(
        RecordEntry.kind == "comment", RecordEntry.row_id == comment_id
    )
    return session.exec(mine).one()


def rewrite(session: Session, number: int, old: str, new: str) -> None:
    """Change an entry and everything that hangs on it, as a skilled forger would."""
    entries = session.exec(select(RecordEntry).order_by(RecordEntry.number)).all()
    entries[number].payload = entries[number].payload.replace(old, new)
    session.execute(text("DELETE FROM record_node"))
    tree = GrowingTree()
    for entry in entries:
        leaf = leaf_hash(entry.payload.encode())
        entry.leaf = leaf.hex()
        for (level, place), found_hash in tree.add(leaf):
            session.add(RecordNode(level=level, place=place, hash=found_hash.hex()))
        if head := session.get(RecordHead, tree.size):
            head.root = tree.root.hex()
    session.flush()


def test_a_record_rewritten_as_a_whole_is_found_by_a_head_somebody_kept(session: Session) -> None:
    size = verify(session, {}).entries
    kept = {size - 3: {root_of(session, size - 3)}}
    assert found(session, kept=kept) == ""
    answer = recorded_row(session, "answer")
    number = session.exec(
        select(RecordEntry.number).where(
            RecordEntry.kind == "answer", RecordEntry.row_id == answer["id"]
        )
    ).one()
    rewrite(session, number, f'"outcome":"{answer["outcome"]}"', '"outcome":"out_of_scope"')
    session.execute(
        text("UPDATE disposition SET outcome = 'out_of_scope' WHERE id = :id"), {"id": answer["id"]}
    )
    assert found(session) == ""  # by itself it looks right
    assert found(session, kept=kept).startswith(f"head {size - 3}: ")
    assert found(session, kept={size + 1: {"00"}}).startswith(f"head {size + 1}: ")


def test_every_column_is_either_recorded_or_left_out_for_a_reason(session: Session) -> None:
    for kind, source in SOURCES.items():
        fields = KINDS[kind]
        said = {*fields.facts, *fields.words, *fields.private, *LEFT_OUT.get(kind, ())}
        assert {c.name for c in source.model.__table__.columns} == said | {"id"}, kind
