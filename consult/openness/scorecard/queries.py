"""Reads of the openness score: which years there are, and one with all that follows from it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlmodel import Session, col, select

from consult.errors import NotFound
from consult.openness.scorecard.models import ScoreRow, ScoreYear
from consult.openness.scorecard.rules import Criterion, Line, YearScore, scored


def years_scored(session: Session) -> list[int]:
    """The years there are, the latest first."""
    return list(session.exec(select(ScoreYear.year).order_by(col(ScoreYear.year).desc())).all())


def year_scores(session: Session, years: Sequence[int]) -> Mapping[int, YearScore]:
    """Years with their rows; those that were not loaded are left out."""
    found = session.exec(select(ScoreYear).where(col(ScoreYear.year).in_(years))).all()
    order = (col(ScoreRow.year), col(ScoreRow.position))
    rows = session.exec(select(ScoreRow).where(col(ScoreRow.year).in_(years)).order_by(*order))
    lines: dict[int, list[Line]] = {}
    for row in rows.all():
        lines.setdefault(row.year, []).append(_line(row))
    return {
        year.year: scored(year.year, year.names, _criteria(year), lines.get(year.year, []))
        for year in found
    }


def all_scores(session: Session) -> list[tuple[YearScore, YearScore | None]]:
    """Every year, the earliest first, each with the one that was scored before it."""
    scores = year_scores(session, years_scored(session))
    listed = sorted(scores)
    return [(scores[now], scores.get(was)) for was, now in zip((0, *listed), listed, strict=False)]


def year_score(session: Session, year: int) -> YearScore:
    """One year; raises NotFound."""
    found = year_scores(session, [year])
    if year not in found:
        raise NotFound("The year {year} was not scored.", year=str(year))
    return found[year]


def _criteria(year: ScoreYear) -> list[Criterion]:
    return [
        Criterion(said["code"], said["names"], said["definition"], Decimal(said["maximum"]))
        for said in year.criteria
    ]


def _line(row: ScoreRow) -> Line:
    return Line(
        body=row.body,
        points={code: Decimal(points) for code, points in row.points.items()},
        printed_total=Decimal(row.printed_total) if row.printed_total else None,
        printed_rank=row.printed_rank,
    )
