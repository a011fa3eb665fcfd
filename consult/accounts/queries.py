"""Reads of accounts: who a token or a password belongs to, agencies, people with a role."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, and_, exists, literal, or_
from sqlmodel import Session, col, select

from consult.access import VISITOR, Actor, Role
from consult.accounts.models import (
    Agency,
    AgencySuccession,
    Grant,
    MailToken,
    Membership,
    Organisation,
    Person,
    SignIn,
)
from consult.accounts.secrets import matches, token_hash
from consult.errors import N_, Invalid, NotFound

STALE_LINK = N_("This link was already used, or is too old. Please ask for a new one.")
WRONG_ENTRY = N_("The address or the password is not right.")


def identify(
    session: Session,
    token: str,
    now: datetime,
    *,
    staff_second_factor: bool = True,
    unread: Callable[[Any], Any] = lambda _: literal(0),
) -> Actor:
    """The actor a sign-in token stands for; a visitor if it is unknown or has run out.

    Who set up a second factor, and with `staff_second_factor` who holds a role, may do what a
    visitor may until they showed it in this browser.
    """
    signed_in = SignIn.token_hash == token_hash(token), SignIn.expires_at > now
    them = select(SignIn.person_id).where(*signed_in)
    held = _held(them)
    rows = session.execute(
        select(  # type: ignore[call-overload]
            Person,
            unread(them),
            Organisation.name,
            SignIn.second_factor_at,
            held.c.role,
            held.c.agency_id,
        )
        .join(SignIn, col(SignIn.person_id) == col(Person.id))
        .outerjoin(Organisation, acts_for())
        .outerjoin(held, held.c.person_id == col(Person.id))
        .where(*signed_in)
    ).all()
    if not rows:
        return VISITOR
    person, waiting, organisation, shown_at = rows[0][:4]
    grants = [(role, agency_id) for *_, role, agency_id in rows if role]
    asked = person.second_factor_since is not None or (staff_second_factor and bool(grants))
    actor = replace(_actor(person, organisation, grants), unread=waiting)
    if not asked or shown_at is not None:
        return actor
    return replace(
        actor,
        roles=VISITOR.roles,
        agencies=VISITOR.agencies,
        bodies=VISITOR.bodies,
        lacks_second_factor=True,
        unread=0,
    )


def actor_for(session: Session, person_id: int) -> Actor:
    """The actor a person is, without a browser: for the command line, imports and tests."""
    person = session.get_one(Person, person_id)
    speaks_for = select(Organisation.name).join(Person, acts_for()).where(Person.id == person_id)
    held = _held(select(Person.id).where(Person.id == person_id))
    grants = session.exec(select(held.c.role, held.c.agency_id)).all()
    return _actor(person, session.exec(speaks_for).first(), list(grants))


def acts_for() -> ColumnElement[bool]:
    """Joins a person to the organisation they speak for now, as long as they are a member of it."""
    live = exists().where(
        col(Membership.person_id) == col(Person.id),
        col(Membership.organisation_id) == col(Organisation.id),
        col(Membership.ended_at).is_(None),
    )
    return and_(col(Organisation.id) == col(Person.acts_for_id), live)


def _held(person_ids: Any) -> CTE:
    """Roles these people hold, for the agencies they were granted for and all they took over from.

    So whoever works for a successor works on what its predecessors left, and nothing is moved.
    """
    granted = (
        select(Grant.person_id, Grant.role, Grant.agency_id)
        .where(col(Grant.person_id).in_(person_ids))
        .cte("held", recursive=True)
    )
    took_over = select(
        granted.c.person_id, granted.c.role, col(AgencySuccession.agency_id)
    ).join_from(
        granted,
        AgencySuccession,
        col(AgencySuccession.successor_id) == granted.c.agency_id,
    )
    return granted.union(took_over)


def _actor(person: Person, organisation: str | None, grants: list[tuple[str, int | None]]) -> Actor:
    basic = Role.CITIZEN if organisation is None else Role.ORGANISATION
    held: dict[Role, set[int]] = defaultdict(set)
    everywhere = {Role(role) for role, agency_id in grants if agency_id is None}
    for role, agency_id in grants:
        if agency_id is not None and Role(role) not in everywhere:
            held[Role(role)].add(agency_id)
    # A staff account is for the work of the state: it neither comments nor votes as a citizen.
    standing = frozenset(Role(role) for role, _ in grants) or frozenset({basic})
    speaks = organisation is not None and Role.ORGANISATION in standing
    return Actor(
        id=person.id,
        name=person.name,
        lang=person.lang,
        region=person.region,
        organisation=(organisation or "") if speaks else "",
        organisation_id=person.acts_for_id if speaks else None,
        roles=standing | {Role.VISITOR},
        agencies={role: frozenset(ids) for role, ids in held.items()},
        bodies=frozenset(agency_id for _, agency_id in grants if agency_id is not None),
        is_identified=person.verified_at is not None,
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


def is_unseen(session: Session, token: str, today: date) -> bool:
    """Whether nothing was sent from this browser on this day yet."""
    row = session.get(SignIn, token_hash(token))
    return row is not None and (row.seen_on is None or row.seen_on < today)


def kept_for(session: Session, email: str, now: datetime) -> int | None:
    """The id of the person who left this address and may still go back to it (accounts/signins)."""
    return session.exec(
        select(MailToken.person_id)
        .where(
            MailToken.purpose == "undo_address",
            MailToken.email == email,
            col(MailToken.used_at).is_(None),
            MailToken.expires_at > now,
        )
        .limit(1)
    ).first()


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


def owner_by_password(session: Session, person_id: int, password: str, field: str) -> Person:
    """The person, if this is their password; raises Invalid for `field`.

    To be asked before anything is written: the hash is slow by design, and SQLite has one writer.
    """
    person = session.get_one(Person, person_id)
    if not matches(password, person.password_hash):
        raise Invalid("This is not your password.", field=field)
    return person


def registrant(
    session: Session, token: str, password: str, now: datetime, purpose: str = "confirm"
) -> Person:
    """Who holds the link of the mail and chose the password; raises NotFound and Invalid.

    The link alone is not enough: anybody may register an address that is not theirs, and its owner
    would open an account to which somebody else has the password.
    """
    person = holder_of_link(session, token, purpose, now)
    entered = entered_with(session, token)
    if not matches(password, entered.get("password_hash", person.password_hash)):
        raise Invalid(WRONG_ENTRY, field="password")
    return person


def entered_with(session: Session, token: str) -> dict[str, str]:
    """What an account becomes by its link; nothing if it stands there already."""
    entered: dict[str, str] = session.get_one(MailToken, token_hash(token)).entered
    return entered


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
    """Those who hold a role for an agency, for one that took over from it, or everywhere."""
    bodies = and_successors(select(col(Agency.id).label("id")).where(Agency.id == agency_id))
    fits = or_(col(Grant.agency_id).is_(None), col(Grant.agency_id).in_(select(bodies.c.id)))
    return list(
        session.exec(
            select(Person)
            .join(Grant, col(Grant.person_id) == col(Person.id))
            .where(Grant.role == role.value, fits)
            .distinct()
        ).all()
    )


def and_successors(agency_ids: Any) -> CTE:
    """These agencies (a query of their `id`), and all that took over from them in turn."""
    bodies: CTE = agency_ids.cte("successors", recursive=True)
    return bodies.union(
        select(col(AgencySuccession.successor_id)).join_from(
            bodies, AgencySuccession, col(AgencySuccession.agency_id) == bodies.c.id
        )
    )


def successor_ids(session: Session, agency_id: int) -> list[int]:
    """Those that took over from an agency, one after another; none while it is open."""
    bodies = and_successors(
        select(col(AgencySuccession.successor_id).label("id")).where(
            AgencySuccession.agency_id == agency_id
        )
    )
    return list(session.exec(select(bodies.c.id).order_by(bodies.c.id)).all())


def predecessor_ids(session: Session, agency_id: int) -> list[int]:
    """Those that an agency took over from, and they in turn."""
    took_over_from = col(AgencySuccession.agency_id)
    bodies: CTE = (
        select(took_over_from.label("id"))
        .where(AgencySuccession.successor_id == agency_id)
        .cte("predecessors", recursive=True)
    )
    bodies = bodies.union(
        select(took_over_from).join_from(
            bodies, AgencySuccession, col(AgencySuccession.successor_id) == bodies.c.id
        )
    )
    return list(session.exec(select(bodies.c.id).order_by(bodies.c.id)).all())


def names_of(session: Session, person_ids: Iterable[int]) -> dict[int, str]:
    """The names of some people by id."""
    rows = session.exec(select(Person.id, Person.name).where(col(Person.id).in_(person_ids))).all()
    return {person_id or 0: name for person_id, name in rows}
