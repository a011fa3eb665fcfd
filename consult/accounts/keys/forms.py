"""What the forms of keys send."""

from typing import Literal

from pydantic import BaseModel

from consult.forms import Number


class Accepted(BaseModel):
    """The version of the terms that was read, and that it is accepted."""

    version: Number
    terms: Literal["yes"]


class NewKey(Accepted):
    """What the key is called; what it may be is a rule."""

    name: str = ""
