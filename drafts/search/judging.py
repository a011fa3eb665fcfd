"""[pure] How well a search answers what people ask, measured against grades given by hand.

nDCG as in Järvelin & Kekäläinen, «Cumulated gain-based evaluation of IR techniques» (ACM TOIS 20:4,
2002), with gain 2^grade - 1 and the discount 1/log2(1 + rank) that is usual since.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2

AT = 10  # ranks that are looked at

Grades = Mapping[str, int]  # of what there is to be found: 0 (not named) to 3


@dataclass(frozen=True, slots=True)
class Judged:
    """One query: its language, its kind ("inflected", "bare letters" …), what ought to be found.

    `never` is what must not be found at all.
    """

    text: str
    lang: str
    kind: str
    grades: Grades
    never: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """The means over some queries."""

    queries: int
    ndcg: float
    recall: float
    wrong: int  # queries that found something they must never find


def ndcg(found: Sequence[str], grades: Grades, at: int = AT) -> float:
    """Between 0 and 1: 1 if nothing could stand higher; 1 too if nothing ought to be found."""
    best = _gained(sorted(grades.values(), reverse=True)[:at])
    return _gained([grades.get(one, 0) for one in found[:at]]) / best if best else 1.0


def recall(found: Iterable[str], grades: Grades) -> float:
    """The share of what ought to be found that was found, at any rank; 1 if nothing ought to."""
    wanted = {one for one, grade in grades.items() if grade}
    return len(wanted.intersection(found)) / len(wanted) if wanted else 1.0


def score(answers: Sequence[tuple[Judged, Sequence[str]]]) -> Score:
    """The means over queries with what was found by each, best first; there must be one."""
    many = len(answers)
    return Score(
        many,
        sum(ndcg(found, query.grades) for query, found in answers) / many,
        sum(recall(found, query.grades) for query, found in answers) / many,
        sum(not set(query.never).isdisjoint(found) for query, found in answers),
    )


def _gained(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / log2(rank + 1) for rank, grade in enumerate(grades, start=1))
