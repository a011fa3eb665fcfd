"""Tables for spreadsheets: whole, readable, and harmless."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.spreadsheets import BYTE_ORDER_MARK, csv_text

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)


def read(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text.removeprefix(BYTE_ORDER_MARK))))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_words_never_become_a_formula(start: str) -> None:
    assert read(csv_text(["a"], [[f"{start}1"]]))[1] == [f"'{start}1"]


@given(st.lists(WORDS, min_size=1))
def test_all_other_words_come_out_as_they_went_in(words: list[str]) -> None:
    plain = [word.lstrip("=+-@") or "x" for word in words]
    assert read(csv_text(plain, [plain])) == [read(csv_text(plain, []))[0], plain]


def test_a_number_stays_a_number_and_nothing_stays_empty() -> None:
    assert read(csv_text(["a", "b"], [[-1, None]])) == [["a", "b"], ["-1", ""]]


def test_the_usual_programs_are_told_that_it_is_unicode() -> None:
    assert csv_text(["Кеңеш"], []).startswith(BYTE_ORDER_MARK)
