"""Tables: systems of agencies that exchange with this site, what they registered and sent."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import JSON, Field, SQLModel


class ExchangeSystem(SQLModel, table=True):
    """A document-flow system of an agency, with a key of which only a hash is kept.

    It acts in the name of the officer who named it (`made_by`), for that agency alone, and only
    once a second person has permitted it. `used_on` is the last day something was sent with it.
    """

    __tablename__ = "exchange_system"
    __table_args__ = (
        CheckConstraint("permitted_by IS NULL OR permitted_by <> made_by", name="second_person"),
    )

    id: int | None = Field(default=None, primary_key=True)
    agency_id: int = Field(foreign_key="agency.id", index=True)
    title: str = Field(max_length=60)
    token_hash: str = Field(unique=True, max_length=64)
    made_by: int = Field(foreign_key="person.id")
    made_at: datetime
    permitted_by: int | None = Field(default=None, foreign_key="person.id")
    permitted_at: datetime | None = None
    used_on: date | None = None
    ended_by: int | None = Field(default=None, foreign_key="person.id")
    ended_at: datetime | None = None


class ExchangeLink(SQLModel, table=True):
    """Under which number an agency keeps a draft in its own books."""

    __tablename__ = "exchange_link"
    __table_args__ = (UniqueConstraint("agency_id", "number"),)

    draft_id: int = Field(foreign_key="draft.id", primary_key=True)
    agency_id: int = Field(foreign_key="agency.id")
    number: str = Field(max_length=60)
    system_id: int = Field(foreign_key="exchange_system.id", index=True)
    registered_at: datetime


class ExchangeAnswer(SQLModel, table=True):
    """What a system was answered to a request it may repeat (accounts/keys/repeating.py).

    `key_id` is the system; `answer` holds numbers and addresses, never words.
    """

    __tablename__ = "exchange_answer"
    __table_args__ = (UniqueConstraint("key_id", "repeat_key"),)

    id: int | None = Field(default=None, primary_key=True)
    key_id: int = Field(foreign_key="exchange_system.id")
    repeat_key: str = Field(max_length=255)
    asked_hash: str = Field(max_length=64)
    answer: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    answered_at: datetime
