"""[pure] What all of parliament and local keneshes share: their kinds, lengths, corrections.

Whoever keeps the minutes of such a body (its secretariat) is an officer of that agency.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from consult.adoption.rules import is_link
from consult.errors import N_, Invalid

BODY_KINDS = ("parliament", "kenesh")

NUMBER_MAX = 80
NAME_MAX = 120
URL_MAX = 500
WORDS_MAX = 4000
WHY_MAX = 1000

TOO_LONG = N_("This is too long: at most {most} characters.")


def check_length(text: str, field: str, most: int) -> None:
    """Refuse a field with more characters than it may have."""
    if len(text) > most:
        raise Invalid(TOO_LONG, field=field, most=most)


def check_link(url: str, field: str = "url") -> None:
    """Refuse what is no address of a page elsewhere; nothing at all is taken."""
    check_length(url, field, URL_MAX)
    if url and not is_link(url):
        raise Invalid("Please enter an address that begins with https://.", field=field)


def check_not_to_come(day: date, today: date, field: str) -> None:
    """Refuse a day that is still to come where the law runs."""
    if day > today:
        raise Invalid("This day has not come yet.", field=field)


@dataclass(frozen=True, slots=True)
class Correction:
    """That something was entered wrongly: when and why it was put right, and what it was."""

    at: datetime
    why: str
    was: Mapping[str, Any]


def changed(row: object, said: Any) -> dict[str, Any]:
    """What the columns of `row` named like the fields of `said` hold, where that is different."""
    names = [field.name for field in fields(said)]
    return {name: getattr(row, name) for name in names if getattr(row, name) != getattr(said, name)}


def noted(was: Mapping[str, Any], why: str, now: datetime) -> dict[str, Any]:
    """A correction as a row of JSON keeps it. Raises Invalid without a reason."""
    if not why:
        raise Invalid("Please give the reason: everybody can read it.", field="why")
    check_length(why, "why", WHY_MAX)
    if not was:
        raise Invalid("Nothing is different from what is recorded.", field="why")
    kept = {
        name: value.isoformat() if isinstance(value, date) else value for name, value in was.items()
    }
    return {"at": now.isoformat(), "why": why, "was": kept}


def corrections(kept: list[dict[str, Any]]) -> list[Correction]:
    """The corrections of a row, the newest first."""
    return [
        Correction(datetime.fromisoformat(one["at"]), one["why"], one["was"])
        for one in reversed(kept)
    ]
