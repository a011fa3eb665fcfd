"""Agencies beside one another, years one after another, and what people say of themselves."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from lxml import html
from sqlmodel import Session

from consult.access import Role
from consult.accounts.demographics.models import Demographic
from consult.platform import Platform
from consult.spreadsheets import BYTE_ORDER_MARK
from consult.statistics.metrics import metrics
from tests import factories
from tests.beginnings import begin
from tests.client import Client
from tests.conftest import START, TestClock
from tests.discussed import make_discussed

PAGES = ("/statistics/agencies", "/statistics/years", "/statistics/agencies?show=answering")


@pytest.fixture
def visitor(platform: Platform) -> Client:
    """A visitor to a site with a ministry that answered, and one with nothing to answer."""

    def make() -> None:
        with platform.database.writing() as session:
            make_discussed(session).report()
            factories.open_draft(session, agency=factories.make_agency(session, "MOH"))

    begin(platform, __name__, make)
    return Client(platform)


def test_every_column_leads_to_its_definition_and_no_data_is_no_zero(visitor: Client) -> None:
    for url in PAGES:
        page = visitor.get(url).text
        linked = {part.split('"')[0] for part in page.split("/statistics/definitions#")[1:]}
        assert len(linked) > 8
        assert linked <= set(metrics())
    tree = html.fromstring(visitor.get("/statistics/agencies").text)
    cells = tree.xpath("//tr[contains(., 'Ministry MOH')]/td[@data-label='Share answered']")
    assert [cell.text_content().strip() for cell in cells] == ["no data"]
    assert "of 1" in visitor.get("/statistics/agencies").text  # of how few a share speaks


def test_agencies_are_sorted_by_a_link_and_turned_by_a_second(visitor: Client) -> None:
    def order(sort: str) -> list[str]:
        tree = html.fromstring(visitor.get(f"/statistics/agencies?sort={sort}").text)
        return [name.strip()[-3:] for name in tree.xpath("//tbody//th//a/text()")]

    assert order("comments") == ["MOJ", "MOH"]
    assert order("-comments") == ["MOH", "MOJ"]
    assert order("-share_answered") == ["MOJ", "MOH"]  # no data comes last both ways
    assert order("no_such_figure") == ["MOH", "MOJ"]


def test_all_years_stay_all_years_in_links_files_and_what_is_kept(
    visitor: Client, platform: Platform, clock: TestClock
) -> None:
    with platform.database.writing() as session:
        old = factories.open_draft(session, agency=factories.make_agency(session, "OLD"))
        old.published_at = START - timedelta(days=400)
        deputy = factories.make_person(session, "Deputy", role=Role.PARLIAMENTARIAN)
        token = factories.sign_in_token(session, deputy, clock.now)
    assert "Ministry OLD" not in visitor.get("/statistics/agencies").text
    tree = html.fromstring(visitor.get("/statistics/agencies?year=").text)
    links = {link for link in tree.xpath("//main//@href") if link.startswith(PAGES[0])}
    links -= {PAGES[0]}  # the tab of the page itself
    assert len(links) > 8
    for link in links:
        assert "OLD" in visitor.get(link).text, link
    assert visitor.get(f"{PAGES[0]}.json?year=").json()["url"].endswith("agencies.json?year=")
    kept = Client(platform, token).post("/statistics/snapshots/agencies", {}).headers["location"]
    assert "OLD" in visitor.get(visitor.get(f"{kept}.json").json()["content"]["page"]).text


def test_files_say_what_the_pages_say(visitor: Client) -> None:
    found = visitor.get("/statistics/agencies.json").json()
    own = {body["code"]: body["figures"] for body in found["agencies"]}
    assert (own["MOJ"]["comments"]["value"], own["MOH"]["comments"]["value"]) == (4, 0)
    assert own["MOH"]["share_answered"] | {"version": 0} == {
        "value": None,
        "of": 0,
        "version": 0,
        "by": {},
    }
    years = visitor.get("/statistics/years.json?agency=MOJ").json()
    assert [(y["year"], y["figures"]["drafts"]["value"]) for y in years["years"]] == [(2026, 1)]
    assert years["falls"] == []
    for url, first in (("/statistics/agencies.csv", "agency"), ("/statistics/years.csv", "year")):
        text = visitor.get(url).text.removeprefix(BYTE_ORDER_MARK)
        rows = list(csv.DictReader(StringIO(text)))
        assert list(rows[0]) == [first, "figure", "value", "of", "unit"]
        assert {row["figure"] for row in rows} <= set(metrics())


def test_figures_are_narrowed_by_every_filter(visitor: Client) -> None:
    for asked, drafts in (
        ("agency=MOH", 1),
        ("year=2026", 2),
        ("year=2020", 0),
        ("topic=health", 0),
        ("act_type=law", 2),
    ):
        found = visitor.get(f"/statistics.json?{asked}").json()
        assert found["figures"]["drafts"]["value"] == drafts, asked
        visitor.get(f"/statistics?{asked}")
    visitor.get("/statistics?topic=no_such", status=404)
    visitor.get("/statistics/agencies?show=no_such", status=404)
    visitor.get("/statistics?year=abcd", status=404)


def test_what_may_be_counted_is_said_changed_and_taken_back(platform: Platform) -> None:
    with platform.database.writing() as session:
        aizada = factories.make_person(session)
        client = Client(platform, factories.sign_in_token(session, aizada))
    url = "/cabinet/settings"
    said = {"region": "naryn", "age_band": "", "gender": "woman"}
    client.post(url, said)

    def kept(session: Session) -> Demographic | None:
        return session.get(Demographic, aizada.id)

    with platform.database.reading() as session:
        row = kept(session)
        assert row is not None
        assert (row.region, row.age_band, row.gender, row.said_at) == ("naryn", "", "woman", START)
    assert 'value="naryn" selected' in client.get(url).text
    client.post(url, said | {"region": "atlantis"}, status=422)
    client.post(url, dict.fromkeys(said, ""))
    with platform.database.reading() as session:
        assert kept(session) is None
