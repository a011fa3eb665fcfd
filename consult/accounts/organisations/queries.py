"""Reads of organisations: one by its id, its members, those a person speaks for."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from consult.accounts.lookalike import look
from consult.accounts.models import Membership, Organisation, Person
from consult.errors import NotFound

LISTED = 200  # memberships on one page, those that ended last
FOUND_MAX = 100  # organisations that an administrator sees at once


@dataclass(frozen=True, slots=True)
class Member:
    """A membership with the name of whose it is, for the other members alone."""

    membership: Membership
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Mine:
    """A membership of a person with its organisation."""

    membership: Membership
    organisation: Organisation


def organisation_by_id(session: Session, organisation_id: int) -> Organisation:
    """An organisation; raises NotFound."""
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound("There is no such organisation.")
    return organisation


def organisation_names(session: Session, organisation_ids: Collection[int]) -> dict[int, str]:
    """The names of some organisations by id."""
    if not organisation_ids:
        return {}
    query = select(Organisation.id, Organisation.name)
    rows = session.exec(query.where(col(Organisation.id).in_(organisation_ids))).all()
    return {organisation_id or 0: name for organisation_id, name in rows}


def organisations_found(session: Session, typed: str) -> list[Organisation]:
    """Those whose name or number holds, or seems to hold, what was typed; without it, the newest.

    Compared by what they look like: «Министерство» with a Latin letter is found too.
    """
    query = select(Organisation).order_by(col(Organisation.id).desc())
    if not (wanted := look(typed)):
        return list(session.exec(query.limit(FOUND_MAX)).all())
    found = (one for one in session.exec(query) if wanted in look(one.name + " " + one.number))
    return list(islice(found, FOUND_MAX))


def spoken_for(session: Session, organisation_ids: Collection[int]) -> set[int]:
    """Which of these organisations somebody speaks for now."""
    live = select(Membership.organisation_id).where(
        col(Membership.organisation_id).in_(organisation_ids), col(Membership.ended_at).is_(None)
    )
    return set(session.exec(live).all())


def memberships_of(session: Session, person_id: int) -> list[Mine]:
    """Those a person may speak for now, by name."""
    rows = session.exec(
        select(Membership, Organisation)
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
        .where(Membership.person_id == person_id, col(Membership.ended_at).is_(None))
        .order_by(col(Organisation.name), col(Organisation.id))
    ).all()
    return [Mine(*row) for row in rows]


def live_membership(
    session: Session, person_id: int, organisation_id: int, *, keep: bool = False
) -> Membership | None:
    """By which a person may speak for an organisation now, if they may; `keep`: locked."""
    query = select(Membership).where(
        Membership.person_id == person_id,
        Membership.organisation_id == organisation_id,
        col(Membership.ended_at).is_(None),
    )
    return session.exec(query.with_for_update() if keep else query).first()


def managers_of(session: Session, organisation_id: int) -> set[int]:
    """The people who manage an organisation now."""
    query = select(Membership.person_id).where(
        Membership.organisation_id == organisation_id,
        col(Membership.manages).is_(True),
        col(Membership.ended_at).is_(None),
    )
    return set(session.exec(query).all())


def members(session: Session, organisation_id: int) -> list[Member]:
    """All memberships, the live first, each in the order they began."""
    rows = session.exec(
        select(Membership, Person.name, Person.email)
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(Membership.organisation_id == organisation_id)
        .order_by(col(Membership.ended_at).is_not(None), col(Membership.id))
        .limit(LISTED)
    ).all()
    return [Member(membership, name, email or "") for membership, name, email in rows]


def has_confirmed_member(session: Session, organisation_id: int) -> bool:
    """Whether anybody whose address is known to be theirs ever was a member."""
    query = (
        select(Membership.id)
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(
            Membership.organisation_id == organisation_id,
            col(Person.email_confirmed_at).is_not(None),
        )
    )
    return session.exec(query).first() is not None


def mandate_by(organisation_id: Any, person_id: Any) -> ColumnElement[str]:
    """In SQL: by what a person may speak, or might, for an organisation; "" if they did not say.

    Both are columns of the query around it. The newest membership counts.
    """
    newest = (
        select(Membership.mandate)
        .where(
            col(Membership.organisation_id) == organisation_id,
            col(Membership.person_id) == person_id,
        )
        .order_by(col(Membership.id).desc())
        .limit(1)
        .correlate_except(Membership)
        .scalar_subquery()
    )
    return func.coalesce(newest, "")
