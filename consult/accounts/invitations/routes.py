"""Pages of invitations: the administrator's list, and what the link of the mail opens."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import AfterValidator, BaseModel, Field

from consult.access import GRANTED, Actor, Role
from consult.accounts.invitations import actions
from consult.accounts.invitations.queries import (
    account_of,
    invitations,
    open_invitation,
)
from consult.accounts.queries import agencies
from consult.accounts.rules import check_password, clean_email, clean_name
from consult.accounts.secrets import hash_password
from consult.errors import Conflict
from consult.forms import Form, Number, Posted
from consult.i18n.catalogues import choose_language
from consult.security import Allow, Db
from consult.web import go, language_of, platform_of, render

router = APIRouter()

Administrator = Annotated[Actor, Depends(Allow("administer"))]
Anybody = Annotated[Actor, Depends(Allow("join"))]


class InviteForm(BaseModel):
    """Who is invited, to what, and the language of the mail."""

    email: Annotated[str, AfterValidator(clean_email)]
    role: Role
    agency: Number | Literal[""] = ""
    lang: str = ""


class NewAccountForm(BaseModel):
    """Whoever has no account yet; the rule of passwords needs the address, so the route asks it."""

    name: Annotated[str, Field(max_length=120), AfterValidator(clean_name)]
    password: Annotated[str, Field(min_length=1)]


@router.get("/admin/invitations")
def list_invitations(request: Request, session: Db, _actor: Administrator) -> Response:
    """All invitations, and a form to send one."""
    return _admin_page(request, session, Form[InviteForm]())


def _admin_page(request: Request, session: Db, form: Form[InviteForm]) -> Response:
    bodies = agencies(session)
    return render(
        request,
        "admin/invitations.html",
        status=form.status,
        form=form,
        invited=invitations(session, platform_of(request).clock()),
        bodies=[body for body in bodies.values() if body.closed_on is None],
        roles=[role.value for role in GRANTED],
    )


@router.post("/admin/invitations")
def post_invitation(
    request: Request, session: Db, actor: Administrator, posted: Posted
) -> Response:
    """Invite somebody to a role."""
    form = Form[InviteForm](posted).check(InviteForm)
    if form.ok:
        with form.attempt(session):
            actions.invite_to_role(
                session,
                actor=actor,
                email=form.value.email,
                role=form.value.role,
                agency_id=form.value.agency or None,
                lang=choose_language(form.value.lang, default=language_of(request)),
                now=platform_of(request).clock(),
            )
    if not form.ok:
        return _admin_page(request, session, form)
    return go("/admin/invitations", "The invitation is on its way.")


@router.post("/admin/invitations/{invitation_id}/again")
def post_again(request: Request, session: Db, actor: Administrator, invitation_id: int) -> Response:
    """Mail a new link; the one before is of no use any more."""
    now = platform_of(request).clock()
    actions.send_again(session, actor=actor, invitation_id=invitation_id, now=now)
    return go("/admin/invitations", "The invitation is on its way.")


@router.post("/admin/invitations/{invitation_id}/withdraw")
def post_withdrawal(
    request: Request, session: Db, actor: Administrator, invitation_id: int
) -> Response:
    """Take an invitation back."""
    now = platform_of(request).clock()
    actions.withdraw(session, actor=actor, invitation_id=invitation_id, now=now)
    return go("/admin/invitations", "The invitation is withdrawn.")


@router.get("/invitation/{token}")
def show_invitation(request: Request, session: Db, actor: Anybody, token: str) -> Response:
    """The link of the mail. It only shows: programs that read mail follow links too."""
    return _page(request, session, actor, token, Form[NewAccountForm]())


def _page(request: Request, session: Db, actor: Actor, token: str, form: Form[Any]) -> Response:
    invited = open_invitation(session, token, platform_of(request).clock())
    owner = account_of(session, invited.invitation.email)
    return render(
        request,
        "accounts/invitation.html",
        status=form.status,
        invited=invited,
        has_account=owner is not None,
        is_theirs=owner is not None and owner.id == actor.id,
        form=form,
        action=request.url.path,
    )


@router.post("/invitation/{token}")
def post_acceptance(
    request: Request, session: Db, actor: Anybody, posted: Posted, token: str
) -> Response:
    """Accept: as oneself, or with a new account."""
    platform = platform_of(request)
    if actor.id is not None:
        invitation = actions.accept(session, actor=actor, token=token, now=platform.clock())
        return go("/desk" if invitation.role else "/cabinet", "You have accepted the invitation.")
    form = Form[NewAccountForm](posted).check(NewAccountForm)
    if form.ok:
        with form.attempt(session):
            actions.accept_with_new_account(
                session,
                token=token,
                name=form.value.name,
                password_hash=_hash(request, token, form.value.password),
                lang=language_of(request),
                now=platform.clock(),
            )
    if not form.ok:
        return _page(request, session, actor, token, form)
    return go("/sign-in", "You have accepted the invitation. You can sign in now.")


def _hash(request: Request, token: str, password: str) -> str:
    """What is kept of the password. Slow by design, it comes before anything is written."""
    platform = platform_of(request)
    with platform.database.reading() as reading:
        invited = open_invitation(reading, token, platform.clock())
        if account_of(reading, invited.invitation.email) is not None:
            raise Conflict("There is an account with this address: please sign in first.")
    check_password(password, email=invited.invitation.email)
    return hash_password(password)
