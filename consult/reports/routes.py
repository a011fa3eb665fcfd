"""The published report of a consultation, as it stood when it was published: page, JSON, CSV."""

from collections import Counter
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from consult.answers.rules import OUTCOMES
from consult.answers.views import difference
from consult.reports import desk_routes
from consult.reports.content import as_csv, as_shown
from consult.reports.queries import report_of_round, silenced
from consult.security import Db, Reader
from consult.web import render
from drafts.queries import draft_for

router = APIRouter()
router.include_router(desk_routes.router)

ROWS = 100  # rows on a page of the report; all of them are one address further, for printing


def _content(session: Db, draft_id: int, n: int) -> dict[str, Any]:
    report = report_of_round(session, draft_id, n)
    return as_shown(report.content, silenced(session, report.consultation_id))


@router.get("/drafts/{draft_id}/report/{n}.json")
def report_json(session: Db, actor: Reader, draft_id: int, n: int) -> Response:
    """The report as data."""
    draft_for(session, draft_id, actor)
    return JSONResponse(_content(session, draft_id, n))


@router.get("/drafts/{draft_id}/report/{n}.csv")
def report_csv(session: Db, actor: Reader, draft_id: int, n: int) -> Response:
    """The rows of the report for a spreadsheet."""
    draft_for(session, draft_id, actor)
    name = f"report-{draft_id}-{n}.csv"
    return Response(
        as_csv(_content(session, draft_id, n)),
        media_type="text/csv",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


@router.get("/drafts/{draft_id}/report/{n}")
def report_page(
    request: Request,
    session: Db,
    actor: Reader,
    draft_id: int,
    n: int,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    everything: Annotated[bool, Query(alias="all")] = False,
) -> Response:
    """The report to read and to print."""
    draft = draft_for(session, draft_id, actor)
    content = _content(session, draft_id, n)
    rows = content["rows"]
    shown = rows if everything else rows[(page - 1) * ROWS : page * ROWS]
    decided = Counter(row["outcome"] for row in rows)
    return render(
        request,
        "reports/report.html",
        draft=draft,
        n=n,
        content=content,
        opens_at=datetime.fromisoformat(content["opens_at"]),
        closes_at=datetime.fromisoformat(content["closes_at"]),
        published_at=datetime.fromisoformat(content["published_at"]),
        outcomes=[(code, decided[code]) for code in OUTCOMES if decided[code]],
        difference=difference,
        rows=shown,
        page=page,
        everything=everything,
        more=not everything and len(rows) > page * ROWS,
        several=len(rows) > ROWS,
    )
