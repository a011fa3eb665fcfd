"""What the forms for a paper send: the text as a whole, then its parts as they were looked at."""

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.datastructures import UploadFile

from consult.comments.rules import MANDATE_MAX
from consult.errors import Invalid
from consult.papers.rules import TITLE_MAX, Part

Kind = Literal["editorial", "substantive", "question"]  # a wording is proposed by a form of its own
STEP = re.compile(r"(join|cut)-(\d{1,3})")


class TextForm(BaseModel):
    """The text, typed or in a file, or both: the file then comes after what was typed."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    title: str = Field("", max_length=TITLE_MAX)
    mandate: str = Field("", max_length=MANDATE_MAX)
    text: str = ""
    file: UploadFile | None = None

    @property
    def has_file(self) -> bool:
        return self.file is not None and bool(self.file.filename)


class PartsForm(BaseModel):
    """The parts, a list a field; `out` are the places of those left out.

    `do`: "look" (show them again), "join-2", "cut-2", or "send". How long anything may be is a rule
    of the action, so that nothing typed is lost.
    """

    title: str = ""
    mandate: str = ""
    wids: list[str] = Field(alias="wid[]", min_length=1)
    kinds: list[Kind] = Field(alias="kind[]")
    texts: list[str] = Field(alias="text[]")
    cuts: list[str] = Field(alias="cut[]")
    outs: list[int] = Field(alias="out[]", default_factory=list)
    do: str = "look"

    @model_validator(mode="after")
    def _belong_together(self) -> "PartsForm":
        if len({len(self.wids), len(self.kinds), len(self.texts), len(self.cuts)}) > 1:
            raise Invalid("This was not understood.")
        return self

    @property
    def parts(self) -> list[Part]:
        told = enumerate(zip(self.wids, self.texts, self.kinds, strict=True))
        return [Part(wid, text, kind, at in self.outs) for at, (wid, text, kind) in told]

    @property
    def step(self) -> tuple[str, int]:
        """("join", 2), ("cut", 2), ("send", 0) or ("look", 0)."""
        if found := STEP.fullmatch(self.do):
            return found[1], int(found[2])
        return ("send" if self.do == "send" else "look"), 0
