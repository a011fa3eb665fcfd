"""The page of the cabinet where a person deletes their account."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor
from consult.accounts.models import Person
from consult.accounts.queries import owner_by_password
from consult.accounts.second_factor.queries import check_may_change
from consult.forms import Form, Posted
from consult.privacy.forgetting import forget
from consult.privacy.forms import LeavingForm
from consult.privacy.leaving import check_no_roles, check_typed
from consult.privacy.standing import managed_alone, roles_of
from consult.security import Allow, Db, sign_in_cookie, sign_in_token
from consult.web import go, platform_of, render

router = APIRouter()

Owner = Annotated[Actor, Depends(Allow("cabinet"))]
Asked = Annotated[Actor, Depends(Allow("cabinet", "sign_in"))]  # a password may be guessed here


@router.get("/cabinet/delete")
def show_leaving(request: Request, session: Db, actor: Owner) -> Response:
    """What will happen, and what to choose. Who has a second factor shows it first."""
    check_may_change(session, actor, sign_in_token(request), platform_of(request).clock())
    return _page(request, session, actor, Form[LeavingForm]())


@router.post("/cabinet/delete")
def leave(request: Request, session: Db, actor: Asked, posted: Posted) -> Response:
    """Delete the account: it is closed when this is answered, and the rest follows by itself."""
    platform, token = platform_of(request), sign_in_token(request)
    form = Form[LeavingForm](posted).check(LeavingForm)
    if form.ok:
        entry, now = form.value, platform.clock()
        with form.attempt(session):
            with platform.database.reading() as reading:
                person = owner_by_password(reading, actor.person_id, entry.password, "password")
                check_may_change(reading, actor, token, now)
                check_typed(entry.typed, person.email)
                check_no_roles(len(roles_of(reading, actor.person_id)))
            person = session.get_one(Person, actor.person_id)
            forget(session, person, words=entry.words, by=actor.person_id, now=now)
    if not form.ok:
        with platform.database.reading() as reading:
            return _page(request, reading, actor, form)
    response = go("/", "Your account was deleted.")
    secure = platform.settings.is_production  # else browsers keep a "__Host-" cookie
    response.delete_cookie(sign_in_cookie(request), secure=secure, httponly=True, samesite="lax")
    return response


def _page(request: Request, session: Session, actor: Actor, form: Form[LeavingForm]) -> Response:
    return render(
        request,
        "privacy/delete.html",
        status=form.status,
        form=form,
        email=session.get_one(Person, actor.person_id).email,
        roles=roles_of(session, actor.person_id),
        managed=managed_alone(session, actor.person_id),
    )
