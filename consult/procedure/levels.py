"""[pure] Whom people may ask for a change of law, and how many must support it: the shape of it.

Which levels there are is data (packs.py); how long support may be gathered is the rule of
Term.PROPOSAL_SUPPORT, what is owed then a duty per = "proposal".
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from consult.procedure.deadlines import Lang
from consult.procedure.duties import Duty, Names, Per

Counts = Literal["identified", "all"]


class Level(BaseModel):
    """Bodies of these kinds owe an answer to a proposal that `support` people support.

    `counts`: only those of whom it is known who they are, or everybody with an account.
    `proposed`, `note` and the citation are as those of a rule (DeadlineRule).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    code: str = Field(pattern=r"^[a-z0-9_]+$", max_length=40)
    names: Names
    agency_kinds: tuple[str, ...] = Field(min_length=1)
    support: int = Field(ge=1, le=100_000_000, strict=True)
    counts: Counts = "identified"
    citation: str = Field(min_length=1)
    citation_lang: Lang
    source: str = Field(min_length=1)
    note: str = ""
    proposed: StrictBool = False
    valid_from: date


def level_of(levels: Sequence[Level], agency_kind: str, on: date) -> Level | None:
    """The level at which a body of this kind is asked on that day, the newest that names it.

    None if people cannot ask it.
    """
    fitting = [one for one in levels if agency_kind in one.agency_kinds and one.valid_from <= on]
    return max(fitting, key=lambda one: one.valid_from, default=None)


def level_problems(
    levels: Sequence[Level], duties: Sequence[Duty], agency_kinds: Collection[str]
) -> Iterator[str]:
    """What is wrong with the levels as a whole."""
    seen: dict[tuple[str, date], str] = {}
    for level in levels:
        for kind in level.agency_kinds:
            if kind not in agency_kinds:
                yield f"level {level.code}, agency_kinds: {kind!r} is not among those of the pack"
            first = seen.setdefault((kind, level.valid_from), level.code)
            if first != level.code:
                yield f"levels {first} and {level.code}: both are of {kind!r} from the same day on"
    if levels and not any(duty.per is Per.PROPOSAL for duty in duties):
        yield "level: no duty per = 'proposal' says what is owed to what people support"
