"""Loading an openness score: a year is taken whole, and replaced whole."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col

from consult.access import Actor, check_right
from consult.audit.actions import note
from consult.openness.scorecard.models import ScoreRow, ScoreYear
from consult.openness.scorecard.reading import Year
from consult.openness.scorecard.rules import Criterion
from consult.openness.scorecard.scales import Scale


def load_years(
    session: Session, *, actor: Actor, scale: Scale, years: Sequence[Year], now: datetime
) -> list[int]:
    """Put the years of a file in the place of what was known of them; returns those replaced."""
    check_right(actor, "administer")
    replaced = []
    for year in years:
        if session.get(ScoreYear, year.year) is not None:
            replaced.append(year.year)
        session.execute(delete(ScoreRow).where(col(ScoreRow.year) == year.year))
        session.execute(delete(ScoreYear).where(col(ScoreYear.year) == year.year))
        row = ScoreYear(
            year=year.year,
            scale=scale.code,
            names=scale.names.model_dump(),
            criteria=[_criterion(criterion) for criterion in year.criteria],
            loaded_at=now,
        )
        session.add(row)
        session.flush()
        session.add_all(_rows(year))
        note(
            session,
            "scorecard_loaded",
            actor_id=actor.id,
            now=now,
            year=year.year,
            bodies=len(year.lines),
            replaced=year.year in replaced,
        )
    session.flush()
    return replaced


def _criterion(criterion: Criterion) -> dict[str, object]:
    return {
        "code": criterion.code,
        "names": dict(criterion.names),
        "definition": dict(criterion.definition),
        "maximum": str(criterion.maximum),
    }


def _rows(year: Year) -> list[ScoreRow]:
    return [
        ScoreRow(
            year=year.year,
            body=line.body,
            position=position,
            points={code: str(points) for code, points in line.points.items()},
            printed_total="" if line.printed_total is None else str(line.printed_total),
            printed_rank=line.printed_rank,
        )
        for position, line in enumerate(year.lines, start=1)
    ]
