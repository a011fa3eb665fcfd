"""Reads of accounts: who a token or a password belongs to, agencies, people with a role."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import Session, col, select

from consult.access import VISITOR, Actor, Role
from consult.accounts.models import Agency, Grant, MailToken, Person, SignIn
from consult.accounts.secrets import matches, token_hash
from consult.errors import N_, Invalid, NotFound

STALE_LINK = N_("This link was already used, or is too old. Please ask for a new one.")
WRONG_ENTRY = N_("The address or the password is not right.")


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
        bodies=frozenset(agency_id for _, agency_id in grants if agency_id is not None),
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


def person_by_password(session: Session, *, email: str, password: str) -> Person:
    """Who may sign in with this address and password; raises Invalid.

    An unknown address and a wrong password get the same answer in the same time. To be asked before
    anything is written: the hash is slow by design, and SQLite has one writer.
    """
    person = session.exec(
        select(Person).where(Person.email == email.strip().casefold())
    ).one_or_none()
    if not matches(password, person.password_hash if person else None) or person is None:
        raise Invalid(WRONG_ENTRY, field="password")
    if person.email_confirmed_at is None:
        raise Invalid(
            "Please confirm your address first: open the link we sent you. "
            "To get a new one, register again.",
            field="email",
        )
    return person


def registrant(session: Session, token: str, password: str, now: datetime) -> Person:
    """Who holds the link of the mail and chose the password; raises NotFound and Invalid.

    The link alone is not enough: anybody may register an address that is not theirs, and its owner
    would open an account to which somebody else has the password.
    """
    person = holder_of_link(session, token, "confirm", now)
    if not matches(password, person.password_hash):
        raise Invalid(WRONG_ENTRY, field="password")
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
