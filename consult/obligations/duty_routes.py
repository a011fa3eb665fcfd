"""The page of one duty: what happened to it, how its date was computed, what may be done now."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel

from consult.access import Actor
from consult.errors import N_, NotFound
from consult.forms import Form, Posted
from consult.law.queries import law_of
from consult.obligations.actions import announce_delay, assign_many, fulfil, resume
from consult.obligations.duty_page import duty_view
from consult.obligations.forms import (
    AssignForm,
    DecisionForm,
    DelayForm,
    EvidenceForm,
    ProposalForm,
    ReasonForm,
)
from consult.obligations.proposing import decide, proposal_of, propose, withdraw
from consult.obligations.queries import duty_row
from consult.security import Allow, Db, Reader
from consult.web import go, language_of, platform_of, render

router = APIRouter()

Officer = Annotated[Actor, Depends(Allow("answer"))]
Approver = Annotated[Actor, Depends(Allow("approve"))]
Desk = Annotated[Actor, Depends(Allow("desk"))]
M = TypeVar("M", bound=BaseModel)
PROPOSED = N_("It is proposed. Whoever may approve it will be told.")


@router.get("/obligations/{obligation_id:int}")
def read(request: Request, session: Db, actor: Reader, obligation_id: int) -> Response:
    """One duty: what happened to it, and how its date was computed, day by day."""
    return _duty_page(request, session, actor, obligation_id, {})


def _duty_page(
    request: Request,
    session: Db,
    actor: Actor,
    obligation_id: int,
    forms: Mapping[str, Form[Any]],
) -> Response:
    """The page with the form that was refused, if one was, filled as it was sent."""
    platform = platform_of(request)
    law = law_of(session, platform.pack)
    holidays_in = law.feasts_in(language_of(request))
    view = duty_view(session, law, actor, obligation_id, platform.clock(), holidays_in)
    status = next((form.status for form in forms.values()), 200)
    return render(request, "obligations/duty.html", status=status, forms=forms, **view)


def _attempt(
    request: Request,
    session: Db,
    actor: Actor,
    obligation_id: int,
    name: str,
    form: Form[M],
    act: Callable[[M], None],
    done: str,
) -> Response:
    """Do what was asked for, or show the page with what is wrong with it."""
    if form.ok:
        with form.attempt(session):
            act(form.value)
    if not form.ok:
        return _duty_page(request, session, actor, obligation_id, {name: form})
    return go(f"/obligations/{obligation_id}", done)


@router.post("/obligations/{obligation_id:int}/fulfil")
def mark_fulfilled(
    request: Request, session: Db, actor: Officer, posted: Posted, obligation_id: int
) -> Response:
    """An officer says by what a duty was fulfilled."""
    platform = platform_of(request)

    def act(value: EvidenceForm) -> None:
        fulfil(
            session,
            law_of(session, platform.pack),
            actor=actor,
            obligation_id=obligation_id,
            evidence=value.evidence,
            now=platform.clock(),
        )

    form = Form[EvidenceForm](posted).check(EvidenceForm)
    done = N_("The duty is marked as fulfilled.")
    return _attempt(request, session, actor, obligation_id, "fulfil", form, act, done)


@router.post("/obligations/{obligation_id:int}/delay")
def tell_delay(
    request: Request, session: Db, actor: Officer, posted: Posted, obligation_id: int
) -> Response:
    """An officer says why a duty will be late, and when it will be done."""
    platform = platform_of(request)
    concerned = duty_row(session, obligation_id).draft is not None

    def act(value: DelayForm) -> None:
        announce_delay(
            session,
            law_of(session, platform.pack),
            actor=actor,
            obligation_id=obligation_id,
            expected_on=value.expected_on,
            reason=value.reason,
            now=platform.clock(),
        )

    form = Form[DelayForm](posted).check(DelayForm)
    told, saved = N_("The delay is announced. Those who took part will be told."), N_("Saved.")
    done = told if concerned else saved
    return _attempt(request, session, actor, obligation_id, "delay", form, act, done)


@router.post("/obligations/{obligation_id:int}/resume")
def run_again(
    request: Request, session: Db, actor: Officer, posted: Posted, obligation_id: int
) -> Response:
    """An officer sets the clock of a paused duty running again."""
    platform = platform_of(request)

    def act(value: ReasonForm) -> None:
        resume(
            session,
            law_of(session, platform.pack),
            actor=actor,
            obligation_id=obligation_id,
            reason=value.reason,
            now=platform.clock(),
        )

    form = Form[ReasonForm](posted).check(ReasonForm)
    done = N_("The term runs again.")
    return _attempt(request, session, actor, obligation_id, "resume", form, act, done)


@router.post("/obligations/{obligation_id:int}/assignee")
def give_to(
    request: Request, session: Db, actor: Desk, posted: Posted, obligation_id: int
) -> Response:
    """A duty is given to an officer of the agency."""
    platform = platform_of(request)

    def act(value: AssignForm) -> None:
        assign_many(
            session,
            law_of(session, platform.pack),
            actor=actor,
            obligation_ids=[obligation_id],
            officer_id=value.officer_id,
            now=platform.clock(),
        )

    form = Form[AssignForm](posted).check(AssignForm)
    done = N_("The duty is given to this officer.")
    return _attempt(request, session, actor, obligation_id, "assign", form, act, done)


@router.post("/obligations/{obligation_id:int}/proposals")
def ask(
    request: Request, session: Db, actor: Officer, posted: Posted, obligation_id: int
) -> Response:
    """An officer asks for more time, a pause or a waiver."""
    platform = platform_of(request)

    def act(value: ProposalForm) -> None:
        propose(
            session,
            law_of(session, platform.pack),
            actor=actor,
            obligation_id=obligation_id,
            wish=value.wish(),
            now=platform.clock(),
        )

    form = Form[ProposalForm](posted).check(ProposalForm)
    name = str(form["kind"])
    return _attempt(request, session, actor, obligation_id, name, form, act, PROPOSED)


@router.post("/obligations/{obligation_id:int}/proposals/{proposal_id:int}/decision")
def settle(
    request: Request,
    session: Db,
    actor: Approver,
    posted: Posted,
    obligation_id: int,
    proposal_id: int,
) -> Response:
    """A second person approves what was asked for, or refuses it with a note."""
    platform = platform_of(request)
    _check_belongs(session, obligation_id, proposal_id)

    def act(value: DecisionForm) -> None:
        decide(
            session,
            law_of(session, platform.pack),
            actor=actor,
            proposal_id=proposal_id,
            approved=value.verdict == "approve",
            note=value.note,
            now=platform.clock(),
        )

    form = Form[DecisionForm](posted).check(DecisionForm)
    done = N_("It is approved.") if form["verdict"] == "approve" else N_("It is refused.")
    return _attempt(request, session, actor, obligation_id, "decide", form, act, done)


@router.post("/obligations/{obligation_id:int}/proposals/{proposal_id:int}/withdrawal")
def take_back(
    request: Request,
    session: Db,
    actor: Officer,
    posted: Posted,
    obligation_id: int,
    proposal_id: int,
) -> Response:
    """The proposer takes back what they asked for."""
    _check_belongs(session, obligation_id, proposal_id)
    form = Form[DecisionForm](posted)
    with form.attempt(session):
        withdraw(session, actor=actor, proposal_id=proposal_id, now=platform_of(request).clock())
    if not form.ok:
        return _duty_page(request, session, actor, obligation_id, {"decide": form})
    return go(f"/obligations/{obligation_id}", "It is taken back.")


def _check_belongs(session: Db, obligation_id: int, proposal_id: int) -> None:
    if proposal_of(session, proposal_id).obligation_id != obligation_id:
        raise NotFound("There is no such proposal.")
