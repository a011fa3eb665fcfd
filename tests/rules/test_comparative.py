"""Comparative tables as ministries write them are read; what is written is read again."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.errors import DomainError, Invalid, TooLarge, Unsupported
from drafts.comparative.columns import role_of
from drafts.comparative.reading import read_table
from drafts.comparative.rows import (
    CELL_MAX,
    ROWS_MAX,
    Words,
    check_words,
    differences,
    from_json,
    stamp_of,
    to_json,
)
from drafts.comparative.writing import write
from drafts.exporting.document import Document
from drafts.tree import Tree
from tests.rules.importing_files import p, run, table, word

HEADINGS = {
    "ru": (
        ("№ п/п", "number"),
        ("Структурный элемент", "place"),
        ("Структурный элемент проекта закона", "place"),
        ("Статья закона", "place"),
        ("Действующая редакция", "current"),
        ("Редакция действующего Закона", "current"),
        ("Существующая норма", "current"),
        ("Предлагаемая редакция", "proposed"),
        ("Текст проекта", "proposed"),
        ("Обоснование предлагаемых изменений", "reason"),
        ("Причины", "reason"),
    ),
    "ky": (
        ("К/н", "number"),
        ("Түзүмдүк элемент", "place"),
        ("Берене", "place"),
        ("Колдонуудагы редакция", "current"),
        ("Күчүндөгү мыйзамдын редакциясы", "current"),
        ("Сунушталган редакция", "proposed"),
        ("Мыйзам долбоору", "proposed"),
        ("Негиздемеси", "reason"),
    ),
    "kk": (
        ("Р/с №", None),
        ("Құрылымдық элемент", "place"),
        ("Қолданыстағы редакция", "current"),
        ("Ұсынылатын редакция", "proposed"),
        ("Ұсынылып отырған өзгерістің негіздемесі", "reason"),
    ),
    "en": (
        ("No.", "number"),
        ("Structural element", "place"),
        ("Wording in force", "current"),
        ("Current law", "current"),
        ("Proposed wording", "proposed"),
        ("Reason", "reason"),
        ("Budget", None),
        ("", None),
    ),
}
RU = ("№", "Структурный элемент", "Действующая редакция", "Предлагаемая редакция", "Обоснование")


@pytest.mark.parametrize(
    ("heading", "role"), [case for cases in HEADINGS.values() for case in cases]
)
def test_a_column_is_known_by_its_heading(heading: str, role: str | None) -> None:
    assert role_of(heading) == role
    assert role_of(f" {heading.upper()}:\n") == role


def read(*body: str) -> tuple[Words, ...]:
    return read_table(word(*body), "table.docx").rows


def test_the_customary_table_is_read() -> None:
    rows = read(
        p("СРАВНИТЕЛЬНАЯ ТАБЛИЦА"),
        table(("Дата", "Подпись"), ("1 мая", "Олга")),
        table(
            RU,
            ("1", "2", "3", "4", "5"),
            ("1", "Статья 12, часть 2", "пять дней", "шесть дней", "Просили"),
            ("", "", "", "", ""),
            ("2", "Статья 13", "", "Статья 13. Новая", ""),
        ),
    )
    assert rows == (
        Words("Статья 12, часть 2", "пять дней", "шесть дней", "Просили"),
        Words("Статья 13", "", "Статья 13. Новая", ""),
    )


def test_columns_may_stand_in_any_order_and_be_fewer() -> None:
    rows = read(table(("Reason", "Proposed", "In force"), ("why", "new", "old")))
    assert rows == (Words("", "old", "new", "why"),)


def test_a_column_nobody_knows_stays_with_the_reason_and_is_told() -> None:
    found = read_table(
        word(table((*RU, "Бюджет"), ("1", "ст. 1", "было", "стало", "надо", "5 млн"))), "t.docx"
    )
    assert found.rows == (Words("ст. 1", "было", "стало", "надо\nБюджет: 5 млн"),)
    assert found.columns[-1] == ("Бюджет", "")


def cell(text: str, more: str = "") -> str:
    return f"<w:tc><w:tcPr>{more}</w:tcPr>{p(text)}</w:tc>"


def rows_of(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


SPAN = '<w:gridSpan w:val="{}"/>'.format


def test_a_row_merged_across_is_a_heading() -> None:
    head = "".join(map(cell, RU))
    rows = read(
        rows_of(
            cell("Сравнительная таблица к проекту закона", SPAN(5)),
            head,
            cell("Закон «О библиотеках»", SPAN(5)),
            "".join(map(cell, ("1", "ст. 1", "а", "б", "в"))),
            cell("2") + cell("Глава 2", SPAN(4)),
            cell("3") + cell("ст. 2") + cell("исключить", SPAN(2)) + cell("лишнее"),
        )
    )
    assert rows == (
        Words("Закон «О библиотеках»"),
        Words("ст. 1", "а", "б", "в"),
        Words("Глава 2"),
        Words("ст. 2", "исключить", "", "лишнее"),
    )


def test_a_heading_of_two_rows_is_read_as_one() -> None:
    rows = read(
        rows_of(
            cell("Статья", '<w:vMerge w:val="restart"/>')
            + cell("Редакция", SPAN(2))
            + cell("Обоснование", '<w:vMerge w:val="restart"/>'),
            cell("", "<w:vMerge/>") + cell("действующая") + cell("предлагаемая")
            + cell("", "<w:vMerge/>"),
            "".join(map(cell, ("1", "а", "б", "в"))),
        )
    )  # fmt: skip
    assert rows == (Words("1", "а", "б", "в"),)


def test_what_is_merged_downwards_is_said_once() -> None:
    rows = read(
        rows_of(
            "".join(map(cell, RU[1:])),
            "".join(map(cell, ("ст. 1", "а", "б"))) + cell("в", '<w:vMerge w:val="restart"/>'),
            "".join(map(cell, ("ст. 2", "г", "д"))) + cell("в", "<w:vMerge/>"),
        )
    )
    assert [row.reason for row in rows] == ["в", ""]


def test_a_repeated_heading_is_no_row() -> None:
    one = ("1", "ст. 1", "а", "б", "в")
    assert len(read(table(RU, one, RU, ("2", *one[1:])))) == 2


def test_bold_and_struck_words_and_paragraphs_are_text() -> None:
    struck = (
        "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>часть 2.</w:t></w:r></w:p>"
        "<w:p><w:r><w:rPr><w:strike/></w:rPr><w:t xml:space='preserve'>пять </w:t></w:r>"
        f"{run('дней')}</w:p>"
    )
    rows = read(rows_of("".join(map(cell, RU[2:])), f"<w:tc>{struck}</w:tc>{cell('б')}{cell('в')}"))
    assert rows[0].current == "часть 2.\nпять дней"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (p("Нет таблицы"), "no table"),
        (table(("Дата", "Подпись"), ("1", "2")), "Дата | Подпись"),
        (table(RU), "no rows"),
        (table(RU, ("1", "2", "3", "4", "5")), "no rows"),
    ],
)
def test_what_was_not_recognised_is_told(body: str, told: str) -> None:
    with pytest.raises(Invalid, match=told.replace("|", r"\|")) as refusal:
        read(body)
    assert refusal.value.field == "file"


def test_only_word_files_that_may_be_opened_are_read() -> None:
    for data, name, error in (
        (b"", "t.docx", Invalid),
        (b"PK\x03\x04 broken", "t.docx", DomainError),
        (b"a text", "t.txt", Unsupported),
        (word(p("x"), word__vbaProject_bin=b"x"), "t.docx", Unsupported),
    ):
        with pytest.raises(error):
            read_table(data, name)


def test_a_table_beyond_all_measure_is_refused() -> None:
    many = [("1", "ст. 1", "а", "б", "в")] * (ROWS_MAX + 1)
    with pytest.raises(TooLarge):
        read(table(RU, *many))
    with pytest.raises(Invalid):
        read(table(RU, ("1", "ст. 1", "а" * (CELL_MAX + 1), "б", "в")))


def document(lang: str) -> Document:
    made = datetime(2026, 9, 7, tzinfo=UTC)
    facts: dict[str, Any] = {
        "title": "О библиотеках", "draft_id": 1, "version": 2, "agency": "Министерство",
        "act_type": "law", "jurisdiction": "kg", "address": "https://kenesh.example/drafts/1",
    }  # fmt: skip
    return Document(tree=Tree(lang, ()), created_at=made, published_at=None, **facts)


LINES = st.lists(
    st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=9), max_size=3
).map("\n".join)


@pytest.mark.parametrize("lang", ["ky", "ru", "kk", "en"])
@given(cells=st.lists(st.tuples(LINES, LINES, LINES, LINES), min_size=1, max_size=5))
@settings(max_examples=20, deadline=None)
def test_a_table_written_is_read_again_as_it_was(
    lang: str, cells: list[tuple[str, str, str, str]]
) -> None:
    rows = [Words(*row) for row in cells if any(row)] or [Words("a")]
    again = read_table(write(document(lang), rows), "t.docx").rows
    assert [_spoken(row) for row in again] == [_spoken(row) for row in rows]


def _spoken(row: Words) -> list[str]:
    return [" ".join(text.split()) for text in (row.place, row.current, row.proposed, row.reason)]


def test_the_file_lies_on_its_side_and_repeats_its_heading() -> None:
    rows = [Words("Закон «О библиотеках»"), Words("ст. 1", "а", "б", "в"), Words("ст. 2", "г")]
    data = write(document("en"), rows)
    assert data == write(document("en"), rows)
    file = docx.Document(BytesIO(data))
    (section,) = file.sections
    assert section.page_width > section.page_height
    (found,) = file.tables
    assert [cell.text for cell in found.rows[0].cells][1:3] == [
        "Structural element",
        "Wording in force",
    ]
    assert [row.cells[0].text for row in found.rows][1:] == ["Закон «О библиотеках»", "1", "2"]
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    repeated = [r._tr.find(f"{w}trPr/{w}tblHeader") is not None for r in found.rows]
    assert repeated == [True, False, False, False]


def test_the_difference_is_told_where_there_is_something_common() -> None:
    row = Words("ст. 1", "открыта пять дней", "открыта шесть дней")
    pieces = differences(row)
    assert pieces
    assert "".join(text for op, text in pieces if op != "ins") == row.current
    assert "".join(text for op, text in pieces if op != "del") == row.proposed
    assert {op for op, _ in pieces} == {"same", "ins", "del"}
    for other in (Words("ст. 1", "Отсутствует", "Библиотека открыта."), Words("1", "", "новое")):
        assert differences(other) is None


ROWS = [Words("Закон"), Words("ст. 1", "а\n\"<&'", "б", "в", "art_1")]


def test_rows_go_through_a_form_as_they_are() -> None:
    assert from_json(to_json(ROWS)) == ROWS


@pytest.mark.parametrize(
    "told",
    [
        *("", "{", '{"a": 1}', "7", "[7]", '["abcdef"]', '[["", ""]]'),
        *('[["a","b","c","d","e","f"]]', "[" * 5000),
    ],
)
def test_what_no_form_of_ours_carries_is_refused(told: str) -> None:
    with pytest.raises(Invalid):
        from_json(told)


def test_a_stamp_tells_every_change() -> None:
    stamps = {
        Words(*("x" if n == at else "" for n in range(5))).stamp for at in range(5)
    } | {Words().stamp, Words("", "", "", "xx").stamp}  # fmt: skip
    assert len(stamps) == 7
    assert stamp_of(ROWS) != stamp_of(ROWS[::-1])


def test_a_row_says_something_and_not_too_much() -> None:
    for words in (Words(), Words(wid="art_1"), Words("a" * (CELL_MAX + 1))):
        with pytest.raises(Invalid):
            check_words(words)
