"""Tables of roll-calls: how each deputy voted at a reading, on the bill or on an amendment."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import JSON, Field, SQLModel

from consult.chambers.voting.rules import CHOICES
from consult.db import one_of


class RollCall(SQLModel, table=True):
    """One vote of deputies by name, at a reading: on the bill, or on one amendment.

    `corrections` are public: when and why its list was read anew, and how the totals stood.
    """

    __tablename__ = "roll_call"
    __table_args__ = (
        Index("ix_roll_call_reading", "reading_id", "id"),
        Index("ix_roll_call_draft", "draft_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="draft.id")
    reading_id: int = Field(foreign_key="reading.id")
    amendment_id: int | None = Field(default=None, foreign_key="amendment.id")
    recorded_by: int | None = Field(default=None, foreign_key="person.id")
    recorded_at: datetime
    corrections: list[Any] = Field(default_factory=list, sa_type=JSON)


class RollCallVote(SQLModel, table=True):
    """How one deputy voted. `faction` is theirs on that day; who was absent has no `voted_at`."""

    __tablename__ = "roll_call_vote"
    __table_args__ = (
        one_of("choice", CHOICES),
        Index("ix_roll_call_vote_deputy", "deputy_id", "roll_call_id"),
    )

    roll_call_id: int = Field(foreign_key="roll_call.id", primary_key=True)
    deputy_id: int = Field(foreign_key="deputy.id", primary_key=True)
    choice: str
    faction: str = Field(default="", max_length=120)
    voted_at: datetime | None = None
