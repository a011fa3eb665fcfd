"""What was there before there was a record enters it when an installation is brought up to date."""

import json
from collections import Counter
from pathlib import Path

from alembic import command
from sqlmodel import select

from consult.app import build_platform
from consult.checks import findings
from consult.config import Settings
from consult.db import Database
from consult.record.kinds import BEGUN
from consult.record.models import RecordEntry, RecordHead
from consult.record.queries import head_holds
from consult.record.verifying import verify
from consult.schema import _config, _keep_references, migrate
from consult.worker import drain
from tests.conftest import TestClock
from tests.factories import make_person, open_draft
from tests.features.test_migrating import at_revision, put

AT = "2026-03-02T04:00:00"
PERSON = {"email": "a@example.org", "name": "Aizada", "kind": "person", "organisation": ""}
COMMENT = {"consultation_id": 1, "draft_id": 1, "version_id": 1, "author_id": 1, "kind": "question"}
ROWS = (
    ("agency", {"id": 1, "code": "MOJ", "kind": "ministry", "names": "{}", "created_at": AT}),
    (
        "person",
        {"id": 1, **PERSON, "region": "", "lang": "en", "password_hash": "", "created_at": AT},
    ),
    (
        "draft",
        {"id": 1, "agency_id": 1, "act_type": "law", "topic": "", "attributes": "[]"}
        | {"titles": "{}", "summaries": "{}", "stage": "open", "created_at": AT}
        | {"published_at": AT},
    ),
    (
        "draft_version",
        {"id": 1, "draft_id": 1, "n": 1, "note": "{}", "titles": "{}", "summaries": "{}"}
        | {"langs": '["en"]', "created_at": AT, "published_at": AT},
    ),
    (
        "provision",
        {"id": 1, "version_id": 1, "lang": "en", "wid": "art_1", "eid": "art_1", "parent_eid": ""}
        | {"position": 0, "depth": 0, "kind": "article", "number": "1", "label": "Article 1"}
        | {"heading": "", "text": "A library.", "text_hash": "00"},
    ),
    (
        "consultation",
        {"id": 1, "draft_id": 1, "version_id": 1, "round": 1, "opens_at": AT}
        | {"closes_at": "2026-12-02T04:00:00", "opened_at": AT, "exception_basis": ""},
    ),
    *(
        (
            "comment",
            {"id": n, "receipt": f"K-2026-00000{n}", **COMMENT, "wid": "", "anchor_lang": ""}
            | {"quote": "", "quote_prefix": "", "quote_suffix": "", "parent_id": parent}
            | {"stance": "neutral", "lang": "en", "channel": "web", "body": f"Why {n}?"}
            | {"proposed": "", "body_hash": "00", "created_at": AT}
            | {"for_n": 0, "against_n": 0, "replies_n": 0},
        )
        for n, parent in ((1, None), (2, 1))
    ),
    (
        "moderation_act",
        {"id": 1, "comment_id": 2, "act": "keep", "reason": "It may stand.", "note": ""}
        | {"actor_id": 1, "acted_at": AT},
    ),
)
PROBLEM = {
    "id": 1,
    "draft_id": 1,
    "wid": "",
    "lang": "en",
    "body": "It is shut.",
    "author_id": 1,
} | {"created_at": AT, "answer": "", "answer_lang": "", "hidden_reason": ""}


def back_at_revision(database: Database, revision: str) -> None:
    config = _config()
    with database.engine.connect() as connection:
        _keep_references(connection, on=False)
        with connection.begin():
            config.attributes["connection"] = connection
            command.downgrade(config, revision)
        _keep_references(connection, on=True)


def test_an_old_installation_gets_a_record_of_what_it_holds(
    tmp_path: Path, clock: TestClock
) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    database = Database(url)
    at_revision(database, "0003")
    with database.engine.begin() as connection:
        for table, row in ROWS:
            put(connection, table, row)
    migrate(database.engine)
    database.engine.dispose()
    settings = Settings(data_dir=tmp_path / "var", database_url=url, embedded_worker=False)
    platform = build_platform(settings, clock)
    with platform.database.reading() as session:
        assert head_holds(session)  # empty, as it should be
    drain(platform, clock.now)
    with platform.database.steady() as session:
        kinds = session.exec(select(RecordEntry.kind).order_by(RecordEntry.number)).all()
        adopted = kinds[: kinds.index(BEGUN)]
        assert Counter(adopted)["comment"] == 2
        assert {"version", "moderation"} < set(adopted)
        first = session.exec(select(RecordEntry.payload)).first()
        said = json.loads(first or "")
        assert (said["facts"]["created_at"], said["at"]) == (f"{AT}+00:00", clock.now.isoformat())
        assert verify(session, {}).entries == len(kinds)
        assert head_holds(session)
    with platform.database.writing() as session:
        head = session.exec(select(RecordHead).order_by(RecordHead.size.desc())).first()  # type: ignore[attr-defined]
        assert head is not None
        head.root = "0" * 64
    with platform.database.reading() as session:
        assert not head_holds(session)
    broken = [one.text for one in findings(platform) if one.serious]
    assert "The public record is broken: run `consult verify-record`." in broken
    platform.database.engine.dispose()


def test_problems_reported_before_the_record_spoke_of_them_enter_it_later(
    tmp_path: Path, clock: TestClock
) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    settings = Settings(data_dir=tmp_path / "var", database_url=url, embedded_worker=False)
    migrate(Database(url).engine)
    platform = build_platform(settings, clock)
    with platform.database.writing() as session:
        open_draft(session)
        make_person(session)
    drain(platform, clock.now)  # so that the record has begun
    back_at_revision(platform.database, "0012")
    with platform.database.engine.begin() as connection:
        put(connection, "problem", PROBLEM)
    migrate(platform.database.engine)
    with platform.database.steady() as session:
        assert verify(session, {}).waiting == 1
    drain(platform, clock.now)
    with platform.database.steady() as session:
        problem = select(RecordEntry.payload).where(RecordEntry.kind == "problem")
        assert json.loads(session.exec(problem).one())["facts"]["created_at"] == f"{AT}+00:00"
        assert verify(session, {}).waiting == 0
    platform.database.engine.dispose()
