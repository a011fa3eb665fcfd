"""Tables of a bill in parliament or a kenesh: its registration, readings, speakers, amendments."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import JSON, Field, SQLModel

from consult.chambers.bills.rules import DECISIONS, OUTCOMES, STANCES
from consult.db import one_of


class BillRegistration(SQLModel, table=True):
    """That a draft was registered as a bill: by which body, under what number.

    `committee_id` answers for it. `corrections` are public: when and why, and what it was.
    """

    __tablename__ = "bill_registration"

    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="draft.id", unique=True)
    body_id: int = Field(foreign_key="agency.id", index=True)
    number: str = Field(max_length=80)
    registered_on: date
    committee_id: int | None = Field(default=None, foreign_key="agency.id")
    recorded_by: int | None = Field(default=None, foreign_key="person.id")
    recorded_at: datetime
    corrections: list[Any] = Field(default_factory=list, sa_type=JSON)


class Reading(SQLModel, table=True):
    """A reading of a bill: which, on what day, and how it ended."""

    __tablename__ = "reading"
    __table_args__ = (UniqueConstraint("draft_id", "n"), one_of("outcome", OUTCOMES))

    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="draft.id")
    n: int
    held_on: date
    outcome: str
    note: str = Field(default="", max_length=4000)
    url: str = Field(default="", max_length=500)
    recorded_by: int | None = Field(default=None, foreign_key="person.id")
    recorded_at: datetime
    corrections: list[Any] = Field(default_factory=list, sa_type=JSON)


class Speech(SQLModel, table=True):
    """Who spoke at a reading, in which order, and the gist of it.

    A deputy, or a guest, whose name and office stand in `guest`.
    """

    __tablename__ = "speech"
    __table_args__ = (
        UniqueConstraint("reading_id", "position"),
        one_of("stance", STANCES),
        Index("ix_speech_deputy", "deputy_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    reading_id: int = Field(foreign_key="reading.id")
    position: int
    deputy_id: int | None = Field(default=None, foreign_key="deputy.id")
    guest: str = Field(default="", max_length=200)
    stance: str = "neutral"
    gist: str = Field(max_length=4000)
    lang: str = Field(max_length=2)
    url: str = Field(default="", max_length=500)
    recorded_by: int | None = Field(default=None, foreign_key="person.id")
    recorded_at: datetime


class Amendment(SQLModel, table=True):
    """A change of a bill proposed by a deputy, or by whoever `author` names; its decision.

    `wid` is the provision it changes, "" for a new one, whose place `place` tells. `current` is
    what the provision said when the amendment was entered.
    """

    __tablename__ = "amendment"
    __table_args__ = (
        UniqueConstraint("draft_id", "number"),
        one_of("decision", DECISIONS),
        Index("ix_amendment_draft", "draft_id", "id"),
        Index("ix_amendment_deputy", "deputy_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="draft.id")
    number: str = Field(max_length=20)
    wid: str = ""
    place: str = Field(default="", max_length=200)
    lang: str = Field(max_length=2)
    current: str = ""
    proposed: str
    deputy_id: int | None = Field(default=None, foreign_key="deputy.id")
    author: str = Field(default="", max_length=200)
    conclusion: str = Field(default="", max_length=4000)
    decision: str = "pending"
    reason: str = Field(default="", max_length=4000)
    recorded_by: int | None = Field(default=None, foreign_key="person.id")
    recorded_at: datetime
    corrections: list[Any] = Field(default_factory=list, sa_type=JSON)
