"""What the forms for correcting a text that was read send.

`after` is how many corrections the page knew of: a page that is stale corrects nothing.
"""

from typing import Literal

from pydantic import BaseModel, Field

from consult.errors import Invalid
from drafts.correcting.rules import Typed
from drafts.forms import TakeOverForm
from drafts.tree import Kind

LABEL_MAX = 1000


class CorrectionForm(BaseModel):
    """Joining a passage to the one before it, or taking the last correction back."""

    after: int = Field(ge=0)


class NameForm(CorrectionForm):
    """What a passage is; its words divided into label, heading and text."""

    kind: Kind
    number: str = ""
    label: str = Field("", max_length=LABEL_MAX)
    heading: str = ""
    text: str = ""

    @property
    def typed(self) -> Typed:
        return Typed(self.kind, self.number, self.label, self.heading, self.text)


class HangForm(CorrectionForm):
    """How deep a passage hangs."""

    depth: int = Field(ge=0)


class CutForm(CorrectionForm):
    """The words of a passage, with an empty line where it is to be cut."""

    words: str


class AgainForm(CorrectionForm):
    """How the file is to be read instead. Corrections are lost by it only knowingly."""

    lang: Literal["ky", "ru", "kk", "en"]
    tracked: Literal["accepted", "original"] = "accepted"
    lose: Literal["", "yes"] = ""

    def check_loss(self) -> None:
        """Raise Invalid when corrections would be lost and that was not said."""
        if self.after and not self.lose:
            raise Invalid("Please tick that the corrections may be lost.", field="lose")


class TakeForm(TakeOverForm):
    """Taking a text over as it was seen."""

    after: int | None = None
