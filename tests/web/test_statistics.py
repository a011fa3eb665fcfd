"""The pages of figures, the brief, the definitions, and the same as files."""

import csv
import re
from html import unescape
from io import StringIO
from typing import Any

import pytest
from lxml import html

from consult.accounts.demographics.models import Demographic
from consult.i18n.catalogues import LANGUAGES
from consult.platform import Platform
from consult.spreadsheets import BYTE_ORDER_MARK
from consult.statistics.metrics import metrics
from consult.statistics.rules import LEAST
from consult.worker import drain
from drafts.models import Draft
from tests import factories
from tests.beginnings import begin
from tests.client import Client
from tests.conftest import START
from tests.discussed import make_discussed

DEFINED = re.compile(r"/statistics/definitions#(\w+)")


@pytest.fixture
def visitor(platform: Platform) -> Client:
    """A visitor to a site with one draft (1) that was discussed, answered and reported on."""

    def make() -> None:
        with platform.database.writing() as session:
            make_discussed(session).report()

    begin(platform, __name__, make)
    return Client(platform)


@pytest.fixture
def early(platform: Platform) -> Client:
    """A visitor to a site with one draft (1) under discussion, and one (2) not opened yet."""
    with platform.database.writing() as session:
        scene = make_discussed(session)
        factories.make_draft(session, scene.agency, now=scene.round.opens_at)
    return Client(platform)


def rows_of(text: str) -> list[dict[str, str]]:
    assert text.startswith(BYTE_ORDER_MARK)
    return list(csv.DictReader(StringIO(text.removeprefix(BYTE_ORDER_MARK))))


PAGES = ("/drafts/1/figures", "/drafts/1/brief", "/statistics", "/statistics?agency=MOJ")


def test_every_figure_leads_to_its_definition_and_says_it_is_no_survey(visitor: Client) -> None:
    definitions = visitor.get("/statistics/definitions").text
    for url in PAGES:
        page = visitor.get(url).text
        linked = set(DEFINED.findall(page))
        assert len(linked) >= 4
        assert linked <= set(metrics())
        assert all(f'id="{code}"' in definitions for code in linked)
        assert "Those who took part chose to; this is not a survey." in page


def test_every_chart_is_said_in_words_and_has_its_table(visitor: Client) -> None:
    for url in ("/drafts/1/figures", "/statistics"):
        tree = html.fromstring(visitor.get(url).text)
        charts = tree.xpath("//svg[contains(@class, 'chart')]")
        assert len(charts) >= 4
        for chart in charts:
            assert chart.get("role") == "img"
            for name in chart.get("aria-labelledby").split():
                assert tree.get_element_by_id(name).text_content().strip()
            assert chart.xpath("following::table")


def test_a_chart_names_its_numbers(visitor: Client) -> None:
    page = unescape(visitor.get("/drafts/1/figures").text)
    assert "Substantive: 1 · 25 %; Proposed wording: 2 · 50 %" in page
    assert "1 for, 3 against" in page


def test_the_counts_of_a_report_are_found_again_in_the_figures(visitor: Client) -> None:
    """A report counts replies, which are answered too, and not those who only voted."""
    report = html.fromstring(visitor.get("/drafts/1/report/1").text)
    counts = dict(
        zip(report.xpath("//dl//dt/text()"), report.xpath("//dl//dd[1]/text()"), strict=True)
    )
    assert counts["Comments and replies"] == "5"
    people, bodies = counts["People who commented"], counts["Organisations that commented"]
    assert int(people) + int(bodies) == 3
    for url in ("/drafts/1/figures", "/drafts/1/brief"):
        beside = html.fromstring(visitor.get(url).text).find_class("figure-beside")
        said = {line.text_content() for line in beside}
        assert {"with replies: 5", "3 commented, 1 only voted"} <= said


def test_shares_are_drawn_on_a_track_that_is_the_whole(visitor: Client) -> None:
    tree = html.fromstring(visitor.get("/drafts/1/figures").text)
    chart = tree.xpath("//svg[contains(@aria-labelledby, 'by-kind')]")[0]
    half, quarter, *_ = (float(bar.get("width")) for bar in chart.find_class("chart-1"))
    assert {half, quarter} == {200, 100}


