"""[pure] What is recorded of a bill in parliament or a kenesh, and what of it is refused."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from consult.chambers.rules import (
    NUMBER_MAX,
    WORDS_MAX,
    check_length,
    check_link,
    check_not_to_come,
)
from consult.errors import Conflict, Invalid

OUTCOMES = ("passed", "returned", "rejected", "postponed")
STANCES = ("support", "oppose", "neutral")
DECISIONS = ("pending", "accepted", "rejected", "withdrawn")
MOST_READINGS = 9
GUEST_MAX = 200
AMENDMENT_NUMBER_MAX = 20


@dataclass(frozen=True, slots=True)
class Registered:
    """Under what number a bill was registered, by which body, which committee answers for it."""

    body_id: int
    number: str
    registered_on: date
    committee_id: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A reading as its secretariat tells of it."""

    n: int
    held_on: date
    outcome: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What somebody said at a reading: a deputy, or a guest by name and office."""

    gist: str
    lang: str
    stance: str = "neutral"
    deputy_id: int | None = None
    guest: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What an amendment wants: other words in a provision, or (`wid` empty) a new one."""

    number: str
    proposed: str
    lang: str
    wid: str = ""
    place: str = ""
    deputy_id: int | None = None
    author: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """What the committee concluded of an amendment, and what was decided."""

    decision: str
    conclusion: str = ""
    reason: str = ""


def check_registered(said: Registered, today: date) -> None:
    """Refuse a registration without a number, or on a day to come."""
    if not said.number:
        raise Invalid("Please enter the number of the bill.", field="number")
    check_length(said.number, "number", NUMBER_MAX)
    check_not_to_come(said.registered_on, today, "registered_on")


def check_held(said: Held, *, registered_on: date, others: Collection[Held], today: date) -> None:
    """Refuse a reading that cannot have been: before the bill was there, or out of order.

    `others` are the readings that are recorded already, without this one.
    """
    if said.outcome not in OUTCOMES:
        raise Invalid("Please choose one of the options.", field="outcome")
    if not 1 <= said.n <= MOST_READINGS:
        raise Invalid("Readings are numbered from 1 to {most}.", field="n", most=MOST_READINGS)
    check_not_to_come(said.held_on, today, "held_on")
    if said.held_on < registered_on:
        raise Invalid(
            "This is before the bill was registered, on {day}.", field="held_on", day=registered_on
        )
    if any(one.n == said.n for one in others):
        raise Conflict("This reading is recorded already.", field="n")
    apart = [one for one in others if one.held_on != said.held_on]  # two may be held on one day
    if any((one.n < said.n) != (one.held_on < said.held_on) for one in apart):
        raise Invalid("Readings follow one another by their numbers.", field="held_on")
    check_length(said.note, "note", WORDS_MAX)
    check_link(said.url)


def check_spoken(said: Spoken) -> None:
    """Refuse a speech without words, or of nobody, or of two."""
    if not said.gist:
        raise Invalid("Please write what was said, in short.", field="gist")
    check_length(said.gist, "gist", WORDS_MAX)
    if said.stance not in STANCES:
        raise Invalid("Please choose one of the options.", field="stance")
    if bool(said.guest) == (said.deputy_id is not None):
        raise Invalid("Please choose a deputy or name a guest: one of the two.", field="guest")
    check_length(said.guest, "guest", GUEST_MAX)
    check_link(said.url)


def check_change(said: Change, current: str) -> None:
    """Refuse an amendment without a number or an author, or that changes nothing.

    `current` are the words of the provision as they are; "" for a new one.
    """
    if not said.number:
        raise Invalid("Please enter the number of the amendment.", field="number")
    check_length(said.number, "number", AMENDMENT_NUMBER_MAX)
    if not said.wid and not said.place:
        raise Invalid("Please choose a provision, or say where the new one goes.", field="wid")
    if not said.wid and not said.proposed:
        raise Invalid("Please write the words of the new provision.", field="proposed")
    if bool(said.author) == (said.deputy_id is not None):
        raise Invalid("Please choose a deputy or name the author: one of the two.", field="author")
    if said.wid and said.proposed == current:
        raise Invalid("The text reads so already.", field="proposed")
    for field, most in (("place", 200), ("author", GUEST_MAX), ("proposed", 20_000)):
        check_length(getattr(said, field), field, most)


def check_decided(said: Decided) -> None:
    """Refuse a decision that is none, or a rejection without its reason."""
    if said.decision not in DECISIONS:
        raise Invalid("Please choose one of the options.", field="decision")
    if said.decision == "rejected" and not said.reason:
        raise Invalid("Please give the reason: everybody can read it.", field="reason")
    for field in ("conclusion", "reason"):
        check_length(getattr(said, field), field, WORDS_MAX)
