"""Tables of figures: no line is lost, a code is for ever, sums that do not fit are said."""

import csv
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from consult.errors import DomainError, Invalid, Unsupported
from consult.procedure.acts import ActType
from consult.procedure.packs import load_pack
from drafts.exporting.akn.writing import write
from drafts.exporting.document import Document
from drafts.exporting.docx import writing as docx
from drafts.importing.akn import reading as akn
from drafts.importing.preview import Preview, import_bytes
from drafts.importing.table.figures import is_figure, number_in, written
from drafts.importing.table.reading import check_table
from drafts.importing.table.sheet import sheet_rows
from drafts.versions.aligning import align, carry_wids, decisions_of

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ACT = load_pack("kg").acts["budget_programme"]
HEADING = ("Code", "Measure", "Last year", "Plan", "Expected result", "Target")
LINES = (
    ("1", "Schools", "300", "450", "", ""),
    ("1.1", "Roofs", "100", "200", "Dry classrooms", "12"),
    ("1.2", "Stoves", "200", "250", "", ""),
    ("2", "Libraries", "50", "75,5", "", ""),
    ("", "Total", "350", "525,5", "", ""),
)

numbers = st.decimals(-(10**9), 10**9, places=2) | st.integers(-(10**12), 10**12).map(Decimal)
languages = st.sampled_from(["ky", "ru", "kk", "en"])
words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=9)


def filed(*lines: tuple[str, ...], heading: tuple[str, ...] = HEADING) -> bytes:
    text = StringIO()
    csv.writer(text).writerows([heading, *lines])
    return text.getvalue().encode()


def read(*lines: tuple[str, ...], lang: str = "ru", act: ActType = ACT) -> Preview:
    return import_bytes(filed(*lines), "budget.csv", lang, act=act)


def rows(preview: Preview) -> dict[str, list[str]]:
    found = (node for node in preview.tree.walk() if node.kind == "row")
    return {node.wid: node.text.split("\t") for node in found}


def said(preview: Preview) -> list[str]:
    return [f"{one.place}: {one}" for one in preview.warnings]


@given(numbers, languages)
def test_a_figure_that_is_written_is_read_again(number: Decimal, lang: str) -> None:
    shown = written(number, lang)
    assert number_in(shown, lang) == number
    assert is_figure(shown)


@pytest.mark.parametrize(
    ("text", "lang", "number"),
    [
        ("1 234,50", "ru", "1234.50"),
        ("1.234,50", "ru", "1234.50"),
        ("1,234.50", "en", "1234.50"),
        ("1,234", "en", "1234"),
        ("1,234", "ru", "1.234"),
        ("1.234.567", "kk", "1234567"),
        ("-12", "ky", "-12"),
        ("\u221212", "ky", "-12"),
    ],
)
def test_figures_are_read_as_people_write_them(text: str, lang: str, number: str) -> None:
    assert number_in(text, lang) == Decimal(number)


@pytest.mark.parametrize("text", ["", "-", "about 5", "12%", "1,2,3", "1..2", "٣", "1e5", "NaN"])
def test_what_is_no_figure_is_none(text: str) -> None:
    assert number_in(text, "ru") is None


def test_each_line_becomes_a_row_that_is_named_by_its_code() -> None:
    preview = read(*LINES)
    assert list(rows(preview)) == [
        *("row_heading", "row_1", "row_1.1", "row_1.2", "row_2", "row_total")
    ]
    assert rows(preview)["row_2"] == ["2", "Libraries", "50", "75,5", "", ""]
    assert rows(preview)["row_heading"][3] == "План, тыс. сомов"
    assert (preview.coverage, said(preview)) == (1.0, [])


@given(st.lists(st.tuples(words, words, words, words, words, words), min_size=1, max_size=6))
def test_no_line_is_lost_whatever_it_says(lines: list[tuple[str, ...]]) -> None:
    try:
        preview = read(*lines)
    except DomainError:  # a table that is torn is refused as a whole
        return
    assert len(rows(preview)) == len(set(rows(preview))) == len(lines) + 1
    assert preview.coverage == 1.0


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=6), st.integers(-3, 3))
def test_a_line_that_is_not_the_sum_of_those_beneath_it_is_told(parts: list[int], off: int) -> None:
    lines = [(f"1.{n}", "A part", "", str(part), "", "") for n, part in enumerate(parts, start=1)]
    preview = read(("1", "All", "", str(sum(parts) + off), "", ""), *lines)
    assert bool(said(preview)) == bool(off)


