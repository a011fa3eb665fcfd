"""Reads of a programme's indicators, with their values entered or computed, and judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session, col, select

from consult.errors import NotFound
from consult.openness.indicators.models import Indicator, IndicatorValue
from consult.openness.indicators.rules import Bound, Judged, Latest, Role, judge, latest

Computed = Mapping[str, Mapping[int, Decimal]]  # by metric and year


@dataclass(frozen=True, slots=True)
class Value:
    """What an indicator came to in a year: entered from a `source`, or computed by this site."""

    year: int
    amount: Decimal
    source: str
    is_computed: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """An indicator with all that follows from its values, the earliest year first."""

    indicator: Indicator
    baseline: Bound | None
    values: Sequence[Value]
    judged: Sequence[Judged]
    latest: Latest | None


def indicators(session: Session) -> list[Indicator]:
    """The indicators in the order of their programme."""
    return list(session.exec(select(Indicator).order_by(col(Indicator.position))).all())


def indicator_by_number(session: Session, number: str) -> Indicator:
    """One indicator; raises NotFound."""
    found = session.get(Indicator, number)
    if found is None:
        raise NotFound("There is no such indicator.")
    return found


def standings(
    session: Session, listed: Sequence[Indicator], computed: Computed, this_year: int
) -> list[Standing]:
    """How each indicator stands; what this site computes goes before what was entered."""
    entered: dict[str, list[IndicatorValue]] = {}
    for row in session.exec(select(IndicatorValue)).all():
        entered.setdefault(row.number, []).append(row)
    return [
        _standing(one, entered.get(one.number, ()), computed.get(one.metric, {}), this_year)
        for one in listed
    ]


def _standing(
    indicator: Indicator,
    entered: Sequence[IndicatorValue],
    computed: Mapping[int, Decimal],
    this_year: int,
) -> Standing:
    found = {row.year: Value(row.year, Decimal(row.amount), row.source, False) for row in entered}
    found |= {year: Value(year, amount, "", True) for year, amount in computed.items()}
    values = [found[year] for year in sorted(found)]
    amounts = {value.year: value.amount for value in values}
    bounds = [bound_of(said) for said in indicator.bounds]
    return Standing(
        indicator=indicator,
        baseline=next((bound for bound in bounds if bound.role is Role.BASELINE), None),
        values=values,
        judged=judge(bounds, amounts, indicator.direction, this_year),
        latest=latest(bounds, amounts, indicator.direction),
    )


def bound_of(said: Mapping[str, str | int]) -> Bound:
    """A bound as it stands in the table."""
    return Bound(
        Role(str(said["role"])), int(said["year"]), str(said["comparator"]), Decimal(said["amount"])
    )
