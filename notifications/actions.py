"""Telling a person something once: in the cabinet, by mail. Following: following.py."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlmodel import Session, col

from consult.access import Actor
from consult.accounts.models import Person
from consult.db import upsert
from consult.errors import NotFound
from notifications.models import Mail, MailChoice, Message, Notice
from notifications.rules import (
    ACCOUNT,
    CATEGORY_OF,
    DIGESTS,
    mail_key,
    slot_after,
    zone_of,
)


def say(
    session: Session,
    *,
    key: str,
    kind: str,
    values: dict[str, Any],
    path: str,
    now: datetime,
    targets: Sequence[str] = (),
) -> int | None:
    """Write down what is said, once for all who are told; None if that key was said before.

    `kind` names the templates notices/<kind>.html and mail/<kind>.txt; `path` is where it leads.
    """
    said = {
        "key": key,
        "kind": kind,
        "values": values,
        "path": path,
        "category": CATEGORY_OF.get(kind, ACCOUNT),
        "targets": list(targets),
        "created_at": now,
    }
    once = upsert(session, Message).values(said).on_conflict_do_nothing(index_elements=["key"])
    return session.execute(once.returning(col(Message.id))).scalar()


def notify(
    session: Session,
    person: Person,
    *,
    key: str,
    kind: str,
    values: dict[str, Any],
    path: str,
    zone: ZoneInfo,
    now: datetime,
    usual: str = "at_once",
) -> None:
    """Tell one person: in the cabinet, and by mail as often as they chose for such things.

    A key is used once for each person. `zone` is that of the law, for the digests of whoever did
    not choose one; `usual` how often they are told who did not choose that.
    """
    if person.forgotten_at is not None:
        return
    person_id, category = person.id or 0, CATEGORY_OF[kind]
    full_key = mail_key(key, person_id)
    said = say(session, key=full_key, kind=kind, values=values, path=path, now=now)
    if said is None:
        return
    choice = session.get(MailChoice, (person_id, category))
    cadence = choice.cadence if choice else usual
    notice = Notice(message_id=said, person_id=person_id, cadence=cadence, created_at=now)
    if cadence in DIGESTS:
        notice.due_at = slot_after(cadence, zone_of(person.zone, zone), now)
    session.add(notice)
    if cadence == "at_once" and person.email is not None:
        mail = Mail(key=full_key, message_id=said, person_id=person_id, created_at=now, due_at=now)
        session.add(mail)


def queue_mail(
    session: Session,
    person: Person,
    *,
    key: str,
    kind: str,
    values: dict[str, Any],
    path: str,
    now: datetime,
    recipient: str = "",
) -> None:
    """A mail about an account, which is no notice and has no cadence. Who has no address gets none.

    `recipient` is another address than the person's own: one to be confirmed, or just left. The
    address they have when it happens is told of it, whatever becomes of it before the mail goes
    out. A person who was never saved only says to what address, in which language.
    """
    if person.email is None:
        return
    said = say(session, key=key, kind=kind, values=values, path=path, now=now)
    if said is None:
        return
    session.add(
        Mail(
            key=key,
            message_id=said,
            person_id=person.id,
            recipient=recipient or person.email,
            lang="" if person.id else person.lang,
            created_at=now,
            due_at=now,
        )
    )


def mark_read(session: Session, *, actor: Actor, now: datetime) -> None:
    """All notices of a person are read."""
    session.execute(
        update(Notice)
        .where(col(Notice.person_id) == actor.person_id, col(Notice.read_at).is_(None))
        .values(read_at=now)
    )


def read_notice(session: Session, *, actor: Actor, notice_id: int, now: datetime) -> str:
    """One notice is read; returns the path it leads to. Raises NotFound for one of another."""
    notice = session.get(Notice, notice_id)
    if notice is None or notice.person_id != actor.person_id:
        raise NotFound("There is no such notice.")
    notice.read_at = notice.read_at or now
    session.add(notice)
    return session.get_one(Message, notice.message_id).path
