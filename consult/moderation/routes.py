"""Pages of moderation: a moderator's list, signals of abuse, the public log.

What is done about one comment: act_routes.py. Appeals: appeal_routes.py.
"""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import AwareDatetime, BeforeValidator

from consult.access import Actor
from consult.moderation.disavowing import disavowals
from consult.moderation.publishing import (
    COLUMNS,
    LICENCE,
    Asked,
    drafts_in_log,
    hidden_by_stance,
    log_rows,
    public_log,
)
from consult.moderation.queries import SHOWS, Narrowed, counts, queue
from consult.moderation.rules import ACTS, is_independent
from consult.moderation.signals import WINDOW, signals
from consult.security import Allow, Db, Reader
from consult.spreadsheets import csv_text
from consult.web import language_of, platform_of, render

router = APIRouter()

Moderator = Annotated[Actor, Depends(Allow("moderate"))]
RowId = Annotated[int | None, Query(ge=1, lt=2**31)]
MaybeId = Annotated[RowId, BeforeValidator(lambda typed: typed or None)]  # of a select
Moment = Annotated[AwareDatetime | None, Query()]
PAGE = 30
ANY_ORIGIN = {"Access-Control-Allow-Origin": "*"}  # open data: a page anywhere may read it


def _asked(draft: MaybeId = None, act: str = "", comment: MaybeId = None) -> Asked:
    """Which acts; what a form leaves empty is all of them."""
    return Asked(draft, act if act in ACTS else "", comment)


LogAsked = Annotated[Asked, Depends(_asked)]


@router.get("/moderation")
def moderation(
    request: Request,
    session: Db,
    actor: Moderator,
    show: str = "",
    draft: RowId = None,
    author: RowId = None,
    since: Moment = None,
    until: Moment = None,
    before: RowId = None,
) -> Response:
    """The newest comments of all drafts, or those reported, held, hidden, or behind a signal."""
    wanted = Narrowed(show if show in SHOWS else "", draft, author, since, until)
    found = queue(session, wanted, before, PAGE)
    rows = found[:PAGE]
    return render(
        request,
        "moderation/queue.html",
        rows=[(row, is_independent(actor, row.draft.agency_id)) for row in rows],
        wanted=wanted,
        waiting=counts(session),
        older=rows[-1].comment.id if len(found) > PAGE else None,
    )


@router.get("/moderation/signals")
def show_signals(request: Request, session: Db, _actor: Moderator) -> Response:
    """What is striking about the comments of the last month. No signal is a proof."""
    now: datetime = platform_of(request).clock()
    return render(
        request,
        "moderation/signals.html",
        found=signals(session, now),
        days=WINDOW.days,
        disavowals=disavowals(session),
    )


@router.get("/moderation/log")
def log(
    request: Request, session: Db, _actor: Reader, asked: LogAsked, before: RowId = None
) -> Response:
    """Every act of moderation with its reason, for everybody to see."""
    found = public_log(session, asked, before, PAGE)
    rows = found[:PAGE]
    return render(
        request,
        "moderation/log.html",
        rows=rows,
        older=rows[-1].act.id if len(found) > PAGE else None,
        asked=asked,
        acts=ACTS,
        drafts=drafts_in_log(session),
        stances=hidden_by_stance(session, asked.draft_id),
    )


@router.get("/moderation/log.csv")
def log_csv(request: Request, session: Db, _actor: Reader, asked: LogAsked) -> Response:
    """The log as a table, one line an act, the newest first."""
    rows = log_rows(public_log(session, asked, limit=None), _base(request), language_of(request))
    text = csv_text(COLUMNS, ([row[name] for name in COLUMNS] for row in rows))
    named = {"Content-Disposition": 'attachment; filename="moderation.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=named | ANY_ORIGIN)


@router.get("/moderation/log.json")
def log_json(request: Request, session: Db, _actor: Reader, asked: LogAsked) -> Response:
    """The log for programs, with how many comments of each stance are not shown."""
    base = _base(request)
    rows = log_rows(public_log(session, asked, limit=None), base, language_of(request))
    stances = hidden_by_stance(session, asked.draft_id)
    told = {
        "url": f"{base}/moderation/log.json",
        "generated_at": platform_of(request).clock().isoformat(),
        "licence": LICENCE,
        "stances": {
            stance: {"hidden": hidden, "comments": n} for stance, (hidden, n) in stances.items()
        },
        "acts": list(rows),
    }
    return JSONResponse(told, headers=ANY_ORIGIN)


def _base(request: Request) -> str:
    return platform_of(request).settings.base_url.rstrip("/")
