"""[pure] Where a comment stands in a later version: in which provision, and in what state.

Which provision became which is read from the published lists of changes; where the words are
inside one is drafts/versions/anchoring.py. What is done with the result is actions.py.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from drafts.versions.anchoring import STATES, Quote, State, find_certain, is_unmistakable, resolve

RELEVANCE = ("", "relevant", "settled")  # what an author says of a comment; "" is nothing yet
ASKED = frozenset({"weak", "provision_only", "text_deleted", "orphan"})
GONE = frozenset({"provision_only", "text_deleted", "orphan"})
JOINED = frozenset({"split", "merged"})
MOVED = frozenset({"moved", "renumbered"})


class Step(NamedTuple):
    """What became of a provision from one version to the next, as the list of changes says."""

    kind: str
    wid: str


# By old wid; several steps where it was split. Empty: no list was made, so wids say it.
Steps = Mapping[str, Sequence[Step]]


class Heir(NamedTuple):
    """A provision that carries on (a part of) an earlier one; `kinds` is what happened on the way.

    `wid` is "" for no provision at all.
    """

    wid: str
    kinds: frozenset[str] = frozenset()


class Line(NamedTuple):
    """A provision of a text in reading order."""

    wid: str
    depth: int
    label: str
    heading: str
    text: str


class Standing(NamedTuple):
    """Where a comment stands in a version; `start` and `end` are offsets in that provision."""

    state: State
    wid: str = ""
    start: int | None = None
    end: int | None = None


class Text:
    """One version in one language, asked by wid."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines = tuple(lines)
        self.at = {line.wid: n for n, line in enumerate(self.lines)}
        self.joined = "\f".join(line.text for line in self.lines)
        lengths = (len(line.text) + 1 for line in self.lines)
        self.starts = list(accumulate(lengths, initial=0))[:-1]

    def __contains__(self, wid: str) -> bool:
        return wid in self.at

    def own(self, wid: str) -> str:
        """The text of the provision itself: what a quote is taken from."""
        return self.lines[self.at[wid]].text

    def part(self, wid: str) -> tuple[Line, ...]:
        """The provision and all below it."""
        start = self.at[wid]
        end = start + 1
        while end < len(self.lines) and self.lines[end].depth > self.lines[start].depth:
            end += 1
        return self.lines[start:end]

    def words(self, wid: str) -> list[str]:
        """All words from there down, whatever the numbers: what a comment without a quote is on."""
        return [w for line in self.part(wid) for w in f"{line.heading}\n{line.text}".split()]

    def wid_at(self, offset: int) -> str:
        """The provision whose text stands at this offset of `joined`."""
        return self.lines[bisect_right(self.starts, offset) - 1].wid


def heirs(wid: str, versions: Sequence[Steps]) -> tuple[Heir, ...]:
    """The provisions that carry on this one after some versions, itself first; none if deleted."""
    found = {wid: frozenset[str]()}
    for steps in versions:
        if not steps:
            continue
        later: dict[str, frozenset[str]] = {}
        for old, kinds in found.items():
            for step in steps.get(old, ()):
                if step.wid:
                    later[step.wid] = later.get(step.wid, frozenset()) | kinds | {step.kind}
        found = later
    return tuple(Heir(w, found[w]) for w in sorted(found, key=lambda w: (w != wid, w)))


def stands(
    quote: Quote | None, wid: str, old: Text | None, new: Text | None, carried: Sequence[Heir]
) -> Standing:
    """Where a comment made on `wid` of `old` stands in `new`, given who carries the provision on.

    Without a text in its language (None) only the provision is known. Of several heirs the one
    with the best state counts, of equals the first.
    """
    if old is None or new is None:
        return Standing("provision_only", carried[0].wid) if carried else Standing("orphan")
    there = [heir for heir in carried if heir.wid in new]
    if quote is None:
        return _whole(wid, old, new, there)
    if old.own(wid)[quote.start : quote.end] != quote.exact:  # nothing the site does leads here
        return Standing("provision_only", there[0].wid) if there else Standing("orphan")
    found = [_in_provision(quote, wid, old, heir.wid, new) for heir in there]
    best = min(found, key=_rank, default=Standing("orphan"))
    if best.state in GONE and (elsewhere := _elsewhere(quote, wid, old, new)):
        return elsewhere
    return best


