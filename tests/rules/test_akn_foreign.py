"""Akoma Ntoso as others write it: every word is read, ids are trusted with care, harm refused."""

from time import perf_counter
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from consult.errors import Invalid, Unsupported
from drafts.importing.akn.reading import AknText, read
from drafts.importing.coverage import coverage
from drafts.tree import KINDS, WID, Node, Tree, identify

SPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"


def file_of(inside: str, kind: str = "act", language: str = "rus", meta: str = "") -> bytes:
    told = f'<FRBRlanguage language="{language}"/>' if language else ""
    identification = f"<identification><FRBRExpression>{told}</FRBRExpression></identification>"
    whole = f"<{kind}><meta>{identification}{meta}</meta>{inside}</{kind}>"
    return f'<akomaNtoso xmlns="{SPACE}">{whole}</akomaNtoso>'.encode()


def body(inside: str) -> AknText:
    found = read(file_of(f"<body>{inside}</body>"), "ru")
    assert coverage(found.text, found.tree) == 1.0
    return found


def outline(nodes: tuple[Node, ...]) -> list[Any]:
    """Kinds, labels, headings and words as nested lists: short to write in a test."""
    return [
        [f"{n.kind} {'|'.join((n.number, n.label, n.heading, n.text))}", *outline(n.children)]
        for n in nodes
    ]


FOREIGN: dict[str, tuple[str, list[Any]]] = {
    "words are gathered from inline elements and lines": (
        """<article eId="art_5"><num>Статья 5</num><heading>О <i>шуме</i></heading><content>
        <p>Согласно <ref href='#a'>статье
           4</ref>,
           <b>шум</b><br/>запрещён.</p></content></article>""",
        [["article 5|Статья 5|О шуме|Согласно статье 4, шум\nзапрещён."]],
    ),
    "other levels become the nearest": (
        """<book><num>I</num><title><num>2</num><clause><num>3.</num><content><p>А</p></content>
        </clause></title></book>""",
        [["part I|I||", ["part 2|2||", ["article 3|3.||А"]]]],
    ),
    "points are numbered provisions or items": (
        """<paragraph><num>1.</num><list><intro><p>Это:</p></intro>
        <point><num>(а)</num><content><p>раз</p></content></point>
        <point><num>–</num><content><p>два</p></content></point>
        <wrapUp><p>Всё.</p></wrapUp></list></paragraph>""",
        [
            [
                "paragraph 1|1.||Это:",
                ["subparagraph а|(а)||раз"],
                ["item |–||два"],
                ["text |||Всё."],
            ]
        ],
    ),
    "a list of blocks is a list": (
        """<section><content><blockList><listIntroduction>Это:</listIntroduction>
        <item><num>1)</num><p>раз</p></item></blockList>
        <ul><li>два<ol><li>три</li></ol></li></ul></content></section>""",
        [
            [
                "section |||Это:",
                ["subparagraph 1|1)||раз"],
                ["item |||два", ["subparagraph 1|1.||три"]],
            ]
        ],
    ),
    "what is quoted stays with the provision that quotes it": (
        """<point><num>1)</num><content><p><mod>изложить так:
        <quotedStructure startQuote='«' endQuote='»'><article><num>Статья 5.</num>
        <heading>Шум</heading><paragraph><num>1.</num><content><p>Нельзя.</p></content></paragraph>
        </article></quotedStructure>;</mod></p></content></point>""",
        [
            [
                "subparagraph 1|1)||изложить так:",
                ["text |||«Статья 5. Шум"],
                ["text |||1. Нельзя.»;"],
            ]
        ],
    ),
    "footnotes are notes behind their passage": (
        """<article><num>1</num><content><p>Слово<authorialNote marker='1'><p>Сноска.</p>
        </authorialNote> дальше.</p><p>Ещё.</p></content></article>""",
        [["article 1|1||Слово[1] дальше.", ["note 1|[1]||Сноска."], ["text |||Ещё."]]],
    ),
    "tables keep their rows, and cells that span": (
        """<article><content><p>Нормы</p><table><caption>Шум</caption>
        <tr><th colspan='2'><p>Час</p></th><th>дБ</th></tr>
        <tr><td><p>7</p><p>утра</p></td><td/><td>4<sup>0</sup></td></tr></table>
        </content></article>""",
        [["article |||Нормы", ["table ||Шум|", ["row |||Час\t\tдБ"], ["row |||7 утра\t\t40"]]]],
    ),
    "containers of other names are told by what they hold": (
        """<hcontainer name='schedule'><num>Приложение 2</num><content><p>А</p></content>
        </hcontainer>
        <hcontainer name='x'><heading>Б</heading><crossHeading>В</crossHeading></hcontainer>
        <alinea><content><p>Г</p></content></alinea>""",
        [["annex 2|Приложение 2||А"], ["section ||Б|", ["text |||В"]], ["text |||Г"]],
    ),
}


