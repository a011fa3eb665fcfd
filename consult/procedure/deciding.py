"""[pure] How a council decides: its quorum, its majority, when it is asked for an opinion.

The numbers are data, with a citation, as terms are (packs.py); what a council decided is
consult/councils.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, model_validator

from consult.procedure.deadlines import Lang


class Base(StrEnum):
    """Of whom a majority is counted: of those who voted, or of all members."""

    PRESENT = "present"
    ALL = "all"


def _fraction(written: object) -> Fraction:
    """A part written as "2/3"; a number would not be exact."""
    try:
        part = Fraction(written if isinstance(written, str) else "")
    except (ValueError, ZeroDivisionError):
        raise ValueError("write a part as “2/3”") from None
    if not 0 <= part < 1:
        raise ValueError("a part is at least 0 and less than 1")
    return part


Part = Annotated[Fraction, BeforeValidator(_fraction)]


class Deciding(BaseModel):
    """At least `quorum` of all members have to vote, and more than `majority` of `of` vote for it.

    A council is asked for an opinion when the discussion of an act `asked_for` opens. It counts
    from `valid_from` until the next one does. `proposed`, `note`: as of a rule (deadlines.py).
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, arbitrary_types_allowed=True
    )

    code: str = Field(pattern=r"^[a-z0-9_-]+$", max_length=60)
    quorum: Part
    majority: Part
    of: Base = Base.PRESENT
    asked_for: tuple[str, ...] = ()
    citation: str = Field(min_length=1)
    citation_lang: Lang
    source: str = Field(min_length=1)
    note: str = ""
    proposed: StrictBool = False
    valid_from: date
    confirmed: StrictBool = False

    @model_validator(mode="after")
    def _unconfirmed(self) -> "Deciding":
        if self.confirmed:
            raise ValueError("confirmed: a rule is confirmed in the interface, not in the file")
        return self


@dataclass(frozen=True, slots=True)
class Ballot:
    """How many members voted how; who did not vote is absent."""

    in_favour: int
    against: int
    abstained: int
    absent: int = 0

    @property
    def present(self) -> int:
        return self.in_favour + self.against + self.abstained

    @property
    def members(self) -> int:
        return self.present + self.absent


def quorum_of(rule: Deciding, members: int) -> int:
    """How many of so many members have to vote; never less than one."""
    return max(ceil(rule.quorum * members), 1)


def is_quorate(rule: Deciding, ballot: Ballot) -> bool:
    """Whether enough members voted for the vote to count."""
    return ballot.present >= quorum_of(rule, ballot.members)


def votes_needed(rule: Deciding, ballot: Ballot) -> int:
    """How many votes in favour adopt a text: more than the part the rule names."""
    whole = ballot.present if rule.of is Base.PRESENT else ballot.members
    return int(rule.majority * whole) + 1


def is_adopted(rule: Deciding, ballot: Ballot) -> bool:
    """Whether a text is adopted: a quorum, and a majority in favour."""
    return is_quorate(rule, ballot) and ballot.in_favour >= votes_needed(rule, ballot)
