"""A text written as a Word file says what the text says, and is read again as the same tree."""

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from io import BytesIO
from typing import Any

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from drafts.exporting.document import Document, Remark
from drafts.exporting.docx.file import language_tag
from drafts.exporting.docx.writing import write
from drafts.importing.preview import import_bytes
from drafts.tree import Node, Tree, identify
from tests.contracts.test_size import ROOT
from tests.features.test_cli import REAL_TEXTS
from tests.rules.test_grammar_roundtrip import trees

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MADE = datetime(2026, 9, 7, 4, 0, tzinfo=UTC)
DEMO = sorted((ROOT / "consult/demo/drafts").glob("*.txt"))
LAW = identify(
    Tree(
        "ru",
        (
            Node("text", text="Закон о библиотеках"),
            Node(
                "chapter", "1", "Глава 1.", "Общие положения", "",
                (
                    Node("article", "1", "Статья 1.", "Цели", "Библиотека есть в каждом селе."),
                    Node(
                        "article", "2", "Статья 2.", "", "",
                        (
                            Node("paragraph", "1", "1.", "", "Она открыта пять дней в неделю."),
                            Node("note", "", "Сноска.", "", "В редакции закона."),
                        ),
                    ),
                ),
            ),
            Node(
                "annex", "1", "Приложение 1", "Перечень", "",
                (
                    Node(
                        "table", "1", "Таблица 1.", "Сёла", "",
                        (Node("row", text="№\tСело"), Node("row", text="1\tКара-Суу")),
                    ),
                ),
            ),
        ),
    )
)  # fmt: skip


def document(tree: Tree, **more: Any) -> Document:
    facts = {
        "title": "О библиотеках", "draft_id": 1, "version": 2, "agency": "Министерство культуры",
        "act_type": "law", "jurisdiction": "kg", "created_at": MADE, "published_at": None,
        "address": "https://kenesh.example/drafts/1/versions/2",
    }  # fmt: skip
    return Document(tree=tree, **(facts | more))


def remark(id_: int = 1, **more: Any) -> Remark:
    facts = {
        "receipt": f"2026-{id_:06}", "author": "Айзада Үмүтова", "created_at": MADE,
        "lang": "ru", "body": "Откройте её и в субботу.",
    }  # fmt: skip
    return Remark(id=id_, **(facts | more))


def told(tree: Tree) -> list[tuple[object, ...]]:
    """All of a tree but its ids; white space as a reader of the file sees it."""
    return [
        (depth, n.kind, n.number, *(" ".join(t.split()) for t in (n.label, n.heading, n.text)))
        for n, depth in tree.walk_deep()
    ]


def part(data: bytes, name: str) -> etree._Element:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return etree.fromstring(archive.read(name))


def body(data: bytes) -> etree._Element:
    return part(data, "word/document.xml")[0]


def wid_of(text: str, tree: Tree = LAW) -> str:
    return next(node.wid for node in tree.walk() if text in (node.text, node.heading))


@pytest.mark.parametrize("lang", ["ky", "ru", "kk", "en"])
@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_tree_written_as_word_is_read_again_as_it_was(lang: str, data: st.DataObject) -> None:
    tree = identify(data.draw(trees(lang).filter(lambda tree: tree.nodes)))
    again = import_bytes(write(document(tree)), "draft.docx", lang)
    assert again.tree == tree
    assert again.coverage == 1.0


@pytest.mark.parametrize(
    ("path", "lang"),
    [*REAL_TEXTS, *((path, path.stem.rpartition(".")[2]) for path in DEMO)],
    ids=lambda value: getattr(value, "name", value),
)
def test_a_real_text_written_as_word_is_read_again_as_it_was(path: Any, lang: str) -> None:
    tree = import_bytes(path.read_bytes(), path.name, lang).tree
    again = import_bytes(write(document(tree)), "draft.docx", lang)
    assert told(again.tree) == told(tree)
    assert again.coverage == 1.0


def test_comments_change_nothing_of_the_text() -> None:
    remarks = [remark(n, wid=node.wid) for n, node in enumerate(LAW.walk(), 1)]
    remarks += [remark(100 + n, wid=node.wid, start=0, end=4) for n, node in enumerate(LAW.walk())]
    data = write(document(LAW), [*remarks, remark(999)])
    assert import_bytes(data, "draft.docx", "ru").tree == LAW


def test_equal_input_gives_equal_bytes() -> None:
    assert write(document(LAW), [remark()]) == write(document(LAW), [remark()])
    with zipfile.ZipFile(BytesIO(write(document(LAW)))) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_headings_are_headings_and_numbers_are_words() -> None:
    data = write(document(LAW))
    shown = [(p.style.name, p.text) for p in docx.Document(BytesIO(data)).paragraphs if p.text]
    assert shown == [
        ("Title", "Закон о библиотеках"),
        ("Heading 1", "Глава 1. Общие положения"),
        ("Heading 2", "Статья 1. Цели"),
        ("Body Text", "Библиотека есть в каждом селе."),
        ("Heading 2", "Статья 2."),
        ("List", "1.\tОна открыта пять дней в неделю."),
        ("Note", "Сноска. В редакции закона."),
        ("Heading 1", "Приложение 1\nПеречень"),
        ("Caption", "Таблица 1. Сёла"),
    ]
    assert not list(body(data).iter(f"{W}numPr"))
    levels = part(data, "word/styles.xml").iter(f"{W}outlineLvl")
    assert [level.get(f"{W}val") for level in levels] == list("012345")


