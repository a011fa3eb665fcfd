"""Pages of questions for everybody: the list, putting one, one question and what is done there."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor
from consult.accounts.organisations.rules import check_speaks_for
from consult.accounts.queries import agencies
from consult.forms import Form, Posted
from consult.law.queries import law_of
from consult.moderation.rules import is_independent
from consult.obligations.cards import due_on, statuses
from consult.questions.actions import ask, check_moderator, hide, rate, unwish, wish, withdraw
from consult.questions.forms import AskForm, HideForm
from consult.questions.models import Question
from consult.questions.queries import (
    alike,
    answer_to,
    author_of,
    bodies_to_ask,
    body_to_ask,
    duties_of,
    duty_of,
    is_wished,
    moves_of,
    public_draft,
    question_by_id,
    question_filter,
    questions,
    watched_by,
)
from consult.questions.rules import KINDS, TITLE_MAX, State, kinds_open_to
from consult.security import Allow, Db, Reader
from consult.web import go, language_of, platform_of, render
from drafts.models import Draft
from drafts.queries import draft_for

router = APIRouter()

PAGE = 20
Asker = Annotated[Actor, Depends(Allow("question"))]
Wisher = Annotated[Actor, Depends(Allow("ask"))]
SignedIn = Annotated[Actor, Depends(Allow("cabinet"))]
Moderator = Annotated[Actor, Depends(Allow("moderate"))]
Code = Annotated[str, Query(max_length=20)]
Id = Annotated[int | None, Query(ge=1, lt=2**31)]


def question_url(question: Question) -> str:
    """The address of a question."""
    return f"/questions/{question.id}"


@router.get("/questions")
def list_questions(
    request: Request,
    session: Db,
    actor: Reader,
    agency: Code = "",
    kind: str = "",
    state: str = "",
    draft: Id = None,
    before: Id = None,
) -> Response:
    """What bodies were asked, the newest first."""
    platform = platform_of(request)
    wanted = question_filter(session, agency, kind, state, draft)
    about = draft_for(session, draft, actor) if draft else None
    found = questions(session, wanted, before=before, limit=PAGE)
    shown = found[:PAGE]
    law, now = law_of(session, platform.pack), platform.clock()
    status_of = statuses(law, now)
    duties = duties_of(session, [row.question for row in shown])
    return render(
        request,
        "questions/list.html",
        rows=shown,
        bodies=agencies(session),
        askable=bodies_to_ask(session),
        about=about,
        chosen={"agency": agency, "kind": wanted.kind, "state": wanted.state or "", "draft": draft},
        kinds=KINDS,
        states=State,
        due={id_: (status_of(duty).value, due_on(duty, law.tz)) for id_, duty in duties.items()},
        older=shown[-1].question.id if len(found) > PAGE else None,
    )


@router.get("/questions/new")
def new_question(
    request: Request, session: Db, actor: Asker, agency: Code = "", draft: Id = None
) -> Response:
    """The form to put a question to a body."""
    about = draft_for(session, draft, actor) if draft else None
    raw = {"agency": agency, "lang": language_of(request), "draft": draft or ""}
    if about and not agency:
        raw["agency"] = agencies(session)[about.agency_id].code
    return _ask_page(request, session, actor, Form[AskForm](raw), about, [])


def _ask_page(
    request: Request,
    session: Session,
    actor: Actor,
    form: Form[AskForm],
    about: Draft | None,
    near: list[Question],
) -> Response:
    kinds = kinds_open_to(actor)
    only_council = kinds == ["council"]
    return render(
        request,
        "questions/ask.html",
        status=form.status,
        form=form,
        kinds=kinds,
        askable=watched_by(session, actor) if only_council else bodies_to_ask(session),
        about=about,
        near=near,
        title_max=TITLE_MAX,
        limit=platform_of(request).settings.comment_max_chars,
    )


@router.post("/questions/new")
def put_question(request: Request, session: Db, actor: Asker, posted: Posted) -> Response:
    """Put it, once its author has seen those that come near it; refused, nothing typed is lost."""
    platform = platform_of(request)
    form = Form[AskForm](posted).check(AskForm)
    about, near, made = None, list[Question](), None
    if form.ok:
        typed = form.value
        about = draft_for(session, typed.draft, actor) if typed.draft else None
        with form.attempt(session, keep=403):
            check_speaks_for(posted, actor.organisation_id)
            agency = body_to_ask(session, typed.agency)
            near = alike(session, agency.id or 0, typed.title, typed.body, typed.lang)
            near = [one for one in near if one.author_id != actor.id]
            if typed.looked or not near:
                made = ask(
                    session,
                    actor=actor,
                    agency=agency,
                    asked=typed.asked(),
                    most=platform.settings.comment_max_chars,
                    room=platform.settings.questions_waiting,
                    now=platform.clock(),
                )
    if made is None:
        return _ask_page(request, session, actor, form, about, near)
    return go(question_url(made), "Thank you. The question is public; the body has to answer it.")


@router.get("/questions/{question_id}")
def read_question(request: Request, session: Db, actor: Reader, question_id: int) -> Response:
    """One question, where it was passed on, its answer or when that is due."""
    platform = platform_of(request)
    question = question_by_id(session, question_id)
    answer, bodies = answer_to(session, question_id), agencies(session)
    law, duty = law_of(session, platform.pack), duty_of(session, question)
    waits = question.state is State.WAITING
    return render(
        request,
        "questions/question.html",
        question=question,
        who=author_of(session, question),
        agency=bodies[question.agency_id],
        council=bodies.get(question.council_id or 0),
        moves=[(move, bodies[move.to_agency_id]) for move in moves_of(session, question_id)],
        answer=answer if answer and answer.state == "published" else None,
        draft=public_draft(session, question.draft_id),
        duty=duty,
        due=due_on(duty, law.tz) if duty else None,
        standing=statuses(law, platform.clock())(duty).value if duty else "",
        mine=actor.id == question.author_id,
        wished=is_wished(session, actor, question_id),
        may_answer=waits and actor.may("desk") and actor.may_for("desk", question.agency_id),
        may_hide=actor.may("moderate") and is_independent(actor, question.agency_id),
    )


@router.post("/questions/{question_id}/wish")
def wish_too(request: Request, session: Db, actor: Wisher, question_id: int) -> Response:
    """Want to know this too."""
    question = question_by_id(session, question_id)
    wish(session, actor=actor, question=question, now=platform_of(request).clock())
    return go(question_url(question), "You are told when it is answered.")


@router.post("/questions/{question_id}/unwish")
def wish_no_more(session: Db, actor: Wisher, question_id: int) -> Response:
    """Take that back."""
    question = question_by_id(session, question_id)
    unwish(session, actor=actor, question=question)
    return go(question_url(question), "You are not told of the answer.")


@router.post("/questions/{question_id}/withdraw")
def take_back(request: Request, session: Db, actor: SignedIn, question_id: int) -> Response:
    """Take a question back before it is answered."""
    question = question_by_id(session, question_id)
    withdraw(session, actor=actor, question=question, now=platform_of(request).clock())
    return go(question_url(question), "Your question is taken back.")


@router.post("/questions/{question_id}/rating")
def rate_it(
    request: Request, session: Db, actor: SignedIn, posted: Posted, question_id: int
) -> Response:
    """Say whether the answer met the point."""
    question, now = question_by_id(session, question_id), platform_of(request).clock()
    rate(session, actor=actor, question=question, met=posted.get("met") == "yes", now=now)
    return go(question_url(question), "Thank you. What you said is counted.")


@router.get("/questions/{question_id}/hide")
def hide_form(request: Request, session: Db, actor: Moderator, question_id: int) -> Response:
    """The form to hide a question that breaks the rules."""
    question = question_by_id(session, question_id)
    check_moderator(actor, question)
    return _hide_page(request, question, Form[HideForm]())


def _hide_page(request: Request, question: Question, form: Form[HideForm]) -> Response:
    return render(request, "questions/hide.html", status=form.status, question=question, form=form)


@router.post("/questions/{question_id}/hide")
def hide_it(
    request: Request, session: Db, actor: Moderator, posted: Posted, question_id: int
) -> Response:
    """Hide it; the reason stands in its place."""
    question = question_by_id(session, question_id)
    form = Form[HideForm](posted).check(HideForm)
    if form.ok:
        reason, now = form.value.reason, platform_of(request).clock()
        with form.attempt(session):
            hide(session, actor=actor, question=question, reason=reason, now=now)
    if not form.ok:
        return _hide_page(request, question, form)
    return go(question_url(question), "It is hidden; who asked is told why.")
