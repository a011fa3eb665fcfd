"""[pure] What a figure is: a number with its parts; shares, small cells, what is disputed.

What each figure means is in metrics/*.toml; where its numbers come from in queries.py, overall.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from consult.marks import beginning
from consult.statistics.parts import ABOUT

FEW = 10  # things a share speaks of, below which it is said of how many
LEAST = 5  # people in a cell, below which it is not shown by itself
OTHER = "(other)"  # the part that holds the cells not shown one by one
EARLIER = "(earlier)"  # the part that holds what lies before the first period shown
MOST_PERIODS = 62


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and how it divides: `by` is {"kind": {"question": 3, …}, "day": {…}}.

    None is "no data", never 0; as a part it is a cell too small to show. A share is from 0 to 1;
    `of` is how many things a share, a median or a percentile speaks of.
    """

    value: float | None
    by: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)
    of: int | None = None

    def part(self, dimension: str, name: str) -> int:
        return self.by.get(dimension, {}).get(name) or 0

    def rest(self, dimension: str) -> int:
        """How many are in none of the parts as they are shown."""
        return int(self.value or 0) - sum(n or 0 for n in self.by[dimension].values())


Figures = Mapping[str, Figure]


def counted(**by: Mapping[str, int]) -> Figure:
    """A figure whose value is the sum of its parts, whichever way it is divided."""
    first = next(iter(by.values()))
    return Figure(sum(first.values()), by)


def share(part: float | None, whole: float | None) -> float | None:
    """A part of a whole from 0 to 1; None when there is no whole: no data is not 0."""
    return round((part or 0) / whole, 4) if whole else None


def ratio(part: float | None, whole: float | None) -> Figure:
    """The same as a figure, which says what it is a share of."""
    return Figure(share(part, whole), of=int(whole or 0))


