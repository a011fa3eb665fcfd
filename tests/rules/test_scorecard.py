"""The openness score: totals, ranks, means, what is taken from a file and what is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.errors import Invalid, TooLarge
from consult.openness.numbers import mean, number_in, plain, rounded
from consult.openness.scorecard.reading import Reading, read_scorecard
from consult.openness.scorecard.rules import (
    Criterion,
    Line,
    YearScore,
    changes,
    differs,
    ranks,
    scored,
)
from consult.tables import MOST_BYTES

POINTS = st.decimals(0, 25, places=2)
NAMES = {"en": "Openness"}


def criterion(code: str, maximum: int = 25) -> Criterion:
    return Criterion(code, {"en": code}, {"en": code}, Decimal(maximum))


TWO = [criterion("data"), criterion("budgets")]
SCALE = {2019: TWO, 2020: [criterion("data", 20), criterion("budgets", 20), criterion("site", 20)]}


def criteria_of(year: int) -> list[Criterion]:
    return SCALE.get(year, [])


def line(body: str, *points: str, printed: str = "") -> Line:
    given_ = dict(zip(("data", "budgets"), map(Decimal, points), strict=True))
    return Line(body, given_, Decimal(printed) if printed else None)


def year(*lines: Line, criteria: list[Criterion] = TWO) -> YearScore:
    return scored(2019, NAMES, criteria, lines)


@given(st.lists(st.tuples(POINTS, POINTS), max_size=20))
def test_a_total_is_the_sum_of_its_parts_and_the_mean_that_of_the_totals(
    points: list[tuple[Decimal, Decimal]],
) -> None:
    score = year(*(line(str(i), str(a), str(b)) for i, (a, b) in enumerate(points)))
    assert sorted(row.total for row in score.rows) == sorted(a + b for a, b in points)
    totals = [a + b for a, b in points]
    assert score.mean_total == mean(totals)
    assert (score.mean_total is None) == (not points)
    assert all(0 <= (row.percent or 0) <= 100 for row in score.rows)


@given(st.lists(POINTS, max_size=30))
def test_a_rank_is_one_more_than_how_many_have_more(values: list[Decimal]) -> None:
    assert ranks(values) == [1 + sum(other > value for other in values) for value in values]


def test_equal_totals_share_the_better_rank_and_the_next_is_left_out() -> None:
    score = year(line("A", "9", "1"), line("B", "5", "4"), line("C", "4", "5"), line("D", "1", "1"))
    assert [(row.line.body, row.rank, row.is_tied) for row in score.rows] == [
        ("A", 1, False),
        ("B", 2, True),
        ("C", 2, True),
        ("D", 4, False),
    ]


def test_a_printed_total_that_is_not_the_sum_is_pointed_out_and_changes_nothing() -> None:
    score = year(line("A", "10.5", "5.16", printed="13.66"), line("B", "7", "2", printed="9.0"))
    assert [row.line.body for row in score.differing] == ["A"]
    assert score.rows[0].total == Decimal("15.66")
    assert (score.mean_total, score.mean_printed) == (Decimal("12.33"), Decimal("11.33"))


def test_what_was_printed_rounded_does_not_differ() -> None:
    assert not differs(Decimal("55.66"), Decimal("55.7"), digits=1)
    assert not differs(Decimal("55.65"), Decimal("55.6"), digits=1)  # a half may go either way
    assert differs(Decimal("55.66"), Decimal("55.6"), digits=1)
    assert differs(Decimal("55.66"), Decimal("55.7"), digits=2)
    assert not differs(Decimal("55.66"), None, digits=0)


def test_years_with_other_scales_are_compared_in_per_cent_of_their_maximum() -> None:
    before = year(line("A", "25", "15"))  # 40 of 50: 80 %
    points = {"data": Decimal(18), "budgets": Decimal(20), "site": Decimal(16)}
    lines = [Line("A", points), Line("new", dict.fromkeys(points, Decimal(0)))]
    now = scored(2020, NAMES, SCALE[2020], lines)
    assert now.rows[0].total == 54
    assert changes(now, before) == {"A": Decimal(10)}  # 54 of 60: 90 %


def test_a_year_without_bodies_has_no_data() -> None:
    score = year()
    assert (score.mean_total, score.mean_printed, score.means["data"]) == (None, None, None)


@given(st.decimals(-(10**9), 10**9, places=4))
def test_a_number_is_read_as_it_was_written(number: Decimal) -> None:
    assert number_in(str(number)) == number
    assert number_in(str(number).replace(".", ",")) == number


@pytest.mark.parametrize("text", ["", "1.2.3", "x", "1e3", "nan", "inf", "1.23456", "１２", "--1"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        number_in(text)


def test_a_half_is_rounded_away_from_zero() -> None:
    assert rounded(Decimal("79.325")) == Decimal("79.33")
    assert plain(Decimal("90.00")) == 90
    assert plain(None) is None


GOOD = """rank,body,data_2019,data_2020,budgets_2019,budgets_2020,site_2020,total_2019_printed
1,Ministry A,20.5,19,20,18,20,40.5
2,Ministry B,10,9.25,10,8,5,21
"""


def read(text: str, encoding: str = "utf-8") -> Reading:
    return read_scorecard(text.encode(encoding), criteria_of)


def said(text: str) -> list[str]:
    reading = read(text)
    assert not reading.years
    return [str(problem) for problem in reading.problems]


def test_a_file_gives_its_years_with_what_was_printed() -> None:
    first, second = read(GOOD).years
    assert (first.year, second.year) == (2019, 2020)
    assert first.lines[0].points == {"data": Decimal("20.5"), "budgets": Decimal(20)}
    assert first.lines[0].printed_total == Decimal("40.5")
    assert first.lines[0].printed_rank is None  # `rank` is of the latest year
    assert [one.printed_rank for one in second.lines] == [1, 2]


def with_semicolons(text: str) -> str:
    return text.replace(",", ";").replace(".", ",")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GOOD, "utf-8-sig"),
        (GOOD.replace("\n", "\r\n"), "utf-8"),
        (GOOD.replace("Ministry", "Министерство"), "windows-1251"),
        (GOOD, "utf-16"),
        (with_semicolons(GOOD), "utf-8-sig"),
        ("sep=;\n" + with_semicolons(GOOD), "utf-8"),
        (GOOD.replace(",", "\t"), "utf-8"),
        (GOOD.replace("body,", '"Body",').replace("\n", ",,\n"), "utf-8"),
    ],
    ids=["mark", "crlf", "1251", "utf16", "semicolons", "sep", "tabs", "quoted"],
)
def test_a_file_is_read_however_a_spreadsheet_saves_it(text: str, encoding: str) -> None:
    reading = read(text, encoding)
    assert not reading.problems
    points = [dict(one.points) for one in reading.years[0].lines]
    assert points == [dict(one.points) for one in read(GOOD).years[0].lines]


def test_all_that_is_wrong_is_told_at_once_with_its_line() -> None:
    found = said(
        "body,data_2019,budgets_2019,site_2019,note,total_2019_printed\n"
        "A,25.01,x,1,,abc\n"
        " a ,,-3,1,,5\n"
        ",1,1,1,,2,3\n"
    )
    assert found == [
        "Line 4: there are more cells than in the heading.",
        "The column “site_2019” is not known.",
        "The column “note” is not known.",
        "Line 3: “a” stands in line 2 already.",
        "Line 4: the body is not named.",
        "Line 2, data_2019: 25.01 points are more than the most there are: 25.",
        "Line 2, budgets_2019: “x” is no number that can be taken.",
        "Line 2, total_2019_printed: “abc” is no number that can be taken.",
        "Line 3, data_2019: there is nothing in this cell.",
        "Line 3, budgets_2019: “-3” is below 0.",
    ]


def test_a_scale_must_know_the_year_and_the_file_every_criterion_of_it() -> None:
    assert said("body,data_2018\nA,1\n") == [
        "The column “data_2018” is not known.",
        "The scale says nothing of the year 2018.",
    ]
    assert said("body,data_2019\nA,1\n") == ["The column “budgets_2019” is missing."]
    assert said("name,points\nA,1\n")[-1].startswith("No column names a criterion and a year")


def test_two_columns_of_one_name_are_refused() -> None:
    assert "Two columns are called “data_2019”." in said(
        "body,data_2019,Data_2019,budgets_2019\nA,1,2,3\n"
    )


def test_an_empty_printed_total_is_none_and_no_points_are_a_problem() -> None:
    reading = read("body,data_2019,budgets_2019,total_2019_printed\nA,1,1,\nB,1,1,2\n")
    assert [one.printed_total for one in reading.years[0].lines] == [None, Decimal(2)]


@pytest.mark.parametrize(
    "data",
    [b"", b"\xef\xbb\xbf  \n", b"body,data_2019\n", b"PK\x03\x04\x00\x00\x00", b"\xff\xfe\x00\xd8"],
    ids=["empty", "mark only", "heading only", "a workbook", "broken"],
)
def test_what_is_no_table_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        read_scorecard(data, criteria_of)


def test_letters_that_were_lost_are_told_of() -> None:
    assert "Line 2: letters were lost. Save the table anew as UTF-8." in said(
        "body,data_2019,budgets_2019\nМинистрл\ufffdк,1,1\n"
    )


def test_a_file_without_end_is_refused() -> None:
    with pytest.raises(TooLarge):
        read_scorecard(b"x" * (MOST_BYTES + 1), criteria_of)


@given(st.binary(max_size=300))
def test_whatever_bytes_come_they_are_read_or_refused(data: bytes) -> None:
    try:
        reading = read_scorecard(data, criteria_of)
    except Invalid:
        return
    assert reading.problems or reading.years
