"""[pure] Which provision of one version is which provision of the next, or of another language.

Here it is told what became of each provision, and provisions keep their permanent ids. How they
find each other is pairing.py, what changed inside a pair diffing.py; where the words of a comment
went is anchoring.py.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from operator import itemgetter
from typing import Literal

from consult import errors
from drafts.tree import WID, Node, Tree, identify
from drafts.versions.diffing import similarity
from drafts.versions.pairing import Decision, Pairing, Place, Unions

ChangeKind = Literal["same", "edited", "moved", "renumbered", "split", "merged", "deleted", "added"]

CONFIRM = 0.8  # below this similarity a person confirms the pair before publication


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a provision.

    Of several kinds the gravest is said: words before place before number, so that "moved" and
    "renumbered" promise unchanged words. In a split the first of `new_eids`, in a merger the
    first of `old_wids` carries the wid on. `similarity` is that of the provision's own words,
    or of all from there down if that is more.
    """

    kind: ChangeKind
    old_wids: tuple[str, ...]
    new_eids: tuple[str, ...]
    similarity: float


Alignment = tuple[Change, ...]
Align = Callable[[Tree, Tree, Sequence[Decision]], Alignment]


def is_doubtful(kind: str, alike: float) -> bool:
    """A pair with little in common or a deletion is; an addition takes nothing from anybody."""
    return kind != "added" and alike < CONFIRM


def align(old: Tree, new: Tree, decided: Iterable[Decision] = ()) -> Alignment:
    """Every provision of either version, once, in the reading order of the new one.

    What was deleted comes after what it used to come after. Eids are those `identify` gives.
    What a person decided is obeyed, the last word first; the rest finds its place around it.
    """
    before, after = (Place(Node("text", children=identify(tree).nodes)) for tree in (old, new))
    pairing = Pairing(before, after, decided)
    return tuple(change for _, change in sorted(_changes(pairing), key=itemgetter(0)))


