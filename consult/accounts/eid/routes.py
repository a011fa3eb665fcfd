"""Pages of the eID: why and how, the way there, the way back.

The way back is a GET with a page that posts on: what an address does when it is only opened (by a
program that looks ahead, by a person who goes back) must change nothing.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool

from consult.access import Actor
from consult.accounts.eid.actions import Attempt, begin_attempt, identify_person, use_attempt
from consult.accounts.eid.client import subject_by_code, where_to
from consult.accounts.eid.queries import holder_of_identity, identities_of
from consult.accounts.eid.rules import (
    ATTEMPT_LIFE,
    DESK,
    SIGNED,
    Question,
    check_same,
    check_standing,
    desk_code,
    may_be_identified,
    subject_hash,
)
from consult.accounts.entering import let_in, new_sign_in, tell_if_strange
from consult.accounts.forms import ChosenPassword
from consult.accounts.queries import owner_by_password
from consult.accounts.second_factor.queries import check_may_change
from consult.accounts.secrets import new_token
from consult.errors import NotFound
from consult.forms import Form, Posted
from consult.security import Allow, Db, sign_in_token
from consult.web import actor_of, go, local_path, platform_of, render

router = APIRouter()

Anybody = Annotated[Actor, Depends(Allow("join"))]
Asked = Annotated[Actor, Depends(Allow("cabinet", "sign_in"))]  # a password may be guessed here
BROWSER_COOKIE = "eid"


@dataclass(frozen=True, slots=True)
class Sent:
    """Who is sent to the eID: where to, and with which secrets."""

    actor: Actor
    question: Question
    address: str
    going: str


@dataclass(frozen=True, slots=True)
class Found:
    """Who came back, to what they were asked, and what is kept of who they are."""

    actor: Actor
    asked: Attempt
    hashed: str


async def _send_visitor(request: Request, actor: Anybody, posted: Posted) -> Sent:
    """Somebody who will be signed in by the eID."""
    _check_there_is_one(request)
    check_same(None, actor.id)
    return await _send(request, actor, posted)


async def _send_owner(
    request: Request, actor: Asked, posted: Posted
) -> Sent | Form[ChosenPassword]:
    """Somebody whose account the eID will open from now on; the form is what was refused.

    Whoever sits at an open browser could link their own eID: so the password is asked for.
    """
    _check_there_is_one(request)
    check_standing(actor)
    form = Form[ChosenPassword](posted).check(ChosenPassword)
    if form.ok:
        await run_in_threadpool(_prove, request, actor, form)
    return await _send(request, actor, posted) if form.ok else form


def _prove(request: Request, actor: Actor, form: Form[ChosenPassword]) -> None:
    """Raises SecondFactorNeeded; a wrong password is an error of the form."""
    platform = platform_of(request)
    with platform.database.reading() as session, form.attempt(session):
        owner_by_password(session, actor.person_id, form.value.password, "password")
        check_may_change(session, actor, sign_in_token(request), platform.clock())


async def _send(request: Request, actor: Actor, posted: dict[str, Any]) -> Sent:
    """Ask the eID where to send the person, before anything is written; raises Unreachable."""
    platform = platform_of(request)
    question = Question(state=new_token(), nonce=new_token(), verifier=new_token())
    address = await where_to(platform.settings, question, platform.clock())
    return Sent(actor, question, address, local_path(str(posted.get("next", "")), ""))


async def _find(request: Request, actor: Anybody, posted: Posted) -> Found:
    """Use up the attempt, then ask the eID whom it identified, while nothing is being written."""
    platform = platform_of(request)
    settings, now = platform.settings, platform.clock()
    _check_there_is_one(request)
    browser = request.cookies.get(_browser_cookie(request), "")

    def use() -> Attempt:
        with platform.database.writing() as session:
            return use_attempt(
                session, state=str(posted.get("state", "")), browser=browser, now=now
            )

    asked = await run_in_threadpool(use)
    check_same(asked.person_id, actor.id)
    subject = await subject_by_code(
        settings,
        code=str(posted.get("code", "")),
        sender=str(posted.get("iss", "")),
        nonce=asked.nonce,
        verifier=asked.verifier,
        now=now,
    )
    return Found(actor, asked, subject_hash(settings.secret_key, settings.oidc_issuer, subject))


@router.get("/eid")
def show_eid(
    request: Request,
    session: Db,
    actor: Anybody,
    next: str = "",  # noqa: A002
) -> Response:
    """What it is good for, what is kept, the ways to it; or since when one is identified."""
    return _eid_page(request, session, actor, Form[ChosenPassword]({"next": next}))


def _eid_page(
    request: Request, session: Session, actor: Actor, form: Form[ChosenPassword]
) -> Response:
    """Who may link an eID and has a second factor shows it first."""
    platform = platform_of(request)
    may = may_be_identified(actor)
    identities = identities_of(session, actor.person_id) if actor.is_identified else []
    by_eid = any(identity.issuer not in {DESK, SIGNED} for identity in identities)
    if may and platform.settings.eid_name and not by_eid:
        check_may_change(session, actor, sign_in_token(request), platform.clock())
    return render(
        request,
        "eid/eid.html",
        status=form.status,
        form=form,
        identities=identities,
        by_eid=by_eid,
        signed=any(identity.issuer == SIGNED for identity in identities),
        signs=bool(platform.settings.esign_roots),
        may=may or actor.id is None,
        code=desk_code(platform.settings.secret_key, actor.person_id, platform.clock())
        if may
        else "",
    )


@router.post("/eid/begin")
def post_begin(
    request: Request, session: Db, sent: Annotated[Sent, Depends(_send_visitor)]
) -> Response:
    """To the eID, to sign in by it."""
    return _leave(request, session, sent)


@router.post("/eid/link")
def post_link(
    request: Request,
    session: Db,
    sent: Annotated[Sent | Form[ChosenPassword], Depends(_send_owner)],
) -> Response:
    """To the eID, to be identified by it and sign in by it from then on."""
    if isinstance(sent, Form):
        return _eid_page(request, session, actor_of(request), sent)
    return _leave(request, session, sent)


def _leave(request: Request, session: Session, sent: Sent) -> Response:
    """A page that goes on to the eID by itself.

    Not a redirect: after a form, browsers follow one only to where the Content-Security-Policy lets
    forms be sent (form-action), and an eID leads on to places we do not know.
    """
    browser = new_token()
    begin_attempt(
        session,
        sent.actor,
        sent.question,
        browser=browser,
        going=sent.going,
        now=platform_of(request).clock(),
    )
    response = render(request, "eid/leave.html", address=sent.address)
    response.set_cookie(
        _browser_cookie(request),
        browser,
        max_age=int(ATTEMPT_LIFE.total_seconds()),
        secure=platform_of(request).settings.is_production,
        httponly=True,
        samesite="lax",
    )
    return response


@router.get("/eid/return")
def show_return(
    request: Request,
    _actor: Anybody,
    code: str = "",
    state: str = "",
    iss: str = "",
) -> Response:
    """Where the eID sends the person back to: with a code, or without one if nothing came of it."""
    _check_there_is_one(request)
    answer = {"code": code, "state": state, "iss": iss}
    return render(request, "eid/return.html", answer=answer)


@router.post("/eid/return")
def post_return(request: Request, session: Db, found: Annotated[Found, Depends(_find)]) -> Response:
    """Keep who it is; or sign them in; or lead to registration whoever has no account yet."""
    platform = platform_of(request)
    issuer, now = platform.settings.oidc_issuer, platform.clock()
    if found.actor.id is not None:
        identify_person(session, found.actor, issuer=issuer, hashed=found.hashed, now=now)
        response = go(local_path(found.asked.next, "/eid"), "It is known now who you are.")
    elif person := holder_of_identity(session, issuer, found.hashed):
        token = new_sign_in(request, session, person)
        tell_if_strange(request, session, person)
        response = go(local_path(found.asked.next, "/cabinet"), "You are signed in.")
        let_in(request, response, person, token)
    else:
        response = go(
            "/register",
            "You have no account with this eID yet. Register or sign in once with an address, "
            "then identify yourself: from then on the eID is enough.",
        )
    secure = platform.settings.is_production
    response.delete_cookie(_browser_cookie(request), secure=secure, httponly=True, samesite="lax")
    return response


def _browser_cookie(request: Request) -> str:
    """The name of the cookie. With the prefix (RFC 6265bis, 4.1.3.2) no other host can set it:

    else an attempt of somebody else could be slipped into this browser.
    """
    prefix = "__Host-" if platform_of(request).settings.is_production else ""
    return prefix + BROWSER_COOKIE


def _check_there_is_one(request: Request) -> None:
    if not platform_of(request).settings.eid_name:
        raise NotFound("There is no such page.")
