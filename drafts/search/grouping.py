"""[pure] From the texts that were found to what they are texts of, and how many of each kind.

Serves an engine that can say of a text: what it belongs to, its facet values, its score.
"""

import heapq
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from drafts.search.interface import FACETS, Query

Key = tuple[int, int]  # the draft; and a number of the provision or comment in it, or 0
Values = tuple[str, ...]  # in the order of FACETS
Filters = Mapping[str, Collection[str]]
LANG = FACETS.index("lang")


@dataclass(slots=True)
class Match:
    """The best text found among those of one draft that have the same facet values."""

    score: float
    place: int  # where the engine finds it again
    at: int = 0  # since when it is public
    matches: int = 1


Found = dict[Key, dict[Values, Match]]


def add(found: Found, key: Key, values: Values, match: Match) -> None:
    """Take note of one text."""
    group = found.setdefault(key, {})
    best = group.get(values)
    if best is None:
        group[values] = match
        return
    best.matches += 1
    if match.score > best.score:
        best.score, best.place = match.score, match.place


def sift(found: Found, filters: Filters, lang: str) -> list[tuple[Key, Match]]:
    """What passes the filters, with its best text; of equal ones that in `lang`."""
    kept = []
    for key, group in found.items():
        passing = {values: match for values, match in group.items() if not _barred(values, filters)}
        if passing:
            best = max(passing, key=lambda values: (passing[values].score, values[LANG] == lang))
            kept.append((key, passing[best]))
    return kept


def first(kept: list[tuple[Key, Match]], query: Query, *, newest: bool) -> list[Match]:
    """Those of the page that is asked for, the best or the newest first."""
    start, limit = max(query.offset, 0), max(query.limit, 0)

    def rank(one: tuple[Key, Match]) -> tuple[float, int, int, int]:
        (draft_id, part), match = one
        score = 0.0 if newest else match.score
        if query.unit == "comment":
            return score, match.at, part, 0
        return score, match.at, draft_id, -match.place  # provisions in the order of their text

    return [match for _, match in heapq.nlargest(start + limit, kept, key=rank)[start:]]


def count(found: Found, filters: Filters) -> dict[str, dict[str, int]]:
    """How many there are of each value of each facet, as if it had no filter itself."""
    alike = Counter(tuple(group) for group in found.values())
    counts: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
    for group, drafts in alike.items():
        for facet, value in {pair for values in group for pair in _counted(values, filters)}:
            counts[facet][value] += drafts
    return {facet: dict(counter.most_common()) for facet, counter in counts.items()}


def _barred(values: Values, filters: Filters) -> list[str]:
    pairs = zip(FACETS, values, strict=True)
    return [facet for facet, value in pairs if filters.get(facet) and value not in filters[facet]]


def _counted(values: Values, filters: Filters) -> list[tuple[str, str]]:
    barred = _barred(values, filters)
    if len(barred) > 1:
        return []
    pairs = zip(FACETS, values, strict=True)
    return [pair for pair in pairs if pair[1] and (not barred or pair[0] in barred)]
