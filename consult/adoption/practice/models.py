"""Tables: the yearly reviews of an act, and what they conclude of its provisions."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import JSON, Field, SQLModel

from consult.adoption.practice.rules import CONCLUSIONS, WORDS_MAX
from consult.db import one_of

OR_NONE = ("", *CONCLUSIONS)


class PracticeReview(SQLModel, table=True):
    """What the agency concludes of a year of an act; `n` is 1 for the first since its adoption.

    `written_at` tells one state of its words from another. Once it is published nothing in it
    changes; `figures` are what was collected then (collecting.py).
    """

    __tablename__ = "practice_review"
    __table_args__ = (one_of("overall", OR_NONE), UniqueConstraint("draft_id", "n"))

    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="draft.id")
    n: int
    since_on: date
    until_on: date
    begun_at: datetime
    overall: str = ""
    words: str = Field(default="", max_length=WORDS_MAX)
    lang: str = Field(default="", max_length=2)
    written_by: int | None = Field(default=None, foreign_key="person.id")
    written_at: datetime
    published_by: int | None = Field(default=None, foreign_key="person.id")
    published_at: datetime | None = None
    figures: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class ReviewFinding(SQLModel, table=True):
    """What a review concludes of one provision."""

    __tablename__ = "review_finding"
    __table_args__ = (one_of("conclusion", OR_NONE),)

    review_id: int = Field(foreign_key="practice_review.id", primary_key=True)
    wid: str = Field(primary_key=True)
    conclusion: str
    words: str = Field(default="", max_length=WORDS_MAX)
