"""What the form for a contribution on paper, by mail or at a hearing sends."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from consult.comments.forms import CommentForm
from consult.forms import Number
from consult.intake.actions import Arrival, Contributor

Channel = Literal["paper", "mail", "hearing"]
Lang = Literal["ky", "ru", "kk", "en"]


class EntryForm(CommentForm):
    """A contribution with how it came and who made it."""

    channel: Channel
    received_on: date
    reference: str = Field("", max_length=200)
    hearing: Number | Literal[""] = ""  # one that was announced here
    name: str = Field("", max_length=120)
    organisation: str = Field("", max_length=120)  # it may stand for the name
    region: str = Field("", max_length=120)
    contact: str = Field("", max_length=300)
    hidden: Literal["", "yes"] = ""
    lang: Lang
    wid: str = Field("", max_length=300)
    confirmed: Literal["", "yes"] = ""
    then: Literal["print", "next"] = "print"

    @property
    def contributor(self) -> Contributor:
        return Contributor(
            self.name, self.organisation, self.region, self.contact, bool(self.hidden)
        )

    @property
    def arrival(self) -> Arrival:
        return Arrival(self.channel, self.received_on, self.reference, self.hearing or None)


class KeptQuery(BaseModel):
    """What stays from one voice of a hearing to the next, in the address; `after`: a comment."""

    channel: str = Field("", max_length=20)
    received_on: str = Field("", max_length=10)
    reference: str = Field("", max_length=200)
    hearing: str = Field("", max_length=10)
    region: str = Field("", max_length=120)
    lang: str = Field("", max_length=2)
    after: int = Field(0, ge=0, lt=2**31)
