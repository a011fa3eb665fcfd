"""ASVS.md speaks of every section of the standard, and of files and tests that exist."""

import re

import pytest

from tests.contracts.test_size import ROOT

TEXT = (ROOT / "ASVS.md").read_text("utf-8")
ROWS = re.findall(r"^\| (\d+\.\d+) \| (.+?) \| (.+?) \| (.*) \|$", TEXT, re.MULTILINE)
# ASVS 4.0.3: of each chapter the sections in which level 2 asks for something.
SECTIONS = {
    1: (1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14),
    2: range(1, 11),
    3: range(1, 8),
    4: range(1, 4),
    5: range(1, 6),
    6: range(1, 5),
    7: range(1, 5),
    8: range(1, 4),
    9: range(1, 3),
    10: range(2, 4),
    11: range(1, 2),
    12: range(1, 7),
    13: range(1, 5),
    14: range(1, 6),
}
STATES = {"met", "in part", "not met", "operator", "none"}
NAMED = sorted(
    set(re.findall(r"`((?:consult|tests|notifications|drafts)/[\w/.]+)(?:::(\w+))?`", TEXT))
)


def test_every_section_of_the_standard_is_spoken_of_once() -> None:
    asked = [f"{chapter}.{n}" for chapter, sections in SECTIONS.items() for n in sections]
    assert [section for section, *_ in ROWS] == asked


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_is_met_names_what_shows_it(row: tuple[str, str, str, str]) -> None:
    _, _, state, how = row
    assert state in STATES
    if state == "met":
        assert "`" in how or "Git" in how


@pytest.mark.parametrize(("path", "test"), NAMED, ids=str)
def test_each_file_and_test_that_is_named_is_there(path: str, test: str) -> None:
    text = (ROOT / path).read_text("utf-8")
    assert not test or f"def {test}(" in text
