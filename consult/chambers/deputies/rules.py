"""[pure] Who was a deputy on what day, and which deputy a name in a file means."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from consult.chambers.rules import NAME_MAX, check_length
from consult.errors import Invalid

NEAR = 0.6  # how alike a name must be to be suggested: 1 is the same


@dataclass(frozen=True, slots=True)
class Sat:
    """A deputy as a file tells of them. `until_on` is the last day in office."""

    name: str
    faction: str
    constituency: str
    since_on: date
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """A deputy who is known, by number."""

    id: int
    name: str
    faction: str
    since_on: date
    until_on: date | None


def check_deputy(said: Sat) -> None:
    """Refuse a deputy without a name, or whose last day comes before the first."""
    if not said.name:
        raise Invalid("Please enter the name.", field="name")
    for field in ("name", "faction", "constituency"):
        check_length(getattr(said, field), field, NAME_MAX)
    if said.until_on and said.until_on < said.since_on:
        raise Invalid("The last day is before the first.", field="until_on")


def folded(name: str) -> str:
    """A name as it is compared: without capitals, doubled spaces, the dots of ё."""
    return " ".join(name.casefold().replace("ё", "е").replace(".", ". ").split())


def by_name(seats: Iterable[Seat]) -> Mapping[str, list[Seat]]:
    """The deputies of a body by their folded names: one may have sat twice."""
    found: dict[str, list[Seat]] = {}
    for seat in seats:
        found.setdefault(folded(seat.name), []).append(seat)
    return found


def in_office(seat: Seat, day: date) -> bool:
    """Whether they were a deputy on that day."""
    return seat.since_on <= day and (seat.until_on is None or day <= seat.until_on)


def nearest(name: str, known: Sequence[str]) -> str:
    """The name among `known` that is most like this one; "" where none is."""
    by_fold = {folded(one): one for one in known}
    found = get_close_matches(folded(name), by_fold, n=1, cutoff=NEAR)
    return by_fold[found[0]] if found else ""
