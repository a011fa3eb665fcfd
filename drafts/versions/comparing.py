"""[pure] Two versions of a text provision by provision: the public comparison, in reading order.

What became of each provision from a version to the next was decided by aligning.py and confirmed
by a person; here that is told of any two versions. What changed inside a provision is diffing.py.

Between neighbours the stored list is the comparison. Between versions further apart the lists are
followed one after another: what is connected is one row, and its kind is found again from the two
texts by the rules of aligning.py, so that what was changed and changed back is "same".
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any, NamedTuple, get_args

from drafts.tree import Node, Tree
from drafts.versions.aligning import ChangeKind
from drafts.versions.diffing import Piece, diff_words, similarity, words
from drafts.versions.pairing import longest_rising

KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)
SAME_WORDS = frozenset({"same", "moved", "renumbered"})  # what these kinds promise
NONE = Node("text")  # in place of a provision that was added or deleted
CELL = "\t"  # between the cells of a row of a table


class Link(NamedTuple):
    """A row of the stored list of changes; an empty wid is none (added, deleted)."""

    kind: ChangeKind
    old_wid: str
    new_wid: str
    similarity: float


Step = tuple[Link, ...]  # what became of every provision from one version to the next


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of a provision, or of several that were split or merged.

    `kind` is the gravest that holds; `moved` and `renumbered` say of a pair what else does.
    `similarity` is as aligning.py measures it: 0 when one side is empty.
    """

    kind: ChangeKind
    old: tuple[Node, ...]
    new: tuple[Node, ...]
    similarity: float
    moved: bool = False
    renumbered: bool = False

    @property
    def wid(self) -> str:
        """The permanent id it goes by: of several that which went on, if one did."""
        kept = {node.wid for node in self.old}
        return next((n.wid for n in self.new if n.wid in kept), (self.new or self.old)[0].wid)


def compare(old: Tree, new: Tree, steps: Sequence[Step]) -> tuple[Comparison, ...]:
    """Every provision of either version once, in the reading order of the new one.

    `steps` are the stored lists from the version after `old` to `new`, none if they are the same
    version. A wid that a list does not speak of stays what it is. What was deleted stands where
    it stood: behind the provision before it, if that has not moved.
    """
    before, after = _Text(old), _Text(new)
    groups = _connected(before.places, after.places, steps)
    partner = {olds[0]: news[0] for olds, news in groups if len(olds) == len(news) == 1}
    partner |= {wid: wid for olds, news in groups for wid in olds if wid in news}
    kept = _kept(before, after, partner)
    told = {(link.old_wid, link.new_wid): link for link in steps[0]} if len(steps) == 1 else {}
    found = (
        _comparison(before.nodes(olds), after.nodes(news), kept, told) for olds, news in groups
    )
    where = _where(old.nodes, after, partner, kept)
    return tuple(sorted(found, key=lambda row: _position(row, after, where)))


def counts(rows: Iterable[Comparison]) -> dict[ChangeKind, int]:
    """How many provisions there are of each kind, the kinds that do not occur included."""
    found = Counter(row.kind for row in rows)
    return {kind: found[kind] for kind in KINDS}


def wording(nodes: Sequence[Node]) -> str:
    """The words of a provision, or of those it was split into, heading first."""
    return "\n".join(filter(None, (f"{n.heading}\n{n.text}".strip("\n") for n in nodes)))


def difference(row: Comparison) -> tuple[Piece, ...]:
    """How the words changed."""
    return diff_words(wording(row.old), wording(row.new))


def cells(before: str, after: str) -> list[tuple[str, str]]:
    """The cells of a row of a table, each with its counterpart; "" where a side has fewer."""
    return list(zip_longest(before.split(CELL), after.split(CELL), fillvalue=""))