class Aligner:
    """Aligns, and remembers: of the same texts and decisions nothing is aligned again.

    So what takes seconds can be done before a transaction that others wait for.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[Tree, Tree, tuple[Decision, ...]], Alignment] = {}

    def __call__(self, old: Tree, new: Tree, decided: Sequence[Decision] = ()) -> Alignment:
        nameless = keep_wids(identify(new), lambda _: False)  # what they are called does not matter
        asked = (old, nameless, tuple(decided))
        if asked not in self._known:
            self._known[asked] = align(old, new, decided)
        return self._known[asked]


def decisions_of(old: Tree, new: Tree) -> tuple[Decision, ...]:
    """The pairs the new text makes itself, by the wids it brings of provisions of the old one.

    A row of a table is like its neighbours: where the new text names rows of the old one, the
    others are other rows, however much alike they read.
    """
    kinds = {node.wid: node.kind for node in old.walk()}
    named = identify(new)
    pairs = [Decision(one.wid, one.eid) for one in named.walk() if kinds.get(one.wid) == one.kind]
    met = {pair.old_wid for pair in pairs}
    if not any(kinds[wid] == "row" for wid in met):
        return tuple(pairs)
    gone = [Decision(wid, "") for wid, kind in kinds.items() if kind == "row" and wid not in met]
    come = [
        Decision("", one.eid) for one in named.walk() if one.kind == "row" and one.wid not in met
    ]
    return (*pairs, *gone, *come)


def carry_wids(new: Tree, alignment: Alignment, *, retired: Collection[str] = ()) -> Tree:
    """The new version, identified, with the wids of the old one; what was added gets fresh ones.

    A wid is never given twice, not even after a deletion; `retired` are those of the versions
    before the old one. What was added keeps a wid of its own unless it is taken.
    """
    heirs = {c.new_eids[0]: c.old_wids[0] for c in alignment if c.old_wids and c.new_eids}
    taken = {wid for change in alignment for wid in change.old_wids}.union(retired)

    def named(node: Node) -> Node:
        wid = heirs.get(node.eid) or _fresh(node, taken)
        taken.add(wid)
        return replace(node, wid=wid, children=tuple(map(named, node.children)))

    return Tree(new.lang, tuple(map(named, identify(new).nodes)))


def keep_wids(tree: Tree, fits: Callable[[str], object]) -> Tree:
    """The text with those of its wids alone that fit."""

    def fitting(node: Node) -> Node:
        wid = node.wid if fits(node.wid) else ""
        return replace(node, wid=wid, children=tuple(map(fitting, node.children)))

    return Tree(tree.lang, tuple(map(fitting, tree.nodes)))


def named_by_itself(tree: Tree) -> Tree:
    """The text, identified, with those of its own wids that can be kept: it may give one twice."""
    return carry_wids(keep_wids(tree, WID.fullmatch), ())


def certain_heirs(alignment: Alignment) -> dict[str, str]:
    """For old wids the eids that have their words now; none where a person would confirm that."""
    return {
        wid: change.new_eids[0]
        for change in alignment
        if change.new_eids and not is_doubtful(change.kind, change.similarity)
        for wid in change.old_wids
    }


def align_languages(a: Tree, b: Tree) -> Tree:
    """`b`, identified, with the wids of `a`, of which it is the same text in another language.

    Raises errors.Invalid, naming the first place, when kinds and numbers do not correspond.
    """
    return Tree(b.lang, _in_step(identify(a).nodes, identify(b).nodes, ()))


def _in_step(
    first: tuple[Node, ...], second: tuple[Node, ...], path: tuple[Node, ...]
) -> tuple[Node, ...]:
    renamed = []
    for one, two in zip_longest(first, second):
        if one is None or two is None or not corresponds(one, two):
            here, there = _told_apart(one, two)
            raise errors.Invalid(
                "The two languages stop corresponding at “{place}”: the first has “{first}” there, "
                "the second “{second}”. Correct one so that both have the same provisions.",
                place=" › ".join(_printed(node) for node in (*path, one or two)),
                first=here,
                second=there,
            )
        children = _in_step(one.children, two.children, (*path, one))
        renamed.append(replace(two, wid=one.wid, children=children))
    return tuple(renamed)


def corresponds(one: Node, two: Node) -> bool:
    """Same kind, same number; of letters only the place counts, since alphabets differ."""
    lettered = all(len(node.number) == 1 and node.number.isalpha() for node in (one, two))
    return one.kind == two.kind and (one.number == two.number or lettered)


def _printed(node: Node | None) -> str:
    if node is None:
        return "—"
    return node.label or node.number or (node.heading or node.text)[:40] or node.kind


def _told_apart(one: Node | None, two: Node | None) -> tuple[str, str]:
    if one and two and _printed(one) == _printed(two):
        return one.kind, two.kind
    return _printed(one), _printed(two)


def _fresh(node: Node, taken: Collection[str]) -> str:
    """Its own wid (`identify` gave it one in any case), else its eid, told apart if need be."""
    wid, attempt = node.wid, 1
    while wid in taken:
        attempt += 1
        wid = f"{node.eid}-v{attempt}"
    return wid


def _changes(pairing: Pairing) -> Iterator[tuple[int, Change]]:
    """Every change with its place in the new text."""
    splits = pairing.unions(pairing.alone(pairing.news, pairing.old_of), pairing.old_of)
    whole = {old: new for old, new in pairing.new_of.items() if new not in splits}
    mergers = pairing.unions(pairing.alone(pairing.olds, pairing.new_of), whole)
    halves = {half for half, _ in (*splits.values(), *mergers.values())}
    unmoved = pairing.unmoved()
    at = 0
    for old in pairing.olds[1:]:
        if new := pairing.new_of.get(old):
            at = pairing.order[new]
            yield at, _union(old, new, splits, mergers) or _pair(old, new, new in unmoved)
        elif old not in halves:
            yield at, Change("deleted", (old.node.wid,), (), 0.0)
    for new in pairing.news[1:]:
        if new not in pairing.old_of and new not in halves:
            yield pairing.order[new], Change("added", (), (new.node.eid,), 0.0)


def _union(old: Place, new: Place, splits: Unions, mergers: Unions) -> Change | None:
    if new in splits:
        half, together = splits[new]
        return Change("split", (old.node.wid,), (new.node.eid, half.node.eid), together)
    if old in mergers:
        half, together = mergers[old]
        return Change("merged", (old.node.wid, half.node.wid), (new.node.eid,), together)
    return None


def _pair(old: Place, new: Place, unmoved: bool) -> Change:
    kind: ChangeKind = "same"
    if old.own != new.own:
        kind = "edited"
    elif not unmoved:
        kind = "moved"
    elif old.title != new.title:
        kind = "renumbered"
    alike = similarity(old.own, new.own) if old.own or new.own else 0.0
    if alike < 1:  # else there is no more to be found in all the words below
        alike = max(alike, similarity(old.words, new.words))
    return Change(kind, (old.node.wid,), (new.node.eid,), alike)
