"""What a figure is: totals and their parts, shares, small cells, disputes."""

import math
import statistics
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.statistics.rules import (
    EARLIER,
    LEAST,
    OTHER,
    Cell,
    Figure,
    Place,
    counted,
    excerpt,
    fell_twice,
    from_first,
    in_steps,
    median,
    months_before,
    most_commented,
    most_disputed,
    percent,
    percentile,
    periods,
    ratio,
    share,
    shortened,
    unequal,
    without_small_cells,
)
from drafts.versions.diffing import apply, diff_words

names = st.text("абв", max_size=3)
counts = st.dictionaries(names, st.integers(0, 40), min_size=1)
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(counts)
def test_a_total_is_the_sum_of_its_parts(parts: Mapping[str, int]) -> None:
    figure = counted(kind=parts)
    assert figure.value == sum(parts.values())
    assert unequal(figure) == []


def test_parts_that_do_not_come_to_the_total_are_named() -> None:
    assert unequal(Figure(3, {"kind": {"a": 1, "b": 2}, "day": {"x": 4}})) == ["day"]


def test_hidden_parts_are_not_held_against_a_total() -> None:
    assert unequal(Figure(3, {"region": {OTHER: None}})) == []


def test_nothing_of_nothing_is_no_data_not_zero() -> None:
    assert share(0, 0) is None
    assert share(0, None) is None
    assert percent(None) is None
    assert percent(share(0, 7)) == 0


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_only_nothing_is_0_per_cent_and_only_everything_100(part: int, more: int) -> None:
    value = percent(share(part, part + more))
    assert value != 100
    assert (value == 0) == (share(part, part + more) == 0)
    assert percent(share(more, more)) == 100


cells = st.dictionaries(names, st.builds(Cell, n=st.integers(1, 30), people=st.integers(1, 30)))


@given(cells)
def test_a_small_cell_is_never_shown_by_itself(given_cells: dict[str, Cell]) -> None:
    shown = without_small_cells(given_cells)
    for name in shown:
        assert name in {OTHER, ""} or given_cells[name].people >= LEAST


@given(cells)
def test_what_is_left_out_cannot_be_found_by_subtraction(given_cells: dict[str, Cell]) -> None:
    shown = without_small_cells(given_cells)
    hidden = [cell for name, cell in given_cells.items() if name not in shown]
    people = sum(cell.people for cell in hidden)
    assert (OTHER in shown) == bool(hidden)
    if people >= LEAST:
        assert shown[OTHER] == sum(cell.n for cell in hidden)
    elif hidden:  # then there is nothing else it could be subtracted from
        assert shown[OTHER] is None
        assert set(shown) <= {OTHER, ""}
        assert shown.get("") is None  # else the total less those would be what is hidden


@given(cells)
def test_the_cells_shown_still_come_to_the_total(given_cells: dict[str, Cell]) -> None:
    shown = without_small_cells(given_cells)
    if None not in shown.values():
        assert sum(n or 0 for n in shown.values()) == sum(c.n for c in given_cells.values())


def test_a_single_small_region_takes_the_next_smallest_with_it() -> None:
    people = {"Naryn": 2, "Talas": 9, "Bishkek": 40, "": 3}
    shown = without_small_cells({name: Cell(n, n) for name, n in people.items()})
    assert shown == {"Bishkek": 40, OTHER: 11, "": 3}


@given(cells)
def test_what_people_said_of_themselves_is_told_in_steps(given_cells: dict[str, Cell]) -> None:
    shown = without_small_cells({name: Cell(c.n, c.n) for name, c in given_cells.items()})
    told = in_steps(shown)
    assert set(told) == set(shown)
    if set(shown) - {""}:
        assert all(n is None or (n >= LEAST and n % LEAST == 0) for n in told.values())
    assert all(n is None or 0 <= (shown[name] or 0) - n < LEAST for name, n in told.items())


