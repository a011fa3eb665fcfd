"""The page of all agencies. That of one stands in consult/site, for it knows who follows."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from consult.accounts.agencies.queries import tree
from consult.security import Db, Reader
from consult.web import render

router = APIRouter()


@router.get("/agencies")
def list_agencies(request: Request, session: Db, _actor: Reader) -> Response:
    """All agencies, each beneath the one it belongs to."""
    rows, closed = tree(session)
    return render(request, "agencies/list.html", rows=rows, closed=closed)
