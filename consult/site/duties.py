"""What is owed for one draft, as a page among the draft's others."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from consult.accounts.queries import agencies
from consult.law.queries import law_of
from consult.obligations.cards import duty_cards, single_cards
from consult.obligations.registers.listing import DutyFilter, register, singles_of
from consult.security import Db, Reader
from consult.site.drafts import draft_context, open_page
from consult.web import platform_of, render

router = APIRouter()

MOST = 200
Cards = Sequence[Mapping[str, Any]]


@router.get("/drafts/{draft_id}/duties")
def read_duties(request: Request, session: Db, actor: Reader, draft_id: int) -> Response:
    """What the agency owes for this draft, round by round; for single comments it is counted."""
    platform = platform_of(request)
    now, law = platform.clock(), law_of(session, platform.pack)
    page = open_page(request, session, draft_id, actor)
    rows = register(session, DutyFilter(draft_id=draft_id, per="whole"), now, limit=MOST)
    cards = duty_cards(rows[:MOST], agencies(session), law, now)  # an appeal is for another one
    return render(
        request,
        "obligations/draft.html",
        rounds=_by_round(cards, single_cards(singles_of(session, draft_id, now), law)),
        more=len(rows) > MOST,  # problems with the act may be many
        **draft_context(request, page, "duties"),
    )


def _by_round(duties: Cards, singles: Cards) -> list[dict[str, Any]]:
    """The newest round last; what is owed for no round, because it comes after, at the end."""
    numbers = {card["round"] for card in (*duties, *singles)}
    return [
        {
            "round": number,
            "duties": [card for card in duties if card["round"] == number],
            "singles": [card for card in singles if card["round"] == number],
        }
        for number in sorted(numbers, key=lambda number: (number is None, number))
    ]
