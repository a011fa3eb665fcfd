"""What the forms about questions send; what they must hold is a rule."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field

from consult.questions.actions import Asked

Lang = Literal["ky", "ru", "kk", "en"]
MaybeId = Annotated[
    Annotated[int, Field(ge=1, lt=2**31)] | None, BeforeValidator(lambda typed: typed or None)
]


class AskForm(BaseModel):
    """A question as typed. `looked`: its author has seen those that come near it."""

    agency: str = Field(max_length=20)
    kind: str = "person"
    title: str = ""
    body: str = ""
    lang: Lang
    draft: MaybeId = None
    looked: str = ""

    def asked(self) -> Asked:
        return Asked(self.title, self.body, self.lang, self.kind, self.draft)


class AnswerForm(BaseModel):
    """The answer as typed; `then` says whether it goes to a second person."""

    body: str = ""
    lang: Lang
    then: str = ""


class ReturnForm(BaseModel):
    """What has to be changed in an answer."""

    note: str = ""


class ForwardForm(BaseModel):
    """To which body, and why."""

    agency: str = Field(max_length=20)
    reason: str = ""
    lang: Lang


class HideForm(BaseModel):
    """A reason of moderation/rules.REASONS."""

    reason: str = ""
