"""The button that keeps a page of figures for ever."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.forms import Posted
from consult.security import Allow, Db
from consult.site.kept_pages import page_now
from consult.snapshots.actions import keep as keep_content
from consult.web import go, platform_of

router = APIRouter()

Keeper = Annotated[Actor, Depends(Allow("keep"))]
FIELDS = ("agency", "topic", "act_type", "year", "draft")


@router.post("/statistics/snapshots/{kind}")
def keep(request: Request, session: Db, _actor: Keeper, posted: Posted, kind: str) -> Response:
    """Keep what a page says now, and go there."""
    platform = platform_of(request)
    wish = {name: str(posted.get(name, "")) for name in FIELDS}
    now = platform.clock()
    with platform.database.reading() as counting:  # meanwhile others may write
        subject, content = page_now(counting, kind, wish, pack=platform.pack, now=now)
    snapshot = keep_content(session, kind, subject, content, now)
    return go(snapshot.url, "These figures are kept under this address.")
