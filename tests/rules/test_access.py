"""Who may do what: the table of roles and rights, written out so that a change of it is seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.access import GRANTED, RIGHTS, VISITOR, Actor, Role, check_agency, check_right
from consult.errors import NotAllowed

ROLES = list(Role)  # in the order of the columns below
TABLE = """
           visitor  citizen  organis  officer  approver modera   parliam  council  oversig  admin
read          x        x        x        x        x        x        x        x        x        x
join          x        x        x        x        x        x        x        x        x        x
brief         x        x        x        x        x        x        x        x        x        x
develop       x        x        x        x        x        x        x        x        x        x
cabinet       -        x        x        x        x        x        x        x        x        x
follow        -        x        x        x        x        x        x        x        x        x
flag          -        x        x        x        x        x        x        x        x        x
comment       -        x        x        -        -        -        -        -        -        -
vote          -        x        x        -        -        -        -        -        -        -
propose       -        x        -        -        -        -        -        -        -        -
unite         -        x        -        -        -        x        -        -        -        -
ask           -        x        x        -        -        -        -        -        -        -
question      -        x        x        -        -        -        x        x        -        -
attend        -        x        x        -        -        -        -        -        -        -
start         -        -        -        x        x        x        x        x        x        x
desk          -        -        -        x        x        -        -        -        -        -
publish       -        -        -        x        x        -        -        -        -        -
prepare       -        -        -        x        -        -        -        -        -        -
answer        -        -        -        x        -        -        -        -        -        -
convene       -        -        -        x        -        -        -        -        -        -
identify      -        -        -        x        -        -        -        -        -        -
approve       -        -        -        -        x        -        -        -        -        -
review        -        -        -        -        x        -        -        -        x        -
moderate      -        -        -        -        -        x        -        -        -        -
oversee       -        -        -        -        -        -        -        -        x        -
keep          -        -        -        x        x        -        x        -        x        -
refer         -        -        -        -        -        -        x        -        -        -
inquire       -        -        -        -        -        -        x        -        -        -
counsel       -        -        -        -        -        -        -        x        -        -
correct       -        -        -        -        x        -        -        -        x        -
administer    -        -        -        -        -        -        -        -        -        x
audit         -        -        -        -        -        -        -        -        x        x
"""
LINES = [line.split() for line in TABLE.strip().splitlines()[1:]]
OLGA = Actor(
    id=1,
    roles=frozenset({Role.VISITOR, Role.OFFICER}),
    agencies={Role.OFFICER: frozenset({1, 2})},
)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[0])
def test_a_right_belongs_to_these_roles_and_no_others(line: list[str]) -> None:
    right, *marks = line
    for role, mark in zip(ROLES, marks, strict=True):
        assert Actor(roles=frozenset({role})).may(right) == (mark == "x"), role


def test_the_table_above_names_every_right() -> None:
    assert {line[0] for line in LINES} == set(RIGHTS)


def test_a_visitor_is_nobody() -> None:
    assert not VISITOR.is_staff
    with pytest.raises(NotAllowed, match="sign in"):
        _ = VISITOR.person_id


@pytest.mark.parametrize("role", ROLES)
def test_staff_are_those_to_whom_a_role_was_granted(role: Role) -> None:
    assert Actor(roles=frozenset({role})).is_staff == (role in GRANTED)


def test_who_works_for_the_state_neither_comments_nor_votes_as_a_citizen() -> None:
    for role in GRANTED:
        assert not {"comment", "vote"} & {r for r, roles in RIGHTS.items() if role in roles}


def test_nobody_who_answers_also_approves() -> None:
    assert not RIGHTS["answer"] & RIGHTS["approve"]


def test_an_officer_acts_for_their_own_agencies_only() -> None:
    assert [OLGA.may_for("prepare", agency) for agency in (1, 2, 3)] == [True, True, False]
    assert OLGA.held_for("prepare") == {1, 2}
    check_agency(OLGA, "prepare", 2)
    with pytest.raises(NotAllowed, match="another agency"):
        check_agency(OLGA, "prepare", 3)


def test_a_role_held_for_no_agency_in_particular_is_held_everywhere() -> None:
    everywhere = Actor(id=1, roles=frozenset({Role.OFFICER}))
    assert everywhere.may_for("prepare", 99)
    assert everywhere.held_for("prepare") == frozenset()


def test_a_role_without_the_right_helps_at_no_agency() -> None:
    assert not OLGA.may_for("approve", 1)
    with pytest.raises(NotAllowed):
        check_right(OLGA, "approve")


@given(st.sets(st.sampled_from(ROLES)), st.sampled_from(sorted(RIGHTS)), st.integers(1, 9))
def test_whoever_may_do_it_for_an_agency_may_do_it_at_all(
    roles: set[Role], right: str, agency: int
) -> None:
    actor = Actor(roles=frozenset(roles))
    assert actor.may_for(right, agency) <= actor.may(right)
