"""What is owed for one draft, as a page among the draft's others."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from consult.law.queries import law_of
from consult.obligations.cards import duty_cards
from consult.obligations.queries import DutyFilter, register
from consult.security import Db, Reader
from consult.site.drafts import draft_context, open_page
from consult.web import platform_of, render

router = APIRouter()


@router.get("/drafts/{draft_id}/duties")
def read_duties(request: Request, session: Db, actor: Reader, draft_id: int) -> Response:
    """The duties of the agency for this draft, in all its rounds."""
    platform = platform_of(request)
    now = platform.clock()
    page = open_page(request, session, draft_id, actor)
    rows = register(session, DutyFilter(draft_id=draft_id), now)
    return render(
        request,
        "obligations/draft.html",
        duties=duty_cards(
            rows, {page.draft.agency_id: page.agency}, law_of(session, platform.pack), now
        ),
        **draft_context(request, page, "duties"),
    )
