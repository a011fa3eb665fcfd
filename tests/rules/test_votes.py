"""How votes are counted: however often people change their minds, the last word counts once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.errors import Invalid
from consult.votes.rules import (
    change_of_counts,
    comment_target,
    first_with_these_words,
    value_of,
    version_target,
)

VALUES = st.sampled_from([1, -1, 0])


@given(st.lists(st.tuples(st.integers(1, 5), VALUES)))
def test_the_counts_are_those_of_everybodys_last_vote(cast: list[tuple[int, int]]) -> None:
    last: dict[int, int] = {}
    votes_for = votes_against = 0
    for person, value in cast:
        more_for, more_against = change_of_counts(last.get(person, 0), value)
        votes_for, votes_against = votes_for + more_for, votes_against + more_against
        last[person] = value
    assert votes_for == list(last.values()).count(1)
    assert votes_against == list(last.values()).count(-1)


@given(VALUES)
def test_the_same_vote_again_changes_nothing(value: int) -> None:
    assert change_of_counts(value, value) == (0, 0)


@given(VALUES, VALUES)
def test_a_vote_taken_back_leaves_no_trace_in_the_counts(old: int, new: int) -> None:
    there, back = change_of_counts(old, new), change_of_counts(new, old)
    assert (there[0] + back[0], there[1] + back[1]) == (0, 0)


@pytest.mark.parametrize(("pressed", "value"), [("1", 1), ("-1", -1), ("0", 0)])
def test_a_vote_is_for_against_or_taken_back(pressed: str, value: int) -> None:
    assert value_of(pressed) == value


@pytest.mark.parametrize("pressed", ["", "2", "+1", "1.0", "yes", "١"])
def test_no_other_vote_is_understood(pressed: str) -> None:
    with pytest.raises(Invalid):
        value_of(pressed)


def test_everything_one_can_vote_on_has_its_own_address() -> None:
    targets = [version_target(7), version_target(7, "art_2"), version_target(72), comment_target(7)]
    assert len(set(targets)) == len(targets)


@pytest.mark.parametrize(
    ("wordings", "first"),
    [
        ([{"en": ["a"]}], 0),
        ([{"en": ["a"]}, {"en": ["a"]}, {"en": ["a"]}], 0),
        ([{"en": ["a"]}, {"en": ["b"]}, {"en": ["b"]}], 1),
        ([{"en": ["a"]}, {"en": ["b"]}, {"en": ["a"]}], 2),  # what comes back is voted on anew
        ([{"en": ["a"]}, {"en": ["a", "b"]}], 1),  # a part was added
        ([{}, {"en": ["a"]}], 1),
        ([{"ky": ["a"]}, {"ky": ["a"], "ru": ["б"]}], 0),
        ([{"ky": ["a"], "ru": ["б"]}, {"ky": ["a"], "ru": ["в"]}], 1),
        ([{"ky": ["a"]}, {"ru": ["a"]}], 1),
    ],
)
def test_votes_go_back_to_where_the_words_were_first_so(
    wordings: list[dict[str, list[str]]], first: int
) -> None:
    assert first_with_these_words(wordings) == first
