"""[pure] The geometry of the charts, in units of an SVG viewBox; drawn by components/chart.html.

A chart is WIDTH units wide, so that letters of 14 units stay legible on a phone. Numbers come out
rounded to tenths: shorter pages, and the same picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 400
ROW = 44  # a line of words and the bar beneath it
BAR = 14
PART_TONES = (1, 2, 5, 3)  # of the parts of one bar: neighbours differ in lightness
STACKED = 50  # the same where the bar is thicker, for its parts to be seen
WORDS = 16  # from the top of a row to the base line of its words
LETTER = 7.6  # the width of a letter of 14 units on average; Cyrillic ones are wide
PLOT = 120  # the height of the columns
HEAD = 10  # room above them, for the upper half of the highest number
FOOT = 24  # room beneath them, for the first and the last date
GUTTER = 36  # room for the numbers on the axis
MARGIN = 24  # left of the first point of a line, right of the last
NAME = 22  # a line of words that names a line of a chart
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


@dataclass(frozen=True, slots=True)
class Point:
    """A value of a line: where it stands, and what is written above it."""

    x: float
    y: float
    value: str


@dataclass(frozen=True, slots=True)
class Line:
    """One thing over the years. `stretches` are its points, apart where a year has no data.

    `tone` is its number: lines are told apart by their strokes and the shapes of their points, not
    by colour alone. Its name stands above the plot, on the base line `name_y`.
    """

    name: str
    tone: int
    name_y: float
    stretches: tuple[tuple[Point, ...], ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines on one axis in the order of time; `years` are (x, what is written beneath)."""

    height: float
    base: float
    left: int
    lines: tuple[Line, ...]
    ticks: tuple[Tick, ...]
    years: tuple[tuple[float, str], ...]
    said: tuple[str, ...]  # each line in words: the text alternative


Series = tuple[str, Sequence[tuple[float | None, str]]]


def lines(years: Sequence[str], series: Sequence[Series], whole: int) -> Lines:
    """Lines for (name, a value or None and its words for each of the `years`).

    The axis ends at `whole`: 100 for shares in per cent.
    """
    base = NAME * len(series) + HEAD + PLOT
    step = (WIDTH - GUTTER - 2 * MARGIN) / max(len(years) - 1, 1)
    places = [round(GUTTER + MARGIN + step * i, 1) for i in range(len(years))]
    ticks = nice_ticks(whole)

    def point(x: float, value: float | None, said: str) -> Point | None:
        if value is None:
            return None
        return Point(x, round(base - scaled(value, ticks[-1], PLOT), 1), said)

    drawn = []
    for tone, (name, values) in enumerate(series, start=1):
        points = [point(x, *value) for x, value in zip(places, values, strict=True)]
        label = fitted(name, WIDTH - NAME)
        drawn.append(Line(label, tone, NAME * (tone - 1) + WORDS, _stretches(points)))
    return Lines(
        height=base + FOOT,
        base=base,
        left=GUTTER,
        lines=tuple(drawn),
        ticks=tuple(Tick(round(base - scaled(t, ticks[-1], PLOT), 1), t) for t in ticks),
        years=tuple(zip(places, years, strict=True)),
        said=tuple(_told(name, years, values) for name, values in series),
    )


def _told(name: str, years: Sequence[str], values: Sequence[tuple[float | None, str]]) -> str:
    each = (f"{year} {said}" for year, (_, said) in zip(years, values, strict=True))
    return f"{name}: {', '.join(each)}"


def _stretches(points: Sequence[Point | None]) -> tuple[tuple[Point, ...], ...]:
    """Points that follow one another without a gap."""
    found: list[list[Point]] = [[]]
    for point in points:
        if point is None:
            found.append([])
        else:
            found[-1].append(point)
    return tuple(tuple(stretch) for stretch in found if stretch)


@dataclass(frozen=True, slots=True)
class Name:
    """A line of words that says what a colour stands for."""

    label: str
    tone: int
    y: float


@dataclass(frozen=True, slots=True)
class Stacked:
    """Bars as long as the chart is wide, each cut into its parts, in the same order everywhere."""

    height: float
    names: tuple[Name, ...]
    rows: tuple[Row, ...]
    said: tuple[str, ...]


def stacked(
    names: Sequence[str], items: Sequence[tuple[str, Sequence[int], int]], no: str
) -> Stacked:
    """Shares of the whole of each of (label, numbers, their sum); `no`: what is said of none."""
    top = NAME * len(names) + WORDS / 2
    tones = PART_TONES[: len(names)]
    rows = [
        Row(
            label=label,
            value=f"{whole}" if whole else no,
            y=top + i * STACKED + WORDS,
            bar_y=top + i * STACKED + WORDS + 6,
            segments=_segments(numbers, tones, whole),
        )
        for i, (label, numbers, whole) in enumerate(items)
    ]
    said = (
        f"{label}: "
        + (", ".join(map(_part, names, numbers, [whole] * len(names))) if whole else no)
        for label, numbers, whole in items
    )
    legend = (
        Name(name, tone, NAME * i + WORDS)
        for i, (name, tone) in enumerate(zip(names, tones, strict=True))
    )
    return Stacked(top + len(items) * STACKED, tuple(legend), tuple(rows), tuple(said))


def _part(name: str, n: int, whole: int) -> str:
    return f"{name} {n}/{whole}"
