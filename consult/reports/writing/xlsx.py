"""A report as a spreadsheet (XLSX): a sheet of comments, one of figures, one of changes.

A comment is a line of its own, so that whoever filters or counts loses none; what is answered
together shares its № and its answer. What is longer than a cell takes goes on in the line below.
Words are written as words: none is run as a formula.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import BytesIO
from itertools import chain
from typing import NamedTuple, TypeGuard

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from consult.reports.wording import Changed, Decided, Paper, Told
from drafts.exporting.docx.words import printable

LONGEST = 32_767  # characters; a cell takes no more
CUT = LONGEST - 1  # leaves room for dots
NAME = 31  # characters of the name of a sheet
UNFIT = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))  # in the name of a sheet

Value = str | int | float | datetime | None


class Column(NamedTuple):
    """A heading and how wide the column is, in characters."""

    label: str
    width: int


def write(paper: Paper) -> bytes:
    """The file; equal papers give equal bytes."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    book.set_properties(
        {
            "title": f"{paper.heading} · {paper.title.text}"[:250],
            "author": paper.agency[:250],
            "comments": paper.address,
            "created": paper.published_at.replace(tzinfo=None),
        }
    )
    sheets = _Sheets(book)
    labels = paper.labels
    rows = sheets.add(labels["rows"], _columns(paper), _lines(paper.rows))
    rows.set_landscape()
    sheets.add(labels["figures"], *_figures(paper))
    sheets.add(labels["changes"], *_changes(paper))
    book.close()
    return buffer.getvalue()


class _Sheets:
    """Sheets that look alike: a heading that stays, filters, words that wrap."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        plain = {"text_wrap": True, "valign": "top"}
        self.head = self._format(plain | {"bold": True, "bg_color": "#EEF2F1", "bottom": 1})
        self.words = self._format(plain | {"num_format": "@"})
        self.number = self._format(plain | {"num_format": "#,##0"})
        self.share = self._format(plain | {"num_format": "0.0%"})
        self.instant = self._format(plain | {"num_format": "yyyy-mm-dd hh:mm"})

    def _format(self, properties: dict[str, object]) -> Format:
        return self.book.add_format(properties)

    def add(
        self, name: str, columns: Sequence[Column], lines: Iterable[Sequence[Value]]
    ) -> Worksheet:
        """A sheet with a table from its first line on."""
        sheet = self.book.add_worksheet(name.translate(UNFIT)[:NAME].strip())
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
            sheet.write_string(0, at, column.label, self.head)
        last = 0
        for last, line in enumerate(chain.from_iterable(map(_fitting, lines)), start=1):
            for at, value in enumerate(line):
                self._write(sheet, last, at, value)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last, len(columns) - 1)
        sheet.repeat_rows(0)
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        return sheet

    def _write(self, sheet: Worksheet, row: int, column: int, value: Value) -> None:
        if isinstance(value, str):
            sheet.write_string(row, column, value, self.words)
        elif isinstance(value, datetime):  # Excel knows no time zones: as the clocks there show
            sheet.write_datetime(row, column, value.replace(tzinfo=None), self.instant)
        elif isinstance(value, float):
            sheet.write_number(row, column, value, self.share)
        elif value is not None:
            sheet.write_number(row, column, value, self.number)


def _fitting(line: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """A line whose words are printable, and as many below it as its longest cell needs.

    A cell that goes on ends in dots and begins with dots in the next line. That one has nothing
    else but the first cell, so that filters keep them together and sums count nothing twice.
    """
    line = [printable(value) if isinstance(value, str) else value for value in line]
    while any(map(_too_long, line)):
        yield [f"{value[:CUT]}…" if _too_long(value) else value for value in line]
        rest = [f"…{value[CUT:]}" if _too_long(value) else None for value in line]
        line = [rest[0] or line[0], *rest[1:]]
    yield line


def _too_long(value: Value) -> TypeGuard[str]:
    return isinstance(value, str) and len(value) > LONGEST


def _columns(paper: Paper) -> list[Column]:
    number, provision, who, proposal, decision, reason, changed = paper.columns
    said = paper.labels
    return [
        Column(number, 6),
        Column(said["receipt"], 16),
        Column(said["date"], 16),
        Column(provision, 20),
        Column(who, 24),
        Column(said["region"], 14),
        Column(said["mandate"], 18),
        Column(said["channel"], 14),
        Column(said["kind"], 14),
        Column(said["stance"], 12),
        Column(said["quote"], 30),
        Column(proposal, 60),
        Column(said["proposed"], 40),
        Column(said["group"], 24),
        Column(decision, 18),
        Column(reason, 60),
        Column(changed, 20),
        Column(said["before"], 40),
        Column(said["after"], 40),
        Column(said["address"], 36),
    ]


def _lines(rows: Iterable[Decided]) -> Iterable[list[Value]]:
    for row in rows:
        for comment in row.comments:
            yield [row.number, *_said(comment), *_decided(row), comment.address]


def _said(comment: Told) -> list[Value]:
    words = comment.gone or comment.proposal
    told: list[Value] = [comment.receipt, comment.said_at, comment.place, comment.name]
    told += [comment.region, comment.mandate, comment.channel, comment.kind, comment.stance]
    return [*told, comment.quote, words, comment.proposed]


def _decided(row: Decided) -> list[Value]:
    return [row.issue, row.outcome, row.reason.text, row.changed, row.before, row.after]


def _figures(paper: Paper) -> tuple[list[Column], Iterable[list[Value]]]:
    said = paper.labels
    columns = [Column(said["figure"], 44), Column(said["value"], 16), Column(said["note"], 80)]
    lines: list[list[Value]] = [[paper.heading, f"{paper.title.text}. {paper.issue}"]]
    lines += [[label, words.text] for label, words in paper.facts]
    lines += [[figure.label, figure.value, figure.note] for figure in paper.figures]
    return columns, lines


def _changes(paper: Paper) -> tuple[list[Column], Iterable[list[Value]]]:
    said = paper.labels
    widths = (("provision", 24), ("kind", 14), ("before", 70), ("after", 70), ("because", 24))
    columns = [Column(said[name], width) for name, width in widths]
    return columns, map(_changed, paper.changes)


def _changed(change: Changed) -> list[Value]:
    return [change.place, change.kind, change.before.text, change.after.text, change.because]
