"""What an administrator sees and does behind the scenes: people's roles, work that was given up.

Reads first, then what changes something. Its pages are in admin.py.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from consult.access import GRANTED, Actor, Role, check_right
from consult.accounts.actions import add_agency, grant
from consult.accounts.invitations.rules import check_place
from consult.accounts.models import Agency, Grant, Person
from consult.audit.actions import note
from consult.db import affected
from consult.errors import Conflict, Invalid, NotFound
from consult.outbox import Delivery, OutboxEvent
from notifications.models import Mail, Message
from notifications.queries import waiting

FOUND_MAX = 50
PARKED_MAX = 100


@dataclass(frozen=True, slots=True)
class Holder:
    """A person with what they were granted."""

    person: Person
    grants: Sequence[Grant]


def people_found(session: Session, typed: str) -> list[Holder]:
    """People whose address contains what was typed; without it, all who hold a role."""
    query = select(Person).order_by(col(Person.email)).limit(FOUND_MAX)
    if typed:
        query = query.where(col(Person.email).contains(typed.casefold(), autoescape=True))
    else:
        query = query.where(col(Person.id).in_(select(Grant.person_id)))
    people = session.exec(query).all()
    grants = _grants(session, [person.id or 0 for person in people])
    return [Holder(person, grants.get(person.id or 0, ())) for person in people]


def holder(session: Session, person_id: int) -> Holder:
    """One person with their grants; raises NotFound."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("There is no such person.")
    return Holder(person, _grants(session, [person_id]).get(person_id, ()))


def _grants(session: Session, person_ids: Sequence[int]) -> Mapping[int, list[Grant]]:
    found: dict[int, list[Grant]] = defaultdict(list)
    query = select(Grant).where(col(Grant.person_id).in_(person_ids)).order_by(col(Grant.id))
    for row in session.exec(query).all():
        found[row.person_id].append(row)
    return found


@dataclass(frozen=True, slots=True)
class ParkedDelivery:
    """A delivery that was given up, with the event it was for."""

    event: str
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class ParkedMail:
    """A mail that was given up: to whom, and of which kind (a digest if it says several things)."""

    mail: Mail
    recipient: str
    kind: str


@dataclass(frozen=True, slots=True)
class Work:
    """Background work: how much waits, and what was given up, with the reasons."""

    deliveries_waiting: int
    mails_waiting: int
    deliveries: Sequence[ParkedDelivery]
    mails: Sequence[ParkedMail]


def background_work(session: Session) -> Work:
    """What waits and what was given up, in four queries."""
    deliveries = session.exec(
        select(OutboxEvent.name, Delivery)
        .join(OutboxEvent, col(OutboxEvent.id) == col(Delivery.event_id))
        .where(col(Delivery.parked_at).is_not(None))
        .order_by(col(Delivery.event_id))
        .limit(PARKED_MAX)
    ).all()
    mails = (
        select(Mail, Person.email, Message.kind)
        .join(Person, col(Person.id) == col(Mail.person_id), isouter=True)
        .join(Message, col(Message.id) == col(Mail.message_id), isouter=True)
        .where(col(Mail.parked_at).is_not(None))
        .order_by(col(Mail.id))
        .limit(PARKED_MAX)
    )
    waiting_deliveries = select(func.count()).where(
        col(Delivery.done_at).is_(None), col(Delivery.parked_at).is_(None)
    )
    waiting_mails = select(func.count()).select_from(Mail).where(*waiting())
    return Work(
        deliveries_waiting=session.exec(waiting_deliveries).one(),
        mails_waiting=session.exec(waiting_mails).one(),
        deliveries=[ParkedDelivery(name, delivery) for name, delivery in deliveries],
        mails=[
            ParkedMail(mail, mail.recipient or email or "", kind or "digest")
            for mail, email, kind in session.exec(mails).all()
        ],
    )


def give_role(
    session: Session,
    *,
    actor: Actor,
    person_id: int,
    role: Role,
    agency_id: int | None,
    now: datetime,
) -> None:
    """Give a person a role, for one agency or everywhere; raises NotFound, Invalid.

    Whoever prepares and approves does so for one agency; only the command line can do otherwise.
    """
    check_right(actor, "administer")
    if role not in GRANTED:
        raise Invalid("Please choose one of the options.", field="role")
    check_place(role, agency_id)
    holder(session, person_id)
    if agency_id is not None and session.get(Agency, agency_id) is None:
        raise NotFound("There is no such agency.")
    grant(session, person_id, role, agency_id, now, by=actor.id)


def take_role(
    session: Session, *, actor: Actor, person_id: int, grant_id: int, now: datetime
) -> None:
    """Take a role back; one's own as administrator somebody else has to take, so that one stays."""
    check_right(actor, "administer")
    row = session.get(Grant, grant_id)
    if row is None or row.person_id != person_id:
        raise NotFound("This role is not held any more.")
    if row.person_id == actor.person_id and row.role == Role.ADMINISTRATOR.value:
        raise Conflict("Another administrator has to take this role from you.")
    session.delete(row)
    note(
        session,
        "role_taken",
        actor_id=actor.id,
        subject_id=person_id,
        agency_id=row.agency_id,
        now=now,
        role=row.role,
    )


def found_agency(
    session: Session,
    *,
    actor: Actor,
    code: str,
    kind: str,
    names: Mapping[str, str],
    now: datetime,
) -> Agency:
    """Add a body with its names by language; raises Invalid, Conflict."""
    check_right(actor, "administer")
    given = {lang: name.strip() for lang, name in names.items() if name.strip()}
    if not given:
        raise Invalid("Please give the name in at least one language.", field="name_ky")
    return add_agency(session, code=code, names=given, kind=kind, now=now)


def try_again(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    event_id: int | None = None,
    handler: str = "",
    mail_id: int | None = None,
) -> int:
    """Take up again what was given up: an event, a mail, or (nothing named) all; returns how many.

    Of an event all deliveries, or only that to one `handler`.
    """
    check_right(actor, "administer")
    everything = event_id is None and mail_id is None
    fresh = {"parked_at": None, "attempts": 0, "due_at": now}
    count = 0
    if everything or event_id is not None:
        change = update(Delivery).where(col(Delivery.parked_at).is_not(None))
        if not everything:
            change = change.where(col(Delivery.event_id) == event_id)
        if handler:
            change = change.where(col(Delivery.handler) == handler)
        count += affected(session.execute(change.values(**fresh)))
    if everything or mail_id is not None:
        again = update(Mail).where(col(Mail.parked_at).is_not(None))
        if not everything:
            again = again.where(col(Mail.id) == mail_id)
        count += affected(session.execute(again.values(**fresh)))
    return count
