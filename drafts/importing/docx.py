"""Reading Word documents: paragraphs with the numbers Word prints, tables, notes, changes.

The text is read from the XML itself, because automatic numbers, tracked changes, text boxes and
notes are not in the model of python-docx.
"""

from collections.abc import Iterator

from lxml import etree

from consult.errors import N_, Unsupported
from drafts.importing.guard import BROKEN
from drafts.importing.source import Hint, Line, Source, Warning_
from drafts.importing.word_numbering import Numbering, Style
from drafts.importing.word_package import Package
from drafts.importing.word_text import Reader, Tracked, W, count_changes, count_pictures

ACCEPTED = N_("The file has {count} tracked changes. It was read as if all were accepted.")
ORIGINAL = N_("The file has {count} tracked changes. It was read as if none had been made.")
PICTURES = N_("The file has {count} pictures. They were left out.")
COMMENTS = N_("The file has {count} comments in its margin. They were left out.")


def read(data: bytes, tracked: Tracked = "accepted") -> Source:
    """The lines of a .docx file, which guard.check has let through. Raises Unsupported."""
    package = Package(data)
    body = package.document.find(f"{W}body")
    if body is None:
        raise Unsupported(BROKEN, field="file")
    numbering = Numbering(package.related("numbering"), package.related("styles"))
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
        self.paragraph = self.table = 0

    def source(self, tracked: Tracked) -> Source:
        lines: list[Line] = []
        told: list[str] = []
        for block in self.reader.blocks(self.body):
            lines += self._block(block)
            told += [self.reader.letters(block)]
            for kind, note in dict.fromkeys(self.reader.references(block)):
                place = f"paragraph {self.paragraph}"
                lines += self._note(kind, note, place)
                told += [self.reader.letters(element) for element in self._found(kind, note)]
        told.append(self._outside_blocks(told))
        return Source(tuple(lines), "\n".join(told), tuple(self._warnings(tracked)))

    def _block(self, block: etree._Element) -> Iterator[Line]:
        if block.tag == f"{W}p":
            self.paragraph += 1
            yield from self._paragraph(block)
            return
        self.table += 1
        for cells in self.reader.rows(block):
            text = "\t".join(self._cell(cell) for cell in cells)
            yield Line(text, "table", kind_hint="row", place=f"table {self.table}")
        yield Line("", "table")

    def _paragraph(self, paragraph: etree._Element) -> Iterator[Line]:
        if self.reader.is_gone(paragraph):
            return
        style = self.numbering.style(paragraph)
        text = self.numbering.label(paragraph) + self.reader.text(paragraph)
        for part in text.split("\n"):
            yield _line(part, style, f"paragraph {self.paragraph}")

    def _cell(self, cell: etree._Element) -> str:
        parts = []
        for paragraph in self.reader.paragraphs(cell):
            self.paragraph += 1
            if not self.reader.is_gone(paragraph):
                parts.append(self.numbering.label(paragraph) + self.reader.text(paragraph))
        return " ".join(" ".join(parts).split())

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

    def _outside_blocks(self, told: list[str]) -> str:
        """Words of the body that stand in no paragraph: lost, and therefore counted as lost."""
        everything = len(self.reader.letters(self.body))
        seen = sum(len(self.reader.letters(block)) for block in self.reader.blocks(self.body))
        return "?" * (everything - seen) if told else ""

    def _warnings(self, tracked: Tracked) -> Iterator[Warning_]:
        notes = [element for found in self.notes.values() for element in found.values()]
        changes = sum(count_changes(element) for element in [self.body, *notes])
        if changes:
            message = ACCEPTED if tracked == "accepted" else ORIGINAL
            yield Warning_(message, "file", {"count": changes})
        if pictures := count_pictures(self.body):
            yield Warning_(PICTURES, "file", {"count": pictures})
        if comments := sum(1 for _ in self.body.iter(f"{W}commentReference")):
            yield Warning_(COMMENTS, "file", {"count": comments})


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
