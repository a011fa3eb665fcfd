"""The table of reports: the published result of a consultation, as it stood then."""

from datetime import datetime
from typing import Any

from sqlmodel import JSON, Field, SQLModel


class Report(SQLModel, table=True):
    """The published result of a consultation, as it stood then: it never changes."""

    __tablename__ = "report"

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id", unique=True)
    published_at: datetime
    published_by: int = Field(foreign_key="person.id")
    content: dict[str, Any] = Field(sa_type=JSON)
