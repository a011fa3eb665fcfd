"""[pure] Which provision of one version is which provision of the next, or of another language.

Here provisions are paired and keep their permanent ids. What changed inside a pair is diffing.py;
where the words of a comment went is anchoring.py.

Pairs are made from the outside in: the children of the root, then within each pair its own
children, and last, anywhere, what is still alone (it was moved). Each time in this order:
1. the same words: as many as stand in the same order, then the others;
2. the best of what is left by similarity, where the same number counts for a little more, and
   every crossing with the pairs already made for a little less.
So a number decides between provisions that are about as similar, but an inserted article does
not take the number's old owner away from its own, edited text.
Last, a provision still alone that only together with its neighbour makes up one of the other
version is half of a split or a merger.
"""

from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import chain, pairwise, zip_longest
from operator import itemgetter
from typing import Literal

from consult import errors
from drafts.diffing import common, similarity, words
from drafts.tree import Node, Tree, identify

ChangeKind = Literal["same", "edited", "moved", "renumbered", "split", "merged", "deleted", "added"]

CONFIRM = 0.8  # below this similarity a person confirms the pair before publication
PAIRED = 0.5  # below this score two provisions are not the same one
SAME_NUMBER = 0.1  # what the same number adds to the score
CROSSING = 0.2  # what crossing all other pairs takes from it, and crossing some in proportion
AWAY = 0.1  # what standing under another provision takes from it
FEWEST = 5  # words; a shorter provision is not looked for elsewhere
JOINED = 0.85  # the similarity from which two provisions together are one of the other version
GAIN = 0.05  # by which together they resemble it more than the better one does alone
RARE, HITS, CANDIDATES = 12, 400, 6  # rare pairs of words looked up, their places, what is compared


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

    @property
    def needs_confirmation(self) -> bool:
        """A doubtful pair or a deletion does; an addition takes nothing from anybody."""
        return self.kind != "added" and self.similarity < CONFIRM


Alignment = tuple[Change, ...]


def align(old: Tree, new: Tree) -> Alignment:
    """Every provision of either version, once, in the reading order of the new one.

    What was deleted comes after what it used to come after. Eids are those `identify` gives.
    """
    pairing = _Pairing(*(_Place(Node("text", children=identify(t).nodes)) for t in (old, new)))
    return tuple(change for _, change in sorted(_changes(pairing), key=itemgetter(0)))


def carry_wids(new: Tree, alignment: Alignment, *, retired: Collection[str] = ()) -> Tree:
    """The new version, identified, with the wids of the old one; what was added gets fresh ones.

    A wid is never given twice, not even after a deletion; `retired` are those of the versions
    before the old one.
    """
    heirs = {c.new_eids[0]: c.old_wids[0] for c in alignment if c.old_wids and c.new_eids}
    taken = {wid for change in alignment for wid in change.old_wids}.union(retired)

    def named(node: Node) -> Node:
        wid = heirs.get(node.eid) or _fresh(node.eid, taken)
        taken.add(wid)
        return replace(node, wid=wid, children=tuple(map(named, node.children)))

    return Tree(new.lang, tuple(map(named, identify(new).nodes)))


def successors(alignment: Alignment) -> dict[str, tuple[str, ...]]:
    """For each old wid the eids where its words may now be; none when it was deleted."""
    return {wid: change.new_eids for change in alignment for wid in change.old_wids}


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
        if one is None or two is None or not _correspond(one, two):
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


def _correspond(one: Node, two: Node) -> bool:
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


def _fresh(eid: str, taken: Collection[str]) -> str:
    wid, attempt = eid, 1
    while wid in taken:
        attempt += 1
        wid = f"{eid}-v{attempt}"
    return wid


