"""[pure] The words of one block of Akoma Ntoso: inline elements flattened, notes taken out.

A block is one passage, or several where it quotes a structure («insert: “Article 5. …”»).
"""

import re
from collections import Counter

from lxml import etree

from drafts.importing.akn.vocabulary import SPACE, squeezed

BLANK = re.compile(r"[ \t\r\n]+")
WORD = re.compile(r"\w")
CHARACTER = re.compile(r"U\+([0-9A-F]{4,6})")
APART = frozenset({  # what begins a passage of its own when it stands within another
    "p", "block", "li", "item", "tr", "subheading", "crossHeading", "intro", "content", "wrapUp",
    "listIntroduction", "listWrapUp", "quotedStructure", "embeddedStructure", "subFlow",
    "part", "section", "chapter", "article", "paragraph", "subparagraph", "title", "book", "tome",
    "division", "subsection", "clause", "subclause", "point", "indent", "alinea", "list", "level",
    "hcontainer", "tocItem", "longTitle", "formula",
})  # fmt: skip
NOTES = ("authorialNote", "noteRef")


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return etree.QName(element).localname


class Words:
    """Collects the words of a block.

    `notes` are the elements of footnotes met on the way; `met` counts what a person is warned of;
    `left_out` are names of its children.
    """

    def __init__(self, element: etree._Element, left_out: tuple[str, ...] = ()) -> None:
        self.notes: list[etree._Element] = []
        self.met: Counter[str] = Counter()
        self._lines: list[list[str]] = [[]]
        self._kept = [False]
        self._goes_on = False
        self._add(element, _keeps_space(element), left_out)

    def passages(self) -> list[str]:
        """The words, one string a passage; none where there are no words."""
        joined = zip(self._lines, self._kept, strict=True)
        said = ["".join(line) if kept else squeezed("".join(line)) for line, kept in joined]
        return [passage for passage in said if passage]

    def text(self) -> str:
        """The same in one string."""
        return " ".join(self.passages())

    def _add(self, element: etree._Element, keep: bool, left_out: tuple[str, ...] = ()) -> None:
        keep = {"preserve": True, "default": False}.get(element.get(SPACE, ""), keep)
        self._kept[-1] |= keep
        if opening := element.get("startQuote"):
            self._lines[-1].append(opening)
            self._goes_on = True
        self._say(element.text, keep)
        for child in element:
            name = local(child)
            if name not in left_out:
                self._child(child, name, keep)
            self._say(child.tail, keep)
        self._say(element.get("endQuote"), keep)

    def _child(self, child: etree._Element, name: str, keep: bool) -> None:
        if name in ("br", "eol"):
            self._lines[-1].append("\n")
        elif name == "marker":
            self._lines[-1].append(_character(child.get("name", "")))
        elif name in NOTES:
            self.notes.append(child)
            marker = child.get("marker", "")
            self._lines[-1].append(f"[{marker}]" if marker else "")
        elif name in APART:
            self._break()
            self._add(child, keep)
            self._break()
        else:
            self.met[name] += 1
            self._add(child, keep)
            self._behind(name)

    def _behind(self, name: str) -> None:
        """The number of a quoted provision stands before its heading or words, which begin anew."""
        if name in ("num", "td", "th"):
            self._lines[-1].append(" ")
            self._goes_on = name == "num"
        elif name == "heading":
            self._break()

    def _say(self, text: str | None, keep: bool) -> None:
        if not text or (not keep and not self._lines[-1] and BLANK.fullmatch(text)):
            return
        if not self._lines[-1] and len(self._lines) > 1 and not WORD.search(text):
            del self._lines[-1], self._kept[-1]  # what closes a passage belongs to it
        self._goes_on &= not text.strip()
        self._kept[-1] |= keep
        self._lines[-1].append(text if keep else BLANK.sub(" ", text))

    def _break(self) -> None:
        if self._lines[-1] and not self._goes_on:
            self._lines.append([])
            self._kept.append(False)


def _keeps_space(element: etree._Element) -> bool:
    told = (above.get(SPACE) for above in element.iterancestors())
    return next((space == "preserve" for space in told if space), False)


def _character(name: str) -> str:
    """What the writer could not put into XML; any other marker says nothing."""
    found = CHARACTER.fullmatch(name)
    return chr(int(found[1], 16)) if found and int(found[1], 16) < 0x110000 else ""
