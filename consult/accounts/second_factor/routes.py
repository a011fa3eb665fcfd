"""Pages where a second factor is shown, and where one is set up: also for staff who have none yet.

Their right is "join", for who still lacks the second factor has no other; the actions ask the rest.
"""

from typing import Annotated, Any

import segno
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.accounts.queries import actor_for
from consult.accounts.second_factor.actions import (
    begin_app,
    confirm_app,
    use_code,
    use_recovery_code,
)
from consult.accounts.second_factor.forms import DeviceAnswer, FirstCode, NewPasskey, Shown
from consult.accounts.second_factor.passkeys import (
    add_passkey,
    are_possible,
    options_to_add,
    options_to_show,
    take_challenge,
    use_passkey,
)
from consult.accounts.second_factor.queries import app_to_set_up, check_may_change, factors_of
from consult.accounts.second_factor.rules import spaced
from consult.forms import Form, Posted
from consult.security import Allow, Db, sign_in_token
from consult.web import go, local_path, platform_of, render

router = APIRouter()

Anybody = Annotated[Actor, Depends(Allow("join"))]
SITE = "Kenesh"
FACTORS = "/cabinet/security/factors"


@router.get("/second-factor")
def show_asking(request: Request, session: Db, actor: Anybody, next: str = "") -> Response:  # noqa: A002
    """Asks for the second factor or, of who has none, to set one up."""
    if actor.id is None:
        return go(local_path(next))
    return _asking(request, session, actor, Form[Shown]({"next": next}))


@router.post("/second-factor")
def post_code(request: Request, session: Db, actor: Anybody, posted: Posted) -> Response:
    """Take a code of the app, or a recovery code."""
    form = Form[Shown](posted).check(Shown)
    if form.ok:
        with form.attempt(session):
            who = _who(request, actor, key=True)
            if form.value.recovery:
                use_recovery_code(session, typed=form.value.recovery, **who)
            else:
                use_code(session, typed=form.value.code, **who)
    return _let_in(request, session, actor, form)


@router.post("/second-factor/passkey/options")
def post_asking_passkey(request: Request, session: Db, actor: Anybody) -> Response:
    """What a device is to sign, as the browser takes it."""
    token, base_url = sign_in_token(request), _base(request)
    return _json(options_to_show(session, actor=actor, token=token, base_url=base_url))


@router.post("/second-factor/passkey")
def post_passkey(request: Request, session: Db, actor: Anybody, posted: Posted) -> Response:
    """Take the answer of a device."""
    challenge = take_challenge(session, sign_in_token(request))
    form = Form[DeviceAnswer](posted).check(DeviceAnswer)
    if form.ok:
        with form.attempt(session):
            use_passkey(
                session,
                answer=form.value.answer,
                challenge=challenge,
                base_url=_base(request),
                **_who(request, actor),
            )
    return _let_in(request, session, actor, form)


@router.post("/second-factor/app")
def post_app(request: Request, session: Db, actor: Anybody, posted: Posted) -> Response:
    """Begin to set up an app; the page that follows may be loaded again without a new secret."""
    begin_app(session, **_who(request, actor, key=True))
    target = request.url_for("show_app").include_query_params(next=str(posted.get("next", "")))
    return go(f"{target.path}?{target.query}")


@router.get("/second-factor/app")
def show_app(request: Request, session: Db, actor: Anybody, next: str = "") -> Response:  # noqa: A002
    """The secret of the app, as a QR code and in letters, and the form for its first code."""
    if actor.id is None:
        return go(local_path(next))
    return _app_page(request, session, actor, Form[FirstCode]({"next": next}))


@router.post("/second-factor/app/confirm")
def post_first_code(request: Request, session: Db, actor: Anybody, posted: Posted) -> Response:
    """The first code: the app is in use from now on."""
    form = Form[FirstCode](posted).check(FirstCode)
    codes: list[str] = []
    if form.ok:
        with form.attempt(session):
            codes = confirm_app(session, typed=form.value.code, **_who(request, actor, key=True))
    if not form.ok:
        return _app_page(request, session, actor, form)
    return set_up_done(request, codes, form.value.next)


@router.post("/second-factor/passkeys/options")
def post_making_passkey(request: Request, session: Db, actor: Anybody) -> Response:
    """What a new passkey is to be made of, as the browser takes it."""
    who = _who(request, actor)
    return _json(options_to_add(session, base_url=_base(request), site=SITE, **who))


@router.post("/second-factor/passkeys")
def post_new_passkey(request: Request, session: Db, actor: Anybody, posted: Posted) -> Response:
    """Add a passkey."""
    challenge = take_challenge(session, sign_in_token(request))
    form = Form[NewPasskey](posted).check(NewPasskey)
    codes: list[str] = []
    if form.ok:
        with form.attempt(session):
            codes = add_passkey(
                session,
                answer=form.value.answer,
                challenge=challenge,
                name=form.value.name,
                base_url=_base(request),
                **_who(request, actor, key=True),
            )
    if not form.ok:
        return _set_up_page(request, session, actor, form)
    return set_up_done(request, codes, form.value.next)


def set_up_done(request: Request, codes: list[str], wish: str) -> Response:
    """After something was set up: the recovery codes, which are shown this once, or onwards."""
    onwards = local_path(wish, FACTORS)
    if not codes:
        return go(onwards, "This is set up.")
    page = render(request, "second_factor/codes.html", codes=codes, onwards=onwards)
    page.headers["Cache-Control"] = "no-store"
    return page


def _let_in(request: Request, session: Db, actor: Actor, form: Form[Any]) -> Response:
    if not form.ok:
        return _asking(request, session, actor, form)
    first_page = "/desk" if actor_for(session, actor.person_id).is_staff else "/cabinet"
    return go(local_path(form.value.next, first_page))


def _asking(request: Request, session: Db, actor: Actor, form: Form[Any]) -> Response:
    factors = factors_of(session, actor.person_id)
    if not factors.count:
        return _set_up_page(request, session, actor, form)
    return _page(request, "second_factor/ask.html", form, factors)


def _set_up_page(request: Request, session: Db, actor: Actor, form: Form[Any]) -> Response:
    factors = check_may_change(session, actor, sign_in_token(request), platform_of(request).clock())
    return _page(request, "second_factor/set_up.html", form, factors)


def _app_page(request: Request, session: Db, actor: Actor, form: Form[FirstCode]) -> Response:
    platform = platform_of(request)
    check_may_change(session, actor, sign_in_token(request), platform.clock())
    secret, address = app_to_set_up(
        session, actor.person_id, secret_key=platform.settings.secret_key, site=SITE
    )
    return render(
        request,
        "second_factor/app.html",
        status=form.status,
        form=form,
        secret=spaced(secret),
        link=address,
        picture=segno.make(address, error="m").svg_data_uri(scale=5, border=4, light="#fff"),
    )


def _page(request: Request, name: str, form: Form[Any], factors: object) -> Response:
    possible = are_possible(_base(request))
    return render(
        request, name, status=form.status, form=form, factors=factors, passkeys_possible=possible
    )


def _base(request: Request) -> str:
    return platform_of(request).settings.base_url


def _who(request: Request, actor: Actor, *, key: bool = False) -> dict[str, Any]:
    """Who acts in which browser and when; with `key`, also what secrets are kept by."""
    platform = platform_of(request)
    who = {"actor": actor, "token": sign_in_token(request), "now": platform.clock()}
    return {**who, "secret_key": platform.settings.secret_key} if key else who


def _json(text: str) -> Response:
    return Response(text, media_type="application/json", headers={"Cache-Control": "no-store"})