def test_what_does_not_fit_is_said_line_by_line() -> None:
    preview = read(
        ("1", "Schools", "many", "450", "", ""),
        ("1.1", "Roofs", "1", "200", "", ""),
        ("1.1", "Stoves", "2", "250", "", ""),
        ("", "Paint", "3", "5", "", ""),
        ("Итого", "", "", "500", "", ""),
    )
    assert said(preview) == [
        "line 2: “many” in the column “В прошлом году” is no number. It was kept as it is written.",
        "line 2: In the column “План” this line says 450, but the lines beneath add up to 200.",
        "line 4: Line 3 has the code “1.1” too.",
        "line 5: This line has no code. In the next version it is found again by its words.",
        "line 6: In the column “План” this line says 500, but the lines beneath add up to 705.",
    ]
    assert [one.at for one in preview.warnings] == [2, 2, 4, 5, 6]
    assert rows(preview)["row_1"][2] == "many"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b" ", "The file is empty"),
        (filed(), "nothing in this table"),
        (filed(("1", "A"), heading=HEADING[:5]), "No column is headed “Максаттуу"),
        (filed(("1",), heading=(*HEADING, "План, тыс. сомов")), "Two columns hold the same"),
        (filed((*LINES[0], "more")), "Line 2 has more cells than the heading"),
    ],
)
def test_a_table_that_cannot_be_understood_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(Invalid, match=message) as refusal:
        import_bytes(data, "budget.csv", "ky", act=ACT)
    assert refusal.value.field == "file"


def test_a_column_of_no_use_is_said_to_be_left_out() -> None:
    data = filed((*LINES[0], "Ask Olga"), heading=(*HEADING, "My notes"))
    preview = import_bytes(data, "budget.csv", "en", act=ACT)
    assert said(preview)[0].startswith("line 1: The column “My notes” is none of this kind")
    assert preview.coverage < 1


def workbook(*lines: tuple[object, ...]) -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for at, line in enumerate(lines):
            sheet.write_row(at, 0, line)
        book.add_worksheet("Notes").write(0, 0, "not this one")
    return file.getvalue()


def test_a_workbook_is_read_as_a_file_of_csv_is() -> None:
    lines = [
        (code, name, 300.0, 0.1 + 0.2, result, target) for code, name, *_, result, target in LINES
    ]
    preview = import_bytes(workbook(HEADING, *lines), "budget.xlsx", "ru", act=ACT)
    assert rows(preview)["row_1.1"] == ["1.1", "Roofs", "300", "0,3", "Dry classrooms", "12"]


@given(st.lists(st.lists(words, min_size=1, max_size=5), min_size=1, max_size=5))
def test_a_workbook_gives_back_what_was_written(lines: list[list[str]]) -> None:
    book = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(book, options) as file:
        sheet = file.add_worksheet()
        for at, line in enumerate(lines):
            for column, word in enumerate(line):
                sheet.write_string(at, column, word)
    assert [line.cells for line in sheet_rows(book.getvalue())] == lines


@pytest.mark.parametrize("data", [b"PK", b"code;plan", workbook(HEADING)[:-40]])
def test_a_damaged_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(Unsupported):
        import_bytes(data, "budget.xlsx", "ru", act=ACT)


def test_a_table_begins_with_a_table() -> None:
    check_table(ACT, "budget.XLSX")
    with pytest.raises(Unsupported, match=r"\.csv or \.xlsx"):
        check_table(ACT, "budget.docx")


def test_only_for_an_act_that_is_a_table_a_table_is_read() -> None:
    with pytest.raises(Unsupported, match="files can be read"):
        import_bytes(filed(*LINES), "law.csv", "ru", act=load_pack("kg").acts["law"])


def test_a_table_survives_being_taken_away() -> None:
    tree = read(*LINES).tree
    told = Document(tree, "Schools", 1, 1, "MOF", ACT.code, "kg", NOW, NOW, "https://x.kg/1")
    assert akn.read(write(told), "ru").tree == tree
    in_word = import_bytes(docx.write(told), "a.docx", "ru").tree
    assert [node.text for node in in_word.walk()] == [node.text for node in tree.walk()]


def test_a_line_is_the_line_of_its_code_however_much_another_reads_like_it() -> None:
    old = read(("1", "A school", "1", "2", "", ""), ("2", "A school", "1", "2", "", "")).tree
    new = read(("2", "A school", "1", "3", "", ""), ("3", "A school", "1", "2", "", "")).tree
    alignment = align(old, new, decisions_of(old, new))
    became = {(one.kind, one.old_wids) for one in alignment if one.kind in ("edited", "deleted")}
    assert became == {("edited", ("row_2",)), ("deleted", ("row_1",))}
    assert "row_3" in {node.wid for node in carry_wids(new, alignment).walk()}


def test_a_line_is_never_called_as_the_heading_is() -> None:
    preview = read(("heading", "Schools", "1", "2", "", ""))
    assert list(rows(preview)) == ["row_heading", "row_heading-n2"]
    assert said(preview) == ["line 2: Line 1 has the code “heading” too."]
