"""The table of what people said of themselves so that it can be counted, and for nothing else."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class Demographic(SQLModel, table=True):
    """Where a person lives, their age and gender: codes of rules.py, each "" where it was not said.

    Who said nothing has no row. It is shown to nobody, and counted only together with others
    (statistics/rules.py says how many); the place beside a name is another one, in `person`.
    """

    __tablename__ = "demographic"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    region: str = Field(default="", max_length=40)
    age_band: str = Field(default="", max_length=20)
    gender: str = Field(default="", max_length=20)
    said_at: datetime
