"""[pure] Cutting a long text into parts that an old phone can load; two languages laid together.

A part is a range of places in reading order. No HTML and no addresses here.
"""

from collections.abc import Iterator, Sequence, Set
from itertools import pairwise
from typing import NamedTuple

LIMIT = 220_000  # weight of a part, see `weight`: its page stays under 300 kB with all around it
MARKUP = 900  # bytes of HTML around a provision: its number, its id, the way to its discussion
LIGHT = 8  # nobody turns a page for three lines: what is lighter than so much of it joins another
LETTER = 2  # bytes; one in UTF-8 that is not Latin


class Unit(NamedTuple):
    """A provision as far as cutting needs it.

    `headed`: it opens something (a chapter, an article). `bare`: it holds no words but its heading,
    so that it must not be left alone at the end of a part.
    """

    depth: int
    weight: int
    headed: bool = False
    bare: bool = False


def weight(letters: int) -> int:
    """About how many bytes of HTML a provision with so many letters takes."""
    return MARKUP + LETTER * letters


def cut(units: Sequence[Unit], limit: int = LIMIT) -> list[range]:
    """The parts of a text: together they are all of it, in order; the same for the same text.

    It is cut before the highest headings that allow it; small chapters that follow one another
    share a part; what has no heading is cut between provisions. A crumb joins its neighbour.
    No part weighs more than `limit` but one of a single provision with the headings above it.
    """
    parts = [range(0)]
    for part in _cut(units, range(len(units)), limit):
        both = range(parts[-1].start, part.stop)
        lighter = min(_weigh(units, parts[-1]), _weigh(units, part))
        if lighter * LIGHT <= limit and _weigh(units, both) <= limit:
            parts[-1] = both
        elif parts[-1]:
            parts.append(part)
        else:
            parts = [part]
    return parts


def _cut(units: Sequence[Unit], whole: range, limit: int) -> Iterator[range]:
    total = _weigh(units, whole)
    if total <= limit:
        if whole:
            yield whole
        return
    pieces = _pieces(units, whole)
    if len(pieces) == 1:
        yield whole
        return
    even = total / -(-total // limit)  # parts of like size rather than full ones and a crumb
    held, held_weight = range(whole.start, whole.start), 0
    for piece in pieces:
        piece_weight = _weigh(units, piece)
        if held and (held_weight + piece_weight > limit or held_weight >= even):
            yield held
            held, held_weight = range(piece.start, piece.start), 0
        if piece_weight > limit:
            yield from _cut(units, piece, limit)
            held, held_weight = range(piece.stop, piece.stop), 0
        else:
            held, held_weight = range(held.start, piece.stop), held_weight + piece_weight
    if held:
        yield held


def _weigh(units: Sequence[Unit], places: range) -> int:
    return sum(units[place].weight for place in places)


def _pieces(units: Sequence[Unit], whole: range) -> list[range]:
    """A range cut at its highest headings; where it has none, at its highest provisions."""
    allowed = [place for place in whole[1:] if not _belongs_to_heading(units, place)]
    headed = [place for place in allowed if units[place].headed]
    highest = min((units[place].depth for place in headed or allowed), default=0)
    cuts = [place for place in headed or allowed if units[place].depth == highest]
    edges = [whole.start, *cuts, whole.stop]
    return [range(start, stop) for start, stop in pairwise(edges)]


def _belongs_to_heading(units: Sequence[Unit], place: int) -> bool:
    above = units[place - 1]
    return above.bare and above.depth < units[place].depth


def part_with(parts: Sequence[range], place: int) -> int:
    """The number, from 1, of the part that holds a place."""
    return next(n for n, part in enumerate(parts, start=1) if place in part)


def interleave(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """The wids of two texts of one version, each once, in the order of the first.

    What only the second has comes after what it follows there: nothing is lost.
    """
    common: Set[str] = set(first)
    only: dict[str, list[str]] = {}
    last = ""
    for wid in second:
        if wid in common:
            last = wid
        else:
            only.setdefault(last, []).append(wid)
    return [*only.get("", ()), *(w for wid in first for w in (wid, *only.get(wid, ())))]
