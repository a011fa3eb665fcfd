"""The desk's pages of proposals: what waits for an answer, writing it, approving it, its draft."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor, check_agency
from consult.answers.rules import REASON_MAX
from consult.errors import N_, Invalid
from consult.forms import Form, Posted
from consult.proposals.answering import approve_answer, link_draft, return_answer, write_answer
from consult.proposals.forms import AnswerForm, LinkForm, SeenForm
from consult.proposals.models import Proposal
from consult.proposals.queries import (
    answer_of,
    drafts_to_link,
    proposal_by_id,
    view_of,
    waiting_at,
)
from consult.proposals.rules import OUTCOMES
from consult.security import Allow, Db
from consult.web import go, platform_of, render
from drafts.models import Draft

router = APIRouter()

PAGE = 20
Worker = Annotated[Actor, Depends(Allow("desk"))]
Officer = Annotated[Actor, Depends(Allow("answer"))]
Approver = Annotated[Actor, Depends(Allow("approve"))]
After = Annotated[int, Query(ge=0, lt=2**31)]

WRITTEN = N_("The answer waits for approval by a second person.")
APPROVED = N_("The answer is public. Everybody who supported the proposal is told.")
RETURNED = N_("The answer is returned to who wrote it.")
LINKED = N_("The draft is linked. Everybody who supported the proposal is told.")


@router.get("/desk/proposals")
def waiting(request: Request, session: Db, actor: Worker, after: After = 0) -> Response:
    """The proposals this agency owes an answer to, those that wait longest first."""
    now = platform_of(request).clock()
    found = waiting_at(session, actor.held_for("desk"), now, after, PAGE)
    shown = found[:PAGE]
    return render(
        request,
        "proposals/desk.html",
        rows=shown,
        older=shown[-1][0].proposal.id if len(found) > PAGE else None,
    )


@router.get("/proposals/{proposal_id}/answer")
def answer_form(request: Request, session: Db, actor: Worker, proposal_id: int) -> Response:
    """The form of the answer; beneath what was written already, what a second person can do."""
    proposal = proposal_by_id(session, proposal_id)
    check_agency(actor, "desk", proposal.agency_id)
    row = answer_of(session, proposal_id)
    raw = {"lang": proposal.lang if row is None else row.lang}
    if row is not None:
        raw |= {"outcome": row.outcome, "reason": row.reason}
    return _answer_page(request, session, actor, proposal, Form[AnswerForm](raw))


def _answer_page(
    request: Request,
    session: Session,
    actor: Actor,
    proposal: Proposal,
    form: Form[Any],
    returning: Form[Any] | None = None,
) -> Response:
    now = platform_of(request).clock()
    row = answer_of(session, proposal.id or 0)
    return render(
        request,
        "proposals/answer.html",
        status=(returning or form).status,
        view=view_of(session, proposal.id or 0, now),
        answer=row,
        form=form,
        returning=returning or Form[SeenForm](),
        outcomes=OUTCOMES,
        limit=REASON_MAX,
        may_write=actor.may_for("answer", proposal.agency_id),
        may_approve=actor.may_for("approve", proposal.agency_id)
        and row is not None
        and row.drafted_by != actor.id,
    )


@router.post("/proposals/{proposal_id}/answer")
def write(
    request: Request, session: Db, actor: Officer, posted: Posted, proposal_id: int
) -> Response:
    """Write the answer; nobody but the agency sees it before a second person approved it."""
    proposal = proposal_by_id(session, proposal_id)
    check_agency(actor, "answer", proposal.agency_id)
    form = Form[AnswerForm](posted).check(AnswerForm)
    if form.ok:
        typed, now = form.value, platform_of(request).clock()
        with form.attempt(session):
            write_answer(
                session,
                actor=actor,
                proposal=proposal,
                outcome=typed.outcome,
                reason=typed.reason,
                lang=typed.lang,
                now=now,
            )
    if not form.ok:
        return _answer_page(request, session, actor, proposal, form)
    return go("/desk/proposals", WRITTEN)


@router.post("/proposals/{proposal_id}/answer/approve")
def approve(
    request: Request, session: Db, actor: Approver, posted: Posted, proposal_id: int
) -> Response:
    """The answer is public from now on."""
    return _second(request, session, actor, posted, proposal_id, note=False)


@router.post("/proposals/{proposal_id}/answer/return")
def give_back(
    request: Request, session: Db, actor: Approver, posted: Posted, proposal_id: int
) -> Response:
    """Return it to who wrote it, with what is to be changed."""
    return _second(request, session, actor, posted, proposal_id, note=True)


def _second(
    request: Request,
    session: Session,
    actor: Actor,
    posted: dict[str, Any],
    proposal_id: int,
    *,
    note: bool,
) -> Response:
    proposal, now = proposal_by_id(session, proposal_id), platform_of(request).clock()
    form = Form[SeenForm](posted).check(SeenForm)
    if form.ok:
        said = form.value
        more = {"note": said.note} if note else {}
        act: Any = return_answer if note else approve_answer
        with form.attempt(session):
            act(session, actor=actor, proposal=proposal, seen=said.seen, now=now, **more)
    if form.ok:
        return go("/desk/proposals", RETURNED if note else APPROVED)
    row = answer_of(session, proposal_id)
    raw = {"outcome": row.outcome, "reason": row.reason, "lang": row.lang} if row else {}
    return _answer_page(request, session, actor, proposal, Form[AnswerForm](raw), form)


@router.get("/proposals/{proposal_id}/draft")
def link_form(request: Request, session: Db, actor: Officer, proposal_id: int) -> Response:
    """The form to say which draft began with what was accepted."""
    proposal = proposal_by_id(session, proposal_id)
    check_agency(actor, "answer", proposal.agency_id)
    return _link_page(request, session, proposal, Form[LinkForm]())


def _link_page(
    request: Request, session: Session, proposal: Proposal, form: Form[LinkForm]
) -> Response:
    now = platform_of(request).clock()
    return render(
        request,
        "proposals/act.html",
        status=form.status,
        act="draft",
        view=view_of(session, proposal.id or 0, now),
        others=drafts_to_link(session, proposal.agency_id),
        form=form,
    )


@router.post("/proposals/{proposal_id}/draft")
def link(
    request: Request, session: Db, actor: Officer, posted: Posted, proposal_id: int
) -> Response:
    """Everybody who supported it learns which draft it led to."""
    proposal = proposal_by_id(session, proposal_id)
    check_agency(actor, "answer", proposal.agency_id)
    form = Form[LinkForm](posted).check(LinkForm)
    if form.ok:
        now = platform_of(request).clock()
        with form.attempt(session):
            draft = _draft(session, form.value.draft)
            link_draft(session, actor=actor, proposal=proposal, draft=draft, now=now)
    if not form.ok:
        return _link_page(request, session, proposal, form)
    return go(f"/proposals/{proposal_id}", LINKED)


def _draft(session: Session, draft_id: int) -> Draft:
    draft = session.get(Draft, draft_id)
    if draft is None:
        raise Invalid("Please choose one of the options.", field="draft")
    return draft
