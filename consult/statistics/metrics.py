"""The registry of figures: the meaning of each, in four languages, read from metrics.toml.

Whatever is shown or exported under a code means what the registry says; nothing is counted here.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from consult.procedure.duties import Names

SOURCE = Path(__file__).with_name("metrics.toml")
ADDRESS = "/statistics/definitions"


class Metric(BaseModel):
    """What a figure counts. `version` rises when its meaning changes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^[a-z_]+$")
    kind: Literal["quantity", "quality"]
    version: int = Field(ge=1)
    names: Names
    definition: Names
    includes: Names
    excludes: Names

    @property
    def url(self) -> str:
        """Where its definition stands."""
        return f"{ADDRESS}#{self.code}"


@cache
def metrics() -> Mapping[str, Metric]:
    """The registry by code, in the order in which it is shown."""
    with SOURCE.open("rb") as source:
        listed = [Metric.model_validate(entry) for entry in tomllib.load(source)["metric"]]
    return {metric.code: metric for metric in listed}
