"""[pure] What makes a version of a rule, what a calendar act says, and what it would change."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from consult.errors import Invalid
from consult.procedure.calendars import Calendar, Day, DayKind
from consult.procedure.deadlines import DeadlineRule

# What may be written better without changing the law: advice to the operator, where it was found.
ASIDE = frozenset({"note", "source", "proposed", "confirmed"})
FIRST_YEAR, LAST_YEAR = 2000, 2100  # the feasts of other years the calendar does not know
MOST_DAYS = 2_000
NAME_CHARS = 200
DOCUMENT_CHARS = REASON_CHARS = 500
NEXT_YEAR_FROM = 10  # the month: by then next year's calendar is usually decreed


def content(rule: DeadlineRule) -> dict[str, Any]:
    """A rule as plain values, from which `DeadlineRule.model_validate` makes it again."""
    return rule.model_dump(mode="json")


def fingerprint(rule: DeadlineRule) -> str:
    """A SHA-256 of what a rule says, in hexadecimal; equal for rules that say the same.

    What a rule does not say is left out, so that a new field does not unsettle every rule.
    """
    said = rule.model_dump(mode="json", exclude=set(ASIDE), exclude_defaults=True)
    for key, value in said.items():
        if isinstance(value, list):
            said[key] = sorted(value, key=str)
    return _hash(said)


def _hash(said: object) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True, order=True)
class DecreedDay:
    """What a decree makes of a day; `name` is that of a feast, or why the day was moved."""

    on: date
    kind: DayKind
    name: str = ""


def digest_of_days(document: str, days: Iterable[DecreedDay]) -> str:
    """A SHA-256 of days decreed by a document, in whatever order."""
    return _hash([document, *([day.on.isoformat(), day.kind, day.name] for day in sorted(days))])


def digest_of_year(year: int) -> str:
    """A SHA-256 of the statement that a year is final, on whatever document."""
    return _hash(year)


def check_days(days: Sequence[DecreedDay]) -> None:
    """Raise Invalid unless each day is there once, has a known year and a name that fits."""
    if not days:
        raise Invalid("There is no day in this.", field="text")
    if len(days) > MOST_DAYS:
        raise Invalid("At most {most} days can be taken at once.", field="text", most=MOST_DAYS)
    if len({day.on for day in days}) < len(days):
        raise Invalid("A day is there twice.", field="text")
    for day in days:
        check_year(day.on.year)
        if len(day.name) > NAME_CHARS:
            raise Invalid(
                "This is too long: at most {max_length} characters.",
                field="text",
                max_length=NAME_CHARS,
            )


def check_year(year: int) -> None:
    """Raise Invalid for a year that no calendar here reaches."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid(
            "Only the years {first} to {last} can be entered.",
            field="year",
            first=str(FIRST_YEAR),
            last=str(LAST_YEAR),
        )


def unconfirmed_years(calendar: Calendar, today: date) -> list[int]:
    """The years whose calendar should be final by now and is not: this one, soon the next."""
    wanted = [today.year, today.year + 1] if today.month >= NEXT_YEAR_FROM else [today.year]
    return [year for year in wanted if year not in calendar.confirmed_years]


@dataclass(frozen=True, slots=True)
class Change:
    """A decreed day beside what the calendar says of it so far."""

    day: DecreedDay
    before: Day

    @property
    def counts(self) -> bool:
        """Whether terms are counted otherwise because of it."""
        return self.before.working is not (self.day.kind is DayKind.WORKING)


def changes(calendar: Calendar, days: Iterable[DecreedDay]) -> list[Change]:
    """What days would change, in order."""
    return [Change(day, calendar.day(day.on)) for day in sorted(days)]
