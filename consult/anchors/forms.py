"""What an author sends when asked whether their comment still matters."""

from typing import Literal

from pydantic import BaseModel

from consult.forms import Number


class RelevanceForm(BaseModel):
    """The answer, the version that changed the text, and where to go afterwards."""

    value: Literal["relevant", "settled"]
    version: Number
    next: str = ""
