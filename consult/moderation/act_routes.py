"""Forms of what is done about one comment: report it, hold, hide, show again, let stand, redact."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.comments.models import Comment
from consult.comments.queries import comment_by_id
from consult.forms import Form, Posted
from consult.law.queries import law_of
from consult.moderation.actions import (
    check_moderator,
    flag_comment,
    hide_comment,
    hold_comment,
    keep_comment,
    restore_comment,
)
from consult.moderation.forms import ReasonForm, RedactForm, WordsForm
from consult.moderation.queries import flags_on
from consult.moderation.redacting import pieces_of
from consult.moderation.redactions import preview, redact_comment
from consult.moderation.rules import NOTE_MAX
from consult.security import Allow, Db
from consult.web import go, platform_of, render

router = APIRouter()

Moderator = Annotated[Actor, Depends(Allow("moderate"))]
SignedIn = Annotated[Actor, Depends(Allow("flag"))]
AnyForm = Form[ReasonForm] | Form[WordsForm]


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing a moderator may do: what does it, with which form, what is said when it is done."""

    do: Callable[..., None]
    form: type[ReasonForm] | type[WordsForm]
    said: str
    then: str = "/comments/{id}"


DEEDS = {
    "hold": Deed(
        hold_comment,
        ReasonForm,
        "The comment is held; its author is told why. It must be decided soon.",
        "/moderation?show=held",
    ),
    "hide": Deed(hide_comment, ReasonForm, "The comment is hidden; its author is told why."),
    "restore": Deed(restore_comment, WordsForm, "The comment is shown again; its author is told."),
    "keep": Deed(
        keep_comment,
        WordsForm,
        "The comment stays; the reports on it are settled.",
        "/moderation?show=flagged",
    ),
}


@router.get("/comments/{comment_id}/hold")
@router.get("/comments/{comment_id}/hide")
@router.get("/comments/{comment_id}/restore")
@router.get("/comments/{comment_id}/keep")
def act_form(request: Request, session: Db, actor: Moderator, comment_id: int) -> Response:
    """The form to hold or hide a comment, to show it again, or to let a reported one stand."""
    comment = _to_moderate(session, actor, comment_id)
    flags = flags_on(session, comment_id)
    typed = {"reason": flags[0].reason} if flags and _act(request) in ("hold", "hide") else {}
    return _page(request, _act(request), comment, Form[ReasonForm](typed))


@router.post("/comments/{comment_id}/hold")
@router.post("/comments/{comment_id}/hide")
@router.post("/comments/{comment_id}/restore")
@router.post("/comments/{comment_id}/keep")
def act(
    request: Request, session: Db, actor: Moderator, posted: Posted, comment_id: int
) -> Response:
    """Do it, for a published reason."""
    name = _act(request)
    deed, comment = DEEDS[name], _to_moderate(session, actor, comment_id)
    form: Form[Any] = Form[Any](posted).check(deed.form)
    if form.ok:
        now = platform_of(request).clock()
        with form.attempt(session):
            deed.do(session, actor=actor, comment=comment, now=now, **form.value.model_dump())
    if not form.ok:
        return _page(request, name, comment, form)
    return go(deed.then.format(id=comment_id), deed.said)


def _act(request: Request) -> str:
    """The last word of the address is what is to be done."""
    return request.url.path.rpartition("/")[2]


@router.get("/comments/{comment_id}/redact")
def redact_form(request: Request, session: Db, actor: Moderator, comment_id: int) -> Response:
    """The form to take personal data out of a comment."""
    comment = _to_moderate(session, actor, comment_id)
    return _redact_page(request, comment, Form[RedactForm]())


@router.post("/comments/{comment_id}/redact")
def redact(
    request: Request, session: Db, actor: Moderator, posted: Posted, comment_id: int
) -> Response:
    """Show how the comment will read, then take the words out."""
    comment = _to_moderate(session, actor, comment_id)
    form = Form[RedactForm](posted).check(RedactForm)
    if not form.ok:
        return _redact_page(request, comment, form)
    pieces, platform = pieces_of(form.value.words), platform_of(request)
    result = {}
    if form.value.do == "redact":
        with form.attempt(session):
            redact_comment(
                session,
                actor=actor,
                comment=comment,
                pieces=pieces,
                note=form.value.note,
                law=law_of(session, platform.pack),
                now=platform.clock(),
            )
    else:
        with form.attempt(session):
            result = preview(session, comment, pieces)
    if not form.ok or result:
        return _redact_page(request, comment, form, result)
    return go(f"/comments/{comment_id}", "The words are removed; the author is told.")


def _redact_page(
    request: Request,
    comment: Comment,
    form: Form[RedactForm],
    result: dict[str, str] | None = None,
) -> Response:
    return render(
        request,
        "moderation/redact.html",
        status=form.status,
        comment=comment,
        form=form,
        result=result or {},
        note_max=NOTE_MAX,
    )


@router.get("/comments/{comment_id}/report-it")
def flag_form(request: Request, session: Db, _actor: SignedIn, comment_id: int) -> Response:
    """The form to report a comment that breaks the rules."""
    return _page(request, "flag", comment_by_id(session, comment_id), Form[ReasonForm]())


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
        return _page(request, "flag", comment, form)
    return go(f"/comments/{comment_id}", "Thank you: a moderator will look at this comment.")


def _to_moderate(session: Db, actor: Actor, comment_id: int) -> Comment:
    comment = comment_by_id(session, comment_id)
    check_moderator(session, actor, comment)
    return comment


def _page(request: Request, act: str, comment: Comment, form: AnyForm) -> Response:
    return render(
        request,
        "moderation/act.html",
        status=form.status,
        act=act,
        comment=comment,
        form=form,
        note_max=NOTE_MAX,
    )
