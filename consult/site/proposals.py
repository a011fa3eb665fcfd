"""The list of proposals and the page of one, for everybody; who may do what there."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor
from consult.accounts.queries import agencies
from consult.law.queries import law_of
from consult.moderation.rules import is_independent
from consult.obligations.cards import due_on
from consult.proposals.models import Proposal
from consult.proposals.queries import (
    ORDERS,
    Asked,
    answer_of,
    askable,
    count_by_state,
    duty_of,
    is_supporter,
    joined_with,
    key_of,
    listed,
    proposal_by_id,
    read_key,
    view_of,
)
from consult.proposals.rules import ACCEPTING, State
from consult.security import Db, Reader
from consult.web import platform_of, render
from drafts.models import Draft
from drafts.queries import PUBLIC_STAGES
from notifications.followed import is_following

router = APIRouter()

PAGE = 20
Short = Annotated[str, Query(max_length=40)]


@router.get("/proposals")
def list_proposals(
    request: Request,
    session: Db,
    actor: Reader,
    state: Short = "",
    topic: Short = "",
    agency: Short = "",
    order: Short = "newest",
    after: Short = "",
) -> Response:
    """What people propose: the newest first, or what most support."""
    platform = platform_of(request)
    now, bodies = platform.clock(), agencies(session)
    body_id = next((id_ for id_, body in bodies.items() if body.code == agency), None)
    asked = Asked(
        state=state if state in set(State) else "",
        topic=topic if topic in platform.pack.topics else "",
        agency_id=body_id,
        order=order if order in ORDERS else ORDERS[0],
        after=read_key(after),
    )
    found = listed(session, asked, now, PAGE)
    shown = found[:PAGE]
    chosen = {"state": asked.state, "topic": asked.topic, "order": asked.order}
    chosen["agency"] = agency if body_id else ""
    return render(
        request,
        "proposals/list.html",
        rows=shown,
        chosen=chosen,
        counts=count_by_state(session, body_id, now),
        bodies=[body for body, _ in askable(session, platform.pack.level, now)],
        after=urlencode({"after": key_of(shown[-1], asked.order)}) if len(found) > PAGE else "",
        may_propose=actor.may("propose") or actor.id is None,
    )


@router.get("/proposals/{proposal_id}")
def read_proposal(request: Request, session: Db, actor: Reader, proposal_id: int) -> Response:
    """A proposal, how many support it, what is owed and what was answered, what it led to."""
    platform = platform_of(request)
    now = platform.clock()
    view = view_of(session, proposal_id, now)
    proposal, target = view.proposal, f"proposal:{proposal_id}"
    answer, duty = answer_of(session, proposal_id), duty_of(session, proposal_id)
    level = next((one for one in platform.pack.level if one.code == proposal.level), None)
    return render(
        request,
        "proposals/proposal.html",
        view=view,
        level=level,
        about=_public(session, proposal.draft_id),
        led_to=_public(session, proposal.led_to),
        joined_to=proposal_by_id(session, proposal.joined_to) if proposal.joined_to else None,
        joined=joined_with(session, proposal_id),
        answer=answer if answer and answer.published_at else None,
        duty=duty,
        due=due_on(duty, law_of(session, platform.pack).tz) if duty else None,
        supports=is_supporter(session, proposal_id, actor.id),
        following=target if is_following(session, actor, target) else "",
        target=target,
        may=_may(actor, proposal, view.state, answer.outcome if answer else ""),
    )


def _public(session: Session, draft_id: int | None) -> Draft | None:
    draft = session.get(Draft, draft_id) if draft_id else None
    return draft if draft is not None and draft.stage in PUBLIC_STAGES else None


def _may(actor: Actor, proposal: Proposal, state: State, outcome: str) -> dict[str, bool]:
    """What this reader may do here; the actions check it again."""
    own = actor.id is not None and actor.id == proposal.author_id and actor.may("propose")
    moderates = actor.may("moderate") and is_independent(actor, proposal.agency_id)
    gathers, answered = state is State.GATHERING, state is State.ANSWERED
    officer = actor.may("answer") and actor.may_for("answer", proposal.agency_id)
    desk = actor.may("desk") and actor.may_for("desk", proposal.agency_id)
    open_link = proposal.led_to is None and outcome in ACCEPTING
    return {
        "support": gathers and not own and (actor.may("propose") or actor.id is None),
        "withdraw": gathers and own,
        "join": gathers and (own or moderates),
        "hide": moderates and actor.id != proposal.author_id and state is not State.HIDDEN,
        "answer": state is State.REACHED and desk,
        "link": answered and open_link and officer,
    }
