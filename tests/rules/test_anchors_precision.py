"""Comments in a law that is rewritten at random: parsed, aligned and resolved, version by version.

The truth about every word is known (bench/rewriting.py); the numbers of whole laws are printed by
the benchmark.
"""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.anchors.rules import (
    Heir,
    Line,
    Standing,
    Step,
    Text,
    heirs,
    is_changed,
    marked,
    stands,
    with_marks,
)
from drafts.versions.anchoring import find_quote
from drafts.versions.diffing import diff_words, word_pieces
from tests.bench.anchors import Score, score_of, versions
from tests.bench.rewriting import Rewriting

SMALL = (60, 2_500)  # provisions and words


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2, 0.4])
def test_unaffected_anchors_stay_exact_and_none_is_exact_at_a_wrong_place(share: float) -> None:
    total = Score()
    for seed in range(4):
        first, *others = versions(Rewriting(*SMALL, seed), share, 3)
        rng = random.Random(seed)
        made = [first.truth.anchor(rng) for _ in range(200)]
        for n in range(1, len(others) + 1):
            total += score_of(made, first, others[:n])
    assert total.wrong_exact == 0
    assert total.unaffected > 1_000
    assert total.exact >= 0.99 * total.unaffected
    assert total.placed >= 0.99 * total.whole
    assert total.wrong_placed <= 0.002 * total.said_placed


@settings(max_examples=25)
@given(st.integers(100, 10_000), st.sampled_from([0.1, 0.3, 0.6, 0.9]))
def test_however_a_law_is_rewritten_nothing_is_exact_at_a_wrong_place(
    seed: int, share: float
) -> None:
    first, *others = versions(Rewriting(25, 700, seed), share, 2)
    rng = random.Random(seed)
    made = [first.truth.anchor(rng) for _ in range(60)]
    score = score_of(made, first, others)
    assert score.wrong_exact == 0
    assert score.states.total() == len(made)


def law(*texts: str) -> Text:
    """Articles a, b, c …"""
    return Text(Line("abc"[n], 0, "abc"[n], "", text) for n, text in enumerate(texts))


ROADS = "The owner of a road keeps it in repair and clears it of snow before the morning."
WATER = "Nobody may lead the water of a canal elsewhere without leave of the village."
BOOKS = "A library lends its books to whoever lives in the district, and asks no money for it."


def place(text: Text, wid: str, words: str, new: Text, *carried: Heir) -> tuple[str, str, str]:
    quote = find_quote(text.own(wid), words)
    assert quote is not None
    here = stands(quote, wid, text, new, carried)
    said = "" if here.start is None else new.own(here.wid)[here.start : here.end]
    return here.state, here.wid, said


def test_heirs_are_followed_through_every_version() -> None:
    first = {"a": [Step("split", "a"), Step("split", "c")], "b": [Step("deleted", "")]}
    second = {"a": [Step("moved", "a")], "c": [Step("merged", "d")]}
    both = (Heir("a", frozenset({"split", "moved"})), Heir("d", frozenset({"split", "merged"})))
    assert heirs("a", [first, second]) == both
    assert heirs("b", [first, second]) == ()
    assert heirs("a", [{}, {}]) == (Heir("a"),)  # no list was made: the wids say it


def test_the_best_state_wins_among_the_heirs() -> None:
    old, new = law(f"{ROADS} {WATER}"), law(f"{ROADS} So be it.", WATER)
    assert place(old, "a", "water of a canal", new, Heir("a"), Heir("b")) == (
        *("exact", "b"),
        "water of a canal",
    )


def test_words_that_stand_in_both_halves_are_a_doubt() -> None:
    old, new = law(f"{ROADS} {WATER}"), law(f"{ROADS} {WATER} So be it.", f"So be it. {WATER}")
    state, wid, _ = place(old, "a", "water of a canal", new, Heir("a"), Heir("b"))
    assert (state, wid) == ("exact", "a")  # the sentence before it tells them apart
    new = law(f"{BOOKS} {WATER} So be it.", f"So be it. {WATER}")
    state, wid, _ = place(old, "a", "water of a canal", new, Heir("a"), Heir("b"))
    assert (state, wid) == ("shifted", "a")


def test_words_that_two_provisions_have_are_not_exact_in_one_that_was_changed() -> None:
    old, new = law(f"{ROADS} {WATER}", WATER), law(f"{BOOKS} {WATER}")
    assert place(old, "a", "water of a canal", new, Heir("a"))[0] == "shifted"
    assert place(old, "b", "water of a canal", law(ROADS, WATER), Heir("b"))[0] == "exact"


