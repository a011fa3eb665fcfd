"""Daily and weekly mails: what waited for its day goes out in one, by the calendar of its reader.

When is decided by rules.slot_before, what it says when it is sent by rendering.py.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from consult.accounts.models import Person
from consult.db import upsert
from consult.platform import Platform
from notifications.models import Mail, MailChoice, Notice, Subscription
from notifications.rules import DIGESTS, slot_after, slot_before, zone_of

# Notices whose people have their digests written in one transaction: a fifth of a second of the
# one writer of SQLite, after which the worker lets others in.
BATCH = 50


def write_digests(platform: Platform, now: datetime) -> int:
    """Queue the digests that are due; returns for how many people.

    After missed runs there is one, with all that waited. A day has one at most, whatever was
    changed meanwhile: its key is the day on the clock of its reader.
    """
    with platform.database.reading() as session:
        if not _people(session, now, limit=1):
            return 0
    with platform.database.writing() as session:
        people = _people(session, now, BATCH)
        for person in people:
            _write(session, person, zone_of(person.zone, platform.pack.tz), now)
        return len(people)


def _people(session: Session, now: datetime, limit: int) -> list[Person]:
    """Some of those who wait for a digest that is due, by number: two workers do not cross."""
    due = select(Notice.person_id).where(col(Notice.due_at) <= now)
    first = due.order_by(col(Notice.due_at), col(Notice.person_id)).limit(limit).subquery()
    query = select(Person).where(col(Person.id).in_(select(first.c.person_id)))
    return list(session.exec(query.order_by(col(Person.id))).all())


def _write(session: Session, person: Person, zone: ZoneInfo, now: datetime) -> None:
    for cadence in DIGESTS:
        day, slot = slot_before(cadence, zone, now)
        waits = (
            col(Notice.person_id) == person.id,
            col(Notice.cadence) == cadence,
            col(Notice.due_at) <= now,
        )
        # Whoever moved to another zone meanwhile is not written to before their own morning.
        ripe = (*waits, col(Notice.created_at) < slot)
        if session.exec(select(Notice.id).where(*ripe).limit(1)).first():
            mail_id = _mail(session, person, f"digest:{person.id}:{cadence}:{day}", cadence, now)
            if mail_id is not None:
                taken = update(Notice).where(*ripe).values(mail_id=mail_id, due_at=None)
                session.execute(taken)
        # What came after the slot, or when its digest was written already, waits for the next.
        later = update(Notice).where(*waits).values(due_at=slot_after(cadence, zone, now))
        session.execute(later)


def _mail(session: Session, person: Person, key: str, cadence: str, now: datetime) -> int | None:
    """The number of the digest; None if that of this day was written before."""
    values = {
        "key": key,
        "person_id": person.id,
        "target": f"digest:{cadence}",
        "is_bulk": True,
        "created_at": now,
        "due_at": now,
    }
    once = upsert(session, Mail).values(values).on_conflict_do_nothing(index_elements=["key"])
    return session.execute(once.returning(col(Mail.id))).scalar()


def move_digests(session: Session, person: Person, zone: ZoneInfo, now: datetime) -> None:
    """After a change of zone: what waits goes out by the new clock. `zone` is that of the law."""
    chosen = zone_of(person.zone, zone)
    for cadence in DIGESTS:
        waits = (col(Notice.person_id) == person.id, col(Notice.cadence) == cadence)
        session.execute(
            update(Notice)
            .where(*waits, col(Notice.due_at).is_not(None))
            .values(due_at=slot_after(cadence, chosen, now))
        )


def stop_digest(session: Session, person_id: int, cadence: str) -> None:
    """No more digests of this cadence: what was followed by it is followed no longer, and what else
    was mailed by it stands in the cabinet only."""
    session.execute(
        delete(Subscription).where(
            col(Subscription.person_id) == person_id, col(Subscription.cadence) == cadence
        )
    )
    session.execute(
        update(MailChoice)
        .where(col(MailChoice.person_id) == person_id, col(MailChoice.cadence) == cadence)
        .values(cadence="never")
    )
