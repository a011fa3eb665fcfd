"""[pure] The geometry of the charts, in units of an SVG viewBox; drawn by components/chart.html.

A chart is WIDTH units wide, so that letters of 14 units stay legible on a phone. Numbers come out
rounded to tenths: shorter pages, and the same picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 400
ROW = 44  # a line of words and the bar beneath it
BAR = 14
WORDS = 16  # from the top of a row to the base line of its words
LETTER = 7.6  # the width of a letter of 14 units on average; Cyrillic ones are wide
PLOT = 120  # the height of the columns
HEAD = 10  # room above them, for the upper half of the highest number
FOOT = 24  # room beneath them, for the first and the last date
GUTTER = 36  # room for the numbers on the axis
GAP = 0.2  # of a column's share of the width
TICKS = 4


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a bar. `tone` is the number of its colour class."""

    x: float
    width: float
    tone: int


@dataclass(frozen=True, slots=True)
class Row:
    """A bar with its words above it; `y` is the base line of the words, `bar_y` its upper edge."""

    label: str
    value: str
    y: float
    bar_y: float
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars from one common line."""

    height: int
    rows: tuple[Row, ...]
    said: tuple[str, ...]  # each bar in words: the text alternative


def bars(
    items: Sequence[tuple[str, Sequence[int], str]], tones: Sequence[int] = (1,), whole: int = 0
) -> Bars:
    """Bars for (label, numbers, what is written at the end).

    Several numbers of one bar follow one another in the colours of `tones`. The width of the chart
    stands for the `whole` that the bars are shares of; without one, for the longest bar.
    """
    most = whole or max((sum(numbers) for _, numbers, _ in items), default=0)
    rows = []
    for i, (label, numbers, value) in enumerate(items):
        room = WIDTH - LETTER * (len(value) + 2)
        row = Row(
            label=fitted(label, room),
            value=value,
            y=i * ROW + WORDS,
            bar_y=i * ROW + WORDS + 6,
            segments=_segments(numbers, tones, most),
        )
        rows.append(row)
    said = tuple(f"{label}: {value}" for label, _, value in items)
    return Bars(len(items) * ROW, tuple(rows), said)


def _segments(numbers: Sequence[int], tones: Sequence[int], most: int) -> tuple[Segment, ...]:
    found, x = [], 0.0
    for n, tone in zip(numbers, tones, strict=True):
        width = scaled(n, most, WIDTH)
        if n:
            found.append(Segment(round(x, 1), width, tone))
        x += width
    return tuple(found)


def scaled(n: float, most: float, length: float) -> float:
    """The length that stands for `n` where `length` stands for `most`; nothing for nothing."""
    return round(n * length / most, 1) if most else 0.0


def fitted(label: str, room: float) -> str:
    """As much of a label as fits; the table beneath the chart has all of it."""
    letters = max(int(room / LETTER), 2)
    return label if len(label) <= letters else label[: letters - 1].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class Column:
    """An upright bar."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across the chart with its number."""

    y: float
    value: int


@dataclass(frozen=True, slots=True)
class Columns:
    """Upright bars in the order of time, on one axis. `peak` is the index of the highest."""

    height: int
    base: float
    left: int
    columns: tuple[Column, ...]
    ticks: tuple[Tick, ...]
    peak: int


def columns(values: Sequence[int]) -> Columns:
    """Columns for numbers at equal distances; beneath them there is room for two dates."""
    ticks = nice_ticks(max(values, default=0))
    base = HEAD + PLOT
    step = (WIDTH - GUTTER) / max(len(values), 1)
    drawn = []
    for i, value in enumerate(values):
        height = scaled(value, ticks[-1], PLOT)
        x = round(GUTTER + step * (i + GAP / 2), 1)
        drawn.append(Column(x, round(base - height, 1), round(step * (1 - GAP), 1), height))
    return Columns(
        height=base + FOOT,
        base=base,
        left=GUTTER,
        columns=tuple(drawn),
        ticks=tuple(Tick(round(base - scaled(t, ticks[-1], PLOT), 1), t) for t in ticks),
        peak=max(range(len(values)), key=values.__getitem__, default=0),
    )


def nice_ticks(most: int) -> list[int]:
    """Whole numbers from 0 to `most` or just above it, at steps of 1, 2 or 5 times a power of ten.

    After P. Heckbert, "Nice numbers for graph labels", Graphics Gems, 1990.
    """
    step, power = 1, 1
    while step * TICKS < most:
        power = power * 10 if step == 5 * power else power
        step = next(n * power for n in (1, 2, 5) if n * power > step)
    return list(range(0, max(-(-most // step), 1) * step + 1, step))
