"""Feeds of duties: a calendar that programs take, Atom that is valid, nothing sent twice."""

import re
from datetime import date, datetime, timedelta

import pytest
from icalendar import Calendar
from lxml import etree

from consult.law.queries import law_of
from consult.obligations.ledger.rules import Kind
from consult.obligations.models import Obligation, ObligationEvent
from consult.obligations.writing import write
from consult.platform import Platform
from consult.procedure.deadlines import last_day
from tests import factories
from tests.beginnings import kept
from tests.conftest import START, TestClock
from tests.duties import Case, make_case

ATOM = "{http://www.w3.org/2005/Atom}"
ICS_URL, ATOM_URL, OVERDUE = (
    "/agencies/MOJ/duties.ics",
    "/agencies/MOJ/duties.atom",
    "/feeds/overdue.atom",
)
BASIS = {"basis": "Law № 1, art. 2", "reason": "Snow & <ice>\x0b", "approved_by": 2}


@pytest.fixture
@kept
def case(platform: Platform, clock: TestClock) -> Case:
    """A consultation that has closed; its title wants escaping everywhere."""
    made = make_case(platform, clock, title="Libraries; & <books>,\nтом 1 " + "я" * 200 + "\x0b")
    made.close()
    return made


def write_line(case: Case, code: str, kind: Kind, data: dict[str, object]) -> None:
    """Another line of a ledger, as a person would have it written."""
    now = case.clock.forward(hours=1)
    with case.platform.database.writing() as session:
        duty = session.get_one(Obligation, case.duty(code).id)
        law = law_of(session, case.platform.pack)
        write(session, law, duty, kind, now, data, now=now, actor_id=1)


def more_like(case: Case, code: str, n: int, subject: str = "") -> None:
    """More duties that stand as one does, each with a ledger of one line."""
    one, now = case.duty(code).model_dump(exclude={"id", "key", "subject"}), case.clock.now
    line = {"seq": 1, "kind": "created", "at": now, "recorded_at": now}
    with case.platform.database.writing() as session:
        for number in range(1, n + 1):
            duty = Obligation(**one, key=f"more:{number}", subject=subject.format(n=number))
            session.add(duty)
            session.flush()
            session.add(ObligationEvent(obligation_id=duty.id or 0, **line))


def calendar(case: Case, url: str = ICS_URL) -> Calendar:
    response = case.browser().get(url)
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.content)


def event_of(case: Case, code: str, url: str = ICS_URL) -> dict[str, object]:
    uid = f"duty-{case.duty(code).id}@127.0.0.1"
    (event,) = (one for one in calendar(case, url).events if one["uid"] == uid)
    return event


def entries(case: Case, url: str = ATOM_URL) -> list[dict[str, str]]:
    response = case.browser().get(url)
    assert response.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = etree.fromstring(response.content)
    return [
        {child.tag.removeprefix(ATOM): child.text or "" for child in entry}
        for entry in feed.iter(f"{ATOM}entry")
    ]


# The calendar.


def test_a_calendar_keeps_to_the_letter_of_the_standard(case: Case) -> None:
    text = case.browser().get(ICS_URL).content.decode()
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\x0b" not in text
    for needed in ("VERSION:2.0", "PRODID:", "METHOD:PUBLISH", "X-WR-CALNAME:Duties: Ministry MOJ"):
        assert needed in text
    for event in text.split("BEGIN:VEVENT")[1:]:
        for needed in ("UID", "DTSTAMP", "SEQUENCE", "LAST-MODIFIED", "STATUS", "SUMMARY"):
            assert len(re.findall(rf"^{needed}[:;]", event, re.MULTILINE)) == 1, needed
        assert re.search(r"^DTSTAMP:\d{8}T\d{6}Z\r$", event, re.MULTILINE)
        assert re.search(r"^DTSTART;VALUE=DATE:\d{8}\r$", event, re.MULTILINE)


def test_an_entry_is_the_whole_of_the_last_day(case: Case) -> None:
    event = event_of(case, "report")
    last = last_day(case.due_at("report"), case.platform.pack.tz)
    assert event["dtstart"].dt == last
    assert event["dtend"].dt == last + timedelta(days=1)
    assert "Libraries; & <books>" in event["summary"]
    assert event["url"] == f"http://127.0.0.1:8000/obligations/{case.duty('report').id}"
    assert event["status"] == "TENTATIVE"  # the calendar of the year is not confirmed


def test_the_title_of_an_entry_is_short_and_the_law_stands_in_what_is_said_of_it(
    case: Case,
) -> None:
    event, pack = event_of(case, "report"), case.platform.pack
    citation = pack.rules[case.duty("report").rule_code].citation
    assert citation in event["description"]
    assert citation not in event["summary"]


def test_an_entry_keeps_its_name_and_its_number_rises_when_the_day_moves(case: Case) -> None:
    before = event_of(case, "report")
    write_line(case, "report", Kind.EXTENDED, {**BASIS, "extra": 2})
    after = event_of(case, "report")
    assert after["dtstart"].dt > before["dtstart"].dt
    assert after["sequence"] > before["sequence"]
    assert after["last-modified"].dt > before["last-modified"].dt


