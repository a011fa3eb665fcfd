"""[pure] From the texts that were found to their drafts, and how many there are of each kind.

Serves any engine that can say of a text: its draft, its facet values, its score.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from drafts.search.interface import FACETS

Values = tuple[str, ...]  # in the order of FACETS
Filters = Mapping[str, Collection[str]]


@dataclass(slots=True)
class Match:
    """The best text found among those of one draft that have the same facet values."""

    score: float
    place: int  # where the engine finds it again
    matches: int = 1


Found = dict[int, dict[Values, Match]]


def add(found: Found, draft_id: int, values: Values, score: float, place: int) -> None:
    """Take note of one text."""
    group = found.setdefault(draft_id, {})
    match = group.get(values)
    if match is None:
        group[values] = Match(score, place)
        return
    match.matches += 1
    if score > match.score:
        match.score, match.place = score, place


def sift(found: Found, filters: Filters, lang: str) -> list[tuple[int, Match]]:
    """Each draft that passes the filters with its best text; of equal ones that in `lang`."""
    kept = []
    for draft_id, group in found.items():
        passing = {values: match for values, match in group.items() if not _barred(values, filters)}
        if passing:
            values = max(passing, key=lambda values: (passing[values].score, lang in values))
            best = passing[values]
            matches = sum(match.matches for match in passing.values())
            kept.append((draft_id, Match(best.score, best.place, matches)))
    return kept


def count(found: Found, filters: Filters) -> dict[str, dict[str, int]]:
    """How many drafts there are of each value of each facet, as if it had no filter itself."""
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
