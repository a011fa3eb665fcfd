"""The page of one agency, with its Follow button."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from consult.accounts.agencies.queries import agency_page
from consult.security import Db, Reader
from consult.web import render
from notifications.followed import is_following

router = APIRouter()


@router.get("/agencies/{code}")
def read_agency(request: Request, session: Db, actor: Reader, code: str) -> Response:
    """One agency: its names, whom it took over from, who took over from it."""
    page = agency_page(session, code)
    target = f"agency:{page.agency.id}"
    following = target if is_following(session, actor, target) else ""
    return render(request, "agencies/agency.html", page=page, target=target, following=following)
