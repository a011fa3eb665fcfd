"""[pure] What the XML of a Word document says: text, tracked changes, notes, pictures.

Which paragraphs and tables there are, and in what order; what they mean is not asked here.
"""

from collections.abc import Iterator

from lxml import etree

from drafts.importing.guard.limits import MAX_COLUMNS
from drafts.importing.source import SOFT, Tracked, raised
from drafts.importing.word.names import W, below, value

__all__ = ["Reader", "W", "count_changes", "count_pictures"]

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
        self.run: etree._Element | None = None  # the last one, and whether its words are set high
        self.high = False

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

    def rows(self, table: etree._Element) -> Iterator[list[etree._Element | None]]:
        """The cells of each row that these changes leave; None where a cell reaches further."""
        for row in self._within(table, f"{W}tr"):
            if below(row, "trPr", self.gone) is not None:
                continue
            cells: list[etree._Element | None] = [None] * _span(row, "trPr", "gridBefore", 0)
            for cell in self._within(row, f"{W}tc"):
                cells.append(cell)
                more = _span(cell, "tcPr", "gridSpan", 1) - 1
                cells += [None] * min(more, MAX_COLUMNS - len(cells))
            yield cells

    def is_covered(self, cell: etree._Element) -> bool:
        """Whether a cell is only the rest of the one above it: Word prints nothing of it."""
        merged = below(cell, "tcPr", "vMerge")
        return merged is not None and merged.get(f"{W}val") != "restart"

    def goes_on(self, paragraph: etree._Element) -> bool:
        """Whether these changes undo the end of a paragraph, so that the next one is its rest."""
        return below(paragraph, "pPr", "rPr", self.gone) is not None

    def text(self, paragraph: etree._Element) -> str:
        """The words of a paragraph; text boxes and line breaks begin new lines."""
        return "".join(self._spoken(paragraph))

    def heard(self, element: etree._Element) -> tuple[str, list[tuple[str, str]]]:
        """The same words found in another way, to measure what `text` may have lost.

        And the notes they refer to: kind and id.
        """
        letters, notes = [], []
        for node in self._found(element):
            if node.tag in NOTES:
                notes.append((NOTES[str(node.tag)], node.get(f"{W}id", "")))
            else:
                letters.append(self._words(node))
        return "".join(letters), notes

    def outside_blocks(self, body: etree._Element) -> str:
        """Words of the body that stand in no paragraph, where none should be."""
        return "".join(
            self._words(node) for node in self._found(body, BLOCKS) if node.tag in SPOKEN
        )

    def number(self, kind: str, note: str) -> int:
        """The number of a note: notes are counted through, in the order of their references."""
        return self.notes.setdefault((kind, note), len(self.notes) + 1)

    def _found(
        self, element: etree._Element, passed: tuple[str, ...] = ()
    ) -> Iterator[etree._Element]:
        walk = etree.iterwalk(element, events=("start",))
        for _, node in walk:
            if node.tag in self.left_out or node.tag in passed:
                walk.skip_subtree()
            elif node.tag in SPOKEN or node.tag in NOTES:
                yield node

    def _words(self, node: etree._Element) -> str:
        text, run = (node.text or "").replace(SOFT, ""), node.getparent()
        if run is not self.run:
            self.run = run
            self.high = value(run, "rPr", "vertAlign") == "superscript"
        return raised(text) if self.high else text

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
                yield self._words(child)
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


def _span(parent: etree._Element, properties: str, name: str, usual: int) -> int:
    """How many columns a cell takes, or a row leaves out."""
    told = value(parent, properties, name)
    return min(int(told), MAX_COLUMNS) if told.isdecimal() and len(told) < 6 else usual


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
