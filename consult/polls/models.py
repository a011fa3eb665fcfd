"""Tables: the questions an agency asks beside a draft, and what people answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import JSON, Field, SQLModel

from consult.db import one_of
from consult.polls.rules import KINDS, MOST, WORDS_MAX


class PollQuestion(SQLModel, table=True):
    """A question in one round. `words` is {lang: text}; `options` a list of such, which a scale has
    two of: what its ends mean."""

    __tablename__ = "poll_question"
    __table_args__ = (
        one_of("kind", KINDS),
        CheckConstraint(f"position BETWEEN 1 AND {MOST}", name="position_known"),
        UniqueConstraint("consultation_id", "position"),
    )

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id")
    position: int
    kind: str
    words: dict[str, Any] = Field(sa_type=JSON)
    options: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    set_by: int | None = Field(default=None, foreign_key="person.id")
    set_at: datetime


class PollAnswer(SQLModel, table=True):
    """What one person answered to one question: changed in place until the round is over.

    `choices` has bit n set for option n; `words` are those of an open question. Of who was
    forgotten the answer stays once the round is over, and nothing that tells whose it was.
    """

    __tablename__ = "poll_answer"
    __table_args__ = (UniqueConstraint("question_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    question_id: int = Field(foreign_key="poll_question.id")
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    is_identified: bool = False
    choices: int = 0
    words: str = Field(default="", max_length=WORDS_MAX)
    lang: str = Field(default="", max_length=2)
    answered_at: datetime
    hidden_at: datetime | None = None
