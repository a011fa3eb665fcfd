"""Tables of sittings with their results, and of reports on appeals considered in a period."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import JSON, Field, SQLModel


class Sitting(SQLModel, table=True):
    """A sitting of a parliament, a kenesh or a committee; its results, once `published_at`."""

    __tablename__ = "sitting"
    __table_args__ = (Index("ix_sitting_body", "body_id", "held_on", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    body_id: int = Field(foreign_key="agency.id")
    title: str = Field(max_length=300)
    held_on: date
    lang: str = Field(max_length=2)
    results: str = ""
    url: str = Field(default="", max_length=500)
    recorded_by: int | None = Field(default=None, foreign_key="person.id")
    recorded_at: datetime
    published_by: int | None = Field(default=None, foreign_key="person.id")
    published_at: datetime | None = None


class SittingItem(SQLModel, table=True):
    """An item of the agenda of a sitting with its result, and the draft it was about, if any."""

    __tablename__ = "sitting_item"
    __table_args__ = (
        UniqueConstraint("sitting_id", "position"),
        Index("ix_sitting_item_draft", "draft_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    sitting_id: int = Field(foreign_key="sitting.id")
    position: int
    title: str = Field(max_length=500)
    result: str = Field(max_length=2000)
    draft_id: int | None = Field(default=None, foreign_key="draft.id")


class AppealsReport(SQLModel, table=True):
    """What people wrote to a body in a period, and what became of it, in numbers.

    `counts` are [{"kind": words, "outcome": words, "n": number}] as the body tells them.
    """

    __tablename__ = "appeals_report"
    __table_args__ = (Index("ix_appeals_report_body", "body_id", "until_on", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    body_id: int = Field(foreign_key="agency.id")
    since_on: date
    until_on: date
    lang: str = Field(max_length=2)
    text: str
    counts: list[Any] = Field(sa_type=JSON)
    url: str = Field(default="", max_length=500)
    published_by: int | None = Field(default=None, foreign_key="person.id")
    published_at: datetime
