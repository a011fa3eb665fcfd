"""The terms a person accepts for a key, in four languages, read from terms.toml."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from consult.procedure.duties import Names

SOURCE = Path(__file__).with_name("terms.toml")


class Terms(BaseModel):
    """`version` rises with every change of the meaning: keys then rest until it is accepted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = Field(ge=1)
    since: date
    point: tuple[Names, ...] = Field(min_length=1)


@cache
def terms() -> Terms:
    """The terms in force."""
    return Terms.model_validate(tomllib.loads(SOURCE.read_text("utf-8")))
