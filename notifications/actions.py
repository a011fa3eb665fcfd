"""Telling a person something once: in the cabinet, by mail; following and unfollowing."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from consult.access import Actor
from consult.accounts.models import Person
from consult.web import environment
from notifications.models import Mail, Notice, Subscription


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
    unsubscribe_path: str = "",
) -> None:
    """Put a notice into the cabinet and a mail into the queue; a key is used once for each person.

    `kind` names the templates notices/<kind>.html and mail/<kind>.txt; `path` is where it leads.
    """
    full_key = f"{key}:{person.id}"
    if session.exec(select(Notice.id).where(Notice.key == full_key)).first():
        return
    session.add(
        Notice(
            key=full_key,
            person_id=person.id or 0,
            kind=kind,
            values=values,
            path=path,
            created_at=now,
        )
    )
    queue_mail(
        session,
        person,
        key=full_key,
        kind=kind,
        values=values,
        path=path,
        zone=zone,
        now=now,
        unsubscribe_path=unsubscribe_path,
    )


def queue_mail(
    session: Session,
    person: Person,
    *,
    key: str,
    kind: str,
    values: dict[str, Any],
    path: str,
    zone: ZoneInfo,
    now: datetime,
    unsubscribe_path: str = "",
) -> None:
    """Write a mail in the person's language. The first line of its text is the subject."""
    if session.exec(select(Mail.id).where(Mail.key == key)).first():
        return
    env = environment(person.lang, zone)
    context = {"person": person, "values": values, "path": path, "unsubscribe": unsubscribe_path}
    subject, _, text = env.get_template(f"mail/{kind}.txt").render(context).partition("\n")
    html = env.get_template("mail/layout.html").render(
        context, subject=subject, fragment=f"notices/{kind}.html"
    )
    session.add(
        Mail(
            key=key,
            recipient=person.email,
            lang=person.lang,
            subject=" ".join(subject.split()),
            text=text.strip() + "\n",
            html=html,
            unsubscribe_path=unsubscribe_path,
            created_at=now,
            due_at=now,
        )
    )


def follow(session: Session, *, actor: Actor, target: str, now: datetime) -> None:
    """Follow a draft ("draft:12") or an agency ("agency:3"); twice is once."""
    held = select(Subscription.id).where(
        Subscription.person_id == actor.person_id, Subscription.target == target
    )
    if session.exec(held).first() is None:
        row = Subscription(person_id=actor.person_id, target=target, created_at=now)
        session.add(row)
        session.flush()


def unfollow(session: Session, *, actor: Actor, target: str) -> None:
    """Stop following."""
    session.execute(
        delete(Subscription).where(
            col(Subscription.person_id) == actor.person_id, col(Subscription.target) == target
        )
    )


def unsubscribe(session: Session, subscription_id: int) -> None:
    """End one subscription by the link in its mails; it may be gone already."""
    session.execute(delete(Subscription).where(col(Subscription.id) == subscription_id))


def mark_read(session: Session, *, actor: Actor, now: datetime) -> None:
    """All notices of a person are read."""
    session.execute(
        update(Notice)
        .where(col(Notice.person_id) == actor.person_id, col(Notice.read_at).is_(None))
        .values(read_at=now)
    )
