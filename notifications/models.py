"""Tables: what is said, notices in a cabinet, mails to send, who follows what."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import JSON, Field, SQLModel

from consult.db import one_of
from notifications.rules import CADENCES, CATEGORIES

WAITING = text("sent_at IS NULL AND parked_at IS NULL AND skipped_at IS NULL")
SENT = text("sent_at IS NOT NULL")
SEARCH_MAX = 1000  # characters of a search as it is kept


class Message(SQLModel, table=True):
    """What is said, once, however many are told: nobody's language, no text, only the values.

    `key` is unique ("opened:12"): what is said again says nothing. Its second part is the number of
    what it is about (relevance.py). `kind` names the templates; `path` is where it leads.
    `category`: one of rules.CATEGORIES, or "account". `targets`: what is followed by those it is
    said to, found out once. What could open an account is emptied once it was sent.
    """

    __tablename__ = "message"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: str
    values: dict[str, Any] = Field(sa_type=JSON)
    path: str = ""
    category: str
    targets: list[str] = Field(sa_type=JSON, default_factory=list)
    created_at: datetime


class Notice(SQLModel, table=True):
    """A message in a person's cabinet: each has it once. Who has no account only gets the mail.

    `target` is what they follow that it came of, "" if they are told for another reason. `cadence`
    is how it was decided to mail it, and `due_at` when the daily or weekly mail goes out that it
    still waits for; `mail_id` is that mail.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("message_id", "person_id"),
        one_of("cadence", (*CADENCES, "never")),
        Index("ix_notice_person", "person_id", "id"),
        Index("ix_notice_unread", "person_id", "read_at"),
        Index("ix_notice_waiting", "due_at", "person_id"),
        Index("ix_notice_mail", "mail_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id")
    person_id: int = Field(foreign_key="person.id")
    target: str = ""
    cadence: str = "at_once"
    created_at: datetime
    read_at: datetime | None = None
    due_at: datetime | None = None
    mail_id: int | None = Field(default=None, foreign_key="mail.id")


class Mail(SQLModel, table=True):
    """A mail to be sent: no text, which is written when it goes out (rendering.py).

    `key` is unique. `message_id` is what it says; without one it is the digest of the notices with
    its id. `recipient` is the address, if it is not the one the person has when it goes out;
    somebody without an account reads `lang`. `target` is what its link stops. It ends in one of
    three ways: sent, given up (`parked_at`), or not wanted or not true any more when its turn came
    (`skipped_at`), with the reason in `error`. One of many (`is_bulk`) goes after those to one.
    """

    __tablename__ = "mail"
    __table_args__ = (
        Index("ix_mail_waiting", "is_bulk", "id", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("ix_mail_sent", "sent_at", sqlite_where=SENT, postgresql_where=SENT),
        Index("ix_mail_message", "message_id"),
        Index("ix_mail_person", "person_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    message_id: int | None = Field(default=None, foreign_key="message.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    recipient: str = ""
    lang: str = ""
    target: str = ""
    is_bulk: bool = False
    created_at: datetime
    due_at: datetime
    attempts: int = 0
    sent_at: datetime | None = None
    parked_at: datetime | None = None
    skipped_at: datetime | None = None
    error: str = ""


class Subscription(SQLModel, table=True):
    """A person follows something, such as a draft ("draft:12") or a topic ("topic:health").

    What can be followed: rules.FOLLOWED. `cadence`: how often it is told by mail.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        UniqueConstraint("person_id", "target"),
        Index("ix_subscription_target", "target", "person_id"),
        one_of("cadence", CADENCES),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    target: str
    cadence: str = "at_once"
    created_at: datetime


class SavedSearch(SQLModel, table=True):
    """A search that can be followed ("search:5"), by however many ask the same (searching.py).

    `asked_at`: when somebody last began to follow it; one that nobody follows is forgotten.
    """

    __tablename__ = "saved_search"

    id: int | None = Field(default=None, primary_key=True)
    asked: str = Field(unique=True, max_length=SEARCH_MAX)
    asked_at: datetime


class MailChoice(SQLModel, table=True):
    """How often a person wants mail of one category; without a row, at once."""

    __tablename__ = "mail_choice"
    __table_args__ = (one_of("category", CATEGORIES), one_of("cadence", (*CADENCES, "never")))

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    category: str = Field(primary_key=True)
    cadence: str


class Bounce(SQLModel, table=True):
    """A mail came back. `is_final`: the address does not exist, rather than its box being full."""

    __tablename__ = "bounce"

    mail_id: int = Field(foreign_key="mail.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    is_final: bool
    reason: str = Field(default="", max_length=500)
    came_at: datetime
