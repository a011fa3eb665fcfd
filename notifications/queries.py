"""Reads of notifications: a person's notices, who follows what, mails."""

from collections.abc import Iterable

from sqlalchemy import func
from sqlmodel import Session, col, select

from consult.access import Actor
from consult.accounts.models import Person
from notifications.models import Mail, Notice, Subscription


def notices_of(
    session: Session, person_id: int, before: int | None = None, limit: int = 30
) -> list[Notice]:
    """A person's notices, newest first; one more than `limit` tells that there are older ones."""
    query = select(Notice).where(Notice.person_id == person_id)
    if before:
        query = query.where(col(Notice.id) < before)
    return list(session.exec(query.order_by(col(Notice.id).desc()).limit(limit + 1)).all())


def unread(session: Session, person_id: int) -> int:
    """How many notices a person has not read."""
    query = select(func.count()).where(Notice.person_id == person_id, col(Notice.read_at).is_(None))
    return int(session.exec(query).one())


def is_following(session: Session, actor: Actor, target: str) -> bool:
    """Whether a person follows something; no visitor does, and none is asked about."""
    if actor.id is None:
        return False
    query = select(Subscription.id).where(
        Subscription.person_id == actor.id, Subscription.target == target
    )
    return session.exec(query).first() is not None


def subscriptions_of(session: Session, person_id: int) -> list[Subscription]:
    """What a person follows."""
    query = select(Subscription).where(Subscription.person_id == person_id)
    return list(session.exec(query.order_by(col(Subscription.id))).all())


def followers(session: Session, targets: Iterable[str]) -> dict[int, tuple[Person, Subscription]]:
    """Who follows any of these, by person, with the subscription that says so."""
    rows = session.exec(
        select(Person, Subscription)
        .join(Subscription, col(Subscription.person_id) == col(Person.id))
        .where(col(Subscription.target).in_(list(targets)))
        .order_by(col(Subscription.id))
    ).all()
    return {person.id or 0: (person, subscription) for person, subscription in rows}


def recent_mails(session: Session, limit: int = 100) -> list[Mail]:
    """The newest mails, for the developer's and the administrator's pages."""
    return list(session.exec(select(Mail).order_by(col(Mail.id).desc()).limit(limit)).all())
