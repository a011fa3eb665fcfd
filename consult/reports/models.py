"""The tables of reports: the published result of a consultation, as it stood then."""

from datetime import datetime
from typing import Any

from sqlmodel import JSON, Field, SQLModel

from consult.db import one_of
from consult.reports.snapshot import PARTS


class Report(SQLModel, table=True):
    """The published result of a consultation, as it stood then: it never changes.

    `content` is what is said of the whole (snapshot.Head); the rest stands line by line, so that
    a page of a report on thousands of comments reads what it shows.
    """

    __tablename__ = "report"

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id", unique=True)
    published_at: datetime
    published_by: int = Field(foreign_key="person.id")
    content: dict[str, Any] = Field(sa_type=JSON)


class ReportLine(SQLModel, table=True):
    """A comment, a changed provision or a campaign of a report; `number` counts in its part.

    `begins` is the number of the first line of the same row, which holds the answer.
    """

    __tablename__ = "report_line"
    __table_args__ = (one_of("part", PARTS),)

    report_id: int = Field(foreign_key="report.id", primary_key=True)
    part: str = Field(primary_key=True, max_length=20)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    begins: int
    content: dict[str, Any] = Field(sa_type=JSON)
