"""Reads of what somebody leaves behind who leaves: roles, work, organisations. For the warning."""

from dataclasses import dataclass

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from consult.accounts.models import Agency, Grant, Membership, Organisation
from consult.obligations.models import Obligation


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role, for an agency (its code) or everywhere (""); `only`: nobody else holds it there."""

    role: str
    agency: str
    only: bool


def roles_of(session: Session, person_id: int) -> list[HeldRole]:
    """The roles somebody holds."""
    other = aliased(Grant)
    others = (
        select(func.count())
        .where(
            col(other.role) == col(Grant.role),
            col(other.agency_id).is_not_distinct_from(col(Grant.agency_id)),
            col(other.person_id) != person_id,
        )
        .scalar_subquery()
    )
    query = (
        select(Grant.role, func.coalesce(Agency.code, ""), others)
        .outerjoin(Agency, col(Agency.id) == col(Grant.agency_id))
        .where(Grant.person_id == person_id)
        .order_by(col(Grant.id))
    )
    return [HeldRole(role, agency, n == 0) for role, agency, n in session.execute(query)]


def duties_of(session: Session, person_id: int) -> int:
    """How many duties that are not fulfilled yet were given to somebody."""
    theirs = Obligation.officer_id == person_id, col(Obligation.fulfilled_at).is_(None)
    return session.exec(select(func.count()).select_from(Obligation).where(*theirs)).one()


def managed_alone(session: Session, person_id: int) -> list[str]:
    """The organisations that somebody is the last to manage, while others may speak for them."""
    other = aliased(Membership)
    live = col(other.ended_at).is_(None), col(other.person_id) != person_id
    same = col(other.organisation_id) == col(Membership.organisation_id)
    members = select(other.id).where(same, *live)
    query = (
        select(Organisation.name)
        .join(Membership, col(Membership.organisation_id) == col(Organisation.id))
        .where(
            Membership.person_id == person_id,
            col(Membership.manages).is_(True),
            col(Membership.ended_at).is_(None),
            members.exists(),
            ~members.where(col(other.manages).is_(True)).exists(),
        )
        .order_by(col(Organisation.name))
    )
    return list(session.exec(query).all())
