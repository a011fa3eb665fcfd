"""What the forms about the plan of law-making send."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from starlette.datastructures import UploadFile

from consult.forms import Number
from consult.i18n.catalogues import LANGUAGES
from consult.plans.months import read_month
from consult.plans.rules import REASON_MAX, SUMMARY_MAX, TITLE_MAX, Wording, check_reason


def _one_line(text: str) -> str:
    return " ".join(text.split())


Title = Annotated[str, Field(max_length=TITLE_MAX), AfterValidator(_one_line)]
Summary = Annotated[str, Field(max_length=SUMMARY_MAX)]
Month = Annotated[date, BeforeValidator(read_month)]


class WordingForm(BaseModel):
    """What an item says, in as many languages as there are."""

    title_ky: Title = ""
    title_ru: Title = ""
    title_kk: Title = ""
    title_en: Title = ""
    summary_ky: Summary = ""
    summary_ru: Summary = ""
    summary_kk: Summary = ""
    summary_en: Summary = ""
    act_type: str
    topic: str = ""

    @property
    def wording(self) -> Wording:
        return Wording(self._texts("title"), self._texts("summary"), self.act_type, self.topic)

    def _texts(self, name: str) -> dict[str, str]:
        texts = {lang: str(getattr(self, f"{name}_{lang}")) for lang in LANGUAGES}
        return {lang: text for lang, text in texts.items() if text}


class ItemForm(WordingForm):
    """An item that is not published yet; its agency is asked for once, when it is added."""

    agency: Number | Literal[""] = ""
    month: Month


class ReasonForm(BaseModel):
    """Why an item is planned no longer."""

    reason: Annotated[str, Field(max_length=REASON_MAX), AfterValidator(check_reason)]


class MoveForm(ReasonForm):
    """Another month, and why."""

    month: Month


class LinkForm(BaseModel):
    """The draft that carries an item out; none takes the link away."""

    draft: Number | Literal[""] = ""


class PublishForm(BaseModel):
    """Which items to publish, as the page showed them."""

    items: list[Number] = Field(alias="items[]", min_length=1)


class TableForm(BaseModel):
    """A table to look at, and once it is in order to take over: a file, or what was pasted."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    agency: Number | Literal[""] = ""
    lang: Literal["ky", "ru", "kk", "en"]
    text: str = ""
    file: UploadFile | Literal[""] = ""
    do: Literal["look", "add"] = "look"
