"""[pure] How the provisions of two versions find each other. Aligning.py tells what came of it.

Pairs are made from the outside in: the children of the root, then within each pair its own
children, and last, anywhere, what is still alone (it was moved). Each time in this order:
1. the same words: as many as stand in the same order, then the others;
2. the best of what is left by similarity, where the same number counts for a little more, and
   every crossing with the pairs already made for a little less.
So a number decides between provisions that are about as similar, but an inserted article does
not take the number's old owner away from its own, edited text.
Last, a provision still alone that only together with its neighbour makes up one of the other
version is half of a split or a merger. What a person decided comes before all that.
"""

from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from heapq import nlargest, nsmallest
from itertools import chain, pairwise
from operator import itemgetter
from typing import NamedTuple

from drafts.tree import Node
from drafts.versions.diffing import common, similarity, words

PAIRED = 0.5  # below this score two provisions are not the same one
SAME_NUMBER = 0.1  # what the same number adds to the score
CROSSING = 0.2  # what crossing all other pairs takes from it, and crossing some in proportion
AWAY = 0.1  # what standing under another provision takes from it
FEWEST = 5  # words; a shorter provision is not looked for elsewhere
JOINED = 0.85  # the similarity from which two provisions together are one of the other version
GAIN = 0.05  # by which together they resemble it more than the better one does alone
RARE, HITS, CANDIDATES = 12, 400, 6  # rare pairs of words looked up, their places, what is compared


class Decision(NamedTuple):
    """What a person said: the old provision is this new one.

    Without a new one it was deleted, without an old one it was added.
    """

    old_wid: str
    new_eid: str


def in_force(decided: Iterable[Decision]) -> list[Decision]:
    """Those that no later one contradicts: each provision has at most one."""
    kept: list[Decision] = []
    said: set[tuple[str, str]] = set()
    for one in reversed(list(decided)):
        about = {("old", one.old_wid), ("new", one.new_eid)} - {("old", ""), ("new", "")}
        if about.isdisjoint(said):
            said |= about
            kept.append(one)
    return kept[::-1]


class Place:
    """A provision where it stands, with its own words and all words from there down."""

    def __init__(self, node: Node, parent: "Place | None" = None, rank: int = 0) -> None:
        self.node, self.parent, self.rank = node, parent, rank
        self.title = (node.kind, node.number)
        self.below = [Place(child, self, rank) for rank, child in enumerate(node.children)]
        self.own = words(f"{node.heading}\n{node.text}")
        self.words: tuple[str, ...] = (*self.own, *chain(*(p.words for p in self.below)))
        self.same = (node.kind, self.words)

    def walk(self) -> Iterator["Place"]:
        yield self
        for place in self.below:
            yield from place.walk()

    def with_neighbours(self) -> Iterator[tuple["Place", "Place"]]:
        """The one before it and itself, itself and the one after it."""
        row = self.parent.below if self.parent else []
        yield from pairwise(row[max(0, self.rank - 1) : self.rank + 2])


Links = Mapping[Place, Place]
Unions = dict[Place, tuple[Place, float]]


