"""The page of a paper: its parts in order, each with its answer."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from consult.answers.queries import published_for
from consult.papers.queries import paper_by_id, parts_of
from consult.security import Db, Reader
from consult.site.cards import comment_card
from consult.site.drafts import open_page
from consult.web import language_of, render
from drafts.queries import places_in

router = APIRouter()


@router.get("/papers/{paper_id}")
def read_paper(request: Request, session: Db, actor: Reader, paper_id: int) -> Response:
    """What somebody sent as a whole; its title while all parts are shown: it may repeat words."""
    paper = paper_by_id(session, paper_id)
    page = open_page(request, session, paper.draft_id, actor)
    parts = parts_of(session, paper_id)
    answers = published_for(session, [view.comment.id or 0 for view in parts])
    named = places_in(
        session, {(c.version_id, c.anchor_lang, c.wid) for view in parts if (c := view.comment).wid}
    )
    agency = page.agency.names.get(language_of(request)) or next(iter(page.agency.names.values()))
    cards = [
        comment_card(
            view,
            answers,
            page.my_votes,
            agency=agency,
            places={wid: place for (_, _, wid), place in named.items()},
        )
        | {"paper_id": None}  # one is there already
        for view in parts
    ]
    return render(
        request,
        "papers/paper.html",
        page=page,
        paper=paper,
        cards=cards,
        author=next((view.who for view in parts if view.comment.is_public), None),
        is_whole=bool(parts) and all(view.comment.is_public for view in parts),
    )
