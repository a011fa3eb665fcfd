"""[pure] What the XML of an OpenDocument text says: words, notes, frames, rows.

Tracked changes are settled before (changes.py); what a paragraph means is not asked here.
"""

import re
from collections.abc import Iterator

from lxml import etree

from consult.errors import TooLarge
from drafts.importing.guard.limits import MAX_COLUMNS, MAX_LINES, TOO_MUCH
from drafts.importing.odt.names import (
    BLOCKS,
    BOX,
    CHANGE,
    NOTE,
    SILENT,
    TABLE,
    H,
    P,
    named,
)
from drafts.importing.source import SOFT, raised

BLANKS = re.compile(r"[ \t\r\n]+")
INSTEAD = {named("text:s"): " ", named("text:tab"): " ", named("text:line-break"): "\n"}
SPAN = named("text:span")
ROW, CELL = named("table:table-row"), named("table:table-cell")
COVERED = named("table:covered-table-cell")
REPEATED_ROWS = named("table:number-rows-repeated")
REPEATED_CELLS = named("table:number-columns-repeated")


class Reader:
    """Reads elements of one text; `raised` are the styles of words set high."""

    def __init__(self, raised_styles: set[str]) -> None:
        self.raised = raised_styles
        self.notes: list[etree._Element] = []  # in the order of their references
        self.rows_left = MAX_LINES  # that may come of repeating others

    def blocks(self, parent: etree._Element) -> Iterator[etree._Element]:
        """The paragraphs, lists and tables of a container, however they are wrapped."""
        for child in parent.iterchildren("*"):
            if child.tag in BLOCKS:
                yield child
            elif child.tag not in SILENT:
                yield from self.blocks(child)

    def pieces(self, element: etree._Element) -> Iterator[str | etree._Element]:
        """The words of a paragraph; a frame with text and a restored deletion as elements."""
        yield _words(element.text)
        for child in element.iterchildren():
            tag = child.tag
            if not isinstance(tag, str) or tag in SILENT:
                pass
            elif tag in INSTEAD:
                yield INSTEAD[tag]
            elif tag == NOTE:
                self.notes.append(child)
                yield f"[{len(self.notes)}]"
            elif tag == BOX or (tag == CHANGE and len(child)):
                yield child
            elif tag == SPAN and child.get(named("text:style-name")) in self.raised:
                for piece in self.pieces(child):
                    yield raised(piece) if isinstance(piece, str) else piece
            else:
                apart = "\n" if tag in (P, H) else ""
                yield apart
                yield from self.pieces(child)
                yield apart
            yield _words(child.tail)

    def rows(self, table: etree._Element) -> Iterator[tuple[list[etree._Element | None], int]]:
        """The cells of each row, None where one is empty or covered, and how often it is repeated.

        Raises TooLarge for a table that repeats its rows without end.
        """
        for row in self._rows(table):
            cells: list[etree._Element | None] = []
            for cell in row.iterchildren(CELL, COVERED):
                times = _times(cell, REPEATED_CELLS, MAX_COLUMNS - len(cells))
                cells += [cell if cell.tag == CELL and len(cell) else None] * times
            again = _times(row, REPEATED_ROWS, MAX_LINES) if self._letters(row) else 1
            self.rows_left -= again - 1
            if self.rows_left < 0:
                raise TooLarge(TOO_MUCH, field="file")
            yield cells, again

    def letters(self, element: etree._Element) -> str:
        """The words without those of notes, found in another way than `pieces` finds them."""
        return "".join(self._letters(element))

    def _rows(self, parent: etree._Element) -> Iterator[etree._Element]:
        for child in parent.iterchildren("*"):
            if child.tag == ROW:
                yield child
            elif child.tag not in (*SILENT, TABLE):
                yield from self._rows(child)

    def _letters(self, element: etree._Element) -> list[str]:
        found: list[str] = []
        walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
        for event, node in walk:
            if event == "start" and (node.tag in SILENT or node.tag == NOTE):
                walk.skip_subtree()
            elif event == "start" and node.text:
                high = node.tag == SPAN and node.get(named("text:style-name")) in self.raised
                found.append(raised(node.text) if high else node.text)
            if event != "start" and node is not element and node.tail:
                found.append(node.tail)
        return ["".join(text.replace(SOFT, "").split()) for text in found if text.strip()]


def _words(text: str | None) -> str:
    return BLANKS.sub(" ", text).replace(SOFT, "") if text else ""


def _times(element: etree._Element, attribute: str, most: int) -> int:
    told = element.get(attribute, "1")
    number = int(told) if told.isdecimal() and len(told) < 7 else 1
    return max(min(number, most), 0)
