"""The form to hide words that answer a question beside a draft."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.forms import Form, Posted
from consult.moderation.forms import ReasonForm
from consult.moderation.poll_answers import hide_answer
from consult.moderation.rules import NOTE_MAX, check_independent
from consult.polls.models import PollAnswer
from consult.polls.queries import open_answer
from consult.security import Allow, Db
from consult.web import go, platform_of, render
from drafts.models import Draft

router = APIRouter()

Moderator = Annotated[Actor, Depends(Allow("moderate"))]


@router.get("/poll-answers/{poll_answer_id}/hide")
def hide_form(request: Request, session: Db, actor: Moderator, poll_answer_id: int) -> Response:
    """The form, beneath the words."""
    answer, draft = _to_hide(request, session, actor, poll_answer_id)
    return _page(request, answer, draft, Form[ReasonForm]())


@router.post("/poll-answers/{poll_answer_id}/hide")
def hide(
    request: Request, session: Db, actor: Moderator, posted: Posted, poll_answer_id: int
) -> Response:
    """Hide them, for a published reason."""
    answer, draft = _to_hide(request, session, actor, poll_answer_id)
    form = Form[ReasonForm](posted).check(ReasonForm)
    if form.ok:
        now = platform_of(request).clock()
        with form.attempt(session):
            hide_answer(
                session,
                actor=actor,
                answer=answer,
                draft=draft,
                reason=form.value.reason,
                note=form.value.note,
                now=now,
            )
    if not form.ok:
        return _page(request, answer, draft, form)
    return go(f"/drafts/{draft.id}/poll", "The answer is hidden; the public log says why.")


def _to_hide(
    request: Request, session: Db, actor: Actor, poll_answer_id: int
) -> tuple[PollAnswer, Draft]:
    now = platform_of(request).clock()
    answer, _, consultation = open_answer(session, poll_answer_id, now)
    draft = session.get_one(Draft, consultation.draft_id)
    check_independent(actor, draft.agency_id)
    return answer, draft


def _page(request: Request, answer: PollAnswer, draft: Draft, form: Form[ReasonForm]) -> Response:
    return render(
        request,
        "polls/hide.html",
        status=form.status,
        answer=answer,
        draft=draft,
        form=form,
        note_max=NOTE_MAX,
    )
