"""Pages of the electronic signature: a statement is taken, signed elsewhere, and sent back.

No password is asked for, as it is before an eID is linked: a signature opens no account, and its
owner is told by mail.
"""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor
from consult.accounts.eid.queries import identities_of
from consult.accounts.eid.rules import SIGNED, check_standing
from consult.accounts.esign.actions import identify_by_signature, take_statement
from consult.accounts.esign.forms import SentSignature
from consult.accounts.esign.providers import verifier_of
from consult.accounts.esign.queries import statement_of
from consult.accounts.esign.rules import NOTHING_TO_SIGN
from consult.accounts.secrets import new_token
from consult.errors import NotFound
from consult.forms import Form, Posted
from consult.security import Allow, Db
from consult.web import go, platform_of, render, template_text

router = APIRouter()

Owner = Annotated[Actor, Depends(Allow("cabinet"))]
PAGE = "/eid/signature"


@router.get("/eid/signature")
def show_signature(request: Request, session: Db, actor: Owner) -> Response:
    """The three steps, or since when one is identified so."""
    _check_there_is_one(request, actor)
    return _page(request, session, actor, Form[SentSignature]())


@router.post("/eid/signature/statement")
def post_statement(request: Request, session: Db, actor: Owner) -> Response:
    """A new statement, in place of the one before."""
    _check_there_is_one(request, actor)
    platform = platform_of(request)
    life, now = timedelta(minutes=platform.settings.esign_minutes), platform.clock()
    text = template_text(
        request,
        "eid/statement.txt",
        number=actor.person_id,
        site=platform.settings.base_url,
        code=new_token(),
        until=now + life,
    )
    take_statement(session, actor, text=text, life=life, now=now)
    return go(PAGE, "Your statement is ready: download it and sign it.")


@router.get("/eid/signature/statement.txt")
def show_statement(request: Request, session: Db, actor: Owner) -> Response:
    """The statement as a file, as often as it is wanted: the same bytes each time."""
    _check_there_is_one(request, actor)
    statement = statement_of(session, actor.person_id, platform_of(request).clock())
    if statement is None:
        raise NotFound(NOTHING_TO_SIGN)
    headers = {
        "Content-Disposition": 'attachment; filename="statement.txt"',
        "Cache-Control": "no-store",
    }
    return Response(statement.text, media_type="text/plain; charset=utf-8", headers=headers)


@router.post("/eid/signature")
def post_signature(request: Request, session: Db, actor: Owner, posted: Posted) -> Response:
    """The signature of the statement: it is known then who this is, or said what is wrong."""
    _check_there_is_one(request, actor)
    platform = platform_of(request)
    form = Form[SentSignature](posted).check(SentSignature)
    if form.ok:
        verifier = verifier_of(platform.settings)
        with form.attempt(session):
            identify_by_signature(
                session,
                actor,
                signature=form.value.content(),
                verifier=verifier,
                secret_key=platform.settings.secret_key,
                now=platform.clock(),
            )
    if not form.ok:
        return _page(request, session, actor, form)
    return go("/eid", "It is known now who you are.")


def _page(request: Request, session: Session, actor: Actor, form: Form[SentSignature]) -> Response:
    platform = platform_of(request)
    now = platform.clock()
    identities = identities_of(session, actor.person_id) if actor.is_identified else []
    return render(
        request,
        "eid/signature.html",
        status=form.status,
        form=form,
        statement=statement_of(session, actor.person_id, now),
        known=next((one for one in identities if one.issuer == SIGNED), None),
        minutes=platform.settings.esign_minutes,
    )


def _check_there_is_one(request: Request, actor: Actor) -> None:
    """Raises NotFound where there are no signatures here, NotAllowed for whom is no person."""
    if not platform_of(request).settings.esign_roots:
        raise NotFound("There is no such page.")
    check_standing(actor)
