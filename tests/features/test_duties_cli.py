"""`consult duties`: every duty as a line or as JSON, and clear words where there is none."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import col, select

from consult.app import build_platform
from consult.cli import start
from consult.cli.main import main
from consult.config import Settings
from consult.obligations.models import Obligation, ObligationEvent
from consult.obligations.registers.listing import CHUNK
from consult.schema import migrate
from tests.conftest import TestClock
from tests.duties import Case, make_case

Consult = Callable[..., str]
KEYS = [
    *("id", "duty", "agency", "draft", "round", "subject", "state", "status", "due_on"),
    *("preliminary", "days", "rule", "citation", "address"),
]


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    """A consultation that has closed, in the folder and at the time the command works in."""
    monkeypatch.setenv("CONSULT_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("CONSULT_DATABASE_URL", raising=False)
    clock = TestClock()
    monkeypatch.setattr(start, "build_platform", lambda settings: build_platform(settings, clock))
    platform = build_platform(Settings(embedded_worker=False), clock)
    migrate(platform.database.engine)
    made = make_case(platform, clock)
    made.close()
    return made


@pytest.fixture
def consult(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Consult:
    """Runs a command and returns what it prints on standard output; or why it refused."""

    def run(*words: str, refuses: bool = False) -> str:
        monkeypatch.setattr(sys, "argv", ["consult", *words])
        with pytest.raises(SystemExit) as end:
            main()
        printed = capsys.readouterr()
        if refuses:
            assert isinstance(end.value.code, str)
            assert not printed.out
            return end.value.code
        assert not end.value.code, printed.err
        return printed.out

    return run


def test_json_is_the_only_thing_printed_and_holds_every_duty(case: Case, consult: Consult) -> None:
    found = json.loads(consult("duties", "--json"))
    with case.platform.database.reading() as session:
        assert [one["id"] for one in sorted(found, key=lambda one: one["id"])] == list(
            session.exec(select(Obligation.id).order_by(col(Obligation.id))).all()
        )
    assert all(list(one) == KEYS for one in found)
    (report,) = (one for one in found if one["duty"] == "report")
    assert report["agency"] == "MOJ"
    assert report["draft"] == case.draft_id
    assert report["address"].endswith(f"/obligations/{report['id']}")
    assert report["citation"]
    dated = [one["due_on"] for one in found if one["due_on"]]
    assert dated == sorted(dated)


def test_what_is_overdue_says_by_how_many_working_days(case: Case, consult: Consult) -> None:
    case.drain(case.noon("report", 6))
    found = json.loads(consult("duties", "--agency", "MOJ", "--overdue", "--json"))
    (report,) = (one for one in found if one["duty"] == "report")
    assert report["days"] == -6
    assert {one["status"] for one in found} <= {"overdue", "long_overdue"}
    assert found == json.loads(consult("duties", "--state", "overdue", "--agency", "MOJ", "--json"))


def test_duties_for_single_comments_are_listed_too(case: Case, consult: Consult) -> None:
    subjects = {one["subject"] for one in json.loads(consult("duties", "--json"))}
    assert "comment:1" in subjects


def test_nothing_is_cut_off_however_long_the_list(case: Case, consult: Consult) -> None:
    one, now = case.duty("report").model_dump(exclude={"id", "key"}), case.clock.now
    with case.platform.database.writing() as session:
        for n in range(2 * CHUNK + 1):
            duty = Obligation(**one, key=f"more:{n}")
            session.add(duty)
            session.flush()
            session.add(
                ObligationEvent(
                    obligation_id=duty.id or 0, seq=1, kind="created", at=now, recorded_at=now
                )
            )
    found = json.loads(consult("duties", "--json"))
    assert len({each["id"] for each in found}) == len(found) > 2 * CHUNK


def test_without_json_there_is_a_line_a_duty_and_their_number(case: Case, consult: Consult) -> None:
    *lines, last = consult("duties").splitlines()
    assert last == f"{len(lines)} duties."
    assert any("report" in line and "MOJ" in line and "draft 1" in line for line in lines)
    assert consult("duties", "--state", "waived") == "No duties.\n"
    assert consult("duties", "--state", "waived", "--json") == "[]\n"


def test_what_is_not_known_is_refused_in_one_line(case: Case, consult: Consult) -> None:
    assert "no agency with the code NONE" in consult("duties", "--agency", "NONE", refuses=True)
    assert "There are: open," in consult("duties", "--state", "nonsense", refuses=True)
    assert "cannot both be" in consult("duties", "--overdue", "--state", "waived", refuses=True)
