"""`consult calendar`: decreed days are imported, years confirmed and shown."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from consult.law.models import CalendarAct
from consult.obligations.models import Obligation
from consult.worker import drain
from tests import factories
from tests.features.test_cli import Consult, consult, data_dir, installed, ready

__all__ = ["consult", "data_dir", "ready"]  # fixtures
LINES = "Дата;Вид;Название\n12.09.2026;рабочий;Перенос\n14.09.2026;выходной;\n"


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "decree.csv"
    path.write_text(LINES, "windows-1251")
    return str(path)


def shown(ready: Consult, year: str = "2026") -> dict[str, Any]:
    result: dict[str, Any] = json.loads(
        ready("calendar", "show", year, "--jurisdiction", "kg", "--json")
    )
    return result


def test_days_are_imported_from_a_file(ready: Consult, file: str) -> None:
    assert "Days taken on" in ready("calendar", "import", file, "--jurisdiction", "kg")
    assert "already" in ready("calendar", "import", file, fails=1)
    decreed = [day for day in shown(ready)["days"] if day["document"]]
    assert decreed == [
        {"on": "2026-09-12", "kind": "working", "name": "Перенос", "document": "decree.csv"},
        {"on": "2026-09-14", "kind": "day_off", "name": "", "document": "decree.csv"},
    ]


def test_what_would_change_is_told_without_changing_it(ready: Consult, file: str) -> None:
    words = ("calendar", "import", file, "--dry-run", "--document", "Decree 1", "--json")
    told = json.loads(ready(*words))
    assert (told["entered"], told["document"]) == (False, "Decree 1")
    assert [(day["on"], day["kind"], day["changes"]) for day in told["days"]] == [
        ("2026-09-12", "working", True),
        ("2026-09-14", "day_off", True),
    ]
    assert "Days that would be taken" in ready(*words[:-1])
    with installed().database.reading() as session:
        assert session.get(CalendarAct, 1) is None


def test_a_file_with_a_wrong_line_is_not_taken_at_all(ready: Consult, tmp_path: Path) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text(LINES + "15.09.2026;цирк;\n31.02.2026;выходной;\n", "utf-8")
    told = ready("calendar", "import", str(path), fails=1)
    assert "wrong.csv: Line 4" in told
    assert "wrong.csv: Line 5" in told
    assert not any(day["document"] for day in shown(ready)["days"])
    path.write_bytes(b"\x00\x01" * 300_000)
    ready("calendar", "import", str(path), fails=1)


def test_another_jurisdiction_is_refused(ready: Consult, file: str) -> None:
    refusal = "counts by the rules of kg, not of kz"
    assert refusal in ready("calendar", "import", file, "--jurisdiction", "kz", fails=1)
    confirm = ("calendar", "confirm", "2026", "--document", "x", "--jurisdiction")
    assert refusal in ready(*confirm, "kz", fails=1)
    ready("calendar", "import", file, "--jurisdiction", "atlantis", fails=1)


def test_a_year_is_confirmed_and_shown(ready: Consult) -> None:
    assert "preliminary" in ready("calendar", "show", "2026")
    ready("calendar", "confirm", "2026", "--jurisdiction", "kg", "--document", "Letter 7")
    assert "already" in ready("calendar", "confirm", "2026", "--document", "x", fails=1)
    assert "final: Letter 7" in ready("calendar", "show", "2026")
    assert shown(ready)["confirmed"] is True
    assert "kz 2026" in ready("calendar", "show", "2026", "--jurisdiction", "kz")
    ready("calendar", "show", "1999", fails=1)


def test_it_tells_which_running_duties_moved(ready: Consult, tmp_path: Path) -> None:
    """What is due on a day that becomes a day off is due on the next working day."""
    platform = installed()
    now = platform.clock()
    with platform.database.writing() as session:
        factories.open_draft(session, agency=factories.make_agency(session, "MOH"), now=now)
    drain(platform, now)
    with platform.database.reading() as session:
        duty = next(
            duty
            for duty in session.exec(select(Obligation)).all()
            if duty.state == "running" and duty.due_at
        )
    assert duty.due_at
    due_on = duty.due_at.astimezone(platform.pack.tz).date()  # the instant after its last day
    path = tmp_path / "late.csv"
    last = due_on.fromordinal(due_on.toordinal() - 1)
    path.write_text(f"date,kind\n{last},day_off\n", "utf-8")
    told = json.loads(ready("calendar", "import", str(path), "--json"))
    moved = {one["duty"]: one for one in told["moved"]}
    assert moved[duty.id]["from"] == last.isoformat()
    assert moved[duty.id]["to"] > last.isoformat()
    assert told["duties_touched"] >= len(moved)
