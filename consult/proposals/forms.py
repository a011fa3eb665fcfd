"""What the forms about proposals send; what they must hold is a rule."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field

from consult.forms import Number
from consult.proposals.rules import Said

Lang = Literal["ky", "ru", "kk", "en"]
MaybeId = Annotated[Number | None, BeforeValidator(lambda typed: typed or None)]


class ProposeForm(BaseModel):
    """A proposal as typed. `seen`: the numbers of those like it that its author has looked at."""

    kind: str = ""
    title: str = ""
    body: str = ""
    wanted: str = ""
    agency: str = Field("", max_length=20)
    topic: str = Field("", max_length=40)
    draft: MaybeId = None
    wid: str = Field("", max_length=300)
    lang: Lang
    seen: str = Field("", max_length=100)

    def said(self) -> Said:
        return Said(self.kind, self.title, self.body, self.wanted, self.lang)

    def looked_at(self) -> set[int]:
        return {int(part) for part in self.seen.split(",") if part.isascii() and part.isdigit()}


class AnswerForm(BaseModel):
    """What the agency answers."""

    outcome: str = ""
    reason: str = ""
    lang: Lang


class SeenForm(BaseModel):
    """The mark of the answer somebody has read, and what is to be changed in it."""

    seen: str = Field("", max_length=40)
    note: str = ""


class JoinForm(BaseModel):
    """The proposal that takes the supporters over."""

    into: Number


class HideForm(BaseModel):
    """A reason of moderation/rules.REASONS."""

    reason: str = ""


class LinkForm(BaseModel):
    """The draft that began with what was accepted."""

    draft: Number
