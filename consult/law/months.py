"""[pure] A year of the calendar laid out for people: months, weeks, days with their names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from babel.dates import get_day_names, get_month_names

from consult.i18n.catalogues import LOCALES
from consult.law.rules import DecreedDay
from consult.procedure.calendars import DAY, WEEK, Calendar, DayKind

# What each reason of the calendar makes of a day that is not as its week says.
KIND_OF = {
    "holiday": DayKind.HOLIDAY,
    "decreed_holiday": DayKind.HOLIDAY,
    "made_day_off": DayKind.DAY_OFF,
    "made_working": DayKind.WORKING,
}


@dataclass(frozen=True, slots=True)
class Decree:
    """What a document says of a day."""

    day: DecreedDay
    document: str


@dataclass(frozen=True, slots=True)
class DayShown:
    """A day as a page shows it; `kind` is empty where it is as its week says."""

    on: date
    working: bool
    kind: DayKind | None
    name: str
    document: str


@dataclass(frozen=True)
class MonthShown:
    """A month: its weeks from Monday to Sunday, None where a day belongs to another month."""

    first: date
    name: str
    days: Sequence[DayShown]

    @cached_property
    def weeks(self) -> list[list[DayShown | None]]:
        cells: list[DayShown | None] = [*[None] * self.first.weekday(), *self.days]
        cells += [None] * (-len(cells) % WEEK)
        return [cells[n : n + WEEK] for n in range(0, len(cells), WEEK)]

    @cached_property
    def special(self) -> list[DayShown]:
        """The days that are not as their week says."""
        return [day for day in self.days if day.kind]

    @cached_property
    def special_groups(self) -> list[list[DayShown]]:
        """The same, those together that have the same name and rest on the same document."""
        groups: dict[tuple[object, ...], list[DayShown]] = {}
        for day in self.special:
            groups.setdefault((day.kind, day.name, day.document), []).append(day)
        return list(groups.values())

    @property
    def working(self) -> int:
        return sum(day.working for day in self.days)


def months_of(
    calendar: Calendar, decreed: Mapping[date, Decree], year: int, lang: str, language: str
) -> list[MonthShown]:
    """The twelve months of a year in a language of the interface.

    `language` is what the `holidays` library calls the one in which it is to name feasts.
    """
    days = list(_days(calendar, decreed, year, language))
    firsts = [date(year, month, 1) for month in range(1, 13)]
    return [
        MonthShown(
            first, month_name(first, lang), [day for day in days if day.on.month == first.month]
        )
        for first in firsts
    ]


def month_name(first: date, lang: str) -> str:
    """A month as the heading of a page has it: "Январь"."""
    name = str(get_month_names("wide", "stand-alone", LOCALES[lang])[first.month])
    return name[:1].upper() + name[1:]


def weekday_names(lang: str) -> list[tuple[str, str]]:
    """The days of the week from Monday on: in a few letters, and in full."""
    short, full = (get_day_names(width, locale=LOCALES[lang]) for width in ("short", "wide"))
    return [(str(short[n]), str(full[n])) for n in range(WEEK)]


def special_days(months: Iterable[MonthShown]) -> list[DecreedDay]:
    """What has to be known beside the days of the week, such as a calendar file says it."""
    return [
        DecreedDay(day.on, day.kind, day.name)
        for month in months
        for day in month.special
        if day.kind
    ]


def _days(
    calendar: Calendar, decreed: Mapping[date, Decree], year: int, language: str
) -> Iterable[DayShown]:
    on = date(year, 1, 1)
    while on.year == year:
        day, decree = calendar.day(on), decreed.get(on)
        kind = KIND_OF.get(day.reason.code)
        feast = calendar.holiday_name(on, language) if kind is DayKind.HOLIDAY else ""
        yield DayShown(
            on=on,
            working=day.working,
            kind=kind,
            name=(decree.day.name if decree else "") or feast,
            document=decree.document if decree else "",
        )
        on += DAY
