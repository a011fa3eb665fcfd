"""Writing by program: a comment, its withdrawal, a vote, each by a key and as the pages take it.

What is asked for and answered is described in consult/opendata/writing_api.py. Reading: opendata.
"""

from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from consult.access import Actor
from consult.accounts.keys.guard import ByKey
from consult.accounts.keys.repeating import answered, remember
from consult.accounts.keys.rules import REPEAT_HEADER, asked_hash, check_repeat_key
from consult.comments.actions import Place, ProvisionGone, submit_comment, withdraw_comment
from consult.comments.forms import Spoken
from consult.comments.models import Comment
from consult.comments.queries import comment_by_id
from consult.errors import Conflict, Invalid, NotFound
from consult.forms import Form, Number, Sent
from consult.security import Db
from consult.site.drafts import open_page
from consult.site.feeds import base_of
from consult.votes.actions import vote_on_comment, vote_on_text
from consult.web import platform_of, problem
from drafts.queries import draft_for

router = APIRouter()

Commenter = Annotated[Actor, Depends(ByKey("comment", "write"))]
Voter = Annotated[Actor, Depends(ByKey("vote", "write"))]
Language = Literal["ky", "ru", "kk", "en"]
NO_STORE = {"Cache-Control": "no-store"}
M = TypeVar("M", bound=BaseModel)


class CommentSent(Spoken):
    """A comment; what its words may be is a rule (comments/rules.py), as on the pages."""

    model_config = ConfigDict(extra="forbid", strict=True)

    draft: Number
    provision: str = Field("", max_length=200)
    reply_to: Number | None = None
    quote: str = ""
    quote_start: int | None = Field(None, ge=0, lt=10**8)
    quote_lang: Language | None = None
    body: str
    organisation: Number | None = None
    lang: Language | None = None


class VoteSent(BaseModel):
    """A vote on a draft, on a provision of it, or on a comment; 0 takes it back."""

    model_config = ConfigDict(extra="forbid", strict=True)

    draft: Number | None = None
    provision: str = Field("", max_length=200)
    comment: Number | None = None
    value: Literal[1, 0, -1]


def _refused(form: Form[M]) -> Response:
    """Every field that is wrong, named at once."""
    told = [{"field": one.field, "detail": one.message.format(**one.params)} for one in form.errors]
    return problem(422, told[0]["detail"], told[0]["field"], told)


@router.post("/api/v1/comments")
def post_comment(request: Request, session: Db, actor: Commenter, sent: Sent) -> Response:
    """Take a comment or a reply, and give its receipt; repeated with one key, once."""
    form = Form[CommentSent](sent).check(CommentSent)
    if not form.ok:
        return _refused(form)
    now, key_id = platform_of(request).clock(), request.state.api_key_id
    repeat_key = request.headers.get(REPEAT_HEADER)
    if repeat_key is not None:
        check_repeat_key(repeat_key)
        asked = asked_hash(request.method, request.url.path, sent)
        earlier = answered(session, key_id, repeat_key, asked, now)
        if earlier is not None:
            return _created(earlier)
    comment = _submit(request, session, actor, form.value)
    answer = _receipt(comment, base_of(request))
    if repeat_key is not None:
        remember(session, key_id, repeat_key, answer)
    return _created(answer)


def _submit(request: Request, session: Db, actor: Actor, said: CommentSent) -> Comment:
    if said.organisation != actor.organisation_id:
        raise Conflict(
            "You do not write for this organisation now, or you write for another. "
            "Please look in whose name you write.",
            field="organisation",
        )
    platform = platform_of(request)
    draft = draft_for(session, said.draft, actor)
    lang = said.lang or actor.lang
    text = said.quote_lang or open_page(request, session, said.draft, actor, lang, head=False).lang
    try:
        return submit_comment(
            session,
            actor=actor,
            draft=draft,
            place=Place(
                wid=said.provision,
                lang=text,
                quote=said.quote,
                quote_start=said.quote_start,
                parent_id=said.reply_to,
            ),
            words=said.words,
            lang=lang,
            most=platform.settings.comment_max_chars,
            now=platform.clock(),
            channel="api",
        )
    except ProvisionGone:
        raise Invalid("There is no such provision in this text.", field="provision") from None


def _receipt(comment: Comment, base_url: str) -> dict[str, Any]:
    """What its author needs to find the comment again, and to prove what was said."""
    return {
        "id": comment.id,
        "draft": comment.draft_id,
        "receipt": comment.receipt,
        "created_at": comment.created_at.isoformat(),
        "sha256": comment.body_hash,
        "url": f"{base_url}/comments/{comment.id}",
        "receipt_url": f"{base_url}/comments/{comment.id}/receipt",
    }


def _created(answer: dict[str, Any]) -> Response:
    return JSONResponse(answer, 201, headers={**NO_STORE, "Location": answer["url"]})


@router.delete("/api/v1/comments/{comment_id}")
def delete_comment(
    request: Request,
    session: Db,
    actor: Commenter,
    comment_id: Annotated[int, Path(ge=1, lt=2**31)],
) -> Response:
    """Take one's words back; a marked gap stays, as on the pages. Done twice, it is done once."""
    comment = comment_by_id(session, comment_id)
    if comment.author_id != actor.id:
        raise NotFound("There is no such comment.")  # nobody learns whose it is by guessing
    withdraw_comment(session, actor=actor, comment=comment, now=platform_of(request).clock())
    return Response(status_code=204, headers=NO_STORE)


@router.put("/api/v1/votes")
def put_vote(request: Request, session: Db, actor: Voter, sent: Sent) -> Response:
    """Vote, change one's vote, or take it back."""
    form = Form[VoteSent](sent).check(VoteSent)
    if not form.ok:
        return _refused(form)
    said, now = form.value, platform_of(request).clock()
    if (said.draft is None) == (said.comment is None) or (said.comment and said.provision):
        detail = "Please name a draft, with a provision if you like, or a comment."
        return problem(422, detail, "draft")
    if said.comment is not None:
        comment = comment_by_id(session, said.comment)
        draft = draft_for(session, comment.draft_id, actor)
        vote_on_comment(
            session, actor=actor, draft=draft, comment=comment, value=said.value, now=now
        )
    else:
        draft = draft_for(session, said.draft or 0, actor)
        try:
            vote_on_text(
                session, actor=actor, draft=draft, wid=said.provision, value=said.value, now=now
            )
        except NotFound:
            raise Invalid("There is no such provision in this text.", field="provision") from None
    return Response(status_code=204, headers=NO_STORE)
