"""The registry of figures: the meaning of each, in four languages, read from metrics/*.toml.

Whatever is shown or exported under a code means what the registry says; nothing is counted here.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from consult.procedure.duties import Names

FOLDER = Path(__file__).with_name("metrics")
CHAPTERS = ("participation", "coverage", "discussion", "answering", "procedure", "effect")
ADDRESS = "/statistics/definitions"


class Metric(BaseModel):
    """What a figure counts. `version` rises when its meaning changes.

    `direction` is the better one, if one is. A `watched` share tells an agency by its fall.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^[a-z0-9_]+$")
    chapter: str
    kind: Literal["quantity", "quality"]
    unit: Literal["count", "share", "days"]
    direction: Literal["higher", "lower", "none"]
    watched: bool = False
    version: int = Field(ge=1)
    names: Names
    definition: Names
    includes: Names
    excludes: Names

    @property
    def url(self) -> str:
        """Where its definition stands."""
        return f"{ADDRESS}#{self.code}"


class Chapter(BaseModel):
    """Figures that belong together."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    names: Names
    metric: tuple[Metric, ...] = Field(min_length=1)


@cache
def chapters() -> Mapping[str, Chapter]:
    """The registry by chapter, in the order in which it is shown."""
    return {code: _read(code) for code in CHAPTERS}


def _read(code: str) -> Chapter:
    with (FOLDER / f"{code}.toml").open("rb") as source:
        read = tomllib.load(source)
    metric = [entry | {"chapter": code} for entry in read["metric"]]
    return Chapter.model_validate(read | {"code": code, "metric": metric})


@cache
def metrics() -> Mapping[str, Metric]:
    """The registry by code, in the same order."""
    return {metric.code: metric for chapter in chapters().values() for metric in chapter.metric}


@cache
def watched() -> tuple[Metric, ...]:
    """The shares whose fall, two years running, is told of an agency."""
    return tuple(metric for metric in metrics().values() if metric.watched)
