"""[pure] A law each of whose words is known, rewritten at random: the truth about every anchor.

Words carry a number through every change, so that for a quote it is known where it stands later,
if anywhere. Sentences that stand in many provisions, as they do in laws, make it hard.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from drafts.tree import Node, Tree
from tests.bench.texts import LETTERS, law, renumbered
from tests.bench.words import LANG, sentence

STOCK = 6  # sentences that stand again and again
STOCK_SHARE = 0.12
AROUND = 32  # characters on either side that must have stayed for a quote to be unaffected


@dataclass(eq=False, slots=True)
class Part:
    """A provision with its words, each with its number."""

    kind: str
    heading: str
    words: list[tuple[str, int]] = field(default_factory=list)
    below: list["Part"] = field(default_factory=list)

    def walk(self) -> Iterator["Part"]:
        yield self
        for part in self.below:
            yield from part.walk()


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand: the eid of a provision, and offsets in its text."""

    eid: str
    start: int
    end: int


class Rewriting:
    """A law that is rewritten version by version."""

    def __init__(self, provisions: int, words: int, seed: int) -> None:
        self.rng = random.Random(f"rewritten {seed}")  # no words the law was made of
        self.ids = count()
        self.moved: set[int] = set()  # words of sentences that were taken elsewhere
        self.stock = [sentence(self.rng, self.rng.randint(3, 14)) for _ in range(STOCK)]
        tree = law(provisions, words, seed)
        self.chapters = [self._part(node) for node in tree.nodes]

    def _part(self, node: Node) -> Part:
        below = [self._part(child) for child in node.children]
        text = ""
        for one in filter(None, node.text.split(". ")):
            text += (self._stock(text) or one.rstrip(".:") + ".") + " "
        return Part(node.kind, node.heading, self._numbered(text), below)

    def _numbered(self, text: str) -> list[tuple[str, int]]:
        return [(word, next(self.ids)) for word in text.split()]

    def _stock(self, text: str) -> str:
        """At times a sentence that other provisions have too; none says it twice."""
        new = self.rng.choice(self.stock) if self.rng.random() < STOCK_SHARE else ""
        return "" if new in text else new

    def tree(self) -> Tree:
        """The law as it reads now."""
        return renumbered(Tree(LANG, tuple(map(_node, self.chapters))))

    def parts(self) -> list[Part]:
        return [part for chapter in self.chapters for part in chapter.walk()]

    def leaves(self) -> list[tuple[Part, Part]]:
        """Every provision with nothing below it, and the one it stands in."""
        return [(above, part) for above in self.parts() for part in above.below if not part.below]

    def rewrite(self, share: float) -> Counter[str]:
        """Change so many of the provisions, each in one way; returns what was done how often."""
        done: Counter[str] = Counter()
        ways = (
            *(self._substitute, self._insert, self._delete, self._move_sentence),
            *(self._move_part, self._new_part, self._drop_part, self._split, self._merge),
        )
        chosen = self.leaves()
        self.rng.shuffle(chosen)
        for above, part in chosen[: round(share * len(chosen))]:
            if part in above.below and part.words:
                way = self.rng.choice(ways)
                way(above, part)
                done[way.__name__.strip("_")] += 1
        return done

    def _substitute(self, _above: Part, part: Part) -> None:
        for _ in range(max(1, round(len(part.words) * self.rng.choice((0.05, 0.2, 0.5))))):
            at = self.rng.randrange(len(part.words))
            part.words[at] = self._numbered(sentence(self.rng, 1).rstrip("."))[0]

    def _insert(self, _above: Part, part: Part) -> None:
        at = self.rng.choice(_sentence_starts(part))
        new = self._stock(_text(part.words)) or sentence(self.rng, self.rng.randint(4, 15))
        part.words[at:at] = self._numbered(new)

    def _delete(self, above: Part, part: Part) -> None:
        start, end = self._one_sentence(part)
        if end - start == len(part.words):
            return self._drop_part(above, part)
        del part.words[start:end]
        return None

    def _move_sentence(self, above: Part, part: Part) -> None:
        start, end = self._one_sentence(part)
        if end - start == len(part.words):
            return
        moved = part.words[start:end]
        del part.words[start:end]
        self.moved.update(number for _, number in moved)
        to = self.rng.choice((part, self.rng.choice(self.leaves())[1]))
        at = self.rng.choice(_sentence_starts(to))
        to.words[at:at] = moved

    def _move_part(self, above: Part, part: Part) -> None:
        if len(above.below) > 1:
            above.below.remove(part)
            to = self.rng.choice((above, self.rng.choice(self.leaves())[0]))
            to = to if _has_room(to) else above
            part.kind = to.below[0].kind  # letters among points would be no law
            to.below.insert(self.rng.randint(0, len(to.below)), part)

    def _new_part(self, above: Part, part: Part) -> None:
        if not _has_room(above):
            return
        new = Part(part.kind, "", self._numbered(sentence(self.rng, self.rng.randint(4, 25))))
        above.below.insert(above.below.index(part), new)

    def _drop_part(self, above: Part, part: Part) -> None:
        if len(above.below) > 1:
            above.below.remove(part)

    def _split(self, above: Part, part: Part) -> None:
        starts = _sentence_starts(part)[1:-1]
        if starts and _has_room(above):
            at = self.rng.choice(starts)
            above.below.insert(above.below.index(part) + 1, Part(part.kind, "", part.words[at:]))
            del part.words[at:]

    def _merge(self, above: Part, part: Part) -> None:
        at = above.below.index(part)
        after = above.below[at + 1] if at + 1 < len(above.below) else None
        if after and not after.below:
            part.words += after.words
            above.below.remove(after)

    def _one_sentence(self, part: Part) -> tuple[int, int]:
        starts = _sentence_starts(part)
        at = self.rng.randrange(len(starts) - 1)
        return starts[at], starts[at + 1]


