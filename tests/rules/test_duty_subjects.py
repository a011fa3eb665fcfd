"""What a duty is owed for: as it is written in a row, and as it is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.obligations.ledger.subjects import SINGLE, Subject, prefix

KINDS = ("comment", "issue", "problem", "period")


@given(st.sampled_from(KINDS), st.integers(1, 2**31 - 1))
def test_what_is_written_is_read_as_it_was(kind: str, number: int) -> None:
    subject = Subject(kind, str(number))
    assert Subject.read(str(subject)) == subject
    assert str(subject).startswith(prefix(kind))
    assert subject.number == number
    assert subject.is_single is (kind in SINGLE)


def test_what_is_owed_once_for_a_whole_has_no_subject() -> None:
    assert str(Subject()) == ""
    assert Subject.read("") == Subject()
    assert not Subject().is_single


@pytest.mark.parametrize(
    "written", ["period:2026-Q1", "comment:", "comment:seven", "comment:\u0664"]
)
def test_only_a_number_is_a_number(written: str) -> None:
    assert Subject.read(written).number is None
    assert str(Subject.read(written)) == written
