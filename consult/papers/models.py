"""The table of position papers: one document whose parts are comments on several provisions."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from consult.papers.rules import TITLE_MAX


class Paper(SQLModel, table=True):
    """What somebody sent as a whole; each of its parts is a comment with a receipt of its own."""

    __tablename__ = "paper"

    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="draft.id", index=True)
    consultation_id: int = Field(foreign_key="consultation.id")
    author_id: int = Field(foreign_key="person.id")
    title: str = Field(max_length=TITLE_MAX)
    created_at: datetime
