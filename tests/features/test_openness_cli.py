"""`consult scorecard` and `consult indicators`: a file is taken whole or not at all, and shown."""

import json
from pathlib import Path
from typing import Any

import pytest

from consult.openness.indicators.models import IndicatorValue
from tests.conftest import START
from tests.features.test_cli import Consult, consult, data_dir, installed, ready
from tests.openness import INDICATORS, SCORES

__all__ = ["consult", "data_dir", "ready"]  # fixtures
SCALE = """
code = "own"
names = { ky = "Өз", ru = "Своя", kk = "Өз", en = "Own" }
[[maxima]]
since = 2024
points = { answers = 7.5 }
[[criterion]]
code = "answers"
names = { ky = "Жооптор", ru = "Ответы", kk = "Жауаптар", en = "Answers" }
definition = { ky = "…", ru = "…", kk = "…", en = "…" }
"""


@pytest.fixture
def file(tmp_path: Path) -> Any:
    """A maker of files by their text."""

    def make(text: str, name: str = "table.csv") -> str:
        (tmp_path / name).write_text(text, "utf-8")
        return str(tmp_path / name)

    return make


def shown(ready: Consult, what: str, *more: str) -> Any:
    return json.loads(ready(what, "show", *more, "--json"))


def test_a_scorecard_is_loaded_and_shown_with_means_ranks_and_what_differs(
    ready: Consult, file: Any
) -> None:
    told = json.loads(ready("scorecard", "load", file(SCORES), "--json"))
    assert (told["scale"], told["replaced"]) == ("open_government", [])
    first, second = shown(ready, "scorecard")["years"]
    assert (first["mean"], first["differing"], first["compared_with"]) == (79, [], None)
    assert (second["mean"], second["mean_printed"]) == (81.5, 80.84)
    [differing] = second["differing"]
    assert (differing["body"], differing["total"], differing["printed_total"]) == (
        *("Ministry of Wind", 55.66, 53.66),
    )
    assert [row["rank"] for row in first["rows"]] == [1, 2, 2]
    assert "(printed: 53.66)" in ready("scorecard", "show", "--year", "2020")
    assert "was not scored" in ready("scorecard", "show", "--year", "1999", fails=1)
    assert "Replaced: 2019, 2020." in ready("scorecard", "load", file(SCORES))


def test_all_bad_rows_are_named_and_nothing_is_taken(ready: Consult, file: Any) -> None:
    told = ready(
        "scorecard", "load", file(SCORES.replace("20.5", "25.5").replace("8.6", "x")), fails=1
    )
    assert "table.csv: Line 2, open_data_2019: 25.5 points are more than the most" in told
    assert "table.csv: Line 4, open_budgets_2020: “x” is no number" in told
    assert shown(ready, "scorecard") == {"years": []}
    assert "There is no scale called nowhere." in ready(
        "scorecard", "load", file(SCORES), "--scale", "nowhere", fails=1
    )


def test_a_scale_of_ones_own_is_a_file(ready: Consult, file: Any) -> None:
    scale = file(SCALE, "own.toml")
    table = file("body;answers_2024\nВода;7,5\nЖер;5,25\n")
    told = json.loads(ready("scorecard", "load", table, "--scale", scale, "--json"))
    [year] = told["years"]
    assert (year["maximum"], year["mean"], year["mean_percent"]) == (7.5, 6.38, 85)
    assert year["mean_printed"] is None


def test_indicators_are_loaded_and_shown(ready: Consult, file: Any) -> None:
    assert "no data" in ready("indicators", "load", file(INDICATORS))
    told = shown(ready, "indicators")["indicators"]
    assert [(one["number"], one["metric"]) for one in told] == [
        ("7", None),
        ("15", "share_bodies_consulting"),
        ("R", None),
    ]
    assert [target["said"] for target in told[0]["targets"]] == [">=50", ">=100"]
    bad = ready("indicators", "load", file(INDICATORS.replace("100\n", "101\n")), fails=1)
    assert "table.csv: Line 3, target_2030: “101” is not between 0 and 100 per cent." in bad
    assert shown(ready, "indicators")["indicators"] == told


def test_a_load_says_which_values_fell(ready: Consult, file: Any) -> None:
    ready("indicators", "load", file(INDICATORS))
    with installed().database.writing() as session:
        row = IndicatorValue(number="7", year=2025, amount="55", source="x", entered_at=START)
        session.add(row)
    assert "Dropped" not in ready("indicators", "load", file(INDICATORS))
    told = ready("indicators", "load", file(INDICATORS.replace("libraries", "schools")))
    assert "Dropped, since this number is of another indicator now: 7, 2025: 55 (count)" in told
    assert shown(ready, "indicators")["indicators"][0]["values"] == []
