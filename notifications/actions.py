"""Telling a person something once: in the cabinet, by mail; following and unfollowing."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from consult.access import Actor, check_right
from consult.accounts.models import Person
from consult.errors import NotFound
from consult.templating import environment
from drafts.queries import draft_for
from notifications.models import Mail, Notice, Subscription
from notifications.queries import followed, what_became_of
from notifications.rules import read_target, spoken


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
    """Write a mail in the person's language. Who has no address gets none."""
    if person.email is None:
        return
    if session.exec(select(Mail.id).where(Mail.key == key)).first():
        return
    subject, text, html = written(
        person,
        person.lang,
        kind=kind,
        values=values,
        path=path,
        zone=zone,
        unsubscribe_path=unsubscribe_path,
    )
    session.add(
        Mail(
            key=key,
            recipient=person.email,
            lang=person.lang,
            subject=subject,
            text=text,
            html=html,
            unsubscribe_path=unsubscribe_path,
            created_at=now,
            due_at=now,
        )
    )


def written(
    person: Person,
    lang: str,
    *,
    kind: str,
    values: dict[str, Any],
    path: str,
    zone: ZoneInfo,
    unsubscribe_path: str,
) -> tuple[str, str, str]:
    """(subject, text, HTML) of a mail. The first line of its template in text is the subject.

    Links begin with `base`, which in a mail is the text "{base}" until it is sent (mail.py), and
    nothing in the cabinet, where the same fragment is shown.
    """
    env = environment(lang, zone)
    context = {
        "person": person,
        "values": spoken(values),
        "path": path,
        "base": "{base}",
        "unsubscribe": unsubscribe_path,
    }
    subject, _, text = env.get_template(f"mail/{kind}.txt").render(context).partition("\n")
    html = env.get_template("mail/layout.html").render(
        context, subject=subject, fragment=f"notices/{kind}.html"
    )
    return " ".join(subject.split()), text.strip() + "\n", html


def follow(session: Session, *, actor: Actor, target: str, now: datetime) -> None:
    """Follow what can be followed (queries.FIND); twice is once. Raises NotFound."""
    check_right(actor, "follow")
    target = what_became_of(session, target)
    kind, number = read_target(target)
    if kind == "draft":  # one not yet public its own agency may follow
        draft_for(session, number, actor)
    elif not followed(session, [target]):
        raise NotFound("There is nothing to follow here.")
    subscribe(session, actor.person_id, target, now)


def subscribe(session: Session, person_id: int, target: str, now: datetime) -> None:
    """From now on this person follows it; done twice, the second does nothing."""
    upsert = (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert
    session.execute(
        upsert(Subscription)
        .values(person_id=person_id, target=target, created_at=now)
        .on_conflict_do_nothing(index_elements=["person_id", "target"])
    )


def lead_over(session: Session, person_id: int, old: str, new: str, now: datetime) -> None:
    """A person follows one thing instead of another."""
    subscribe(session, person_id, new, now)
    _end(session, person_id, {old})


def unfollow(session: Session, *, person_id: int, target: str) -> None:
    """Stop following: by its button or by the link in a mail; it may be gone already.

    Whoever followed a planned act was made to follow its draft: an old mail's link ends that too.
    """
    _end(session, person_id, {target, what_became_of(session, target)})


def _end(session: Session, person_id: int, targets: Collection[str]) -> None:
    session.execute(
        delete(Subscription).where(
            col(Subscription.person_id) == person_id, col(Subscription.target).in_(targets)
        )
    )


def mark_read(session: Session, *, actor: Actor, now: datetime) -> None:
    """All notices of a person are read."""
    session.execute(
        update(Notice)
        .where(col(Notice.person_id) == actor.person_id, col(Notice.read_at).is_(None))
        .values(read_at=now)
    )
