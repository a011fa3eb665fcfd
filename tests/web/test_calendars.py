"""Calendars and feeds of drafts and the plan: valid, with names that stay, nothing sent twice."""

from datetime import timedelta
from email.utils import format_datetime

import pytest
from icalendar import Calendar
from lxml import etree

from consult.consultations.actions import extend
from consult.plans.rules import Wording
from consult.platform import Platform
from consult.worker import drain
from drafts.models import Draft
from tests import factories
from tests.beginnings import begin
from tests.client import Client
from tests.conftest import START, TestClock
from tests.discussed import make_discussed
from tests.planned import make_plan

ATOM = "{http://www.w3.org/2005/Atom}"
TITLE = "Libraries; & <books>,\nтом 1 " + "я" * 200 + "\x0b"


@pytest.fixture
def visitor(platform: Platform) -> Client:
    """A visitor; /drafts/1 is under discussion, its title wants escaping everywhere."""

    def make() -> None:
        with platform.database.writing() as session:
            factories.open_draft(session)
            draft = session.get_one(Draft, 1)
            draft.titles, draft.topic = {"en": TITLE, "ru": "О библиотеках"}, "culture"
            session.add(draft)
        drain(platform, START)

    begin(platform, __name__, make)
    return Client(platform)


def events(client: Client, url: str) -> dict[str, object]:
    response = client.get(url, budget=5)
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))
    calendar = Calendar.from_ical(response.text)
    found = {str(event["uid"]): event for event in calendar.walk("VEVENT")}
    for event in found.values():
        assert not event.errors
        assert event["dtend"].dt - event["dtstart"].dt == timedelta(days=1)
        assert str(event["url"]).startswith("http://127.0.0.1:8000/")
    return found


def extend_it(platform: Platform, clock: TestClock) -> None:
    now = clock.forward(days=1)
    with platform.database.writing() as session:
        draft = session.get_one(Draft, 1)
        closes_at = START + timedelta(days=45)
        extend(
            session,
            actor=factories.OPERATOR,
            draft=draft,
            closes_at=closes_at,
            reason="Many ask for it.",
            now=now,
        )


@pytest.mark.parametrize(
    "url",
    [
        *("/drafts/1/dates.ics", "/feeds/drafts.ics", "/feeds/drafts.ics?topic=culture"),
        *("/feeds/drafts.ics?agency=MOJ&lang=ru", "/feeds/drafts.ics?act_type=law&q=village"),
    ],
)
def test_a_round_has_its_first_and_last_day(visitor: Client, url: str) -> None:
    found = events(visitor, url)
    assert list(found) == ["round-1-1-opens@127.0.0.1", "round-1-1-closes@127.0.0.1"]
    assert found["round-1-1-opens@127.0.0.1"]["dtstart"].dt == START.date()  # type: ignore[index]


@pytest.mark.parametrize(
    "narrow", ["topic=land", "act_type=decree", "q=rivers", "text=ru&q=village"]
)
def test_what_does_not_fit_is_in_no_calendar_and_no_feed(visitor: Client, narrow: str) -> None:
    assert not events(visitor, f"/feeds/drafts.ics?{narrow}")
    feed = etree.fromstring(visitor.get(f"/feeds/drafts.atom?{narrow}").content)
    assert not feed.findall(f"{ATOM}entry")


def test_a_day_that_moves_keeps_its_name_and_raises_its_number(
    visitor: Client, platform: Platform, clock: TestClock
) -> None:
    uid = "round-1-1-closes@127.0.0.1"
    before = events(visitor, "/drafts/1/dates.ics")[uid]
    extend_it(platform, clock)
    after = events(visitor, "/drafts/1/dates.ics")[uid]
    assert after["sequence"] > before["sequence"]  # type: ignore[index]
    assert after["last-modified"].dt > before["last-modified"].dt  # type: ignore[index]
    assert after["dtstart"].dt > before["dtstart"].dt  # type: ignore[index]


def test_a_draft_that_was_taken_back_is_cancelled(visitor: Client, platform: Platform) -> None:
    with platform.database.writing() as session:
        draft = session.get_one(Draft, 1)
        draft.stage = "withdrawn"
        session.add(draft)
    found = events(visitor, "/drafts/1/dates.ics")
    assert {str(event["status"]) for event in found.values()} == {"CANCELLED"}  # type: ignore[index]