def _node(part: Part) -> Node:
    return Node(  # type: ignore[arg-type]
        part.kind,
        heading=part.heading,
        text=_text(part.words),
        children=tuple(map(_node, part.below)),
    )


def _has_room(above: Part) -> bool:
    return len(above.below) < len(LETTERS)


def _sentence_starts(part: Part) -> list[int]:
    """Where sentences begin, and where the last one ends."""
    ends = [n for n, (word, _) in enumerate(part.words, 1) if word.endswith(".")]
    return sorted({0, *ends, len(part.words)})


@dataclass(frozen=True, slots=True)
class Anchor:
    """A quote with its words' numbers, and those of what stands around it."""

    eid: str
    start: int
    end: int
    words: tuple[int, ...]
    around: tuple[int, ...]  # the words, and as much on either side as is told of
    text: str  # of the provision


class Snapshot:
    """One version, as the truth has it."""

    def __init__(self, law_: Rewriting) -> None:
        self.tree = law_.tree()
        self.moved = frozenset(law_.moved)
        nodes = (node for top in self.tree.nodes for node in top.walk())
        parts = zip(nodes, law_.parts(), strict=True)
        self.words = {node.eid: list(part.words) for node, part in parts}
        self.at = {
            number: (eid, n) for eid, row in self.words.items() for n, (_, number) in enumerate(row)
        }

    def anchor(self, rng: random.Random) -> Anchor:
        """A few words of some provision."""
        eid = rng.choice([eid for eid, row in self.words.items() if row])
        row = self.words[eid]
        first = rng.randrange(len(row))
        last = min(len(row), first + rng.randint(2, 12))
        before, behind = first, last
        while before > 0 and _length(row[before:first]) < AROUND:
            before -= 1
        while behind < len(row) and _length(row[last:behind]) < AROUND:
            behind += 1
        place = self._place(eid, first, last)
        return Anchor(
            *(eid, place.start, place.end),
            tuple(number for _, number in row[first:last]),
            tuple(number for _, number in row[before:behind]),
            _text(row),
        )

    def place_of(self, numbers: Sequence[int]) -> Place | None:
        """Where just these words stand one after another; None if they do not any more."""
        if numbers[0] not in self.at:
            return None
        eid, first = self.at[numbers[0]]
        row = self.words[eid][first : first + len(numbers)]
        if [number for _, number in row] != list(numbers):
            return None
        return self._place(eid, first, first + len(numbers))

    def is_unaffected(self, anchor: Anchor) -> bool:
        """Whether the words and what is around them stayed, and nobody took them elsewhere."""
        return not self.moved.intersection(anchor.words) and bool(self.place_of(anchor.around))

    def reads_as_before(self, anchor: Anchor, eid: str, start: int | None) -> bool:
        """Whether a place is beside the very words and reads as they did with what is around.

        Nobody can tell a sentence from its copy that was put right beside it.
        """
        if start is None:
            return False
        text, old = _text(self.words[eid]), anchor.text
        return (
            any(self.at.get(number, ("", 0))[0] == eid for number in anchor.words)
            and text[:start].endswith(old[max(0, anchor.start - AROUND) : anchor.start])
            and text[start:].startswith(old[anchor.start : anchor.end + AROUND])
        )

    def left_of(self, numbers: Sequence[int]) -> int:
        """How many of these words still stand anywhere."""
        return sum(number in self.at for number in numbers)

    def _place(self, eid: str, first: int, last: int) -> Place:
        row = self.words[eid]
        start = _length(row[:first]) + (1 if first else 0)
        return Place(eid, start, start + _length(row[first:last]))


def _text(row: Sequence[tuple[str, int]]) -> str:
    return " ".join(word for word, _ in row)


def _length(row: Sequence[tuple[str, int]]) -> int:
    return len(_text(row))
