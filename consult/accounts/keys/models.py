"""Tables: keys with which programs of a person write here, and what such a program was answered."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import JSON, Field, SQLModel


class ApiKey(SQLModel, table=True):
    """A key of a person, under a name of their own. Only a hash of it is kept.

    `terms` is the version of the terms that was accepted for it, at `accepted_at`; with those of an
    older version it rests. `used_on` is the last day something was sent with it.
    """

    __tablename__ = "api_key"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    name: str = Field(max_length=60)
    token_hash: str = Field(unique=True, max_length=64)
    terms: int
    accepted_at: datetime
    created_at: datetime
    used_on: date | None = None
    ended_at: datetime | None = None


class ApiAnswer(SQLModel, table=True):
    """What was answered to a request that its sender may repeat (the header Idempotency-Key).

    `asked_hash` is of the request: the same is answered the same, another is refused. `answer`
    holds numbers and addresses, never words.
    """

    __tablename__ = "api_answer"
    __table_args__ = (UniqueConstraint("key_id", "repeat_key"),)

    id: int | None = Field(default=None, primary_key=True)
    key_id: int = Field(foreign_key="api_key.id")
    repeat_key: str = Field(max_length=255)
    asked_hash: str = Field(max_length=64)
    answer: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    answered_at: datetime