def as_data(
    rows: Iterable[Comparison], old_places: Mapping[str, str], new_places: Mapping[str, str]
) -> dict[str, Any]:
    """The comparison for machines; the places are what provisions are called, by wid.

    `old` and `new` are one provision or null: of several that which carries the id on, and
    `merged_from` or `split_into` names them all.
    `diff` is [[same | insert | delete, words], …].
    """
    rows = tuple(rows)

    def side(nodes: Sequence[Node], places: Mapping[str, str]) -> list[dict[str, str]]:
        return [
            {
                "wid": node.wid,
                "eid": node.eid,
                "kind": node.kind,
                "number": node.number,
                "place": places.get(node.wid, ""),
            }
            for node in nodes
        ]

    def entry(row: Comparison) -> dict[str, Any]:
        old, new = side(row.old, old_places), side(row.new, new_places)
        first_old, first_new = (_heir(nodes, row.wid) for nodes in (old, new))
        data: dict[str, Any] = {
            "kind": row.kind,
            "old": first_old,
            "new": first_new,
            "moved": row.moved,
            "renumbered": row.renumbered,
            "similarity": round(row.similarity, 4),
            "diff": [list(piece) for piece in difference(row)],
        }
        several = {"merged_from": old, "split_into": new}
        return data | {name: nodes for name, nodes in several.items() if len(nodes) > 1}

    changed = [entry(row) for row in rows if row.kind != "same"]
    return {"operations": counts(rows), "changed": changed}


def _heir(side: Sequence[dict[str, str]], wid: str) -> dict[str, str] | None:
    first = side[0] if side else None
    return next((one for one in side if one["wid"] == wid), first)


class _Place(NamedTuple):
    node: Node
    parent: str  # its wid, "" at the top
    rank: int  # among its siblings
    order: int  # in the whole text
    end: int  # the order of the last provision below it


class _Text:
    """The provisions of a version by wid, and the wids directly below each ("" is the top)."""

    def __init__(self, tree: Tree) -> None:
        self.places: dict[str, _Place] = {}
        self.below: dict[str, list[str]] = defaultdict(list)
        order = 0

        def put(nodes: Sequence[Node], parent: str) -> None:
            nonlocal order
            for rank, node in enumerate(nodes):
                mine, order = order, order + 1
                self.below[parent].append(node.wid)
                put(node.children, node.wid)
                self.places[node.wid] = _Place(node, parent, rank, mine, order - 1)

        put(tree.nodes, "")

    def nodes(self, wids: Iterable[str]) -> tuple[Node, ...]:
        return tuple(self.places[wid].node for wid in wids)


_Group = tuple[tuple[str, ...], tuple[str, ...]]


def _connected(
    olds: Mapping[str, _Place], news: Mapping[str, _Place], steps: Sequence[Step]
) -> list[_Group]:
    """The wids of either version that became one another, each in exactly one group."""
    follow = _chain(steps)
    new_of = {wid: [new for new in follow(wid) if new in news] for wid in olds}
    old_of: dict[str, list[str]] = defaultdict(list)
    for wid, found in new_of.items():
        for new in found:
            old_of[new].append(wid)
    groups: list[_Group] = []
    seen: set[str] = set()
    for start in olds:
        if start in seen:
            continue
        left, right, waiting = {start}, set[str](), [start]
        while waiting:
            fresh = set(new_of[waiting.pop()]) - right
            right |= fresh
            more = set(chain(*(old_of[new] for new in fresh))) - left
            left |= more
            waiting += more
        seen |= left
        groups.append((_in_order(left, olds), _in_order(right, news)))
    reached = set(chain(*(group[1] for group in groups)))
    return groups + [((), (wid,)) for wid in news if wid not in reached]


def _in_order(wids: Iterable[str], places: Mapping[str, _Place]) -> tuple[str, ...]:
    return tuple(sorted(wids, key=lambda wid: places[wid].order))


