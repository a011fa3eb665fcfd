"""Charts as numbers: nothing is drawn outside the picture, and lengths stand for what they say."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from consult.statistics.charts import (
    PLOT,
    WIDTH,
    bars,
    columns,
    fitted,
    lines,
    nice_ticks,
    scaled,
    stacked,
)

numbers = st.lists(st.integers(0, 400_000), max_size=70)


@given(numbers)
def test_columns_stay_inside_the_chart_and_stand_on_its_line(values: list[int]) -> None:
    chart = columns(values)
    assert len(chart.columns) == len(values)
    for column in chart.columns:
        assert chart.left <= column.x
        assert column.x + column.width <= WIDTH + 0.1
        assert 0 <= column.height <= PLOT
        assert abs(column.y + column.height - chart.base) < 0.2


@given(numbers)
def test_a_higher_number_never_has_a_lower_column(values: list[int]) -> None:
    heights = [column.height for column in columns(values).columns]
    ordered = sorted(zip(values, heights, strict=True))
    assert [height for _, height in ordered] == sorted(heights)


@given(st.lists(st.integers(0, 99), min_size=1))
def test_the_peak_is_the_highest_column(values: list[int]) -> None:
    assert values[columns(values).peak] == max(values)


@given(st.integers(0, 10_000_000))
def test_an_axis_has_few_whole_numbers_and_reaches_the_highest(most: int) -> None:
    ticks = nice_ticks(most)
    steps = {b - a for a, b in pairwise(ticks)}
    assert ticks[0] == 0
    assert most <= ticks[-1] <= max(most * 2, 1)
    assert 2 <= len(ticks) <= 5
    assert len(steps) == 1
    assert str(steps.pop()).rstrip("0") in {"1", "2", "5"}


@given(st.lists(st.tuples(st.integers(0, 999), st.integers(0, 999)), max_size=12))
def test_bars_are_as_long_as_their_numbers(pairs: list[tuple[int, int]]) -> None:
    chart = bars([(f"Article {i}", pair, str(pair)) for i, pair in enumerate(pairs)], (1, 3))
    most = max((sum(pair) for pair in pairs), default=0)
    for row, pair in zip(chart.rows, pairs, strict=True):
        assert len(row.segments) == sum(n > 0 for n in pair)
        length = sum(part.width for part in row.segments)
        assert abs(length - scaled(sum(pair), most, WIDTH)) <= 0.11
        assert row.bar_y + 14 <= chart.height


def test_parts_of_a_bar_follow_one_another_in_their_colours() -> None:
    row = bars([("Article 1", (1, 3), "1 for, 3 against")], (1, 3)).rows[0]
    assert [(part.x, part.width, part.tone) for part in row.segments] == [
        (0, 100, 1),
        (100, 300, 3),
    ]


def test_a_share_fills_its_part_of_the_track() -> None:
    shares = bars([("Question", (48,), "48 · 48 %"), ("Editorial", (12,), "12 · 12 %")], whole=100)
    assert [row.segments[0].width for row in shares.rows] == [0.48 * WIDTH, 0.12 * WIDTH]


def test_a_chart_is_also_said_in_words() -> None:
    assert bars([("Question", (4,), "4 · 80 %"), ("Editorial", (1,), "1 · 20 %")]).said == (
        "Question: 4 · 80 %",
        "Editorial: 1 · 20 %",
    )


def test_nothing_at_all_can_be_drawn() -> None:
    assert bars([]).height == 0
    assert columns([]).columns == ()
    assert [column.height for column in columns([0, 0]).columns] == [0, 0]
    assert bars([("Question", (0,), "0")]).rows[0].segments == ()


@given(st.text(min_size=1), st.integers(20, 400))
def test_a_label_that_is_too_long_is_cut_with_a_mark(label: str, room: int) -> None:
    cut = fitted(label, room)
    assert cut == label or (cut.endswith("…") and len(cut) <= max(room / 7, 2))


shares = st.lists(st.none() | st.integers(0, 100), min_size=1, max_size=12)


@given(shares)
def test_a_line_breaks_where_there_is_no_data_and_loses_no_point(values: list[int | None]) -> None:
    years = [str(2015 + n) for n in range(len(values))]
    chart = lines(
        years, [("Answered", [(v, "no data" if v is None else f"{v} %") for v in values])], 100
    )
    line = chart.lines[0]
    points = [point for stretch in line.stretches for point in stretch]
    assert [point.value for point in points] == [f"{v} %" for v in values if v is not None]
    assert all(
        0 <= point.x <= WIDTH and chart.base - PLOT <= point.y <= chart.base for point in points
    )
    assert [point.x for point in points] == sorted({point.x for point in points})
    gaps = sum(a is not None and b is None for a, b in pairwise([*values, None]))
    assert len(line.stretches) == gaps
    assert chart.said[0].count("no data") == values.count(None)


@given(st.lists(st.lists(st.integers(0, 90), min_size=3, max_size=3), min_size=1, max_size=5))
def test_parts_of_a_bar_fill_it_and_follow_one_another(rows: list[list[int]]) -> None:
    chart = stacked(
        ["a", "b", "c"], [(str(n), row, sum(row)) for n, row in enumerate(rows)], "no data"
    )
    for row, drawn, said in zip(rows, chart.rows, chart.said, strict=True):
        assert len(drawn.segments) == sum(n > 0 for n in row)
        if sum(row):
            assert abs(sum(part.width for part in drawn.segments) - WIDTH) < 1
        else:
            assert drawn.value == "no data"
            assert "no data" in said
    assert len({name.tone for name in chart.names}) == 3
