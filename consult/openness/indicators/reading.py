"""[pure] The file of a programme's indicators → what each asks for, or everything that is wrong.

Its columns: `no`, `indicator`, `unit`, `baseline_<year>` (one at most) and `target_<year>` for each
target. A row whose years are others names them at the end of its words, in the order of the
columns: "rank in the index (years 2012 / 2016 / 2018)". A unit may say which way is better: "rank
(lower is better)".
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consult.errors import N_, Invalid
from consult.openness.indicators.rules import UNITS, Bound, Role, direction_of, read_bound
from consult.tables import Row, read_sheet

NEEDED = ("no", "indicator", "unit")
NUMBER_CHARS, NAME_CHARS = 20, 500
FIRST_YEAR, LAST_YEAR = 1990, 2100
_COLUMN = re.compile(r"(baseline|target)_(\d{4})", re.ASCII)
_OWN_YEARS = re.compile(r"\s*\([^()\d]*(\d{4}(?:\s*[/,;–-]\s*\d{4})*)[^()\d]*\)\s*$", re.ASCII)
_UNIT = re.compile(r"(\w+|%)\s*(?:\(\s*(higher|lower)\s+is\s+better\s*\))?", re.IGNORECASE)
UNIT_WORDS = {"%": "percent", "number": "count"}

NO_COLUMN = N_("No column is called “{column}”.")
NO_TARGET = N_("No column is called “target_” and a year, such as “target_2030”.")
UNKNOWN = N_("The column “{column}” is not known.")
TWO_BASELINES = N_("There are several baselines: please leave one.")
YEARS_BACK = N_("The years of the columns do not follow one another.")
EMPTY = N_("Line {line}, {column}: there is nothing in this cell.")
TOO_LONG = N_("Line {line}, {column}: this is too long: at most {most} characters.")
SAME = N_("Line {line}: the number {number} stands in line {other} already.")
NO_UNIT = N_("Line {line}: “{text}” is no unit. There are: {units}.")
WRONG = N_("Line {line}, {column}: {reason}")
OTHER_YEARS = N_("Line {line}: {n} years are named, but {columns} columns hold numbers.")
YEARS_MIXED = N_("Line {line}: the years do not follow one another.")


@dataclass(frozen=True, slots=True)
class Read:
    """An indicator as its row says it; `words` are in the language of the file."""

    number: str
    words: str
    unit: str
    direction: str
    bounds: Sequence[Bound]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says; one problem spoils it all."""

    indicators: Sequence[Read]
    problems: Sequence[Invalid]


def read_indicators(data: bytes) -> Reading:
    """What a file says; all that is wrong is told at once. Raises TooLarge, Invalid (no table)."""
    sheet = read_sheet(data)
    problems = [*sheet.problems, *_heading_problems(sheet.columns)]
    columns = {c: (Role(m[1]), int(m[2])) for c in sheet.columns if (m := _COLUMN.fullmatch(c))}
    if any(needed not in sheet.columns for needed in NEEDED):
        return Reading((), problems)
    found = []
    seen: dict[str, int] = {}
    for row in sheet.rows:
        read, wrong = _Reader(row, columns).read()
        number = row.cells["no"].casefold()
        if number and (other := seen.setdefault(number, row.line)) != row.line:
            wrong.append(Invalid(SAME, line=row.line, number=row.cells["no"], other=other))
        problems += wrong
        found.append(read)
    return Reading(() if problems else [one for one in found if one], problems)


def _heading_problems(columns: Sequence[str]) -> list[Invalid]:
    problems = [Invalid(NO_COLUMN, column=needed) for needed in NEEDED if needed not in columns]
    bounds = [match for c in columns if (match := _COLUMN.fullmatch(c))]
    known = {*NEEDED, "", *(match[0] for match in bounds)}
    problems += [Invalid(UNKNOWN, column=c) for c in columns if c not in known]
    if not any(match[1] == "target" for match in bounds):
        problems.append(Invalid(NO_TARGET))
    if sum(match[1] == "baseline" for match in bounds) > 1:
        problems.append(Invalid(TWO_BASELINES))
    years = [int(match[2]) for match in bounds]
    if not _follow(years) or (bounds and any(match[1] == "baseline" for match in bounds[1:])):
        problems.append(Invalid(YEARS_BACK))
    return problems


def _follow(years: Sequence[int]) -> bool:
    """Whether each year comes after the one before, and all are years one can speak of."""
    known = all(FIRST_YEAR <= year <= LAST_YEAR for year in years)
    return known and list(years) == sorted(set(years))


class _Reader:
    """Reads one row and notes what is wrong with it."""

    def __init__(self, row: Row, columns: Mapping[str, tuple[Role, int]]) -> None:
        self.row = row
        self.columns = columns
        self.problems: list[Invalid] = []

    def read(self) -> tuple[Read | None, list[Invalid]]:
        number = self._words("no", NUMBER_CHARS)
        words = self._words("indicator", NAME_CHARS)
        unit, direction = self._unit()
        years = self._years(words)
        bounds = self._bounds(unit, years) if unit else []
        if self.problems:
            return None, self.problems
        plain = _OWN_YEARS.sub("", words)
        way = direction or direction_of(unit, bounds)
        return Read(number, plain, unit, way, bounds), []

    def _wrong(self, message: str, **params: Any) -> None:
        self.problems.append(Invalid(message, line=self.row.line, **params))

    def _words(self, column: str, most: int) -> str:
        text = self.row.cells[column]
        if not text:
            self._wrong(EMPTY, column=column)
        if len(text) > most:
            self._wrong(TOO_LONG, column=column, most=most)
        return text

    def _unit(self) -> tuple[str, str]:
        """The unit, and which way is better if that is said beside it."""
        text = self.row.cells["unit"]
        said = _UNIT.fullmatch(text)
        unit = said[1].casefold() if said else ""
        unit = UNIT_WORDS.get(unit, unit)
        if said is None or unit not in UNITS:
            self._wrong(NO_UNIT, text=text, units=", ".join(UNITS))
            return "", ""
        return unit, (said[2] or "").casefold()

    def _years(self, words: str) -> Sequence[int]:
        """The years of its bounds, in the order of the columns: its own, else the columns'."""
        said = _OWN_YEARS.search(words)
        if said is None:
            return [year for _, year in self.columns.values()]
        years = [int(year) for year in re.findall(r"\d{4}", said[1])]
        if len(years) != len(self.columns):
            self._wrong(OTHER_YEARS, n=len(years), columns=len(self.columns))
        elif not _follow(years):
            self._wrong(YEARS_MIXED)
        return years

    def _bounds(self, unit: str, years: Sequence[int]) -> list[Bound]:
        """What is asked for; an empty cell asks for nothing, but there is one target at least."""
        bounds = []
        for (column, (role, _)), year in zip(self.columns.items(), years, strict=False):
            text = self.row.cells[column]
            if not text:
                continue
            try:
                bounds.append(read_bound(text, role, year, unit))
            except Invalid as wrong:
                self._wrong(WRONG, column=column, reason=wrong)
        empty = [c for c, (role, _) in self.columns.items() if role is Role.TARGET]
        if empty and not any(self.row.cells[c] for c in empty):
            self._wrong(EMPTY, column=empty[0])
        return bounds
