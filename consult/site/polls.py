"""A poll beside a draft: its questions while the round is open, its results once it is over."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.consultations.rules import is_open
from consult.errors import NotFound
from consult.forms import Form, Posted
from consult.polls.actions import answer_poll
from consult.polls.queries import (
    OPEN_ANSWERS,
    Poll,
    open_answers,
    own_answers,
    poll_json,
    polls_of,
    stamp_of,
)
from consult.polls.rules import LEAST, SCALE, WORDS_MAX
from consult.procedure.stages import Stage
from consult.security import Allow, Db, Reader
from consult.site.drafts import draft_context, open_page
from consult.site.views import DraftPage
from consult.statistics import exports
from consult.statistics.routes import chart_tools
from consult.web import go, language_of, platform_of, render
from drafts.queries import draft_for

router = APIRouter()

Voter = Annotated[Actor, Depends(Allow("vote"))]
Number = Annotated[int, Query(ge=0, lt=2**31)]


@router.get("/drafts/{draft_id}/poll")
def read_poll(
    request: Request,
    session: Db,
    actor: Reader,
    draft_id: int,
    n: Annotated[int, Query(alias="round", ge=0, le=9999)] = 0,
    after: Number = 0,
) -> Response:
    """The questions to answer, or what was answered; `after`: further answers in words."""
    page = open_page(request, session, draft_id, actor)
    return _poll_page(request, session, actor, page, Form[Any](), n, after)


def _poll_page(
    request: Request,
    session: Db,
    actor: Actor,
    page: DraftPage,
    form: Form[Any],
    n: int = 0,
    after: int = 0,
) -> Response:
    now = platform_of(request).clock()
    polls = polls_of(session, page.rounds, now)
    poll = _chosen(polls, n)
    running = is_open(poll.consultation, Stage(page.draft.stage), now)
    mine = own_answers(session, actor.id, poll.questions)
    words = {}
    if poll.told is not None:
        words = {
            one.id: open_answers(session, one.id or 0, after=after)
            for one in poll.questions
            if one.kind == "open"
        }
    return render(
        request,
        "polls/poll.html",
        status=form.status,
        poll=poll,
        polls=polls,
        running=running and poll.consultation.id == polls[0].consultation.id,
        mine=mine,
        form=form,
        stamp=stamp_of(poll.questions),
        words=words,
        shown=OPEN_ANSWERS,
        after=after,
        scale=SCALE,
        words_max=WORDS_MAX,
        least_answers=LEAST,
        **chart_tools(),
        **draft_context(request, page, "poll"),
    )


def _chosen(polls: list[Poll], n: int) -> Poll:
    """The poll of a round, of the newest that has one if none is named; raises NotFound."""
    poll = next((one for one in polls if one.consultation.round == n or not n), None)
    if poll is None:
        raise NotFound("Nothing is asked beside this draft.")
    return poll


@router.post("/drafts/{draft_id}/poll")
def post_answers(
    request: Request, session: Db, actor: Voter, posted: Posted, draft_id: int
) -> Response:
    """Take what a person answers, instead of what they answered before."""
    draft = draft_for(session, draft_id, actor)
    form: Form[Any] = Form[Any](posted)
    with form.attempt(session):
        answer_poll(
            session,
            actor=actor,
            draft=draft,
            given=_given(posted),
            stamp=str(posted.get("stamp", "")),
            lang=language_of(request),
            now=platform_of(request).clock(),
        )
    if not form.ok:
        page = open_page(request, session, draft_id, actor)
        return _poll_page(request, session, actor, page, form)
    return go(
        f"/drafts/{draft_id}/poll",
        "Your answers are kept. You can change them until the discussion closes.",
    )


def _given(posted: dict[str, Any]) -> dict[int, list[str]]:
    """What was ticked or written, by question: "q7" one of, "q7[]" any of."""
    given = {}
    for name, value in posted.items():
        number = name.removeprefix("q").removesuffix("[]")
        if name.startswith("q") and number.isascii() and number.isdigit() and len(number) < 10:
            given[int(number)] = (
                [str(one) for one in value] if isinstance(value, list) else [str(value)]
            )
    return given


@router.get("/drafts/{draft_id}/poll.json")
def read_poll_json(request: Request, session: Db, actor: Reader, draft_id: int) -> Response:
    """All polls of a draft; results only of rounds that are over."""
    page = open_page(request, session, draft_id, actor, head=False)
    platform = platform_of(request)
    path = f"/drafts/{draft_id}/poll.json"
    polls = polls_of(session, page.rounds, platform.clock())
    return exports.json_answer(
        exports.envelope(platform.settings.base_url, path, platform.clock())
        | {"draft": draft_id, "least": LEAST, "polls": [poll_json(one) for one in polls]}
    )
