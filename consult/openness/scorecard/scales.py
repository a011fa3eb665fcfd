"""Scales of openness scores: which criteria there are, and how many points each gives in a year.

A scale is a file (TOML): one of scales/, or of the installation's own. Nothing of it is code.
"""

import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from consult.errors import Invalid, NotFound
from consult.openness.scorecard.rules import Criterion
from consult.procedure.duties import Names

FOLDER = Path(__file__).parents[1] / "scales"
DEFAULT = "open_government"
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*[a-z]$", max_length=40)]


class ScaleCriterion(BaseModel):
    """What points are given for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: Code
    names: Names
    definition: Names


class Maxima(BaseModel):
    """The most points of each criterion from a year on, until the next maxima begin."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    since: int = Field(ge=1990, le=2100)
    points: Mapping[Code, Annotated[Decimal, Field(gt=0, le=1_000_000)]]


class Scale(BaseModel):
    """A scale; a criterion without a maximum in a year is not scored in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: Code
    names: Names
    criteria: Sequence[ScaleCriterion] = Field(alias="criterion", min_length=1)
    maxima: Sequence[Maxima] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits(self) -> "Scale":
        known = [criterion.code for criterion in self.criteria]
        if len(set(known)) < len(known):
            raise ValueError("two criteria have the same code")
        for maxima in self.maxima:
            if unknown := set(maxima.points) - set(known):
                raise ValueError(f"no such criterion: {sorted(unknown)}")
        years = [maxima.since for maxima in self.maxima]
        if years != sorted(set(years)):
            raise ValueError("maxima stand in the order of their years, each once")
        return self

    def criteria_of(self, year: int) -> list[Criterion]:
        """The criteria of a year with their maxima; none before the first year of the scale."""
        held = [maxima for maxima in self.maxima if maxima.since <= year]
        points = held[-1].points if held else {}
        return [
            Criterion(c.code, c.names.model_dump(), c.definition.model_dump(), points[c.code])
            for c in self.criteria
            if c.code in points
        ]


@cache
def load_scale(name: str = DEFAULT) -> Scale:
    """A scale by its name or the path of its file; raises NotFound, or Invalid for what is none."""
    path = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
    if not path.is_file():
        raise NotFound("There is no scale called {name}.", name=name)
    try:
        with path.open("rb") as source:
            return Scale.model_validate(tomllib.load(source, parse_float=Decimal))
    except (tomllib.TOMLDecodeError, ValidationError, UnicodeDecodeError) as broken:
        raise Invalid("This scale cannot be read: {reason}", reason=str(broken)) from broken
