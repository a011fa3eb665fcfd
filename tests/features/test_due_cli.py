"""`consult due`: a term counted on the command line, with or without an installation."""

import json
import shutil
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from consult.access import Actor, Role
from consult.cli.main import main
from consult.db import Database
from consult.law.actions import confirm_year, enter_days
from consult.law.rules import DecreedDay
from consult.procedure.calendars import DayKind
from tests.conftest import START

ADMIN = Actor(name="admin", roles=frozenset({Role.ADMINISTRATOR}))
Due = Callable[..., Any]
Fails = Callable[..., str]


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where an installation would be; it is not there yet."""
    monkeypatch.setenv("CONSULT_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("CONSULT_DATABASE_URL", raising=False)
    return tmp_path / "var"


def _run(monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["consult", "due", *words])
    with pytest.raises(SystemExit) as end:
        main()
    return end.value.code


@pytest.fixture
def due(data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Due:
    """Counts, and gives what was printed, as JSON."""

    def run(*words: str) -> Any:
        assert not _run(monkeypatch, (*words, "--json"))
        return json.loads(capsys.readouterr().out)

    return run


@pytest.fixture
def fails(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Fails:
    """Is refused with nothing on standard output, and gives what was said."""

    def run(*words: str) -> str:
        code = _run(monkeypatch, (*words, "--json"))
        printed = capsys.readouterr()
        assert isinstance(code, str) or code in {1, 2}  # a string is printed, and is a 1
        assert printed.out == ""
        return code if isinstance(code, str) else printed.err

    return run


def _kg(*more: str, on: str = "2026-06-01", amount: str = "5") -> list[str]:
    return ["--jurisdiction", "kg", "--amount", amount, "--from", on, *more]


def _enter(data_dir: Path, sqlite_template: Path, jurisdiction: str = "kg") -> None:
    """An installation whose calendar has Wed 3 June 2026 off, and 2026 confirmed."""
    data_dir.mkdir()
    shutil.copyfile(sqlite_template, data_dir / "kenesh.db")
    same = {"actor": ADMIN, "jurisdiction": jurisdiction, "document": "Order № 7", "now": START}
    with Database(f"sqlite:///{data_dir / 'kenesh.db'}").writing() as session:
        enter_days(session, days=[DecreedDay(date(2026, 6, 3), DayKind.DAY_OFF)], **same)
        confirm_year(session, year=2026, **same)


def test_without_an_installation_the_calendar_is_the_one_shipped_and_none_is_made(
    due: Due, data_dir: Path
) -> None:
    words = "--jurisdiction kz --amount 10 --unit working_day --from 2025-12-29"
    result = due(*words.split())
    assert list(result) == ["due_on", "preliminary", "trace"]
    assert (result["due_on"], result["preliminary"]) == ("2026-01-15", True)
    first, second, third, fourth = result["trace"][:4]
    assert first == {
        "day": "2025-12-29",
        "counted": False,
        "reason": "The day of the event itself; counting starts on the next day.",
    }
    assert second == {"day": "2025-12-30", "counted": True, "reason": "Working day."}
    assert third["counted"]
    assert fourth["reason"] == "Not a working day: New Year's Day."
    assert result["trace"][-1]["day"] == result["due_on"]
    assert sum(day["counted"] for day in result["trace"]) == 10
    assert not data_dir.exists()


def test_decrees_of_the_installation_count_and_are_named(
    due: Due, data_dir: Path, sqlite_template: Path
) -> None:
    assert due(*_kg())["due_on"] == "2026-06-08"
    _enter(data_dir, sqlite_template)
    result = due(*_kg())
    assert (result["due_on"], result["preliminary"]) == ("2026-06-09", False)
    assert result["trace"][2]["reason"] == "A working day made a day off: Order № 7."


def test_decrees_of_another_country_do_not_count(
    due: Due, data_dir: Path, sqlite_template: Path
) -> None:
    _enter(data_dir, sqlite_template, jurisdiction="kz")
    result = due(*_kg())
    assert (result["due_on"], result["preliminary"]) == ("2026-06-08", True)


def test_a_database_that_is_not_migrated_is_left_as_it_is(
    due: Due, data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data_dir.mkdir()
    (data_dir / "kenesh.db").touch()
    assert due(*_kg())["due_on"] == "2026-06-08"
    assert not _run(monkeypatch, tuple(_kg()))
    assert "not up to date" in capsys.readouterr().err


def test_a_file_that_is_no_database_is_refused_in_words(fails: Fails, data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "kenesh.db").write_text("a diary " * 1000)
    assert "the database cannot be read" in fails(*_kg())


@pytest.mark.parametrize(
    ("more", "due_on"),
    [
        (["--pause", "2026-06-03..2026-06-04"], "2026-06-10"),
        (["--pause", "2026-06-03..2026-06-04", "--pause", "2026-06-09"], "2026-06-11"),
        (["--extend", "2"], "2026-06-10"),
        (["--starts", "same_day"], "2026-06-05"),
        (["--unit", "calendar_day"], "2026-06-08"),  # Sat 6 is moved to Monday
        (["--unit", "calendar_day", "--end-shift", "none"], "2026-06-06"),
        (["--unit", "month", "--extend", "1"], "2026-12-01"),
    ],
)
def test_each_option_moves_the_date_as_it_says(due: Due, more: list[str], due_on: str) -> None:
    assert due(*_kg(*more))["due_on"] == due_on


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (_kg(on="2026-13-01"), "2026-13-01"),
        (_kg(on="tomorrow"), "tomorrow"),
        (_kg(on="9999-12-31"), "Days are counted from 1900-01-01 to 2100-12-31 only."),
        (_kg(amount="0"), "--amount"),
        (_kg(amount="-3"), "--amount"),
        (_kg(amount="10001"), "--amount"),
        (_kg("--unit", "week"), "--unit"),
        (_kg("--starts", "later"), "--starts"),
        (_kg("--extend", "-1"), "--extend"),
        (_kg("--pause", "2026-06-03..yesterday"), "yesterday"),
        (_kg("--pause", "2026-06-04..2026-06-03"), "ends before it begins"),
        (["--jurisdiction", "xx", *_kg()[2:]], "There is no rule pack"),
        (["--jurisdiction", "kg"], "Missing option"),
    ],
)
def test_what_makes_no_sense_is_refused_on_standard_error(
    fails: Fails, words: list[str], said: str
) -> None:
    assert said in fails(*words)


def test_without_json_a_person_can_read_it(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not _run(monkeypatch, tuple(_kg(on="2026-05-29", amount="2")))
    assert capsys.readouterr().out.splitlines() == [
        "2026-05-29 Fri     -  The day of the event itself; counting starts on the next day.",
        "2026-05-30 Sat     -  Weekly day off.",
        "2026-05-31 Sun     -  Weekly day off.",
        "2026-06-01 Mon     1  Working day.",
        "2026-06-02 Tue     2  Working day.",
        "Due by the end of 2026-06-02.",
        "Preliminary: the working calendar of that year is not confirmed yet.",
    ]