def test_every_style_that_is_used_is_there() -> None:
    data = write(document(LAW), [remark()])
    known = {style.get(f"{W}styleId") for style in part(data, "word/styles.xml").iter(f"{W}style")}
    for name in ("word/document.xml", "word/comments.xml", "word/header1.xml", "word/footer1.xml"):
        named = part(data, name).iter(f"{W}pStyle", f"{W}rStyle")
        assert {style.get(f"{W}val") for style in named} <= known


def test_an_annex_begins_a_page_and_a_table_repeats_its_first_row() -> None:
    found = body(write(document(LAW)))
    (begun,) = found.iter(f"{W}pageBreakBefore")
    paragraph = begun.getparent().getparent()
    assert "".join(t.text for t in paragraph.iter(f"{W}t")).startswith("Приложение 1")
    repeated = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in found.iter(f"{W}tr")]
    assert repeated == [True, False]


def test_a_text_that_begins_with_an_annex_begins_no_second_page() -> None:
    tree = identify(Tree("ru", (Node("annex", "1", "Приложение 1", "Перечень"),)))
    assert not list(body(write(document(tree))).iter(f"{W}pageBreakBefore"))


@pytest.mark.parametrize(
    ("lang", "jurisdiction", "tag"),
    [
        ("ky", "kg", "ky-KG"), ("ru", "kg", "ru-KG"), ("kk", "kz", "kk-KZ"), ("ru", "kz", "ru-KZ"),
        ("en", "gb", "en-GB"), ("kk", "kg", "kk-KZ"), ("ky", "be", "ky-KG"), ("xx", "kg", "xx"),
    ],
)  # fmt: skip
def test_the_language_is_named_with_a_country_it_has(
    lang: str, jurisdiction: str, tag: str
) -> None:
    assert language_tag(lang, jurisdiction) == tag


def test_the_file_says_what_it_is() -> None:
    bishkek = timezone(timedelta(hours=6))
    published = datetime(2026, 9, 9, 0, 30, tzinfo=bishkek)
    data = write(document(LAW, published_at=published))
    word = docx.Document(BytesIO(data))
    about = word.core_properties
    assert (about.title, about.author) == ("О библиотеках", "Министерство культуры")
    assert (about.version, about.language) == ("2", "ru-KG")
    assert about.created == MADE
    assert about.modified == published
    (section,) = word.sections
    first = [line.text for line in section.first_page_header.paragraphs]
    assert first[:2] == ["Министерство культуры", "О библиотеках"]
    assert "9 сентября 2026" in first[2]
    assert "О библиотеках" in section.header.paragraphs[0].text
    fields = [f.get(f"{W}instr") for f in part(data, "word/footer1.xml").iter(f"{W}fldSimple")]
    assert fields == ["PAGE", "NUMPAGES"]
    default = part(data, "word/styles.xml").find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
    assert default is not None
    assert default.get(f"{W}val") == "ru-KG"


def test_nothing_of_a_foreign_template_is_left() -> None:
    with zipfile.ZipFile(BytesIO(write(document(LAW)))) as archive:
        names = set(archive.namelist())
    assert not [name for name in names if "thumbnail" in name or "Effects" in name]
    assert not [name for name in names if "customXml" in name or "numbering" in name]


def ranges(data: bytes) -> dict[str, str]:
    """comment id -> the words between the beginning and the end of its range."""
    open_now: set[str] = set()
    found: dict[str, str] = {}
    for node in body(data).iter():
        number = node.get(f"{W}id", "")
        if node.tag == f"{W}commentRangeStart":
            assert number not in found
            open_now.add(number)
            found[number] = ""
        elif node.tag == f"{W}commentRangeEnd":
            open_now.remove(number)
        elif node.tag in (f"{W}t", f"{W}tab"):
            for each in open_now:
                found[each] += node.text or "\t"
    assert not open_now
    references = [r.get(f"{W}id") for r in body(data).iter(f"{W}commentReference")]
    assert sorted(references) == sorted(found)
    return found


def test_a_comment_stands_on_its_words_its_provision_or_the_beginning() -> None:
    text = "Библиотека есть в каждом селе."
    at = text.index("каждом")
    article, row = wid_of(text), wid_of("1\tКара-Суу")
    remarks = [
        remark(1, wid=article, start=at, end=at + 6),
        remark(2, wid=article),
        remark(3),
        remark(4, wid="of another text"),
        remark(5, wid=article, start=at + 3, end=len(text) + 50),
        remark(6, wid=wid_of("Она открыта пять дней в неделю."), start=0, end=3),
        remark(7, wid=row, start=0, end=6),
        remark(8, wid=row),
        remark(9, wid=article, start=500, end=510),
    ]
    assert ranges(write(document(LAW), remarks)) == {
        "0": "каждом",
        "1": "Статья 1. Цели",
        "2": "Закон о библиотеках",
        "3": "Закон о библиотеках",
        "4": "дом селе.",
        "5": "Она",
        "6": "1Кара",
        "7": "1Кара-Суу",
        "8": "Статья 1. Цели",
    }


