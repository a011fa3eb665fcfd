"""[pure] When a consultation may be held: its term against the legal minimum."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from consult.errors import Invalid, NotAllowed
from consult.procedure.deadlines import Computation
from consult.procedure.stages import Stage, Verb, allows


class Term(Protocol):
    """A period with its first instant and the first instant after it."""

    opens_at: datetime
    closes_at: datetime


class Act(Protocol):
    """What a term of law may depend on: the kind of act, and its attributes in the rule pack."""

    @property
    def act_type(self) -> str: ...

    @property
    def attributes(self) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class ActWith:
    """An act as it would be with these attributes, to see which term that makes."""

    act_type: str
    attributes: list[str]


T = TypeVar("T", bound=Term)
LAST_MINUTE = timedelta(minutes=1)  # people close a discussion at 23:59, not at 24:00
CITATION = 15  # characters: no act and article is named in fewer


def last_minute(minimum: Computation) -> datetime:
    """The earliest lawful closing as people say it: 23:59 of that day."""
    return minimum.due_at - LAST_MINUTE


def check_term(
    opens_at: datetime, closes_at: datetime, minimum: Computation, exception: str
) -> None:
    """Refuse a term below the rule's minimum, unless an exception is cited (shown in public).

    `minimum` is the computation of the earliest lawful closing; raises Invalid.
    """
    if closes_at <= opens_at:
        raise Invalid("The closing must come after the opening.", field="closes_at")
    if exception and len(exception.strip()) < CITATION:
        raise Invalid("Name the act and its article that allow a shorter term.", field="exception")
    if not falls_short(closes_at, minimum, exception):
        return
    raise Invalid(
        "This term is too short: by {citation} the discussion may close on {earliest} at the "
        "earliest. Choose a later day, or cite the exception that allows a shorter term.",
        field="closes_at",
        citation=minimum.citation,
        earliest=minimum.due_on,
    )


def falls_short(closes_at: datetime, minimum: Computation, exception: str) -> bool:
    """Whether a term is below the legal minimum without an exception that allows it.

    One announced in time may come to be so: a day decreed off later makes the minimum longer.
    """
    return closes_at < last_minute(minimum) and not exception


def check_extension(term: Term, new: datetime, reason: str) -> None:
    """Refuse a closing that is not later than the one announced, or that nobody is told why of.

    Nor can a term be more than doubled at once: the answers are due after its end, so whoever
    could put it off at will, or by a slip of the year, would put off every duty with it.
    """
    if new <= term.closes_at:
        raise Invalid("A discussion can be made longer only.", field="closes_at")
    if new - term.closes_at > term.closes_at - term.opens_at:
        raise Invalid("At most as long again as it lasts by now.", field="closes_at")
    if not reason.strip():
        raise Invalid("Say why.", field="reason")


def check_open(term: T | None, stage: Stage, verb: Verb, now: datetime) -> T:
    """The term, if now lies in it, whatever the stored stage says: a worker may be late.

    Raises NotAllowed.
    """
    if term is None or not allows(stage, verb):
        raise NotAllowed("This discussion is not open.")
    if now < term.opens_at:
        raise NotAllowed("This discussion has not begun yet.")
    if now >= term.closes_at:
        raise NotAllowed("This discussion is closed.")
    return term


def is_open(term: Term | None, stage: Stage, now: datetime) -> bool:
    """Whether comments are taken at this instant."""
    return (
        term is not None and allows(stage, Verb.COMMENT) and term.opens_at <= now < term.closes_at
    )
