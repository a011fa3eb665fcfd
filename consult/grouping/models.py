"""The table of suggested groups: what a machine proposes, and what a person decided about it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import JSON, Field, SQLModel

from consult.db import one_of
from consult.grouping.rules import METHODS, STATES


class GroupSuggestion(SQLModel, table=True):
    """Comments that look as if they raised one point. Nothing happens until a person decides.

    `comment_ids` are the comments, the nearest to all first; `terms` the words they share;
    `score` how alike they are, from 0 to 1.
    """

    __tablename__ = "group_suggestion"
    __table_args__ = (
        one_of("method", METHODS),
        one_of("state", STATES),
        Index("ix_group_suggestion_open", "consultation_id", "state", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id")
    method: str
    score: float
    comment_ids: list[Any] = Field(sa_type=JSON)
    terms: list[Any] = Field(default_factory=list, sa_type=JSON)
    state: str = "open"
    proposed_at: datetime
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = None
