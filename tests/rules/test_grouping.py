"""Which comments are put before a person as one point, and that the machine only proposes."""

import random

from hypothesis import given
from hypothesis import strategies as st

from consult.grouping.rules import METHODS, Suggested, suggest, was_dismissed
from consult.grouping.rules import Text as Compared

LIBRARY = ("library", "open", "saturday", "work", "week")
BUS = ("bus", "village", "stop", "evening", "route")


def text_of(id_: int, words: tuple[str, ...], exact: str, cluster: int | None = None) -> Compared:
    """A comment whose words are their own stems."""
    return Compared(id_, tuple((word, word) for word in words), exact, cluster)


stems = st.lists(st.sampled_from([*LIBRARY, *BUS, "law", "people", "money"]), max_size=9)
texts = st.lists(
    st.builds(
        lambda words, cluster: (tuple(words), cluster),
        stems,
        st.one_of(st.none(), st.integers(1, 3)),
    ),
    max_size=30,
).map(
    lambda rows: [
        text_of(n, words, " ".join(words), cluster) for n, (words, cluster) in enumerate(rows)
    ]
)


@given(texts, st.randoms())
def test_the_order_in_which_comments_come_plays_no_part(
    given_: list[Compared], order: random.Random
) -> None:
    shuffled = order.sample(given_, len(given_))
    assert suggest(shuffled) == suggest(given_)


@given(texts)
def test_no_comment_stands_in_two_proposals_and_none_stands_alone(given_: list[Compared]) -> None:
    found = suggest(given_)
    ids = [id_ for one in found for id_ in one.ids]
    assert len(ids) == len(set(ids))
    assert all(len(one.ids) > 1 for one in found)
    assert set(ids) <= {text.id for text in given_}


@given(texts)
def test_the_surest_way_comes_first(given_: list[Compared]) -> None:
    ways = [METHODS.index(one.method) for one in suggest(given_)]
    assert ways == sorted(ways)


@given(texts)
def test_the_same_text_is_always_found(given_: list[Compared]) -> None:
    alone = [text for text in given_ if text.cluster is None]
    groups = [set(one.ids) for one in suggest(given_)]
    for text in alone:
        twins = {other.id for other in alone if other.exact == text.exact}
        if len(twins) > 1:
            assert twins in groups


@given(texts)
def test_of_shared_words_everyone_is_like_the_centre(given_: list[Compared]) -> None:
    for one in suggest(given_):
        if one.method == "shared_words":
            assert 0.2 <= one.score <= 1.001


def test_two_points_said_in_other_words_are_told_apart() -> None:
    rows = [
        text_of(1, ("library", "open", "saturday"), "a"),
        text_of(2, ("saturday", "library", "open", "please"), "b"),
        text_of(3, ("bus", "stop", "village"), "c"),
        text_of(4, ("village", "bus", "stop", "evening"), "d"),
        text_of(5, ("thanks",), "e"),
    ]
    assert {one.ids for one in suggest(rows)} == {(1, 2), (3, 4)}
    (library, bus) = sorted(suggest(rows), key=lambda one: one.ids)
    assert "library" in library.terms
    assert "bus" in bus.terms


def test_what_binds_comments_is_shown_as_they_spell_it() -> None:
    rows = [
        Compared(1, (("libr", "libraries"), ("open", "open")), "a"),
        Compared(2, (("libr", "library"), ("open", "open"), ("now", "now")), "b"),
        Compared(3, (("libr", "library"), ("open", "opened")), "c"),
    ]
    (found,) = suggest(rows)
    assert found.terms == ("library", "open")


def test_a_campaign_is_one_proposal_and_its_twins_another() -> None:
    rows = [
        text_of(1, (), "same"),
        text_of(2, (), "same"),
        text_of(3, (), "a", cluster=7),
        text_of(4, (), "b", cluster=7),
        text_of(5, (), "a", cluster=7),
        text_of(6, (), "c", cluster=8),
        text_of(7, (), "d", cluster=9),
        text_of(8, (), "d", cluster=9),
    ]
    assert suggest(rows) == [
        Suggested("same_text", 1.0, (1, 2)),
        Suggested("same_text", 1.0, (7, 8)),
        Suggested("near_duplicate", 1.0, (3, 4, 5)),
    ]


@given(st.sets(st.integers(1, 40), min_size=2), st.sets(st.integers(1, 40)))
def test_what_was_dismissed_is_not_proposed_again_nor_nearly_so(
    ids: set[int], other: set[int]
) -> None:
    assert was_dismissed(ids, [ids])
    assert not was_dismissed(ids, [])
    if not ids & other:
        assert not was_dismissed(ids, [other])
