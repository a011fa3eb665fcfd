"""Pages of the safety of an account: where I am signed in, a new password, another address."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.accounts.forms import ChosenPassword
from consult.accounts.models import Person
from consult.accounts.queries import owner_by_password, registrant
from consult.accounts.rules import check_password
from consult.accounts.secrets import hash_password, new_token
from consult.accounts.signins.actions import (
    ask_for_address,
    change_address,
    change_password,
    end_others,
    end_sign_in,
    undo_change,
)
from consult.accounts.signins.forms import AddressChange, Ended, PasswordChange
from consult.accounts.signins.queries import address_of_link, browsers_of
from consult.forms import Form, Posted
from consult.security import Allow, Db, sign_in_token
from consult.web import go, platform_of, render

router = APIRouter()

Owner = Annotated[Actor, Depends(Allow("cabinet"))]
Asked = Annotated[Actor, Depends(Allow("cabinet", "sign_in"))]  # a password may be guessed here
Anybody = Annotated[Actor, Depends(Allow("join"))]
HERE = "/cabinet/security"


@router.get(HERE)
def show_security(request: Request, session: Db, actor: Owner) -> Response:
    """Where I am signed in, and the ways to a new password or address."""
    return render(
        request,
        "signins/security.html",
        person=session.get_one(Person, actor.person_id),
        browsers=browsers_of(
            session, actor.person_id, sign_in_token(request), platform_of(request).clock()
        ),
    )


@router.post(f"{HERE}/end")
def post_end(session: Db, actor: Owner, posted: Posted) -> Response:
    """End one sign-in."""
    form = Form[Ended](posted).check(Ended)
    if form.ok:
        end_sign_in(session, actor=actor, reference=form.value.browser)
    return go(HERE, "That browser is no longer signed in.")


@router.post(f"{HERE}/end-others")
def post_end_others(request: Request, session: Db, actor: Owner) -> Response:
    """End all sign-ins but this one."""
    end_others(session, actor=actor, token=sign_in_token(request))
    return go(HERE, "You are signed in nowhere but here.")


@router.get(f"{HERE}/password")
def show_password(request: Request, _actor: Owner) -> Response:
    """The form for a new password."""
    return render(request, "signins/password.html", form=Form[PasswordChange]())


@router.post(f"{HERE}/password")
def post_password(request: Request, session: Db, actor: Asked, posted: Posted) -> Response:
    """Set a new password; every other browser must sign in again."""
    platform = platform_of(request)
    form = Form[PasswordChange](posted).check(PasswordChange)
    if form.ok:
        entry = form.value
        with form.attempt(session):
            with platform.database.reading() as reading:
                person = owner_by_password(
                    reading, actor.person_id, entry.old_password, "old_password"
                )
            check_password(entry.password, email=person.email or "")
            change_password(
                session,
                actor=actor,
                old_hash=person.password_hash,
                hashed=hash_password(entry.password),
                token=sign_in_token(request),
                now=platform.clock(),
            )
    if not form.ok:
        return render(request, "signins/password.html", status=form.status, form=form)
    return go(HERE, "Your new password is set. Every other browser must sign in with it.")


@router.get(f"{HERE}/address")
def show_address(request: Request, session: Db, actor: Owner) -> Response:
    """The form for another address."""
    return _address_page(request, session, actor, Form[AddressChange]())


@router.post(f"{HERE}/address")
def post_address(request: Request, session: Db, actor: Asked, posted: Posted) -> Response:
    """Ask for another address; what is answered does not tell whether it is taken."""
    platform = platform_of(request)
    form = Form[AddressChange](posted).check(AddressChange)
    if form.ok:
        entry = form.value
        with form.attempt(session):
            with platform.database.reading() as reading:
                owner_by_password(reading, actor.person_id, entry.password, "password")
            ask_for_address(session, actor=actor, email=entry.email, now=platform.clock())
    if not form.ok:
        return _address_page(request, session, actor, form)
    return go("/sent")


@router.get("/address/{token}")
def show_new_address(request: Request, session: Db, _actor: Anybody, token: str) -> Response:
    """The link to the new address. It only shows a form: programs that read mail follow links."""
    new = address_of_link(session, token, "address", platform_of(request).clock())
    return _confirm_page(request, new, Form[ChosenPassword]())


@router.post("/address/{token}")
def post_new_address(
    request: Request, session: Db, _actor: Anybody, posted: Posted, token: str
) -> Response:
    """The account has the new address from now on."""
    platform = platform_of(request)
    now = platform.clock()
    with platform.database.reading() as reading:
        new = address_of_link(reading, token, "address", now)
    form = Form[ChosenPassword](posted).check(ChosenPassword)
    if form.ok:
        with form.attempt(session):
            with platform.database.reading() as reading:
                registrant(reading, token, form.value.password, now, "address")
            change_address(session, token, now)
    if not form.ok:
        return _confirm_page(request, new, form)
    return go(HERE, "Your address is changed.")


@router.get("/undo-address/{token}")
def show_undoing(request: Request, session: Db, _actor: Anybody, token: str) -> Response:
    """The link to the old address: take the change back? Opening it changes nothing."""
    old = address_of_link(session, token, "undo_address", platform_of(request).clock())
    return render(request, "signins/undo.html", old=old, action=request.url.path)


@router.post("/undo-address/{token}")
def post_undoing(request: Request, session: Db, _actor: Anybody, token: str) -> Response:
    """The old address is back, nobody is signed in, and a new password is to be chosen."""
    unusable = hash_password(new_token())  # slow: before the first statement
    path = undo_change(session, token, unusable, platform_of(request).clock())
    return go(path, "Your old address is back. Please choose a new password now.")


def _address_page(
    request: Request, session: Db, actor: Actor, form: Form[AddressChange]
) -> Response:
    person = session.get_one(Person, actor.person_id)
    return render(request, "signins/address.html", status=form.status, form=form, person=person)


def _confirm_page(request: Request, new: str, form: Form[ChosenPassword]) -> Response:
    return render(
        request,
        "signins/confirm.html",
        status=form.status,
        form=form,
        new=new,
        action=request.url.path,
    )
