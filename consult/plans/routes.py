"""The plan of law-making as a table to take away.

Its pages stand in consult/site, for they know who follows.
"""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from consult.accounts.queries import agencies, agency_by_code
from consult.i18n.catalogues import LANGUAGES
from consult.plans.models import PlanItem
from consult.plans.queries import cursor_of, plan_filter, plan_items
from consult.security import Db, Reader
from consult.spreadsheets import csv_text
from consult.web import platform_of

router = APIRouter()

EXPORT = 10_000
COLUMNS = (
    *("id", "agency", "state", "month", "act_type", "topic"),
    *(f"title_{lang}" for lang in LANGUAGES),
    *(f"summary_{lang}" for lang in LANGUAGES),
    *("published_at", "draft", "address"),
)
Cursor = Annotated[str, Query(max_length=30)]
Year = Annotated[str, Query(max_length=4, pattern=r"^(\d{4})?$")]


@router.get("/plan.csv")
def export(
    request: Request,
    session: Db,
    _actor: Reader,
    agency: str = "",
    act_type: str = "",
    topic: str = "",
    year: Year = "",
    state: str = "all",
    after: Cursor = "",
) -> Response:
    """The plan as a table; where it is longer than one answer, `Link` says where it goes on."""
    wanted = plan_filter(session, agency, act_type, topic, year, state)
    found = plan_items(session, wanted, after=after, limit=EXPORT)
    rows, bodies = found[:EXPORT], agencies(session)
    headers = {"content-disposition": 'attachment; filename="plan.csv"'}
    if len(found) > EXPORT:
        following = request.url.include_query_params(after=cursor_of(rows[-1]))
        headers["link"] = f'<{following}>; rel="next"'
    base_url = platform_of(request).settings.base_url.rstrip("/")
    lines = (_line(item, bodies[item.agency_id].code, base_url) for item in rows)
    return Response(csv_text(COLUMNS, lines), media_type="text/csv", headers=headers)


def _line(item: PlanItem, agency: str, base_url: str) -> tuple[object, ...]:
    """A draft is named once it is public: only then is an item started."""
    return (
        *(item.id, agency, item.state, f"{item.expected_on:%Y-%m}", item.act_type, item.topic),
        *(item.titles.get(lang) for lang in LANGUAGES),
        *(item.summaries.get(lang) for lang in LANGUAGES),
        item.published_at.isoformat() if item.published_at else None,
        item.draft_id if item.state == "started" else None,
        f"{base_url}/plan/{item.id}",
    )


@router.get("/agencies/{code}/plan")
def plan_of_agency(session: Db, _actor: Reader, code: str) -> Response:
    """The plan of one agency is the plan of all, narrowed to it."""
    agency = agency_by_code(session, code)
    return RedirectResponse(f"/plan?{urlencode({'agency': agency.code})}", 302)
