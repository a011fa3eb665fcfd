"""[pure] The elements of an Akoma Ntoso file as nodes: which element is which kind of provision.

Whatever is not known is gone through for the words in it: nothing is dropped.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import cast

from lxml import etree

from drafts.importing.akn.inline import Words, local
from drafts.importing.akn.vocabulary import NOTHING
from drafts.importing.guard.limits import MAX_COLUMNS
from drafts.importing.room import Room
from drafts.tree import KINDS, NUMBER, Kind, Node

SAME: tuple[Kind, ...] = ("part", "section", "chapter", "article", "paragraph", "subparagraph")
NEAREST: dict[str, Kind] = {
    **dict.fromkeys(("book", "tome", "title", "division"), "part"),
    **dict.fromkeys(("subpart", "subtitle", "subdivision", "transitional"), "section"),
    "subchapter": "chapter",
    **dict.fromkeys(("clause", "rule"), "article"),
    **dict.fromkeys(("subsection", "subclause", "subrule", "level"), "paragraph"),
}
LISTED = ("point", "indent", "item", "sublist")  # numbered or not, which decides their kind
LOOSE = ("alinea", "proviso", "recital", "citation")  # plain passages, unless they are numbered
CONTAINERS: dict[str, Kind] = {"schedule": "annex", "appendix": "annex", "footnote": "note"}
ANNEXES = ("attachment", "component")
BLOCKS = frozenset(
    ("p", "block", "crossHeading", "tocItem", "listIntroduction", "listWrapUp", "num", "heading")
)
FOREIGN = "foreign"  # formulas and the like: only their words
LISTS = ("blockList", "list", "ul", "ol")
LENDING = ("p", "block", "listIntroduction", *LISTS)  # what may hold the words of a provision
HEADS = ("num", "heading", "subheading", "meta")
THROUGH = ("content", "intro", "wrapUp", "doc", "mainBody", "body")
ELSEWHERE = ("documentRef", "componentRef")
FIGURES = re.compile(r"\d+(?:[-–‑.]\d+)*[⁰¹²³⁴-⁹]*(?:[^\W\d_](?![^\W_]))?")
LETTERS = re.compile(r"\b(?:[IVXLCDM]+|[^\W\d_])\b")


class Structure:
    """Makes nodes of elements. `met` counts, by name, what a person is to be told of."""

    def __init__(self, notes: dict[str, etree._Element]) -> None:
        self.met: Counter[str] = Counter()
        self.read_as: Counter[str] = Counter()
        self.room = Room()
        self.notes = notes  # the notes that stand in the meta, until they are referred to

    def nodes(self, element: etree._Element) -> list[Node]:
        """What one element is: a node, several, or none where it has no words."""
        name = local(element)
        if name == "meta" or (element.get("name") == NOTHING and not len(element)):
            return []
        if name in ELSEWHERE:
            self.met[name] += not element.get("src", element.get("href", "")).startswith("#")
            return []
        kind = self._kind(element, name)
        if kind:
            return [self._provision(element, kind)]
        if name in BLOCKS or name == FOREIGN:
            return self._passage(element)
        if name == "table":
            return self._table(element)
        if name in LISTS:
            return self._list(element, name)
        return self._gone_through(element)

    def note(self, element: etree._Element) -> Node:
        """A footnote as a node; its marker is its label."""
        marker = element.get("marker", "")
        number = marker if FIGURES.fullmatch(marker) and NUMBER.fullmatch(marker) else ""
        label = f"[{marker}]" if marker else ""
        return self._named(element, Node("note", number, label, text=self._words(element).text()))

    def _kind(self, element: etree._Element, name: str) -> Kind | None:
        if name in SAME:
            return name
        if name in ANNEXES:
            return "annex"
        if name in LISTED or name in LOOSE:
            plain: Kind = "item" if name in LISTED else "text"
            counted: Kind = "subparagraph" if name in LISTED else "paragraph"
            return counted if self._number(element) else plain
        if name == "hcontainer":
            return self._container(element)
        if name == "list" and any(local(child) in HEADS for child in element):
            return "paragraph"
        if name in NEAREST:
            self.read_as[name] += 1
        return NEAREST.get(name)

    def _container(self, element: etree._Element) -> Kind:
        name = element.get("name", "")
        kind = cast("Kind", name) if name in KINDS else CONTAINERS.get(name.lower())
        if kind is None:
            headed = any(local(child) == "heading" for child in element)
            kind = "section" if headed else "paragraph" if self._number(element) else "text"
            self.read_as[f"hcontainer {name}"[:60]] += 1
        return kind

    def _provision(self, element: etree._Element, kind: Kind) -> Node:
        heads = {name: [c for c in element if local(c) == name] for name in HEADS}
        said = [self._words(head) for name in HEADS[:3] for head in heads[name]]
        count = len(heads["num"])
        label = _joined([words.text() for words in said[:count]])
        heading = _joined([words.text() for words in said[count:]])
        text, children = self._below(element, kind)
        notes = [self.note(note) for words in said for note in self._notes_of(words)]
        number = self._number(element)
        return self._named(element, Node(kind, number, label, heading, text, (*notes, *children)))

    def _below(self, element: etree._Element, kind: Kind) -> tuple[str, Sequence[Node]]:
        """The words of a provision and its children: the first passage is its own words."""
        text = ""
        found: list[Node] = []
        for first, child in _structural(element):
            nodes = self.nodes(child)
            if first and nodes and _lends(child, nodes[0]):
                text, nodes = nodes[0].text, [*nodes[0].children, *nodes[1:]]
            elif kind == "table" and local(child) == "table":
                nodes = [row for table in nodes for row in table.children or (table,)]
            found += nodes
        return text, found

    def _number(self, element: etree._Element) -> str:
        """The number of a provision: as the writer says it, or the first in its label."""
        heads = [child for child in element if local(child) == "num"]
        title = heads[0].get("title") if heads else None
        if title is not None and NUMBER.fullmatch(title):
            return title
        label = " ".join("".join(map(str, head.itertext())) for head in heads)
        found = FIGURES.search(label) or LETTERS.search(label)
        return found[0] if found and NUMBER.fullmatch(found[0]) else ""

    def _passage(self, element: etree._Element) -> list[Node]:
        words = self._words(element)
        notes = [self.note(note) for note in self._notes_of(words)]
        said = words.passages()
        if not said:
            return notes
        more = [Node("text", text=text) for text in said[1:]]
        return [self._named(element, Node("text", text=said[0], children=(*more, *notes)))]

    def _table(self, element: etree._Element) -> list[Node]:
        """A table, and behind it the notes of its cells."""
        caption, rows = "", list[Node]()
        notes: list[etree._Element] = []
        for child in element:
            if local(child) == "tr":
                text = self.room.take("\t".join(self._cells(child, notes)))
                rows.append(self._named(child, Node("row", text=text)))
            else:
                words = self._words(child)
                caption = _joined([caption, words.text()])
                notes += self._notes_of(words)
        table = self._named(element, Node("table", heading=caption, children=tuple(rows)))
        return [table, *map(self.note, notes)]

    def _cells(self, row: etree._Element, notes: list[etree._Element]) -> list[str]:
        """The cells of a row; one that spans columns is followed by empty ones."""
        cells: list[str] = []
        for cell in row:
            words = self._words(cell)
            notes += self._notes_of(words)
            cells.append(words.text().replace("\t", " "))
            span = cell.get("colspan", "1")
            wider = int(span) - 1 if span.isdecimal() and len(span) < 4 else 0
            cells += [""] * min(wider, MAX_COLUMNS - len(cells))
        return cells

    def _list(self, element: etree._Element, name: str) -> list[Node]:
        """What introduces a list holds its items; a list without introduction only has them."""
        if name in ("ul", "ol"):
            return [self._entry(item, at, name) for at, item in enumerate(element, start=1)]
        first, children = True, list[Node]()
        head: list[Node] = []
        for child in _unwrapped(element):
            nodes = self.nodes(child)
            if first and nodes and nodes[0].kind == "text":
                head, children = [self._named(element, nodes[0])], list(nodes[0].children)
                nodes = nodes[1:]
            first = False
            children += nodes
        return [replace(node, children=tuple(children)) for node in head] or children

    def _entry(self, item: etree._Element, at: int, name: str) -> Node:
        words = self._words(item, LISTS)
        below = [node for child in item if local(child) in LISTS for node in self.nodes(child)]
        notes = [self.note(note) for note in self._notes_of(words)]
        entry = self._named(item, Node("item", text=words.text(), children=(*notes, *below)))
        if name == "ol":
            return replace(entry, kind="subparagraph", number=str(at), label=f"{at}.")
        return entry

    def _gone_through(self, element: etree._Element) -> list[Node]:
        """A container without a kind of its own; loose words in it are passages too."""
        if element.text and element.text.strip():
            return self._passage(element)
        found = []
        for child in element:
            found += self.nodes(child)
            if child.tail and child.tail.strip():
                found.append(Node("text", text=" ".join(child.tail.split())))
        return found

    def _named(self, element: etree._Element, node: Node) -> Node:
        """The node with the ids as the file has them; ids.py says which of them may be used."""
        self.room.passage()
        return replace(node, eid=element.get("eId", ""), wid=element.get("wId", ""))

    def _words(self, element: etree._Element, left_out: tuple[str, ...] = ()) -> Words:
        words = Words(element, left_out)
        self.met.update(words.met)
        return words

    def _notes_of(self, words: Words) -> list[etree._Element]:
        """Footnotes, and those in the meta at their first reference."""
        found = []
        for note in words.notes:
            if local(note) == "noteRef":
                told = self.notes.pop(note.get("href", "").removeprefix("#"), None)
                found += [] if told is None else [told]
            else:
                found.append(note)
        return found


def _structural(element: etree._Element) -> Iterator[tuple[bool, etree._Element]]:
    """What stands below the head of a provision, and whether it is the first and may be its
    words."""
    first = True
    for child in _unwrapped(element):
        yield first, child
        first = False


def _unwrapped(element: etree._Element) -> Iterator[etree._Element]:
    for child in element:
        name = local(child)
        if name in THROUGH:
            yield from _unwrapped(child)
        elif name not in HEADS:
            yield child


def _lends(element: etree._Element, node: Node) -> bool:
    """Whether the first thing in a provision gives it its words: not if it is one for itself."""
    return node.kind == "text" and local(element) in LENDING and not node.wid


def _joined(parts: Sequence[str]) -> str:
    return " ".join(part for part in parts if part)
