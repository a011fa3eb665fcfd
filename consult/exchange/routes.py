"""The exchange profile, version 1: what systems of agencies send and fetch (profile.py)."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from sqlmodel import Session

from consult.access import Actor
from consult.accounts.keys.repeating import answered, remember
from consult.accounts.keys.rules import REPEAT_HEADER, asked_hash, check_repeat_key
from consult.answers.actions import decide, group_comments
from consult.answers.queries import answer_to, issue_by_id
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.consultations.queries import consultation_by_id, current_round
from consult.errors import DomainError, NotFound
from consult.exchange.actions import Registration, register, send_text
from consult.exchange.forms import AnswerSent, DraftSent, GroupSent, TextSent
from consult.exchange.guard import BySystem, base_url
from consult.exchange.models import ExchangeAnswer, ExchangeSystem
from consult.exchange.openapi import document
from consult.exchange.queries import (
    PAGE_MOST,
    comment_of,
    comments_after,
    drafts_after,
    duties_of,
    seen_by,
    text_mark,
)
from consult.exchange.rules import clean_number
from consult.exchange.telling import as_tag, told_comment, told_draft, told_duty
from consult.forms import Form, ReadJson
from consult.law.queries import law_of
from consult.obligations.cards import name_of, statuses
from consult.security import Db, Reader
from consult.web import platform_of, problem
from drafts.actions import hold
from drafts.importing.preview import Preview, import_bytes
from drafts.models import Draft
from drafts.queries import places_in

router = APIRouter(prefix="/api/exchange/v1")

Sent = Annotated[dict[str, Any], Depends(ReadJson(lambda settings: settings.max_upload_mb))]
Reading = Annotated[Actor, Depends(BySystem("desk"))]
Preparing = Annotated[Actor, Depends(BySystem("prepare", "upload"))]
Answering = Annotated[Actor, Depends(BySystem("answer", "write"))]
DraftId = Annotated[int, Path(ge=1, lt=2**31)]
After = Annotated[int, Query(ge=0, lt=2**31)]
Limit = Annotated[int, Query(ge=1, le=PAGE_MOST)]
NO_STORE = {"Cache-Control": "no-store"}
M = TypeVar("M", bound=BaseModel)


def system_of(request: Request) -> ExchangeSystem:
    """The system that asks."""
    system: ExchangeSystem = request.state.exchange_system
    return system


@router.get("/openapi.json")
def show_description(request: Request, _actor: Reader) -> Response:
    """The profile for programs."""
    return JSONResponse(document(base_url(request)))


@router.get("/drafts")
def list_drafts(
    request: Request,
    session: Db,
    _actor: Reading,
    number: str = Query("", max_length=60),
    after: After = 0,
    limit: Limit = 100,
) -> Response:
    """The drafts of the agency, those with a number of theirs or all; the oldest first."""
    wanted = clean_number(number) if number else ""
    rows = drafts_after(session, system_of(request).agency_id, wanted, after, limit)
    told = [told_draft(one, base_url(request)) for one in rows[:limit]]
    more = rows[limit - 1].draft.id if len(rows) > limit else None
    return JSONResponse({"drafts": told, "next": more}, headers=NO_STORE)


@router.post("/drafts")
def post_draft(request: Request, session: Db, actor: Preparing, sent: Sent) -> Response:
    """Register a draft: its number, what it is, its text in one language."""
    form = Form[DraftSent](sent).check(DraftSent)
    if not form.ok:
        return _refused(form)
    said, platform = form.value, platform_of(request)
    preview = _read(said)
    repeat_key, earlier = _earlier(request, session, sent)
    if earlier is not None:
        return _created(earlier)
    link, version = register(
        session,
        actor=actor,
        system=system_of(request),
        pack=platform.pack,
        sent=Registration(
            number=said.number,
            act_type=said.act_type,
            topic=said.topic,
            title=said.title,
            summary=said.summary,
            filename=said.filename,
            preview=preview,
        ),
        now=platform.clock(),
    )
    answer = _taken(preview, version.n) | {
        "draft": link.draft_id,
        "number": link.number,
        "url": f"{base_url(request)}/api/exchange/v1/drafts/{link.draft_id}",
    }
    remember(session, system_of(request).id or 0, repeat_key, answer, ExchangeAnswer)
    return _created(answer)


@router.get("/drafts/{draft_id}")
def get_draft(request: Request, session: Db, _actor: Reading, draft_id: DraftId) -> Response:
    """How far a draft has come."""
    told, tag = _told(request, session, draft_id)
    return JSONResponse(told, headers=NO_STORE | {"ETag": tag})


@router.put("/drafts/{draft_id}/text")
def put_text(
    request: Request, session: Db, actor: Preparing, draft_id: DraftId, sent: Sent
) -> Response:
    """A corrected text, another language or the next version; nothing becomes public by it."""
    form = Form[TextSent](sent).check(TextSent)
    if not form.ok:
        return _refused(form)
    preview, platform = _read(form.value), platform_of(request)
    seen = request.headers.get("if-match", "")
    if not seen:
        return problem(428, "Send the ETag of the draft as you know it in If-Match.", "If-Match")
    draft = seen_by(session, system_of(request).agency_id, draft_id).draft
    hold(session, draft)
    if seen != _told(request, session, draft_id)[1]:
        return problem(412, "The draft has changed meanwhile. Please fetch it again.", "If-Match")
    version = send_text(
        session,
        actor=actor,
        draft=draft,
        pack=platform.pack,
        preview=preview,
        filename=form.value.filename,
        title=form.value.title,
        now=platform.clock(),
    )
    _, tag = _told(request, session, draft_id)
    answer = _taken(preview, version.n) | {"draft": draft_id}
    return JSONResponse(answer, headers=NO_STORE | {"ETag": tag})


@router.get("/drafts/{draft_id}/comments")
def get_comments(
    request: Request,
    session: Db,
    _actor: Reading,
    draft_id: DraftId,
    after: After = 0,
    limit: Limit = 100,
) -> Response:
    """Public comments in the order they came; `next` is null when there are no others now."""
    seen_by(session, system_of(request).agency_id, draft_id)
    rows = comments_after(session, draft_id, after, limit)
    shown = rows[:limit]
    where = _places(session, [row[0] for row in shown])
    told = [told_comment(row, where, base_url(request)) for row in shown]
    more = shown[-1][0].id if len(rows) > limit else None
    return JSONResponse({"comments": told, "next": more}, headers=NO_STORE)


@router.put("/drafts/{draft_id}/answers/{receipt}")
def put_answer(
    request: Request, session: Db, actor: Answering, draft_id: DraftId, receipt: str, sent: Sent
) -> Response:
    """Answer a comment: handed to a second person, who approves it on the site."""
    draft = seen_by(session, system_of(request).agency_id, draft_id).draft
    comment = comment_of(session, draft_id, receipt)
    return _answer(request, session, actor, draft, sent, comment.consultation_id, comment.id, None)


@router.put("/drafts/{draft_id}/groups/{group_id}/answer")
def put_group_answer(
    request: Request,
    session: Db,
    actor: Answering,
    draft_id: DraftId,
    group_id: Annotated[int, Path(ge=1, lt=2**31)],
    sent: Sent,
) -> Response:
    """Answer a group of comments at once."""
    draft = seen_by(session, system_of(request).agency_id, draft_id).draft
    round_id = _round(session, draft_id).id or 0
    issue_by_id(session, round_id, group_id)
    return _answer(request, session, actor, draft, sent, round_id, None, group_id)


@router.post("/drafts/{draft_id}/groups")
def post_group(
    request: Request, session: Db, actor: Answering, draft_id: DraftId, sent: Sent
) -> Response:
    """Put comments together that raise one point."""
    form = Form[GroupSent](sent).check(GroupSent)
    if not form.ok:
        return _refused(form)
    draft = seen_by(session, system_of(request).agency_id, draft_id).draft
    repeat_key, earlier = _earlier(request, session, sent)
    if earlier is not None:
        return _created(earlier)
    issue = group_comments(
        session,
        actor=actor,
        consultation=_round(session, draft_id),
        draft=draft,
        comment_ids=[comment_of(session, draft_id, one).id or 0 for one in form.value.receipts],
        title=form.value.title,
        now=platform_of(request).clock(),
    )
    url = f"{base_url(request)}/api/exchange/v1/drafts/{draft_id}/groups/{issue.id}"
    answer = {"group": issue.id, "url": f"{url}/answer"}
    remember(session, system_of(request).id or 0, repeat_key, answer, ExchangeAnswer)
    return _created(answer)


@router.get("/drafts/{draft_id}/duties")
def get_duties(request: Request, session: Db, _actor: Reading, draft_id: DraftId) -> Response:
    """What is owed for a draft, and until when."""
    seen_by(session, system_of(request).agency_id, draft_id)
    platform = platform_of(request)
    law, base = law_of(session, platform.pack), base_url(request)
    status_of = statuses(law, platform.clock())
    told = [
        told_duty(one, name_of(law.pack, one), status_of(one).value, base)
        for one in duties_of(session, draft_id)
    ]
    return JSONResponse({"duties": told}, headers=NO_STORE)


def _read(said: TextSent) -> Preview:
    """What is in a text; before the first statement, for it may take seconds."""
    try:
        return import_bytes(said.data, said.filename, said.lang)
    except DomainError as refusal:  # which the pages tell of a file
        refusal.field = "content"
        raise


def _taken(preview: Preview, n: int) -> dict[str, Any]:
    """What was made of a text. No words of it: this is kept with the request."""
    return {
        "version": n,
        "provisions": sum(preview.tree.counts().values()),
        "coverage": round(preview.coverage, 4),
        "warnings": len(preview.warnings),
    }


def _earlier(
    request: Request, session: Session, sent: dict[str, Any]
) -> tuple[str, dict[str, Any] | None]:
    """The Idempotency-Key, and what was answered under it before; raises Invalid without one."""
    repeat_key = check_repeat_key(request.headers.get(REPEAT_HEADER, ""))
    asked = asked_hash(request.method, request.url.path, sent)
    now, system = platform_of(request).clock(), system_of(request).id or 0
    return repeat_key, answered(session, system, repeat_key, asked, now, ExchangeAnswer)


def _created(answer: dict[str, Any]) -> Response:
    return JSONResponse(answer, 201, headers=NO_STORE | {"Location": answer["url"]})


def _refused(form: Form[M]) -> Response:
    """Every field that is wrong, named at once."""
    told = [{"field": one.field, "detail": one.message.format(**one.params)} for one in form.errors]
    return problem(422, told[0]["detail"], told[0]["field"], told)


def _told(request: Request, session: Session, draft_id: int) -> tuple[dict[str, Any], str]:
    """What is told of a draft, and its ETag, which another text that is not public changes too."""
    seen = seen_by(session, system_of(request).agency_id, draft_id)
    told = told_draft(seen, base_url(request))
    return told, as_tag(told | {"text": text_mark(session, seen.version)})


def _round(session: Session, draft_id: int) -> Consultation:
    term = current_round(session, draft_id)
    if term is None:
        raise NotFound("There is no such discussion.")
    return term


def _places(session: Session, comments: Sequence[Comment]) -> dict[tuple[int, str, str], str]:
    wanted = {(one.version_id, one.anchor_lang, one.wid) for one in comments if one.wid}
    return places_in(session, wanted) if wanted else {}


def _answer(
    request: Request,
    session: Session,
    actor: Actor,
    draft: Draft,
    sent: dict[str, Any],
    round_id: int,
    comment_id: int | None,
    group_id: int | None,
) -> Response:
    """Write an answer; one that is there already is replaced only by whoever knows it."""
    form = Form[AnswerSent](sent).check(AnswerSent)
    if not form.ok:
        return _refused(form)
    hold(session, draft)  # before it is read what stands there: of two at once one is first
    before = answer_to(session, comment_id=comment_id, issue_id=group_id)
    seen = request.headers.get("if-match", "").strip('"')
    if before is not None and not seen:
        return problem(428, "There is an answer: send its ETag in If-Match.", "If-Match")
    if seen != (before.mark if before else ""):
        return problem(412, "The answer has changed meanwhile. Please look again.", "If-Match")
    said = form.value
    row = decide(
        session,
        actor=actor,
        consultation=consultation_by_id(session, round_id),
        draft=draft,
        issue_id=group_id,
        comment_id=comment_id,
        outcome=said.outcome,
        reason=said.reason,
        lang=said.lang,
        changed_wid=said.changed_wid,
        submit=True,
        seen=seen,
        now=platform_of(request).clock(),
    )
    told = {"state": row.state, "outcome": row.outcome}
    return JSONResponse(told, headers=NO_STORE | {"ETag": f'"{row.mark}"'})
