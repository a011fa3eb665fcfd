"""Reading a comparative table from a Word file: the table whose heading names the columns.

Only words are taken: bold and struck text in a cell is text, tracked changes count as accepted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice

from lxml import etree

from consult.errors import Invalid, Unsupported
from drafts.comparative.columns import Role, role_of
from drafts.comparative.rows import ROWS_MAX, Words, check_table
from drafts.importing.guard import files as guard
from drafts.importing.word.names import W
from drafts.importing.word.numbering import Numbering
from drafts.importing.word.package import Package
from drafts.importing.word.text import Reader

HEAD_ROWS = 8  # rows of a table among which its heading is looked for
NEEDED: tuple[Role, ...] = ("current", "proposed")
SHOWN = 200  # characters of a heading that are kept, here and in an error


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its words, and the columns of the grid it covers, `end` excluded."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """The table of a file. `columns` is the heading as printed, each with what it was taken for.

    The words of a column that was not recognised ("") stand with the reason: nothing is dropped.
    """

    rows: tuple[Words, ...]
    columns: tuple[tuple[str, str], ...]


Line = tuple[Cell, ...]
Columns = dict[int, tuple[str, str]]  # column of the grid → heading, role


def read_table(data: bytes, filename: str) -> Found:
    """The comparative table of a .docx file.

    Raises Invalid where no table has a heading that names the wording in force and the proposed
    one; Invalid, TooLarge or Unsupported where the file cannot or must not be read.
    """
    if guard.check(data, filename) != "docx":
        raise Unsupported("A table is read from a .docx file only.", field="file")
    tables = list(_tables(Package(data)))
    for lines in tables:
        if headed := _headed(lines):
            columns, after = headed
            rows = tuple(islice(_rows(lines[after:], columns, lines[:after]), ROWS_MAX + 1))
            if not rows:
                raise Invalid("The table in this file has a heading but no rows.", field="file")
            check_table(rows)
            return Found(rows, tuple(dict.fromkeys(columns.values())))
    raise _not_found(tables)


def _not_found(tables: Sequence[Sequence[Line]]) -> Invalid:
    seen = [" | ".join(cell.text or "…" for cell in lines[0]) for lines in tables if lines]
    if not seen:
        return Invalid("There is no table in this file.", field="file")
    return Invalid(
        "No table has columns for the wording in force and for the proposed one. "
        "The headings found are: {headings}",
        field="file",
        headings="; ".join(" ".join(each.split())[:SHOWN] for each in seen[:3]),
    )


def _tables(package: Package) -> Iterator[list[Line]]:
    body = package.document.find(f"{W}body")
    numbering = Numbering(package.related("numbering"), package.related("styles"))
    reader = Reader("accepted")
    for block in reader.blocks(body) if body is not None else ():
        if block.tag == f"{W}tbl":
            yield [tuple(_cells(row, reader, numbering)) for row in reader.rows(block)]
        else:
            numbering.label(block, "")  # lists go on in tables


def _cells(
    row: Sequence[etree._Element | None], reader: Reader, numbering: Numbering
) -> Iterator[Cell]:
    begun = [at for at, cell in enumerate(row) if cell is not None]
    for start, end in zip(begun, [*begun[1:], len(row)], strict=True):
        cell = row[start]
        if cell is not None:
            covered = reader.is_covered(cell)
            yield Cell("" if covered else _text(cell, reader, numbering), start, end)


def _text(cell: etree._Element, reader: Reader, numbering: Numbering) -> str:
    """The words of a cell, a line for each paragraph."""
    lines, held = [], ""
    for paragraph in reader.paragraphs(cell):
        held += numbering.label(paragraph, "") + reader.text(paragraph)
        if not reader.goes_on(paragraph):
            lines.append(" ".join(held.split()))
            held = ""
    return "\n".join(filter(None, [*lines, " ".join(held.split())]))


def _headed(lines: Sequence[Line]) -> tuple[Columns, int] | None:
    """What the columns are, and the line after the heading; of one line or of two."""
    for at in range(min(len(lines), HEAD_ROWS)):
        merged = any(cell.end - cell.start > 1 for cell in lines[at])
        for depth in (1, 2) if merged else (1,):
            columns = _columns(lines[at : at + depth])
            if all(role in (told for _, told in columns.values()) for role in NEEDED):
                return columns, at + depth
    return None


def _columns(heading: Sequence[Line]) -> Columns:
    """Each column of the grid with its heading; a role that is taken already is not given again."""
    width = max((cell.end for line in heading for cell in line), default=0)
    columns: Columns = {}
    taken: dict[str, str] = {}
    for column in range(width):
        cells = [c for line in heading for c in line if c.start <= column < c.end]
        title = " ".join(" ".join(c.text[:SHOWN] for c in cells).split())[:SHOWN]
        role = role_of(title) or ""
        if taken.setdefault(role, title) != title:
            role = ""
        columns[column] = (title, role)
    return columns


def _rows(lines: Sequence[Line], columns: Columns, heading: Sequence[Line]) -> Iterator[Words]:
    printed = [tuple(cell.text for cell in line) for line in heading]
    for line in lines:
        texts = tuple(cell.text for cell in line)
        if not any(texts) or texts in printed or _counts(texts):
            continue
        yield _heading(line, columns) or _words(line, columns)


def _counts(texts: Sequence[str]) -> bool:
    """Whether a row only counts the columns: 1, 2, 3 …"""
    told = [text.strip(" .") for text in texts if text]
    return len(told) > 1 and all(a == str(n) for a, n in zip(told, count(1), strict=False))


def _heading(line: Line, columns: Columns) -> Words | None:
    """A row of one cell across both wordings, numbered or not, such as the name of a law."""
    said = [(cell, _roles(cell, columns)) for cell in line if cell.text]
    across = [cell for cell, roles in said if {*NEEDED} <= roles]
    if len(across) != 1 or any(roles - {"number"} for cell, roles in said if cell not in across):
        return None
    return Words(place=across[0].text)


def _roles(cell: Cell, columns: Columns) -> set[str]:
    """What a cell stands under; "" where the heading was not understood or there is none."""
    return {columns.get(at, ("", ""))[1] for at in range(cell.start, cell.end)}


def _words(line: Line, columns: Columns) -> Words:
    told: dict[str, list[str]] = {}
    for cell in line:
        title, role = columns.get(cell.start, ("", ""))
        if cell.text and role != "number":
            text = cell.text if role or not title else f"{title}: {cell.text}"
            told.setdefault(role or "reason", []).append(text)
    return Words(**{role: "\n".join(texts) for role, texts in told.items()})
