"""[pure] When all is said: what kind each provision is, and the tree that never changes again."""

from collections.abc import Sequence

from drafts.grammar.growing import HEADS
from drafts.grammar.levels import Level, Sprout
from drafts.grammar.shape import LONG_HEADING, heading_shaped
from drafts.tree import Kind, Node

GROUPS: tuple[Kind, ...] = ("part", "section", "chapter")
PARAGRAPHS = ("1.", "1.1", "(1)")  # «1.» is a paragraph, and within a paragraph a subparagraph


def settle(root: Sprout, levels: Sequence[Level]) -> tuple[Node, ...]:
    """The finished provisions."""
    groups = {sprout for level in levels if _is_group(level) for sprout in level.members}
    _lift_notes(root, groups)
    return tuple(_finished(child, root, groups, inside=()) for child in root.children)


def _is_group(level: Level) -> bool:
    """Whether a numbering counts parts of the act («1. Общие положения») and not paragraphs."""
    if level.style == "I.":
        return level.container.rank < 6
    if level.style not in PARAGRAPHS or not level.titled:
        return False
    titled = sum(heading_shaped(member.text) for member in level.members)
    holding = any(child.kind != "note" for member in level.members for child in member.children)
    return holding and 2 * titled > len(level.members)


def _lift_notes(sprout: Sprout, groups: set[Sprout]) -> None:
    """A note behind the last paragraph of an article is a note to the article."""
    for child in sprout.children:
        _lift_notes(child, groups)
    if not sprout.children:
        return
    last = sprout.children[-1]
    if last.style in HEADS or last.style == "table" or last in groups:
        return
    keep = len(last.children)
    while keep and last.children[keep - 1].kind == "note":
        keep -= 1
    sprout.children += last.children[keep:]
    del last.children[keep:]


def _finished(
    sprout: Sprout, parent: Sprout, groups: set[Sprout], inside: tuple[Kind, ...]
) -> Node:
    kind = _kind(sprout, parent, groups, inside)
    heading, text = sprout.heading, sprout.text
    if kind in GROUPS and sprout.style not in HEADS and heading_shaped(text, LONG_HEADING):
        heading, text = text, ""
    below = () if sprout.style in HEADS and kind == "annex" else (*inside, kind)
    children = tuple(_finished(child, sprout, groups, below) for child in sprout.children)
    return Node(kind, sprout.number, sprout.label, heading, text, children)


def _kind(sprout: Sprout, parent: Sprout, groups: set[Sprout], inside: tuple[Kind, ...]) -> Kind:
    if sprout.style in HEADS or sprout.kind != "paragraph":
        return sprout.kind
    if sprout.style == "-":
        return "item"
    if sprout in groups and (parent in groups or parent.style in HEADS):
        deeper = [kind for kind in GROUPS if not any(_reaches(kind, above) for above in inside)]
        if deeper:
            return deeper[0]
    within = "paragraph" in inside or "subparagraph" in inside
    return "subparagraph" if within or sprout.style not in PARAGRAPHS else "paragraph"


def _reaches(kind: Kind, above: Kind) -> bool:
    """Whether a group of this kind would not stand below `above`."""
    return above in GROUPS and GROUPS.index(kind) <= GROUPS.index(above)
