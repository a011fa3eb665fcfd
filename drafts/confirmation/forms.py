"""What the forms send with which changes are confirmed, decided otherwise, or a text is dropped."""

from typing import Annotated

from pydantic import BaseModel, Field

RowId = Annotated[int, Field(ge=0, lt=2**31)]


class ConfirmForm(BaseModel):
    """The ticked changes, or all that are shown; `after` is where the page began."""

    ticked: list[RowId] = Field(default_factory=list, alias="ticked[]")
    shown: list[RowId] = Field(default_factory=list, alias="shown[]")
    everything: str = ""
    after: RowId = 0

    @property
    def ids(self) -> list[int]:
        return self.shown if self.everything else self.ticked


class DecideForm(BaseModel):
    """What a change is instead (rules.decisions_for)."""

    choice: str = Field(min_length=1, max_length=500)


class DiscardForm(BaseModel):
    """The language to be dropped; none means the whole version."""

    lang: str = Field("", max_length=2)
