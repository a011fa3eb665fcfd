"""The table of figures that are counted once a night, because counting them takes too long."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from consult.db import JSON_TYPE


class KeptFigures(SQLModel, table=True):
    """What counting.count came to. `name` says of what; `stamp` by which definitions."""

    __tablename__ = "kept_figures"

    name: str = Field(primary_key=True, max_length=200)
    counted_at: datetime
    stamp: str = Field(max_length=64)
    content: dict[str, Any] = Field(sa_type=JSON_TYPE)
