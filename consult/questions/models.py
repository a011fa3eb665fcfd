"""Tables: questions to a body, who wants to know too, the answer, and where it was passed on."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from consult.db import one_of
from consult.questions.rules import ANSWER_STATES, KINDS, State


class Question(SQLModel, table=True):
    """What a person, a deputy or a council asks a body; public at once, answered within a term.

    `agency_id` is who owes the answer now: it changes when the question is passed on. `council_id`
    is the council in whose name a member asks. `met`: whether the answer met the point of who
    asked, None until they say. `wishes_n` counts those who want to know too.
    """

    __tablename__ = "question"
    __table_args__ = (
        one_of("kind", KINDS),
        Index("ix_question_agency", "agency_id", "id"),
        Index("ix_question_author", "author_id", "agency_id"),
        Index("ix_question_draft", "draft_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    agency_id: int = Field(foreign_key="agency.id")
    council_id: int | None = Field(default=None, foreign_key="agency.id")
    draft_id: int | None = Field(default=None, foreign_key="draft.id")
    kind: str
    title: str = Field(max_length=200)
    body: str
    lang: str = Field(max_length=2)
    author_id: int = Field(foreign_key="person.id")
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    asked_at: datetime
    wishes_n: int = 0
    answered_at: datetime | None = None
    met: bool | None = None
    rated_at: datetime | None = None
    withdrawn_at: datetime | None = None
    hidden_by: int | None = Field(default=None, foreign_key="person.id")  # nobody: its author did
    hidden_at: datetime | None = None
    hidden_reason: str = Field(default="", max_length=1000)

    @property
    def state(self) -> State:
        """How it stands, as everybody sees it."""
        if self.hidden_at is not None:
            return State.HIDDEN
        if self.withdrawn_at is not None:
            return State.WITHDRAWN
        return State.WAITING if self.answered_at is None else State.ANSWERED


class QuestionWish(SQLModel, table=True):
    """Somebody else wants to know this too, and is told of the answer; once a person."""

    __tablename__ = "question_wish"

    question_id: int = Field(foreign_key="question.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True)
    wished_at: datetime


class QuestionAnswer(SQLModel, table=True):
    """The answer, one a question: written, handed in, published by a second person.

    `note` is why the second person gave it back; only the agency sees it.
    """

    __tablename__ = "question_answer"
    __table_args__ = (one_of("state", ANSWER_STATES),)

    id: int | None = Field(default=None, primary_key=True)
    question_id: int = Field(foreign_key="question.id", unique=True)
    body: str
    lang: str = Field(max_length=2)
    state: str = "draft"
    note: str = Field(default="", max_length=1000)
    drafted_by: int = Field(foreign_key="person.id")
    drafted_at: datetime
    approved_by: int | None = Field(default=None, foreign_key="person.id")
    published_at: datetime | None = None

    @property
    def mark(self) -> str:
        """Changes with each writing: whoever approves an answer says which one they have seen."""
        return f"{self.drafted_at:%Y%m%d%H%M%S%f}"


class QuestionMove(SQLModel, table=True):
    """A question was passed on to another body, for a public reason."""

    __tablename__ = "question_move"

    id: int | None = Field(default=None, primary_key=True)
    question_id: int = Field(foreign_key="question.id", index=True)
    from_agency_id: int = Field(foreign_key="agency.id")
    to_agency_id: int = Field(foreign_key="agency.id")
    reason: str = Field(max_length=1000)
    lang: str = Field(max_length=2)
    moved_by: int = Field(foreign_key="person.id")
    moved_at: datetime