def test_words_found_elsewhere_are_shifted_and_only_if_certain() -> None:
    old = law(ROADS, f"{WATER} {BOOKS}")
    moved = law(f"{ROADS} {BOOKS}", WATER)
    assert place(old, "b", "whoever lives", moved, Heir("b")) == ("shifted", "a", "whoever lives")
    doubled = law(f"{ROADS} {BOOKS}", WATER, BOOKS)
    assert place(old, "b", "whoever lives", doubled, Heir("b"))[0] == "text_deleted"
    short = law(f"{ROADS} It is for whoever lives.", WATER)
    assert place(old, "b", "whoever lives", short, Heir("b"))[0] == "text_deleted"


def test_words_that_were_in_two_provisions_are_not_taken_for_each_other() -> None:
    old, new = law(ROADS, f"{WATER} {BOOKS}", f"So be it. {BOOKS}"), law(ROADS, WATER, BOOKS)
    assert place(old, "b", "whoever lives", new, Heir("b"))[0] == "text_deleted"


def test_an_orphan_has_no_place() -> None:
    assert place(law(ROADS, WATER), "b", "canal", law(ROADS)) == ("orphan", "", "")
    assert stands(None, "b", law(ROADS, WATER), law(ROADS), ()) == Standing("orphan")


@pytest.mark.parametrize(
    ("kinds", "text", "state"),
    [
        ({"same"}, ROADS, "exact"),
        ({"edited"}, ROADS, "exact"),  # and edited back
        ({"moved"}, ROADS, "shifted"),
        ({"same", "renumbered"}, ROADS, "shifted"),
        ({"edited", "moved"}, WATER, "weak"),
        ({"merged"}, ROADS, "weak"),
        ({"split"}, ROADS, "weak"),
    ],
)
def test_a_comment_without_a_quote_is_told_what_became_of_its_provision(
    kinds: set[str], text: str, state: str
) -> None:
    here = stands(None, "a", law(ROADS), law(text), [Heir("a", frozenset(kinds))])
    assert here == Standing(state, "a")


def test_without_a_text_in_its_language_only_the_provision_is_known() -> None:
    quote = find_quote(ROADS, "clears it of snow")
    assert stands(quote, "a", law(ROADS), None, [Heir("a")]) == Standing("provision_only", "a")
    assert stands(quote, "a", law(ROADS), None, []) == Standing("orphan")


def test_an_author_is_asked_when_the_words_read_otherwise_than_in_the_version_before() -> None:
    quote = find_quote(WATER, "leave of the village")
    old, new = law(f"{WATER} So."), law(WATER.replace("leave", "word"))
    weak = Standing("weak", "a", *(at + WATER.index("leave") for at in (0, 19)))
    assert is_changed(quote, weak, new, None, None)
    assert not is_changed(quote, weak, new, weak, new)
    assert is_changed(quote, weak, new, weak, old)
    assert is_changed(quote, Standing("orphan"), new, weak, old)
    assert not is_changed(quote, Standing("orphan"), new, Standing("orphan"), old)
    assert not is_changed(quote, Standing("exact", "a", 0, 3), new, weak, old)


@given(st.text("ab .", max_size=30), st.text("ab .", max_size=30), st.data())
def test_a_marked_difference_is_the_difference_with_the_passage_in_its_middle(
    old: str, new: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(new)))
    end = data.draw(st.integers(start, len(new)))
    cut = marked(word_pieces(old, new), start, end)

    def reading(pieces: object, *, without: str) -> str:
        return "".join(text for op, text in pieces if op != without)  # type: ignore[attr-defined]

    assert reading(cut.marked, without="del") == new[start:end]
    assert reading(cut.before, without="del") == new[:start]
    whole = (*cut.before, *cut.marked, *cut.after)
    assert reading(whole, without="del") == new
    assert reading(whole, without="ins") == old
    assert "".join(p.text for p in diff_words(old, new)) == reading(whole, without="")


@given(st.text("ab ", max_size=20), st.lists(st.tuples(st.integers(-2, 22), st.integers(-2, 22))))
def test_marks_lie_where_they_are_asked_for_and_lose_no_letter(
    text: str, spans: list[tuple[int, int]]
) -> None:
    pieces = with_marks(text, spans)
    inside = {at for a, b in spans if 0 <= a < b <= len(text) for at in range(a, b)}
    marks = [op == "mark" for op, words in pieces for _ in words]
    assert "".join(words for _, words in pieces) == (text if inside else "")
    assert {at for at, is_marked in enumerate(marks) if is_marked} == inside
    assert all(words for _, words in pieces)
