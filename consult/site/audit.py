"""The audit log as administrators and the oversight body read it, and as a table to take away."""

import json
from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BeforeValidator

from consult.access import Actor
from consult.accounts.queries import agencies, names_of
from consult.audit.models import AuditEntry
from consult.audit.queries import Asked, entries
from consult.audit.rules import ACTIONS
from consult.security import Allow, Db
from consult.spreadsheets import csv_text
from consult.web import render

router = APIRouter()

Auditor = Annotated[Actor, Depends(Allow("audit"))]
RowId = Annotated[int | None, Query(ge=1, lt=2**31)]
MaybeId = Annotated[RowId, BeforeValidator(lambda typed: typed or None)]  # of a select
PAGE = 50
EXPORT = 10_000
COLUMNS = (
    *("id", "at", "action", "actor_id", "actor", "subject_id", "subject"),
    *("agency", "organisation_id", "details"),
)


def _asked(action: str = "", person: MaybeId = None, agency: MaybeId = None) -> Asked:
    """Which entries; what a form leaves empty is all of them."""
    return Asked(action if action in ACTIONS else "", person, agency)


LogAsked = Annotated[Asked, Depends(_asked)]


@router.get("/admin/audit")
def audit_log(
    request: Request, session: Db, _actor: Auditor, asked: LogAsked, before: RowId = None
) -> Response:
    """Who gave whom which right, and what else was done to accounts and agencies."""
    found = entries(session, asked, before, PAGE)
    rows = found[:PAGE]
    return render(
        request,
        "admin/audit.html",
        rows=rows,
        people=_names(session, rows, asked.person_id),
        bodies=agencies(session),
        asked=asked,
        actions=ACTIONS,
        older=rows[-1].id if len(found) > PAGE else None,
    )


@router.get("/admin/audit.csv")
def audit_csv(
    request: Request, session: Db, _actor: Auditor, asked: LogAsked, before: RowId = None
) -> Response:
    """The log as a table, the newest entry first; `Link` says where it goes on, if it does."""
    found = entries(session, asked, before, EXPORT)
    rows = found[:EXPORT]
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    if len(found) > EXPORT:
        rest = request.url.include_query_params(before=rows[-1].id)
        headers["Link"] = f'<{rest}>; rel="next"'
    text = csv_text(COLUMNS, _lines(session, rows))
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def _lines(session: Db, rows: Sequence[AuditEntry]) -> Iterator[Sequence[object]]:
    people, bodies = _names(session, rows, None), agencies(session)
    for row in rows:
        agency = bodies.get(row.agency_id or 0)
        yield (
            *(row.id, row.at.isoformat(), row.action),
            *(row.actor_id, people.get(row.actor_id or 0)),
            *(row.subject_id, people.get(row.subject_id or 0)),
            *(agency and agency.code, row.organisation_id),
            json.dumps(row.details, ensure_ascii=False),
        )


def _names(session: Db, rows: Sequence[AuditEntry], chosen: int | None) -> dict[int, str]:
    ids = {one for row in rows for one in (row.actor_id, row.subject_id) if one}
    return names_of(session, ids | ({chosen} if chosen else set()))
