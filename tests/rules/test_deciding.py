"""How a council decides: quorum and majority as data."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from consult.procedure.deciding import (
    Ballot,
    Base,
    Deciding,
    is_adopted,
    is_quorate,
    quorum_of,
    votes_needed,
)
from consult.procedure.packs import load_pack, parse_pack
from tests.rules.test_procedure_packs import KG

SAID = {
    "code": "x-council",
    "citation": "An act",
    "citation_lang": "en",
    "source": "The gazette",
    "valid_from": "2020-01-01",
}


def rule(quorum: str = "2/3", majority: str = "1/2", **more: Any) -> Deciding:
    return Deciding.model_validate(SAID | {"quorum": quorum, "majority": majority} | more)


counts = st.integers(min_value=0, max_value=60)
ballots = st.builds(Ballot, counts, counts, counts, counts)
parts = st.fractions(min_value=0, max_value=Fraction(99, 100), max_denominator=100).map(str)
bases = st.sampled_from(Base)


@given(parts, ballots)
def test_a_quorum_is_exactly_the_part_of_the_members_that_the_rule_names(
    quorum: str, ballot: Ballot
) -> None:
    enough = ballot.present >= Fraction(quorum) * ballot.members and ballot.present > 0
    assert is_quorate(rule(quorum), ballot) == enough


@given(parts, parts, bases, ballots)
def test_nothing_is_adopted_without_a_quorum_and_more_than_the_majority(
    quorum: str, majority: str, of: Base, ballot: Ballot
) -> None:
    whole = ballot.present if of is Base.PRESENT else ballot.members
    adopted = is_adopted(rule(quorum, majority, of=of), ballot)
    more = ballot.in_favour > Fraction(majority) * whole
    assert adopted == (more and is_quorate(rule(quorum), ballot))


@given(parts, bases, ballots)
def test_one_more_vote_in_favour_never_loses_what_was_adopted(
    majority: str, of: Base, ballot: Ballot
) -> None:
    if ballot.absent and is_adopted(rule("1/2", majority, of=of), ballot):
        came = Ballot(ballot.in_favour + 1, ballot.against, ballot.abstained, ballot.absent - 1)
        assert is_adopted(rule("1/2", majority, of=of), came)


def test_a_tie_adopts_nothing_and_a_half_of_five_is_three() -> None:
    assert votes_needed(rule(), Ballot(2, 2, 0)) == 3
    assert not is_adopted(rule(), Ballot(2, 2, 0))
    assert quorum_of(rule("1/2"), 5) == 3
    assert quorum_of(rule("0"), 5) == 1
    assert votes_needed(rule(of="all"), Ballot(3, 0, 0, 3)) == 4


@pytest.mark.parametrize("part", ["1", "3/2", "-1/2", "1/0", "half", "", 0.5, None])
def test_a_part_is_written_as_a_fraction_of_the_whole(part: object) -> None:
    with pytest.raises(ValidationError, match="a part"):
        rule(quorum=part)  # type: ignore[arg-type]


def test_it_says_the_same_when_it_was_kept_as_plain_values() -> None:
    for pack in ("kg", "kz"):
        (shipped,) = load_pack(pack).deciding
        assert Deciding.model_validate(shipped.model_dump(mode="json")) == shipped
        assert shipped.proposed
        assert shipped.note


def test_an_act_type_nobody_defined_is_named() -> None:
    with pytest.raises(ValueError, match="deciding kg-council, asked_for: 'edict' is not defined"):
        parse_pack(KG.replace('asked_for = ["law"', 'asked_for = ["edict"'), "kg.toml")
