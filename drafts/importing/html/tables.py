"""[pure] The tables of a page: which of them hold data, and the cells of their rows."""

from collections.abc import Iterable, Iterator

from lxml import etree

from drafts.importing.guard.limits import MAX_COLUMNS

GROUPS = ("thead", "tbody", "tfoot")
CELLS = ("td", "th")
SILENT = ("colgroup", "col")


def is_data(table: etree._Element) -> bool:
    """Whether a table is one, rather than a way to lay a page out.

    Whole laws stand in the single cell of such a table: they must not become one row.
    """
    if table.get("role") in ("presentation", "none"):
        return False
    if next(table.iterdescendants("table", "h1", "h2", "h3", "h4", "h5", "h6"), None) is not None:
        return False
    rows, _ = rows_of(table)
    return any(sum(1 for _ in row.iterchildren(*CELLS)) > 1 for row in rows)


def rows_of(table: etree._Element) -> tuple[list[etree._Element], list[etree._Element]]:
    """The rows of a table, and what else stands in it: its caption, or what went astray."""
    rows: list[etree._Element] = []
    others: list[etree._Element] = []
    for child in table.iterchildren("*"):
        for element in child.iterchildren("*") if child.tag in GROUPS else (child,):
            if element.tag == "tr":
                rows.append(element)
            elif element.tag not in SILENT:
                others.append(element)
    return rows, others


def cells_of(rows: Iterable[etree._Element]) -> Iterator[list[etree._Element | None]]:
    """The cells of each row; None where a cell of this or an earlier row reaches."""
    below: dict[int, int] = {}  # column → rows that a cell above still reaches into
    for row in rows:
        cells: list[etree._Element | None] = []
        for cell in row.iterchildren("*"):
            _fill(cells, below)
            width = max(1, min(_span(cell, "colspan"), MAX_COLUMNS - len(cells)))
            height = _span(cell, "rowspan")
            reached = range(len(cells), min(len(cells) + width, MAX_COLUMNS))
            below |= dict.fromkeys(reached if height > 1 else (), height - 1)
            cells += [cell, *[None] * (width - 1)]
        _fill(cells, below)
        yield cells


def _fill(cells: list[etree._Element | None], below: dict[int, int]) -> None:
    while below.get(len(cells), 0):
        below[len(cells)] -= 1
        cells.append(None)


def _span(cell: etree._Element, name: str) -> int:
    told = cell.get(name, "1").strip()
    return int(told) if told.isdecimal() and len(told) < 6 else 1
