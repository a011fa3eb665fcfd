"""The desk's pages of questions: what waits, writing the answer, approving it, passing it on."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor, check_agency
from consult.accounts.queries import agencies
from consult.errors import N_
from consult.forms import Form, Posted
from consult.law.queries import law_of
from consult.obligations.cards import due_on, statuses
from consult.questions.answering import approve_answer, forward, return_answer, write_answer
from consult.questions.forms import AnswerForm, ForwardForm, ReturnForm
from consult.questions.models import Question
from consult.questions.queries import (
    QuestionFilter,
    answer_to,
    answers_to,
    author_known,
    bodies_to_ask,
    body_to_ask,
    duties_of,
    duty_of,
    moves_of,
    public_draft,
    question_by_id,
    questions,
)
from consult.questions.rules import ANSWER_MAX, State
from consult.security import Allow, Db
from consult.web import go, platform_of, render

router = APIRouter()

PAGE = 30
KEPT = N_("The answer is kept. Nobody but your agency sees it yet.")
HANDED_IN = N_("The answer waits for a second person.")
AtDesk = Annotated[Actor, Depends(Allow("desk"))]
Officer = Annotated[Actor, Depends(Allow("answer"))]
Approver = Annotated[Actor, Depends(Allow("approve"))]
Id = Annotated[int | None, Query(ge=1, lt=2**31)]


@router.get("/desk/questions")
def desk_questions(
    request: Request, session: Db, actor: AtDesk, state: str = "waiting", before: Id = None
) -> Response:
    """What the agencies of this person were asked, the newest first."""
    platform = platform_of(request)
    chosen = State(state) if state in tuple(State) else State.WAITING
    wanted = QuestionFilter(agencies=actor.held_for("desk"), state=chosen)
    found = questions(session, wanted, before=before, limit=PAGE)
    shown = found[:PAGE]
    rows = [row.question for row in shown]
    law, now = law_of(session, platform.pack), platform.clock()
    status_of = statuses(law, now)
    due = {
        id_: (status_of(duty).value, due_on(duty, law.tz))
        for id_, duty in duties_of(session, rows).items()
    }
    return render(
        request,
        "questions/desk.html",
        rows=shown,
        bodies=agencies(session),
        answers=answers_to(session, [row.id or 0 for row in rows]),
        due=due,
        state=chosen,
        states=State,
        older=rows[-1].id if len(found) > PAGE else None,
    )


@router.get("/desk/questions/{question_id}")
def work_on_question(request: Request, session: Db, actor: AtDesk, question_id: int) -> Response:
    """One question with its answer as it is being written."""
    question = _own(session, actor, question_id)
    return _page(request, session, actor, question)


def _own(session: Session, actor: Actor, question_id: int) -> Question:
    question = question_by_id(session, question_id)
    check_agency(actor, "desk", question.agency_id)
    return question


def _page(
    request: Request,
    session: Session,
    actor: Actor,
    question: Question,
    *,
    writing: Form[AnswerForm] | None = None,
    giving_back: Form[ReturnForm] | None = None,
    passing_on: Form[ForwardForm] | None = None,
) -> Response:
    answer, bodies = answer_to(session, question.id or 0), agencies(session)
    law, duty = law_of(session, platform_of(request).pack), duty_of(session, question)
    lang = {"lang": question.lang}
    forms: Sequence[Form[Any] | None] = (writing, giving_back, passing_on)
    known = {"body": answer.body, "lang": answer.lang} if answer else lang
    return render(
        request,
        "questions/work.html",
        status=next((form.status for form in forms if form and form.errors), 200),
        question=question,
        who=author_known(session, question),
        agency=bodies[question.agency_id],
        council=bodies.get(question.council_id or 0),
        moves=[(move, bodies[move.to_agency_id]) for move in moves_of(session, question.id or 0)],
        draft=public_draft(session, question.draft_id),
        answer=answer,
        due=due_on(duty, law.tz) if duty else None,
        waits=question.state is State.WAITING,
        answers=actor.may("answer") and actor.may_for("answer", question.agency_id),
        approves=actor.may("approve") and actor.may_for("approve", question.agency_id),
        writing=writing or Form[AnswerForm](known),
        giving_back=giving_back or Form[ReturnForm](),
        passing_on=passing_on or Form[ForwardForm](lang),
        askable=[one for one in bodies_to_ask(session) if one.id != question.agency_id],
        limit=ANSWER_MAX,
    )


@router.post("/desk/questions/{question_id}")
def write(
    request: Request, session: Db, actor: Officer, posted: Posted, question_id: int
) -> Response:
    """Keep the answer, or hand it to a second person."""
    question = _own(session, actor, question_id)
    form = Form[AnswerForm](posted).check(AnswerForm)
    if form.ok:
        typed, now = form.value, platform_of(request).clock()
        submit = typed.then == "submit"
        with form.attempt(session):
            write_answer(
                session,
                actor=actor,
                question=question,
                body=typed.body,
                lang=typed.lang,
                submit=submit,
                now=now,
            )
    if not form.ok:
        return _page(request, session, actor, question, writing=form)
    return go(f"/desk/questions/{question_id}", HANDED_IN if submit else KEPT)


@router.post("/desk/questions/{question_id}/approve")
def approve(
    request: Request, session: Db, actor: Approver, posted: Posted, question_id: int
) -> Response:
    """Publish the answer they have read; who asked, and all who want to know too, are told."""
    question, now = _own(session, actor, question_id), platform_of(request).clock()
    seen = str(posted.get("seen", ""))
    approve_answer(session, actor=actor, question=question, now=now, seen=seen)
    return go(f"/questions/{question_id}", "The answer is public. Who asked is being told.")


@router.post("/desk/questions/{question_id}/return")
def give_back(
    request: Request, session: Db, actor: Approver, posted: Posted, question_id: int
) -> Response:
    """Give the answer back to who writes it."""
    question = _own(session, actor, question_id)
    form = Form[ReturnForm](posted).check(ReturnForm)
    if form.ok:
        with form.attempt(session):
            return_answer(session, actor=actor, question=question, note=form.value.note)
    if not form.ok:
        return _page(request, session, actor, question, giving_back=form)
    return go(f"/desk/questions/{question_id}", "The answer is given back.")


@router.post("/desk/questions/{question_id}/forward")
def pass_on(
    request: Request, session: Db, actor: Officer, posted: Posted, question_id: int
) -> Response:
    """Pass the question on to the body that can answer it."""
    question = _own(session, actor, question_id)
    form = Form[ForwardForm](posted).check(ForwardForm)
    if form.ok:
        typed, now = form.value, platform_of(request).clock()
        with form.attempt(session):
            forward(
                session,
                actor=actor,
                question=question,
                to=body_to_ask(session, typed.agency),
                reason=typed.reason,
                lang=typed.lang,
                now=now,
            )
    if not form.ok:
        return _page(request, session, actor, question, passing_on=form)
    return go(f"/questions/{question_id}", "The question is passed on; who asked is told.")