def _chain(steps: Sequence[Step]) -> Callable[[str], Iterable[str]]:
    """Where a wid leads through all the lists, one after another."""
    maps: list[dict[str, list[str]]] = []
    for step in steps:
        leads: dict[str, list[str]] = defaultdict(list)
        for link in step:
            if link.old_wid:
                leads[link.old_wid] += [link.new_wid] if link.new_wid else []
        maps.append(leads)

    def follow(wid: str) -> Iterable[str]:
        at = [wid]
        for leads in maps:
            at = list(dict.fromkeys(chain(*(leads.get(one, [one]) for one in at))))
        return at

    return follow


def _kept(before: _Text, after: _Text, partner: Mapping[str, str]) -> set[str]:
    """The new wids of pairs that kept their parent and the order among its children."""
    kept: set[str] = set()
    for parent, children in before.below.items():
        here = partner.get(parent) if parent else ""
        pairs = [partner[wid] for wid in children if wid in partner]
        row = [wid for wid in pairs if after.places[wid].parent == here]
        home = {after.places[wid].rank: wid for wid in row}
        kept.update(home[rank] for rank in longest_rising(list(home)))
    return kept


def _comparison(
    old: tuple[Node, ...],
    new: tuple[Node, ...],
    kept: set[str],
    told: Mapping[tuple[str, str], Link],
) -> Comparison:
    """A row; `told` is the stored list by wids, if that list alone leads from old to new.

    The list was made of one language. Where it promises the same words and those of this
    language differ, the provision is edited.
    """
    moved = renumbered = False
    if len(old) == len(new) == 1:
        moved = new[0].wid not in kept
        renumbered = (old[0].kind, old[0].number) != (new[0].kind, new[0].number)
    kind = _kind(old, new, moved, renumbered)
    links = (told.get((a.wid, b.wid)) for a in old or (NONE,) for b in new or (NONE,))
    link = next(filter(None, links), None)
    if link and not (kind == "edited" and link.kind in SAME_WORDS):
        kind = link.kind
    alike = link.similarity if link and link.kind == kind else _similarity(old, new)
    if kind == "same":
        return Comparison(kind, old, new, alike)
    return Comparison(
        kind, old, new, alike, moved or kind == "moved", renumbered or kind == "renumbered"
    )


def _kind(
    old: tuple[Node, ...], new: tuple[Node, ...], moved: bool, renumbered: bool
) -> ChangeKind:
    """Words before place before number, as in aligning.py; of many to many the more tell."""
    kind: ChangeKind = "same"
    if not (old and new):
        kind = "deleted" if old else "added"
    elif len(old) > 1 or len(new) > 1:
        kind = "merged" if len(old) > len(new) else "split"
    elif wording(old) != wording(new) and words(wording(old)) != words(wording(new)):
        kind = "edited"
    elif moved:
        kind = "moved"
    elif renumbered:
        kind = "renumbered"
    return kind


def _similarity(old: tuple[Node, ...], new: tuple[Node, ...]) -> float:
    """Of the own words, or of all from there down if that is more."""
    if not (old and new):
        return 0.0
    below = [_below(old), _below(new)]
    if below[0] == below[1]:
        return 1.0
    own = [words(wording(old)), words(wording(new))]
    return max(similarity(*own) if any(own) else 0.0, similarity(*map(words, below)))


def _below(nodes: Iterable[Node]) -> str:
    return wording([part for node in nodes for part in node.walk()])


def _where(
    nodes: Sequence[Node], after: _Text, partner: Mapping[str, str], kept: set[str]
) -> dict[str, tuple[int, int]]:
    """For each old wid the order of the new provision it stands behind, and its own number."""
    where: dict[str, tuple[int, int]] = {}

    def settle(nodes: Sequence[Node], at: int) -> None:
        for node in nodes:
            where[node.wid] = (at, len(where))
            new = partner.get(node.wid)
            settle(node.children, after.places[new].order if new else at)
            if new in kept:
                at = after.places[new].end

    settle(nodes, -1)
    return where


def _position(
    row: Comparison, after: _Text, where: Mapping[str, tuple[int, int]]
) -> tuple[int, int]:
    if row.new:
        return min(after.places[node.wid].order for node in row.new), -1
    return where[row.old[0].wid]
