"""Calendars (iCalendar, RFC 5545): what all have in common; entries that are no duties. No HTTP."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from icalendar import Calendar, Event

from consult.procedure.calendars import DAY
from consult.site.news import xml_text

AGAIN = timedelta(hours=12)  # when a program should look at the calendar again


@dataclass(frozen=True, slots=True)
class Entry:
    """A whole day, or what `lasts` from one instant to another. `name` stays for ever; `n` rises
    whenever anything of it is changed, so that a day that moved is taken over; `changed_at` is
    when."""

    name: str
    n: int
    changed_at: datetime
    day: date
    title: str
    about: str
    url: str
    status: str = "CONFIRMED"
    lasts: tuple[datetime, datetime] | None = None
    place: str = ""


def new_calendar(name: str, product: str = "Drafts") -> Calendar:
    """A calendar without entries; its name is one line, whatever an agency is called."""
    calendar, name = Calendar(), " ".join(xml_text(name).split())
    calendar.add("prodid", f"-//Kenesh//{product}//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for key in ("name", "x-wr-calname"):  # RFC 7986, and what programs knew before it
        calendar.add(key, name)
    calendar.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", AGAIN)
    return calendar


def host_of(base_url: str) -> str:
    return urlsplit(base_url).hostname or "localhost"


def calendar_of(name: str, entries: Iterable[Entry], base_url: str) -> bytes:
    """The document. Nothing in it depends on the time: the same entries give the same bytes."""
    calendar = new_calendar(name)
    for entry in entries:
        event = Event()
        event.add("uid", f"{entry.name}@{host_of(base_url)}")
        event.add("dtstamp", entry.changed_at)
        event.add("last-modified", entry.changed_at)
        event.add("sequence", entry.n)
        begins, ends = entry.lasts or (entry.day, entry.day + DAY)
        event.add("dtstart", begins)
        event.add("dtend", ends)
        event.add("summary", " ".join(xml_text(entry.title).split()))
        event.add("description", xml_text(entry.about))
        event.add("url", base_url + entry.url)
        event.add("status", entry.status)
        event.add("transp", "OPAQUE" if entry.lasts else "TRANSPARENT")
        if entry.place:
            event.add("location", " ".join(xml_text(entry.place).split()))
        calendar.add_component(event)
    return bytes(calendar.to_ical())
