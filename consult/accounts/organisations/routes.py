"""Pages of members: the organisations I speak for, and who else speaks for one.

What an organisation said in public is on its own page: site/organisations.py.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.accounts.invitations import actions as invitations
from consult.accounts.invitations.queries import members_invited
from consult.accounts.organisations.actions import (
    act_for,
    correct_organisation,
    end_membership,
    hand_over,
    make_organisation,
)
from consult.accounts.organisations.forms import Acting, Named, NewMember, NewOrganisation
from consult.accounts.organisations.queries import (
    live_membership,
    managers_of,
    members,
    memberships_of,
    organisation_by_id,
)
from consult.errors import N_, NotFound
from consult.forms import Form, Posted
from consult.i18n.catalogues import choose_language
from consult.security import Allow, Db
from consult.web import go, language_of, local_path, platform_of, render

router = APIRouter()

Owner = Annotated[Actor, Depends(Allow("cabinet"))]
Speaker = Annotated[Actor, Depends(Allow("comment"))]
HERE = "/cabinet/organisations"
SPEAKS = N_("You speak for this organisation now.")
SPEAKS_FOR_NOBODY = N_("You speak for yourself now.")


@router.get(HERE)
def show_mine(request: Request, session: Db, actor: Owner) -> Response:
    """The organisations I may speak for, the one I do, and a form to make another."""
    return _mine_page(request, session, actor, Form[NewOrganisation]())


def _mine_page(
    request: Request, session: Db, actor: Actor, form: Form[NewOrganisation]
) -> Response:
    mine = memberships_of(session, actor.person_id)
    return render(request, "organisations/mine.html", status=form.status, form=form, mine=mine)


@router.post(HERE)
def post_organisation(request: Request, session: Db, actor: Speaker, posted: Posted) -> Response:
    """Make an organisation; its page of members comes next."""
    form = Form[NewOrganisation](posted).check(NewOrganisation)
    made = None
    if form.ok:
        with form.attempt(session):
            made = make_organisation(
                session,
                actor=actor,
                **form.value.model_dump(),
                now=platform_of(request).clock(),
            )
    if made is None or not form.ok:
        return _mine_page(request, session, actor, form)
    return go(_members_path(made.id or 0), SPEAKS)


@router.post("/cabinet/acting")
def post_acting(session: Db, actor: Speaker, posted: Posted) -> Response:
    """Speak for an organisation, or as oneself, from now on."""
    form = Form[Acting](posted).check(Acting)
    if not form.ok:
        raise NotFound("There is no such organisation.")
    chosen = act_for(session, actor=actor, organisation_id=form.value.organisation or None)
    return go(local_path(form.value.next, HERE), SPEAKS if chosen else SPEAKS_FOR_NOBODY)


@router.get("/organisations/{organisation_id}/members")
def show_members(request: Request, session: Db, actor: Owner, organisation_id: int) -> Response:
    """Who speaks for it, for those who do."""
    return _members_page(request, session, actor, organisation_id, Form[NewMember]())


def _members_page(
    request: Request,
    session: Db,
    actor: Actor,
    organisation_id: int,
    form: Form[Any],
    named: Form[Named] | None = None,
) -> Response:
    organisation = organisation_by_id(session, organisation_id)
    mine = live_membership(session, actor.person_id, organisation_id)
    if mine is None:  # as if there were none: others need not know who is a member of what
        raise NotFound("There is no such organisation.")
    now = platform_of(request).clock()
    invited = members_invited(session, organisation_id, now) if mine.manages else []
    return render(
        request,
        "organisations/members.html",
        status=(named or form).status,
        organisation=organisation,
        named=named or Form[Named](),
        mine=mine,
        is_only_manager=managers_of(session, organisation_id) == {mine.person_id},
        members=members(session, organisation_id),
        invited=[one for one in invited if one.standing in ("waiting", "expired")],
        form=form,
    )


@router.post("/organisations/{organisation_id}/members")
def post_member(
    request: Request, session: Db, actor: Owner, posted: Posted, organisation_id: int
) -> Response:
    """Invite somebody to speak for it, by mail."""
    form = Form[NewMember](posted).check(NewMember)
    if form.ok:
        with form.attempt(session):
            invitations.invite_member(
                session,
                actor=actor,
                organisation_id=organisation_id,
                email=form.value.email,
                mandate=form.value.mandate,
                manages=form.value.manages,
                lang=choose_language(form.value.lang, default=language_of(request)),
                now=platform_of(request).clock(),
            )
    if not form.ok:
        return _members_page(request, session, actor, organisation_id, form)
    return go(_members_path(organisation_id), "The invitation is on its way.")


@router.post("/organisations/{organisation_id}/correct")
def post_correction(
    request: Request, session: Db, actor: Owner, posted: Posted, organisation_id: int
) -> Response:
    """Correct its name and number."""
    form = attempt_correction(request, session, actor, posted, organisation_id)
    if not form.ok:
        return _members_page(
            request, session, actor, organisation_id, Form[NewMember](), named=form
        )
    return go(_members_path(organisation_id), "The name and the number are saved.")


def attempt_correction(
    request: Request, session: Db, actor: Actor, posted: Posted, organisation_id: int
) -> Form[Named]:
    """Correct an organisation by what was typed, as far as it may be; the form says if not."""
    form = Form[Named](posted).check(Named)
    if form.ok:
        with form.attempt(session):
            correct_organisation(
                session,
                actor=actor,
                organisation_id=organisation_id,
                **form.value.model_dump(),
                now=platform_of(request).clock(),
            )
    return form


@router.post("/organisations/{organisation_id}/members/{membership_id}/end")
def post_end(
    request: Request, session: Db, actor: Owner, organisation_id: int, membership_id: int
) -> Response:
    """Somebody, or oneself, speaks for it no longer."""
    ended = end_membership(
        session,
        actor=actor,
        organisation_id=organisation_id,
        membership_id=membership_id,
        now=platform_of(request).clock(),
    )
    left = ended.person_id == actor.id
    return go(HERE if left else _members_path(organisation_id), "This membership has ended.")


@router.post("/organisations/{organisation_id}/members/{membership_id}/hand-over")
def post_hand_over(
    request: Request, session: Db, actor: Owner, organisation_id: int, membership_id: int
) -> Response:
    """Another member manages it from now on."""
    hand_over(
        session,
        actor=actor,
        organisation_id=organisation_id,
        membership_id=membership_id,
        now=platform_of(request).clock(),
    )
    return go(_members_path(organisation_id), "Another member manages the organisation now.")


@router.post("/organisations/{organisation_id}/invitations/{invitation_id}/again")
def post_again(
    request: Request, session: Db, actor: Owner, organisation_id: int, invitation_id: int
) -> Response:
    """Mail a new link; the one before is of no use any more."""
    now = platform_of(request).clock()
    invitations.send_again(session, actor=actor, invitation_id=invitation_id, now=now)
    return go(_members_path(organisation_id), "The invitation is on its way.")


@router.post("/organisations/{organisation_id}/invitations/{invitation_id}/withdraw")
def post_withdrawal(
    request: Request, session: Db, actor: Owner, organisation_id: int, invitation_id: int
) -> Response:
    """Take an invitation back."""
    now = platform_of(request).clock()
    invitations.withdraw(session, actor=actor, invitation_id=invitation_id, now=now)
    return go(_members_path(organisation_id), "The invitation is withdrawn.")


def _members_path(organisation_id: int) -> str:
    return f"/organisations/{organisation_id}/members"
