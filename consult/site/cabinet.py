"""A person's own pages: my comments and what became of them, my notices.

What I follow: following.py.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.forms import Posted
from consult.hearings.queries import registered
from consult.security import Allow, Db
from consult.site.own import changed_comments, counts, own_comments, signed_comments
from consult.web import go, local_path, platform_of, render
from notifications.actions import mark_read, read_notice
from notifications.queries import notices_of
from notifications.rules import spoken

router = APIRouter()

Owner = Annotated[Actor, Depends(Allow("cabinet"))]
Before = Annotated[int | None, Query(ge=1, lt=2**31)]
COMMENTS = 10
NOTICES = 20
NEWEST = 3  # unread notices shown above the comments


def _notices(
    session: Db, actor: Actor, before: int | None, limit: int, *, unread_only: bool = False
) -> tuple[list[dict[str, Any]], int]:
    """A page of notices as their fragments need them, and the key of the next page (0: none)."""
    found = notices_of(session, actor.person_id, before, limit, unread_only=unread_only)
    shown: list[dict[str, Any]] = [
        {
            "id": notice.id,
            "kind": message.kind,
            "values": spoken(message.values),
            "path": message.path,
            "created_at": notice.created_at,
            "is_new": notice.read_at is None,
        }
        for notice, message in found[:limit]
    ]
    return shown, (found[limit - 1][0].id or 0) if len(found) > limit else 0


@router.get("/cabinet")
def cabinet(request: Request, session: Db, actor: Owner, before: Before = None) -> Response:
    """My comments with what became of each; above them what is new."""
    platform = platform_of(request)
    pack = platform.pack
    comments, more = own_comments(session, pack, actor.person_id, before, COMMENTS)
    notices, _ = _notices(session, actor, None, NEWEST) if before is None else ([], 0)
    return render(
        request,
        "cabinet/cabinet.html",
        comments=comments,
        before=before,
        older=comments[-1].comment.id if more else 0,
        notices=[notice for notice in notices if notice["is_new"]],
        hearings=registered(session, actor.person_id, platform.clock()),
        counts=counts(session, actor.person_id),
    )


@router.get("/cabinet/notices")
def notices(
    request: Request, session: Db, actor: Owner, before: Before = None, new: str = ""
) -> Response:
    """Everything I was told, newest first, or what of it I have not read."""
    shown, older = _notices(session, actor, before, NOTICES, unread_only=bool(new))
    return render(
        request,
        "cabinet/notices.html",
        notices=shown,
        before=before,
        new=bool(new),
        older=older,
        counts=counts(session, actor.person_id),
    )


@router.post("/cabinet/notices/read")
def read_notices(request: Request, session: Db, actor: Owner) -> Response:
    """All my notices are read."""
    mark_read(session, actor=actor, now=platform_of(request).clock())
    return go("/cabinet/notices", "All notices are marked as read.")


@router.post("/cabinet/notices/{notice_id}/open")
def open_notice(request: Request, session: Db, actor: Owner, notice_id: int) -> Response:
    """Go on to what a notice is about; it is read by that."""
    now = platform_of(request).clock()
    path = read_notice(session, actor=actor, notice_id=notice_id, now=now)
    return go(local_path(path, "/cabinet/notices"))


@router.post("/cabinet/notices/{notice_id}/read")
def post_read_notice(
    request: Request, session: Db, actor: Owner, notice_id: int, posted: Posted
) -> Response:
    """One notice is read."""
    read_notice(session, actor=actor, notice_id=notice_id, now=platform_of(request).clock())
    return go(local_path(str(posted.get("next", "")), "/cabinet/notices"))


@router.get("/cabinet/changed")
def changed(request: Request, session: Db, actor: Owner, before: Before = None) -> Response:
    """My comments whose text has changed: are they still relevant?"""
    shown, more = changed_comments(session, actor.person_id, before, COMMENTS)
    return render(
        request,
        "cabinet/changed.html",
        asked=shown,
        before=before,
        older=shown[-1].question.comment.id if more else 0,
        counts=counts(session, actor.person_id),
    )


@router.get("/cabinet/signed")
def signed(request: Request, session: Db, actor: Owner, before: Before = None) -> Response:
    """What others said and I signed, with what became of it."""
    shown, more = signed_comments(session, actor.person_id, before, COMMENTS)
    return render(
        request,
        "cabinet/signed.html",
        signed=shown,
        before=before,
        older=shown[-1].comment.id if more else 0,
        counts=counts(session, actor.person_id),
    )
