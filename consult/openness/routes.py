"""Pages of the openness score: a year with its ranks, means and what was printed; as files."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.accounts.queries import agencies
from consult.openness.numbers import plain
from consult.openness.scorecard.queries import (
    all_scores,
    year_score,
    year_scores,
    years_scored,
)
from consult.openness.scorecard.rules import YearScore, changes
from consult.openness.scorecard.telling import csv_columns, csv_rows, year_json
from consult.security import Db, Reader
from consult.spreadsheets import csv_text
from consult.statistics.charts import bars
from consult.statistics.exports import ANY_ORIGIN, LICENCE, envelope, json_answer
from consult.web import platform_of, render

router = APIRouter()

Year = Annotated[str, Query(max_length=4, pattern=r"^(\d{4})?$")]


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A year, the one scored before it, and all there are, the latest first."""

    score: YearScore | None
    before: YearScore | None
    years: list[int]

    @property
    def changed(self) -> Mapping[str, Decimal]:
        return changes(self.score, self.before) if self.score and self.before else {}


def _chosen(session: Session, year: str) -> _Chosen:
    """The year asked for, or the latest; raises NotFound for one that was not scored."""
    years = years_scored(session)
    if not years and not year:
        return _Chosen(None, None, years)
    wanted = int(year) if year else years[0]
    earlier = next((one for one in years if one < wanted), None)
    found = year_scores(session, [one for one in (wanted, earlier) if one])
    score = found.get(wanted) or year_score(session, wanted)
    return _Chosen(score, found.get(earlier or 0), years)


@router.get("/openness")
def openness(request: Request, session: Db, _actor: Reader, year: Year = "") -> Response:
    """The openness score of a year: table, ranks, bars, what was printed, what changed."""
    chosen = _chosen(session, year)
    return render(
        request,
        "openness/scorecard.html",
        score=chosen.score,
        before=chosen.before,
        years=chosen.years,
        changed=chosen.changed,
        bodies={body.code: body for body in agencies(session).values()},
        plain=plain,
        bars=bars,
    )


@router.get("/openness.json")
def openness_json(request: Request, session: Db, _actor: Reader, year: Year = "") -> Response:
    """All years, or one, as JSON; each compared with the one scored before it."""
    if year:
        year_score(session, int(year))
    scores = all_scores(session)
    told = [year_json(now, was) for now, was in scores if year in {"", str(now.year)}]
    platform = platform_of(request)
    base_url = platform.settings.base_url
    return json_answer(envelope(base_url, "/openness.json", platform.clock()) | {"years": told})


@router.get("/openness.csv")
def openness_csv(session: Db, _actor: Reader, year: Year = "") -> Response:
    """The same as a table, a line for each body in each year."""
    scores = [year_score(session, int(year))] if year else [now for now, _ in all_scores(session)]
    headers = {
        "Content-Disposition": 'attachment; filename="openness.csv"',
        "Link": f'<{LICENCE["url"]}>; rel="license"',
        **ANY_ORIGIN,
    }
    text = csv_text(csv_columns(scores), csv_rows(scores))
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)
