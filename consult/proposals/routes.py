"""What people do with proposals: make one, support it, take that back, join, withdraw, hide.

The list and the page of a proposal stand in consult/site, for they know who follows.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor
from consult.accounts.queries import agency_by_code
from consult.errors import N_, Conflict, Invalid, NotFound
from consult.forms import Form, Posted
from consult.law.queries import law_of
from consult.proposals.actions import (
    Addressed,
    check_may_join,
    check_may_moderate,
    hide,
    join,
    propose,
    support,
    take_back,
    withdraw,
)
from consult.proposals.forms import HideForm, JoinForm, ProposeForm
from consult.proposals.models import Proposal
from consult.proposals.queries import (
    askable,
    joinable,
    proposal_by_id,
    similar,
    view_of,
    views,
)
from consult.proposals.rules import BODY_MAX, KINDS, TITLE_MAX, Similar, check_said
from consult.security import Allow, Db
from consult.web import go, language_of, platform_of, render
from drafts.models import Draft
from drafts.queries import draft_for

router = APIRouter()

Proposer = Annotated[Actor, Depends(Allow("propose"))]
Moderator = Annotated[Actor, Depends(Allow("moderate"))]
Joiner = Annotated[Actor, Depends(Allow("unite"))]
Code = Annotated[str, Query(max_length=20)]
Wid = Annotated[str, Query(max_length=300)]
Id = Annotated[int | None, Query(ge=1, lt=2**31)]

THANKS = N_("Thank you. Your proposal is public, and you are its first supporter.")
SUPPORTED = N_("You support this. You are told what becomes of it.")
TAKEN_BACK = N_("You do not support this any more.")
WITHDRAWN = N_("Your proposal is withdrawn. It can still be read.")
JOINED = N_("They are joined. Everybody who supported the other is told.")
HIDDEN = N_("It is hidden; its author is told why.")


@router.get("/proposals/new")
def new_proposal(
    request: Request,
    session: Db,
    actor: Proposer,
    agency: Code = "",
    draft: Id = None,
    wid: Wid = "",
) -> Response:
    """The form to propose something; for whom it is not known who they are, how to be known."""
    about = draft_for(session, draft, actor) if draft else None
    raw: dict[str, Any] = {"lang": language_of(request), "agency": agency, "wid": wid}
    raw |= {"draft": draft or "", "topic": about.topic if about else ""}
    return _new_page(request, session, Form[ProposeForm](raw), about, Similar())


def _new_page(
    request: Request,
    session: Session,
    form: Form[ProposeForm],
    about: Draft | None,
    near: Similar,
) -> Response:
    platform = platform_of(request)
    now = platform.clock()
    return render(
        request,
        "proposals/new.html",
        status=form.status,
        form=form,
        about=about,
        near=near,
        alike=views(session, near.ids, now),
        bodies=askable(session, platform.pack.level, now),
        kinds=KINDS,
        limits={"title": TITLE_MAX, "body": BODY_MAX},
    )


@router.post("/proposals/new")
def make_proposal(request: Request, session: Db, actor: Proposer, posted: Posted) -> Response:
    """Make it public, once its author has seen those like it; nothing typed is lost."""
    form = Form[ProposeForm](posted).check(ProposeForm)
    about, near, made = None, Similar(), None
    if form.ok:
        typed, platform = form.value, platform_of(request)
        now = platform.clock()
        about = draft_for(session, typed.draft, actor) if typed.draft else None
        with form.attempt(session, keep=403):
            check_said(typed.said())
            near = similar(session, typed.said(), now)
            if near.is_copy or not near.unseen(typed.looked_at()):
                made = propose(
                    session,
                    actor=actor,
                    law=law_of(session, platform.pack),
                    said=typed.said(),
                    to=_addressed(session, typed, about),
                    now=now,
                )
    if made is None:
        return _new_page(request, session, form, about, near)
    return go(f"/proposals/{made.id}", THANKS)


def _addressed(session: Session, typed: ProposeForm, about: Draft | None) -> Addressed:
    try:
        agency = agency_by_code(session, typed.agency)
    except NotFound:
        raise Invalid("Please choose whom you ask.", field="agency") from None
    draft_id = about.id if about else None
    return Addressed(agency.id or 0, typed.topic, draft_id, typed.wid if about else "")


@router.post("/proposals/{proposal_id}/support")
def support_it(request: Request, session: Db, actor: Proposer, proposal_id: int) -> Response:
    """Support it; whoever does already is told so as well."""
    proposal, now = proposal_by_id(session, proposal_id), platform_of(request).clock()
    support(session, actor=actor, proposal=proposal, now=now)
    return go(f"/proposals/{proposal_id}", SUPPORTED)


@router.post("/proposals/{proposal_id}/take-back")
def take_support_back(request: Request, session: Db, actor: Proposer, proposal_id: int) -> Response:
    """Support it no longer."""
    proposal, now = proposal_by_id(session, proposal_id), platform_of(request).clock()
    take_back(session, actor=actor, proposal=proposal, now=now)
    return go(f"/proposals/{proposal_id}", TAKEN_BACK)


@router.post("/proposals/{proposal_id}/withdraw")
def withdraw_it(request: Request, session: Db, actor: Proposer, proposal_id: int) -> Response:
    """Its author takes it back."""
    proposal, now = proposal_by_id(session, proposal_id), platform_of(request).clock()
    withdraw(session, actor=actor, proposal=proposal, now=now)
    return go(f"/proposals/{proposal_id}", WITHDRAWN)


@router.get("/proposals/{proposal_id}/join")
def join_form(request: Request, session: Db, actor: Joiner, proposal_id: int) -> Response:
    """The form to join a proposal with another one that gathers support from the same body."""
    proposal = proposal_by_id(session, proposal_id)
    check_may_join(actor, proposal)
    return _act_page(request, session, "join", proposal, Form[JoinForm]())


@router.post("/proposals/{proposal_id}/join")
def join_them(
    request: Request, session: Db, actor: Joiner, posted: Posted, proposal_id: int
) -> Response:
    """Whoever supports this one supports the other from now on."""
    proposal = proposal_by_id(session, proposal_id)
    check_may_join(actor, proposal)
    form = Form[JoinForm](posted).check(JoinForm)
    if form.ok:
        now = platform_of(request).clock()
        with form.attempt(session):
            into = _other(session, form.value.into)
            join(session, actor=actor, proposal=proposal, into=into, now=now)
    if not form.ok:
        return _act_page(request, session, "join", proposal, form)
    return go(f"/proposals/{proposal.joined_to}", JOINED)


def _other(session: Session, proposal_id: int) -> Proposal:
    try:
        return proposal_by_id(session, proposal_id)
    except NotFound as error:
        raise Invalid(error.message, field="into") from None


@router.get("/proposals/{proposal_id}/hide")
def hide_form(request: Request, session: Db, actor: Moderator, proposal_id: int) -> Response:
    """The form to hide a proposal that breaks the rules."""
    proposal = proposal_by_id(session, proposal_id)
    check_may_moderate(actor, proposal)
    if proposal.hidden_at is not None:
        raise Conflict("This proposal is hidden already.")
    return _act_page(request, session, "hide", proposal, Form[HideForm]())


@router.post("/proposals/{proposal_id}/hide")
def hide_it(
    request: Request, session: Db, actor: Moderator, posted: Posted, proposal_id: int
) -> Response:
    """Hide it; the reason stands in its place."""
    proposal = proposal_by_id(session, proposal_id)
    form = Form[HideForm](posted).check(HideForm)
    if form.ok:
        reason, now = form.value.reason, platform_of(request).clock()
        with form.attempt(session):
            hide(session, actor=actor, proposal=proposal, reason=reason, now=now)
    if not form.ok:
        return _act_page(request, session, "hide", proposal, form)
    return go(f"/proposals/{proposal_id}", HIDDEN)


def _act_page(
    request: Request, session: Session, act: str, proposal: Proposal, form: Form[Any]
) -> Response:
    now = platform_of(request).clock()
    return render(
        request,
        "proposals/act.html",
        status=form.status,
        act=act,
        view=view_of(session, proposal.id or 0, now),
        others=joinable(session, proposal, now) if act == "join" else [],
        form=form,
    )
