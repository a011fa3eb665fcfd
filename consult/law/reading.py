"""[pure] Calendar files → decreed days: CSV and ICS, each problem with its line.

A file is taken whole or not at all. Writing such files is writing.py.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any

from icalendar import Calendar, Component, vBroken, vCategory

from consult.errors import N_, Invalid, TooLarge
from consult.law.rules import FIRST_YEAR, LAST_YEAR, MOST_DAYS, NAME_CHARS, DecreedDay
from consult.procedure.calendars import DAY, DayKind
from consult.spreadsheets import RUN_AS_FORMULA
from drafts.importing.encoding import decoded

MOST_BYTES = 500_000  # of two thousand days in the longer of the two formats
MOST_NESTING = 4  # a calendar, an event, its alarm
COLUMNS = {
    "date": "date day дата күн күнү күні датасы",
    "kind": "kind type вид тип түрү түрі",
    "name": "name note название наименование примечание аталышы атауы аты",
}
# The words of the interface's languages; the first of each is what writing.py writes.
WORDS: Mapping[DayKind, Mapping[str, tuple[str, ...]]] = {
    DayKind.WORKING: {
        "en": ("Working day", "working", "workday"),
        "ru": ("Рабочий день", "рабочий"),
        "ky": ("Жумуш күнү", "иш күнү", "жумушчу күн", "жумуш"),
        "kk": ("Жұмыс күні", "жұмыс"),
    },
    DayKind.DAY_OFF: {
        "en": ("Day off", "off"),
        "ru": ("Выходной день", "выходной"),
        "ky": ("Дем алыш күнү", "эс алуу күнү", "дем алыш"),
        "kk": ("Демалыс күні", "демалыс"),
    },
    DayKind.HOLIDAY: {
        "en": ("Public holiday", "holiday", "holidays"),
        "ru": ("Праздничный день", "праздник", "праздничный"),
        "ky": ("Майрам күнү", "майрамдык күн", "майрам"),
        "kk": ("Мереке күні", "мейрам күні", "мереке", "мейрам"),
    },
}
KINDS = {
    word.casefold(): kind for kind, said in WORDS.items() for of in said.values() for word in of
}
KINDS |= {kind.value.replace("_", " "): kind for kind in DayKind}
LOCAL_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")

NO_DATE = N_("Line {line}: “{text}” is no date. Write 2026-12-31 or 31.12.2026.")
NO_KIND = N_("Line {line}: “{text}” is no kind of day. There are: {kinds}.")
WRONG_YEAR = N_("Line {line}: only the years {first} to {last} can be entered.")
TWO_KINDS = N_("Line {line}: {day} is another kind of day in line {other}.")
LONG_NAME = N_("Line {line}: the name of {day} is too long: at most {most} characters.")
MORE_CELLS = N_(
    "Line {line} has more columns than the heading. Put words with a comma in quotation marks."
)
UNREADABLE = N_("Line {line}: this cannot be read.")
NO_HEADING = N_("The first line must name the columns: date, kind, name.")
NO_EVENTS = N_("This calendar file cannot be read: {reason}")
HAS_TIME = N_("Line {line}: this event has a time of day. Only whole days can be taken.")
REPEATS = N_("Line {line}: this event repeats. Give it once for each of its days.")
CANCELLED = N_("Line {line}: this event is cancelled. Delete it from the file.")
NO_DAY = N_("Line {line}: this event does not say on which day it begins and ends.")
BACKWARDS = N_("Line {line}: this event ends before it begins.")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a file: a translatable template and its values, the line among them."""

    message: str
    params: Mapping[str, Any]

    def __str__(self) -> str:
        return self.message.format(**self.params)


