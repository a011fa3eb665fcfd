"""The administrator's pages of organisations: find one, correct what it is called, close it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.accounts.organisations.actions import close_organisation
from consult.accounts.organisations.forms import Named
from consult.accounts.organisations.queries import (
    FOUND_MAX,
    organisation_by_id,
    organisations_found,
    spoken_for,
)
from consult.accounts.organisations.routes import attempt_correction
from consult.forms import Form, Posted
from consult.security import Allow, Db
from consult.web import go, platform_of, render

router = APIRouter()

Administrator = Annotated[Actor, Depends(Allow("administer"))]
ALL = "/admin/organisations"


@router.get(ALL)
def list_organisations(
    request: Request,
    session: Db,
    _actor: Administrator,
    q: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """The newest, or those that are called like this."""
    found = organisations_found(session, q)
    return render(
        request,
        "admin/organisations.html",
        q=q,
        found=found,
        live=spoken_for(session, [one.id or 0 for one in found]),
        most=FOUND_MAX,
    )


@router.get(ALL + "/{organisation_id}")
def show_organisation(
    request: Request, session: Db, _actor: Administrator, organisation_id: int
) -> Response:
    """One organisation with what may be done to it."""
    return _page(request, session, organisation_id, Form[Named]())


def _page(request: Request, session: Db, organisation_id: int, form: Form[Named]) -> Response:
    return render(
        request,
        "admin/organisation.html",
        status=form.status,
        organisation=organisation_by_id(session, organisation_id),
        is_spoken_for=bool(spoken_for(session, [organisation_id])),
        form=form,
    )


@router.post(ALL + "/{organisation_id}/correct")
def post_correction(
    request: Request, session: Db, actor: Administrator, posted: Posted, organisation_id: int
) -> Response:
    """Correct its name and number."""
    form = attempt_correction(request, session, actor, posted, organisation_id)
    if not form.ok:
        return _page(request, session, organisation_id, form)
    return go(f"{ALL}/{organisation_id}", "The name and the number are saved.")


@router.post(ALL + "/{organisation_id}/close")
def post_closing(
    request: Request, session: Db, actor: Administrator, organisation_id: int
) -> Response:
    """Nobody speaks for it any more."""
    now = platform_of(request).clock()
    close_organisation(session, actor=actor, organisation_id=organisation_id, now=now)
    return go(f"{ALL}/{organisation_id}", "Nobody speaks for this organisation any more.")
