"""Tables of what colleagues share while they answer: notes, ready-made wordings.

None of it is public.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from consult.answers.rules import OUTCOMES
from consult.db import one_of


class InternalNote(SQLModel, table=True):
    """A remark for colleagues about a comment or a group."""

    __tablename__ = "internal_note"
    __table_args__ = (
        CheckConstraint("(issue_id IS NULL) <> (comment_id IS NULL)", name="one_subject"),
    )

    id: int | None = Field(default=None, primary_key=True)
    comment_id: int | None = Field(default=None, foreign_key="comment.id", index=True)
    issue_id: int | None = Field(default=None, foreign_key="issue.id", index=True)
    author_id: int = Field(foreign_key="person.id")
    body: str = Field(max_length=2000)
    written_at: datetime


class AnswerTemplate(SQLModel, table=True):
    """A wording an agency begins answers with; the detector tells how often it stayed alone."""

    __tablename__ = "answer_template"
    __table_args__ = (one_of("outcome", OUTCOMES),)

    id: int | None = Field(default=None, primary_key=True)
    agency_id: int = Field(foreign_key="agency.id", index=True)
    title: str = Field(max_length=120)
    outcome: str
    lang: str = Field(max_length=2)
    reason: str
    written_by: int = Field(foreign_key="person.id")
    written_at: datetime
    archived_at: datetime | None = None
