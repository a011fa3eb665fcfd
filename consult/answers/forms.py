"""What the officer's and the approver's forms send, and what narrows the officer's list."""

from typing import Literal
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from consult.answers.worklist import WorkFilter
from consult.forms import Number

ANY = "any"
WHOLE = "whole"  # the draft as a whole, whose wid is ""


class WorkQuery(BaseModel):
    """The address of a list: its filters and its page. Empty and "any" mean any."""

    status: str = Field("", max_length=20)
    kind: str = Field("", max_length=20)
    wid: str = Field(ANY, max_length=300)
    issue: str = Field(ANY, max_length=18)
    officer: str = Field(ANY, max_length=18)
    stance: str = Field("", max_length=20)
    channel: str = Field("", max_length=20)
    lang: str = Field("", max_length=2)
    organisation: str = Field("", max_length=3)
    files: str = Field("", max_length=3)
    words: str = Field("", max_length=200)
    page: int = Field(1, ge=1, le=100_000)

    @property
    def filter(self) -> WorkFilter:
        """All of it but the words, which are looked up first (worklist.with_words)."""
        return WorkFilter(
            status=self.status or None,
            kind=self.kind or None,
            wid={ANY: None, "": None, WHOLE: ""}.get(self.wid, self.wid),
            issue=_number(self.issue),
            officer=_number(self.officer),
            stance=self.stance or None,
            channel=self.channel or None,
            lang=self.lang or None,
            organisation=True if self.organisation else None,
            files=True if self.files else None,
        )

    def told(self, **changes: object) -> dict[str, object]:
        """What differs from the whole list, on its first page; with something changed."""
        values = self.model_dump() | {"page": 1} | changes
        fields = type(self).model_fields
        return {name: value for name, value in values.items() if value != fields[name].default}

    def address(self, **changes: object) -> str:
        """The same list with something changed, as a query string with its question mark, or ""."""
        told = self.told(**changes)
        return f"?{urlencode(told)}" if told else ""


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


class ChosenForm(BaseModel):
    """Comments chosen in the list; `everything` chooses all that the list finds."""

    comments: list[int] = Field(default_factory=list, alias="comments[]")
    everything: Literal["yes", ""] = ""


class GroupForm(ChosenForm):
    """To be put into a group, or taken out of theirs."""

    title: str = ""
    issue: Number | Literal[""] = ""
    then: Literal["group", "ungroup"] = "group"


class AssignForm(ChosenForm):
    """To be given to an officer, or to nobody."""

    to: Number | Literal[""] = ""
    then: Literal["assign", "take_back"] = "assign"


class AnswerForm(BaseModel):
    """An answer as typed; what it must hold is a rule, so that the text is kept on refusal."""

    outcome: str = ""
    reason: str = ""
    lang: Literal["ky", "ru", "kk", "en"]
    changed_wid: str = ""
    seen: str = ""
    known: int = Field(0, ge=0, le=10**9)  # other answers with this reason the writer knows of
    then: Literal["save", "submit"] = "submit"


class ApprovalForm(BaseModel):
    """Answers chosen for approval or return, each as "id:mark" (see Disposition.mark).

    `everything` chooses all that the page showed.
    """

    answers: list[str] = Field(default_factory=list, alias="answers[]")
    shown: list[str] = Field(default_factory=list, alias="shown[]")
    everything: Literal["yes", ""] = ""
    note: str = ""

    @property
    def marks(self) -> dict[int, str]:
        chosen = self.shown if self.everything else self.answers
        pairs = (one.partition(":") for one in chosen)
        return {int(id_): mark for id_, _, mark in pairs if id_.isascii() and id_.isdigit()}
