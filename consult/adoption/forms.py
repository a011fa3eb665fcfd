"""What the forms about an act and its application send; what they must hold is a rule."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from consult.adoption.rules import Decided, Met, Reply, Step

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)
Lang = Literal["ky", "ru", "kk", "en"]
Day = Annotated[date, Field(ge=EARLIEST, le=LATEST)]
MaybeDay = Annotated[Day | None, BeforeValidator(lambda typed: typed or None)]
MaybeId = Annotated[
    Annotated[int, Field(ge=1, lt=2**31)] | None, BeforeValidator(lambda typed: typed or None)
]


class OutcomeForm(BaseModel):
    """The end of a draft: an act with its number, or the refusal; `why` only for a correction."""

    decided_on: Day
    number: str = ""
    in_force_on: MaybeDay = None
    url: str = ""
    reason: str = ""
    version: MaybeId = None
    why: str = ""

    def said(self, outcome: str) -> Decided:
        return Decided(
            outcome, self.decided_on, self.number, self.in_force_on, self.url, self.reason
        )


class FinalForm(BaseModel):
    """Which version is the act as it was adopted."""

    version: Annotated[int, Field(ge=1, lt=2**31)]
    why: str = ""


class StepForm(BaseModel):
    """How far a promise is. A provision chosen beside the words stands on a line of its own."""

    state: str = ""
    note: str = ""
    evidence: str = ""
    wid: str = ""
    seen: str = ""

    def step(self, path: str) -> Step:
        return Step(self.state, self.note, "\n".join(filter(None, (self.evidence, path))))


class ProblemForm(BaseModel):
    """How an act works, as typed."""

    body: str = ""
    wid: str = Field("", max_length=300)
    kind: str = "problem"
    lang: Lang

    @property
    def met(self) -> Met:
        return Met(self.body, self.lang, self.wid, self.kind)


class ProblemAnswerForm(BaseModel):
    """What the agency says to it, and what follows from it."""

    answer: str = ""
    lang: Lang
    follows: str = ""
    link: str = ""

    @property
    def reply(self) -> Reply:
        return Reply(self.answer, self.lang, self.follows, self.link)


class HideForm(BaseModel):
    """A reason of moderation/rules.REASONS."""

    reason: str = ""


def as_typed(row: Any, *names: str) -> dict[str, str]:
    """What a form begins with: the columns of a row as an input takes them."""
    values = {name: getattr(row, name) for name in names}
    return {
        name: value.isoformat() if isinstance(value, date) else str(value or "")
        for name, value in values.items()
    }
