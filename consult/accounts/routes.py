"""Pages of accounts: register, confirm, sign in and out, a forgotten password, the language."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.accounts.actions import (
    ask_for_reset,
    ask_to_register,
    change_language,
    confirm_email,
    new_hash,
    reset_password,
    sign_out,
)
from consult.accounts.entering import let_in, new_sign_in, remember, tell_if_strange
from consult.accounts.forms import Address, ChosenPassword, Entry, NewPassword, Registration
from consult.accounts.models import Person
from consult.accounts.queries import (
    actor_for,
    entered_with,
    holder_of_link,
    person_by_password,
    registrant,
)
from consult.forms import Form, Posted
from consult.i18n.catalogues import choose_language
from consult.security import Allow, Db, sign_in_cookie, sign_in_token
from consult.web import LANG_COOKIE, go, language_of, local_path, page_at, platform_of, render

router = APIRouter()

Anybody = Annotated[Actor, Depends(Allow("join"))]


@router.get("/register")
def show_registration(request: Request, _actor: Anybody) -> Response:
    """The form for a new account."""
    return render(request, "accounts/register.html", form=Form[Registration]())


@router.post("/register")
def post_registration(request: Request, session: Db, _actor: Anybody, posted: Posted) -> Response:
    """Take a registration; what is answered does not tell whether the address was known."""
    form = Form[Registration](posted).check(Registration)
    if form.ok:
        with form.attempt(session):
            ask_to_register(
                session,
                **form.value.model_dump(exclude={"mandate"}),
                lang=language_of(request),
                now=platform_of(request).clock(),
            )
    if not form.ok:
        return render(request, "accounts/register.html", status=form.status, form=form)
    return go("/sent")


@router.get("/sent")
def sent(request: Request, _actor: Anybody) -> Response:
    """Where a mail was asked for: look into your mailbox."""
    kept = platform_of(request).settings.keeps_mails
    return render(request, "accounts/sent.html", kept=kept)


@router.get("/confirm/{token}")
def show_confirmation(request: Request, session: Db, _actor: Anybody, token: str) -> Response:
    """The link of the mail. It only shows a form: programs that read mail follow links too."""
    person = holder_of_link(session, token, "confirm", platform_of(request).clock())
    name = entered_with(session, token).get("name", person.name)
    return _confirm_page(request, person, name, Form[ChosenPassword]())


@router.post("/confirm/{token}")
def post_confirmation(
    request: Request, session: Db, _actor: Anybody, posted: Posted, token: str
) -> Response:
    """The address belongs to the person who registered, who is signed in at once."""
    platform = platform_of(request)
    now = platform.clock()
    with platform.database.reading() as reading:
        holder = holder_of_link(reading, token, "confirm", now)
        name = entered_with(reading, token).get("name", holder.name)
    token_here = ""
    form = Form[ChosenPassword](posted).check(ChosenPassword)
    if form.ok:
        with form.attempt(session):
            with platform.database.reading() as reading:
                registrant(reading, token, form.value.password, now)
            person = confirm_email(session, token, now)
            token_here = new_sign_in(request, session, person)
    if not form.ok:
        return _confirm_page(request, holder, name, form)
    _end_sign_in(request, session)
    response = go("/cabinet", "Your address is confirmed, and you are signed in.")
    return let_in(request, response, holder, token_here)


@router.get("/sign-in")
def show_sign_in(request: Request, actor: Anybody, next: str = "") -> Response:  # noqa: A002
    """The form to sign in; whoever has done so goes on."""
    if actor.id is not None:
        return go(local_path(next, _first_page(actor)))
    return render(request, "accounts/sign_in.html", form=Form[Entry]({"next": next}))


@router.post("/sign-in")
def post_sign_in(request: Request, session: Db, _actor: Anybody, posted: Posted) -> Response:
    """Check the password and remember the browser."""
    platform = platform_of(request)
    token, first_page = "", ""
    form = Form[Entry](posted).check(Entry)
    if form.ok:
        entry = form.value
        with form.attempt(session):
            with platform.database.reading() as reading:
                person = person_by_password(reading, email=entry.email, password=entry.password)
                first_page = _first_page(actor_for(reading, person.id or 0))
            token = new_sign_in(request, session, person)
            tell_if_strange(request, session, person)
    if not form.ok:
        return render(request, "accounts/sign_in.html", status=form.status, form=form)
    _end_sign_in(request, session)
    return let_in(request, go(local_path(form.value.next, first_page)), person, token)


@router.post("/sign-out")
def post_sign_out(request: Request, session: Db, _actor: Anybody) -> Response:
    """Forget this browser, and let it forget: the next one at a shared device goes not back."""
    _end_sign_in(request, session)
    response = go("/", "You have signed out.")
    response.headers["Clear-Site-Data"] = '"cache"'
    secure = platform_of(request).settings.is_production  # else browsers keep a "__Host-" cookie
    response.delete_cookie(sign_in_cookie(request), secure=secure, httponly=True, samesite="lax")
    return response


@router.get("/forgot")
def show_forgotten(request: Request, _actor: Anybody) -> Response:
    """The form to ask for a new password."""
    return render(request, "accounts/forgot.html", form=Form[Address]())


@router.post("/forgot")
def post_forgotten(request: Request, session: Db, _actor: Anybody, posted: Posted) -> Response:
    """Mail a link; what is answered does not tell whether there is such an account."""
    form = Form[Address](posted).check(Address)
    if not form.ok:
        return render(request, "accounts/forgot.html", status=form.status, form=form)
    ask_for_reset(session, form.value.email, platform_of(request).clock())
    return go("/sent")


@router.get("/reset/{token}")
def show_reset(request: Request, session: Db, _actor: Anybody, token: str) -> Response:
    """The form for a new password, for whoever holds the link of the mail."""
    holder_of_link(session, token, "reset", platform_of(request).clock())
    return _reset_page(request, Form[NewPassword]())


@router.post("/reset/{token}")
def post_reset(
    request: Request, session: Db, _actor: Anybody, posted: Posted, token: str
) -> Response:
    """Set the new password; every browser of the person must sign in again."""
    platform = platform_of(request)
    now = platform.clock()
    form = Form[NewPassword](posted).check(NewPassword)
    if form.ok:
        with form.attempt(session):
            with platform.database.reading() as reading:
                hashed = new_hash(reading, token, form.value.password, now)
            reset_password(session, token, hashed, now)
    if not form.ok:
        return _reset_page(request, form)
    return go("/sign-in", "Your new password is set. You can sign in with it now.")


@router.post("/language")
def post_language(request: Request, session: Db, actor: Anybody, posted: Posted) -> Response:
    """Choose the language of the interface, in this browser and for the person's mails."""
    lang = choose_language(str(posted.get("lang", "")), default=language_of(request))
    if actor.id is not None:
        change_language(session, actor.id, lang)
    response = go(page_at(request, local_path(str(posted.get("next", "")))))
    return remember(request, response, LANG_COOKIE, lang, 365)


def _first_page(actor: Actor) -> str:
    """Where somebody who was going nowhere in particular is led after signing in."""
    if actor.lacks_second_factor:
        return "/second-factor"
    return "/desk" if actor.is_staff else "/cabinet"


def _confirm_page(
    request: Request, person: Person, name: str, form: Form[ChosenPassword]
) -> Response:
    return render(
        request,
        "accounts/confirm.html",
        status=form.status,
        form=form,
        person=person,
        registered=name,
        action=request.url.path,
    )


def _reset_page(request: Request, form: Form[NewPassword]) -> Response:
    action = request.url.path
    return render(request, "accounts/reset.html", status=form.status, form=form, action=action)


def _end_sign_in(request: Request, session: Db) -> None:
    sign_out(session, sign_in_token(request))
