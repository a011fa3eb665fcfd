"""Reads the story of a voice: the .toml of its name, into the shape its module gives."""

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).parent
S = TypeVar("S", bound="Part")


class Part(BaseModel):
    """A piece of a story; what it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def story(shape: type[S], name: str) -> S:
    """The story `name`.toml."""
    return shape.model_validate(tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8")))
