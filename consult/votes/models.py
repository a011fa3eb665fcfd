"""The table of votes: one a person on each thing, changed in place, withdrawn by deletion."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel


class Vote(SQLModel, table=True):
    """For (+1) or against (-1) a draft, a provision in a version, or a comment.

    `target` is the address of the thing ("version:7", "version:7#art_2", "comment:41"): one
    unique constraint then holds for all three. Of who was forgotten the vote stays, and nothing
    that tells whose it was, but that it was known: `is_identified` (accounts/eid).
    """

    __tablename__ = "vote"
    __table_args__ = (
        UniqueConstraint("person_id", "target"),
        Index("ix_vote_draft_id", "draft_id", "person_id"),
        CheckConstraint("value IN (-1, 1)", name="value_known"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    draft_id: int = Field(foreign_key="draft.id")
    target: str = Field(index=True)
    value: int
    is_identified: bool = False
    cast_at: datetime
