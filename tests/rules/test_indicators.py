"""Indicators of a programme: how bounds are written, which way is better, what is met."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.errors import Invalid
from consult.openness.indicators.reading import Reading, read_indicators
from consult.openness.indicators.rules import (
    COMPARATORS,
    Bound,
    Role,
    Standing,
    direction_of,
    is_met,
    judge,
    latest,
    read_bound,
)

NUMBERS = st.decimals(0, 100, places=2)
SIGNS = st.sampled_from(["", *COMPARATORS])


def target(text: str, year: int = 2030, unit: str = "percent") -> Bound:
    return read_bound(text, Role.TARGET, year, unit)


def baseline(text: str, year: int = 2020, unit: str = "percent") -> Bound:
    return read_bound(text, Role.BASELINE, year, unit)


@given(SIGNS, NUMBERS)
def test_a_bound_says_itself_as_it_was_written(sign: str, number: Decimal) -> None:
    assert str(target(f"{sign}{number}")) == f"{sign}{number}"
    assert target(f" {sign} {number} % ") == target(f"{sign}{number}")


@pytest.mark.parametrize(
    ("written", "meant"), [("≥90", ">=90"), ("≤ 5 %", "<=5"), ("=>3", ">=3"), ("0,5", "0.5")]
)
def test_other_ways_to_write_a_sign(written: str, meant: str) -> None:
    assert str(target(written)) == meant


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        *(("", "count"), (">", "count"), ("<>5", "count"), ("101", "percent"), ("-1", "count")),
        *(("1.5", "rank"), ("1.5", "count"), ("half", "percent"), (">=x", "days")),
    ],
)
def test_what_means_nothing_is_refused(text: str, unit: str) -> None:
    with pytest.raises(Invalid):
        target(text, unit=unit)


@given(SIGNS.filter(bool), NUMBERS, NUMBERS, st.sampled_from(["higher", "lower"]))
def test_a_sign_is_taken_as_it_stands_whichever_way_is_better(
    sign: str, bound: Decimal, value: Decimal, direction: str
) -> None:
    assert is_met(target(f"{sign}{bound}"), value, direction) == COMPARATORS[sign](value, bound)


@given(NUMBERS, NUMBERS)
def test_a_mere_number_is_to_be_reached(bound: Decimal, value: Decimal) -> None:
    assert is_met(target(str(bound)), value, "higher") == (value >= bound)
    assert is_met(target(str(bound)), value, "lower") == (value <= bound)


def test_the_better_way_follows_from_the_unit_the_signs_or_the_numbers() -> None:
    assert direction_of("rank", [target("1", unit="rank"), target("5", unit="rank")]) == "lower"
    assert direction_of("percent", [baseline("<10"), target(">=5"), target("50")]) == "higher"
    assert direction_of("days", [baseline("9", unit="days"), target("<=9", unit="days")]) == "lower"
    assert direction_of("days", [baseline("9", unit="days"), target("3", unit="days")]) == "lower"
    assert direction_of("percent", [baseline("9"), target("9")]) == "higher"


BOUNDS = [baseline("<10"), target("50", 2025), target("100", 2030)]


def standings(values: dict[int, str], this_year: int, direction: str = "higher") -> list[str]:
    amounts = {year: Decimal(text) for year, text in values.items()}
    return [one.standing.value for one in judge(BOUNDS, amounts, direction, this_year)]


def test_a_target_whose_year_is_over_is_judged_by_that_year_alone() -> None:
    assert standings({2024: "60", 2026: "60"}, 2027) == ["no_data", "on_the_way"]
    assert standings({2025: "50"}, 2027) == ["met", "on_the_way"]
    assert standings({2025: "49.99"}, 2027) == ["not_met", "on_the_way"]
    assert standings({2030: "99"}, 2031) == ["no_data", "not_met"]


def test_a_target_to_come_is_met_on_the_way_or_not_by_the_latest_value() -> None:
    assert standings({}, 2025) == ["no_data", "no_data"]
    assert standings({2025: "55"}, 2025) == ["met", "on_the_way"]
    assert standings({2022: "30", 2024: "10"}, 2025) == ["not_met", "not_met"]  # no better than <10
    assert standings({2024: "100"}, 2025) == ["met", "met"]


def test_no_value_from_before_the_baseline_or_from_the_future_is_taken() -> None:
    assert standings({2019: "100", 2029: "100"}, 2025) == ["no_data", "no_data"]


def test_where_lower_is_better_a_smaller_number_is_progress() -> None:
    bounds = [baseline("21", 2012, "rank"), target("15", 2016, "rank"), target("10", 2018, "rank")]
    judged = judge(bounds, {2014: Decimal(18), 2016: Decimal(15)}, "lower", 2016)
    assert [one.standing for one in judged] == [Standing.MET, Standing.ON_THE_WAY]
    newest = latest(bounds, {2014: Decimal(18), 2020: Decimal(9)}, "lower")
    assert newest is not None
    assert (newest.year, newest.reaches_last) == (2020, True)


@given(
    st.dictionaries(st.integers(2015, 2035), NUMBERS),
    st.integers(2015, 2035),
    st.sampled_from(["higher", "lower"]),
)
def test_no_data_is_said_exactly_where_there_is_no_value(
    values: dict[int, Decimal], this_year: int, direction: str
) -> None:
    for one in judge(BOUNDS, values, direction, this_year):
        assert (one.standing is Standing.NO_DATA) == (one.value is None) == (one.year is None)
        assert (one.standing is Standing.MET) == (
            one.value is not None and is_met(one.target, one.value, direction)
        )


GOOD = """no,indicator,unit,baseline_2020,target_2025,target_2030
1,share of schools with a library,percent,<10,50,100
R,rank in an index (years 2018 / 2022 / 2026),rank (lower is better),40,30,20
3,new wells,number,,,>=12
"""


def read(text: str) -> Reading:
    return read_indicators(text.encode())


def said(text: str) -> list[str]:
    reading = read(text)
    assert not reading.indicators
    return [str(problem) for problem in reading.problems]


def test_a_file_gives_its_indicators_and_a_row_may_have_years_of_its_own() -> None:
    share, rank, wells = read(GOOD).indicators
    assert [(str(b), b.year) for b in share.bounds] == [("<10", 2020), ("50", 2025), ("100", 2030)]
    assert (rank.words, rank.unit, rank.direction) == ("rank in an index", "rank", "lower")
    assert [bound.year for bound in rank.bounds] == [2018, 2022, 2026]
    assert (wells.unit, [str(bound) for bound in wells.bounds]) == ("count", [">=12"])


@pytest.mark.parametrize("text", ["\ufeff" + GOOD, GOOD.replace(",", ";"), GOOD.replace(",", "\t")])
def test_a_file_is_read_however_a_spreadsheet_saves_it(text: str) -> None:
    assert read(text) == read(GOOD)


def test_all_that_is_wrong_is_told_at_once_with_its_line() -> None:
    found = said(
        "no,indicator,unit,baseline_2020,target_2025,note\n"
        "1,a (years 2018 / 2020 / 2022),percent,1,2,\n"
        "1,,stars,1,2,\n"
        "2,b (years 2022 / 2018),percent,5,101,\n"
        ",c,count,0,,\n"
    )
    assert found == [
        "The column “note” is not known.",
        "Line 2: 3 years are named, but 2 columns hold numbers.",
        "Line 3, indicator: there is nothing in this cell.",
        "Line 3: “stars” is no unit. There are: count, percent, rank, points, days.",
        "Line 3: the number 1 stands in line 2 already.",
        "Line 4: the years do not follow one another.",
        "Line 4, target_2025: “101” is not between 0 and 100 per cent.",
        "Line 5, no: there is nothing in this cell.",
        "Line 5, target_2025: there is nothing in this cell.",
    ]


@pytest.mark.parametrize(
    ("heading", "problem"),
    [
        ("no,indicator,unit", "No column is called “target_” and a year, such as “target_2030”."),
        ("no,unit,target_2030", "No column is called “indicator”."),
        ("no,indicator,unit,target_2030,target_2025", "The years of the columns do not follow"),
        ("no,indicator,unit,target_2030,baseline_2031", "The years of the columns do not follow"),
        ("no,indicator,unit,baseline_2018,baseline_2019,target_2030", "There are several"),
    ],
)
def test_a_heading_that_says_too_little_is_refused(heading: str, problem: str) -> None:
    cells = ",".join("1" for _ in heading.split(","))
    assert any(one.startswith(problem) for one in said(f"{heading}\n{cells}\n"))


@given(st.binary(max_size=300))
def test_whatever_bytes_come_they_are_read_or_refused(data: bytes) -> None:
    try:
        reading = read_indicators(data)
    except Invalid:
        return
    assert reading.problems or reading.indicators
