"""Reading Word documents: paragraphs with the numbers Word prints, tables, notes, changes.

The text is read from the XML itself, because automatic numbers, tracked changes, text boxes and
notes are not in the model of python-docx.
"""

from collections.abc import Iterator

from lxml import etree

from consult.errors import Unsupported
from drafts.importing.guard.archives import BROKEN
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
from drafts.importing.word.names import W
from drafts.importing.word.numbering import Numbering, Style
from drafts.importing.word.package import Package
from drafts.importing.word.text import Reader, count_changes, count_pictures


def read(data: bytes, tracked: Tracked = "accepted") -> Source:
    """The lines of a .docx file, which guard.check has let through. Raises Unsupported."""
    package = Package(data)
    body = package.document.find(f"{W}body")
    if body is None:
        raise Unsupported(BROKEN, field="file")
    parts = package.related("numbering"), package.related("styles")
    numbering = Numbering(*parts, original=tracked == "original")
    notes = {kind: _notes(package, kind) for kind in ("footnote", "endnote")}
    return _Reading(body, Reader(tracked), numbering, notes).source(tracked)


class _Reading:
    """One pass through the body of a document."""

    def __init__(
        self,
        body: etree._Element,
        reader: Reader,
        numbering: Numbering,
        notes: dict[str, dict[str, etree._Element]],
    ) -> None:
        self.body, self.reader, self.numbering, self.notes = body, reader, numbering, notes
        self.room = Room()
        self.paragraph = self.table = 0
        self.held = ""  # a paragraph whose end is undone: it goes on in the next
        self.noted: set[tuple[str, str]] = set()  # notes already read

    def source(self, tracked: Tracked) -> Source:
        lines: list[Line] = []
        told = [self.reader.outside_blocks(self.body)]  # lost, and so counted as lost
        for block in self.reader.blocks(self.body):
            self.room.add(lines, self._block(block))
            letters, notes = self.reader.heard(block)
            told.append(letters)
            for note in notes:
                if note not in self.noted:
                    self.noted.add(note)
                    self.room.add(lines, self._note(*note, f"paragraph {self.paragraph}"))
                    told += [self.reader.heard(element)[0] for element in self._found(*note)]
        self.room.add(lines, self._flushed())
        return Source(tuple(lines), "\n".join(told), tuple(self._warnings(tracked)))

    def _block(self, block: etree._Element) -> Iterator[Line]:
        if block.tag == f"{W}p":
            text = self._printed(block)
            for part in text.split("\n") if text is not None else ():
                yield _line(part, self.numbering.style(block), f"paragraph {self.paragraph}")
            return
        yield from self._flushed()
        self.table += 1
        for cells in self.reader.rows(block):
            yield self.room.row(map(self._cell, cells), f"table {self.table}")
        yield Line("", "table")

    def _printed(self, paragraph: etree._Element) -> str | None:
        """What is printed of a paragraph; None where it goes on in the next one.

        The joined paragraph has the number of the first of them that has words.
        """
        self.paragraph += 1
        words, goes_on = self.reader.text(paragraph), self.reader.goes_on(paragraph)
        begun, self.held = self.held, ""  # let go of, so that adding to it does not copy it
        if not begun and (words.strip() or not goes_on):
            begun = self.numbering.label(paragraph, f"paragraph {self.paragraph}")
        begun += words
        if not goes_on:
            return begun
        self.held = begun if begun.strip() else ""
        return None

    def _flushed(self) -> Iterator[Line]:
        if self.held:
            yield Line(self.held, "Normal", place=f"paragraph {self.paragraph}")
            self.held = ""

    def _cell(self, cell: etree._Element | None) -> str:
        if cell is None:
            return ""
        paragraphs = self.reader.paragraphs(cell)
        if self.reader.is_covered(cell):
            return " ".join(self.reader.text(paragraph) for paragraph in paragraphs)
        printed = [self._printed(paragraph) or "" for paragraph in paragraphs]
        return " ".join([*printed, *(line.text for line in self._flushed())])

    def _note(self, kind: str, note: str, place: str) -> Iterator[Line]:
        texts = [
            " ".join(self.reader.text(paragraph).split())
            for element in self._found(kind, note)
            for paragraph in self.reader.paragraphs(element)
        ]
        yield Line(
            f"[{self.reader.number(kind, note)}] {' '.join(texts)}",
            "note",
            kind_hint="note",
            place=place,
        )

    def _found(self, kind: str, note: str) -> list[etree._Element]:
        return [self.notes[kind][note]] if note in self.notes[kind] else []

    def _warnings(self, tracked: Tracked) -> Iterator[Warning_]:
        notes = [element for found in self.notes.values() for element in found.values()]
        yield from left_out(
            tracked,
            changes=sum(count_changes(element) for element in [self.body, *notes]),
            pictures=count_pictures(self.body),
            comments=sum(1 for _ in self.body.iter(f"{W}commentReference")),
        )
        for form, place in self.numbering.unknown.items():
            yield Warning_(UNKNOWN_NUMBERS, place, {"kind": form})


def _line(text: str, style: Style, place: str) -> Line:
    name = style.name.lower()
    if name.startswith("toc ") and name != "toc heading":
        return Line(text, style.name, kind_hint="contents", place=place)
    level = None if style.outline is None or style.outline > 8 else style.outline + 1
    hint: Hint = "heading" if level or name.startswith("heading ") else ""
    return Line(text, style.name or "Normal", level, hint, place)


def _notes(package: Package, kind: str) -> dict[str, etree._Element]:
    part = package.related(f"{kind}s")
    found = part.findall(f"{W}{kind}") if part is not None else []
    return {note.get(f"{W}id", ""): note for note in found if note.get(f"{W}type") is None}