@pytest.mark.parametrize("case", FOREIGN)
def test_in_files_of_others(case: str) -> None:
    inside, expected = FOREIGN[case]
    assert outline(body(inside).tree.nodes) == expected


WORDS = st.sampled_from(("шум", " <b>нельзя</b>", "<br/>", "где<ref href='#x'> так</ref>"))
NOTE = "<authorialNote marker='2'><p>Сноска</p></authorialNote>"
LEAVES = st.lists(WORDS | st.just(NOTE), min_size=1, max_size=3).map(
    lambda words: f"<p>да{''.join(words)}</p>"
)
ROW = st.lists(LEAVES, min_size=1, max_size=3).map(
    lambda cells: f"<table><tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr></table>"
)
LEVELS = st.sampled_from(
    ("part", "title", "article", "subsection", "point", "alinea", "list", "hcontainer", "level")
)


def _levels(below: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    head = st.sampled_from(("", "<num>5)</num>", f"<heading>О{NOTE}</heading>"))
    inside = st.lists(below, min_size=1, max_size=4).map("".join)
    content = st.lists(LEAVES | ROW, max_size=3).map("".join)
    return st.builds(
        lambda name, head, intro, inside: (
            f"<{name}>{head}<intro>{intro}</intro>{inside}<wrapUp>{intro}</wrapUp></{name}>"
        ),
        *(LEVELS, head, content, inside),
    )


@given(inside=st.recursive(LEAVES | ROW, _levels, max_leaves=12))
@settings(max_examples=150, deadline=None)
def test_no_letter_is_dropped_and_every_id_is_given_once(inside: str) -> None:
    nodes = list(body(inside).tree.walk())
    assert len({node.eid for node in nodes}) == len({node.wid for node in nodes}) == len(nodes)


def test_a_document_is_read_from_its_preface_to_its_annexes() -> None:
    whole = """<preface><longTitle><p><docTitle eId="t">О шуме</docTitle></p></longTitle></preface>
    <preamble><recitals><recital><num>(1)</num><p>Шумно.</p></recital></recitals></preamble>
    <!-- not this --><body><?nor this?><article><num>1</num><content><p>Ти<!-- -->ше</p></content>
    </article></body><conclusions><p>Подпись</p></conclusions>
    <attachments><attachment><heading>Нормы</heading>
    <doc name="a"><meta/><mainBody><p>40 дБ</p></mainBody></doc></attachment>
    <attachment><documentRef href="/other"/></attachment></attachments>"""
    found = read(file_of(whole), "ru")
    assert outline(found.tree.nodes) == [
        ["text |||О шуме"], ["paragraph 1|(1)||Шумно."], ["article 1|1||Тише"],
        ["text |||Подпись"], ["annex ||Нормы|40 дБ"], ["annex |||"],
    ]  # fmt: skip
    assert found.title == "О шуме"
    assert coverage(found.text, found.tree) == 1.0
    assert [str(warning)[:20] for warning in found.warnings] == ["1 parts of the text "]


def test_notes_kept_in_the_meta_stand_where_they_are_referred_to() -> None:
    notes = """<notes><note eId="n2"><p>Вторая</p></note>
    <note eId="n1" marker="*"><p>Первая</p></note></notes>"""
    inside = "<article><content><p>Да<noteRef href='#n1' marker='*'/>.</p></content></article>"
    found = read(file_of(f"<body>{inside}</body>", meta=notes), "ru")
    assert outline(found.tree.nodes) == [
        ["article |||Да[*].", ["note |[*]||Первая"]],
        ["note |||Вторая"],
    ]
    assert coverage(found.text, found.tree) == 1.0


def test_a_person_is_told_of_what_was_read_otherwise() -> None:
    found = body(
        """<book><clause><content><p><ins>Да</ins><del>нет</del><img src='a'/></p></content>
        </clause></book><clause><content><p>Да</p></content></clause>"""
    )
    assert [str(warning) for warning in found.warnings] == [
        "Kenesh has no level called “book”: 1 of them were read as the nearest one.",
        "Kenesh has no level called “clause”: 2 of them were read as the nearest one.",
        "The file has 1 pictures. They were left out.",
        "The file marks 2 insertions and deletions. The words of both were kept.",
    ]


def ids(articles: str) -> tuple[list[tuple[str, str]], AknText]:
    found = body(articles)
    return [(node.eid, node.wid) for node in found.tree.walk()], found


def article(attributes: str) -> str:
    return f"<article {attributes}><content><p>Да</p></content></article>"


def test_without_ids_provisions_are_identified_and_nothing_is_permanent() -> None:
    named, found = ids(article("") + article(""))
    assert named == [("art_1", "art_1"), ("art_2", "art_2")]
    assert (found.own_wids, found.warnings) == (False, ())


def test_an_eid_serves_as_wid_but_is_not_called_permanent() -> None:
    named, found = ids(article("eId='art_7'") + article("eId='art_9'"))
    assert named == [("art_7", "art_7"), ("art_9", "art_9")]
    assert not found.own_wids


@pytest.mark.parametrize(
    "wid",
    [
        "art 1", "../art_1", "art_1?x", "art_1#x", "art_1/x", "&lt;b&gt;_1", "art_1&quot;",
        "comment-1", "_art_1", "art_%2e", "art_1\u202e",
        "javascript:_", "a_" + "1" * 300, "art_1'", "art_1;",
    ],
)  # fmt: skip
def test_a_wid_that_is_unsafe_is_refused(wid: str) -> None:
    named, found = ids(f'<article wId="{wid}"><content><p>Да</p></content></article>')
    assert named == [("art_1", "art_1")]
    assert [str(w)[:15] for w in found.warnings] == ["1 permanent ids"]


@pytest.mark.parametrize(
    "wid", ["art_5__para_3-1", "art_8¹", "ст_5.1__п_а", "art_8‑1", "sec_IV-n2"]
)
def test_a_wid_like_ours_is_kept(wid: str) -> None:
    named, found = ids(article(f'eId="art_1" wId="{wid}"'))
    assert named == [("art_1", wid)]
    assert found.own_wids


LETTERS = "[0-9a-zA-Zа-яА-Яң¹⁰]{1,4}"
PRINTED = rf"({LETTERS}([.‑–-]{LETTERS}){{0,3}})?"


@given(
    st.recursive(
        st.builds(Node, st.sampled_from(KINDS), st.from_regex(PRINTED, fullmatch=True)),
        lambda below: st.builds(
            Node,
            st.sampled_from(KINDS),
            st.from_regex(PRINTED, fullmatch=True),
            children=st.lists(below, max_size=3).map(tuple),
        ),
        max_leaves=30,
    ),
    st.integers(0, 200),
)
@example(Node("article", "8‑1"), 0)
@example(Node("article", children=(Node("item", "1"), Node("item", "1"), Node("item", "1-n2"))), 0)
@example(Node("paragraph", "1." * 2000 + "1", children=(Node("item"),)), 16)
def test_every_id_that_we_give_looks_like_one_and_is_given_once(node: Node, depth: int) -> None:
    for _ in range(depth):
        node = Node("subparagraph", "10-10", children=(node, Node("text")))
    eids = [each.eid for each in identify(Tree("ru", (node, node))).walk()]
    assert [eid for eid in eids if not WID.fullmatch(eid)] == []
    assert len(set(eids)) == len(eids)


def test_the_words_of_a_list_within_an_item_are_read_once() -> None:
    inner = "<blockList><item><p>Внутри</p></item></blockList>"
    found = body(f"<ul><li>Снаружи {inner}</li><li><div>{inner}</div></li></ul>")
    said = [(node.kind, node.text) for node in found.tree.walk()]
    assert said == [("item", "Снаружи"), ("item", "Внутри"), ("item", "Внутри")]


def test_every_wid_is_given_once() -> None:
    named, found = ids(
        article('eId="art_1" wId="art_2"')
        + article('eId="art_2"')
        + article('eId="art_3" wId="art_2"')
        + article('eId="art_4" wId="art_2-n2"')
    )
    assert named == [
        ("art_1", "art_2"), ("art_2", "art_2-n3"), ("art_3", "art_3"), ("art_4", "art_2-n2"),
    ]  # fmt: skip
    assert found.own_wids
    assert "1 permanent ids" in str(found.warnings[0])


@pytest.mark.parametrize("told", ["kir", "ky", "KY-KG"])
def test_a_file_in_another_language_is_refused_and_both_are_named(told: str) -> None:
    with pytest.raises(Invalid, match="Кыргызча, but Русский") as refused:
        read(file_of(f"<body>{article('')}</body>", language=told), "ru")
    assert refused.value.field == "lang"
    assert read(file_of(f"<body>{article('')}</body>", language=told), "ky").tree.nodes


def test_a_language_is_taken_from_the_text_where_the_meta_has_none() -> None:
    data = file_of(f"<body>{article('')}</body>", language="")
    assert read(data, "kk").tree.lang == "kk"
    with pytest.raises(Invalid):
        read(data.replace(b"<akomaNtoso ", b'<akomaNtoso xml:lang="en" '), "kk")


BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
REFUSED = {
    "no XML": b"Article 1",
    "another format": b"<html><body/></html>",
    "an older version": b'<akomaNtoso xmlns="http://www.akomantoso.org/2.0"><act/></akomaNtoso>',
    "another document": file_of("<debateBody/>", kind="debate"),
    "nothing in it": f'<akomaNtoso xmlns="{SPACE}"/>'.encode(),
    "a document type": b"<!DOCTYPE akomaNtoso>" + file_of("<body/>"),
    "an entity bomb": f'<!DOCTYPE akomaNtoso [<!ENTITY a0 "ha">{BOMB}]>'.encode()
    + file_of("<body>&a9;</body>"),
    "a file of the server": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    + file_of("<body><article>&e;</article></body>"),
    "10,000 levels": file_of("<part>" * 10_000 + "</part>" * 10_000),
    "10,000 levels of words": file_of("<p>" + "<b>" * 10_000 + "</b>" * 10_000 + "</p>"),
    "cut off": file_of("<body/>")[:-20],
    "an unknown encoding": b'<?xml version="1.0" encoding="x-no"?>' + file_of("<body/>"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_in_no_time_is(case: str) -> None:
    begun = perf_counter()
    with pytest.raises(Unsupported):
        read(REFUSED[case], "ru")
    assert perf_counter() - begun < 1


def test_a_file_without_a_word_is_refused() -> None:
    with pytest.raises(Invalid):
        read(file_of("<body><article><num/></article></body>"), "ru")


def test_the_deepest_file_that_is_let_in_is_read() -> None:
    for name in ("part", "div", "list", "quotedStructure"):
        inside = f"<{name}>" * 190 + "<p>Да</p>" + f"</{name}>" * 190
        found = read(file_of(f"<body>{inside}</body>"), "ru")
        assert [node.text for node in found.tree.walk() if node.text] == ["Да"]