@dataclass
class Reading:
    """What a file says: its days in order, and what is wrong with it; one problem spoils it all."""

    problems: list[Problem] = field(default_factory=list)
    _found: dict[date, tuple[int, DecreedDay]] = field(default_factory=dict)

    @property
    def days(self) -> list[DecreedDay]:
        return sorted(day for _, day in self._found.values())

    def wrong(self, message: str, line: int, **params: Any) -> None:
        """Note a problem of a line."""
        self.problems.append(Problem(message, {"line": line, **params}))

    def take(self, line: int, on: date, kind: DayKind, name: str) -> None:
        """Note a day; two names of one feast stand together, two kinds of one day are wrong."""
        name = " ".join(name.split())
        other, known = self._found.get(on, (line, None))
        if known and known.name:
            said = known.name.split(", ")
            name = known.name if not name or name in said else f"{known.name}, {name}"
        if known and known.kind is not kind:
            self.wrong(TWO_KINDS, line, day=on, other=other)
        elif not FIRST_YEAR <= on.year <= LAST_YEAR:
            self.wrong(WRONG_YEAR, line, first=str(FIRST_YEAR), last=str(LAST_YEAR))
        elif len(name) > NAME_CHARS:
            self.wrong(LONG_NAME, line, day=on, most=NAME_CHARS)
        else:
            self._found[on] = other, DecreedDay(on, kind, name)
        if len(self._found) > MOST_DAYS:
            raise Invalid("At most {most} days can be taken at once.", most=MOST_DAYS)


def read_bytes(data: bytes) -> Reading:
    """The days of a CSV or ICS file, told apart by what is in it. Raises TooLarge, Invalid."""
    _check_size(len(data))
    return read_text(text_of(data))


def text_of(data: bytes) -> str:
    """The letters of a file, to be shown and corrected. Raises TooLarge, and Invalid if binary."""
    _check_size(len(data))
    return decoded(data).removeprefix("\ufeff") if data.strip() else ""


def read_text(text: str) -> Reading:
    """The days of what was pasted: the lines of a table, or an ICS file.

    Raises Invalid or TooLarge for what can be given no line.
    """
    _check_size(len(text))
    text = text.removeprefix("\ufeff")
    reading = Reading()
    if text.lstrip().upper().startswith("BEGIN:"):
        _read_ics(text, reading)
    else:
        _read_csv(text, reading)
    if not (reading.days or reading.problems):
        raise Invalid("There is no day in this.")
    return reading


def _check_size(length: int) -> None:
    if length > MOST_BYTES:
        raise TooLarge("A calendar file has at most {most} kilobytes.", most=MOST_BYTES // 1000)


# Tables


def _read_csv(text: str, reading: Reading) -> None:
    lines = text.splitlines(keepends=True)
    begin = next((n for n, line in enumerate(lines) if line.strip()), 0)
    if not lines[begin:]:
        return
    delimiter, places = _heading(lines[begin])
    rows = csv.reader(
        StringIO("".join(lines[begin:]), newline=""), delimiter=delimiter, strict=True
    )
    try:
        heading = next(rows)
        for row in rows:
            cells = [cell.strip() for cell in row]
            if any(cells):
                _read_row(begin + rows.line_num, cells, len(heading), places, reading)
    except csv.Error:
        reading.wrong(UNREADABLE, begin + rows.line_num)


def _heading(line: str) -> tuple[str, Mapping[str, int]]:
    """What separates the cells, and in which of them the date, the kind and the name stand."""
    for delimiter in (";", "\t", ","):
        names = [cell.strip().strip('"').casefold() for cell in line.strip().split(delimiter)]
        places = {
            column: place
            for column, words in COLUMNS.items()
            for place, name in enumerate(names)
            if name in words.split()
        }
        if {"date", "kind"} <= places.keys():
            return delimiter, places
    raise Invalid(NO_HEADING)


def _read_row(
    line: int, cells: Sequence[str], width: int, places: Mapping[str, int], reading: Reading
) -> None:
    said = {column: cells[place] if place < len(cells) else "" for column, place in places.items()}
    on, kind = _date(said["date"]), kind_of(said["kind"])
    if any(cells[width:]):
        reading.wrong(MORE_CELLS, line)
    elif on is None:
        reading.wrong(NO_DATE, line, text=said["date"][:60])
    elif kind is None:
        reading.wrong(NO_KIND, line, text=said["kind"][:60], kinds=", ".join(DayKind))
    else:
        reading.take(line, on, kind, _unquoted(said.get("name", "")))


def _date(text: str) -> date | None:
    try:
        if local := LOCAL_DATE.fullmatch(text):
            return date(int(local[3]), int(local[2]), int(local[1]))
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def kind_of(text: str) -> DayKind | None:
    """The kind of day a word means, in any language of the interface."""
    return KINDS.get(" ".join(text.replace("_", " ").casefold().split()))


def _unquoted(name: str) -> str:
    """A name without the apostrophe that keeps a spreadsheet from running it as a formula."""
    return name[1:] if name.startswith("'") and name[1:].startswith(RUN_AS_FORMULA) else name


# Calendar files (RFC 5545)


def _read_ics(text: str, reading: Reading) -> None:
    begins = list(_begins(text.splitlines()))
    try:
        calendar = Calendar.from_ical(text)
        events = calendar.walk("VEVENT") if calendar.name == "VCALENDAR" else []
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError) as error:
        raise Invalid(NO_EVENTS, reason=str(error)[:120]) from error
    for line, event in zip(begins, events, strict=False):
        _read_event(line, event, reading)


