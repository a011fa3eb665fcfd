"""[pure] Which days are worked. The `holidays` library is the base; decreed days override it.

Nothing of a country stands here: its code and weekly days off come from the rule pack, its
decrees from whoever keeps the calendar. How days are counted is the business of deadlines.py.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache

from holidays import country_holidays

from consult.errors import N_, Invalid

DAY = timedelta(days=1)
WEEK = 7
# The feasts of what lies outside are not known to the library, and no term of law runs so far.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)


class DayKind(StrEnum):
    """What a decree makes of a day."""

    WORKING = "working"  # a day off that is worked, such as a transferred Saturday
    DAY_OFF = "day_off"  # a working day transferred elsewhere
    HOLIDAY = "holiday"  # a feast fixed by decree


def out_of_range() -> Invalid:
    """The refusal to count with an absurd day; to be raised."""
    return Invalid(
        "Days are counted from {first} to {last} only.",
        first=FIRST_DAY.isoformat(),
        last=LAST_DAY.isoformat(),
    )


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a day counts or not: a stable code, a translatable template and its values."""

    code: str
    text: str
    params: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text.format(**self.params)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a calendar: whether it is worked, and why."""

    on: date
    working: bool
    reason: Reason


# How a decreed day is told: its code, the sentence without a document, and with one.
DECREED: Mapping[DayKind, tuple[str, str, str]] = {
    DayKind.WORKING: (
        "made_working",
        N_("A day off made a working day."),
        N_("A day off made a working day: {basis}."),
    ),
    DayKind.DAY_OFF: (
        "made_day_off",
        N_("A working day made a day off."),
        N_("A working day made a day off: {basis}."),
    ),
    DayKind.HOLIDAY: (
        "decreed_holiday",
        N_("A public holiday fixed by decree."),
        N_("A public holiday fixed by decree: {basis}."),
    ),
}


@lru_cache(maxsize=256)
def _year(
    country: str, subdivision: str, year: int, language: str
) -> tuple[Mapping[date, str], frozenset[date]]:
    """The feasts of a year with their names, and days off that the state made working days.

    Without a language the country's own is named: left to itself, the library would take the
    language of the machine it happens to run on.
    """
    named_in = language or country_holidays(country).default_language
    base = country_holidays(country, subdiv=subdivision or None, years=year, language=named_in)
    return dict(base.items()), frozenset(base.weekend_workdays)


@dataclass(frozen=True)
class Calendar:
    """The working calendar of a country, or of a part of it.

    `weekend` holds weekday numbers, Monday is 0. `overrides` win over everything; `basis` names
    the decree an override rests on. Every date in a year outside `confirmed_years` is preliminary.
    """

    country: str
    weekend: frozenset[int]
    overrides: Mapping[date, DayKind] = field(default_factory=dict)
    confirmed_years: frozenset[int] = frozenset()
    basis: Mapping[date, str] = field(default_factory=dict)
    subdivision: str = ""

    def __post_init__(self) -> None:
        if not self.weekend < frozenset(range(WEEK)):
            raise Invalid("A calendar needs at least one working day a week.")

    @cached_property
    def _seen(self) -> dict[date, Day]:
        return {}  # lists count the same days again and again

    def day(self, on: date) -> Day:
        """Whether the day is worked, with the reason that decided it."""
        if on not in self._seen:
            self._seen[on] = self._look_up(on)
        return self._seen[on]

    def _look_up(self, on: date) -> Day:
        if kind := self.overrides.get(on):
            return self._decreed(on, kind)
        feasts, worked = _year(self.country, self.subdivision, on.year, "")
        if on in worked:
            return self._decreed(on, DayKind.WORKING)
        if name := feasts.get(on):
            return Day(on, False, Reason("holiday", "Not a working day: {name}.", {"name": name}))
        if on.weekday() in self.weekend:
            return Day(on, False, Reason("weekend", "Weekly day off."))
        return Day(on, True, Reason("working", "Working day."))

    def _decreed(self, on: date, kind: DayKind) -> Day:
        code, bare, based = DECREED[kind]
        basis = self.basis.get(on, "")
        reason = Reason(code, based, {"basis": basis}) if basis else Reason(code, bare)
        return Day(on, kind is DayKind.WORKING, reason)

    def is_confirmed(self, on: date) -> bool:
        """Whether the calendar of this day's year is final."""
        return on.year in self.confirmed_years

    def holiday_name(self, on: date, language: str = "") -> str:
        """What the feast of this day is called in a language of the `holidays` library, or ""."""
        return _year(self.country, self.subdivision, on.year, language)[0].get(on, "")

    def days_from(self, first: date) -> Iterator[Day]:
        """The days from `first` on; raises Invalid when it comes to the end of what is known."""
        on = first
        while FIRST_DAY <= on <= LAST_DAY:
            yield self.day(on)
            on += DAY
        raise out_of_range()

    def working_days_between(self, after: date, until: date) -> int:
        """How many working days lie after the one date, up to and including the other.

        Negative when `until` is the earlier of the two: the working days that have passed since.
        Days outside FIRST_DAY to LAST_DAY are not counted.
        """
        if until < after:
            return -self.working_days_between(until, after)
        first, last = max(after + DAY, FIRST_DAY), min(until, LAST_DAY)
        return sum(self.day(first + n * DAY).working for n in range((last - first).days + 1))

    def shift(self, on: date, working_days: int) -> date:
        """The date so many working days after `on` (before it, if negative); 0 is `on` itself."""
        step = DAY if working_days > 0 else -DAY
        left = abs(working_days)
        while left:
            on += step
            left -= self.day(on).working
        return on
