"""A table of figures from a file (CSV, Excel): each line becomes a row with a permanent id.

So a comment on a line stays with the line of that code in every later version.
"""

import csv
from dataclasses import dataclass, replace
from pathlib import PurePath

from consult.errors import Invalid, TooLarge, Unsupported
from consult.procedure.acts import ActForm, ActType
from consult.spreadsheets import BYTE_ORDER_MARK, Line, csv_rows
from drafts.grammar.line import Line as Passage
from drafts.grammar.line import Warning_
from drafts.importing.coverage import coverage
from drafts.importing.encoding import decoded, lost_letters
from drafts.importing.guard.limits import MAX_BYTES, MAX_LINES, MEBIBYTE, TOO_LONG
from drafts.importing.table.lines import HEADING, read_lines
from drafts.importing.table.sheet import sheet_rows
from drafts.tree import Node, Tree, identify

ENDINGS = (".csv", ".xlsx")
HEADS = 2  # the table and its heading come before the first line


@dataclass(frozen=True, slots=True)
class TableText:
    """A table as a text. `coverage` is the share of the file's letters that stand in it."""

    tree: Tree
    warnings: tuple[Warning_, ...]
    coverage: float


def is_table(act: ActType | None, filename: str) -> bool:
    """Whether such a file holds the figures of such an act."""
    ending = PurePath(filename).suffix.lower()
    return act is not None and act.form is ActForm.TABLE and ending in ENDINGS


def check_table(act: ActType, filename: str) -> None:
    """Refuse to begin a table from a file that is none."""
    if act.form is ActForm.TABLE and not is_table(act, filename):
        raise Unsupported(
            "An act of this kind is a table of figures. Import it as .csv or .xlsx.", field="file"
        )


def read(data: bytes, filename: str, lang: str, act: ActType) -> TableText:
    """The table in a file. Raises Invalid, TooLarge or Unsupported where it cannot be read."""
    lines, lost = _lines(data, filename)
    figures = read_lines(lines, act, lang)
    heads = "\t".join(column.title(lang) for column in act.columns)
    rows = [Node("row", text=heads, wid=f"row_{HEADING}")]
    rows += [Node("row", text="\t".join(row.cells), wid=f"row_{row.name}") for row in figures.rows]
    tree = identify(Tree(lang, (Node("table", wid="table_figures", children=tuple(rows)),)))
    told = "\n".join([*("\t".join(row.cells) for row in figures.rows), *figures.left_out])
    warnings = [
        warning if warning.at is None else replace(warning, at=warning.at + HEADS)
        for warning in figures.warnings
    ]
    return TableText(tree, (*lost, *warnings), coverage(told, tree))


def _lines(data: bytes, filename: str) -> tuple[list[Line], list[Warning_]]:
    if not data.strip():
        raise Invalid("The file is empty.", field="file")
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES // MEBIBYTE
        raise TooLarge("The file is larger than {limit} MiB.", field="file", limit=limit)
    if PurePath(filename).suffix.lower() == ".xlsx":
        lines = sheet_rows(data)
    else:
        try:
            lines = csv_rows(decoded(data).removeprefix(BYTE_ORDER_MARK))
        except csv.Error as error:
            raise Invalid("This could not be read as a table.", field="file") from error
    if len(lines) > MAX_LINES:
        raise TooLarge(TOO_LONG, field="file", limit=MAX_LINES)
    said = [Passage("\t".join(line.cells), place=f"line {line.line}") for line in lines]
    return lines, list(lost_letters(said))