def test_no_data_is_said_and_never_0_per_cent(early: Client) -> None:
    tree = html.fromstring(early.get("/drafts/1/figures").text)
    shares = tree.xpath("//div[@class='figure'][contains(., 'Share')]/dd[1]/text()")
    assert shares == ["no data", "no data"]  # nothing to answer yet, no duty has fallen due
    answered = early.get("/drafts/1/figures.json").json()["figures"]["share_answered"]
    assert answered["value"] is None


def test_a_draft_that_was_not_opened_has_nothing_to_count(
    early: Client, platform: Platform
) -> None:
    with platform.database.writing() as session:
        agency = factories.make_agency(session, "MOH")
        draft = factories.open_draft(session, agency=agency)
        number = draft.id
    assert "0 %" not in early.get(f"/drafts/{number}/figures").text
    early.get("/drafts/2/figures", status=404)  # in preparation: nobody may know of it
    early.get("/drafts/2/figures.json", status=404)
    early.get("/drafts/2/brief", status=404)


def test_small_regions_are_not_shown(visitor: Client) -> None:
    page = visitor.get("/drafts/1/figures").text
    assert f"fewer than {LEAST}" in page
    assert "Naryn" not in page
    assert "Naryn" not in visitor.get("/drafts/1/figures.csv").text
    assert visitor.get("/drafts/1/figures.json").json()["figures"]["people"]["by"]["region"] == {
        "": 3,
        "(organisation)": 1,
    }


def test_the_provisions_most_talked_about_are_a_click_away(visitor: Client) -> None:
    tree = html.fromstring(visitor.get("/drafts/1/figures").text)
    links = tree.xpath("//table//a[contains(@href, '/provisions/')]/@href")
    assert links[0] == "/drafts/1/provisions/art_2"
    visitor.get(links[0])


def test_a_provision_that_is_gone_is_named_without_a_link(
    visitor: Client, platform: Platform
) -> None:
    with platform.database.writing() as session:
        draft = session.get_one(Draft, 1)
        factories.add_version(session, draft, ["Only this is left."], published=True)
    page = visitor.get("/drafts/1/figures").text
    assert "Article 3</span> (no longer in the text)" in page
    assert "/provisions/art_3" not in page


def test_json_states_its_licence_its_time_and_its_figures(visitor: Client) -> None:
    data = visitor.get("/drafts/1/figures.json").json()
    assert data["licence"]["name"] == "CC BY 4.0"
    assert data["generated_at"].endswith("+00:00")
    assert data["url"] == "http://127.0.0.1:8000/drafts/1/figures.json"
    assert data["draft"]["agency"] == "MOJ"
    assert data["provisions"]["art_2"] == "Article 2"
    assert set(data["figures"]) <= set(metrics())
    assert data["figures"]["comments"]["by"]["kind"]["question"] == 1


