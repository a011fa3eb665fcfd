"""What the forms about a bill in parliament or a kenesh send; what they must hold is a rule."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from consult.adoption.forms import Day, Lang, MaybeId
from consult.chambers.bills.models import BillRegistration
from consult.chambers.bills.rules import Change, Decided, Held, Registered, Spoken
from consult.forms import Number


class RegisterForm(BaseModel):
    """A registration; `why` only for a correction."""

    body: Number
    number: str = ""
    registered_on: Day
    committee: MaybeId = None
    why: str = ""

    def said(self) -> Registered:
        return Registered(self.body, self.number, self.registered_on, self.committee)


class ReadingForm(BaseModel):
    """A reading; `why` only for a correction."""

    n: Annotated[int, Field(ge=0, le=1000)] = 0
    held_on: Day
    outcome: str = ""
    note: str = ""
    url: str = ""
    why: str = ""

    def said(self) -> Held:
        return Held(self.n, self.held_on, self.outcome, self.note, self.url)


class SpeechForm(BaseModel):
    """Who spoke, and what they said in short."""

    deputy: MaybeId = None
    guest: str = ""
    stance: str = "neutral"
    gist: str = ""
    lang: Lang
    url: str = ""

    def said(self) -> Spoken:
        return Spoken(self.gist, self.lang, self.stance, self.deputy, self.guest, self.url)


class WhyForm(BaseModel):
    """Why something goes."""

    why: str = ""


class AmendmentForm(BaseModel):
    """An amendment as it came in."""

    number: str = ""
    wid: str = Field("", max_length=300)
    place: str = ""
    lang: Lang
    proposed: str = ""
    deputy: MaybeId = None
    author: str = ""

    def said(self) -> Change:
        return Change(
            number=self.number,
            proposed=self.proposed,
            lang=self.lang,
            wid=self.wid,
            place=self.place,
            deputy_id=self.deputy,
            author=self.author,
        )


class DecideForm(BaseModel):
    """What was decided; `why` where it had been decided otherwise."""

    decision: str = ""
    conclusion: str = ""
    reason: str = ""
    why: str = ""

    def said(self) -> Decided:
        return Decided(self.decision, self.conclusion, self.reason)


def registration_typed(bill: BillRegistration | None) -> dict[str, Any]:
    """What the form of a correction begins with."""
    if bill is None:
        return {}
    return {
        "body": str(bill.body_id),
        "number": bill.number,
        "registered_on": bill.registered_on.isoformat(),
        "committee": str(bill.committee_id or ""),
    }
