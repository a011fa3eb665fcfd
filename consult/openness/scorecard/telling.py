"""[pure] An openness score as other programs take it: JSON, rows of CSV, tables of a snapshot.

The keys are a promise: they may be added to, never renamed. Numbers are rounded to two digits.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from consult.errors import N_
from consult.openness.numbers import plain
from consult.openness.scorecard.rules import Criterion, Scored, YearScore, changes
from consult.snapshots.rules import Cell, Column, Table

Said = Mapping[str, Mapping[str, str]]  # a sentence of HEADINGS in every language

HEADINGS = (
    N_("Rank"),
    N_("Body"),
    N_("Total"),
    N_("Printed total"),
    N_("Per cent of the maximum"),
    N_("Mean"),
    N_("Openness score"),
)


def year_json(score: YearScore, before: YearScore | None = None) -> dict[str, Any]:
    """A year: criteria, means, rows; `change` is in points of per cent against the year before."""
    changed = changes(score, before) if before else {}
    return {
        "year": score.year,
        "scale": dict(score.names),
        "criteria": [_criterion(criterion) for criterion in score.criteria],
        "maximum": plain(score.maximum),
        "mean": plain(score.mean_total),
        "mean_printed": plain(score.mean_printed),
        "mean_percent": plain(score.mean_percent),
        "means": {code: plain(value) for code, value in score.means.items()},
        "compared_with": before.year if before else None,
        "rows": [row_json(row) | {"change": _change(row, changed)} for row in score.rows],
        "differing": [row_json(row) for row in score.differing],
    }


def _criterion(criterion: Criterion) -> dict[str, Any]:
    return {
        "code": criterion.code,
        "names": dict(criterion.names),
        "definition": dict(criterion.definition),
        "maximum": plain(criterion.maximum),
    }


def row_json(row: Scored) -> dict[str, Any]:
    """What one body came to; `total` is the sum of its points, `difference` printed less total."""
    printed = row.line.printed_total
    return {
        "body": row.line.body,
        "rank": row.rank,
        "tied": row.is_tied,
        "points": {code: plain(points, 4) for code, points in row.line.points.items()},
        "total": plain(row.total, 4),
        "percent": plain(row.percent),
        "printed_total": plain(printed, 4),
        "printed_rank": row.line.printed_rank,
        "total_differs": row.total_differs,
        "difference": None if printed is None else plain(printed - row.total, 4),
    }


def _change(row: Scored, changed: Mapping[str, Any]) -> float | int | None:
    return plain(changed.get(row.line.body))


def csv_columns(scores: Sequence[YearScore]) -> list[str]:
    """The heading of a table of several years: every criterion that any of them has."""
    codes = dict.fromkeys(c.code for score in scores for c in score.criteria)
    after = ("total", "maximum", "percent", "printed_total", "printed_rank", "total_differs")
    return ["year", "rank", "body", *codes, *after]


def csv_rows(scores: Sequence[YearScore]) -> Iterator[Sequence[object]]:
    """A line for each body in each year; empty where a criterion was not scored then."""
    codes = csv_columns(scores)[3:-6]
    for score in scores:
        for row in score.rows:
            said = row_json(row)
            yield (
                *(score.year, said["rank"], said["body"]),
                *(said["points"].get(code) for code in codes),
                *(said["total"], plain(score.maximum), said["percent"]),
                *(said["printed_total"], said["printed_rank"], int(said["total_differs"])),
            )


def snapshot_table(score: YearScore, said: Said, named: Said) -> Table:
    """The year as a table that explains itself; `said` translates HEADINGS.

    `named` are the names of bodies that stand in the score by a code.
    """
    columns = [
        Column(said["Body"]),
        Column(said["Rank"], "rank"),
        *(Column(c.names, "points") for c in score.criteria),
        Column(said["Total"], "points"),
        Column(said["Printed total"], "points"),
        Column(said["Per cent of the maximum"], "percent"),
    ]
    rows = [_cells(row, score.criteria, named) for row in score.rows]
    means: list[Cell] = [said["Mean"], "", *(plain(score.means[c.code]) for c in score.criteria)]
    means += [plain(score.mean_total), plain(score.mean_printed), plain(score.mean_percent)]
    return Table(dict(score.names), columns, [*rows, means] if rows else [])


def _cells(row: Scored, criteria: Sequence[Criterion], named: Said) -> list[Cell]:
    said = row_json(row)
    body = named.get(row.line.body, row.line.body)
    points = [said["points"].get(c.code) for c in criteria]
    return [body, row.rank, *points, said["total"], said["printed_total"], said["percent"]]
