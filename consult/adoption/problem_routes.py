"""Pages about how an act works: reporting, echoing, answering, hiding; promises as a table."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor, check_agency
from consult.accounts.organisations.rules import check_speaks_for
from consult.adoption.actions import (
    answer_problem,
    check_moderator,
    echo_problem,
    hide_problem,
    report_problem,
    unecho_problem,
)
from consult.adoption.forms import HideForm, ProblemAnswerForm, ProblemForm
from consult.adoption.models import Problem
from consult.adoption.queries import outcome_of, problem_by_id, promises
from consult.adoption.rules import ANSWER_MAX
from consult.errors import Conflict
from consult.forms import Form, Posted
from consult.procedure.stages import Stage, Verb, check_allowed
from consult.security import Allow, Db, Reader
from consult.spreadsheets import csv_text
from consult.templating import problem_url
from consult.web import go, language_of, platform_of, render
from drafts.models import Draft, DraftVersion
from drafts.queries import draft_for, place_names, provisions

router = APIRouter()

Commenter = Annotated[Actor, Depends(Allow("comment"))]
Voter = Annotated[Actor, Depends(Allow("vote"))]
Officer = Annotated[Actor, Depends(Allow("answer"))]
Moderator = Annotated[Actor, Depends(Allow("moderate"))]
Wid = Annotated[str, Query(max_length=300)]
NOT_CHOSEN = frozenset({"note", "row"})  # kinds of provision nobody points to
COLUMNS = (
    *("number", "state", "changed", "outcome", "provision", "reason", "group", "comments"),
    *("receipts", "note", "evidence"),
)


@router.get("/drafts/{draft_id}/report-problem")
def problem_form(
    request: Request, session: Db, actor: Commenter, draft_id: int, wid: Wid = ""
) -> Response:
    """The form to report what one met with when the act was applied."""
    draft = draft_for(session, draft_id, actor)
    check_allowed(Stage(draft.stage), Verb.REPORT_PROBLEM)
    form = Form[ProblemForm]({"wid": wid, "kind": "problem", "lang": language_of(request)})
    return _problem_page(request, session, draft, form)


def _problem_page(
    request: Request, session: Session, draft: Draft, form: Form[ProblemForm]
) -> Response:
    return render(
        request,
        "adoption/problem.html",
        status=form.status,
        draft=draft,
        form=form,
        choices=_choices(request, session, draft),
        limit=platform_of(request).settings.comment_max_chars,
    )


def _choices(request: Request, session: Session, draft: Draft) -> list[tuple[str, str]]:
    """(wid, name) of the provisions of the final text; none until it is here."""
    outcome = outcome_of(session, draft.id or 0)
    if outcome is None or outcome.version_id is None:
        return []
    final = session.get_one(DraftVersion, outcome.version_id)
    wish = language_of(request)
    rows = provisions(session, final.id or 0, wish if wish in final.langs else final.langs[0])
    names = place_names(rows)
    return [(row.wid, names[row.wid]) for row in rows if row.kind not in NOT_CHOSEN]


@router.post("/drafts/{draft_id}/report-problem")
def take_problem(
    request: Request, session: Db, actor: Commenter, posted: Posted, draft_id: int
) -> Response:
    """Take a problem; refused, the form comes back with everything that was typed."""
    platform = platform_of(request)
    draft = draft_for(session, draft_id, actor)
    form = Form[ProblemForm](posted).check(ProblemForm)
    problem = None
    if form.ok:
        typed = form.value
        with form.attempt(session, keep=403):
            check_speaks_for(posted, actor.organisation_id)
            problem = report_problem(
                session,
                actor=actor,
                draft=draft,
                met=typed.met,
                most=platform.settings.comment_max_chars,
                now=platform.clock(),
            )
    if problem is None:
        return _problem_page(request, session, draft, form)
    return go(
        problem_url(problem.draft_id, problem.id or 0),
        "Thank you. What you reported is public.",
    )


@router.post("/problems/{problem_id}/echo")
def echo(request: Request, session: Db, actor: Voter, problem_id: int) -> Response:
    """Somebody else met with the same."""
    problem, draft = _problem(session, actor, problem_id)
    now = platform_of(request).clock()
    echo_problem(session, actor=actor, draft=draft, problem=problem, now=now)
    return go(problem_url(problem.draft_id, problem_id), "Noted: you met with the same.")


@router.post("/problems/{problem_id}/unecho")
def unecho(session: Db, actor: Voter, problem_id: int) -> Response:
    """They take it back."""
    problem, draft = _problem(session, actor, problem_id)
    unecho_problem(session, actor=actor, draft=draft, problem=problem)
    return go(problem_url(problem.draft_id, problem_id), "Taken back.")


@router.get("/problems/{problem_id}/answer")
def answer_form(request: Request, session: Db, actor: Officer, problem_id: int) -> Response:
    """The form of the agency's answer."""
    problem, draft = _problem(session, actor, problem_id)
    check_agency(actor, "answer", draft.agency_id)
    if problem.hidden_at or problem.answered_at:
        raise Conflict("This was answered or hidden already.")
    form = Form[ProblemAnswerForm]({"lang": problem.lang})
    return _act_page(request, "answer", problem, draft, form)


