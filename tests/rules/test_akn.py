"""Akoma Ntoso: whatever is written is valid by the schema, and is read again as it was."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from drafts.exporting.akn.writing import write
from drafts.exporting.document import Document
from drafts.grammar.line import lines_of
from drafts.grammar.parse import parse
from drafts.importing.akn.reading import AknText, read
from drafts.importing.coverage import coverage
from drafts.tree import KINDS, Node, Tree, identify
from tests.rules.test_grammar_real_texts import CONSTITUTION, PROGRAMME, present
from tests.rules.test_grammar_roundtrip import trees

SCHEMA = Path(__file__).parents[1] / "data" / "akoma-ntoso" / "akomantoso30.xsd"
SPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
MOMENT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
SIGNS = " \t\n\r\x0b\x1f\u00a0\u00ad\u2028\ufffe<>&\"'«»–—аҢ1.]%\ud800"


@cache
def schema() -> etree.XMLSchema:
    """The schema of OASIS; it takes the one of the `xml:` attributes from beside it."""
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    return etree.XMLSchema(etree.parse(SCHEMA, parser))


def document(tree: Tree, **more: Any) -> Document:
    facts: dict[str, Any] = {
        "title": "Мыйзам долбоору", "draft_id": 12, "version": 3, "agency": "Юстиция министрлиги",
        "act_type": "law", "jurisdiction": "kg", "created_at": MOMENT, "published_at": None,
        "address": "https://kenesh.example/drafts/12/versions/3",
    }  # fmt: skip
    return Document(tree, **facts | more)


def round_trip(tree: Tree) -> AknText:
    """The tree as read from a file that is valid, with every letter the file holds."""
    data = write(document(tree))
    schema().assertValid(etree.fromstring(data))
    found = read(data, tree.lang)
    assert coverage(found.text, found.tree) == 1.0
    return found


said = st.text(st.one_of(st.sampled_from(SIGNS), st.characters()), max_size=12)
numbers = st.from_regex(r"([1-9][0-9]?([.\u2011-][1-9])?|[а-д]|IV|8¹)?", fullmatch=True)
rows = st.builds(Node, st.just("row"), text=said)
passages = st.builds(Node, st.just("text"), text=said)
tables = st.builds(
    Node, st.just("table"), number=numbers, label=said, heading=said, text=said,
    children=st.lists(rows, max_size=3).map(tuple),
)  # fmt: skip


def _nodes(below: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.builds(
        Node, st.sampled_from(KINDS), number=numbers, label=said | st.just(""),
        heading=said | st.just(""), text=said, children=st.lists(below, max_size=5).map(tuple),
    )  # fmt: skip


any_node = st.recursive(rows | passages | tables, _nodes, max_leaves=12)


@st.composite
def any_tree(draw: Any) -> Tree:
    """Any kind in any other, with words as awkward as can be; some wids are from long ago."""
    lang = draw(st.sampled_from(("ky", "ru", "kk", "en")))
    tree = Tree(lang, (*draw(st.lists(any_node, max_size=6)), Node("text", text="Аягы.")))
    tree = identify(Tree(lang, tuple(draw(st.permutations(tree.nodes)))))
    old = iter(draw(st.permutations([f"art_{n}__п_8-1" for n in range(len(list(tree.walk())))])))
    return Tree(lang, tuple(_aged(draw, node, old) for node in tree.nodes))


def _aged(draw: Any, node: Node, old: Any) -> Node:
    wid = draw(st.sampled_from((node.eid, next(old))))
    children = tuple(_aged(draw, child, old) for child in node.children)
    return Node(
        node.kind, node.number, node.label, node.heading, node.text, children, node.eid, wid
    )


@given(tree=any_tree())
@example(tree=identify(Tree("ru", (Node("annex", label="Приложение"), Node("note", text="Так")))))
@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_tree_is_valid_as_a_file_and_read_again_as_it_was(tree: Tree) -> None:
    found = round_trip(tree)
    assert found.tree == tree
    assert found.warnings == ()
    assert found.title == "Мыйзам долбоору"
    assert found.own_wids


@pytest.mark.parametrize("lang", ["ky", "ru", "kk", "en"])
@given(data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_text_of_the_grammar_is_read_again_as_it_was(lang: str, data: st.DataObject) -> None:
    tree = identify(data.draw(trees(lang).filter(lambda tree: tree.nodes)))
    assert round_trip(tree).tree == tree


def test_a_real_text_is_read_again_as_it_was() -> None:
    for file in present(CONSTITUTION, PROGRAMME):
        lang = file.name.split(".")[1]
        tree = identify(parse(lines_of(file.read_text("utf-8")), lang))
        assert round_trip(tree).tree == tree


def test_a_text_of_nothing_but_annexes_or_passages_has_a_body() -> None:
    for nodes in [
        (Node("annex", "1", "1-тиркеме", "Тизме", "Сөз", (Node("text", text="Дагы"),)),),
        (Node("text", text="Өкмөт чечет:"), Node("text", text="Кол коюлду")),
        (Node("text", text="Токтом"), Node("annex", "", "Тиркеме")),
    ]:
        tree = identify(Tree("ky", nodes))
        assert round_trip(tree).tree == tree


def test_the_parts_of_a_bill_are_where_the_standard_has_them() -> None:
    tree = identify(
        Tree(
            "ru",
            (
                Node("text", text="О шуме"),
                Node("article", "1", "Статья 1.", "Предмет", "Закон:", (
                    Node("subparagraph", "а", "а)", "", "о шуме;"),
                    Node("item", "", "–", "", "о тишине."),
                    Node("table", children=(Node("row", text="час\t\tдБ"),)),
                    Node("text", text="И прочее."),
                )),
                Node("text", text="Президент"),
                Node("annex", "1", "Приложение 1", "Нормы", "", (Node("text", text="Так."),)),
            ),
        )
    )  # fmt: skip
    file = etree.fromstring(write(document(tree)))
    found = {
        path: [f"{e.get('eId')} {''.join(e.itertext())}" for e in file.iterfind(path, {"": SPACE})]
        for path in (
            "bill/preface/p", "bill/body/article/intro/p", "bill/body/article/subparagraph/num",
            "bill/body/article/point/num", "bill/body/article/wrapUp/p",
            "bill/body/article/wrapUp/table/tr/td/p", "bill/conclusions/p",
            "bill/attachments/attachment/heading", "bill/attachments/attachment/doc/mainBody/p",
        )
    }  # fmt: skip
    assert list(found.values()) == [
        ["content_1 О шуме"], ["None Закон:"], ["None а)"], ["None –"],
        ["art_1__content_1 И прочее."], ["None час", "None ", "None дБ"], ["content_2 Президент"],
        ["None Нормы"], ["att_1__content_1 Так."],
    ]  # fmt: skip


def test_the_file_says_which_work_version_and_language_it_is() -> None:
    tree = identify(Tree("ky", (Node("article", "1", "1-берене", "", "Сөз."),)))
    later = datetime(2026, 12, 1, tzinfo=UTC)
    file = etree.fromstring(write(document(tree, published_at=later, agency="А & Б")))
    told = {
        f"{etree.QName(e.getparent()).localname[4:]} {etree.QName(e).localname}": (
            e.get("value") or e.get("date") or e.get("language")
        )
        for e in file.iterfind(".//{*}identification/*/*")
        if etree.QName(e).localname not in ("FRBRauthor", "FRBRalias")
    }
    work, moment = "/akn/kg/bill/law/2026-11-21/12", "2026-11-21T09:30:00+00:00"
    assert told == {
        "Work FRBRthis": f"{work}/!main",
        "Work FRBRuri": work,
        "Work FRBRdate": moment,
        "Work FRBRcountry": "kg",
        "Work FRBRsubtype": "law",
        "Work FRBRnumber": "12",
        "Expression FRBRthis": f"{work}/kir@v3/!main",
        "Expression FRBRuri": f"{work}/kir@v3",
        "Expression FRBRdate": "2026-12-01T00:00:00+00:00",
        "Expression FRBRversionNumber": "3",
        "Expression FRBRlanguage": "kir",
        "Manifestation FRBRthis": f"{work}/kir@v3/!main.xml",
        "Manifestation FRBRuri": f"{work}/kir@v3.xml",
        "Manifestation FRBRdate": "2026-12-01T00:00:00+00:00",
    }
    organization = file.find(".//{*}TLCOrganization")
    assert organization is not None
    assert organization.get("showAs") == "А & Б"


def test_a_thousand_provisions_are_written_and_read_in_seconds() -> None:
    words = "мыйзам долбоору коомдук талкууга коюлат " * 50
    articles = tuple(
        Node("article", str(n), f"{n}-берене.", "Аталышы", "", tuple(
            Node("paragraph", str(m), f"{m}.", "", words) for m in (1,)
        ))
        for n in range(1, 1001)
    )  # fmt: skip
    tree = identify(Tree("ky", articles))
    begun = perf_counter()
    assert read(write(document(tree)), "ky").tree == tree
    assert perf_counter() - begun < 8
