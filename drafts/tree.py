"""[pure] The tree of a legal text: what a provision is before and after the database. No I/O.

Kinds follow Akoma Ntoso 3.0 where it has a word for the thing (OASIS Standard, part 1, 5.3).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, get_args

Kind = Literal[
    "part",  # Часть, бөлүк, бөлік
    "section",  # Раздел, бөлүм, бөлім
    "chapter",  # Глава, глава, тарау
    "article",  # Статья, берене, бап
    "paragraph",  # пункт «1.», тармак
    "subparagraph",  # подпункт «1)», «а)», тармақша
    "item",  # an unnumbered list item: «- …», «· …»
    "text",  # a plain passage that belongs to its parent
    "table",  # holds rows
    "row",  # one row; cells are separated by tabs
    "note",  # footnotes and editorial notes: shown, never voted on
    "annex",  # Приложение, тиркеме, қосымша: holds its own numbering
]
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Node:
    """One provision.

    `number` is as printed without its punctuation or noun ("3-1", "а", "IV"), `label` is as
    printed in full ("3-1-берене.", "Article 5", "а)"), so that nothing of the source is lost.
    `wid` is permanent across versions, `eid` is positional ("art_5__para_3-1");
    both are empty until `identify` gives them.
    """

    kind: Kind
    number: str = ""
    label: str = ""
    heading: str = ""
    text: str = ""
    children: tuple["Node", ...] = ()
    eid: str = ""
    wid: str = ""

    def walk(self) -> Iterator["Node"]:
        """This node and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def walk_deep(self, depth: int = 0) -> Iterator[tuple["Node", int]]:
        """The same, each with how deep it stands."""
        yield self, depth
        for child in self.children:
            yield from child.walk_deep(depth + 1)


@dataclass(frozen=True, slots=True)
class Tree:
    """A whole text in one language."""

    lang: str
    nodes: tuple[Node, ...]

    def walk(self) -> Iterator[Node]:
        """Every provision in reading order."""
        for node in self.nodes:
            yield from node.walk()

    def walk_deep(self) -> Iterator[tuple[Node, int]]:
        """The same, each with how deep it stands; the outermost at 0."""
        for node in self.nodes:
            yield from node.walk_deep()

    def counts(self) -> dict[str, int]:
        """How many provisions there are of each kind."""
        return dict(Counter(node.kind for node in self.walk()))


HEADED = frozenset({"part", "section", "chapter", "annex", "table", "article"})


def has_heading(kind: str, label: str, heading: str) -> bool:
    """Whether a provision is printed with a heading: it has one, or is of a kind that is one."""
    return bool(heading) or (kind in HEADED and bool(label))


def heading_levels(headed: Iterable[tuple[int, bool]], top: int = 2) -> list[int]:
    """The level of each provision's heading, from (its depth, whether it has one) in reading order.

    One below the heading it stands under, the outermost at `top`; at most 6, as in HTML.
    """
    levels: list[int] = []
    above: list[int] = []
    for depth, has_one in headed:
        while above and above[-1] >= depth:
            above.pop()
        levels.append(min(top + len(above), 6))
        if has_one:
            above.append(depth)
    return levels


ABBREVIATIONS = {
    "part": "part",
    "section": "sec",
    "chapter": "chp",
    "article": "art",
    "paragraph": "para",
    "subparagraph": "subpara",
    "item": "point",
    "text": "content",
    "table": "table",
    "row": "row",
    "note": "note",
    "annex": "att",
}

# What an id may look like, whoever gave it: it goes into addresses, indexes and other files, and
# into pages whose own ids have no underscore. All that `identify` gives look like this.
WID = re.compile(r"(?=.{3,255}$)[^\W_][^\W_.-]*_[\w.\u2010-\u2013-]+")
NUMBER = re.compile(r"[\w.\u2010-\u2013-]{0,40}")  # that may stand in an id
MAX_PREFIX = 190  # characters; the longest kind, number and count behind it still fit


def identify(tree: Tree) -> Tree:
    """Give every node its positional `eid`; a node without a `wid` takes its eid as one.

    eIds are built as in Akoma Ntoso's naming convention (part 1, 5.3): abbreviation, number,
    joined by "__"; unnumbered nodes and repeated numbers take their position. The prefix is the
    context in which a numbering begins again. Articles are numbered through the act or annex, so
    theirs is the act or annex and not the chapter ("art_5__para_3-1", "att_1__art_5"): an article
    keeps its eid when chapters are renumbered around it. What hangs too deep for its prefix to be
    an id has none, and counts through the text.
    """
    return Tree(tree.lang, _identify(tree.nodes, "", "", Counter()))


def _identify(
    nodes: tuple[Node, ...], prefix: str, component: str, taken: Counter[str]
) -> tuple[Node, ...]:
    positions: Counter[str] = Counter()
    named = []
    for node in nodes:
        positions[node.kind] += 1
        through = node.kind == "article" and node.number
        context = component if through else prefix
        number = node.number if NUMBER.fullmatch(node.number) else ""
        eid = f"{context}{ABBREVIATIONS[node.kind]}_{number or positions[node.kind]}"
        unique = _once(eid, taken)
        below = f"{unique}__" if len(unique) < MAX_PREFIX else ""
        inner = below if node.kind == "annex" else component
        children = _identify(node.children, below, inner, taken)
        named.append(replace(node, eid=unique, wid=node.wid or unique, children=children))
    return tuple(named)


def _once(eid: str, taken: Counter[str]) -> str:
    """The eid, with a count behind it where it is taken."""
    unique = eid
    while unique in taken:
        taken[eid] += 1
        unique = f"{eid}-n{taken[eid]}"
    taken[unique] = 1
    return unique
