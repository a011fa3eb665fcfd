"""[pure] Tables that a plain text has flattened, and tables a reader has already told by rows.

A flattened table gives each cell a line of its own that begins with a tab; an empty line ends the
row, two end the table. A cell may hold an empty line itself («Сумма», «(миң сом)»).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from drafts.grammar.line import Line
from drafts.grammar.shape import begins_low, is_finished

CELL_REST = 80  # characters; what goes on after an empty line inside a cell is short


@dataclass(slots=True)
class Table:
    """Rows of a table; cells are separated by tabs. `end` is the line after its last one."""

    rows: list[list[str]] = field(default_factory=list)
    end: int = 0

    def texts(self) -> tuple[str, ...]:
        """Each row that holds anything, as one string."""
        return tuple("\t".join(row) for row in self.rows if any(row))


def find_tables(lines: Sequence[Line]) -> dict[int, Table]:
    """The tables of a text by the line they begin with."""
    tables: dict[int, Table] = {}
    at = 0
    while at < len(lines):
        table = _told(lines, at) or _flattened(lines, at) or _separated(lines, at)
        if table and any(table.texts()):
            tables[at] = table
        at = table.end if table else at + 1
    return tables


def _told(lines: Sequence[Line], start: int) -> Table | None:
    end = start
    while end < len(lines) and lines[end].kind_hint == "row":
        end += 1
    rows = [line.text.split("\t") for line in lines[start:end]]
    return Table([[cell.strip() for cell in row] for row in rows], end) if rows else None


def _flattened(lines: Sequence[Line], start: int) -> Table | None:
    if not lines[start].text.startswith("\t"):
        return None
    table, empty = Table([[]]), 0
    for at in range(start, len(lines)):
        text = lines[at].text
        if text.startswith("\t"):
            if empty:
                table.rows.append([])
            table.rows[-1] += [cell.strip() for cell in text[1:].split("\t")]
        elif not text.strip():
            empty += 1
            if empty == 2:
                break
            continue
        elif _is_rest_of_cell(lines, at):
            table.rows[-1][-1] += " " + text.strip()
        else:
            break
        table.end, empty = at + 1, 0
    return table if _is_tabular(table) else _nothing(table)


def _nothing(indented: Table) -> Table:
    """Paragraphs that are only indented by a tab: passed over in one step."""
    return Table([], indented.end)


def _is_rest_of_cell(lines: Sequence[Line], at: int) -> bool:
    text = lines[at].text.strip()
    following = [line.text for line in lines[at + 1 : at + 3]]
    if following and not following[0].strip() and not following[0].startswith("\t"):
        following = following[1:]
        if not (text.startswith("(") or begins_low(text)):
            return False
    return len(text) <= CELL_REST and bool(following) and following[0].startswith("\t")


def _is_tabular(table: Table) -> bool:
    cells = [cell for row in table.rows for cell in row if cell]
    sentences = sum(is_finished(cell) for cell in cells)
    return max(map(len, table.rows)) > 1 and 2 * sentences <= len(cells)


def _separated(lines: Sequence[Line], start: int) -> Table | None:
    """At least two neighbouring lines cut by the same number of tabs."""
    rows: list[list[str]] = []
    for at in range(start, len(lines)):
        cells = [cell.strip() for cell in lines[at].text.split("\t")]
        labelled = len(cells) == 2 and cells[0].endswith((".", ")"))
        if len(cells) < 2 or labelled or (rows and len(cells) != len(rows[0])):
            break
        rows.append(cells)
    return Table(rows, start + len(rows)) if len(rows) > 1 else None
