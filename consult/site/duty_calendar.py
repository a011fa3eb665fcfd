"""Duties of an agency as a calendar (iCalendar, RFC 5545); no HTTP, no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from icalendar import Event
from jinja2 import Template

from consult.law.queries import Law
from consult.obligations.cards import name_of, subject_of
from consult.obligations.ledger.rules import Stored
from consult.obligations.ledger.subjects import Subject
from consult.obligations.registers.published import Falling
from consult.procedure.calendars import DAY
from consult.procedure.deadlines import last_day
from consult.site.calendars import host_of, new_calendar
from consult.site.news import xml_text

DROPPED = frozenset({Stored.CANCELLED.value, Stored.WAIVED.value})


@dataclass(frozen=True, slots=True)
class Almanac:
    """What all entries share: the name of the calendar, its language, where the site is.

    `words` writes an entry: its title, an empty line, what is said of it.
    """

    name: str
    lang: str
    base_url: str
    words: Template

    @property
    def host(self) -> str:
        return host_of(self.base_url)


def calendar_of(rows: Sequence[Falling], almanac: Almanac, law: Law) -> bytes:
    """The document, with lines folded and ended as the standard says."""
    calendar = new_calendar(almanac.name, "Duties")
    for row in rows:
        calendar.add_component(_event(row, almanac, law))
    return bytes(calendar.to_ical())


def _event(row: Falling, almanac: Almanac, law: Law) -> Event:
    """A whole day. Its number rises with each line of the ledger, so that a date that moved is
    taken over; nothing in it depends on the time, so that the same ledgers give the same bytes.
    """
    duty, due_on = row.obligation, last_day(row.due_at, law.tz)
    words = xml_text(almanac.words.render(**_facts(row, law))).strip()
    title, _, about = words.partition("\n\n")
    event = Event()
    event.add("uid", _uid(row, almanac.host))
    event.add("dtstamp", row.changed_at)
    event.add("last-modified", row.changed_at)
    event.add("sequence", row.lines)
    event.add("dtstart", due_on)
    event.add("dtend", due_on + DAY)
    event.add("summary", " ".join(title.split()))
    event.add("description", about.strip())
    event.add("url", _page(row, almanac.base_url))
    event.add("status", _status(duty.state, duty.preliminary))
    event.add("transp", "TRANSPARENT")
    return event


def _facts(row: Falling, law: Law) -> dict[str, Any]:
    rule = law.pack.rules.get(row.obligation.rule_code)
    return {
        "duty": row.obligation,
        "name_of_duty": name_of(law.pack, row.obligation),
        "subject": subject_of(row.obligation),
        "draft": row.draft,
        "round": row.round,
        "n": row.n,
        "citation": rule.citation if rule else "",
    }


def _uid(row: Falling, host: str) -> str:
    duty = row.obligation
    if Subject.read(duty.subject).is_single:
        return f"duty-{duty.duty}-{duty.consultation_id}@{host}"
    return f"duty-{duty.id}@{host}"


def _page(row: Falling, base_url: str) -> str:
    duty = row.obligation
    return base_url + (
        f"/drafts/{duty.draft_id}/duties" if row.n > 1 else f"/obligations/{duty.id}"
    )


def _status(state: str, preliminary: bool) -> str:
    """TENTATIVE: the day may still move."""
    if state in DROPPED:
        return "CANCELLED"
    return "TENTATIVE" if preliminary or state == Stored.PAUSED.value else "CONFIRMED"