def test_csv_holds_the_same_numbers(visitor: Client) -> None:
    response = visitor.get("/drafts/1/figures.csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in response.headers["content-disposition"]
    rows = rows_of(response.text)
    assert {"figure": "comments", "by": "", "part": "", "label": "", "value": "4"} in rows
    place = {"figure": "comments", "by": "provision", "part": "art_2", "label": "Article 2"}
    assert place | {"value": "2"} in rows
    parts = [int(r["value"]) for r in rows if (r["figure"], r["by"]) == ("votes", "subject")]
    assert sum(parts) == 4


def test_words_of_people_are_no_formulas_in_a_spreadsheet(platform: Platform) -> None:
    with platform.database.writing() as session:
        scene = make_discussed(session)
        for n in range(3 * LEAST):
            person = scene.person(f"Person {n}")
            region = "=1+1" if n % 3 else "naryn"
            session.add(Demographic(person_id=person.id or 0, region=region, said_at=START))
            scene.vote(f"Person {n}", "", 1)
    text = Client(platform).get("/drafts/1/figures.csv").text
    parts = {row["part"] for row in rows_of(text) if row["by"] == "region"}
    assert "'=1+1" in parts
    assert "=1+1" not in parts


def test_the_brief_tells_a_deputy_what_there_is_to_know(visitor: Client) -> None:
    page = " ".join(unescape(visitor.get("/drafts/1/brief").text).split())
    for words in (
        "the law asks for",
        "3 distinct texts",
        "Article 2</a>: 1 for, 3 against",
        "Opening days",
        "Please open it on Sundays.",
        "Not accepted: 3",
        "5 of 5 answered",
        "three</del>",
        "five</ins>",
        "There are no duties yet.",
    ):
        assert words in page


def test_a_brief_as_json_cuts_nothing_short(visitor: Client) -> None:
    data = visitor.get("/drafts/1/brief.json").json()
    assert data["survey"] is False
    assert data["rounds"][0]["days_open"] == data["rounds"][0]["days_minimum"]
    assert data["disputed"][0]["wid"] == "art_2"
    assert data["issues"][0]["title"] == "Opening days"
    assert data["changes"][0]["after"] == "It is open five days a week."


def test_a_brief_of_what_is_not_opened_says_so(early: Client, platform: Platform) -> None:
    with platform.database.writing() as session:
        agency = factories.make_agency(session, "MOH")
        number = factories.open_draft(session, agency=agency).id
    page = early.get(f"/drafts/{number}/brief").text
    assert "No voice was raised against any provision." in page
    assert "No answers are published yet." in page


def test_all_agencies_stand_beside_one_another(visitor: Client) -> None:
    page = visitor.get("/statistics").text
    assert "/statistics?agency=MOJ" in page
    visitor.get("/statistics?agency=NONE", status=404)
    assert visitor.get("/statistics.json?agency=NONE", status=404).json()["error"]
    assert visitor.get("/statistics.json?agency=MOJ").json()["agency"] == "MOJ"


def test_drafts_nobody_took_part_in_are_listed(early: Client, platform: Platform) -> None:
    with platform.database.writing() as session:
        agency = factories.make_agency(session, "MOH")
        number = factories.open_draft(session, agency=agency).id
    page = early.get("/statistics").text
    assert f'<a href="/drafts/{number}"' in page
    assert f'<a href="/drafts/{number}"' not in early.get("/statistics?agency=MOJ").text
    assert rows_of(early.get("/statistics.csv").text)


def test_an_empty_site_has_figures_too(platform: Platform) -> None:
    page = Client(platform).get("/statistics").text
    assert "No draft is public yet." in page
    assert ">0 %<" not in page


def test_definitions_are_there_in_every_language(platform: Platform) -> None:
    visitor = Client(platform)
    for lang in LANGUAGES:
        page = visitor.get("/statistics/definitions", headers={"accept-language": lang}).text
        for metric in metrics().values():
            assert metric.names.in_language(lang) in unescape(page)
            assert metric.definition.in_language(lang) in unescape(page)


NAMED = {
    "{id}": "1",
    "{n}": "1",
    "{code}": "MOJ",
    "{address}": "http://127.0.0.1:8000/drafts/1",
}


def addresses(client: Client) -> list[tuple[str, set[str]]]:
    """The addresses the page of open data names, with the fields it promises."""
    tree = html.fromstring(client.get("/open-data").text)
    found = []
    for entry in tree.xpath("//main//dl/div"):
        address, fields = (code.text_content() for code in entry.iter("code"))
        for key, value in NAMED.items():
            address = address.replace(key, value)
        found.append((address, {field.strip() for field in fields.split(",")}))
    return found


FEED = {"id", "title", "updated", "author"}  # of a feed in which nothing happened yet


def fields_of(response: Any) -> set[str]:
    kind = response.headers["content-type"]
    if kind.startswith("application/json"):
        return set(response.json())
    if kind.startswith("text/csv"):
        return set(response.text.removeprefix(BYTE_ORDER_MARK).splitlines()[0].split(","))
    if kind.startswith("text/calendar"):
        return set(re.findall(r"^([A-Z-]+)[;:]", response.text, re.MULTILINE))
    return set(re.findall(r"<(\w+)[ >/]", response.text))


def test_the_page_of_open_data_promises_what_is_there(visitor: Client, platform: Platform) -> None:
    with platform.database.writing() as session:
        draft = session.get_one(Draft, 1)
        draft.summaries = {"en": "On libraries in villages."}
        session.add(draft)
    drain(platform, START)
    named = addresses(visitor)
    assert len(named) >= 17
    for address, fields in named:
        answer = visitor.get(address)
        empty = not any(entry in answer.text for entry in ("<entry>", "BEGIN:VEVENT"))
        news = address.endswith((".atom", ".ics"))  # what an entry holds: test_duty_feeds
        promised = fields & FEED if news and empty else fields
        assert promised <= fields_of(answer), address
