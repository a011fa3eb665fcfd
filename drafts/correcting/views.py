"""What the pages for correcting show of a text: a part of it, its doubts, its corrections.

Plain values for the templates; no queries.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from drafts.correcting.rules import above, name_of, out_of_step
from drafts.grammar.line import said_place
from drafts.importing.editing import DEEPEST, Corrected
from drafts.models import ImportPreview
from drafts.reading.parts import Unit, cut, part_with, weight
from drafts.tree import KINDS, Node, Tree, has_heading, heading_levels

TOP_LEVEL = 3  # of the headings of the text, below the page's own


class Doubt(NamedTuple):
    """A warning with where in the file it arose, in words to translate, and its provision now.

    `seen`: that provision was corrected, so that the warning may not hold any more.
    """

    message: str
    params: dict[str, Any]
    place: tuple[str, dict[str, object]]
    at: int | None
    seen: bool


class Line(NamedTuple):
    """A provision as it is shown: `edited` is 0, 1, or 2 for the last correction of all."""

    at: int
    node: Node
    level: int
    doubts: Sequence[Doubt]
    edited: int


class Parting(NamedTuple):
    """Where two languages stop corresponding: what either has there, None for nothing more."""

    at: int
    here: Node | None
    there: Node | None
    lang: str


@dataclass(frozen=True, slots=True)
class TextView:
    """A preview's text in reading order, with its parts; `shown` is the number of one, from 1."""

    preview: ImportPreview
    text: Corrected
    nodes: Sequence[Node]
    parts: Sequence[range]
    doubts: Sequence[Doubt]
    shown: int = 1

    @property
    def address(self) -> str:
        return f"/desk/import/{self.preview.id}"

    def place(self, at: int) -> str:
        """The address of a provision in the part that holds it."""
        at = max(0, min(at, len(self.nodes) - 1))
        wid = self.nodes[at].wid if self.nodes else ""
        return f"{self.address}?at={at}#{wid}"

    def name(self, at: int) -> str:
        return name_of(self.nodes[at])

    def part_name(self, number: int) -> str:
        """A part by its first and its last heading."""
        part = self.parts[number - 1]
        headed = [at for at in part if _is_headed(self.nodes[at])] or list(part)
        return " – ".join(
            dict.fromkeys(name_of(self.nodes[at], 40) for at in headed[:1] + headed[-1:])
        )

    @property
    def edits(self) -> list[tuple[str, int]]:
        """What was corrected, the last first: the verb, and where it stands now."""
        verbs = [str(edit["do"]) for edit in self.preview.edits]
        return list(zip(verbs, self.text.edited_at, strict=True))[::-1]


def text_view(preview: ImportPreview, text: Corrected, at: int = 0) -> TextView:
    """The text with the part that holds the provision at a place; the last one for any behind."""
    placed = list(text.tree.walk_deep())
    units = [
        Unit(
            depth,
            weight(len(node.label) + len(node.heading) + len(node.text)),
            _is_headed(node),
            not node.text,
        )
        for node, depth in placed
    ]
    parts = cut(units)
    shown = part_with(parts, max(0, min(at, len(units) - 1))) if units else 1
    nodes = [node for node, _ in placed]
    return TextView(preview, text, nodes, parts, _doubts(preview, text), shown)


def _is_headed(node: Node) -> bool:
    return has_heading(node.kind, node.label, node.heading)


def _doubts(preview: ImportPreview, text: Corrected) -> list[Doubt]:
    doubts = []
    for told in preview.warnings:
        at = text.now_at.get(told.get("at"))
        seen = at is not None and bool(text.passages[at].edits)
        doubts.append(Doubt(told["message"], told["params"], said_place(told["place"]), at, seen))
    return doubts


def lines(view: TextView) -> list[Line]:
    """The provisions of the part that is shown."""
    passages = view.text.passages
    headed = ((p.depth, _is_headed(p.node)) for p in passages)
    levels = heading_levels(headed, TOP_LEVEL)
    doubts = defaultdict(list)
    for doubt in view.doubts:
        doubts[doubt.at].append(doubt)
    last = view.text.edited_at[-1] if view.text.edited_at else -1
    return [
        Line(at, view.nodes[at], levels[at], doubts[at], bool(passages[at].edits) + (at == last))
        for at in view.parts[view.shown - 1]
    ]


def parting(view: TextView, other: Tree | None) -> Parting | None:
    """Where the text stops corresponding to the other language of its version."""
    places = out_of_step(other.nodes, view.text.tree.nodes) if other else None
    if other is None or places is None:
        return None
    theirs, (there, here) = list(other.walk()), places
    return Parting(
        here,
        view.nodes[here] if here < len(view.nodes) else None,
        theirs[there] if there < len(theirs) else None,
        other.lang,
    )


def possible_kinds(view: TextView, at: int) -> list[str]:
    """What a passage may become; a row only within or right behind a table."""
    tabular = {"table", "row"}
    kinds = {view.nodes[at].kind, view.nodes[at - 1].kind if at else ""}
    return [kind for kind in KINDS if kind != "row" or kinds & tabular]


def possible_parents(view: TextView, at: int) -> list[tuple[int, str]]:
    """What a passage may hang from without changing the order of the text: depth and name.

    The outermost first, at 0 with no name.
    """
    row = view.nodes[at].kind == "row"
    if at == 0:
        return [(0, "")]
    holders = [
        (passage.depth + 1, name_of(passage.node))
        for passage in above(view.text.passages, at - 1)
        if passage.depth < DEEPEST
        and passage.node.kind != "row"
        and (passage.node.kind == "table") == row
    ]
    return ([] if row else [(0, "")]) + holders[::-1]
