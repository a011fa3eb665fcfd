"""Tables: the indicators of a programme, and what they came to."""

from datetime import datetime
from typing import Any

from sqlmodel import JSON, Field, SQLModel

from consult.db import one_of
from consult.openness.indicators.rules import DIRECTIONS, UNITS


class Indicator(SQLModel, table=True):
    """An indicator of a programme. `number` is the one it has there: "15", "UN".

    `bounds` are [{"role": "baseline"|"target", "year", "comparator", "amount"}] in the order of
    time; `metric` says which figure of this site it is computed by, if any.
    """

    __tablename__ = "indicator"
    __table_args__ = (one_of("unit", UNITS), one_of("direction", DIRECTIONS))

    number: str = Field(primary_key=True, max_length=20)
    position: int
    programme: dict[str, Any] = Field(sa_type=JSON)
    names: dict[str, Any] = Field(sa_type=JSON)
    unit: str = Field(max_length=20)
    direction: str = Field(max_length=10)
    metric: str = Field(default="", max_length=40)
    bounds: list[dict[str, Any]] = Field(sa_type=JSON)
    loaded_at: datetime


class IndicatorValue(SQLModel, table=True):
    """What an indicator came to in a year, entered by an administrator from `source`."""

    __tablename__ = "indicator_value"

    number: str = Field(foreign_key="indicator.number", primary_key=True, max_length=20)
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    amount: str = Field(max_length=20)
    source: str = Field(max_length=300)
    entered_at: datetime