def median(counts: Mapping[int, int]) -> float | None:
    """The middle of so many numbers each; of an even many, the mean of the two in the middle."""
    n = sum(counts.values())
    return (nth(counts, (n + 1) // 2) + nth(counts, n // 2 + 1)) / 2 if n else None


def percentile(counts: Mapping[int, int], rank: int) -> float | None:
    """The least of so many numbers each that `rank` per cent do not exceed (nearest rank)."""
    n = sum(counts.values())
    return nth(counts, -(-n * rank // 100)) if n else None


def nth(counts: Mapping[int, int], place: int) -> int:
    """The number in this place, from 1, of so many numbers each."""
    reached = 0
    for number in sorted(counts):
        reached += counts[number]
        if reached >= place:
            return number
    raise IndexError(place)


YEARS_IN_A_ROW = 3  # three values make two steps down


def fell_twice(values: Sequence[Figure | None], *, lower_is_better: bool = False) -> bool:
    """Whether a share got worse two years running: by its last three years, the newest last.

    Nothing is said where a year has no data, or speaks of fewer than LEAST things: one answer more
    or less would decide.
    """
    last = list(values)[-YEARS_IN_A_ROW:]
    known = [f.value for f in last if f and f.value is not None and (f.of or 0) >= LEAST]
    if len(known) < YEARS_IN_A_ROW:
        return False
    worse = known if lower_is_better else known[::-1]
    return worse[0] < worse[1] < worse[2]


def percent(value: float | None) -> int | None:
    """A share in whole per cent: 0 only for nothing at all, 100 only for everything."""
    if value is None or value in {0, 1}:
        return None if value is None else int(value * 100)
    return min(max(round(value * 100), 1), 99)


def unequal(figure: Figure) -> list[str]:
    """The dimensions whose parts do not come to the figure's value; hidden cells are left out, and
    what people said of themselves, which is rounded."""
    return [
        name
        for name, parts in figure.by.items()
        if name not in ABOUT
        and None not in parts.values()
        and sum(n or 0 for n in parts.values()) != figure.value
    ]


def sum_over(rows: Iterable[Any], *keys: str) -> dict[Any, int]:
    """Rows that have an `n`, added up by some of their other fields."""
    totals: dict[Any, int] = {}
    for row in rows:
        values = tuple(getattr(row, key) for key in keys)
        name = values if len(values) > 1 else values[0]
        totals[name] = totals.get(name, 0) + row.n
    return totals


@dataclass(frozen=True, slots=True)
class Cell:
    """A number, and of how many people it speaks."""

    n: int
    people: int


def without_small_cells(cells: Mapping[str, Cell], least: int = LEAST) -> dict[str, int | None]:
    """The parts that may be shown, the largest first; the others together as OTHER.

    A cell of fewer than `least` people is never shown by itself. If the cells left out come to
    fewer than `least` people together, the total would give them away, so the next smallest joins
    them. OTHER is None when all there are come to fewer. Those who did not say ("") are no cell;
    but then they are not told either, for the total less those would be OTHER.
    """
    waiting = sorted((cell.people, name) for name, cell in cells.items() if name)
    hidden: list[str] = []
    people = 0
    while waiting and (waiting[0][0] < least or 0 < people < least):
        n, name = waiting.pop(0)
        people += n
        hidden.append(name)
    shown: dict[str, int | None] = {name: cells[name].n for _, name in reversed(waiting)}
    if hidden:
        shown[OTHER] = sum(cells[name].n for name in hidden) if people >= least else None
    if "" in cells:
        shown[""] = cells[""].n if shown.get(OTHER, people) is not None else None
    return shown


def in_steps(cells: Mapping[str, int | None], step: int = LEAST) -> dict[str, int | None]:
    """Numbers of people rounded down to a multiple of `step`; None is what is below one.

    Those who did not say ("") are rounded too: the total less those would be the others. Where
    nobody said anything there is nothing to guard, and their number is told.
    """
    if set(cells) <= {""}:
        return dict(cells)
    return {name: n - n % step if n and n >= step else None for name, n in cells.items()}


@dataclass(frozen=True, slots=True)
class Place:
    """What was said about a provision. A voice is a comment with that stance, or a vote."""

    wid: str
    comments: int = 0
    voices_for: int = 0
    voices_against: int = 0


def most_commented(places: Iterable[Place], most: int = 10) -> list[Place]:
    """The provisions with the most comments."""
    talked = [place for place in places if place.wid and place.comments]
    return sorted(talked, key=lambda place: (-place.comments, place.wid))[:most]


def most_disputed(places: Iterable[Place], most: int = 10) -> list[Place]:
    """The provisions with the most voices against them; of two alike, the one with more for it."""
    against = [place for place in places if place.wid and place.voices_against]
    order = sorted(against, key=lambda place: (-place.voices_against, -place.voices_for, place.wid))
    return order[:most]


@dataclass(frozen=True, slots=True)
class Periods:
    """A stretch of time cut into days, weeks or months, named by the first day of each."""

    unit: str
    starts: tuple[date, ...]


def periods(first: date, last: date, most: int = MOST_PERIODS) -> Periods:
    """Days if they are few enough, else weeks (from Monday), else months."""
    days = tuple(first + timedelta(days=i) for i in range(max((last - first).days, 0) + 1))
    if len(days) <= most:
        return Periods("day", days)
    weeks = tuple(dict.fromkeys(day - timedelta(days=day.weekday()) for day in days))
    if len(weeks) <= most:
        return Periods("week", weeks)
    return Periods("month", tuple(dict.fromkeys(day.replace(day=1) for day in days)))


def months_before(day: date, many: int) -> tuple[date, ...]:
    """The first days of so many months, the last one that of `day`."""
    index = day.year * 12 + day.month - 1
    return tuple(date(i // 12, i % 12 + 1, 1) for i in range(index - many + 1, index + 1))


def from_first(parts: Mapping[str, int]) -> dict[str, int]:
    """Parts in the order of time without the empty ones before the first that counts."""
    names = list(parts)
    start = next((i for i, name in enumerate(names) if parts[name]), len(names))
    return {name: parts[name] for name in names[start:]}


def shortened(pieces: Sequence[tuple[str, str]], keep: int = 60) -> list[tuple[str, str]]:
    """A difference as pieces (op, text) with what is long left out.

    An unchanged run keeps about `keep` characters beside a change, a change four times as many.
    """
    last = len(pieces) - 1
    short: list[tuple[str, str]] = []
    for i, (op, text) in enumerate(pieces):
        if op != "same":
            cut = f"{text[: 4 * keep].rpartition(' ')[0]} …"
            short.append((op, cut if len(text) > 4 * keep else text))
            continue
        head = "" if i == 0 else text[:keep].rpartition(" ")[0] + " "
        tail = "" if i == last else " " + text[-keep:].partition(" ")[2]
        short.append((op, f"{head}…{tail}" if len(text) > 3 * keep else text))
    return short


def excerpt(text: str, most: int = 280) -> str:
    """The beginning of a text, cut between two words."""

    def cut(plain: str) -> str:
        head = plain[:most]
        return plain if len(plain) <= most else f"{head.rpartition(' ')[0] or head} …"

    return beginning(" ".join(text.split()), cut)
