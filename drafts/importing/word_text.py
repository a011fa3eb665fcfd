"""[pure] What the XML of a Word document says: text, tracked changes, notes, pictures.

Which paragraphs and tables there are, and in what order; what they mean is not asked here.
"""

from collections.abc import Iterator
from typing import Literal

from lxml import etree

Tracked = Literal["accepted", "original"]

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
PICTURES = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
    "{urn:schemas-microsoft-com:vml}imagedata",
)
ADDED, REMOVED = (f"{W}ins", f"{W}moveTo"), (f"{W}del", f"{W}moveFrom")
SILENT = (FALLBACK, f"{W}instrText", f"{W}delInstrText", f"{W}pPr", f"{W}rPr", f"{W}tblPr")
SPOKEN = (f"{W}t", f"{W}delText", f"{MATH}t")
INSTEAD = {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
NOTES = {f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote"}
BLOCKS = (f"{W}p", f"{W}tbl")


class Reader:
    """Reads elements of one document, with its tracked changes accepted or undone."""

    def __init__(self, tracked: Tracked) -> None:
        self.left_out = (*SILENT, *(REMOVED if tracked == "accepted" else ADDED))
        self.gone = "del" if tracked == "accepted" else "ins"
        self.notes: dict[tuple[str, str], int] = {}  # kind and id → number

    def blocks(self, parent: etree._Element) -> Iterator[etree._Element]:
        """The paragraphs and tables of a container, however they are wrapped."""
        for child in parent.iterchildren("*"):
            if child.tag in BLOCKS:
                yield child
            elif child.tag not in self.left_out:
                yield from self.blocks(child)

    def paragraphs(self, parent: etree._Element) -> Iterator[etree._Element]:
        """The paragraphs of a container, those of tables within it included."""
        for block in self.blocks(parent):
            if block.tag == f"{W}p":
                yield block
            else:
                yield from self.paragraphs(block)

    def rows(self, table: etree._Element) -> Iterator[list[etree._Element]]:
        """The cells of each row that these changes leave."""
        for row in self._within(table, f"{W}tr"):
            if row.find(f"{W}trPr/{W}{self.gone}") is None:
                yield list(self._within(row, f"{W}tc"))

    def is_gone(self, paragraph: etree._Element) -> bool:
        """Whether the paragraph itself, not only its words, is undone by these changes."""
        mark = paragraph.find(f"{W}pPr/{W}rPr/{W}{self.gone}")
        return mark is not None and not self.text(paragraph).strip()

    def text(self, paragraph: etree._Element) -> str:
        """The words of a paragraph; text boxes and line breaks begin new lines."""
        return "".join(self._spoken(paragraph))

    def letters(self, element: etree._Element) -> str:
        """The same words found in another way, to measure what `text` may have lost."""
        found = (
            node.text or ""
            for node in element.iter(*SPOKEN)
            if not any(above.tag in self.left_out for above in node.iterancestors())
        )
        return "".join(found)

    def references(self, element: etree._Element) -> list[tuple[str, str]]:
        """The notes an element refers to: kind and id."""
        return [
            (NOTES[str(node.tag)], node.get(f"{W}id", ""))
            for node in element.iter(*NOTES)
            if not any(above.tag in self.left_out for above in node.iterancestors())
        ]

    def number(self, kind: str, note: str) -> int:
        """The number of a note: notes are counted through, in the order of their references."""
        return self.notes.setdefault((kind, note), len(self.notes) + 1)

    def _within(self, parent: etree._Element, tag: str) -> Iterator[etree._Element]:
        for child in parent.iterchildren("*"):
            if child.tag == tag:
                yield child
            elif child.tag not in (*self.left_out, f"{W}tbl"):
                yield from self._within(child, tag)

    def _spoken(self, element: etree._Element) -> Iterator[str]:
        for child in element.iterchildren("*"):
            tag = str(child.tag)
            if tag in self.left_out:
                continue
            if tag in SPOKEN:
                yield child.text or ""
            elif tag in INSTEAD:
                yield INSTEAD[tag]
            elif tag == f"{W}sym":
                yield _symbol(child.get(f"{W}char", ""))
            elif tag in NOTES:
                yield f"[{self.number(NOTES[tag], child.get(f'{W}id', ''))}]"
            else:
                apart = "\n" if tag in BLOCKS else ""
                yield apart
                yield from self._spoken(child)
                yield apart


def count_changes(element: etree._Element) -> int:
    """How many tracked changes there are."""
    return sum(1 for _ in element.iter(*ADDED, *REMOVED))


def count_pictures(element: etree._Element) -> int:
    """How many pictures there are."""
    return sum(1 for _ in element.iter(*PICTURES))


def _symbol(code: str) -> str:
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""