def _begins(lines: Iterable[str]) -> Iterator[int]:
    """The lines on which events begin. Raises Invalid for nesting deeper than any calendar's."""
    depth = 0
    for number, line in enumerate(lines, 1):
        said = line.rstrip().upper()
        depth += said.startswith("BEGIN:") - said.startswith("END:")
        if depth > MOST_NESTING:
            raise Invalid(UNREADABLE, line=number)
        if said == "BEGIN:VEVENT":
            yield number


# What makes an event none of ours, and how that is told.
FOREIGN: tuple[tuple[str, Callable[[Component], bool]], ...] = (
    (REPEATS, lambda event: any(key in event for key in ("RRULE", "RDATE", "RECURRENCE-ID"))),
    (CANCELLED, lambda event: str(event.get("STATUS", "")).upper() == "CANCELLED"),
)


def _read_event(line: int, event: Component, reading: Reading) -> None:
    kinds = {kind for word in _categories(event) if (kind := kind_of(word))} or {DayKind.HOLIDAY}
    wrong, span = _whole_days(event)
    wrong = next((message for message, applies in FOREIGN if applies(event)), wrong)
    if len(kinds) > 1 and not wrong:
        said = ", ".join(_categories(event))[:60]
        reading.wrong(NO_KIND, line, text=said, kinds=", ".join(DayKind))
    elif wrong:
        reading.wrong(wrong, line)
    else:
        kind, summary = kinds.pop(), str(event.get("SUMMARY") or "")
        for on in span:
            reading.take(line, on, kind, "" if kind_of(summary) is kind else summary)


def _whole_days(event: Component) -> tuple[str, list[date]]:
    """What is wrong with the time of an event, if anything, and the days it lasts.

    DTEND is the day after the last; without it and DURATION an event is one day long (3.6.1).
    """
    first, end, length = (_value(event, key) for key in ("DTSTART", "DTEND", "DURATION"))
    if any(isinstance(said, datetime) for said in (first, end)):
        return HAS_TIME, []
    if end is None and length is None and "DTEND" not in event and "DURATION" not in event:
        length = DAY
    if isinstance(first, date) and isinstance(end, date):
        length = end - first
    if not isinstance(first, date) or not isinstance(length, timedelta):
        return NO_DAY, []
    if length != timedelta(days=length.days):
        return HAS_TIME, []
    if length.days < 1:
        return BACKWARDS, []
    if length.days > MOST_DAYS or date.max - first < length:
        raise Invalid("At most {most} days can be taken at once.", most=MOST_DAYS)
    return "", [first + n * DAY for n in range(length.days)]


def _value(event: Component, key: str) -> object:
    """A date, a time or a length; None if it is missing, broken or there several times."""
    found = event.get(key)
    return None if isinstance(found, vBroken) else getattr(found, "dt", None)


def _categories(event: Component) -> list[str]:
    found = event.get("CATEGORIES", [])
    several = found if isinstance(found, list) else [found]
    return [str(word) for one in several if isinstance(one, vCategory) for word in one.cats]
