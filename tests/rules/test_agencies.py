"""Agencies through time: no cycle can be made, and what an agency was called on a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.accounts.agencies.rules import (
    check_day,
    check_parent,
    check_succession,
    names_on,
    new_parent,
    reached,
)
from consult.errors import Invalid

FIRST = date(2026, 1, 1)
AGENCIES = st.integers(1, 6)


@given(st.lists(st.tuples(AGENCIES, st.sets(AGENCIES, min_size=1, max_size=3)), max_size=15))
def test_no_sequence_of_mergers_and_splits_leads_back_to_an_agency(
    changes: list[tuple[int, set[int]]],
) -> None:
    graph: dict[int, set[int]] = {}
    for agency, successors in changes:
        try:
            check_succession(agency, successors, graph)
        except Invalid:
            continue
        graph[agency] = graph.get(agency, set()) | successors
    assert not [agency for agency in graph if agency in reached(agency, graph)]


@given(st.lists(st.tuples(AGENCIES, st.none() | AGENCIES), max_size=15))
def test_no_sequence_of_moves_puts_an_agency_beneath_itself(
    moves: list[tuple[int, int | None]],
) -> None:
    parents: dict[int, int | None] = {}
    for agency, parent in moves:
        try:
            check_parent(agency, parent, parents)
        except Invalid:
            continue
        parents[agency] = parent
    for agency in parents:
        above, steps = parents[agency], 0
        while above is not None:
            above, steps = parents.get(above), steps + 1
            assert steps <= len(parents)


@given(
    st.dictionaries(AGENCIES, st.none() | AGENCIES),
    AGENCIES,
    st.lists(AGENCIES, min_size=1, max_size=3, unique=True),
)
def test_what_belonged_to_an_agency_that_ended_goes_on_elsewhere_without_a_cycle(
    wishes: dict[int, int | None], ended: int, successors: list[int]
) -> None:
    parents: dict[int, int | None] = {}
    for agency, wish in wishes.items():
        try:
            check_parent(agency, wish, parents)
        except Invalid:
            continue
        parents[agency] = wish
    if ended in successors:
        return
    for child in [one for one, parent in parents.items() if parent == ended]:
        parents[child] = new_parent(child, ended, successors, parents)
        assert parents[child] != ended
        check_parent(child, parents[child], parents)


def test_an_agency_is_found_among_those_that_took_over_from_it_in_turn() -> None:
    assert reached(1, {1: [2, 3], 2: [4], 5: [1]}) == {2, 3, 4}


@given(st.lists(st.integers(1, 400), unique=True, max_size=6), st.integers(0, 500), st.randoms())
def test_on_every_day_an_agency_has_the_name_of_that_day(
    days: list[int], asked: int, random: object
) -> None:
    days.sort()
    earlier = [(FIRST + timedelta(day), {"en": f"until {day}"}) for day in days]
    random.shuffle(earlier)  # type: ignore[attr-defined]
    still = [day for day in days if asked < day]
    expected = {"en": f"until {still[0]}"} if still else {"en": "now"}
    assert names_on({"en": "now"}, earlier, FIRST + timedelta(asked)) == expected


def test_from_the_day_of_the_renaming_it_has_the_new_name() -> None:
    earlier = [(FIRST, {"en": "Old"})]
    assert names_on({"en": "New"}, earlier, FIRST) == {"en": "New"}
    assert names_on({"en": "New"}, earlier, FIRST - timedelta(1)) == {"en": "Old"}


def test_a_change_is_entered_on_its_day_and_after_the_one_before() -> None:
    check_day(FIRST, FIRST)
    check_day(FIRST, FIRST, after=FIRST - timedelta(1))
    with pytest.raises(Invalid, match="not before"):
        check_day(FIRST + timedelta(1), FIRST)
    with pytest.raises(Invalid, match="not after"):
        check_day(FIRST, FIRST, after=FIRST)
