"""What the form with the questions of a kind of act sends, beside the answers themselves."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, Field

from consult.procedure.acts import ActType
from drafts.answering.rules import cleaned, field_of
from drafts.forms import NOTE_MAX, SUMMARY_MAX, TITLE_MAX


class AnswersForm(BaseModel):
    """What is said of the text; `agency` and `topic` only where a draft begins."""

    lang: Literal["ky", "ru", "kk", "en"]
    agency: int | Literal[""] = ""
    topic: str = ""
    title: str = Field(min_length=1, max_length=TITLE_MAX)
    summary: str = Field("", max_length=SUMMARY_MAX)
    note: str = Field("", max_length=NOTE_MAX)


def answers_in(raw: Mapping[str, Any], act: ActType) -> dict[str, str]:
    """The answers as typed, by the codes of the questions."""
    typed = {one.code: raw.get(field_of(one.code), "") for one in act.question}
    return {code: cleaned(text) for code, text in typed.items() if isinstance(text, str)}
