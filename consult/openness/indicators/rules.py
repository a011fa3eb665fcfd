"""[pure] What an indicator of a programme asks for, and whether it was reached.

A bound is written as in the programme: ">=50", "<5", "100". A number without a comparator means
that it is to be reached: at least so much where higher is better, at most where lower is.
"""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from consult.errors import N_, Invalid
from consult.openness.numbers import number_in

UNITS = ("count", "percent", "rank", "points", "days")
WHOLE = frozenset({"count", "rank"})  # units of which there are no halves
DIRECTIONS = ("higher", "lower")
COMPARATORS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
}
_SIGNS = {"≤": "<=", "≥": ">=", "⩽": "<=", "⩾": ">=", "=<": "<=", "=>": ">=", "==": "="}
_BOUND = re.compile(r"\s*(<=|>=|=<|=>|==|[<>=≤≥⩽⩾])?\s*(.*?)\s*%?\s*", re.DOTALL)

OVER_PERCENT = N_("“{text}” is not between 0 and 100 per cent.")
NOT_WHOLE = N_("“{text}” is not a whole number.")
BELOW_ZERO = N_("“{text}” is below 0.")


class Role(StrEnum):
    """What a bound is: where the programme began, or where it wants to be."""

    BASELINE = "baseline"
    TARGET = "target"


class Standing(StrEnum):
    """How a target stands."""

    MET = "met"
    NOT_MET = "not_met"
    ON_THE_WAY = "on_the_way"
    NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class Bound:
    """A baseline or target: `comparator` is "" where the programme wrote a mere number."""

    role: Role
    year: int
    comparator: str
    amount: Decimal

    def __str__(self) -> str:
        return f"{self.comparator}{self.amount}"


def read_bound(text: str, role: Role, year: int, unit: str) -> Bound:
    """A bound as it is written; raises Invalid.

    >>> str(read_bound("≥ 90 %", Role.TARGET, 2015, "percent"))
    '>=90'
    """
    found = _BOUND.fullmatch(text)
    sign, rest = found.groups() if found else ("", text)
    amount = read_amount(rest, unit, said=text)
    return Bound(role, year, _SIGNS.get(sign or "", sign or ""), amount)


def read_amount(text: str, unit: str, said: str = "") -> Decimal:
    """A number that fits the unit; raises Invalid."""
    amount, said = number_in(text), said or text
    if amount < 0:
        raise Invalid(BELOW_ZERO, text=said)
    if unit == "percent" and amount > 100:
        raise Invalid(OVER_PERCENT, text=said)
    if unit in WHOLE and amount != amount.to_integral_value():
        raise Invalid(NOT_WHOLE, text=said)
    return amount


def direction_of(unit: str, bounds: Sequence[Bound]) -> str:
    """Which way is better, where nobody says so: of a rank lower is.

    Else what the targets' comparators point to; else the way from the first number to the last.
    """
    if unit == "rank":
        return "lower"
    signs = {bound.comparator[:1] for bound in bounds if bound.role is Role.TARGET} & {"<", ">"}
    if len(signs) == 1:
        return "lower" if signs == {"<"} else "higher"
    return "lower" if bounds and bounds[-1].amount < bounds[0].amount else "higher"


def is_met(bound: Bound, value: Decimal, direction: str) -> bool:
    """Whether a value is what a bound asks for."""
    implied = "<=" if direction == "lower" else ">="
    return COMPARATORS[bound.comparator or implied](value, bound.amount)


def is_better(value: Decimal, than: Decimal, direction: str) -> bool:
    """Whether a value lies further in the right direction."""
    return value < than if direction == "lower" else value > than


@dataclass(frozen=True, slots=True)
class Judged:
    """A target with the value it was judged by, if there is any, and the year of that value."""

    target: Bound
    standing: Standing
    value: Decimal | None = None
    year: int | None = None


def judge(
    bounds: Sequence[Bound], values: Mapping[int, Decimal], direction: str, this_year: int
) -> list[Judged]:
    """How each target stands in `this_year`.

    A target whose year is over is judged by the value of that year alone: no value, no data. One
    whose year is not over is judged by the latest value there is since the baseline: met already,
    on the way (better than the baseline), or not met.
    """
    baseline = next((bound for bound in bounds if bound.role is Role.BASELINE), None)
    targets = [bound for bound in bounds if bound.role is Role.TARGET]
    return [_judged(target, baseline, values, direction, this_year) for target in targets]


def _judged(
    target: Bound,
    baseline: Bound | None,
    values: Mapping[int, Decimal],
    direction: str,
    this_year: int,
) -> Judged:
    is_over = target.year < this_year
    since = baseline.year if baseline else 0
    known = [year for year in values if since <= year <= min(target.year, this_year)]
    year = target.year if is_over else max(known, default=None)
    value = None if year is None else values.get(year)
    if value is None:
        return Judged(target, Standing.NO_DATA)
    if is_met(target, value, direction):
        return Judged(target, Standing.MET, value, year)
    began = baseline.amount if baseline else None
    moved = began is not None and is_better(value, began, direction)
    under_way = moved and not is_over
    return Judged(target, Standing.ON_THE_WAY if under_way else Standing.NOT_MET, value, year)


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest value there is, and whether it is what the last target asks for."""

    year: int
    value: Decimal
    reaches_last: bool


def latest(bounds: Sequence[Bound], values: Mapping[int, Decimal], direction: str) -> Latest | None:
    """How things stand now: a target is one still after its year, though judged by that year."""
    targets = [bound for bound in bounds if bound.role is Role.TARGET]
    if not values or not targets:
        return None
    year = max(values)
    return Latest(year, values[year], is_met(targets[-1], values[year], direction))
