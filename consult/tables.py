"""[pure] A file of a table, as any spreadsheet saves it → its heading and its rows.

Separated by commas, semicolons or tabs; UTF-8 with or without its mark, UTF-16, windows-1251. What
the columns mean is for whoever reads it. A file is taken whole or not at all.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass

from consult.errors import N_, Invalid, TooLarge
from consult.spreadsheets import BYTE_ORDER_MARK, csv_rows
from drafts.importing.encoding import QUESTION, decoded

MOST_BYTES = 2_000_000
MOST_ROWS = 2_000
MOST_COLUMNS = 200

NOTHING = N_("There is nothing in this table.")
NO_TABLE = N_("This could not be read as a table.")
LOST = N_("Line {line}: letters were lost. Save the table anew as UTF-8.")
MORE_CELLS = N_("Line {line}: there are more cells than in the heading.")
TWICE = N_("Two columns are called “{column}”.")
UNNAMED = N_("Column {n} has no name.")


@dataclass(frozen=True, slots=True)
class Row:
    """A row by the names of its columns; `line` is where it ends in the file, from 1."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it was read, and what is wrong with it whatever its columns mean."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[Invalid, ...] = ()


def read_sheet(data: bytes) -> Sheet:
    """The table in a file. Raises TooLarge, and Invalid where there is no table."""
    if len(data) > MOST_BYTES:
        raise TooLarge("This is more than can be taken at once.")
    if not data.removeprefix(b"\xef\xbb\xbf").strip():
        raise Invalid(NOTHING, field="file")
    text = decoded(data).removeprefix(BYTE_ORDER_MARK)
    try:
        lines = [(line, cells) for _, line, cells in csv_rows(text)]
    except csv.Error as broken:
        raise Invalid(NO_TABLE, field="file") from broken
    if len(lines) < 2:
        raise Invalid(NOTHING, field="file")
    (_, heading), *rows = lines
    if len(rows) > MOST_ROWS or len(heading) > MOST_COLUMNS:
        raise TooLarge("This is more than can be taken at once.")
    columns = tuple(name.casefold() for name in _until_last(heading))
    problems = [*_heading_problems(columns), *_torn(lines, len(columns))]
    found = (Row(n, _cells(columns, row)) for n, row in rows)
    return Sheet(columns, tuple(found), tuple(problems))


def _until_last(heading: Sequence[str]) -> list[str]:
    """A heading without the empty cells at its end, which spreadsheets like to add."""
    last = max((i for i, name in enumerate(heading) if name), default=-1)
    return list(heading[: last + 1])


def _cells(columns: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    """What a row says; a cell that is not there is empty."""
    return {name: row[i] if i < len(row) else "" for i, name in enumerate(columns)}


def _heading_problems(columns: Sequence[str]) -> list[Invalid]:
    named = [name for name in columns if name]
    problems = [
        Invalid(TWICE, column=name) for name in dict.fromkeys(named) if named.count(name) > 1
    ]
    problems += [Invalid(UNNAMED, n=n) for n, name in enumerate(columns, start=1) if not name]
    return problems


def _torn(lines: Sequence[tuple[int, list[str]]], width: int) -> list[Invalid]:
    """Signs that a row is not what was written: cells torn apart, letters lost."""
    problems = []
    for n, row in lines:
        if any(row[width:]):
            problems.append(Invalid(MORE_CELLS, line=n))
        if any("\ufffd" in cell or QUESTION.search(cell) for cell in row):
            problems.append(Invalid(LOST, line=n))
    return problems
