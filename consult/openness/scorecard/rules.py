"""[pure] The openness score of a year: totals, ranks, means, per cent, change between years.

A total is always the sum of its parts, whatever was printed; what was printed stands beside it, and
a row where the two differ is pointed out. Points are decimals and added up exactly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from consult.openness.numbers import decimals_of, mean, percent_of

Words = Mapping[str, str]  # {lang: text}


@dataclass(frozen=True, slots=True)
class Criterion:
    """What points are given for, and how many at most."""

    code: str
    names: Words
    definition: Words
    maximum: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """What one body was given, and what the publisher printed beside it, if anything."""

    body: str
    points: Mapping[str, Decimal]
    printed_total: Decimal | None = None
    printed_rank: int | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """A line with what follows from it. `is_tied`: others have the same rank."""

    line: Line
    total: Decimal
    rank: int
    is_tied: bool
    percent: Decimal | None
    total_differs: bool

    @property
    def rank_differs(self) -> bool:
        return self.line.printed_rank not in (None, self.rank)


@dataclass(frozen=True, slots=True)
class YearScore:
    """A year: its criteria, its rows from the first rank on, and their means (None: no rows)."""

    year: int
    names: Words
    criteria: Sequence[Criterion]
    maximum: Decimal
    rows: Sequence[Scored]
    mean_total: Decimal | None
    mean_printed: Decimal | None
    mean_percent: Decimal | None
    means: Mapping[str, Decimal | None]

    @property
    def differing(self) -> list[Scored]:
        """The rows whose printed total is not the sum of its parts."""
        return [row for row in self.rows if row.total_differs]

    @property
    def is_printed(self) -> bool:
        """Whether any total was printed."""
        return self.mean_printed is not None


def scored(
    year: int, names: Words, criteria: Sequence[Criterion], lines: Sequence[Line]
) -> YearScore:
    """What follows from the points of a year. Of one rank, the order of the file is kept."""
    maximum = sum((criterion.maximum for criterion in criteria), Decimal(0))
    totals = [sum(line.points.values(), Decimal(0)) for line in lines]
    places = ranks(totals)
    printed = [line.printed_total for line in lines if line.printed_total is not None]
    digits = max(map(decimals_of, printed), default=0)
    rows = [
        Scored(
            line=line,
            total=total,
            rank=rank,
            is_tied=places.count(rank) > 1,
            percent=percent_of(total, maximum),
            total_differs=differs(total, line.printed_total, digits),
        )
        for line, total, rank in zip(lines, totals, places, strict=True)
    ]
    average = mean(totals)
    return YearScore(
        year=year,
        names=names,
        criteria=criteria,
        maximum=maximum,
        rows=sorted(rows, key=lambda row: row.rank),
        mean_total=average,
        mean_printed=mean(printed),
        mean_percent=None if average is None else percent_of(average, maximum),
        means={c.code: mean([line.points[c.code] for line in lines]) for c in criteria},
    )


def ranks(values: Sequence[Decimal]) -> list[int]:
    """The rank of each value, the highest first; equal ones share the better rank: 1, 2, 2, 4."""
    first: dict[Decimal, int] = {}
    for place, value in enumerate(sorted(values, reverse=True), start=1):
        first.setdefault(value, place)
    return [first[value] for value in values]


def differs(total: Decimal, printed: Decimal | None, digits: int) -> bool:
    """Whether a printed total is another than its parts come to.

    `digits`: after the point, as totals of that year are printed. Rounding to them is no error.
    """
    return printed is not None and abs(total - printed) > Decimal(5).scaleb(-digits - 1)


def changes(now: YearScore, before: YearScore) -> dict[str, Decimal]:
    """By body: how many points of per cent it rose. Scales may differ, per cent compare."""
    was = {row.line.body: row.percent for row in before.rows}
    found = {}
    for row in now.rows:
        earlier = was.get(row.line.body)
        if row.percent is not None and earlier is not None:
            found[row.line.body] = row.percent - earlier
    return found
