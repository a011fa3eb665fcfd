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
    page: int = Field(1, ge=1, le=100_000)

    @property
    def filter(self) -> WorkFilter:
        return WorkFilter(
            status=self.status or None,
            kind=self.kind or None,
            wid={ANY: None, "": None, WHOLE: ""}.get(self.wid, self.wid),
            issue=int(self.issue) if self.issue.isascii() and self.issue.isdigit() else None,
        )

    def address(self, **changes: object) -> str:
        """The same list with something changed, as a query string with its question mark, or ""."""
        values = self.model_dump() | {"page": 1} | changes
        told = {
            name: value
            for name, value in values.items()
            if value != type(self).model_fields[name].default
        }
        return f"?{urlencode(told)}" if told else ""


class GroupForm(BaseModel):
    """Comments chosen in the list, and what to do with them."""

    comments: list[int] = Field(default_factory=list, alias="comments[]")
    everything: Literal["yes", ""] = ""
    title: str = ""
    issue: Number | Literal[""] = ""
    then: Literal["group", "ungroup"] = "group"


class AnswerForm(BaseModel):
    """An answer as typed; what it must hold is a rule, so that the text is kept on refusal."""

    outcome: str = ""
    reason: str = ""
    lang: Literal["ky", "ru", "kk", "en"]
    changed_wid: str = ""
    seen: str = ""
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
