"""The page where an officer identifies a person who came to the desk."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from consult.access import Actor
from consult.accounts.eid.actions import identify_at_desk
from consult.accounts.eid.rules import (
    DESK,
    Document,
    document_subject,
    person_of_code,
    subject_hash,
)
from consult.accounts.queries import actor_for
from consult.forms import Form, Posted
from consult.security import Allow, Db
from consult.web import go, platform_of, render

router = APIRouter()

Officer = Annotated[Actor, Depends(Allow("identify"))]
PATH = "/desk/identify"


class Shown(BaseModel):
    """The code of the account, and the document that was shown."""

    code: Annotated[str, Field(min_length=1, max_length=40)]
    document: Document
    number: Annotated[str, Field(min_length=1, max_length=40)]


@router.get(PATH)
def show_desk(request: Request, session: Db, _officer: Officer, code: str = "") -> Response:
    """First the code that the person tells; then whose account it is, to compare it."""
    return _page(request, session, Form[Shown]({"code": code}))


@router.post(PATH)
def post_desk(request: Request, session: Db, officer: Officer, posted: Posted) -> Response:
    """The document was seen, and the name on it is that of the account."""
    platform = platform_of(request)
    secret, now = platform.settings.secret_key, platform.clock()
    form = Form[Shown](posted).check(Shown)
    if form.ok:
        shown = form.value
        with form.attempt(session):
            subject = document_subject(shown.document, shown.number)
            identify_at_desk(
                session,
                officer,
                person_id=person_of_code(secret, shown.code, now),
                document=shown.document,
                hashed=subject_hash(secret, DESK, subject),
                now=now,
            )
    if not form.ok:
        return _page(request, session, form)
    return go(PATH, "The person is identified.")


def _page(request: Request, session: Db, form: Form[Shown]) -> Response:
    platform = platform_of(request)
    account = None
    if form["code"] and not form.error_of("code"):
        with form.attempt(session):
            secret = platform.settings.secret_key
            account = actor_for(session, person_of_code(secret, form["code"], platform.clock()))
    return render(request, "eid/desk.html", status=form.status, form=form, account=account)
