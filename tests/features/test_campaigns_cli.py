"""`consult campaigns`: the two counts and every cluster, as data or in a table."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from consult.app import build_platform
from consult.campaigns.queries import counts, never_compared
from consult.cli import start
from consult.cli.main import main
from consult.comments.models import Comment
from consult.config import Settings
from consult.schema import migrate
from tests.conftest import TestClock
from tests.factories import open_draft
from tests.features.test_campaigns import COPIES, LETTER, OTHER
from tests.written import write_comments

Consult = Callable[..., str]


@pytest.fixture
def consult(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Consult:
    """Runs the command on a draft with seven copies of a letter and another comment."""
    monkeypatch.setenv("CONSULT_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("CONSULT_DATABASE_URL", raising=False)
    clock = TestClock()
    monkeypatch.setattr(start, "build_platform", lambda settings: build_platform(settings, clock))
    platform = build_platform(Settings(embedded_worker=False), clock)
    migrate(platform.database.engine)
    with platform.database.writing() as session:
        write_comments(session, open_draft(session), [*COPIES, LETTER, OTHER])

    def run(*words: str, refuses: bool = False) -> str:
        monkeypatch.setattr(sys, "argv", ["consult", *words])
        with pytest.raises(SystemExit) as end:
            main()
        printed = capsys.readouterr()
        assert bool(end.value.code) == refuses, printed.err
        return str(end.value.code) if refuses else printed.out

    return run


def test_the_json_says_both_counts_and_who_stands_in_each_cluster(consult: Consult) -> None:
    data = json.loads(consult("campaigns", "1", "--json"))
    assert list(data) == ["submissions", "distinct", "clusters"]
    assert (data["submissions"], data["distinct"]) == (8, 7)
    (cluster,) = data["clusters"]
    assert list(cluster) == [
        *("id", "medoid", "submissions", "distinct", "first_at", "last_at", "members"),
    ]
    assert (cluster["submissions"], cluster["distinct"]) == (7, 6)
    assert cluster["medoid"] == {"id": 1, "receipt": "K-2026-000001", "body": LETTER}
    assert cluster["first_at"] < cluster["last_at"]
    assert [member["id"] for member in cluster["members"]] == [1, 2, 3, 4, 5, 6, 7]
    assert [member["text"] for member in cluster["members"]] == [1, 2, 3, 4, 5, 6, 1]
    assert cluster["members"][0]["likeness"] == cluster["members"][6]["likeness"] == 1.0
    assert all(0.5 <= member["likeness"] <= 1.0 for member in cluster["members"])


def test_twice_asked_it_says_the_same(consult: Consult) -> None:
    assert consult("campaigns", "1", "--json") == consult("campaigns", "1", "--json")


def test_the_table_is_for_a_person(consult: Consult) -> None:
    lines = consult("campaigns", "1").splitlines()
    assert lines[0] == "8 comments, 7 different texts."
    assert "7 sent" in lines[1]
    assert "6 texts" in lines[1]
    assert LETTER[:40] in lines[1]


def test_the_table_names_the_days_of_the_country(consult: Consult) -> None:
    platform = build_platform(Settings(embedded_worker=False), TestClock())
    with platform.database.writing() as session:  # half past midnight, in UTC the day before
        session.get_one(Comment, 1).created_at = datetime(2026, 9, 6, 18, 30, tzinfo=UTC)
    assert "  2026-09-07 – 2026-09-07  " in consult("campaigns", "1")


def test_of_a_draft_that_is_not_there_nothing_is_said(consult: Consult) -> None:
    assert "no such draft" in consult("campaigns", "9", refuses=True)


def test_comments_from_before_are_compared_when_the_database_is_migrated(consult: Consult) -> None:
    consult("migrate")
    platform = build_platform(Settings(embedded_worker=False), TestClock())
    with platform.database.reading() as session:
        assert counts(session, 1) == (8, 7)
        assert never_compared(session) == []