def _problem(session: Session, actor: Actor, problem_id: int) -> tuple[Problem, Draft]:
    problem = problem_by_id(session, problem_id)
    return problem, draft_for(session, problem.draft_id, actor)


def _act_page(
    request: Request,
    act: str,
    problem: Problem,
    draft: Draft,
    form: Form[ProblemAnswerForm] | Form[HideForm],
) -> Response:
    return render(
        request,
        "adoption/problem_act.html",
        status=form.status,
        act=act,
        problem=problem,
        draft=draft,
        form=form,
        back=problem_url(problem.draft_id, problem.id or 0),
        limit=ANSWER_MAX,
    )


@router.post("/problems/{problem_id}/answer")
def answer(
    request: Request, session: Db, actor: Officer, posted: Posted, problem_id: int
) -> Response:
    """Answer a problem; who reported it is told."""
    problem, draft = _problem(session, actor, problem_id)
    form = Form[ProblemAnswerForm](posted).check(ProblemAnswerForm)
    if form.ok:
        typed, now = form.value, platform_of(request).clock()
        with form.attempt(session):
            answer_problem(
                session,
                actor=actor,
                draft=draft,
                problem=problem,
                reply=typed.reply,
                now=now,
            )
    if not form.ok:
        return _act_page(request, "answer", problem, draft, form)
    return go(
        problem_url(problem.draft_id, problem.id or 0), "Answered. Who reported it is being told."
    )


@router.get("/problems/{problem_id}/hide")
def hide_form(request: Request, session: Db, actor: Moderator, problem_id: int) -> Response:
    """The form to hide a problem that breaks the rules."""
    problem, draft = _problem(session, actor, problem_id)
    check_moderator(actor, draft)
    return _act_page(request, "hide", problem, draft, Form[HideForm]())


@router.post("/problems/{problem_id}/hide")
def hide(
    request: Request, session: Db, actor: Moderator, posted: Posted, problem_id: int
) -> Response:
    """Hide it; the reason stands in its place."""
    problem, draft = _problem(session, actor, problem_id)
    form = Form[HideForm](posted).check(HideForm)
    if form.ok:
        reason, now = form.value.reason, platform_of(request).clock()
        with form.attempt(session):
            hide_problem(session, actor=actor, draft=draft, problem=problem, reason=reason, now=now)
    if not form.ok:
        return _act_page(request, "hide", problem, draft, form)
    return go(
        problem_url(problem.draft_id, problem.id or 0), "It is hidden; who reported it is told why."
    )


@router.get("/drafts/{draft_id}/commitments.csv")
def promises_csv(session: Db, actor: Reader, draft_id: int) -> Response:
    """Everything that was accepted, and what became of it, for a spreadsheet."""
    draft_for(session, draft_id, actor)
    return Response(
        csv_text(COLUMNS, _table(session, draft_id)),
        media_type="text/csv",
        headers={"content-disposition": f'attachment; filename="commitments-{draft_id}.csv"'},
    )


def _table(session: Session, draft_id: int) -> Iterator[tuple[object, ...]]:
    for one in promises(session, draft_id):
        answer, last = one.answer, one.last
        yield (
            *(one.commitment.id, last.state, last.changed_at.isoformat(), answer.outcome),
            *(answer.changed_wid, answer.reason, one.title, one.total),
            *(" ".join(named.receipt for named in one.named), last.note, last.evidence),
        )
