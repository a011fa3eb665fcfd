"""Tables: issues (comments that raise one point), what was decided, who is to answer.

The published report is consult/reports; notes and ready-made wordings are teamwork/.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from consult.answers.rules import OUTCOMES, STATES
from consult.db import one_of


class Issue(SQLModel, table=True):
    """A group of comments that raise the same point and are answered together.

    A person made it; `suggestion_id` is the proposal of the machine they followed, if they did.
    """

    __tablename__ = "issue"

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id", index=True)
    title: str = Field(max_length=200)
    suggestion_id: int | None = Field(default=None, foreign_key="group_suggestion.id")
    created_by: int = Field(foreign_key="person.id")
    created_at: datetime


class IssueComment(SQLModel, table=True):
    """A comment stands in one issue at most."""

    __tablename__ = "issue_comment"

    comment_id: int = Field(foreign_key="comment.id", primary_key=True)
    issue_id: int = Field(foreign_key="issue.id", index=True)


class Disposition(SQLModel, table=True):
    """What the agency decided about a comment or an issue; a comment's own overrides the group's.

    `changed_wid` names the provision that was changed because of it, with the words before
    and after; they are read once more when the report is published, and then stand for good.
    """

    __tablename__ = "disposition"
    __table_args__ = (
        one_of("outcome", OUTCOMES),
        one_of("state", STATES),
        CheckConstraint("(issue_id IS NULL) <> (comment_id IS NULL)", name="one_subject"),
        UniqueConstraint("issue_id"),
        UniqueConstraint("comment_id"),
        Index("ix_disposition_consultation", "consultation_id", "state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id")
    issue_id: int | None = Field(default=None, foreign_key="issue.id")
    comment_id: int | None = Field(default=None, foreign_key="comment.id")
    outcome: str
    reason: str = ""
    lang: str = Field(max_length=2)
    changed_wid: str = ""
    text_before: str = ""
    text_after: str = ""
    state: str = "draft"
    drafted_by: int = Field(foreign_key="person.id")
    drafted_at: datetime
    approved_by: int | None = Field(default=None, foreign_key="person.id")
    approved_at: datetime | None = None
    returned_note: str = ""
    published_at: datetime | None = None

    @property
    def mark(self) -> str:
        """Changes with each writing: whoever acts on an answer says which one they have seen."""
        return f"{self.drafted_at:%Y%m%d%H%M%S%f}"


class Assignment(SQLModel, table=True):
    """An officer is to answer a comment."""

    __tablename__ = "assignment"
    __table_args__ = (Index("ix_assignment_of_officer", "consultation_id", "officer_id"),)

    comment_id: int = Field(foreign_key="comment.id", primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id")
    officer_id: int = Field(foreign_key="person.id")
    assigned_by: int = Field(foreign_key="person.id")
    assigned_at: datetime
