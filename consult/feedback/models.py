"""Tables: whether an answer met the point of who asked, and answers that were contested."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from consult.answers.rules import OUTCOMES
from consult.db import one_of


class AnswerRating(SQLModel, table=True):
    """Whether the answer met the point of the comment, as its author or one who signed it says."""

    __tablename__ = "answer_rating"

    comment_id: int = Field(foreign_key="comment.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    met: bool
    rated_at: datetime


class Contest(SQLModel, table=True):
    """An author does not accept the answer: somebody else than who gave it looks at it again.

    Once a comment. `outcome` is what the answer is by now: "" until it is decided, then the old
    outcome if the answer was upheld.
    """

    __tablename__ = "contest"
    __table_args__ = (one_of("outcome", ("", *OUTCOMES)),)

    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="draft.id", index=True)
    comment_id: int = Field(foreign_key="comment.id", unique=True)
    disposition_id: int = Field(foreign_key="disposition.id", index=True)
    reason: str = Field(max_length=4000)
    contested_at: datetime
    outcome: str = ""
    decision: str = Field(default="", max_length=10_000)
    decision_lang: str = Field(default="", max_length=2)
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = None
