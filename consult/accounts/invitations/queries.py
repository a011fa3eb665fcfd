"""Reads of invitations: which there are, whom a link invites, what for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists
from sqlmodel import Session, col, select

from consult.access import Role
from consult.accounts.invitations.models import Invitation
from consult.accounts.invitations.rules import standing
from consult.accounts.models import Agency, Grant, Membership, Organisation, Person
from consult.accounts.queries import STALE_LINK
from consult.accounts.secrets import token_hash
from consult.errors import NotFound

LISTED = 100


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation with what it is for; `inviter` is "" where the operator invited."""

    invitation: Invitation
    agency: Agency | None
    organisation: Organisation | None
    inviter: str
    standing: str = "waiting"


def invitations(session: Session, now: datetime) -> Sequence[Invited]:
    """The newest invitations to roles, those that wait first."""
    rows = session.exec(
        _told().where(Invitation.role != "").order_by(col(Invitation.id).desc()).limit(LISTED)
    ).all()
    found = [_invited(row, now) for row in rows]
    return sorted(found, key=lambda one: one.standing != "waiting")


def members_invited(session: Session, organisation_id: int, now: datetime) -> Sequence[Invited]:
    """The newest invitations to speak for an organisation."""
    mine = _told().where(Invitation.organisation_id == organisation_id)
    rows = session.exec(mine.order_by(col(Invitation.id).desc()).limit(LISTED)).all()
    return [_invited(row, now) for row in rows]


def invitation_by_id(session: Session, invitation_id: int) -> Invited | None:
    """One invitation with what it is for, whatever became of it."""
    row = session.exec(_told().where(Invitation.id == invitation_id)).one_or_none()
    return None if row is None else _invited(row, None)


def open_invitation(session: Session, token: str, now: datetime) -> Invited:
    """What a link invites to; raises NotFound.

    The answer is the same for a link that was never made, was used, withdrawn, or is too old, and
    where whoever invited could not do so any more.
    """
    administers = exists().where(
        col(Grant.person_id) == col(Invitation.invited_by),
        col(Grant.role) == Role.ADMINISTRATOR.value,
    )
    manages = exists().where(
        col(Membership.person_id) == col(Invitation.invited_by),
        col(Membership.organisation_id) == col(Invitation.organisation_id),
        col(Membership.manages).is_(True),
        col(Membership.ended_at).is_(None),
    )
    may = (
        col(Invitation.invited_by).is_(None)
        | and_(col(Invitation.role) != "", administers)
        | and_(col(Invitation.role) == "", manages)
    )
    row = session.exec(
        _told().where(
            Invitation.token_hash == token_hash(token),
            col(Invitation.accepted_at).is_(None),
            col(Invitation.withdrawn_at).is_(None),
            Invitation.expires_at > now,
            may,
        )
    ).one_or_none()
    if row is None:
        raise NotFound(STALE_LINK)
    return _invited(row, now)


def account_of(session: Session, email: str) -> Person | None:
    """Who has this address, confirmed and with a password, so that they can sign in."""
    person = session.exec(select(Person).where(Person.email == email)).one_or_none()
    can_sign_in = person and person.email_confirmed_at and person.password_hash
    return person if can_sign_in else None


def _told() -> Any:
    return (
        select(Invitation, Agency, Organisation, Person.name)
        .outerjoin(Agency, col(Agency.id) == col(Invitation.agency_id))
        .outerjoin(Organisation, col(Organisation.id) == col(Invitation.organisation_id))
        .outerjoin(Person, col(Person.id) == col(Invitation.invited_by))
    )


def _invited(row: Any, now: datetime | None) -> Invited:
    invitation, agency, organisation, inviter = row
    became = "waiting"
    if now is not None:
        became = standing(
            accepted_at=invitation.accepted_at,
            withdrawn_at=invitation.withdrawn_at,
            expires_at=invitation.expires_at,
            now=now,
        )
    return Invited(invitation, agency, organisation, inviter or "", became)
