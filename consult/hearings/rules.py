"""[pure] What a hearing must say, what may be done with it in each state, who gets a seat."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from consult.errors import Conflict, Invalid

TITLE_MAX, ABOUT_MAX, ACCESS_MAX = 300, 4000, 1000  # characters
PLACE_MAX, LINK_MAX, REASON_MAX, NEEDS_MAX = 300, 500, 1000, 500
MINUTES_MAX = 40_000
REASON_LEAST = 10  # characters: no reason is given in fewer
SEATS_MOST = 100_000
NEAR = timedelta(days=1)  # so long before it begins, who comes is reminded


class Kind(StrEnum):
    """A hearing of the public; questions put live to the head of a body."""

    HEARING = "hearing"
    QUESTIONS = "questions"


class State(StrEnum):
    """Where a hearing stands. It is public from its announcement on."""

    ANNOUNCED = "announced"
    CALLED_OFF = "called_off"
    HELD = "held"  # the time at which it was to end is over


KINDS = tuple(kind.value for kind in Kind)
STATES = tuple(state.value for state in State)
CHANGES = ("announced", "changed", "called_off", "minutes", "minutes_corrected")
COMING, WAITING = SEATED = ("coming", "waiting")


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said of a hearing, {lang: text} without empty texts."""

    titles: Mapping[str, str] = field(default_factory=dict)
    abouts: Mapping[str, str] = field(default_factory=dict)
    access: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is held: a place to go to, the address of a page to look at, or both."""

    place: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Times:
    """When it begins and ends, and until when one can register; aware instants."""

    starts_at: datetime
    ends_at: datetime
    register_until: datetime


def check_wording(said: Wording, official: Collection[str]) -> None:
    """Refuse a hearing without a title, or notes on access, in an official language."""
    first = next(iter(official))
    if not any(said.titles.get(lang) for lang in official):
        raise Invalid("Give the title in at least one official language.", field=f"title_{first}")
    if not any(said.access.get(lang) for lang in official):
        raise Invalid(
            "Say how people with disabilities can take part, in one official language at least.",
            field=f"access_{first}",
        )


def check_place(where: Place) -> None:
    """Refuse a hearing that nobody could come to, and a link that is none."""
    if not where.place and not where.link:
        raise Invalid("Enter a place, a link, or both.", field="place")
    if where.link and not _is_link(where.link):
        raise Invalid("Please enter an address that begins with https://.", field="link")


def _is_link(text: str) -> bool:
    if not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def check_times(times: Times, now: datetime, was: datetime | None = None) -> None:
    """Refuse a hearing in the past, one that ends before it begins, and a registration after it.

    `was`: until when one could register; what is over may stay so when something else is changed.
    """
    if times.starts_at <= now:
        raise Invalid("This time is over. Choose one that is still to come.", field="on")
    if times.ends_at <= times.starts_at:
        raise Invalid("It must end after it begins.", field="ends")
    until = times.register_until
    if until > times.starts_at or (until <= now and until != was):
        raise Invalid(
            "Registration ends on a day to come, and not after it begins.", field="register_until"
        )


def check_seats(seats: int | None, taken: int) -> None:
    """Refuse to have fewer seats than people who were told that they have one."""
    if seats is not None and seats < taken:
        raise Invalid("So many people have a seat already: {n}.", field="seats", n=taken)


def check_reason(reason: str) -> str:
    """The reason, if it says something: it is shown to all. Raises Invalid."""
    said = reason.strip()
    if len(said) < REASON_LEAST:
        raise Invalid("Say why in a sentence: everybody reads it.", field="reason")
    return said


def check_to_come(state: str, starts_at: datetime, now: datetime) -> None:
    """Raise Conflict unless a hearing is announced and has not begun."""
    if state == State.CALLED_OFF.value:
        raise Conflict("This was called off.")
    if state != State.ANNOUNCED.value or starts_at <= now:
        raise Conflict("This has begun already.")


def takes_people(state: str, register_until: datetime, now: datetime) -> bool:
    """Whether one can register now."""
    return state == State.ANNOUNCED.value and now < register_until


def check_minutes(minutes: Mapping[str, str], came: int, official: Collection[str]) -> None:
    """Refuse minutes without words in any official language, or of fewer people than nobody."""
    if not any(minutes.get(lang) for lang in official):
        field = f"minutes_{next(iter(official))}"
        raise Invalid("Write the minutes in at least one official language.", field=field)
    if came < 0:
        raise Invalid("Please enter a number.", field="came")


def seat_for(seats: int | None, coming: int, waiting: int) -> str:
    """Whether whoever registers next comes or waits: nobody goes before those who wait."""
    free = free_seats(seats, coming)
    return COMING if free is None or free > waiting else WAITING


def free_seats(seats: int | None, coming: int) -> int | None:
    """How many more have room; None: as many as like."""
    return None if seats is None else max(seats - coming, 0)