@given(spans=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8))
def test_ranges_hold_exactly_the_words_however_they_overlap(spans: list[tuple[int, int]]) -> None:
    text = "1\tКара-Суу\tв горах"
    tree = identify(Tree("ru", (Node("table", children=(Node("row", text=text),)),)))
    row = tree.nodes[0].children[0].wid
    remarks = [remark(n, wid=row, start=a, end=b) for n, (a, b) in enumerate(spans)]
    found = ranges(write(document(tree), remarks))
    for n, (a, b) in enumerate(spans):
        words = text[a:b] if a < min(b, len(text)) else text
        assert found[str(n)] == words.replace("\t", "")


def test_a_text_without_a_provision_still_shows_its_comments() -> None:
    empty = Tree("en", ())
    assert ranges(write(document(empty), [remark()])) == {"0": ""}


def told_in_margin(*remarks: Remark) -> list[str]:
    return [c.text for c in docx.Document(BytesIO(write(document(LAW), remarks))).comments]


def test_a_comment_tells_who_when_what_and_the_answer() -> None:
    late = datetime(2026, 9, 8, 1, 30, tzinfo=timezone(timedelta(hours=6)))
    data = write(
        document(LAW),
        [remark(created_at=late, proposed="шесть дней", outcome="принято", reason="Хватит денег.")],
    )
    (comment,) = docx.Document(BytesIO(data)).comments
    assert (comment.author, comment.initials) == ("Айзада Үмүтова", "АҮ")
    stamp = part(data, "word/comments.xml")[0].get(f"{W}date")
    assert stamp == "2026-09-07T19:30:00Z"
    paragraphs = [p.text for p in comment.paragraphs]
    assert paragraphs[0] == "Откройте её и в субботу."
    assert "шесть дней" in paragraphs[1]
    assert "2026-000001" in paragraphs[2]
    assert "принято" in paragraphs[3]
    assert paragraphs[4:] == ["Хватит денег."]


def test_an_unanswered_comment_has_no_answer() -> None:
    assert len(told_in_margin(remark())[0].split("\n")) == 2


@pytest.mark.parametrize("state", ["weak", "provision_only", "text_deleted", "orphan"])
def test_words_that_changed_are_told_as_they_were(state: str) -> None:
    (said,) = told_in_margin(remark(state=state, quote="в каждом городе"))
    assert "в каждом городе" in said
    (exact,) = told_in_margin(remark(state="exact", quote="в каждом городе"))
    assert "в каждом городе" not in exact


def test_a_reply_stands_in_the_thread_of_its_comment() -> None:
    data = write(document(LAW), [remark(7), remark(8, parent_id=7), remark(9, parent_id=1234)])
    marks = [c[-1].values() for c in part(data, "word/comments.xml")]
    w15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
    thread = [
        (one.get(f"{w15}paraId"), one.get(f"{w15}paraIdParent"))
        for one in part(data, "word/commentsExtended.xml")
    ]
    ids = [mark for (mark,) in marks]
    assert thread == [(ids[0], None), (ids[1], ids[0]), (ids[2], None)]


HARMFUL = "".join(map(chr, (*range(32), 0xFFFE, 0xFFFF, 0xD800))) + "<&>\"']]>"


def harmful() -> Iterator[Remark]:
    yield remark(1, author=HARMFUL, body=HARMFUL, proposed=HARMFUL, receipt=HARMFUL)
    yield remark(2, author="\x01", outcome=HARMFUL, reason=HARMFUL, state="weak", quote=HARMFUL)


def test_no_character_breaks_the_file() -> None:
    tree = identify(Tree("ru", (Node("article", "1", HARMFUL, HARMFUL, f"слово{HARMFUL}слово"),)))
    facts = {"title": HARMFUL, "agency": HARMFUL, "address": HARMFUL}
    data = write(document(tree, **facts), list(harmful()))
    word = docx.Document(BytesIO(data))
    assert [c.author.strip() for c in word.comments][1] == "2026-000002"
    assert "<&>\"']]>" in word.comments.get(0).text
    assert import_bytes(data, "draft.docx", "ru").coverage == 1.0


@cache
def crowd(n: int) -> list[Remark]:
    wid = wid_of("Библиотека есть в каждом селе.")
    return [remark(i, wid=wid, start=i % 20, end=i % 20 + 5) for i in range(n)]


def test_a_crowd_of_comments_is_written_whole() -> None:
    data = write(document(LAW), crowd(2000))
    assert len(part(data, "word/comments.xml")) == len(ranges(data)) == 2000