class _Place:
    """A provision where it stands, with its own words and all words from there down."""

    def __init__(self, node: Node, parent: "_Place | None" = None, rank: int = 0) -> None:
        self.node, self.parent, self.rank = node, parent, rank
        self.title = (node.kind, node.number)
        self.below = [_Place(child, self, rank) for rank, child in enumerate(node.children)]
        self.own = words(f"{node.heading}\n{node.text}")
        self.words: tuple[str, ...] = (*self.own, *chain(*(p.words for p in self.below)))
        self.same = (node.kind, self.words)

    def walk(self) -> Iterator["_Place"]:
        yield self
        for place in self.below:
            yield from place.walk()

    def with_neighbours(self) -> Iterator[tuple["_Place", "_Place"]]:
        """The one before it and itself, itself and the one after it."""
        row = self.parent.below if self.parent else []
        yield from pairwise(row[max(0, self.rank - 1) : self.rank + 2])


_Links = Mapping[_Place, _Place]
_Unions = dict[_Place, tuple[_Place, float]]


class _Pairing:
    """Who corresponds to whom, in both directions."""

    def __init__(self, old: _Place, new: _Place) -> None:
        self.new_of: dict[_Place, _Place] = {}
        self.old_of: dict[_Place, _Place] = {}
        self.olds, self.news = list(old.walk()), list(new.walk())
        self.order = {place: i for row in (self.olds, self.news) for i, place in enumerate(row)}
        self._link(old, new)
        self._pair(self.olds, self.news, fewest=FEWEST)

    def _link(self, old: _Place, new: _Place) -> None:
        """Make a pair, and pairs of what is below, unless either has got another meanwhile."""
        if old not in self.new_of and new not in self.old_of:
            self.new_of[old], self.old_of[new] = new, old
            self._pair(old.below, new.below)

    def _pair(self, olds: list[_Place], news: list[_Place], fewest: int = 0) -> None:
        """Pair those among these that are alone and have at least `fewest` words."""

        def alone(places: list[_Place], linked: _Links) -> list[_Place]:
            return [p for p in places if p not in linked and len(p.words) >= fewest]

        left, right = alone(olds, self.new_of), alone(news, self.old_of)
        for i, j in common([p.same for p in left], [p.same for p in right]):
            self._link(left[i], right[j])
        waiting: dict[Hashable, deque[_Place]] = defaultdict(deque)
        for new in alone(news, self.old_of):
            waiting[new.same].append(new)
        for old in alone(olds, self.new_of):
            while waiting[old.same] and old not in self.new_of:
                self._link(old, waiting[old.same].popleft())
        settled = [old for old in olds if old in self.new_of]
        scored = self._scored(alone(olds, self.new_of), alone(news, self.old_of), settled)
        for _, _, old, new in sorted(scored, key=itemgetter(0, 1)):
            self._link(old, new)

    def _scored(
        self, olds: list[_Place], news: list[_Place], settled: list[_Place]
    ) -> Iterator[tuple[float, int, _Place, _Place]]:
        """The pairs worth making; the best has the lowest number, then the first in the text."""
        index = _Index(news, self.order)
        old_order = sorted(self.order[old] for old in settled)
        new_order = sorted(self.order[self.new_of[old]] for old in settled)
        for old in olds:
            home = self.new_of.get(old.parent) if old.parent else None
            before = bisect_left(old_order, self.order[old])
            for new in index.like(old, home):
                crossed = abs(before - bisect_left(new_order, self.order[new]))
                score = _likeness(old, new) - CROSSING * crossed / max(1, len(settled))
                if new.parent is not home:
                    score -= AWAY
                elif new.title == old.title:
                    score += SAME_NUMBER
                if score >= PAIRED:
                    yield -score, self.order[old], old, new

    def unions(self, alone: Iterable[_Place], linked: _Links) -> _Unions:
        """Each paired place with the neighbour that only together with it makes up its partner."""
        found: _Unions = {}
        for place in alone:
            for first, second in place.with_neighbours() if place not in linked else ():
                paired = second if first is place else first
                if first.node.kind != second.node.kind or paired not in linked or paired in found:
                    continue
                whole = linked[paired].words
                together = similarity(whole, first.words + second.words)
                if together >= max(JOINED, similarity(whole, paired.words) + GAIN):
                    found[paired] = place, together
                    break
        return found

    def unmoved(self) -> set[_Place]:
        """The new places of pairs that kept their parent and the order among its children."""
        kept: set[_Place] = set()
        for old, new in self.new_of.items():
            row = [self.new_of[child] for child in old.below if child in self.new_of]
            kept.update(_longest_rising([place for place in row if place.parent is new]))
        return kept


