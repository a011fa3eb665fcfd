"""What the form that refers a bill sends."""

from pydantic import BaseModel

from consult.forms import Number


class ReferForm(BaseModel):
    """The number of a draft."""

    draft: Number
