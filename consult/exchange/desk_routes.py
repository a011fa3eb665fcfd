"""Pages of the exchange: the profile for everybody, the systems of an agency for its desk."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.accounts.models import Agency
from consult.accounts.queries import agencies
from consult.errors import Invalid
from consult.exchange.actions import end_system, make_system, permit_system
from consult.exchange.guard import base_url
from consult.exchange.profile import CHAPTERS, VERSION
from consult.exchange.queries import systems_of
from consult.exchange.rules import TITLE_MAX, state_of
from consult.forms import Form, Posted
from consult.security import Allow, Db, Reader, sign_in_token
from consult.web import go, platform_of, render

router = APIRouter()

Desk = Annotated[Actor, Depends(Allow("desk"))]
Preparer = Annotated[Actor, Depends(Allow("prepare"))]
Approver = Annotated[Actor, Depends(Allow("approve"))]
SystemId = Annotated[int, Path(ge=1, lt=2**31)]
HOME = "/desk/exchange"


@router.get("/open-data/exchange")
def show_profile(request: Request, _actor: Reader) -> Response:
    """The profile in numbered clauses."""
    return render(
        request,
        "exchange/profile.html",
        chapters=CHAPTERS,
        version=VERSION,
        base=base_url(request),
    )


@router.get(HOME)
def show_systems(request: Request, session: Db, actor: Desk) -> Response:
    """The systems of the agencies this person works for."""
    return _page(request, session, actor, Form())


@router.post(HOME)
def post_system(request: Request, session: Db, actor: Preparer, posted: Posted) -> Response:
    """Name a system. Answers with a page: its key is shown there, and never again."""
    form, made = Form[Any](posted), ""
    with form.attempt(session):
        _, made = make_system(
            session,
            actor=actor,
            agency=_chosen(session, actor, str(posted.get("agency", ""))),
            title=str(posted.get("title", "")),
            token=sign_in_token(request),
            now=platform_of(request).clock(),
        )
    return _page(request, session, actor, Form() if form.ok else form, made)


@router.post(HOME + "/{system_id}/permit")
def post_permit(request: Request, session: Db, actor: Approver, system_id: SystemId) -> Response:
    """Let a system work."""
    permit_system(session, actor=actor, system_id=system_id, now=platform_of(request).clock())
    return go(HOME, "The system may work now.")


@router.post(HOME + "/{system_id}/end")
def post_end(request: Request, session: Db, actor: Desk, system_id: SystemId) -> Response:
    """End a system."""
    end_system(session, actor=actor, system_id=system_id, now=platform_of(request).clock())
    return go(HOME, "The system was ended: its key opens nothing any more.")


def _chosen(session: Db, actor: Actor, code: str) -> Agency:
    """The agency chosen, or the only one there is to choose."""
    mine = {one.code: one for one in _open(_agencies(session, actor, "prepare"))}
    found = mine.get(code) or (next(iter(mine.values())) if len(mine) == 1 else None)
    if found is None:
        raise Invalid("Please choose the agency.", field="agency")
    return found


def _agencies(session: Db, actor: Actor, right: str) -> list[Agency]:
    held = (one for one in agencies(session).values() if actor.may_for(right, one.id or 0))
    return sorted(held, key=lambda one: one.code)


def _open(held: list[Agency]) -> list[Agency]:
    """Those that may name a system; one that was closed still has its own, to be ended."""
    return [one for one in held if one.closed_on is None]


def _page(request: Request, session: Db, actor: Actor, form: Form[Any], made: str = "") -> Response:
    mine = {one.id or 0: one for one in _agencies(session, actor, "desk")}
    response = render(
        request,
        "exchange/systems.html",
        status=form.status,
        form=form,
        made=made,
        systems=[(one, state_of(one)) for one in systems_of(session, list(mine))],
        mine=mine,
        agencies=_open(_agencies(session, actor, "prepare")),
        title_max=TITLE_MAX,
        base=base_url(request),
    )
    if made:
        response.headers["cache-control"] = "no-store"
    return response
