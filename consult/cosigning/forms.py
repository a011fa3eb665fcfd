"""What the button “I sign this too” sends."""

from pydantic import BaseModel, Field

from consult.comments.rules import MANDATE_MAX


class SignForm(BaseModel):
    """`words` is the fingerprint of the words that were shown; `next` is where to go on."""

    mandate: str = Field("", max_length=MANDATE_MAX)
    words: str = ""
    next: str = ""
