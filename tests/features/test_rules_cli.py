"""`consult rules check`: what an operator is told about a rule pack before relying on it."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from consult.cli.main import main
from consult.procedure.packs import FOLDER, load_pack

KG = (FOLDER / "kg.toml").read_text(encoding="utf-8")
Check = Callable[..., tuple[int, str, str]]


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Check:
    """Runs the command; returns how it exits, what it prints and what it complains of."""

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["consult", "rules", "check", *words])
        with pytest.raises(SystemExit) as end:
            main()
        printed = capsys.readouterr()
        if isinstance(end.value.code, str):
            return 1, printed.out, printed.err + end.value.code
        return end.value.code or 0, printed.out, printed.err

    return run


@pytest.fixture
def broken(tmp_path: Path) -> str:
    """The pack of Kyrgyzstan with places that do not fit together."""
    text = KG.replace('["kenesh_decision"]', '["edict"]').replace('"akimat", "kenesh"', '"kenesh"')
    file = tmp_path / "broken.toml"
    file.write_text(
        text.replace('"parliament", "council"]', '"parlament", "council"]'), encoding="utf-8"
    )
    return str(file)


@pytest.mark.parametrize("code", ["kg", "kz", "uk", "eu"])
def test_a_shipped_pack_is_right_and_all_unconfirmed(check: Check, code: str) -> None:
    exit_code, out, err = check(code)
    assert (exit_code, err) == (0, "")
    pack = load_pack(code)
    assert re.fullmatch(rf"{code}: {len(pack.rule)} rules .*, all unconfirmed\n", out)
    assert f"{len(pack.duty)} duties" in out


def test_a_machine_gets_the_counts_and_nothing_else(check: Check) -> None:
    pack = load_pack("kg")
    exit_code, out, err = check("kg", "--json")
    assert (exit_code, err) == (0, "")
    assert json.loads(out) == {
        "pack": "kg",
        "ok": True,
        "problems": [],
        "rules": len(pack.rule),
        "duties": len(pack.duty),
        "proposed": sum(rule.proposed for rule in pack.rule),
    }


def test_everything_that_is_wrong_is_said_a_line_each(check: Check, broken: str) -> None:
    exit_code, out, err = check(broken)
    assert (exit_code, out) == (1, "")
    assert err.splitlines() == [
        "level parliament, agency_kinds: 'parliament' is not among those of the pack",
        "rule kg-consultation-kenesh, act_types: 'edict' is not defined",
        *(
            f"duty {code}, agency_kinds: 'akimat' is not among those of the pack"
            for code in ("quarterly_report", "half_year_report", "yearly_report")
        ),
        "agency_kinds: 'parlament' is no kind of agency here",
    ]


def test_a_machine_is_told_what_is_wrong_too(check: Check, broken: str) -> None:
    exit_code, out, err = check(broken, "--json")
    told = json.loads(out)
    assert (exit_code, err, told["ok"], len(told["problems"])) == (1, "", False, 6)


def test_what_cannot_be_read_has_no_counts(check: Check, tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(KG.replace("amount = 14", "amount = 0"), encoding="utf-8")
    exit_code, out, _ = check(str(file), "--json")
    told = json.loads(out)
    assert (exit_code, told["pack"], told["rules"]) == (1, str(file), None)
    assert [line[:26] for line in told["problems"]] == [
        "rule kg-answer, amount: In",
        "rule kg-problem-answer, am",
        "rule kg-contest-review, am",
        "rule kg-appeal-decision, a",
        "rule kg-opinion-answer, am",
        "rule kg-proposal-answer, a",
        "rule kg-question-answer, a",
    ]


def test_a_pack_that_is_not_there_is_a_line_not_a_traceback(check: Check) -> None:
    exit_code, out, err = check("atlantis")
    assert (exit_code, out) == (1, "")
    assert err == "consult: There is no rule pack “atlantis”."
