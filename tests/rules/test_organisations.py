"""Rules of organisations: an organisation never loses its last manager."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.accounts.organisations.rules import (
    MOST_OF_ONE_PERSON,
    check_may_end,
    check_may_take_over,
    check_not_too_many,
)
from consult.errors import Conflict, DomainError, NotAllowed

people = st.integers(min_value=1, max_value=5)
acts = st.lists(st.tuples(st.sampled_from(["end", "hand over"]), people, people))


@given(st.sets(people, min_size=1), acts)
def test_whatever_its_members_do_somebody_manages_it(
    managers: set[int], done: list[tuple[str, int, int]]
) -> None:
    members = {1, 2, 3, 4, 5}
    for act, actor, member in done:
        if not {actor, member} <= members:
            continue
        try:
            if act == "end":
                check_may_end(actor, member, managers)
                members.discard(member)
                managers = managers - {member}
            else:
                check_may_take_over(actor, member, managers)
                managers = (managers - {actor}) | {member}
        except DomainError:
            continue
        assert managers
        assert managers <= members


@given(people, people, st.sets(people))
def test_who_does_not_manage_ends_nothing_but_their_own_membership(
    actor: int, member: int, managers: set[int]
) -> None:
    others = managers - {actor}
    if actor == member:
        check_may_end(actor, member, others)
    else:
        with pytest.raises(NotAllowed):
            check_may_end(actor, member, others)
    with pytest.raises(NotAllowed):
        check_may_take_over(actor, member, others)


def test_the_last_manager_hands_over_before_they_leave() -> None:
    with pytest.raises(Conflict):
        check_may_end(1, 1, {1})
    check_may_take_over(1, 2, {1})
    check_may_end(1, 1, {2})
    check_may_end(1, 1, {1, 2})


def test_who_manages_already_takes_nothing_over() -> None:
    with pytest.raises(Conflict):
        check_may_take_over(1, 1, {1})


def test_nobody_speaks_for_hundreds() -> None:
    check_not_too_many(MOST_OF_ONE_PERSON - 1)
    with pytest.raises(Conflict):
        check_not_too_many(MOST_OF_ONE_PERSON)
