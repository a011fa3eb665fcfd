"""What the forms of duties send."""

from datetime import UTC, date, datetime, tzinfo
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, NaiveDatetime

from consult.forms import Number
from consult.obligations.actions import Correction
from consult.obligations.proposing import Wish

EARLIEST, LATEST = map(datetime.fromisoformat, ("2000-01-01", "2100-01-01"))
Moment = Annotated[NaiveDatetime, Field(ge=EARLIEST, le=LATEST)]
OrNone = BeforeValidator(lambda typed: typed or None)  # a field left empty
Basis = Annotated[str, Field(max_length=500)]
Reason = Annotated[str, Field(max_length=2000)]


class EvidenceForm(BaseModel):
    """What shows that a duty was fulfilled: a path on this site, an address, or words."""

    evidence: str = Field(default="", max_length=1000)


class ProposalForm(BaseModel):
    """More time, a pause or a waiver, with the act and its provision, and why."""

    kind: Literal["extended", "paused", "waived"]
    extra: Annotated[int | None, OrNone] = None
    ground: str = Field(default="", max_length=60)
    basis: Basis = ""
    reason: Reason = ""

    def wish(self) -> Wish:
        """What is asked for, as proposing.py takes it."""
        return Wish(self.kind, self.basis, self.reason, self.extra or 0, self.ground)


class DecisionForm(BaseModel):
    """Which button was pressed, and the note to who proposed it."""

    verdict: Literal["approve", "refuse"]
    note: str = Field(default="", max_length=1000)


class ReasonForm(BaseModel):
    """Why a term runs again."""

    reason: Reason = ""


class AssignForm(BaseModel):
    """To whom a duty is given."""

    officer_id: Number


class DelayForm(BaseModel):
    """The day on which it is expected now, and why it is late."""

    expected_on: date
    reason: Reason = ""


class CorrectionForm(BaseModel):
    """Another rule, another beginning as a local wall-clock time, and why; empty: as it is."""

    rule_code: str = Field(default="", max_length=60)
    began: Annotated[Moment | None, OrNone] = None
    reason: Reason = ""

    def correction(self, tz: tzinfo) -> Correction:
        """What is to be put right, the beginning as an instant."""
        began = self.began.replace(tzinfo=tz).astimezone(UTC) if self.began else None
        return Correction(self.rule_code, began, self.reason)