def test_the_most_disputed_provision_has_the_most_voices_against_it() -> None:
    places = [
        Place("", 9, 9, 9),
        Place("art_1", 5, 20, 3),
        Place("art_2", 2, 0, 8),
        Place("art_3", 7, 30, 0),
        Place("art_4", 0, 1, 3),
    ]
    assert [place.wid for place in most_disputed(places)] == ["art_2", "art_1", "art_4"]
    assert [place.wid for place in most_commented(places)] == ["art_3", "art_1", "art_2"]
    assert [place.wid for place in most_commented(places, 1)] == ["art_3"]


@given(days, st.integers(0, 5000))
def test_periods_are_few_and_leave_no_day_out(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    cut = periods(first, last)
    assert len(cut.starts) <= 62 or cut.unit == "month"
    assert list(cut.starts) == sorted(set(cut.starts))
    assert cut.starts[0] <= first
    assert cut.starts[-1] <= last


def test_a_month_is_shown_by_days_and_a_year_by_weeks() -> None:
    assert periods(date(2026, 9, 7), date(2026, 10, 7)).unit == "day"
    weeks = periods(date(2026, 1, 1), date(2026, 12, 31))
    assert weeks.unit == "week"
    assert weeks.starts[0] == date(2025, 12, 29)  # the Monday before


def test_months_are_counted_back_across_a_new_year() -> None:
    assert months_before(date(2026, 2, 14), 3) == (
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    )


def test_time_begins_with_the_first_thing_that_happened() -> None:
    assert from_first({EARLIER: 0, "2026-01": 0, "2026-02": 1, "2026-03": 0}) == {
        "2026-02": 1,
        "2026-03": 0,
    }
    assert from_first({"2026-01": 0}) == {}


def test_a_long_difference_keeps_what_stands_beside_a_change() -> None:
    before = " ".join(f"word{i}" for i in range(100))
    after = before.replace("word50", "another")
    pieces = [(piece.op, piece.text) for piece in diff_words(before, after)]
    short = shortened(pieces)
    assert [op for op, _ in short] == ["same", "delete", "insert", "same"]
    assert sum(len(text) for _, text in short) < 200
    assert short[0][1].startswith("… ")
    assert short[3][1].endswith(" …")


@given(st.lists(st.sampled_from(["law", "is", "law,"]), max_size=8))
def test_a_short_difference_is_left_as_it_is(words: list[str]) -> None:
    before, after = " ".join(words), " ".join(reversed(words))
    pieces = diff_words(before, after)
    assert shortened(pieces) == list(pieces)
    assert apply(pieces, before) == after


@given(st.text("аб \n", max_size=200), st.integers(5, 80))
def test_an_excerpt_is_the_beginning_and_never_longer(text: str, most: int) -> None:
    short = excerpt(text, most)
    assert len(short) <= most + 2
    assert " ".join(text.split()).startswith(short.removesuffix(" …"))


@given(st.lists(st.integers(-9, 400), min_size=1, max_size=40))
def test_median_and_percentile_are_those_of_the_list(values: list[int]) -> None:
    counted_by = Counter(values)
    assert median(counted_by) == statistics.median(values)
    assert percentile(counted_by, 90) == sorted(values)[math.ceil(0.9 * len(values)) - 1]
    assert median({}) is None
    assert percentile({}, 90) is None


@pytest.mark.parametrize(
    ("values", "fell"),
    [
        ((0.9, 0.8, 0.7), True),
        ((0.9, 0.8, 0.8), False),  # the last year it stayed
        ((0.9, 0.7, 0.8), False),
        ((0.5, 0.9, 0.8, 0.7), True),  # the last three count
        ((0.9, None, 0.7), False),  # no data is no fall
        ((0.9, 0.8), False),
    ],
)
def test_two_steps_down_in_the_last_three_years_are_told(
    values: tuple[float | None, ...], fell: bool
) -> None:
    assert fell_twice([Figure(value, of=50) for value in values]) == fell
    assert not fell_twice([Figure(value, of=LEAST - 1) for value in values])
    upside_down = [Figure(None if value is None else -value, of=50) for value in values]
    assert fell_twice(upside_down, lower_is_better=True) == fell


def test_a_share_says_of_how_many() -> None:
    assert ratio(1, 3) == Figure(0.3333, of=3)
    assert ratio(0, 0) == Figure(None, of=0)
