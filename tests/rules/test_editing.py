"""Corrections of a text that was read: every one is possible or refused, none changes a letter."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.errors import Invalid
from drafts.grammar.line import lines_of
from drafts.grammar.parse import parse
from drafts.importing.editing import (
    Cut,
    Hang,
    Join,
    Name,
    Piece,
    check,
    corrected,
    letters,
    words_of,
)
from drafts.tree import KINDS, Node, Tree

LAW = """Chapter 1. General
Article 1. Aim
This law is about libraries.
1. Villages:
1) have a library;
2) keep it warm.
Article 2. Money
The budget pays."""


def read(text: str = LAW) -> tuple[Node, ...]:
    return parse(lines_of(text), "en").nodes


def outline(tree: Tree) -> list[tuple[int, str, str, str, str]]:
    return [(depth, n.kind, n.label, n.heading, n.text) for n, depth in tree.walk_deep()]


def after(nodes: tuple[Node, ...], *edits: Any) -> Tree:
    """The text with the edits, each checked before as the site does."""
    stored: list[dict[str, Any]] = []
    for edit in edits:
        check(corrected(nodes, stored, "en"), edit)
        stored.append(edit.model_dump(mode="json"))
    return corrected(nodes, stored, "en").tree


def said(nodes: Sequence[Node]) -> str:
    return letters(" ".join(words_of(each) for node in nodes for each in node.walk()))


@st.composite
def nodes_below(draw: Any, depth: int = 3, parent: str = "") -> tuple[Node, ...]:
    """Provisions as a reader makes them: rows stand in tables only."""
    few = st.integers(0, 3 if depth else 0)
    words = st.text("ab 1.\tё", max_size=8).map(lambda text: text.strip(" "))
    nodes = []
    for _ in range(draw(few)):
        kind = "row" if parent == "table" else draw(st.sampled_from([*set(KINDS) - {"row"}]))
        children = () if kind in ("row", "note") else draw(nodes_below(depth - 1, kind))
        label = draw(st.sampled_from(["", "1.", "Article 5", "а)"])) if kind != "row" else ""
        heading = draw(words) if kind != "row" else ""
        nodes.append(Node(kind, "", label, heading, draw(words), children))
    return tuple(nodes)


PARTS = {
    "kind": st.sampled_from(KINDS),
    "number": st.sampled_from(["", "1", "5", "а", "no"]),
    "label": st.integers(0, 6),
    "heading": st.integers(0, 6),
}
PIECES = st.builds(Piece, after=st.integers(0, 12), depth=st.integers(0, 4), **PARTS)
PLACES = st.integers(0, 25)
EDITS = st.one_of(
    st.builds(Name, at=PLACES, **PARTS),
    st.builds(Hang, at=PLACES, depth=st.integers(0, 5)),
    st.builds(Join, at=PLACES),
    st.builds(Cut, at=PLACES, pieces=st.lists(PIECES, min_size=1, max_size=2).map(tuple)),
)


@given(nodes_below(), st.lists(EDITS, max_size=12))
def test_no_sequence_of_corrections_changes_a_letter(nodes: Any, edits: list[Any]) -> None:
    stored: list[dict[str, Any]] = []
    for edit in edits:
        before = corrected(nodes, stored, "en")
        try:
            check(before, edit)
        except Invalid:
            continue
        stored.append(edit.model_dump(mode="json"))
        now = corrected(nodes, stored, "en")
        assert said(now.tree.nodes) == said(nodes)
        placed = list(now.tree.walk_deep())
        assert [depth for _, depth in placed] == [passage.depth for passage in now.passages]
        assert len({node.eid for node, _ in placed}) == len(placed)
        assert set(now.now_at) == set(range(len(list(Tree("en", nodes).walk()))))
        assert_rows_in_tables(now.tree)
    taken_back = corrected(nodes, stored[:-1], "en")
    assert outline(taken_back.tree) == outline(corrected(nodes, stored[:-1], "en").tree)


def assert_rows_in_tables(tree: Tree) -> None:
    assert not [node for node in tree.nodes if node.kind == "row"]
    for node in tree.walk():
        assert all((child.kind == "row") == (node.kind == "table") for child in node.children)


@given(nodes_below())
def test_without_corrections_the_text_is_as_it_was_read(nodes: Any) -> None:
    assert outline(corrected(nodes, [], "en").tree) == outline(Tree("en", nodes))


def test_a_passage_becomes_an_article_with_its_label_and_heading() -> None:
    nodes = read("Article 1. Aim\nWords.\nArticle 2 Money is paid by the budget.")
    named = Name(at=1, kind="article", number="2", label=8, heading=5)
    tree = after(nodes, Hang(at=1, depth=0), named)
    assert outline(tree)[1] == (0, "article", "Article 2", "Money", "is paid by the budget.")
    assert [node.eid for node in tree.nodes] == ["art_1", "art_2"]


def test_an_article_that_was_none_becomes_words_again() -> None:
    tree = after(read(), Name(at=4, kind="text"))
    assert outline(tree)[4][1:] == ("text", "", "", "2) keep it warm.")


def test_what_followed_its_new_place_hangs_from_it() -> None:
    nodes = read("Article 1. Aim\n1. One.\n2. Two.\n1) a;\n2) b;\n3. Three.")
    tree = after(nodes, Hang(at=2, depth=0))
    assert [depth for _, depth in tree.walk_deep()] == [0, 1, 0, 1, 1, 1]
    nodes = read("Chapter 1. General\nArticle 1. Aim\n1. One:\n1) a;\n2) b;\nArticle 2. Money")
    tree = after(nodes, Hang(at=3, depth=0))
    assert [depth for _, depth in tree.walk_deep()] == [0, 1, 2, 0, 1, 1]  # no depth is skipped


def test_a_passage_hangs_only_from_what_stands_before_it() -> None:
    for edit in (Hang(at=0, depth=1), Hang(at=3, depth=5)):
        with pytest.raises(Invalid):
            after(read(), edit)


def test_joined_words_go_on_where_the_first_ones_end() -> None:
    tree = after(read(), Join(at=4))
    assert outline(tree)[3][1:] == ("subparagraph", "1)", "", "have a library; 2) keep it warm.")
    chapter = Node("chapter", "1", "Chapter 1", "General")
    tree = after((chapter, Node("text", text="and special rules")), Join(at=1))
    assert outline(tree) == [(0, "chapter", "Chapter 1", "General and special rules", "")]


def test_the_title_before_a_table_becomes_its_heading() -> None:
    table = Node("table", children=(Node("row", text="a\tb"),))
    tree = after((Node("text", text="Budget, som"), table), Join(at=1))
    assert outline(tree) == [(0, "table", "", "Budget, som", ""), (1, "row", "", "", "a\tb")]


def test_the_halves_of_a_row_keep_their_cells_apart() -> None:
    rows = (Node("row", text="a\tb"), Node("row", text="c\td"))
    tree = after((Node("table", children=rows),), Join(at=2))
    assert outline(tree)[1][4] == "a\tb\tc\td"


def test_what_hung_from_a_passage_hangs_from_the_last_piece_of_it() -> None:
    nodes = read("Article 1. Aim\n1. One. 2. Two:\n1) a;\n2) b.")
    piece = Piece(after=6, depth=1, kind="paragraph", number="2", label=2)
    tree = after(nodes, Cut(at=1, pieces=(piece,)))
    assert outline(tree)[1:4] == [
        (1, "paragraph", "1.", "", "One."),
        (1, "paragraph", "2.", "", "Two:"),
        (2, "subparagraph", "1)", "", "a;"),
    ]


@pytest.mark.parametrize("place", [[0], [1], [500], [5, 5], [8, 6]])
def test_a_cut_outside_the_words_or_in_the_label_is_refused(place: list[int]) -> None:
    pieces = tuple(Piece(after=after, depth=3, kind="text") for after in place)
    with pytest.raises(Invalid):
        after(read(), Cut(at=4, pieces=pieces))


def test_a_number_that_is_not_printed_is_refused() -> None:
    with pytest.raises(Invalid, match="stand in the label") as refusal:
        after(read(), Name(at=1, kind="article", number="7", label=10))
    assert refusal.value.field == "number"
    for odd in ("5__2", "5 2", "-", "x" * 21):
        with pytest.raises(ValueError):
            Name(at=1, kind="article", number=odd, label=10)


def test_a_row_out_of_its_table_and_words_in_one_are_refused() -> None:
    rows = (Node("row", text="a"), Node("row", text="b"))
    nodes = (Node("table", children=rows), Node("text", text="c"))
    refused = (
        Name(at=1, kind="text"),  # a row would follow it
        Hang(at=2, depth=0),
        Hang(at=3, depth=1),
        Hang(at=3, depth=2),
    )
    for edit in refused:
        with pytest.raises(Invalid, match="A table holds rows"):
            after(nodes, edit)
    assert outline(after(nodes, Name(at=2, kind="text")))[2][:2] == (0, "text")
    assert outline(after(nodes, Name(at=3, kind="row")))[3][:2] == (1, "row")


def test_a_table_that_was_none_becomes_passages() -> None:
    rows = (Node("row", text="1.\ta"), Node("row", text="2.\tb"))
    tree = after((Node("table", children=rows),), Name(at=0, kind="text"))
    assert [kind for _, kind, *_ in outline(tree)] == ["text", "text", "text"]


def test_a_text_nests_no_deeper_than_the_grammar_lets_it() -> None:
    nodes = tuple(Node("text", text="a") for _ in range(30))
    edits = [Hang(at=n, depth=n) for n in range(1, 17)]
    after(nodes, *edits)
    with pytest.raises(Invalid, match="at most 16 levels"):
        after(nodes, *edits, Hang(at=17, depth=17))


def test_places_are_followed_through_the_corrections() -> None:
    text = corrected(
        read(), [{"do": "join", "at": 2}, {"do": "name", "at": 4, "kind": "text"}], "en"
    )
    assert (text.now_at[2], text.now_at[5], text.edited_at) == (1, 4, [1, 4])
    passed = corrected(
        read(), [{"do": "name", "at": 2, "kind": "text"}, {"do": "join", "at": 2}], "en"
    )
    assert passed.edited_at == [1, 1]


def test_what_a_cut_made_takes_no_permanent_id_of_another() -> None:
    nodes = (Node("text", text="a b", wid="x"), Node("text", text="c", wid="content_2"))
    edits = [{"do": "cut", "at": 0, "pieces": [{"after": 1, "depth": 0, "kind": "text"}]}]
    tree = corrected(nodes, edits, "en", keep_wids=True).tree
    assert [node.wid for node in tree.walk()] == ["x", "content_2-v2", "content_2"]
