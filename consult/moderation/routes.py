"""Pages of moderation: reporting a comment, a moderator's list and decisions, the public log."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.comments.models import Comment
from consult.comments.queries import comment_by_id
from consult.forms import Form, Posted
from consult.moderation.actions import (
    check_moderator,
    flag_comment,
    hide_comment,
    keep_comment,
    restore_comment,
)
from consult.moderation.forms import ReasonForm, WordsForm
from consult.moderation.queries import count_flagged, public_log, queue
from consult.moderation.rules import NOTE_MAX, is_independent
from consult.security import Allow, Db, Reader
from consult.web import go, platform_of, render

router = APIRouter()

Moderator = Annotated[Actor, Depends(Allow("moderate"))]
SignedIn = Annotated[Actor, Depends(Allow("flag"))]
RowId = Annotated[int | None, Query(ge=1, lt=2**31)]
PAGE = 30
SHOWS = ("", "flagged", "hidden")


@router.get("/moderation")
def moderation(
    request: Request, session: Db, actor: Moderator, show: str = "", before: RowId = None
) -> Response:
    """The newest comments of all drafts, those that were reported, or those that are hidden."""
    show = show if show in SHOWS else ""
    found = queue(session, show, before, PAGE)
    rows = found[:PAGE]
    return render(
        request,
        "moderation/queue.html",
        rows=[(row, is_independent(actor, row.draft.agency_id)) for row in rows],
        show=show,
        flagged=count_flagged(session),
        older=rows[-1].comment.id if len(found) > PAGE else None,
    )


@router.get("/moderation/log")
def log(
    request: Request,
    session: Db,
    _actor: Reader,
    before: RowId = None,
    comment: RowId = None,
) -> Response:
    """Every act of moderation with its reason, for everybody to see."""
    found = public_log(session, before, comment, PAGE)
    rows = found[:PAGE]
    older = rows[-1].act.id if len(found) > PAGE else None
    return render(request, "moderation/log.html", rows=rows, older=older, comment=comment)


@router.get("/comments/{comment_id}/hide")
def hide_form(request: Request, session: Db, actor: Moderator, comment_id: int) -> Response:
    """The form to hide a comment."""
    comment = _to_moderate(session, actor, comment_id)
    return _form_page(request, "hide", comment, Form[ReasonForm]())


@router.post("/comments/{comment_id}/hide")
def hide(
    request: Request, session: Db, actor: Moderator, posted: Posted, comment_id: int
) -> Response:
    """Hide a comment, for a published reason."""
    comment = _to_moderate(session, actor, comment_id)
    form = Form[ReasonForm](posted).check(ReasonForm)
    if form.ok:
        reason, note, now = form.value.reason, form.value.note, platform_of(request).clock()
        with form.attempt(session):
            hide_comment(session, actor=actor, comment=comment, reason=reason, note=note, now=now)
    if not form.ok:
        return _form_page(request, "hide", comment, form)
    return go(f"/comments/{comment_id}", "The comment is hidden; its author is told why.")


@router.get("/comments/{comment_id}/restore")
def restore_form(request: Request, session: Db, actor: Moderator, comment_id: int) -> Response:
    """The form to show a hidden comment again."""
    comment = _to_moderate(session, actor, comment_id)
    return _form_page(request, "restore", comment, Form[WordsForm]())


@router.post("/comments/{comment_id}/restore")
def restore(
    request: Request, session: Db, actor: Moderator, posted: Posted, comment_id: int
) -> Response:
    """Show a hidden comment again."""
    comment = _to_moderate(session, actor, comment_id)
    form = Form[WordsForm](posted).check(WordsForm)
    if form.ok:
        reason, now = form.value.reason, platform_of(request).clock()
        with form.attempt(session):
            restore_comment(session, actor=actor, comment=comment, reason=reason, now=now)
    if not form.ok:
        return _form_page(request, "restore", comment, form)
    return go(f"/comments/{comment_id}", "The comment is shown again; its author is told.")


@router.get("/comments/{comment_id}/keep")
def keep_form(request: Request, session: Db, actor: Moderator, comment_id: int) -> Response:
    """The form to let a reported comment stand."""
    comment = _to_moderate(session, actor, comment_id)
    return _form_page(request, "keep", comment, Form[WordsForm]())


@router.post("/comments/{comment_id}/keep")
def keep(
    request: Request, session: Db, actor: Moderator, posted: Posted, comment_id: int
) -> Response:
    """Let a reported comment stand."""
    comment = _to_moderate(session, actor, comment_id)
    form = Form[WordsForm](posted).check(WordsForm)
    if form.ok:
        reason, now = form.value.reason, platform_of(request).clock()
        with form.attempt(session):
            keep_comment(session, actor=actor, comment=comment, reason=reason, now=now)
    if not form.ok:
        return _form_page(request, "keep", comment, form)
    return go("/moderation?show=flagged", "The comment stays; the reports on it are settled.")


@router.get("/comments/{comment_id}/report-it")
def flag_form(request: Request, session: Db, _actor: SignedIn, comment_id: int) -> Response:
    """The form to report a comment that breaks the rules."""
    comment = comment_by_id(session, comment_id)
    return _form_page(request, "flag", comment, Form[ReasonForm]())


@router.post("/comments/{comment_id}/report-it")
def flag(
    request: Request, session: Db, actor: SignedIn, posted: Posted, comment_id: int
) -> Response:
    """Report a comment; a moderator will look at it."""
    comment = comment_by_id(session, comment_id)
    form = Form[ReasonForm](posted).check(ReasonForm)
    if form.ok:
        reason, note, now = form.value.reason, form.value.note, platform_of(request).clock()
        with form.attempt(session):
            flag_comment(session, actor=actor, comment=comment, reason=reason, note=note, now=now)
    if not form.ok:
        return _form_page(request, "flag", comment, form)
    return go(f"/comments/{comment_id}", "Thank you: a moderator will look at this comment.")


def _to_moderate(session: Db, actor: Actor, comment_id: int) -> Comment:
    comment = comment_by_id(session, comment_id)
    check_moderator(session, actor, comment)
    return comment


def _form_page(
    request: Request, act: str, comment: Comment, form: Form[ReasonForm] | Form[WordsForm]
) -> Response:
    return render(
        request,
        "moderation/act.html",
        status=form.status,
        act=act,
        comment=comment,
        form=form,
        note_max=NOTE_MAX,
    )
