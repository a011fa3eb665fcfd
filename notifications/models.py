"""Tables: notices in a cabinet, mails to send, who follows what."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import JSON, Field, SQLModel


class Notice(SQLModel, table=True):
    """A message in a person's cabinet. `key` is unique, so that nobody gets it twice.

    `kind` names its template; `values` are what the template says, in the language of the reader.
    """

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_person", "person_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    person_id: int = Field(foreign_key="person.id")
    kind: str
    values: dict[str, Any] = Field(sa_type=JSON)
    path: str = ""
    created_at: datetime
    read_at: datetime | None = None


class Mail(SQLModel, table=True):
    """A mail in the queue. `key` is unique; sent by the worker, with growing pauses on failure."""

    __tablename__ = "mail"
    __table_args__ = (Index("ix_mail_waiting", "sent_at", "parked_at", "due_at"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    recipient: str
    lang: str
    subject: str
    text: str
    html: str
    unsubscribe_path: str = ""
    created_at: datetime
    due_at: datetime
    attempts: int = 0
    sent_at: datetime | None = None
    parked_at: datetime | None = None
    error: str = ""


class Subscription(SQLModel, table=True):
    """A person follows a draft ("draft:12"), an agency ("agency:3") or a planned act ("plan:7")."""

    __tablename__ = "subscription"
    __table_args__ = (UniqueConstraint("person_id", "target"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    target: str = Field(index=True)
    created_at: datetime
