"""What a person typed becomes a correction; warnings know their provision; languages part."""

import pytest

from consult.errors import Invalid
from drafts.correcting.rules import Typed, cutting, name_of, naming, out_of_step
from drafts.grammar.line import lines_of
from drafts.grammar.parse import parse, parse_with_warnings
from drafts.importing.editing import Corrected, corrected
from drafts.tree import Node

LAW = """Chapter 1. General
Article 1. Aim
This law is about libraries.
1. Villages:
1) have a library;
2) keep it warm.
Article 2. Money
The budget pays."""


def read(*nodes: Node, lang: str = "en") -> Corrected:
    return corrected(nodes, [], lang)


def typed(node: Node, **changed: str) -> Typed:
    """The form as it was sent out, some of it changed."""
    asked = Typed(node.kind, node.number, node.label, node.heading, node.text)
    return asked._replace(**changed)  # type: ignore[arg-type]


def named(node: Node, lang: str = "en", **changed: str) -> tuple[str, str, str, str, str]:
    """What becomes of a provision when a form is sent."""
    edit = naming(0, node, typed(node, **changed), lang)
    now = corrected((node,), [edit.model_dump(mode="json")], lang).tree.nodes[0]
    return now.kind, now.number, now.label, now.heading, now.text


def cut(node: Node, words: str, lang: str = "en") -> list[tuple[int, str, str, str]]:
    edit = cutting(read(node, lang=lang).passages, 0, words, lang)
    tree = corrected((node,), [edit.model_dump(mode="json")], lang).tree
    return [(depth, n.kind, n.label, n.heading or n.text) for n, depth in tree.walk_deep()]


@pytest.mark.parametrize(
    ("lang", "words", "kind", "expected"),
    [
        ("ru", "Статья 5. Предмет", "article", ("5", "Статья 5.", "Предмет", "")),
        ("ky", "5-берене. Максаты", "article", ("5", "5-берене.", "Максаты", "")),
        ("kk", "5-бап. Мақсаты", "article", ("5", "5-бап.", "Мақсаты", "")),
        ("en", "Article 5. It is so.", "article", ("5", "Article 5.", "", "It is so.")),
        ("ru", "Глава первая", "chapter", ("", "", "Глава первая", "")),
        ("ru", "3) третий;", "subparagraph", ("3", "3)", "", "третий;")),
        ("ru", "Без номера.", "paragraph", ("", "", "", "Без номера.")),
        ("ru", "Примечание о ценах", "note", ("", "", "", "Примечание о ценах")),
    ],
)
def test_where_only_the_kind_is_changed_the_grammar_finds_the_label(
    lang: str, words: str, kind: str, expected: tuple[str, ...]
) -> None:
    assert named(Node("text", text=words), lang, kind=kind) == (kind, *expected)


def test_a_paragraph_that_becomes_words_takes_its_number_in() -> None:
    node = Node("paragraph", "1", "1.", "", "января вступает в силу.")
    assert named(node, "ru", kind="text") == ("text", "", "", "", "1. января вступает в силу.")


def test_a_paragraph_that_becomes_a_chapter_has_its_words_as_heading() -> None:
    node = Node("paragraph", "1", "1.", "", "Общие положения")
    assert named(node, "ru", kind="chapter")[2:] == ("1.", "Общие положения", "")


def test_the_number_is_found_in_the_new_label() -> None:
    node = Node("article", "", "", "Статья 5-1 Предмет", "Слова.")
    moved = named(node, "ru", label="Статья 5-1", heading="Предмет")
    assert moved == ("article", "5-1", "Статья 5-1", "Предмет", "Слова.")
    kept = named(node, "ru", label="Статья 5-1", heading="Предмет", number="5")
    assert kept[1] == "5"


