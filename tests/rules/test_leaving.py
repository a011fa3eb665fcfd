"""The list of those who were forgotten: its lines, and the seal that ties a number to its row."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.errors import Conflict, Invalid
from consult.privacy.leaving import (
    Forgotten,
    Words,
    check_no_roles,
    check_typed,
    line_of,
    read_lines,
    seal_of,
)

AT = datetime(2026, 9, 7, 4, 0, tzinfo=UTC)
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
LINES = st.builds(
    Forgotten,
    person_id=st.integers(1, 2**31 - 1),
    at=INSTANTS,
    words=st.sampled_from(Words),
    seal=st.text("0123456789abcdef", min_size=64, max_size=64),
)


@given(st.lists(LINES, max_size=5))
def test_what_is_written_is_read_again(lines: list[Forgotten]) -> None:
    assert read_lines("".join(map(line_of, lines)).splitlines()) == lines


@given(LINES, st.data())
def test_a_line_that_was_cut_is_passed_over(line: Forgotten, data: st.DataObject) -> None:
    whole = line_of(line)
    cut = whole[: data.draw(st.integers(0, len(whole) - 2))]
    assert read_lines([cut, whole]) == [line]


@given(INSTANTS)
def test_the_seal_is_of_this_number_and_this_instant(at: datetime) -> None:
    seal = seal_of(7, at)
    assert seal == seal_of(7, at.astimezone(timezone(timedelta(hours=6))))
    assert seal not in {seal_of(8, at), seal_of(7, at + timedelta(microseconds=1))}


def test_the_address_is_typed_as_it_is_whatever_the_case() -> None:
    check_typed(" Aizada@Example.org ", "aizada@example.org")
    for typed, email in (("", "a@b.org"), ("a@c.org", "a@b.org"), ("", None), ("", "")):
        with pytest.raises(Invalid):
            check_typed(typed, email)


def test_who_holds_roles_stays() -> None:
    check_no_roles(0)
    with pytest.raises(Conflict):
        check_no_roles(1)
