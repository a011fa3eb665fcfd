"""What the form of a yearly review sends: its fields are made of the provisions reported of."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from consult.adoption.practice.rules import Concluded, Finding, fields_of


class ReviewForm(BaseModel):
    """The conclusion about the act as a whole; those about provisions are in `at-WID` fields.

    `seen` is the state of the words their author began from.
    """

    model_config = ConfigDict(extra="allow", populate_by_name=True)

    overall: str = ""
    lang: Literal["ky", "ru", "kk", "en"]
    seen: datetime

    def said(self, wids: Sequence[str]) -> Concluded:
        """What was typed about these provisions; nothing else is taken."""
        sent = self.model_extra or {}
        overall = Finding(self.overall, str(sent.get("overall-words", "")))
        places = {
            wid: Finding(str(sent.get(f"at-{wid}", "")), str(sent.get(f"at-{wid}-words", "")))
            for wid in wids
        }
        return Concluded(overall, self.lang, places)


class PublishForm(BaseModel):
    """The state that is published."""

    seen: datetime


def as_typed(said: Concluded, lang: str) -> Mapping[str, Any]:
    """What the form begins with."""
    fields: dict[str, Any] = {"lang": said.lang or lang}
    for name, finding in fields_of(said):
        fields |= {name: finding.conclusion, f"{name}-words": finding.words}
    return fields
