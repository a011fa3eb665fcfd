"""[pure] Decreed days → calendar files, such as reading.py takes in again: CSV and ICS."""

from collections.abc import Iterable
from datetime import datetime

from icalendar import Calendar, Event

from consult.law.reading import WORDS
from consult.law.rules import DecreedDay
from consult.procedure.calendars import DAY
from consult.spreadsheets import BYTE_ORDER_MARK, csv_text

COLUMNS = ("date", "kind", "name")


def as_table(days: Iterable[DecreedDay]) -> str:
    """Days as CSV, one a line."""
    return csv_text(COLUMNS, ((day.on.isoformat(), day.kind.value, day.name) for day in days))


def as_lines(days: Iterable[DecreedDay]) -> str:
    """The same, to be shown and corrected in a form."""
    return as_table(days).removeprefix(BYTE_ORDER_MARK).replace("\r\n", "\n")


def as_ics(
    days: Iterable[DecreedDay], *, title: str, source: str, lang: str, changed_at: datetime
) -> bytes:
    """Days as a calendar to subscribe to (RFC 5545). The UID of a day stays the same for ever.

    `source` names the calendar for all the world, such as "kg@kenesh.example"; `changed_at` is
    when it last changed, so that the same days make the same file.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Kenesh//Working calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    for day in days:
        event = Event()
        event.add("uid", f"{day.on.isoformat()}-{source}")
        event.add("dtstamp", changed_at)
        event.add("dtstart", day.on)
        event.add("dtend", day.on + DAY)
        event.add("summary", day.name or WORDS[day.kind][lang][0])
        event.add("categories", [day.kind.value])
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
