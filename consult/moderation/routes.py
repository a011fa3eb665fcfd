"""Pages of moderation: a moderator's list, signals of abuse, the public log.

What is done about one comment: act_routes.py. Appeals: appeal_routes.py.
"""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import AwareDatetime, BeforeValidator

from consult.access import Actor
from consult.comments.rules import check_not_own
from consult.errors import NotAllowed
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
from consult.moderation.queries import SHOWS, Narrowed, QueueRow, counts, queue
from consult.moderation.rules import ACTS, check_independent
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
EXPORT = 10_000
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
        rows=[(row, _barred(actor, row)) for row in rows],
        wanted=wanted,
        waiting=counts(session),
        older=rows[-1].comment.id if len(found) > PAGE else None,
    )


def _barred(actor: Actor, row: QueueRow) -> str:
    """Why this moderator may not decide about a comment; "" if they may."""
    try:
        check_independent(actor, row.draft.agency_id)
        check_not_own(row.comment.author_id, actor.person_id)
    except NotAllowed as refusal:
        return refusal.message
    return ""


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
        stances={} if before else hidden_by_stance(session, asked.draft_id),
    )


@router.get("/moderation/log.csv")
def log_csv(
    request: Request, session: Db, _actor: Reader, asked: LogAsked, before: RowId = None
) -> Response:
    """The log as a table, the newest act first; `Link` says where it goes on, if it does."""
    rows, rest = _file(request, session, asked, before)
    text = csv_text(COLUMNS, ([row[name] for name in COLUMNS] for row in rows))
    headers = {"Content-Disposition": 'attachment; filename="moderation.csv"'} | ANY_ORIGIN
    if rest:
        headers["Link"] = f'<{rest}>; rel="next"'
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/moderation/log.json")
def log_json(
    request: Request, session: Db, _actor: Reader, asked: LogAsked, before: RowId = None
) -> Response:
    """The log for programs; `next` says where it goes on, if it does.

    The first file tells how many comments of each stance are not shown.
    """
    rows, rest = _file(request, session, asked, before)
    stances = {} if before else hidden_by_stance(session, asked.draft_id)
    told = {
        "url": f"{_base(request)}/moderation/log.json",
        "generated_at": platform_of(request).clock().isoformat(),
        "licence": LICENCE,
        "stances": {
            stance: {"hidden": hidden, "comments": n} for stance, (hidden, n) in stances.items()
        },
        "acts": rows,
        "next": rest,
    }
    return JSONResponse(told, headers=ANY_ORIGIN)


def _file(
    request: Request, session: Db, asked: Asked, before: int | None
) -> tuple[list[dict[str, Any]], str | None]:
    """The acts of one file as plain values, and the address of the file that goes on after it."""
    found = public_log(session, asked, before, EXPORT)
    rows, rest = found[:EXPORT], None
    if len(found) > EXPORT:
        rest = str(request.url.include_query_params(before=rows[-1].act.id))
    return list(log_rows(rows, _base(request), language_of(request))), rest


def _base(request: Request) -> str:
    return platform_of(request).settings.base_url.rstrip("/")
