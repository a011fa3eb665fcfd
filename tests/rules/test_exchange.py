"""Rules of the exchange: numbers, permission, and what a system may do at most."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.access import RIGHTS, Actor, Role
from consult.errors import Invalid, NotAllowed
from consult.exchange.rules import (
    NUMBER_MAX,
    as_system,
    check_second_person,
    clean_number,
    clean_title,
)


@dataclass
class System:
    agency_id: int = 1
    made_by: int = 7
    permitted_by: int | None = 8


@pytest.mark.parametrize("number", ["17-2/45", "№ 12-Т", "МОЮ/2026(3)", "1", "Т 5"])
def test_numbers_as_they_stand_on_papers_are_taken(number: str) -> None:
    assert clean_number(f" {number} ") == number


@pytest.mark.parametrize("number", ["", " ", "<17>", "a\nb", "17?x=1", "1" * (NUMBER_MAX + 1)])
def test_other_numbers_are_refused(number: str) -> None:
    with pytest.raises(Invalid):
        clean_number(number)


@given(st.text())
def test_a_number_is_one_line_without_ends_of_space(number: str) -> None:
    try:
        clean = clean_number(number)
    except Invalid:
        return
    assert clean == clean.strip()
    assert clean.isprintable()
    assert clean_number(clean) == clean


def test_a_system_has_a_name_of_at_most_sixty_characters() -> None:
    assert clean_title("  Papers  ") == "Papers"
    for wrong in ("", " ", "x" * 61):
        with pytest.raises(Invalid):
            clean_title(wrong)


def test_nobody_permits_a_system_of_their_own() -> None:
    with pytest.raises(NotAllowed):
        check_second_person(System(), Actor(id=7))
    check_second_person(System(), Actor(id=8))


@given(st.frozensets(st.sampled_from(list(Role))), st.sets(st.integers(1, 3)))
def test_a_system_may_at_most_what_its_officer_may_in_that_agency(
    roles: frozenset[Role], at: set[int]
) -> None:
    officer = Actor(id=7, roles=roles | {Role.VISITOR}, agencies={Role.OFFICER: frozenset(at)})
    try:
        actor = as_system(officer, System())
    except NotAllowed:
        assert not officer.may_for("prepare", 1)
        return
    for right in RIGHTS:
        assert not actor.may_for(right, 1) or officer.may_for(right, 1)
    assert not actor.may_for("prepare", 2)
    assert not actor.may("approve")


def test_a_system_that_nobody_permitted_may_nothing() -> None:
    officer = Actor(id=7, roles=frozenset({Role.OFFICER}))
    with pytest.raises(NotAllowed, match="second person"):
        as_system(officer, System(permitted_by=None))
