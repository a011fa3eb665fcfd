"""`consult forget` and `consult restore`, as an operator uses them."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import select

from consult.access import Role
from consult.accounts.models import Person
from consult.app import build_platform
from consult.cli.main import main
from consult.config import Settings
from consult.platform import Platform
from consult.privacy.forgotten import note
from consult.privacy.leaving import Words
from consult.worker import drain
from tests.conftest import START
from tests.factories import make_agency, make_comment, make_person, open_draft

Consult = Callable[..., str]


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_template: Path) -> Platform:
    """Aizada has said something; Olga works for the ministry."""
    folder = tmp_path / "var"
    folder.mkdir()
    monkeypatch.setenv("CONSULT_DATA_DIR", str(folder))
    monkeypatch.delenv("CONSULT_DATABASE_URL", raising=False)
    shutil.copyfile(sqlite_template, folder / "kenesh.db")
    platform = build_platform(Settings(embedded_worker=False), lambda: START)
    with platform.database.writing() as session:
        agency = make_agency(session)
        make_comment(session, open_draft(session, agency=agency), make_person(session), "Sundays.")
        make_person(session, "Olga", role=Role.OFFICER, agency=agency)
    drain(platform, START)
    return platform


@pytest.fixture
def consult(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Consult:
    def run(*words: str, code: int = 0) -> str:
        monkeypatch.setattr(sys, "argv", ["consult", *words])
        with pytest.raises(SystemExit) as end:
            main()
        printed = capsys.readouterr()
        if isinstance(end.value.code, str):
            return end.value.code
        assert (end.value.code or 0) == code, printed.err
        return printed.out

    return run


def known(platform: Platform) -> list[str]:
    with platform.database.reading() as session:
        people = session.exec(select(Person).where(Person.forgotten_at == None))  # noqa: E711
        return sorted(person.name for person in people)


def test_a_person_is_forgotten_by_address_or_by_number(
    platform: Platform, consult: Consult
) -> None:
    assert "is forgotten" in consult("forget", "aizada@example.org", "--yes")
    assert known(platform) == ["Olga"]
    assert "There is no such person." in consult("forget", "aizada@example.org", "--yes")
    assert "is forgotten" in consult("forget", "2", "--words", "remove", "--yes")
    assert known(platform) == []


def test_without_a_yes_nobody_is_forgotten(
    platform: Platform, consult: Consult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("typer.confirm", lambda *_, **__: sys.exit(1))
    consult("forget", "1", code=1)
    assert known(platform) == ["Aizada", "Olga"]


def test_the_operator_is_told_what_is_left_undone(consult: Consult) -> None:
    printed = consult("forget", "olga@example.org", "--yes")
    assert "They are officer of MOJ: nobody else does." in printed


def test_what_was_forgotten_since_a_backup_is_forgotten_again(
    platform: Platform, consult: Consult, tmp_path: Path
) -> None:
    data_dir = platform.settings.data_dir
    platform.database.overwrite()
    shutil.copyfile(data_dir / "kenesh.db", tmp_path / "copy.db")
    consult("forget", "1", "--yes")
    (data_dir / "forgotten.jsonl").rename(tmp_path / "elsewhere.jsonl")
    platform.database.engine.dispose()
    for old in data_dir.glob("kenesh.db*"):
        old.unlink()
    shutil.copyfile(tmp_path / "copy.db", data_dir / "kenesh.db")
    assert known(platform) == ["Aizada", "Olga"]
    printed = consult("restore", "--forgotten", str(tmp_path / "elsewhere.jsonl"))
    assert "1 people were forgotten again." in printed
    assert known(platform) == ["Olga"]
    assert "0 people" in consult("restore")


def test_every_start_of_the_worker_forgets_again(platform: Platform, consult: Consult) -> None:
    with platform.database.reading() as session:
        person = session.get_one(Person, 1)
    (platform.settings.data_dir / "forgotten.jsonl").touch()
    consult("worker", "--once")
    assert known(platform) == ["Aizada", "Olga"]
    note(platform.settings, person, Words.KEEP, START)
    assert "run `consult restore`" in consult("check", code=1)
    consult("worker", "--once")
    assert known(platform) == ["Olga"]
