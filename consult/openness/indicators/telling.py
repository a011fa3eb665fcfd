"""Indicators as other programs take them: JSON, rows of CSV, the table of a snapshot.

The keys are a promise: they may be added to, never renamed.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from consult.errors import N_
from consult.openness.indicators.queries import Standing, Value
from consult.openness.indicators.rules import Bound, Judged
from consult.openness.numbers import plain
from consult.snapshots.rules import Column, Table

Said = Mapping[str, Mapping[str, str]]  # a sentence of HEADINGS in every language

CSV_COLUMNS = (
    *("number", "indicator", "unit", "direction", "metric"),
    *("kind", "year", "comparator", "amount", "standing", "value", "value_year", "source"),
)
HEADINGS = (
    N_("Programme indicators"),
    N_("Number"),
    N_("Indicator"),
    N_("Unit"),
    N_("Year"),
    N_("Baseline or target"),
    N_("Standing"),
    N_("Value"),
    N_("Baseline"),
    N_("Met"),
    N_("Not met"),
    N_("On the way"),
    N_("no data"),
)
STANDING_WORDS = {
    "met": "Met",
    "not_met": "Not met",
    "on_the_way": "On the way",
    "no_data": "no data",
}


def indicator_json(standing: Standing) -> dict[str, Any]:
    """An indicator with its baseline, targets as judged, and values."""
    indicator, newest = standing.indicator, standing.latest
    return {
        "number": indicator.number,
        "names": indicator.names,
        "unit": indicator.unit,
        "direction": indicator.direction,
        "metric": indicator.metric or None,
        "baseline": _bound(standing.baseline) if standing.baseline else None,
        "targets": [_judged(judged) for judged in standing.judged],
        "values": [_value(value) for value in standing.values],
        "latest": {
            "year": newest.year,
            "value": plain(newest.value, 4),
            "reaches_last_target": newest.reaches_last,
        }
        if newest
        else None,
    }


def _bound(bound: Bound) -> dict[str, Any]:
    return {
        "year": bound.year,
        "comparator": bound.comparator or None,
        "amount": plain(bound.amount, 4),
        "said": str(bound),
    }


def _judged(judged: Judged) -> dict[str, Any]:
    value = {"value": plain(judged.value, 4), "value_year": judged.year}
    return _bound(judged.target) | {"standing": judged.standing.value} | value


def _value(value: Value) -> dict[str, Any]:
    return {
        "year": value.year,
        "value": plain(value.amount, 4),
        "computed": value.is_computed,
        "source": value.source or None,
    }


def csv_rows(standings: Sequence[Standing], lang: str) -> Iterator[Sequence[object]]:
    """A line for each baseline, target and value; `kind` says which."""
    for standing in standings:
        one = standing.indicator
        name = one.names.get(lang) or next(iter(one.names.values()))
        head = (one.number, name, one.unit, one.direction, one.metric or None)
        if bound := standing.baseline:
            said = (bound.year, bound.comparator, plain(bound.amount, 4))
            yield (*head, "baseline", *said, None, None, None, None)
        for judged in standing.judged:
            target = judged.target
            said = (target.year, target.comparator, plain(target.amount, 4))
            found = (judged.standing.value, plain(judged.value, 4), judged.year)
            yield (*head, "target", *said, *found, None)
        for value in standing.values:
            kind = "computed" if value.is_computed else "entered"
            amount = plain(value.amount, 4)
            yield (*head, kind, value.year, None, None, None, amount, value.year, value.source)


def snapshot_table(standings: Sequence[Standing], said: Said) -> Table:
    """The indicators as a table that explains itself; `said` translates HEADINGS."""
    names = ("Number", "Indicator", "Unit", "Year", "Baseline or target", "Standing", "Value")
    units = {"Year": "year", "Value": "points"}
    rows: list[list[Any]] = []
    for standing in standings:
        head = [standing.indicator.number, standing.indicator.names, standing.indicator.unit]
        if bound := standing.baseline:
            rows.append([*head, bound.year, str(bound), said["Baseline"], None])
        for judged in standing.judged:
            words = said[STANDING_WORDS[judged.standing.value]]
            target = judged.target
            rows.append([*head, target.year, str(target), words, plain(judged.value, 4)])
        found = [(value.year, plain(value.amount, 4)) for value in standing.values]
        rows += [[*head, year, "", "", amount] for year, amount in found]
    columns = [Column(said[name], units.get(name, "text")) for name in names]
    return Table(said["Programme indicators"], columns, rows)
