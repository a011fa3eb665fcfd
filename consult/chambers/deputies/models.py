"""The table of deputies: who sits in a parliament or kenesh, for whom, from when until when."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel


class Deputy(SQLModel, table=True):
    """A deputy of a body. The name is that of a public office, and stays public when it ends.

    `until_on` is the last day in office. `person_id` is their account here, if they have one.
    """

    __tablename__ = "deputy"
    __table_args__ = (UniqueConstraint("body_id", "name", "since_on"),)

    id: int | None = Field(default=None, primary_key=True)
    body_id: int = Field(foreign_key="agency.id")
    name: str = Field(max_length=120)
    faction: str = Field(default="", max_length=120)
    constituency: str = Field(default="", max_length=120)
    since_on: date
    until_on: date | None = None
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    recorded_by: int | None = Field(default=None, foreign_key="person.id")
    recorded_at: datetime