def test_parts_may_be_divided_anew_but_no_letter_changed() -> None:
    node = Node("article", "1", "Article 1.", "Aim This law", "is short.")
    assert named(node, heading="Aim", text="This  law\r\nis short.")[3:] == (
        "Aim",
        "This law is short.",
    )
    for changed in ({"text": "is long."}, {"heading": ""}, {"label": "Article 2."}):
        with pytest.raises(Invalid, match="must stay"):
            named(node, **changed)
    with pytest.raises(Invalid, match="Nothing was changed"):
        named(node)


@pytest.mark.parametrize("number", ["7", "1 ", "a__b", "x" * 30])
def test_a_number_must_be_printed_in_the_label(number: str) -> None:
    with pytest.raises(Invalid) as refusal:
        named(Node("article", "1", "Article 1.", "Aim"), number=number)
    assert refusal.value.field == "number"


def test_what_is_cut_off_is_what_the_grammar_takes_it_for() -> None:
    node = Node("paragraph", "1", "1.", "", "One. 2. Two. And more.")
    assert cut(node, "1. One.\r\n\r\n2. Two.\n \nAnd more.") == [
        (0, "paragraph", "1.", "One."),
        (0, "paragraph", "2.", "Two."),
        (1, "text", "", "And more."),
    ]
    node = Node("article", "1", "Статья 1.", "Цель", "Слова. Статья 2. Деньги")
    assert cut(node, "Статья 1. Цель Слова.\n\nСтатья 2. Деньги", "ru")[1] == (
        0,
        "article",
        "Статья 2.",
        "Деньги",
    )
    assert cut(Node("row", text="1)\ta\t2)\tb"), "1)\ta\n\n2)\tb")[1] == (0, "row", "", "2)\tb")
    assert cut(Node("text", text="a. b."), "a.\n\n\n\nb.") == [
        (0, "text", "", "a."),
        (0, "text", "", "b."),
    ]


def test_an_article_cut_off_from_a_paragraph_stands_beside_its_article() -> None:
    nodes = parse(lines_of("Chapter 1. A\nArticle 1. Aim\n1. One. Article 2. Money"), "en").nodes
    edit = cutting(corrected(nodes, [], "en").passages, 2, "1. One.\n\nArticle 2. Money", "en")
    (piece,) = edit.pieces
    assert (piece.depth, piece.kind, piece.number) == (1, "article", "2")


def test_only_empty_lines_may_be_put_in() -> None:
    node = Node("text", text="a b")
    for words, reason in (("a b", "Put an empty line"), ("a\n\nc", "Only empty lines")):
        with pytest.raises(Invalid, match=reason) as refusal:
            cut(node, words)
        assert refusal.value.field == "words"


def test_a_long_provision_goes_by_its_first_words() -> None:
    assert name_of(Node("article", "1", "Article 1.", "Aim")) == "Article 1. Aim"
    assert len(name_of(Node("text", text="word " * 50))) <= 61


def test_a_warning_names_the_provision_it_is_about() -> None:
    text = "Article 1. Aim\n1. One.\n3. Three.\nArticle 5. End\nIt says: «open\nand never ends."
    parsed = parse_with_warnings(lines_of(text), "en")
    nodes = list(parsed.tree.walk())
    about = {
        doubt.place: nodes[doubt.at].label for doubt in parsed.warnings if doubt.at is not None
    }
    assert about == {"line 3": "3.", "line 4": "Article 5.", "line 5": "Article 5."}


def test_two_languages_part_where_the_first_provision_differs() -> None:
    english = parse(lines_of(LAW), "en").nodes
    assert out_of_step(english, english) is None
    without = parse(lines_of(LAW.replace("2) keep it warm.\n", "")), "en").nodes
    assert out_of_step(english, without) == (4, 4)  # behind 1) either has something else
    other = parse(lines_of(LAW.replace("Article 2", "Article 3")), "en").nodes
    assert out_of_step(english, other) == (5, 5)
    assert out_of_step(english, english[:0]) == (0, 0)
