"""What an opinion has to say, and how it goes on its way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.councils import rules
from consult.councils.rules import Opinion, Point
from consult.errors import Conflict, DomainError, Invalid, NotAllowed

SAID = Opinion({"ru": "Мы за."}, "for", [Point(1, "art_1", "Add a day.")])


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Opinion({"ru": "Мы за."}, "maybe"), "conclusion"),
        (Opinion({"ru": " "}, "for"), "words_ky"),
        (Opinion({"en": "We agree."}, "for"), "words_ky"),  # the text is not in that language
        (Opinion({"ky": "x" * (rules.TEXT_MAX + 1)}, "for"), "words_ky"),
        (Opinion({"ky": "Ооба."}, "for", [Point(2, "art_9", "Add.")]), "wid_2"),
        (Opinion({"ky": "Ооба."}, "for", [Point(2, "", "Add.")]), "wid_2"),
        (Opinion({"ky": "Ооба."}, "for", [Point(3, "art_1", " ")]), "point_3"),
        (Opinion({"ky": "Ооба."}, "for", [Point(3, "art_1", "x" * 2001)]), "point_3"),
    ],
)
def test_an_opinion_has_words_a_conclusion_and_proposals_that_lead_somewhere(
    said: Opinion, field: str
) -> None:
    rules.check_opinion(SAID, ["ky", "ru"], {"art_1"})
    with pytest.raises(Invalid) as refusal:
        rules.check_opinion(said, ["ky", "ru"], {"art_1"})
    assert refusal.value.field == field


def test_it_goes_one_way_only() -> None:
    def may(check: object, *given: object, **more: object) -> set[str]:
        found = set()
        for state in rules.STATES:
            try:
                check(state, *given, **more)  # type: ignore[operator]
            except DomainError:
                continue
            found.add(state)
        return found

    assert may(rules.check_writable) == rules.WRITABLE
    assert may(rules.check_puttable) == {"drafted"}
    assert may(rules.check_vote, "", "for", "") == {"voting"}
    assert may(rules.check_closable, chairs=True) == {"voting"}
    assert may(rules.check_closable, chairs=False) == set()


@given(st.sampled_from(["", *rules.VOTES]), st.sampled_from(rules.VOTES))
def test_a_vote_is_cast_once(before: str, vote: str) -> None:
    if before:
        with pytest.raises(Conflict):
            rules.check_vote("voting", before, vote, "")
    else:
        rules.check_vote("voting", before, vote, "")


@pytest.mark.parametrize(
    ("vote", "dissent", "field"),
    [("", "", "vote"), ("absent", "", "vote"), ("for", "No.", "dissent")],
)
def test_who_votes_in_favour_dissents_from_nothing(vote: str, dissent: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        rules.check_vote("voting", "", vote, dissent)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("text", "taken", "field"),
    [("", "all", "answer"), ("Yes.", "", "taken"), ("x" * 10_001, "all", "answer")],
)
def test_an_answer_says_what_was_taken_up_and_why(text: str, taken: str, field: str) -> None:
    rules.check_answer("We add a day.", "part")
    with pytest.raises(Invalid) as refusal:
        rules.check_answer(text, taken)
    assert refusal.value.field == field


def test_nobody_publishes_what_they_wrote_themselves() -> None:
    rules.check_second_person(1, 2)
    with pytest.raises(NotAllowed):
        rules.check_second_person(1, 1)
