"""[pure] Tables in Word's XML: ruled, as wide as the page, the first row repeated on every page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt

from lxml import etree

from drafts.exporting.docx.words import Span, element, paragraph, write

WIDTH = 9355  # twips between the margins of a page that stands upright
SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
LONG = 600  # characters in a cell; such a row may go on on the next page
MARGIN = 85  # twips, 1.5 mm, between the lines and the words


@dataclass(frozen=True, slots=True)
class Row:
    """The words of each cell; `spans` are offsets in these words joined by tabs.

    A row with fewer cells than others ends earlier, or is filled up by its last cell (`across`).
    """

    cells: Sequence[str]
    spans: Sequence[Span] = field(default=())
    bold: bool = False
    across: bool = False


def table(
    rows: Sequence[Row], widths: Sequence[float] = (), *, width: int = WIDTH
) -> etree._Element:
    """A table; `widths` are shares, by default as the words need."""
    columns = max(len(row.cells) for row in rows)
    shares: Sequence[float] = widths or [_need(rows, column) for column in range(columns)]
    twips = [int(width * share / sum(shares)) for share in shares]
    found = element("tbl")
    _rule(found)
    grid = element("tblGrid", found)
    for each in twips:
        element("gridCol", grid, w=str(each))
    for at, row in enumerate(rows):
        found.append(_row(row, twips, repeated=at == 0 and len(rows) > 1))
    return found


def _need(rows: Sequence[Row], column: int) -> float:
    """How much room a column wants: less than in proportion to its words, and never none."""
    cells = [len(row.cells[column]) for row in rows if column < len(row.cells)]
    return 3 + sqrt(max(cells))


def _rule(found: etree._Element) -> None:
    properties = element("tblPr", found)
    element("tblW", properties, w="5000", type="pct")
    borders = element("tblBorders", properties)
    for side in SIDES:
        element(side, borders, val="single", sz="4", space="0", color="auto")
    element("tblLayout", properties, type="fixed")
    margins = element("tblCellMar", properties)
    for side in ("left", "right"):
        element(side, margins, w=str(MARGIN), type="dxa")


def _row(row: Row, twips: Sequence[int], *, repeated: bool) -> etree._Element:
    found = element("tr")
    properties = element("trPr", found)
    missing = len(twips) - len(row.cells)
    if missing and not row.across:
        element("gridAfter", properties, val=str(missing))
    if max(map(len, row.cells)) < LONG:
        element("cantSplit", properties)
    if repeated:
        element("tblHeader", properties)
    offset, last = 0, len(row.cells) - 1
    for at, words in enumerate(row.cells):
        cell = element("tc", found)
        about = element("tcPr", cell)
        covered = twips[at:] if row.across and at == last else twips[at : at + 1]
        element("tcW", about, w=str(sum(covered)), type="dxa")
        if len(covered) > 1:
            element("gridSpan", about, val=str(len(covered)))
        lines = paragraph("TableText", "")
        write(lines, words, row.spans, offset=offset, bold=row.bold)
        cell.append(lines)
        offset += len(words) + 1
    return found