def _rank(standing: Standing) -> int:
    return STATES.index(standing.state)


def _in_provision(quote: Quote, wid: str, old: Text, heir: str, new: Text) -> Standing:
    """Where the words are in an heir. In one that was changed they are exact only if no other
    provision has them: then a wrong pair cannot make them so."""
    before, after = old.own(wid), new.own(heir)
    found = resolve(quote, before, after)
    state = found.state
    if state == "exact" and before != after and found.start is not None:
        laws = (old.joined, new.joined)
        state = "exact" if is_unmistakable(quote, before, after, found.start, laws) else "shifted"
    return Standing(state, heir, found.start, found.end)


def _whole(wid: str, old: Text, new: Text, there: Sequence[Heir]) -> Standing:
    """A comment on a provision as such: on all words from there down."""
    if not there:
        return Standing("orphan")
    heir = there[0]
    if heir.kinds & JOINED or _words(old, wid) != _words(new, heir.wid):
        return Standing("weak", heir.wid)
    return Standing("shifted" if heir.kinds & MOVED else "exact", heir.wid)


@lru_cache(maxsize=32)  # the comments on one provision come one after another
def _words(text: Text, wid: str) -> list[str]:
    return text.words(wid)


def _elsewhere(quote: Quote, wid: str, old: Text, new: Text) -> Standing | None:
    """The same words in a provision that does not carry this one on, if they are certainly they."""
    at = find_certain(quote, old.own(wid), (old.joined, new.joined))
    if at is None:
        return None
    home = new.wid_at(at)
    start = at - new.starts[new.at[home]]
    return Standing("shifted", home, start, start + len(quote.exact))


def is_changed(
    quote: Quote | None,
    here: Standing,
    new: Text | None,
    before: Standing | None,
    previous: Text | None,
) -> bool:
    """Whether the text under a comment changed with this version, so that its author is asked.

    `before` is where it stood in the version before this; None when it was made on that one.
    What already read so then was asked then; of a text that is not there nothing can be asked.
    """
    if here.state not in ASKED or new is None:
        return False
    if before is None or previous is None or before.state != here.state:
        return True
    return _passage(quote, here, new) != _passage(quote, before, previous)


def _passage(quote: Quote | None, standing: Standing, text: Text) -> Sequence[str]:
    if standing.state != "weak":
        return ()
    if quote is None:
        return _words(text, standing.wid)
    return text.own(standing.wid)[standing.start : standing.end].split()


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A difference around a mark: pieces (same | ins | del, words) before it, in it, after it."""

    before: tuple[tuple[str, str], ...]
    marked: tuple[tuple[str, str], ...]
    after: tuple[tuple[str, str], ...]


def marked(pieces: Iterable[tuple[str, str]], start: int | None, end: int | None) -> Excerpt:
    """A difference cut where a passage of the new text begins and ends; removed words stay in it.

    Without a passage all of it stands before the mark.
    """
    if start is None or end is None:
        return Excerpt(tuple(pieces), (), ())
    parts: tuple[list[tuple[str, str]], ...] = ([], [], [])
    at = 0
    for op, text in pieces:
        if op == "del":
            parts[0 if at < start else 1 if at < end else 2].append((op, text))
            continue
        cuts = [0, *(min(max(cut - at, 0), len(text)) for cut in (start, end)), len(text)]
        for part, (first, last) in zip(parts, pairwise(cuts), strict=True):
            if first < last:
                part.append((op, text[first:last]))
        at += len(text)
    return Excerpt(*map(tuple, parts))


def with_marks(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[str, str]]:
    """A text in pieces (same | mark, words) with some passages marked; they may overlap.

    What reaches beyond the text is left out. Empty when nothing is marked.
    """
    within = sorted((start, end) for start, end in spans if 0 <= start < end <= len(text))
    pieces: list[tuple[str, str]] = []
    at = 0
    for start, end in within:
        start = max(start, at)
        if start >= end:
            continue
        if at < start:
            pieces.append(("same", text[at:start]))
        pieces.append(("mark", text[start:end]))
        at = end
    return [*pieces, ("same", text[at:])] if pieces and at < len(text) else pieces
