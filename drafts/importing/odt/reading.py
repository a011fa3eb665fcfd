"""Reading OpenDocument texts: paragraphs with the numbers LibreOffice prints, tables, notes."""

import zipfile
import zlib
from collections.abc import Generator, Iterator
from dataclasses import replace
from io import BytesIO
from itertools import groupby, repeat

from lxml import etree

from consult.errors import Unsupported
from drafts.importing.guard.archives import BROKEN_ODT
from drafts.importing.odt.changes import settle_changes
from drafts.importing.odt.names import (
    BOX,
    CONTENTS,
    JOINED,
    LIST,
    NOTE_BODY,
    NUMBERED,
    TABLE,
    H,
    P,
    named,
)
from drafts.importing.odt.numbering import Numbering, Place, whole
from drafts.importing.odt.styles import styles_of
from drafts.importing.odt.text import Reader
from drafts.importing.room import Room
from drafts.importing.source import (
    UNKNOWN_NUMBERS,
    Hint,
    Line,
    Source,
    Tracked,
    Warning_,
    left_out,
)

PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
FAILURES = (
    *(zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError),
    *(EOFError, LookupError, NotImplementedError, OSError, RuntimeError, ValueError),
)
ITEM = named("text:list-item")
STYLE, OVERRIDE = named("text:style-name"), named("text:style-override")
START_VALUE, GOES_ON = named("text:start-value"), named("text:continue-numbering")
LEVEL = named("text:outline-level")


