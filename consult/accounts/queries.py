"""Reads of accounts: who a token belongs to, agencies by code, people with a role."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import Session, col, select

from consult.access import VISITOR, Actor, Role
from consult.accounts.models import Agency, Grant, MailToken, Person, SignIn
from consult.accounts.secrets import token_hash
from consult.errors import NotFound

STALE_LINK = "This link was already used, or is too old. Please ask for a new one."


def identify(session: Session, token: str, now: datetime) -> Actor:
    """The actor a sign-in token stands for; a visitor if it is unknown or has run out."""
    rows = session.exec(
        select(Person, Grant.role, Grant.agency_id)
        .join(SignIn, col(SignIn.person_id) == col(Person.id))
        .outerjoin(Grant, col(Grant.person_id) == col(Person.id))
        .where(SignIn.token_hash == token_hash(token), SignIn.expires_at > now)
    ).all()
    if not rows:
        return VISITOR
    return _actor(rows[0][0], [(role, agency_id) for _, role, agency_id in rows if role])


def actor_for(session: Session, person_id: int) -> Actor:
    """The actor a person is, without a browser: for the command line, imports and tests."""
    person = session.get_one(Person, person_id)
    grants = session.exec(
        select(Grant.role, Grant.agency_id).where(Grant.person_id == person_id)
    ).all()
    return _actor(person, list(grants))


def _actor(person: Person, grants: list[tuple[str, int | None]]) -> Actor:
    basic = Role.ORGANISATION if person.kind == "organisation" else Role.CITIZEN
    held: dict[Role, set[int]] = defaultdict(set)
    everywhere = {Role(role) for role, agency_id in grants if agency_id is None}
    for role, agency_id in grants:
        if agency_id is not None and Role(role) not in everywhere:
            held[Role(role)].add(agency_id)
    # A staff account is for the work of the state: it neither comments nor votes as a citizen.
    standing = frozenset(Role(role) for role, _ in grants) or frozenset({basic})
    return Actor(
        id=person.id,
        name=person.name,
        lang=person.lang,
        region=person.region,
        organisation=person.organisation,
        roles=standing | {Role.VISITOR},
        agencies={role: frozenset(ids) for role, ids in held.items()},
    )


def holder_of_link(session: Session, token: str, purpose: str, now: datetime) -> Person:
    """Whom a link in a mail was sent to, without using it; raises NotFound if it is of no use."""
    person = session.exec(
        select(Person)
        .join(MailToken, col(MailToken.person_id) == col(Person.id))
        .where(
            MailToken.token_hash == token_hash(token),
            MailToken.purpose == purpose,
            col(MailToken.used_at).is_(None),
            MailToken.expires_at > now,
        )
    ).one_or_none()
    if person is None:
        raise NotFound(STALE_LINK)
    return person


def agencies(session: Session) -> dict[int, Agency]:
    """All agencies by id; they are few."""
    return {agency.id or 0: agency for agency in session.exec(select(Agency)).all()}


def agency_by_code(session: Session, code: str) -> Agency:
    """The agency with this code; raises NotFound."""
    agency = session.exec(select(Agency).where(Agency.code == code)).one_or_none()
    if agency is None:
        raise NotFound("There is no agency with the code {code}.", code=code)
    return agency


def people_with(session: Session, role: Role, agency_id: int | None) -> list[Person]:
    """Those who hold a role for an agency, or everywhere."""
    fits = or_(col(Grant.agency_id).is_(None), col(Grant.agency_id) == agency_id)
    return list(
        session.exec(
            select(Person)
            .join(Grant, col(Grant.person_id) == col(Person.id))
            .where(Grant.role == role.value, fits)
            .distinct()
        ).all()
    )


def names_of(session: Session, person_ids: Iterable[int]) -> dict[int, str]:
    """The names of some people by id."""
    rows = session.exec(select(Person.id, Person.name).where(col(Person.id).in_(person_ids))).all()
    return {person_id or 0: name for person_id, name in rows}
