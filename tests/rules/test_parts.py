"""A long text in parts: all of it, in order, none too heavy, cut where a reader would cut."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from drafts.reading.parts import LIMIT, Unit, cut, interleave, part_with, weight

units = st.builds(
    Unit,
    depth=st.integers(0, 5),
    weight=st.integers(1, 60),
    headed=st.booleans(),
    bare=st.booleans(),
)
texts = st.lists(units, max_size=60)
limits = st.integers(1, 200)
wids = st.lists(st.text("abcdefgh", min_size=1, max_size=2), unique=True, max_size=20)


def chapter(depth: int = 0) -> Unit:
    return Unit(depth, 5, headed=True, bare=True)


def article(size: int, depth: int = 1) -> Unit:
    return Unit(depth, size, headed=True)


@given(texts, limits)
def test_the_parts_together_are_the_text(text: list[Unit], limit: int) -> None:
    parts = cut(text, limit)
    assert [place for part in parts for place in part] == list(range(len(text)))
    assert all(parts) or parts == [range(0)]
    assert cut(text, limit) == parts


@given(texts, limits)
def test_no_part_is_too_heavy_but_one_provision_with_its_headings(
    text: list[Unit], limit: int
) -> None:
    for part in cut(text, limit):
        held = [text[place] for place in part]
        if sum(unit.weight for unit in held) > limit:
            for above, below in pairwise(held):
                assert above.bare
                assert above.depth < below.depth


@given(texts, limits)
def test_no_part_ends_with_the_heading_of_the_next(text: list[Unit], limit: int) -> None:
    for part in cut(text, limit)[1:]:
        above, first = text[part.start - 1], text[part.start]
        assert not (above.bare and above.depth < first.depth)


@given(texts, limits)
def test_every_place_is_found_in_its_part(text: list[Unit], limit: int) -> None:
    parts = cut(text, limit)
    for place in range(len(text)):
        assert place in parts[part_with(parts, place) - 1]


def test_an_ordinary_law_is_one_part() -> None:
    law = [Unit(1, weight(600), headed=True) for _ in range(80)]
    assert cut(law, LIMIT) == [range(80)]
    assert cut([], LIMIT) == [range(0)]


def test_small_chapters_share_a_part_and_a_part_begins_with_a_chapter() -> None:
    law = [unit for _ in range(6) for unit in (chapter(), article(20), article(20))]
    assert cut(law, 100) == [range(6), range(6, 12), range(12, 18)]


def test_a_chapter_that_is_too_heavy_is_cut_at_its_articles_and_shares_with_none() -> None:
    law = [chapter(), article(10), chapter(), *[article(30)] * 4, chapter(), article(10)]
    assert cut(law, 70) == [range(2), range(2, 5), range(5, 7), range(7, 9)]


def test_a_text_without_headings_is_cut_between_its_highest_provisions() -> None:
    point = [Unit(0, 10), Unit(1, 10), Unit(1, 10)]
    assert cut(point * 4, 70) == [range(6), range(6, 12)]


def test_a_preamble_of_three_lines_is_no_part() -> None:
    law = [Unit(0, 5), chapter(), *[article(30)] * 4, chapter(), Unit(1, 3)]
    assert cut(law, 80) == [range(4), range(4, 8)]


def test_parts_are_of_like_size() -> None:
    assert cut([article(10)] * 11, 100) == [range(6), range(6, 11)]


@given(wids, wids)
def test_two_languages_laid_together_lose_nothing(first: list[str], second: list[str]) -> None:
    together = interleave(first, second)
    assert sorted(together) == sorted({*first, *second})
    assert [wid for wid in together if wid in set(first)] == first


@given(wids)
def test_two_languages_alike_keep_their_order(first: list[str]) -> None:
    assert interleave(first, first) == first


def test_what_only_one_language_has_stands_where_it_follows() -> None:
    assert interleave(["a", "b", "d"], ["x", "a", "c", "b", "d", "e"]) == list("xacbde")
