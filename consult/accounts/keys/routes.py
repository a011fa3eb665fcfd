"""My keys in the cabinet, and the terms under which programs write here."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.accounts.keys.actions import accept_terms, end_key, make_key
from consult.accounts.keys.forms import Accepted, NewKey
from consult.accounts.keys.queries import keys_of
from consult.accounts.keys.rules import NAME_MAX
from consult.accounts.keys.terms import terms
from consult.errors import Invalid
from consult.forms import Form, Posted
from consult.security import Allow, Db, Reader, sign_in_token
from consult.web import go, platform_of, render

router = APIRouter()

Owner = Annotated[Actor, Depends(Allow("cabinet"))]
Writer = Annotated[Actor, Depends(Allow("comment"))]
KeyId = Annotated[int, Path(ge=1, lt=2**31)]
HOME = "/cabinet/keys"


@router.get("/api-terms")
def show_terms(request: Request, _actor: Reader) -> Response:
    """The terms in force."""
    return render(request, "keys/terms.html", terms=terms())


@router.get(HOME)
def show_keys(request: Request, session: Db, actor: Owner) -> Response:
    """My keys, and the form to make one."""
    return _page(request, session, actor, Form())


def _page(
    request: Request, session: Db, actor: Actor, form: Form[NewKey], made: str = ""
) -> Response:
    response = render(
        request,
        "keys/own.html",
        status=form.status,
        form=form,
        made=made,
        keys=keys_of(session, actor.person_id),
        terms=terms(),
        name_max=NAME_MAX,
        base_url=platform_of(request).settings.base_url.rstrip("/"),
    )
    if made:
        response.headers["cache-control"] = "no-store"
    return response


@router.post(HOME)
def post_key(request: Request, session: Db, actor: Writer, posted: Posted) -> Response:
    """Make a key. Answers with a page: it is shown there, and never again."""
    form, made = Form[NewKey](posted).check(NewKey), ""
    if form.ok:
        with form.attempt(session):
            _, made = make_key(
                session,
                actor=actor,
                token=sign_in_token(request),
                name=form.value.name,
                accepted=form.value.version,
                now=platform_of(request).clock(),
            )
    return _page(request, session, actor, Form() if form.ok else form, made)


@router.post(HOME + "/{key_id}/terms")
def post_terms(
    request: Request, session: Db, actor: Writer, posted: Posted, key_id: KeyId
) -> Response:
    """Accept the terms in force for a key that rests."""
    form = Form[Accepted](posted).check(Accepted)
    if not form.ok:
        raise Invalid("Please accept the terms.")
    now, version = platform_of(request).clock(), form.value.version
    accept_terms(session, actor=actor, key_id=key_id, accepted=version, now=now)
    return go(HOME, "The key works again.")


@router.post(HOME + "/{key_id}/end")
def post_end(request: Request, session: Db, actor: Owner, key_id: KeyId) -> Response:
    """End a key."""
    end_key(session, actor=actor, key_id=key_id, now=platform_of(request).clock())
    return go(HOME, "The key was ended.")
