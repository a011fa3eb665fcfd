"""The table of provenance: how a comment came that an officer entered for somebody."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel


class Provenance(SQLModel, table=True):
    """Where a contribution on paper, by mail or at a hearing came from, and who entered it.

    `reference` is the number it has in the agency's register, or what the hearing was; `hearing_id`
    is the one it was said at, if it was announced here. `contact` is how its author is reached, for
    the agency alone.
    """

    __tablename__ = "provenance"

    comment_id: int = Field(foreign_key="comment.id", primary_key=True)
    received_on: date
    reference: str = Field(default="", max_length=200)
    hearing_id: int | None = Field(default=None, foreign_key="hearing.id", index=True)
    contact: str = Field(default="", max_length=300)
    entered_by: int = Field(foreign_key="person.id")
    entered_at: datetime
