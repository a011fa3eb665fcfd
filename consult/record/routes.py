"""The public record: its page, entries, receipts, proofs, heads, and the script to check them."""

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from consult.access import Actor
from consult.comments.models import Comment
from consult.comments.queries import comment_by_id
from consult.errors import NotFound
from consult.files import unless_known
from consult.record.models import RecordHead
from consult.record.queries import consistency, daily_heads, newest_head, root_of
from consult.record.receipts import (
    comment_by_receipt,
    entries_from,
    entries_of_comment,
    entry_view,
    newest_entries,
    proof,
)
from consult.security import Db, Reader
from consult.web import go, platform_of, render, template_text
from drafts.models import Draft
from drafts.queries import draft_for

router = APIRouter()

PAGE = 20  # entries on a page
PIECE = 500  # entries in a file
DAYS = 60  # heads in the feed
MOST = 2**31 - 1
ANY_ORIGIN = {"Access-Control-Allow-Origin": "*"}
SCRIPT = Path(__file__).with_name("verify.py")

Number = Annotated[int | None, Query(ge=0, le=MOST)]
Size = Annotated[int | None, Query(ge=1, le=MOST)]


@router.get("/record")
def record(
    request: Request, session: Db, _actor: Reader, before: Number = None, receipt: str = ""
) -> Response:
    """What the record is, its newest head and entries; leads on to the receipt asked for."""
    missing = ""
    if receipt.strip():
        try:
            return go(f"/comments/{comment_by_receipt(session, receipt).id}/receipt")
        except NotFound as error:
            missing = str(error.message)
    found = newest_entries(session, before, PAGE + 1)
    return render(
        request,
        "record/record.html",
        status=404 if missing else 200,
        head=newest_head(session),
        entries=found[:PAGE],
        first=before is None,
        older=found[PAGE - 1].entry.number if len(found) > PAGE else None,
        asked=receipt,
        missing=missing,
    )


@router.get("/record/verify")
def how_to_verify(request: Request, session: Db, _actor: Reader) -> Response:
    """How anybody checks a receipt without trusting this site, step by step."""
    return render(
        request,
        "record/verify.html",
        head=newest_head(session),
        script=SCRIPT.read_text("utf-8"),
    )


@router.get("/record/verify.py")
def script(_actor: Reader) -> Response:
    """The script itself."""
    headers = {"content-disposition": 'attachment; filename="verify.py"', **ANY_ORIGIN}
    return Response(SCRIPT.read_bytes(), media_type="text/x-python", headers=headers)


@router.get("/record/head.json")
def head_json(session: Db, _actor: Reader) -> Response:
    """The newest head: to be kept outside."""
    head = newest_head(session)
    if head is None:
        raise NotFound("The record has not begun yet.")
    return _json({"heads": [_head(head)]})


@router.get("/record/heads.atom")
def heads_feed(request: Request, session: Db, _actor: Reader) -> Response:
    """The last head of every day that is over, so that anybody's reader of feeds keeps them."""
    now = platform_of(request).clock()
    text = template_text(
        request,
        "record/heads.xml",
        heads=daily_heads(session, now, DAYS),
        base_url=platform_of(request).settings.base_url.rstrip("/"),
    )
    headers = {"Cache-Control": "public, max-age=3600", "Vary": "Cookie, Accept-Language"}
    media_type = "application/atom+xml; charset=utf-8"
    return unless_known(request, text.encode(), media_type, headers | ANY_ORIGIN)


@router.get("/record/entries.json")
def entries_json(
    session: Db, _actor: Reader, start: Annotated[int, Query(alias="from", ge=0, le=MOST)] = 0
) -> Response:
    """The record piece by piece: whoever takes all of it away can keep and check a copy."""
    found = entries_from(session, start, PIECE)
    entries = [
        {"number": entry.number, "payload": entry.payload, "leaf": entry.leaf} for entry in found
    ]
    return _json({"entries": entries, "next": start + PIECE if len(found) == PIECE else None})


@router.get("/record/proof.json")
def proof_json(
    session: Db, actor: Reader, entry: Annotated[int, Query(ge=0, le=MOST)], size: Size = None
) -> Response:
    """The proof that an entry is among the first `size`, for verify.py."""
    view = entry_view(session, entry, actor.id)
    return JSONResponse(proof(session, [view], newest_head(session), size))


@router.get("/record/consistency.json")
def consistency_json(
    session: Db,
    _actor: Reader,
    first: Annotated[int, Query(alias="from", ge=1, le=MOST)],
    to: Size = None,
) -> Response:
    """The proof that the record of `to` entries begins with that of `from`, for verify.py."""
    head = newest_head(session)
    to = to or (head.size if head else 0)
    if head is None or max(first, to) > head.size:
        raise NotFound("The record has not so many entries yet.")
    path = consistency(session, first, to)
    heads = [{"size": size, "root": root_of(session, size)} for size in (first, to)]
    return _json({"heads": heads, "path": path})


@router.get("/record/entries/{number}")
def entry(request: Request, session: Db, actor: Reader, number: int) -> Response:
    """One entry: what it says, and its proof."""
    view = entry_view(session, number, actor.id)
    return render(
        request, "record/entry.html", view=view, proof=proof(session, [view], newest_head(session))
    )


@router.get("/comments/{comment_id}/receipt")
def receipt(request: Request, session: Db, actor: Reader, comment_id: int) -> Response:
    """The receipt of a comment with its proof: to be read, printed and kept."""
    comment, draft = _comment(session, actor, comment_id)
    views = entries_of_comment(session, comment, actor.id)
    return render(
        request,
        "record/receipt.html",
        comment=comment,
        draft=draft,
        views=views,
        proof=proof(session, views, newest_head(session)) if views else None,
        own=actor.id == comment.author_id,
        base_url=platform_of(request).settings.base_url.rstrip("/"),
    )


@router.get("/comments/{comment_id}/receipt.json")
def receipt_json(session: Db, actor: Reader, comment_id: int) -> Response:
    """The same for verify.py; what may be opened depends on who asks."""
    comment, _draft = _comment(session, actor, comment_id)
    views = entries_of_comment(session, comment, actor.id)
    if not views:
        raise NotFound("This comment is not in the record yet. It will be in a few minutes.")
    found = {"receipt": comment.receipt, **proof(session, views, newest_head(session))}
    name = f"receipt-{comment.receipt}.json"
    return JSONResponse(found, headers={"content-disposition": f'attachment; filename="{name}"'})


def _comment(session: Db, actor: Actor, comment_id: int) -> tuple[Comment, Draft]:
    comment = comment_by_id(session, comment_id)
    return comment, draft_for(session, comment.draft_id, actor)


def _head(head: RecordHead) -> dict[str, Any]:
    return {"size": head.size, "root": head.root, "made_at": head.made_at.isoformat()}


def _json(value: dict[str, Any]) -> Response:
    """What is the same for everybody, and may be read by pages of any site."""
    return JSONResponse(value, headers=ANY_ORIGIN)
