"""Reading HTML: blocks → lines, lists with the numbers a browser prints, tables, changes.

Nothing a page refers to is fetched; scripts and styles are not even parsed (tokens.py).
"""

import re

from lxml import etree

from consult.errors import N_, Invalid, Unsupported
from drafts.importing.encoding import decoded
from drafts.importing.guard.limits import MAX_DEPTH, TOO_DEEP
from drafts.importing.html.lists import Listing, listing
from drafts.importing.html.tables import cells_of, is_data, rows_of
from drafts.importing.html.tokens import tidied
from drafts.importing.room import Room
from drafts.importing.source import (
    SOFT,
    Hint,
    Line,
    Source,
    Tracked,
    Warning_,
    left_out,
    raised,
)

CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
HEAD = 4096  # bytes in which a page names its encoding
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
LISTS = ("ol", "ul", "menu", "dir")
BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div"),
        *("dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr"),
        *("legend", "main", "p", "pre", "section", "summary", "caption", "tr", "td", "th"),
        *("tbody", "thead", "tfoot", "hgroup", "search", "dialog"),
    )
)
PICTURES = ("img", "svg", "canvas", "picture", "video", "audio", "object", "embed")
UNSEEN = frozenset(("nav", "template", "noscript", "select", "datalist", "button", *PICTURES))
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
BLANKS = re.compile(r"[ \t\r\n\f]+")
MENUS = N_("{count} menus, buttons and hidden parts of the page were left out.")


def read(data: bytes, tracked: Tracked = "accepted") -> Source:
    """The lines of a page. Raises Invalid (encoding, no text), Unsupported and TooLarge."""
    told = CHARSET.search(data[:HEAD])
    text = tidied(decoded(data, told[1].decode("ascii", "replace") if told else ""))
    parser = etree.HTMLParser(encoding="utf-8", no_network=True)
    root = etree.fromstring(f"<html><body>{text}".encode(), parser)
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        raise Unsupported(TOO_DEEP, field="file")
    body = root.find("body") if root is not None else None
    if body is None:
        raise Invalid("There is no text in this file.", field="file")
    gone = "del" if tracked == "accepted" else "ins"
    letters = _letters(body, gone)
    page = _Page(gone)
    page.read(body)
    warnings = list(left_out(tracked, changes=page.changes, pictures=page.pictures))
    if page.unseen:
        warnings.append(Warning_(MENUS, "file", {"count": page.unseen}))
    return Source(tuple(page.lines), letters, tuple(warnings))


def _letters(body: etree._Element, gone: str) -> str:
    """The words of a page, found in another way than its lines. Raises Unsupported (too deep)."""
    found: list[str] = []
    depth = high = 0
    walk = etree.iterwalk(body, events=("start", "end"))
    for event, element in walk:
        start = event == "start"
        depth += 1 if start else -1
        if depth > MAX_DEPTH:
            raise Unsupported(TOO_DEEP, field="file")
        if start and (element.tag == gone or _is_unseen(element)):
            walk.skip_subtree()
            continue
        seen = element.tag != gone and not _is_unseen(element)
        high += (1 if start else -1) if element.tag == "sup" and seen else 0
        text = (element.text if start else element.tail) or ""
        found.append(raised(text) if high else text)
    return "".join(found).replace(SOFT, "")


def _is_unseen(element: etree._Element) -> bool:
    return (
        element.tag in UNSEEN
        or element.get("hidden") is not None
        or bool(HIDDEN.search(element.get("style", "")))
    )


class _Page:
    """One pass through a page; words gather until a block begins or ends."""

    def __init__(self, gone: str) -> None:
        self.gone = gone
        self.room = Room()
        self.lines: list[Line] = []
        self.words: list[str] = []
        self.label = ""  # of a list item whose words have not come yet
        self.lists: list[Listing] = []
        self.style, self.level = "p", 0  # of the block around this place
        self.high = self.kept = 0  # how many <sup>, <pre> are around this place
        self.blocks = self.tables = self.changes = self.pictures = self.unseen = 0

    def read(self, element: etree._Element) -> None:
        """Everything within an element."""
        self._block(element, "p", 0)

    def _within(self, element: etree._Element) -> None:
        self._say(element.text)
        for child in element.iterchildren("*"):
            self._element(child)
            self._say(child.tail)

    def _element(self, element: etree._Element) -> None:
        tag = element.tag
        if tag in ("del", "ins"):
            self.changes += 1
        if tag == self.gone:
            return
        if _is_unseen(element):
            self.pictures += tag in PICTURES
            self.unseen += tag not in PICTURES and bool(element.xpath("normalize-space()"))
        elif tag == "br":
            self._end_line()
        elif tag in HEADINGS:
            self._block(element, tag, int(tag[1]))
        elif tag in LISTS:
            self._list(element)
        elif tag == "li":
            self._item(element)
        elif tag == "table" and is_data(element):
            self._table(element)
        elif tag == "table" or tag in BLOCKS:
            self._block(element, tag, self.level)
        else:
            self._inline(element)

    def _inline(self, element: etree._Element) -> None:
        self.high += element.tag == "sup"
        self._within(element)
        self.high -= element.tag == "sup"

    def _block(self, element: etree._Element, style: str, level: int) -> None:
        self._end_line()
        around = self.style, self.level
        self.style, self.level = style, level
        self.kept += element.tag == "pre"
        self._within(element)
        self._end_line()
        self.kept -= element.tag == "pre"
        self.style, self.level = around

    def _list(self, element: etree._Element) -> None:
        self._end_line()
        self.lists.append(listing(element))
        self._block(element, "li", 0)
        self.lists.pop()

    def _item(self, element: etree._Element) -> None:
        self._end_line()
        own = self.lists[-1] if self.lists else Listing("disc")
        printed = own.label(element)
        self.label += printed
        self._block(element, "li", 0)
        if self.label and own.counts:  # an item without words still has its number
            self._add(self.label.rstrip())
        self.label = ""

    def _table(self, table: etree._Element) -> None:
        self._end_line()
        self.tables += 1
        place = f"table {self.tables}"
        rows, others = rows_of(table)
        for other in others:
            self._block(other, "p", 0)
        lines, self.lines, label, self.label = self.lines, [], self.label, ""
        shown = cells_of(row for row in rows if not _is_unseen(row))
        self.room.add(lines, (self.room.row(map(self._cell, row), place) for row in shown))
        self.lines, self.label = lines, label
        self.lines.append(Line("", "table"))

    def _cell(self, cell: etree._Element | None) -> str:
        if cell is None or cell.tag == self.gone or _is_unseen(cell):
            return ""
        self._block(cell, "td", 0)
        text = " ".join(line.text for line in self.lines)
        self.lines = []
        return text

    def _say(self, text: str | None) -> None:
        if not text:
            return
        text = text.replace(SOFT, "")
        text = raised(text) if self.high else text
        if not self.kept:
            self.words.append(BLANKS.sub(" ", text))
            return
        first, *rest = text.split("\n")
        self.words.append(first)
        for line in rest:
            self._end_line()
            self.words.append(line)

    def _end_line(self) -> None:
        text = "".join(self.words)
        self.words = []
        if self.kept:
            self._add(self.label + text.rstrip())
            self.label = ""
        elif text.strip():
            self._add(self.label + text.strip(" "))
            self.label = ""

    def _add(self, text: str) -> None:
        self.blocks += 1
        hint: Hint = "heading" if self.level else ""
        style = "" if self.kept else self.style  # a line in <pre> may go on in the next one
        place = f"paragraph {self.blocks}"
        self.room.add(self.lines, [Line(text, style, self.level or None, hint, place)])
