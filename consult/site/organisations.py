"""The public page of an organisation: its name, its number, what it said; not who its members are.

The pages of members: accounts/organisations.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.accounts.organisations.queries import (
    has_confirmed_member,
    live_membership,
    organisation_by_id,
)
from consult.errors import NotFound
from consult.security import Allow, Db
from consult.site.spoken import spoken
from consult.web import render

router = APIRouter()

Reader = Annotated[Actor, Depends(Allow("read"))]
Before = Annotated[int | None, Query(ge=1, lt=2**31)]
COMMENTS = 20


@router.get("/organisations/{organisation_id}")
def organisation_page(
    request: Request, session: Db, actor: Reader, organisation_id: int, before: Before = None
) -> Response:
    """What an organisation said. What was typed with an unconfirmed address has no page."""
    organisation = organisation_by_id(session, organisation_id)
    said = spoken(session, organisation_id, before, COMMENTS)
    if said.is_nothing and not has_confirmed_member(session, organisation_id):
        raise NotFound("There is no such organisation.")
    mine = actor.id is not None and live_membership(session, actor.id, organisation_id)
    return render(
        request,
        "organisations/organisation.html",
        organisation=organisation,
        said=said,
        before=before,
        is_member=bool(mine),
    )
