"""What a system sends: a draft with its text, a text, an answer, a group of comments."""

import base64
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from consult.answers.rules import OUTCOMES, REASON_MAX
from consult.errors import Invalid
from drafts.forms import SUMMARY_MAX, TITLE_MAX

Language = Literal["ky", "ru", "kk", "en"]

RECEIPTS_MOST = 1000  # comments in one request
Receipt = Annotated[str, Field(max_length=40, pattern=r"^[!-~]+$")]  # what a database can look up


class TextSent(BaseModel):
    """A text in one language: any format that can be imported, as it is or in base64."""

    model_config = ConfigDict(extra="forbid", strict=True)

    lang: Language
    filename: str = Field("text.txt", max_length=200)
    content: str = Field(min_length=1)
    encoding: Literal["utf-8", "base64"] = "utf-8"
    title: str = Field("", max_length=TITLE_MAX)

    @property
    def data(self) -> bytes:
        """The bytes of the file; raises Invalid for what is no base64."""
        if self.encoding == "utf-8":
            return self.content.encode()
        try:
            return base64.b64decode(self.content, validate=True)
        except ValueError:  # of letters no base64 has, or a wrong length
            raise Invalid("This is not base64.", field="content") from None


class DraftSent(TextSent):
    """A draft to be registered; what its number may be is a rule."""

    number: str
    act_type: str = Field(max_length=40)
    topic: str = Field("", max_length=40)
    summary: str = Field("", max_length=SUMMARY_MAX)


class AnswerSent(BaseModel):
    """What the agency decided, and why; `changed_wid`: the provision changed because of it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    outcome: Literal[OUTCOMES]  # type: ignore[valid-type]
    reason: str = Field("", max_length=REASON_MAX)
    lang: Language
    changed_wid: str = Field("", max_length=200)


class GroupSent(BaseModel):
    """Comments that raise one point, by the numbers of their receipts."""

    model_config = ConfigDict(extra="forbid", strict=True)

    title: str = Field(min_length=1, max_length=200)
    receipts: list[Receipt] = Field(min_length=1, max_length=RECEIPTS_MOST)