URLS = (
    *("/drafts/1/dates.ics", "/feeds/drafts.ics", "/feeds/drafts.atom?topic=culture"),
    *("/drafts/1/news.atom", "/drafts/1/news.atom?lang=ru", "/feeds/reports.atom?q=village"),
)


@pytest.mark.parametrize("url", URLS)
def test_what_has_not_changed_is_not_sent_again(
    visitor: Client, clock: TestClock, url: str
) -> None:
    first = visitor.get(url)
    tag, changed = first.headers["etag"], first.headers["last-modified"]
    clock.forward(minutes=5)
    for known in ({"If-None-Match": tag}, {"If-Modified-Since": changed}):
        assert not visitor.get(url, status=304, headers=known).content
    earlier = format_datetime(START - timedelta(days=90), usegmt=True)
    for stale in (
        {"If-None-Match": '"x"', "If-Modified-Since": changed},
        {"If-Modified-Since": earlier},
        {"If-Modified-Since": "yesterday"},
    ):
        assert visitor.get(url, headers=stale).headers["etag"] == tag


def test_one_draft_tells_all_that_happened_to_it(platform: Platform) -> None:
    with platform.database.writing() as session:
        make_discussed(session).report()
    drain(platform, START)
    feed = etree.fromstring(Client(platform).get("/drafts/1/news.atom", budget=9).content)
    names = [entry.findtext(f"{ATOM}id") or "" for entry in feed.iter(f"{ATOM}entry")]
    assert len(names) == len(set(names))
    kinds = {entry.find(f"{ATOM}category").get("term") for entry in feed.iter(f"{ATOM}entry")}
    assert kinds >= {"version", "opening", "report"}
    assert all(name.startswith("tag:127.0.0.1,2026:drafts/1/") for name in names)


def test_a_draft_that_is_not_public_has_neither(platform: Platform) -> None:
    with platform.database.writing() as session:
        factories.make_draft(session, factories.make_agency(session))
    for url in ("/drafts/1/news.atom", "/drafts/1/dates.ics", "/drafts/9/dates.ics"):
        Client(platform).get(url, status=404)


def test_a_longer_discussion_is_news(visitor: Client, platform: Platform, clock: TestClock) -> None:
    extend_it(platform, clock)
    feed = etree.fromstring(visitor.get("/drafts/1/news.atom").content)
    newest = feed.find(f"{ATOM}entry")
    assert newest.find(f"{ATOM}category").get("term") == "extension"
    assert "Many ask for it." in (newest.findtext(f"{ATOM}summary") or "")


def test_the_plan_is_a_calendar_whose_days_move(platform: Platform, clock: TestClock) -> None:
    plan = make_plan(platform, clock)
    item, other, hidden = (
        plan.add(Wording({"ru": title}, {}, "law", ""), public=title != "On ice")
        for title in ("On roads", "On wells", "On ice")
    )
    visitor = Client(platform)
    uid = f"plan-{item}@127.0.0.1"
    before = events(visitor, "/feeds/plan.ics")
    assert set(before) == {uid, f"plan-{other}@127.0.0.1"}, hidden
    assert str(before[uid]["status"]) == "TENTATIVE"  # type: ignore[index]
    clock.forward(days=1)
    plan.move(item)
    plan.drop(other)
    after = events(visitor, "/feeds/plan.ics")
    assert after[uid]["sequence"] > before[uid]["sequence"]  # type: ignore[index]
    assert str(after[f"plan-{other}@127.0.0.1"]["status"]) == "CANCELLED"  # type: ignore[index]
    assert list(events(visitor, f"/feeds/plan.ics?item={item}")) == [uid]
    for url, entries in ((f"?item={item}", 2), ("?topic=none", 0), ("", 4)):
        feed = etree.fromstring(visitor.get(f"/feeds/plan.atom{url}").content)
        assert len(feed.findall(f"{ATOM}entry")) == entries
    assert not events(visitor, "/feeds/plan.ics?act_type=none")
