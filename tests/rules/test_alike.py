"""The detector of template answers: what is seen through, what is left alone, in any order."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.answers.alike import (
    SAME,
    Given,
    gist,
    jaccard,
    likeness,
    points,
    shingles,
    stars,
    template_answers,
    words_of,
)

MONEY = (
    "The proposal cannot be accepted, because the local budget of the coming year has no means "
    "for more hours, and no staff can be taken on."
)
HOURS = "A library that is closed on Sundays helps no child that goes to school on all other days."
ROADS = "Who repairs the road to the village when the snow melts?"
WORD = st.text("абвгдежзиклмн", min_size=3, max_size=8)
WORDS = st.lists(WORD, min_size=10, max_size=30, unique=True)


def test_one_reason_for_unlike_comments_is_a_template() -> None:
    found = template_answers([Given(1, MONEY, [HOURS]), Given(2, MONEY.upper(), [ROADS])])
    assert [one.ids for one in found.templates] == [(1, 2)]
    assert (found.points, found.templated, found.share) == (2, 2, 1.0)


def test_one_reason_for_like_comments_is_none() -> None:
    again = HOURS.replace("child", "pupil")
    found = template_answers([Given(1, MONEY, [HOURS]), Given(2, MONEY, [again])])
    assert not found.templates
    assert (found.points, found.share) == (1, 0.0)


def test_reasons_that_speak_to_the_point_are_none() -> None:
    answers = [
        Given(1, "The school has its own library, open on Sundays from ten to two.", [HOURS]),
        Given(2, "The road belongs to the district, which repairs it each April.", [ROADS]),
    ]
    assert template_answers(answers).share == 0


@given(WORDS, st.integers(0), st.sampled_from(["замена", "иначе"]))
def test_one_word_in_ten_replaced_does_not_hide_a_template(
    words: list[str], at: int, other: str
) -> None:
    changed = list(words)
    changed[at % len(words)] = other
    answers = [Given(1, " ".join(words), [HOURS]), Given(2, " ".join(changed), [ROADS])]
    assert len(template_answers(answers).templates) == 1


def test_names_numbers_and_quoted_words_do_not_hide_a_template() -> None:
    one = Given(
        1,
        f"Dear Aizada Usenova! You write: «closed on Sundays helps no child». {MONEY} See № 12.",
        [HOURS],
        "Aizada Usenova",
    )
    other = Given(
        2,
        f"Dear Bakyt! You write: «repairs the road to the village». {MONEY} See № 7.",
        [ROADS],
        "Bakyt",
    )
    assert gist(one) == gist(other)
    assert len(template_answers([one, other]).templates) == 1


def test_a_reason_that_only_quotes_is_compared_as_it_stands() -> None:
    assert gist(Given(1, HOURS, [HOURS])) == tuple(words_of(HOURS))


def test_an_answer_without_a_reason_is_like_no_other() -> None:
    found = template_answers([Given(1, "", [HOURS]), Given(2, " 12 ", [ROADS])])
    assert (found.points, found.share) == (0, 0.0)


@st.composite
def answers(draw: st.DrawFn) -> list[Given]:
    """A dozen answers from few words, so that some are alike."""
    few = st.lists(st.sampled_from(["алма", "ат", "тоо", "суу", "жол", "күн"]), max_size=8)
    n = draw(st.integers(0, 12))
    return [
        Given(id_, " ".join(draw(few)), [" ".join(draw(few))], draw(st.sampled_from(["", "Ат"])))
        for id_ in range(1, n + 1)
    ]


@given(answers(), st.randoms())
def test_the_order_of_the_answers_plays_no_part(found: list[Given], chance: Random) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert template_answers(found) == template_answers(shuffled)


@given(answers())
def test_a_share_is_a_share_and_no_answer_stands_in_two_templates(found: list[Given]) -> None:
    told = template_answers(found)
    assert 0 <= told.share <= 1
    assert told.templated <= told.points <= len(found)
    ids = [id_ for one in told.templates for id_ in one.ids]
    assert len(ids) == len(set(ids))
    assert all(2 <= one.points <= len(one.ids) for one in told.templates)


@given(answers())
def test_equal_reasons_stand_in_one_template_or_answer_one_thing(found: list[Given]) -> None:
    of = {id_: one.ids for one in template_answers(found).templates for id_ in one.ids}
    for one in found:
        for other in found:
            if gist(one) and gist(one) == gist(other):
                assert of.get(one.id) == of.get(other.id)


@settings(max_examples=60)
@given(st.lists(st.frozensets(st.integers(0, 9), min_size=1), max_size=9), st.floats(0.2, 1))
def test_no_pair_is_missed_that_is_alike(sets: list[frozenset[int]], least: float) -> None:
    """What comparing every pair would find, prefix filtering finds."""
    named = dict(enumerate(sets))
    expected: dict[int, list[int]] = {}
    for id_, own in named.items():
        like = next((one for one in expected if jaccard(named[one], own) >= least), id_)
        expected.setdefault(like, []).append(id_)
    assert stars(named, least) == list(expected.values())


@given(answers())
def test_points_are_at_least_one_and_at_most_the_answers(found: list[Given]) -> None:
    assert bool(found) <= points(found) <= len(found)


@given(st.text(), st.text())
def test_likeness_is_symmetric_and_lies_between_nothing_and_all(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1


def test_likeness_counts_shared_words_whatever_their_capitals() -> None:
    assert likeness("Open on Sundays!", "open on SUNDAYS") == 1
    assert likeness("Open on Sundays", "Closed on Mondays") == pytest.approx(1 / 5)
    assert likeness("", "") == 0


def test_officialese_in_common_is_not_the_same_reason() -> None:
    one = "The proposal is not accepted, because the district pays for its own roads already."
    other = "The proposal is not accepted, because a school of this size needs two teachers."
    assert jaccard(shingles(words_of(one)), shingles(words_of(other))) < SAME
