"""The page of a person's second factors: what is set up, taken away, made anew; an admin's reset.

Setting one up: routes.py.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.accounts.second_factor.actions import make_codes_anew, remove_app, reset_factors
from consult.accounts.second_factor.passkeys import are_possible, remove_passkey
from consult.accounts.second_factor.queries import check_may_change, factors_of
from consult.accounts.second_factor.routes import FACTORS, set_up_done
from consult.forms import Form
from consult.security import Allow, Db, sign_in_token
from consult.web import go, platform_of, render

router = APIRouter()

Owner = Annotated[Actor, Depends(Allow("cabinet"))]
Administrator = Annotated[Actor, Depends(Allow("administer"))]


@router.get("/cabinet/security/factors")
def factors(request: Request, session: Db, actor: Owner) -> Response:
    """What I sign in with besides my password; asks for it first, if that was long ago."""
    platform = platform_of(request)
    check_may_change(session, actor, sign_in_token(request), platform.clock())
    must = platform.settings.staff_second_factor
    return render(
        request,
        "second_factor/factors.html",
        form=Form(),
        factors=factors_of(session, actor.person_id, staff_must=must),
        passkeys_possible=are_possible(platform.settings.base_url),
    )


@router.post("/cabinet/security/factors/app/remove")
def post_without_app(request: Request, session: Db, actor: Owner) -> Response:
    """No codes of an app any more."""
    platform = platform_of(request)
    remove_app(
        session,
        actor=actor,
        token=sign_in_token(request),
        staff_must=platform.settings.staff_second_factor,
        now=platform.clock(),
    )
    return go(FACTORS, "This is removed.")


@router.post("/cabinet/security/factors/passkeys/{key_id}/remove")
def post_without_passkey(request: Request, session: Db, actor: Owner, key_id: int) -> Response:
    """Not this passkey any more."""
    platform = platform_of(request)
    remove_passkey(
        session,
        actor=actor,
        token=sign_in_token(request),
        key_id=key_id,
        staff_must=platform.settings.staff_second_factor,
        now=platform.clock(),
    )
    return go(FACTORS, "This is removed.")


@router.post("/cabinet/security/factors/codes")
def post_codes(request: Request, session: Db, actor: Owner) -> Response:
    """Ten new recovery codes, shown this once."""
    platform = platform_of(request)
    codes = make_codes_anew(
        session,
        actor=actor,
        token=sign_in_token(request),
        secret_key=platform.settings.secret_key,
        now=platform.clock(),
    )
    return set_up_done(request, codes, FACTORS)


@router.post("/admin/people/{person_id}/second-factor")
def post_reset(request: Request, session: Db, actor: Administrator, person_id: int) -> Response:
    """Let somebody begin anew who lost their second factor."""
    reset_factors(session, actor=actor, person_id=person_id, now=platform_of(request).clock())
    return go(f"/admin/people/{person_id}", "Their second factor is reset. They sign in anew.")
