"""Pages for an act that is a form with questions: the officer answers, and a text is made of it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor, check_agency
from consult.errors import NotFound
from consult.forms import FieldError, Form, Posted
from consult.i18n.catalogues import LANGUAGES
from consult.procedure.acts import ActForm, ActType, publishable
from consult.security import Allow, Db
from consult.web import go, language_of, platform_of, render
from drafts.answering.actions import Answered, answer
from drafts.answering.forms import AnswersForm, answers_in
from drafts.answering.queries import answers_now
from drafts.answering.rules import ANSWER_MAX, field_of, problems
from drafts.beginning import bodies_for, chosen_body
from drafts.forms import NOTE_MAX, SUMMARY_MAX, TITLE_MAX
from drafts.models import Draft
from drafts.queries import draft_for

router = APIRouter()

Preparer = Annotated[Actor, Depends(Allow("prepare"))]
Kind = Annotated[str, Query(max_length=40)]
Lang = Annotated[str, Query(max_length=2)]
LIMITS = {"title": TITLE_MAX, "summary": SUMMARY_MAX, "note": NOTE_MAX, "answer": ANSWER_MAX}


@router.get("/desk/answering")
def begin(request: Request, session: Db, actor: Preparer, act_type: Kind = "") -> Response:
    """The kinds of act that are a form with questions; of one that is chosen, the questions."""
    if act_type:
        form = Form[AnswersForm]({"lang": language_of(request)})
        return _page(request, session, actor, _act(request, act_type), None, form)
    kinds = {body.kind for body in bodies_for(session, actor)}
    fitting = publishable(platform_of(request).pack.act_type, kinds)
    acts = [one for one in fitting if one.form is ActForm.QUESTIONS]
    return render(request, "answering/kinds.html", acts=acts)


def _act(request: Request, act_type: str) -> ActType:
    act = platform_of(request).pack.acts.get(act_type)
    if act is None or act.form is not ActForm.QUESTIONS:
        raise NotFound("There is no such page.")
    return act


def _page(
    request: Request,
    session: Session,
    actor: Actor,
    act: ActType,
    draft: Draft | None,
    form: Form[AnswersForm],
) -> Response:
    return render(
        request,
        "answering/form.html",
        status=form.status,
        act=act,
        draft=draft,
        form=form,
        field_of=field_of,
        agencies=[] if draft else bodies_for(session, actor, act),
        limits=LIMITS,
    )


@router.post("/desk/answering")
def begin_draft(
    request: Request, session: Db, actor: Preparer, posted: Posted, act_type: Kind = ""
) -> Response:
    """Make a draft of the answers."""
    return _answered(request, session, actor, _act(request, act_type), None, posted)


@router.get("/desk/drafts/{draft_id}/answering")
def look(
    request: Request, session: Db, actor: Preparer, draft_id: int, lang: Lang = ""
) -> Response:
    """The questions with the answers that are there in a language, to be corrected."""
    draft, act = _own(request, session, actor, draft_id)
    told = lang if lang in LANGUAGES else next(iter(draft.titles), language_of(request))
    typed = {"lang": told, "title": draft.titles.get(told, "")}
    typed["summary"] = draft.summaries.get(told, "")
    now = answers_now(session, draft, act, told)
    typed |= {field_of(code): text for code, text in now.items()}
    return _page(request, session, actor, act, draft, Form[AnswersForm](typed))


def _own(request: Request, session: Session, actor: Actor, draft_id: int) -> tuple[Draft, ActType]:
    draft = draft_for(session, draft_id, actor)
    check_agency(actor, "prepare", draft.agency_id)
    return draft, _act(request, draft.act_type)


@router.post("/desk/drafts/{draft_id}/answering")
def correct(
    request: Request, session: Db, actor: Preparer, posted: Posted, draft_id: int
) -> Response:
    """Make the next version of the draft, or another language of it."""
    draft, act = _own(request, session, actor, draft_id)
    return _answered(request, session, actor, act, draft, posted)


def _answered(
    request: Request,
    session: Session,
    actor: Actor,
    act: ActType,
    draft: Draft | None,
    posted: Posted,
) -> Response:
    form = Form[AnswersForm](posted).check(AnswersForm)
    answers = answers_in(posted, act)
    for problem in problems(act, answers):
        form.errors.append(FieldError(problem.field or "", problem.message, problem.params))
    draft_id = draft.id if draft else None
    if form.ok:
        typed, platform = form.value, platform_of(request)
        with form.attempt(session):
            agency_id = draft.agency_id if draft else chosen_body(session, actor, typed.agency, act)
            said = Answered(
                *(typed.lang, typed.title, answers, act.code, typed.topic, typed.summary),
                note=typed.note,
            )
            version = answer(
                session,
                actor=actor,
                agency_id=agency_id,
                draft=draft,
                said=said,
                pack=platform.pack,
                now=platform.clock(),
            )
            draft_id = version.draft_id
    if not form.ok:
        return _page(request, session, actor, act, draft, form)
    return go(f"/desk/drafts/{draft_id}", "The answers are saved as a text.")
