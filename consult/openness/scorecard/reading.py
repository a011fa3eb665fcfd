"""[pure] The file of an openness score → the lines of each year, or everything that is wrong.

Its columns: `body`; `<criterion>_<year>` for each criterion of the scale in each year; and, where
the publisher printed them, `total_<year>_printed` and `rank_<year>_printed`. A column `rank` is the
printed rank of the latest year.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from consult.errors import N_, Invalid
from consult.openness.numbers import number_in
from consult.openness.scorecard.rules import Criterion, Line
from consult.tables import Row, read_sheet

BODY_CHARS = 200
FIRST_YEAR, LAST_YEAR = 1990, 2100
_YEARLY = re.compile(r"(?P<what>[a-z][a-z0-9_]*)_(?P<year>\d{4})(?P<printed>_printed)?", re.ASCII)
CriteriaOf = Callable[[int], Sequence[Criterion]]

NO_BODY_COLUMN = N_("No column is called “body”.")
NO_YEARS = N_("No column names a criterion and a year, such as “{example}”.")
UNKNOWN = N_("The column “{column}” is not known.")
NO_SCALE = N_("The scale says nothing of the year {year}.")
NO_COLUMN = N_("The column “{column}” is missing.")
NO_BODY = N_("Line {line}: the body is not named.")
LONG_BODY = N_("Line {line}: the name of the body is too long: at most {most} characters.")
SAME_BODY = N_("Line {line}: “{body}” stands in line {other} already.")
EMPTY = N_("Line {line}, {column}: there is nothing in this cell.")
WRONG = N_("Line {line}, {column}: “{text}” is no number that can be taken.")
BELOW_ZERO = N_("Line {line}, {column}: “{text}” is below 0.")
OVER = N_("Line {line}, {column}: {points} points are more than the most there are: {maximum}.")
NO_RANK = N_("Line {line}, {column}: “{text}” is no rank.")


@dataclass(frozen=True, slots=True)
class Year:
    """The lines of a year in the order of the file."""

    year: int
    criteria: Sequence[Criterion]
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says; one problem spoils it all."""

    years: Sequence[Year]
    problems: Sequence[Invalid]


@dataclass(frozen=True, slots=True)
class _Place:
    """What a column holds: points of a criterion, a printed total or rank."""

    role: str
    year: int
    criterion: Criterion | None = None


class _Checker:
    """Reads cells and notes what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Invalid] = []

    def wrong(self, message: str, **params: Any) -> None:
        self.problems.append(Invalid(message, **params))

    def number(self, row: Row, column: str) -> Decimal | None:
        """A number of at least 0; None where there is none."""
        text = row.cells[column]
        if not text:
            return None
        try:
            number = number_in(text)
        except Invalid:
            self.wrong(WRONG, line=row.line, column=column, text=text)
            return None
        if number < 0:
            self.wrong(BELOW_ZERO, line=row.line, column=column, text=text)
        return number

    def points(self, row: Row, column: str, maximum: Decimal) -> Decimal:
        """Points up to the maximum; none at all are a problem, for that is not 0."""
        number = self.number(row, column)
        if not row.cells[column]:
            self.wrong(EMPTY, line=row.line, column=column)
        if number is not None and number > maximum:
            said = {"points": number, "maximum": maximum}
            self.wrong(OVER, line=row.line, column=column, **said)
        return number or Decimal(0)

    def rank(self, row: Row, column: str) -> int | None:
        text = row.cells[column]
        if text and not (text.isascii() and text.isdigit() and 0 < int(text) < 10_000):
            self.wrong(NO_RANK, line=row.line, column=column, text=text)
            return None
        return int(text) if text else None


def read_scorecard(data: bytes, criteria_of: CriteriaOf) -> Reading:
    """What a file says by a scale, which gives the criteria of a year (none: it has no such year).

    All that is wrong is told at once. Raises TooLarge, and Invalid where there is no table.
    """
    sheet = read_sheet(data)
    checker = _Checker()
    checker.problems += sheet.problems
    years = sorted({int(m["year"]) for c in sheet.columns if (m := _YEARLY.fullmatch(c))})
    criteria = {year: criteria_of(year) for year in years}
    places = _places(sheet.columns, criteria, checker)
    if "body" in sheet.columns:
        _check_bodies(sheet.rows, checker)
    found = [
        Year(year, criteria[year], [_line(row, year, places, checker) for row in sheet.rows])
        for year in years
    ]
    return Reading(() if checker.problems else found, checker.problems)


def _places(
    columns: Sequence[str], criteria: Mapping[int, Sequence[Criterion]], checker: _Checker
) -> dict[str, _Place]:
    """What each column holds; notes those that are unknown or missing."""
    places = {}
    for column in columns:
        place = _place_of(column, criteria)
        if place is not None:
            places[column] = place
        elif column and column != "body":
            checker.wrong(UNKNOWN, column=column)
    if "body" not in columns:
        checker.wrong(NO_BODY_COLUMN)
    if not criteria:
        checker.wrong(NO_YEARS, example="open_data_2020")
    for year, listed in criteria.items():
        if not listed:
            checker.wrong(NO_SCALE, year=str(year))
        for missing in (f"{c.code}_{year}" for c in listed if f"{c.code}_{year}" not in places):
            checker.wrong(NO_COLUMN, column=missing)
    return places


def _place_of(column: str, criteria: Mapping[int, Sequence[Criterion]]) -> _Place | None:
    if column == "rank" and criteria:
        return _Place("rank", max(criteria))
    said = _YEARLY.fullmatch(column)
    if said is None or not FIRST_YEAR <= int(said["year"]) <= LAST_YEAR:
        return None
    year = int(said["year"])
    if said["printed"]:
        return _Place(said["what"], year) if said["what"] in {"total", "rank"} else None
    criterion = next((c for c in criteria[year] if c.code == said["what"]), None)
    return _Place("points", year, criterion) if criterion else None


def _check_bodies(rows: Sequence[Row], checker: _Checker) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        body = row.cells["body"]
        if not body:
            checker.wrong(NO_BODY, line=row.line)
        elif len(body) > BODY_CHARS:
            checker.wrong(LONG_BODY, line=row.line, most=BODY_CHARS)
        elif (other := seen.setdefault(body.casefold(), row.line)) != row.line:
            checker.wrong(SAME_BODY, line=row.line, body=body, other=other)


def _line(row: Row, year: int, places: Mapping[str, _Place], checker: _Checker) -> Line:
    points: dict[str, Decimal] = {}
    total, rank = None, None
    for column, place in places.items():
        if place.year != year:
            continue
        if place.criterion:
            points[place.criterion.code] = checker.points(row, column, place.criterion.maximum)
        elif place.role == "total":
            total = checker.number(row, column)
        else:
            rank = checker.rank(row, column)
    return Line(row.cells.get("body", ""), points, total, rank)
