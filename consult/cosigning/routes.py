"""Pages of signatures: signing a comment, taking it back, who signed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.accounts.organisations.rules import check_speaks_for
from consult.comments.queries import comment_by_id
from consult.cosigning.actions import sign_comment, unsign_comment
from consult.cosigning.forms import SignForm
from consult.cosigning.queries import count_identified, signers
from consult.errors import Invalid, NotFound
from consult.forms import Form, Posted
from consult.security import Allow, Db, Reader
from consult.web import go, local_path, platform_of, render
from drafts.queries import draft_for

router = APIRouter()

Commenter = Annotated[Actor, Depends(Allow("comment"))]


@router.post("/comments/{comment_id}/sign")
def sign(
    request: Request, session: Db, actor: Commenter, posted: Posted, comment_id: int
) -> Response:
    """Sign what somebody else said."""
    comment = comment_by_id(session, comment_id)
    draft_for(session, comment.draft_id, actor)
    form = Form[SignForm](posted).check(SignForm)
    if not form.ok:
        error = form.errors[0]
        raise Invalid(error.message, field=error.field, **error.params)
    typed = form.value
    check_speaks_for(posted, actor.organisation_id)
    sign_comment(
        session,
        actor=actor,
        comment=comment,
        mandate=typed.mandate,
        read=typed.words,
        now=platform_of(request).clock(),
    )
    return go(
        local_path(typed.next, f"/comments/{comment_id}"),
        "You signed this comment. You will be told what is decided.",
    )


@router.post("/comments/{comment_id}/unsign")
def unsign(
    request: Request, session: Db, actor: Commenter, posted: Posted, comment_id: int
) -> Response:
    """Take one's signature back."""
    comment = comment_by_id(session, comment_id)
    draft_for(session, comment.draft_id, actor)
    unsign_comment(session, actor=actor, comment=comment, now=platform_of(request).clock())
    here = local_path(str(posted.get("next", "")), f"/comments/{comment_id}")
    return go(here, "Your signature was taken back.")


@router.get("/comments/{comment_id}/signatures")
def list_signers(
    request: Request, session: Db, actor: Reader, comment_id: int, after: str = ""
) -> Response:
    """Who signed a comment, the latest first."""
    comment = comment_by_id(session, comment_id)
    draft = draft_for(session, comment.draft_id, actor)
    if not comment.is_public:
        raise NotFound("This comment is no longer there.")
    shown, older = signers(session, comment_id, after)
    return render(
        request,
        "cosigning/signatures.html",
        comment=comment,
        draft=draft,
        signers=shown,
        identified=count_identified(session, comment_id) if comment.signed_n else 0,
        after=after,
        older=older,
    )
