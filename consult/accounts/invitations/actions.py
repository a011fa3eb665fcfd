"""Inviting to a role or a membership, sending again, taking back, accepting."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from consult import outbox
from consult.access import Actor, Role, check_right
from consult.account_events import MembershipChanged, PersonInvited
from consult.accounts.actions import forget_links, grant
from consult.accounts.founding import forget_founded
from consult.accounts.invitations.models import Invitation
from consult.accounts.invitations.queries import account_of, open_invitation
from consult.accounts.invitations.rules import LIFE, check_place
from consult.accounts.models import Agency, Membership, Organisation, Person, SignIn
from consult.accounts.queries import STALE_LINK
from consult.accounts.reserved import check_person_name
from consult.accounts.rules import check_agency_open, clean_email, clean_line
from consult.accounts.secrets import new_token, token_hash
from consult.audit.actions import note
from consult.errors import Conflict, NotAllowed, NotFound


def invite_to_role(
    session: Session,
    *,
    actor: Actor,
    email: str,
    role: Role,
    agency_id: int | None,
    lang: str,
    now: datetime,
) -> Invitation:
    """Invite somebody to a role, for one agency or everywhere; raises Invalid, Conflict."""
    check_right(actor, "administer")
    check_place(role, agency_id)
    if agency_id is not None:
        agency = session.get(Agency, agency_id)
        if agency is None:
            raise NotFound("There is no such agency.")
        check_agency_open(agency.closed_on)
    invitation = Invitation(
        token_hash="",
        email=clean_email(email),
        lang=lang,
        role=role.value,
        agency_id=agency_id,
        invited_by=actor.id,
        created_at=now,
        expires_at=now,
    )
    return _invite(session, invitation, now)


def invite_member(
    session: Session,
    *,
    actor: Actor,
    organisation_id: int,
    email: str,
    mandate: str,
    manages: bool,
    lang: str,
    now: datetime,
) -> Invitation:
    """Invite somebody to speak for an organisation, as its managers may; raises NotAllowed."""
    _check_manages(session, actor, organisation_id)
    invitation = Invitation(
        token_hash="",
        email=clean_email(email),
        lang=lang,
        organisation_id=organisation_id,
        mandate=clean_line(mandate),
        manages=manages,
        invited_by=actor.id,
        created_at=now,
        expires_at=now,
    )
    return _invite(session, invitation, now)


def _invite(session: Session, invitation: Invitation, now: datetime) -> Invitation:
    waiting = select(Invitation.id).where(
        Invitation.email == invitation.email,
        Invitation.role == invitation.role,
        Invitation.agency_id == invitation.agency_id,
        Invitation.organisation_id == invitation.organisation_id,
        col(Invitation.accepted_at).is_(None),
        col(Invitation.withdrawn_at).is_(None),
    )
    if session.exec(waiting).first() is not None:
        raise Conflict("This address was invited to it already. Send it again.", field="email")
    token = new_token()
    invitation.token_hash = token_hash(token)
    session.add(invitation)
    session.flush()
    _send(session, invitation, token, now)
    _note(session, "person_invited", invitation, invitation.invited_by, None, now)
    return invitation


def _send(session: Session, invitation: Invitation, token: str, now: datetime) -> None:
    invitation.token_hash, invitation.expires_at = token_hash(token), now + LIFE
    session.add(invitation)
    outbox.record(session, PersonInvited(invitation.id or 0, f"/invitation/{token}"), now)


def send_again(session: Session, *, actor: Actor, invitation_id: int, now: datetime) -> None:
    """Mail a new link, good for as long as the first was, which no longer is. Raises NotFound."""
    invitation = _own(session, actor, invitation_id)
    _send(session, invitation, new_token(), now)


def withdraw(session: Session, *, actor: Actor, invitation_id: int, now: datetime) -> None:
    """Take an invitation back before it is accepted; raises NotFound."""
    invitation = _own(session, actor, invitation_id)
    invitation.withdrawn_at = now
    session.add(invitation)
    _note(session, "invitation_withdrawn", invitation, actor.id, None, now)


def accept(session: Session, *, actor: Actor, token: str, now: datetime) -> Invitation:
    """Accept with the account one has; raises NotFound, and NotAllowed if it is not theirs."""
    invitation = open_invitation(session, token, now).invitation
    person = session.get_one(Person, actor.person_id)
    if person.email != invitation.email:
        raise NotAllowed("This invitation was sent to another address than yours.")
    _claim(session, invitation, person, now)
    return invitation


def accept_with_new_account(
    session: Session, *, token: str, name: str, password_hash: str, lang: str, now: datetime
) -> Person:
    """Make the account and accept: who opened the link has the address. Raises NotFound, Conflict.

    What somebody entered with the address before, without ever confirming it, does not stay.
    """
    invitation = open_invitation(session, token, now).invitation
    if account_of(session, invitation.email) is not None:
        raise Conflict("There is an account with this address: please sign in first.")
    check_person_name(session, name)
    known = session.exec(select(Person).where(Person.email == invitation.email)).first()
    person = known or Person(
        email=invitation.email, name=name, lang=lang, password_hash="", created_at=now
    )
    person.name, person.lang, person.password_hash = name, lang, password_hash
    session.add(person)
    session.flush()
    if person.email_confirmed_at is None:
        forget_founded(session, person)
    person.region, person.email_confirmed_at = "", now
    forget_links(session, person, "confirm", "reset")
    session.execute(delete(SignIn).where(col(SignIn.person_id) == person.id))
    _claim(session, invitation, person, now)
    return person


def _claim(session: Session, invitation: Invitation, person: Person, now: datetime) -> None:
    """Claimed by a conditional update: of two who use a link at once, one does."""
    claimed = session.execute(
        update(Invitation)
        .where(
            col(Invitation.token_hash) == invitation.token_hash,
            col(Invitation.accepted_at).is_(None),
            col(Invitation.withdrawn_at).is_(None),
        )
        .values(accepted_at=now, accepted_by=person.id)
        .returning(col(Invitation.id))
    ).scalar_one_or_none()
    if claimed is None:
        raise NotFound(STALE_LINK)
    _note(session, "invitation_accepted", invitation, person.id, person.id, now)
    by = invitation.invited_by
    if invitation.role:
        grant(session, person.id or 0, Role(invitation.role), invitation.agency_id, now, by=by)
    else:
        _join(session, invitation, person, now)


def _join(session: Session, invitation: Invitation, person: Person, now: datetime) -> None:
    if _membership(session, person.id or 0, invitation.organisation_id or 0) is not None:
        raise Conflict("You speak for this organisation already.")
    member = Membership(
        organisation_id=invitation.organisation_id or 0,
        person_id=person.id or 0,
        mandate=invitation.mandate,
        manages=invitation.manages,
        added_by=invitation.invited_by,
        created_at=now,
    )
    session.add(member)
    session.flush()
    outbox.record(session, MembershipChanged(member.id or 0, "began", member.person_id), now)
    _note(session, "member_added", invitation, invitation.invited_by, person.id, now)


def _own(session: Session, actor: Actor, invitation_id: int) -> Invitation:
    """An invitation this person may send again or withdraw; raises NotAllowed, NotFound."""
    row = session.get(Invitation, invitation_id)
    if row is None or row.accepted_at is not None or row.withdrawn_at is not None:
        raise NotFound("This invitation does not wait any more.")
    if row.role:
        check_right(actor, "administer")
    else:
        _check_manages(session, actor, row.organisation_id or 0)
    return row


def _check_manages(session: Session, actor: Actor, organisation_id: int) -> None:
    check_right(actor, "cabinet")
    if session.get(Organisation, organisation_id) is None:
        raise NotFound("There is no such organisation.")
    mine = _membership(session, actor.person_id, organisation_id)
    if mine is None or not mine.manages:
        raise NotAllowed("Your role does not allow this.")


def _membership(session: Session, person_id: int, organisation_id: int) -> Membership | None:
    query = select(Membership).where(
        Membership.person_id == person_id,
        Membership.organisation_id == organisation_id,
        col(Membership.ended_at).is_(None),
    )
    return session.exec(query).first()


def _note(
    session: Session,
    action: str,
    invitation: Invitation,
    actor_id: int | None,
    subject_id: int | None,
    now: datetime,
) -> None:
    note(
        session,
        action,
        actor_id=actor_id,
        subject_id=subject_id,
        agency_id=invitation.agency_id,
        organisation_id=invitation.organisation_id,
        now=now,
        invitation=invitation.id,
        role=invitation.role,
    )
