"""Tables: the openness score of a year, as it was published."""

from datetime import datetime
from typing import Any

from sqlmodel import JSON, Field, SQLModel


class ScoreYear(SQLModel, table=True):
    """A year that was scored, with the scale that held then: a later change of it is of no effect.

    `criteria` are [{"code", "names", "definition", "maximum"}] in the order shown; points and
    maxima are texts of decimals ("23.6"), for they are added up exactly.
    """

    __tablename__ = "score_year"

    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    scale: str = Field(max_length=40)
    names: dict[str, Any] = Field(sa_type=JSON)
    criteria: list[dict[str, Any]] = Field(sa_type=JSON)
    loaded_at: datetime


class ScoreRow(SQLModel, table=True):
    """What one body was given in a year: `points` by criterion.

    `printed_total` and `printed_rank` are what the publisher printed, empty where nothing was.
    """

    __tablename__ = "score_row"

    year: int = Field(foreign_key="score_year.year", primary_key=True)
    body: str = Field(primary_key=True, max_length=200)
    position: int
    points: dict[str, Any] = Field(sa_type=JSON)
    printed_total: str = Field(default="", max_length=20)
    printed_rank: int | None = None
