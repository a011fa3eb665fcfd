"""Transactions: a writer waits for the other one, and a request is saved whole or not at all."""

import sqlite3
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any

import pytest
from fastapi import Depends
from fastapi.responses import Response
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select
from starlette.testclient import TestClient

from consult.access import Actor
from consult.accounts.models import Agency
from consult.app import create_app
from consult.db import Database
from consult.errors import NotFound
from consult.platform import Platform
from consult.security import Allow, Db
from tests.conftest import START
from tests.factories import make_agency, make_person

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.engine.dispose()


def codes(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(session.exec(select(Agency.code)).all())


@SQLITE
def test_sqlite_is_set_up_for_many_readers_and_waiting_writers(database: Database) -> None:
    with database.reading() as session:
        settings = {
            name: session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        }
    assert settings == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "busy_timeout": 10_000,
        "synchronous": 2,  # FULL: what was told "saved" survives a power cut
    }


@SQLITE
def test_who_means_to_write_holds_the_pen_from_the_start(database: Database) -> None:
    impatient = sqlite3.connect(str(database.engine.url.database), timeout=0)
    with database.session(writes=True) as writer:
        writer.execute(text("SELECT 1"))  # nothing is written yet
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            impatient.execute("BEGIN IMMEDIATE")
    impatient.execute("BEGIN IMMEDIATE")
    impatient.close()


@SQLITE
def test_who_only_reads_stops_nobody(database: Database) -> None:
    with database.session(writes=False) as reader:
        reader.execute(text("SELECT count(*) FROM agency"))
        with database.writing() as session:
            make_agency(session)
        assert reader.exec(select(Agency)).all() == []  # as it was when reading began
    assert codes(database) == ["MOJ"]


def test_writers_at_once_wait_for_each_other_and_none_fails(database: Database) -> None:
    def add(n: int) -> None:
        with database.writing() as session:
            session.exec(select(Agency)).all()  # reads first, as every action does
            make_agency(session, f"A{n}")

    with ThreadPoolExecutor(4) as writers:
        list(writers.map(add, range(12)))
    assert len(codes(database)) == 12


def test_what_was_read_is_never_saved(database: Database) -> None:
    with database.reading() as session:
        make_agency(session)
    assert codes(database) == []


def test_what_breaks_off_is_taken_back(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add_all([make_agency(session), Agency(code="MOJ", names={}, created_at=START)])
    assert codes(database) == []


Anybody = Annotated[Actor, Depends(Allow("read"))]


def save(session: Db, _actor: Anybody) -> Response:
    make_agency(session)
    return Response("saved")


def refuse(session: Db, _actor: Anybody) -> Response:
    make_agency(session)
    raise NotFound("There is no such page.")


def break_off(session: Db, _actor: Anybody) -> Response:
    make_agency(session)
    raise LookupError("nobody foresaw this")


@pytest.fixture
def browser(platform: Platform) -> TestClient:
    """Talks to the application, which has three more pages."""
    app = create_app(platform)
    for route in (save, refuse, break_off):
        app.add_api_route(f"/test/{route.__name__}", route, methods=["GET", "POST"])
    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("page", "status", "saved"),
    [("save", 200, ["MOJ"]), ("refuse", 404, []), ("break_off", 500, [])],
)
def test_returning_saves_and_raising_takes_back(
    browser: TestClient, platform: Platform, page: str, status: int, saved: list[str]
) -> None:
    assert browser.post(f"/test/{page}").status_code == status
    assert codes(platform.database) == saved


def test_a_get_saves_nothing_even_if_a_page_tries(browser: TestClient, platform: Platform) -> None:
    assert browser.get("/test/save").status_code == 200
    assert codes(platform.database) == []


def test_nobody_is_told_saved_before_it_is(browser: TestClient, platform: Platform) -> None:
    seen: list[list[str]] = []

    async def watched(scope: Any, receive: Any, send: Any) -> None:
        async def look(message: Any) -> None:
            if message["type"] == "http.response.start":
                seen.append(codes(platform.database))
            await send(message)

        await browser.app(scope, receive, look)

    TestClient(watched).post("/test/save")
    assert seen == [["MOJ"]]


def test_a_session_made_for_the_request_is_closed_after_it(
    browser: TestClient, platform: Platform
) -> None:
    for page in ("save", "refuse", "break_off"):
        browser.post(f"/test/{page}")
    assert platform.database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_no_error_of_the_database_repeats_what_a_person_entered(database: Database) -> None:
    """Errors are logged with their traces, and kept with what failed."""
    name = region = "Zqname"
    with database.writing() as session:
        make_person(session, name)
    with pytest.raises(IntegrityError) as error, database.writing() as session:
        make_person(session, name, region=region)
    trace = "".join(traceback.format_exception(error.value)).casefold()
    assert "person" in trace
    assert "zqname" not in trace
