"""The table of position papers: one document whose parts are comments on several provisions."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class Paper(SQLModel, table=True):
    """What somebody sent as a whole; each of its parts is a comment with a receipt of its own.

    The title often repeats words of a part: what is removed there is removed here, and it is shown
    while all the parts are. Its length is the rules' to keep: a mark may be longer than words.
    """

    __tablename__ = "paper"

    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="draft.id", index=True)
    consultation_id: int = Field(foreign_key="consultation.id")
    author_id: int = Field(foreign_key="person.id")
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    title: str
    created_at: datetime
