"""[pure] Tables as CSV (RFC 4180): written to open harmlessly in a spreadsheet, read from one."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import NamedTuple

BYTE_ORDER_MARK = "\ufeff"  # without it the usual programs take Cyrillic for something else
# OWASP, CSV Injection; wide letters are read like narrow ones
RUN_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

DELIMITERS = (",", ";", "\t")


class Line(NamedTuple):
    """A row that says something: its number from 1, the line of the file it ends at, its cells."""

    row: int
    line: int
    cells: list[str]


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table with its heading. None is an empty cell."""
    return BYTE_ORDER_MARK + csv_lines([columns]) + csv_lines(rows)


def csv_lines(rows: Iterable[Sequence[object]]) -> str:
    """Some lines of a table: a long one is written piece by piece."""
    text = StringIO()
    csv.writer(text).writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: object) -> object:
    """Words that a spreadsheet would run as a formula get an apostrophe, which it does not show.

    A comment such as `=HYPERLINK(…)` must stay words.
    """
    if isinstance(value, str) and value.startswith(RUN_AS_FORMULA):
        return f"'{value}"
    return "" if value is None else value


def csv_rows(text: str) -> list[Line]:
    """The rows of a table as any spreadsheet saves it that say anything: separated by commas,
    semicolons or tabs, or by what a first line `sep=;` names. Raises csv.Error."""
    first, _, rest = text.partition("\n")
    said = first.strip().removeprefix("sep=") if first.startswith("sep=") else ""
    delimiter = said or max(DELIMITERS, key=first.count)
    if delimiter not in DELIMITERS:
        raise csv.Error("no such delimiter")
    reader = csv.reader(StringIO(rest if said else text, newline=""), delimiter=delimiter)
    before = 1 if said else 0
    rows = (
        Line(n, reader.line_num + before, [_said(cell) for cell in row])
        for n, row in enumerate(reader, start=1)
    )
    return [row for row in rows if any(row.cells)]


def _said(text: str) -> str:
    """A cell on one line, without the apostrophe that keeps a spreadsheet from running it."""
    said = " ".join(text.split())
    return said[1:] if said[:1] == "'" and said[1:2] in RUN_AS_FORMULA and said[1:] else said