def test_what_was_waived_is_cancelled_in_the_calendar_for_a_while(case: Case) -> None:
    write_line(case, "report", Kind.WAIVED, BASIS)
    assert event_of(case, "report")["status"] == "CANCELLED"
    case.clock.forward(days=200)
    uids = {event["uid"] for event in calendar(case).events}
    assert f"duty-{case.duty('report').id}@127.0.0.1" not in uids


def test_a_calendar_is_in_the_language_of_its_address(case: Case) -> None:
    russian = event_of(case, "report", f"{ICS_URL}?lang=ru")
    assert case.platform.pack.duties["report"].names.ru in russian["summary"]
    assert russian["uid"] == event_of(case, "report")["uid"]
    assert "Министерство MOJ" in calendar(case, f"{ICS_URL}?lang=ru")["x-wr-calname"]


def test_what_is_owed_for_single_comments_is_one_entry(case: Case) -> None:
    more_like(case, "report", 30, "comment:{n}")
    summaries = [event["summary"] for event in calendar(case).events]
    assert len([words for words in summaries if "(30)" in words]) == 1


def test_an_agency_without_duties_has_an_empty_calendar(case: Case) -> None:
    with case.platform.database.writing() as session:
        factories.make_agency(session, "NEW", kind="parliament")
    assert calendar(case, "/agencies/NEW/duties.ics").events == []
    case.browser().get("/agencies/NONE/duties.ics", status=404)


# Atom.


@pytest.mark.parametrize("url", [ATOM_URL, f"{ATOM_URL}?lang=ru", OVERDUE])
def test_a_feed_has_what_the_standard_demands(case: Case, url: str) -> None:
    case.drain(case.due_at("report") + timedelta(days=30))
    feed = etree.fromstring(case.browser().get(url).content)
    ids = []
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(ATOM + name)) == 1
        assert element.findtext(f"{ATOM}title")
        assert element.findtext(f"{ATOM}id").startswith("tag:127.0.0.1,2026:")
        assert element.find(f"{ATOM}author/{ATOM}name").text
        assert datetime.fromisoformat(element.findtext(f"{ATOM}updated")).tzinfo is not None
        ids.append(element.findtext(f"{ATOM}id"))
    assert len(ids) == len(set(ids)) > 1
    own = feed.find(f"{ATOM}link[@rel='self']").get("href")
    assert own == "http://127.0.0.1:8000" + url


def test_a_feed_tells_what_the_ledgers_say(case: Case) -> None:
    write_line(case, "report", Kind.EXTENDED, {**BASIS, "extra": 2})
    newest = entries(case)[0]
    assert "Report on the consultation: extended, now due by" in newest["title"]
    assert "Snow & <ice>" in newest["summary"]
    assert newest["id"].endswith(f":duties/{case.duty('report').id}/3")
    assert any("fulfilled on time" in entry["title"] for entry in entries(case))


def test_that_a_term_ran_out_is_told_at_that_instant_and_stays_told(case: Case) -> None:
    due_at = case.due_at("report")
    case.drain(due_at + timedelta(days=7))

    def overdue() -> list[dict[str, str]]:
        return [e for e in entries(case) if "Report on" in e["title"] and "overdue" in e["title"]]

    (told,) = overdue()
    assert told["updated"] == due_at.isoformat()
    case.publish()
    assert overdue() == [told]
    assert any("fulfilled late" in entry["title"] for entry in entries(case))


def test_the_feed_of_overdue_duties_begins_with_the_day_the_public_is_told(case: Case) -> None:
    assert entries(case, OVERDUE) == []
    case.drain(case.noon("report", 5))
    told = [entry for entry in entries(case, OVERDUE) if "Report on" in entry["title"]]
    assert len(told) == 1
    last = last_day(case.due_at("report"), case.platform.pack.tz)
    on = case.platform.pack.calendar().shift(last, 5)
    assert datetime.fromisoformat(told[0]["updated"]).astimezone(case.platform.pack.tz).date() == on
    case.publish()
    assert not [entry for entry in entries(case, OVERDUE) if "Report on" in entry["title"]]


@pytest.mark.parametrize("url", [ICS_URL, ATOM_URL, OVERDUE])
def test_what_has_not_changed_is_not_sent_again(case: Case, url: str) -> None:
    browser = case.browser()
    case.clock.forward(hours=6)  # away from midnight
    tag = browser.get(url).headers["etag"]
    case.clock.forward(minutes=5)
    for known in (tag, f'W/{tag}, "other"', "*"):
        again = browser.get(url, status=304, headers={"If-None-Match": known})
        assert not again.content
    browser.get(url, headers={"If-None-Match": '"other"'})
    case.drain(case.noon("report", 8))
    if url != OVERDUE:
        case.publish()
    assert browser.get(url).headers["etag"] != tag


@pytest.mark.parametrize("url", [ICS_URL, ATOM_URL, OVERDUE])
def test_a_feed_costs_the_same_however_much_is_owed(case: Case, url: str) -> None:
    case.drain(case.noon("report", 6))
    more_like(case, "report", 60)
    case.browser().get(url, budget=5)


def test_a_calendar_holds_a_year_ahead_and_no_more(case: Case) -> None:
    days = [event["dtstart"].dt for event in calendar(case).events]
    today = START.date()
    assert all(isinstance(day, date) and day < today + timedelta(days=500) for day in days)
