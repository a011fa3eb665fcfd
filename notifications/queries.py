"""Reads of notifications: a person's notices, mails. What is followed: followed.py."""

from typing import Any

from sqlalchemy import ColumnElement, String, cast, exists, func, literal
from sqlmodel import Session, col, select

from consult.accounts.models import Person
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.errors import NotFound
from notifications.models import Mail, Message, Notice

COUNTED = 100  # unread notices in the head of a page


def notices_of(
    session: Session,
    person_id: int,
    before: int | None = None,
    limit: int = 30,
    *,
    unread_only: bool = False,
) -> list[tuple[Notice, Message]]:
    """A person's notices with what they say, newest first; one more than `limit` tells that there
    are older ones."""
    query = select(Notice, Message).join(Message, col(Message.id) == col(Notice.message_id))
    query = query.where(Notice.person_id == person_id)
    if unread_only:
        query = query.where(col(Notice.read_at).is_(None))
    if before:
        query = query.where(col(Notice.id) < before)
    return list(session.exec(query.order_by(col(Notice.id).desc()).limit(limit + 1)).all())


def unread(session: Session, person_id: int) -> int:
    """How many notices a person has not read."""
    query = select(func.count()).where(Notice.person_id == person_id, col(Notice.read_at).is_(None))
    return int(session.exec(query).one())


def unread_among(person_ids: Any) -> Any:
    """How many notices one person has not read, as a part of another query, which asks for the id.

    Counted up to COUNTED: nobody wants to know more, and every page asks.
    """
    waiting = select(Notice.id).where(
        col(Notice.person_id).in_(person_ids), col(Notice.read_at).is_(None)
    )
    return select(func.count()).select_from(waiting.limit(COUNTED).subquery()).scalar_subquery()


def waits_for_notice(session: Session, consultation_id: int) -> bool:
    """Whether somebody whose comment is owed an answer has not been told of it yet.

    Whoever was forgotten meanwhile is told nothing (see notify), so nobody waits for that. The key
    of a message is put together by the database, so that this costs the same memory for three
    comments as for a quarter of a million.
    """
    number, author = cast(col(Comment.id), String), cast(col(Comment.author_id), String)
    key = literal("answered:").concat(number).concat(":").concat(author)
    waiting = select(Comment.id).join(Person, col(Person.id) == col(Comment.author_id))
    waiting = waiting.where(
        Comment.consultation_id == consultation_id,
        *public(),
        col(Person.forgotten_at).is_(None),
        ~exists().where(col(Message.key) == key),
    )
    return session.exec(waiting.limit(1)).first() is not None


def waiting() -> tuple[ColumnElement[bool], ...]:
    """The clauses that a mail was neither sent nor given up nor skipped (ix_mail_waiting)."""
    return (
        col(Mail.sent_at).is_(None),
        col(Mail.parked_at).is_(None),
        col(Mail.skipped_at).is_(None),
    )


def recent_mails(
    session: Session, limit: int = 100
) -> list[tuple[Mail, Message | None, Person | None]]:
    """The newest mails for the developer's page, each with what it says and to whom."""
    query = (
        select(Mail, Message, Person)
        .join(Message, col(Message.id) == col(Mail.message_id), isouter=True)
        .join(Person, col(Person.id) == col(Mail.person_id), isouter=True)
    )
    return list(session.exec(query.order_by(col(Mail.id).desc()).limit(limit)).all())


def mail_by_id(session: Session, mail_id: int) -> Mail:
    """One mail; raises NotFound."""
    mail = session.get(Mail, mail_id)
    if mail is None:
        raise NotFound("There is no such mail.")
    return mail
