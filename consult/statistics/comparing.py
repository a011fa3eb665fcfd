"""Agencies beside one another, years one after another; whose figures fell two years running."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from consult.procedure.deadlines import local_day
from consult.procedure.packs import RulePack
from consult.statistics.counting import years_with_drafts
from consult.statistics.keeping import counted, counted_by_both
from consult.statistics.metrics import Metric, watched
from consult.statistics.rules import YEARS_IN_A_ROW, Figure, Figures, fell_twice
from consult.statistics.scope import Scope

SUMMARY = "summary"  # the columns shown at first: quantity beside quality
IN_SUMMARY = (
    *("drafts", "comments", "people", "share_commented", "share_answered"),
    *("answer_days_median", "share_met", "share_term_kept", "changed_provisions"),
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The figures of all together, and of each agency that has a draft, by its code."""

    figures: Figures
    agencies: Sequence[tuple[str, Figures]]
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Fall:
    """A share of an agency that got worse two years running; `values` are of `years`."""

    agency: str
    metric: Metric
    years: Sequence[int]
    values: Sequence[Figure]


@dataclass(frozen=True, slots=True)
class Trend:
    """The figures of each year, and what fell."""

    years: Mapping[int, Figures]
    falls: Sequence[Fall]
    as_of: datetime


def compare(
    session: Session, scope: Scope, codes: Mapping[int, str], *, pack: RulePack, now: datetime
) -> Comparison:
    """The agencies of a scope, by their codes; `codes` are those of all agencies by id."""
    found = counted(session, scope, ("agency",), pack=pack, now=now)
    rows = [(codes[agency_id], own) for agency_id, own in found.by_key.items()]
    return Comparison(found.figures, sorted(rows, key=lambda row: row[0]), found.as_of)


def in_order(
    rows: Sequence[tuple[str, Figures]], metric: Metric, *, reverse: bool = False
) -> list[tuple[str, Figures]]:
    """Agencies by a figure, the best (or, where none is, the most) first; no data comes last."""
    sign = 1 if metric.direction == "lower" else -1
    sign = -sign if reverse else sign
    known = [row for row in rows if row[1][metric.code].value is not None]
    rest = [row for row in rows if row[1][metric.code].value is None]
    return sorted(known, key=lambda row: sign * (row[1][metric.code].value or 0)) + rest


def trend(
    session: Session, scope: Scope, codes: Mapping[int, str], *, pack: RulePack, now: datetime
) -> Trend:
    """The figures of a scope year by year; what fell is told of years that are over."""
    years = years_with_drafts(session, pack.tz)
    by_year = counted(session, scope, ("year",), pack=pack, now=now)
    over = [year for year in years if year < local_day(now, pack.tz).year]
    falls: list[Fall] = []
    if len(over) >= YEARS_IN_A_ROW:
        both = counted_by_both(session, scope, years=years, pack=pack, now=now)
        falls = fallen(both, codes, over[-YEARS_IN_A_ROW:])
    return Trend(dict(sorted(by_year.by_key.items())), falls, by_year.as_of)


def fallen(
    both: Mapping[tuple[int, int], Figures], codes: Mapping[int, str], years: Sequence[int]
) -> list[Fall]:
    """The watched shares that got worse in each of these years, by agency."""
    found = []
    for agency_id in sorted({agency_id for agency_id, _ in both}, key=lambda id_: codes[id_]):
        own = [both.get((agency_id, year)) for year in years]
        for metric in watched():
            values = [figures[metric.code] for figures in own if figures]
            worse = len(values) == len(years) and fell_twice(
                values, lower_is_better=metric.direction == "lower"
            )
            if worse:
                found.append(Fall(codes[agency_id], metric, years, values))
    return found
