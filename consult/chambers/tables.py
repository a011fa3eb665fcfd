"""[pure] Files of a secretariat → rows to be looked at: CSV as any spreadsheet saves it, or JSON.

What the columns mean is for whoever reads them; every wrong line is said, and nothing is taken by
halves. Only UTF-8 is taken: a name with lost letters would be somebody else's.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from consult.errors import N_, Invalid, TooLarge
from consult.tables import LOST, MOST_BYTES, MOST_ROWS, Row, read_sheet

T = TypeVar("T")
EMPTY = N_("This file is empty.")
NOT_UTF8 = N_("This file is not in UTF-8. Save it anew as “CSV UTF-8”.")
NOT_JSON = N_("This could not be read as JSON.")
NO_LIST = N_("This JSON holds no list of rows.")
NO_COLUMN = N_("There is no column “{column}”.")
NO_DAY = N_("Line {line}: “{value}” is no date. Write it as 2026-12-31.")
DAY_FORMATS = ("%Y-%m-%d", "%d.%m.%Y")


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says: `rows` as they are understood, and everything that is wrong with it."""

    rows: tuple[Any, ...]
    problems: tuple[Invalid, ...] = ()


def text_of(data: bytes) -> str:
    """The text of a file. Raises Invalid where it is empty or not in UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(NOT_UTF8, field="file") from None
    if not text.strip():
        raise Invalid(EMPTY, field="file")
    return text


def rows_in(text: str, names: Mapping[str, str], needed: Collection[str]) -> Read:
    """The rows of a table or a JSON list, by the names of columns this program knows.

    `names` gives for each word a heading may use the column it means. Raises Invalid, TooLarge.
    """
    if text.lstrip()[:1] in "[{":
        found = _json_rows(text)
        problems = [Invalid(LOST, line=row.line) for row in found if _is_torn(row)]
    else:
        sheet = read_sheet(text.encode())
        found, problems = list(sheet.rows), list(sheet.problems)
    rows = [Row(row.line, _named(row.cells, names)) for row in found]
    there = {name for row in rows for name in row.cells}
    problems += [Invalid(NO_COLUMN, column=name) for name in needed if name not in there]
    return Read(tuple(rows), tuple(problems))


def _is_torn(row: Row) -> bool:
    """Whether a cell holds half a letter, which no database keeps."""
    return any("\ud800" <= letter <= "\udfff" for cell in row.cells.values() for letter in cell)


def _json_rows(text: str) -> list[Row]:
    if len(text.encode()) > MOST_BYTES:
        raise TooLarge("This is more than can be taken at once.")
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise Invalid(NOT_JSON, field="file") from None
    if isinstance(said, dict):
        said = next((value for value in said.values() if isinstance(value, list)), None)
    if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
        raise Invalid(NO_LIST, field="file")
    if not said:
        raise Invalid(EMPTY, field="file")
    if len(said) > MOST_ROWS:
        raise TooLarge("This is more than can be taken at once.")
    return [
        Row(n, {str(name).casefold(): _cell(value) for name, value in one.items()})
        for n, one in enumerate(said, start=1)
    ]


def _cell(value: Any) -> str:
    return "" if value is None else " ".join(str(value).replace("\0", "").split())


def _named(cells: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    return {names[name]: value for name, value in cells.items() if name in names}


def each(rows: Sequence[Row], read: Callable[[Row], T]) -> tuple[list[T], list[Invalid]]:
    """What `read` makes of every row, and the problems of those it refuses."""
    found, problems = [], []
    for row in rows:
        try:
            found.append(read(row))
        except Invalid as wrong:
            problems.append(wrong)
    return found, problems


def day_in(row: Row, column: str) -> date | None:
    """A day as people write it; None where the cell is empty. Raises Invalid."""
    said = row.cells.get(column, "")
    for form in DAY_FORMATS if said else ():
        try:
            return datetime.strptime(said, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    if said:
        raise Invalid(NO_DAY, line=row.line, value=said[:40])
    return None
