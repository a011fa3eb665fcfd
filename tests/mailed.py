"""What people were told and mailed, as tests read it: notices, and mails as they are read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from consult.platform import Platform
from notifications.models import Mail, Message, Notice
from notifications.rendering import letter_of


@dataclass(frozen=True, slots=True)
class Told:
    """A notice and its message as one thing. `id` is that of the notice."""

    id: int
    key: str
    person_id: int
    target: str
    kind: str
    values: dict[str, Any]
    path: str
    created_at: datetime
    read_at: datetime | None


def told(session: Session, *where: Any) -> list[Told]:
    """Notices, the oldest first. `where`: clauses about Notice and Message."""
    query = select(Notice, Message).join(Message, col(Message.id) == col(Notice.message_id))
    return [
        Told(
            notice.id or 0,
            message.key,
            notice.person_id,
            notice.target,
            message.kind,
            message.values,
            message.path,
            notice.created_at,
            notice.read_at,
        )
        for notice, message in session.exec(query.where(*where).order_by(col(Notice.id))).all()
    ]


@dataclass(frozen=True, slots=True)
class Mailed:
    """A mail as it is read, with its key and what its link stops."""

    key: str
    recipient: str
    lang: str
    subject: str
    text: str
    html: str
    target: str
    unsubscribe_path: str


def mails(session: Session, *where: Any) -> list[Mail]:
    """Mails, the oldest first. `where`: clauses about Mail and Message."""
    query = select(Mail).join(Message, col(Message.id) == col(Mail.message_id), isouter=True)
    return list(session.exec(query.where(*where).order_by(col(Mail.id))).all())


def mailed(platform: Platform, *where: Any) -> list[Mailed]:
    """The same mails as they are read, whether or not they are sent still."""
    with platform.database.reading() as session:
        return [_read(session, platform, mail) for mail in mails(session, *where)]


def _read(session: Session, platform: Platform, mail: Mail) -> Mailed:
    said = letter_of(session, platform, mail)
    words = (said.recipient, said.lang, said.subject, said.text, said.html)
    return Mailed(mail.key, *words, mail.target, said.unsubscribe_path)
