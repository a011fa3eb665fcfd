"""The link in the receipt of a comment, "I did not write this", which works without signing in.

The link proves who got the receipt; it stands here, beside the other mailed links, and what it does
in consult/moderation/disavowing.py.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.comments.models import Comment
from consult.comments.queries import comment_by_id
from consult.errors import NotFound
from consult.forms import Form, Posted
from consult.moderation.disavowing import disavow_comment
from consult.moderation.forms import NoteForm
from consult.moderation.rules import NOTE_MAX
from consult.security import Allow, Db
from consult.web import platform_of, render
from notifications.links import DISAVOW, unsign

router = APIRouter()

Anybody = Annotated[Actor, Depends(Allow("join"))]


@router.get("/disavow/{token}")
def disavow_form(request: Request, session: Db, _actor: Anybody, token: str) -> Response:
    """Show the comment and a button: programs that read mail follow links too."""
    return _page(request, _comment(request, session, token), Form[NoteForm]())


@router.post("/disavow/{token}")
def disavow(request: Request, session: Db, _actor: Anybody, posted: Posted, token: str) -> Response:
    """Take back what was sent in one's name."""
    comment = _comment(request, session, token)
    form = Form[NoteForm](posted).check(NoteForm)
    if form.ok:
        now = platform_of(request).clock()
        with form.attempt(session):
            disavow_comment(session, comment=comment, note=form.value.note, now=now)
    return _page(request, comment, form)


def _comment(request: Request, session: Db, token: str) -> Comment:
    """The comment a mailed link stands for; raises NotFound for a forged one."""
    value = unsign(platform_of(request).settings.secret_key, DISAVOW, token)
    if value is None:
        raise NotFound("This link is not complete. Please copy the whole of it from the mail.")
    return comment_by_id(session, int(value))


def _page(request: Request, comment: Comment, form: Form[NoteForm]) -> Response:
    return render(
        request,
        "moderation/disavow.html",
        status=form.status,
        comment=comment,
        form=form,
        action=request.url.path,
        note_max=NOTE_MAX,
    )
