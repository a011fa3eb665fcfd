"""Programmes: what their indicators are called in four languages, and which this site counts.

A programme is a file (TOML): one of programmes/, or of the installation's own.
"""

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from consult.errors import Invalid, NotFound
from consult.procedure.duties import Names

FOLDER = Path(__file__).parents[1] / "programmes"
DEFAULT = "egov"


class Known(BaseModel):
    """An indicator by its words in each language; `metric` is the figure that computes it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    names: Names
    metric: Annotated[str, Field(pattern=r"^[a-z_0-9]*$", max_length=40)] = ""


class Programme(BaseModel):
    """A programme and the indicators it is known to have."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
    names: Names
    indicators: Sequence[Known] = Field(default=(), alias="indicator")

    def known(self, words: str) -> Known | None:
        """The indicator that is called so in any language."""
        wish = folded(words)
        return next(
            (
                one
                for one in self.indicators
                if wish in {folded(name) for name in one.names.model_dump().values()}
            ),
            None,
        )


def folded(words: str) -> str:
    """Words as they are compared: capitals and spaces make no difference."""
    return " ".join(words.casefold().split())


@cache
def load_programme(name: str = DEFAULT) -> Programme:
    """A programme by name or by the path of its file; raises NotFound, Invalid."""
    path = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
    if not path.is_file():
        raise NotFound("There is no programme called {name}.", name=name)
    try:
        with path.open("rb") as source:
            return Programme.model_validate(tomllib.load(source))
    except (tomllib.TOMLDecodeError, ValidationError, UnicodeDecodeError) as broken:
        raise Invalid("This programme cannot be read: {reason}", reason=str(broken)) from broken
