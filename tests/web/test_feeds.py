"""Feeds: what RFC 4287 demands of them, and what they tell."""

from datetime import datetime, timedelta

import pytest
from lxml import etree

from consult.platform import Platform
from consult.site.news import tag_uri, xml_text
from drafts.models import Draft
from tests import factories
from tests.beginnings import begin
from tests.client import Client
from tests.conftest import START, TestClock
from tests.discussed import make_discussed

ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ("/feeds/drafts.atom", "/feeds/reports.atom", "/feeds/drafts.atom?agency=MOJ&lang=ru")


@pytest.fixture
def visitor(platform: Platform) -> Client:
    """A visitor to a site with a draft that was reported on, and one opened a day later."""

    def make() -> None:
        with platform.database.writing() as session:
            scene = make_discussed(session)
            scene.report()
            scene.draft.titles = {"en": "On libraries & <books>\x0b", "ru": "О библиотеках"}
            scene.draft.summaries = {"en": "One in each village."}
            session.add(scene.draft)
            agency = factories.make_agency(session, "MOH")
            factories.open_draft(session, agency=agency, now=START + timedelta(days=1))

    begin(platform, __name__, make)
    return Client(platform)


def read(client: Client, url: str) -> etree._Element:
    response = client.get(url, budget=3)
    assert response.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return etree.fromstring(response.content)


def one(element: etree._Element, name: str) -> str:
    """The text of a child that must be there exactly once."""
    (child,) = element.findall(ATOM + name)
    return child.text or ""


def links(element: etree._Element) -> dict[str, str]:
    return {link.get("rel", ""): link.get("href", "") for link in element.findall(f"{ATOM}link")}


@pytest.mark.parametrize("url", FEEDS)
def test_a_feed_has_what_the_standard_demands(visitor: Client, url: str) -> None:
    feed = read(visitor, url)
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        assert one(element, "id").startswith("tag:127.0.0.1,2026:")
        assert one(element, "title")
        assert datetime.fromisoformat(one(element, "updated")).tzinfo is not None
        assert element.find(f"{ATOM}author/{ATOM}name").text
        assert links(element)["alternate"].startswith("http://127.0.0.1:8000/")
    assert links(feed)["self"] == "http://127.0.0.1:8000" + (
        url if "ru" not in url else "/feeds/drafts.atom?lang=ru&agency=MOJ"
    )
    ids = [one(entry, "id") for entry in feed.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids)) >= 1


@pytest.mark.parametrize("url", [*FEEDS, "/feeds/plan.atom", "/feeds/drafts.atom?agency=JK"])
def test_a_feed_that_has_not_changed_is_not_sent_again(
    platform: Platform, clock: TestClock, visitor: Client, url: str
) -> None:
    with platform.database.writing() as session:
        factories.make_agency(session, "JK")  # an agency without news
    tag = visitor.get(url).headers["etag"]
    clock.forward(minutes=5)
    for known in (tag, f'W/{tag}, "other"', "*"):
        assert not visitor.get(url, status=304, headers={"If-None-Match": known}).content
    assert visitor.get(url, headers={"If-None-Match": '"other"'}).headers["etag"] == tag


def test_the_newest_comes_first_and_dates_the_feed(visitor: Client) -> None:
    feed = read(visitor, "/feeds/drafts.atom")
    times = [one(entry, "updated") for entry in feed.iter(f"{ATOM}entry")]
    assert times == sorted(times, reverse=True)
    assert one(feed, "updated") == times[0]
    assert len(times) == 2


def test_an_entry_keeps_its_name_whatever_changes(visitor: Client, platform: Platform) -> None:
    before = [one(e, "id") for e in read(visitor, "/feeds/drafts.atom").iter(f"{ATOM}entry")]
    with platform.database.writing() as session:
        draft = session.get_one(Draft, 1)
        draft.titles, draft.stage = {"en": "Renamed"}, "adopted"
        session.add(draft)
    after = [one(e, "id") for e in read(visitor, "/feeds/drafts.atom").iter(f"{ATOM}entry")]
    assert before == after


def test_a_title_may_hold_what_xml_may_not(visitor: Client) -> None:
    entries = read(visitor, "/feeds/reports.atom").findall(f"{ATOM}entry")
    assert one(entries[0], "title") == "On libraries & <books>"
    assert links(entries[0])["alternate"] == "http://127.0.0.1:8000/drafts/1/report/1"


def test_a_feed_is_in_the_language_of_its_address(visitor: Client) -> None:
    feed = read(visitor, "/feeds/drafts.atom?lang=ru&agency=MOJ")
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "ru"
    assert "Министерство MOJ" in one(feed, "title")
    (entry,) = feed.findall(f"{ATOM}entry")
    assert one(entry, "title") == "О библиотеках"
    english = read(visitor, "/feeds/drafts.atom?lang=en")
    assert one(english, "id") != one(feed, "id")


def test_a_feed_of_an_agency_holds_its_drafts_only(visitor: Client) -> None:
    assert len(read(visitor, "/feeds/drafts.atom?agency=MOH").findall(f"{ATOM}entry")) == 1
    assert read(visitor, "/feeds/reports.atom?agency=MOH").findall(f"{ATOM}entry") == []
    visitor.get("/feeds/drafts.atom?agency=NONE", status=404)


def test_an_empty_feed_is_a_feed(platform: Platform) -> None:
    feed = read(Client(platform), "/feeds/drafts.atom")
    assert one(feed, "updated") == "2026-09-06T18:00:00+00:00"  # the same all day, in Bishkek


def test_the_list_of_feeds_leads_to_each(visitor: Client) -> None:
    page = visitor.get("/feeds").text
    for url in (
        "/feeds/drafts.atom?lang=ky",
        "/feeds/reports.atom?lang=en",
        "/feeds/drafts.atom?agency=MOH&amp;lang=en",
    ):
        assert f'href="{url}"' in page


def test_control_characters_and_half_letters_are_left_out_of_xml() -> None:
    assert xml_text("a\x00b\x0bc\ud800d\ufffe\tЖ😀") == "abcd\tЖ😀"


def test_a_name_by_tag_depends_on_the_host_alone() -> None:
    assert (
        tag_uri("https://kenesh.example:8443/x", "drafts/1") == "tag:kenesh.example,2026:drafts/1"
    )