class Pairing:
    """Who corresponds to whom, in both directions; `apart` are those a person left alone."""

    def __init__(self, old: Place, new: Place, decided: Iterable[Decision] = ()) -> None:
        self.new_of: dict[Place, Place] = {}
        self.old_of: dict[Place, Place] = {}
        self.apart: set[Place] = set()
        self.olds, self.news = list(old.walk()), list(new.walk())
        self.order = {place: i for row in (self.olds, self.news) for i, place in enumerate(row)}
        self._obey(decided)
        self._link(old, new)
        self._pair(self.olds, self.news, fewest=FEWEST)

    def _obey(self, decided: Iterable[Decision]) -> None:
        """Make the pairs a person made; what is said of a provision that is not there is void."""
        olds = {place.node.wid: place for place in self.olds[1:]}
        news = {place.node.eid: place for place in self.news[1:]}
        for one in in_force(decided):
            old, new = olds.get(one.old_wid), news.get(one.new_eid)
            if old and new:
                self.new_of[old], self.old_of[new] = new, old
            elif not (one.old_wid and one.new_eid):
                self.apart |= {place for place in (old, new) if place}
        for old in sorted(self.new_of, key=self.order.__getitem__):
            self._pair(old.below, self.new_of[old].below)

    def _link(self, old: Place, new: Place) -> None:
        """Make a pair, and pairs of what is below, unless either has got another meanwhile."""
        if old not in self.new_of and new not in self.old_of:
            self.new_of[old], self.old_of[new] = new, old
            self._pair(old.below, new.below)

    def _pair(self, olds: list[Place], news: list[Place], fewest: int = 0) -> None:
        """Pair those among these that are alone and have at least `fewest` words."""

        def alone(places: list[Place], linked: Links) -> list[Place]:
            return [p for p in self.alone(places, linked) if len(p.words) >= fewest]

        left, right = alone(olds, self.new_of), alone(news, self.old_of)
        for i, j in common([p.same for p in left], [p.same for p in right]):
            self._link(left[i], right[j])
        waiting: dict[Hashable, deque[Place]] = defaultdict(deque)
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
        self, olds: list[Place], news: list[Place], settled: list[Place]
    ) -> Iterator[tuple[float, int, Place, Place]]:
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

    def alone(self, places: Iterable[Place], linked: Links) -> list[Place]:
        """Those that have no partner and may get one."""
        return [place for place in places if place not in linked and place not in self.apart]

    def unions(self, alone: Iterable[Place], linked: Links) -> Unions:
        """Each paired place with the neighbour that only together with it makes up its partner."""
        found: Unions = {}
        for place in alone:
            for first, second in place.with_neighbours():
                paired = second if first is place else first
                if first.node.kind != second.node.kind or paired not in linked or paired in found:
                    continue
                whole = linked[paired].words
                together = similarity(whole, first.words + second.words)
                if together >= max(JOINED, similarity(whole, paired.words) + GAIN):
                    found[paired] = place, together
                    break
        return found

    def unmoved(self) -> set[Place]:
        """The new places of pairs that kept their parent and the order among its children."""
        kept: set[Place] = set()
        for old, new in self.new_of.items():
            row = [self.new_of[child] for child in old.below if child in self.new_of]
            home = {place.rank: place for place in row if place.parent is new}
            kept.update(home[rank] for rank in longest_rising(list(home)))
        return kept


class _Index:
    """Finds, among many places, the few worth comparing with another one."""

    def __init__(self, places: list[Place], order: Mapping[Place, int]) -> None:
        self.order = order
        self.by_pair: dict[tuple[str, str], list[Place]] = defaultdict(list)
        self.by_title: dict[Hashable, list[Place]] = defaultdict(list)
        for place in places:
            self.by_title[place.parent, place.title].append(place)
            for pair in _word_pairs(place):
                self.by_pair[pair].append(place)

    def like(self, old: Place, home: Place | None) -> list[Place]:
        """Those that share most of its rare pairs of words, and its namesakes under `home`."""
        known = ((len(self.by_pair[p]), p) for p in _word_pairs(old) if p in self.by_pair)
        hits: Counter[Place] = Counter()
        for _, pair in nsmallest(RARE, known):
            if hits.total() < HITS:
                hits.update(self._nearest(self.by_pair[pair], self.order[old], HITS))

        def promise(place: Place) -> tuple[int, int]:
            return hits[place], -abs(self.order[place] - self.order[old])

        best = nlargest(CANDIDATES, hits, key=promise)
        return [*best, *(p for p in self._namesakes(old, home) if p not in best)]

    def _namesakes(self, old: Place, home: Place | None) -> list[Place]:
        """Of the same kind and number: the unnumbered are many, so those at the same place."""
        if home is None or old.parent is None:
            return []
        at = self.order[home] + self.order[old] - self.order[old.parent]
        return self._nearest(self.by_title.get((home, old.title), []), at, CANDIDATES)

    def _nearest(self, row: list[Place], at: int, most: int) -> list[Place]:
        """Of places in reading order at most so many, those nearest to a point."""
        middle = bisect_left(row, at, key=self.order.__getitem__) - most // 2
        start = max(0, min(middle, len(row) - most))
        return row[start : start + most]


def _word_pairs(place: Place) -> set[tuple[str, str]]:
    return set(pairwise(("", *place.words, "")))


def _likeness(old: Place, new: Place) -> float:
    """Similarity of all words; none between kinds, unless nothing is below either."""
    if old.node.kind != new.node.kind and (old.below or new.below):
        return 0.0
    return similarity(old.words, new.words)


def longest_rising(row: Sequence[int]) -> Iterator[int]:
    """The most numbers that still stand in order when the others are left out (patience sort)."""
    tops: list[int] = []
    under: dict[int, int | None] = {}
    for number in row:
        pile = bisect_left(tops, number)
        under[number] = tops[pile - 1] if pile else None
        tops[pile : pile + 1] = [number]
    top = tops[-1] if tops else None
    while top is not None:
        yield top
        top = under[top]