def read(data: bytes, tracked: Tracked = "accepted") -> Source:
    """The lines of an .odt file, which guard.check has let through.

    Raises Unsupported (damaged) and TooLarge.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = [etree.fromstring(archive.read("content.xml"), PARSER)]
            if "styles.xml" in archive.namelist():
                parts.append(etree.fromstring(archive.read("styles.xml"), PARSER))
    except FAILURES as error:
        raise Unsupported(BROKEN_ODT, field="file") from error
    body = parts[0].find(f"{named('office:body')}/{named('office:text')}")
    if body is None:
        raise Unsupported(BROKEN_ODT, field="file")
    changes = settle_changes(body, tracked)
    return _Reading(body, Numbering(styles_of(*parts))).source(tracked, changes)


class _Reading:
    """One pass through the body of a text."""

    def __init__(self, body: etree._Element, numbering: Numbering) -> None:
        self.body, self.numbering, self.room = body, numbering, Room()
        self.reader = Reader(numbering.styles.raised)
        self.paragraph = self.table = 0
        self.within = 0  # paragraphs and tables around this place
        self.held: str | None = None  # a paragraph whose end is undone: it goes on in the next
        self.told: list[str] = []
        self.noted = 0  # notes already read

    def source(self, tracked: Tracked, changes: int) -> Source:
        lines: list[Line] = []
        self.room.add(lines, self._blocks(self.body))
        self.room.add(lines, self._flushed(""))
        seen = sum(map(len, self.told))
        notes = sum(len(self.reader.letters(note)) for note in self.reader.notes)
        missed = len(self.reader.letters(self.body)) + notes - seen
        unknown = self.numbering.unknown.items()
        warnings = [
            *left_out(
                tracked,
                changes=changes,
                pictures=sum(1 for _ in self.body.iter(named("draw:image"))),
                comments=sum(1 for _ in self.body.iter(named("office:annotation"))),
            ),
            *(Warning_(UNKNOWN_NUMBERS, place, {"kind": form}) for form, place in unknown),
        ]
        return Source(tuple(lines), "\n".join(self.told) + "?" * missed, tuple(warnings))

    def _blocks(self, parent: etree._Element, hint: Hint = "") -> Iterator[Line]:
        for block in self.reader.blocks(parent):
            yield from self._block(block, hint)

    def _block(
        self, block: etree._Element, hint: Hint = "", *, restored: bool = False
    ) -> Iterator[Line]:
        if block.tag == CONTENTS:
            yield from self._blocks(block, "contents")
        elif block.tag == LIST:
            yield from self._list(block, self.numbering.outermost(block, goes_on=restored))
        elif block.tag == TABLE:
            yield from self._table(block)
        elif block.tag == NUMBERED:
            for paragraph in self.reader.blocks(block):
                yield from self._paragraph(paragraph, self.numbering.named(block))
        else:
            place = self.numbering.heading(block) if block.tag == H else None
            yield from self._paragraph(block, place, hint)

    def _list(self, element: etree._Element, place: Place) -> Iterator[Line]:
        for item in element.iterchildren("*"):
            own = replace(place, style=item.get(OVERRIDE) or place.style)
            if (start := whole(item.get(START_VALUE))) is not None:
                self.numbering.begin(own, start)
            lists, numbered = 0, item.tag == ITEM
            for block in self.reader.blocks(item):
                if block.tag == LIST:
                    lists += 1
                    style = block.get(STYLE) or place.style
                    below = Place(place.counters, style, place.depth + 1)
                    if lists > 1 and block.get(GOES_ON) != "true":
                        self.numbering.begin(below)
                    yield from self._list(block, below)
                elif block.tag in (P, H):
                    yield from self._paragraph(block, own if numbered else None)
                    numbered = False
                else:
                    yield from self._block(block)

    def _paragraph(
        self, paragraph: etree._Element, place: Place | None, hint: Hint = ""
    ) -> Iterator[Line]:
        self.paragraph += 1
        self._tell(paragraph)
        where = f"paragraph {self.paragraph}"
        if self.held is not None:
            text, self.held = self.held, None
        else:
            text = self.numbering.label(place, where) if place else ""
        begun = _line("", paragraph, hint, where)
        self.within += 1
        for piece in self.reader.pieces(paragraph):
            if isinstance(piece, str):
                text += piece
            elif piece.tag == BOX:
                yield from _cut(text, begun)
                yield from self._blocks(piece)
                text = ""
            else:
                text = yield from self._restored(text, piece, begun)
        self.within -= 1
        if paragraph.get(JOINED):
            self.held = text
            return
        yield from _cut(text, begun)
        yield from self._notes(where)

    def _restored(
        self, text: str, change: etree._Element, begun: Line
    ) -> Generator[Line, None, str]:
        """What was deleted at a mark; its first and last paragraphs were parts of this one.

        Returns the words that stand before those behind the mark.
        """
        blocks = list(self.reader.blocks(change))
        if blocks and blocks[0].tag in (P, H):
            text += self._flat(blocks.pop(0))
        if not blocks:
            return text
        yield from _cut(text, begun)
        rest = self._flat(blocks.pop()) if blocks[-1].tag in (P, H) else ""
        for block in blocks:
            yield from self._block(block, restored=True)
        return rest

    def _table(self, table: etree._Element) -> Iterator[Line]:
        yield from self._flushed("")
        self.table += 1
        self._tell(table)
        where = f"table {self.table}"
        self.within += 1
        for cells, again in self.reader.rows(table):
            row = self.room.row(self._cells(cells), where)
            yield row
            for _ in range(again - 1):
                self.room.take(row.text)
                yield row
        self.within -= 1
        yield Line("", "table")
        yield from self._notes(where)

    def _cells(self, cells: list[etree._Element | None]) -> Iterator[str]:
        """The words of each; those of a repeated cell, which may hold tables, are read once."""
        for cell, same in groupby(cells):
            yield from repeat("" if cell is None else self._flat(cell), sum(1 for _ in same))

    def _notes(self, where: str) -> Iterator[Line]:
        """The notes referred to since the last time, unless this place stands in a table."""
        while not self.within and self.noted < len(self.reader.notes):
            body = self.reader.notes[self.noted].find(NOTE_BODY)
            self.noted += 1
            number = self.noted
            self.within += 1
            text = self._flat(body) if body is not None else ""
            self.within -= 1
            if body is not None:
                self._tell(body)
            yield Line(f"[{number}] {text}", "note", kind_hint="note", place=where)

    def _flat(self, element: etree._Element) -> str:
        """A cell, a note or a paragraph as one line."""
        if element.tag in (P, H):
            pieces = self.reader.pieces(element)
            parts = [piece if isinstance(piece, str) else self._flat(piece) for piece in pieces]
            return "".join(parts)
        lines = [*self._blocks(element), *self._flushed("")]
        return " ".join(" ".join(line.text for line in lines).split())

    def _flushed(self, where: str) -> Iterator[Line]:
        if self.held is not None:
            text, self.held = self.held, None
            yield Line(text, "Standard", place=where or f"paragraph {self.paragraph}")

    def _tell(self, element: etree._Element) -> None:
        if not self.within:
            self.told.append(self.reader.letters(element))


def _line(text: str, paragraph: etree._Element, hint: Hint, where: str) -> Line:
    style = paragraph.get(STYLE) or "Standard"
    if paragraph.tag != H:
        return Line(text, style, None, hint, where)
    return Line(text, style, whole(paragraph.get(LEVEL)) or 1, hint or "heading", where)


def _cut(text: str, begun: Line) -> Iterator[Line]:
    for part in text.split("\n"):
        yield replace(begun, text=part)
