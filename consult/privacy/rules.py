"""[pure] What is said of everything the site holds about people: where it stands, why, how long.

The registry itself is holdings.py; whose rows a place means is read by queries.py.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Then(StrEnum):
    """What forgetting a person does with their rows of a table."""

    DELETE = "delete"  # the rows go
    EMPTY = "empty"  # the rows stay without the columns in `emptied`
    CHOICE = "choice"  # public words: emptied too if the person wants it, else kept without a name
    STAY = "stay"  # the rows stay as they are: their number leads to nobody any more
    OWN_WAY = "own_way"  # done by code of its own, for no column says whose rows these are


@dataclass(frozen=True, slots=True)
class Keep:
    """How long. In `said`, {n} are the days of a setting; `for_ever` is said if they are 0."""

    said: str
    setting: str = ""
    for_ever: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Rows of one table that are about a person, found by `whose`:

    "person_id" refers to the person; "comment_id.author_id" refers to a row that does;
    "email=email" holds the same value as that column of the person; "" is found in code (OWN_WAY).
    `given` are the columns of a download, `secret` those that are never given out, because they
    open something or are about somebody else, `emptied` those that forgetting empties.
    """

    table: str
    whose: str
    then: Then
    given: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    emptied: tuple[str, ...] = ()

    @property
    def column(self) -> str:
        """The column of the table by which the rows are found; "" if there is none."""
        return self.whose.partition(".")[0].partition("=")[0]

    @property
    def columns(self) -> frozenset[str]:
        """All columns of the table that are told of here."""
        named = (*self.given, *self.secret, *self.emptied)
        return frozenset((*named, self.column) if self.column else named)


@dataclass(frozen=True, slots=True)
class Holding:
    """A thing the site holds, as a reader is told of it, and the places where it stands.

    Without places it is no row of a table: counters of limits, which run out by themselves.
    """

    key: str
    what: str
    why: str
    keep: Keep
    seen: str
    forgotten: str
    places: tuple[Place, ...] = ()


def places_of(holdings: tuple[Holding, ...]) -> Iterator[tuple[Holding, Place]]:
    """Every place with the holding it belongs to, in their order."""
    for holding in holdings:
        for place in holding.places:
            yield holding, place


def how_long(keep: Keep, settings: Mapping[str, Any]) -> tuple[str, dict[str, int]]:
    """The sentence that says how long, with its values, by the settings of an installation."""
    if not keep.setting:
        return keep.said, {}
    days = int(settings[keep.setting])
    return (keep.said, {"n": days}) if days else (keep.for_ever, {})