class _Index:
    """Finds, among many places, the few worth comparing with another one."""

    def __init__(self, places: list[_Place], order: Mapping[_Place, int]) -> None:
        self.order = order
        self.by_pair: dict[tuple[str, str], list[_Place]] = defaultdict(list)
        self.by_title: dict[Hashable, list[_Place]] = defaultdict(list)
        for place in places:
            self.by_title[place.parent, place.title].append(place)
            for pair in _word_pairs(place):
                self.by_pair[pair].append(place)

    def like(self, old: _Place, home: _Place | None) -> list[_Place]:
        """Those that share most of its rare pairs of words, and its namesakes under `home`."""
        known = sorted((len(self.by_pair[p]), p) for p in _word_pairs(old) if p in self.by_pair)
        hits: Counter[_Place] = Counter()
        for _, pair in known[:RARE]:
            if hits.total() < HITS:
                hits.update(self.by_pair[pair])

        def promise(place: _Place) -> tuple[int, int]:
            return hits[place], -abs(self.order[place] - self.order[old])

        best = nlargest(CANDIDATES, hits, key=promise)
        return [*best, *(p for p in self.by_title.get((home, old.title), ()) if p not in best)]


def _word_pairs(place: _Place) -> set[tuple[str, str]]:
    return set(pairwise(("", *place.words, "")))


def _likeness(old: _Place, new: _Place) -> float:
    """Similarity of all words; none between kinds, unless nothing is below either."""
    if old.node.kind != new.node.kind and (old.below or new.below):
        return 0.0
    return similarity(old.words, new.words)


def _longest_rising(row: list[_Place]) -> Iterator[_Place]:
    """The most places that still stand in order when the others are left out (patience sort)."""
    ranks: list[int] = []
    tops: list[_Place] = []
    under: dict[_Place, _Place | None] = {}
    for place in row:
        pile = bisect_left(ranks, place.rank)
        ranks[pile : pile + 1], tops[pile : pile + 1] = [place.rank], [place]
        under[place] = tops[pile - 1] if pile else None
    top = tops[-1] if tops else None
    while top:
        yield top
        top = under[top]


def _changes(pairing: _Pairing) -> Iterator[tuple[int, Change]]:
    """Every change with its place in the new text."""
    splits = pairing.unions(pairing.news, pairing.old_of)
    whole = {old: new for old, new in pairing.new_of.items() if new not in splits}
    mergers = pairing.unions(pairing.olds, whole)
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


def _union(old: _Place, new: _Place, splits: _Unions, mergers: _Unions) -> Change | None:
    if new in splits:
        half, together = splits[new]
        return Change("split", (old.node.wid,), (new.node.eid, half.node.eid), together)
    if old in mergers:
        half, together = mergers[old]
        return Change("merged", (old.node.wid, half.node.wid), (new.node.eid,), together)
    return None


def _pair(old: _Place, new: _Place, unmoved: bool) -> Change:
    kind: ChangeKind = "same"
    if old.own != new.own:
        kind = "edited"
    elif not unmoved:
        kind = "moved"
    elif old.title != new.title:
        kind = "renumbered"
    own = similarity(old.own, new.own) if old.own or new.own else 0.0
    alike = max(own, similarity(old.words, new.words))
    return Change(kind, (old.node.wid,), (new.node.eid,), alike)
