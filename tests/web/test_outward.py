"""What this site gives to others to show: widgets, oEmbed, linked data, the sitemap."""

import json
import re
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from sqlmodel import select

from consult.accounts.models import Agency
from consult.platform import Platform
from consult.site import mapped
from drafts.models import Draft
from tests import factories
from tests.adopted import Act, make_act
from tests.client import Client
from tests.conftest import TestClock

BASE = "http://127.0.0.1:8000"
HOSTILE = '</script><script>alert(1)</script> & "quotes" ]]> <!--'
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


@pytest.fixture
def act(platform: Platform, clock: TestClock) -> Act:
    return make_act(platform, clock)


@pytest.fixture
def reader(act: Act) -> Client:
    return Client(act.platform)


def linked(page: Any) -> dict[str, Any]:
    (found,) = BLOCK.findall(page.text)
    data: dict[str, Any] = json.loads(found)
    return data


def more_drafts(act: Act) -> int:
    """One in two languages that is open, with a title that tries everything; returns its id."""
    with act.platform.database.writing() as session:
        agency = session.get_one(Agency, 1)
        texts = {"ru": ["Первая статья."], "ky": ["Биринчи берене."]}
        draft = factories.make_draft(session, agency, texts, title=HOSTILE, now=act.clock.now)
        factories.open_consultation(session, draft, now=act.clock.now)
        factories.make_draft(session, agency, title="Secret plans", now=act.clock.now)
        return draft.id or 0


def test_the_widget_of_an_agency_says_what_is_planned_open_and_answered(
    act: Act, reader: Client
) -> None:
    draft_id = more_drafts(act)
    answer = reader.get("/embed/agency/MOJ?lang=en", budget=12)
    text = answer.text
    for words in ("Information", "Open for comment: 1", "Answered: 1", "What became of it"):
        assert words in text
    assert "working days left to comment" in text
    assert f"/drafts/{draft_id}" in text
    assert "Accepted: 4" in text  # a group of two, with a reply to it
    assert "Not accepted: 1" in text
    assert "Secret plans" not in text
    assert "<form" not in text
    assert "<script" not in text
    assert '<base target="_top">' in text
    reader.get("/embed/agency/NONE", status=404)


def test_an_agency_without_drafts_has_no_data_rather_than_nothing(act: Act, reader: Client) -> None:
    text = reader.get("/embed/agency/MOH?lang=en").text
    assert "Nothing is open for comment now." in text
    assert "no data" in text


def test_only_widgets_can_be_framed_and_they_leave_nothing_behind(act: Act, reader: Client) -> None:
    cookie = {"cookie": "flash=aGVsbG8=; lang=ru"}
    for path in ("/embed/agency/MOJ?lang=en", "/embed/draft/1?lang=en"):
        answer = reader.get(path, headers=cookie)
        assert "frame-ancestors *" in answer.headers["content-security-policy"]
        assert "set-cookie" not in answer.headers
        assert answer.headers["cache-control"] == "public, max-age=300"
        again = reader.get(path, status=304, headers={"If-None-Match": answer.headers["etag"]})
        assert "frame-ancestors *" in again.headers["content-security-policy"]
        assert 'lang="en"' in answer.text
    for path in ("/", "/drafts/1", "/agencies/MOJ", "/embed/agency/NONE"):
        policy = reader.http.get(path).headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy


def test_a_widget_speaks_the_language_of_its_address(act: Act, reader: Client) -> None:
    for lang, name in (("ru", "Министерство MOJ"), ("en", "Ministry MOJ")):
        text = reader.get(f"/embed/agency/MOJ?lang={lang}").text
        assert f'<html lang="{lang}">' in text
        assert name in text
    assert (
        '<html lang="ky">' in reader.get("/embed/draft/1", headers={"Accept-Language": "ky"}).text
    )


def test_a_draft_that_is_not_public_has_no_widget_even_for_its_officer(act: Act) -> None:
    with act.platform.database.writing() as session:
        agency = session.get_one(Agency, 1)
        draft_id = factories.make_draft(session, agency).id
        token = factories.sign_in_token(session, act.people["Olga"], act.clock.now)
    officer = Client(act.platform, token)
    officer.get(f"/drafts/{draft_id}")
    officer.get(f"/embed/draft/{draft_id}", status=404)
    officer.get(f"/oembed?url={BASE}/drafts/{draft_id}", status=404)


def asked(**query: Any) -> str:
    return "/oembed?" + urlencode(query)


def test_oembed_gives_a_frame_that_fits(act: Act, reader: Client) -> None:
    page = f"{BASE}/drafts/1?text=en#art_1"
    said = reader.get(asked(url=page, maxwidth=300, maxheight=200, lang="en")).json()
    assert said["version"] == "1.0"
    assert said["type"] == "rich"
    assert said["title"] == "On village libraries"
    assert said["author_name"] == "Ministry MOJ"
    assert (said["width"], said["height"]) == (300, 200)
    assert f'src="{BASE}/embed/draft/1?lang=en"' in said["html"]
    assert 'title="On village libraries"' in said["html"]
    wide = reader.get(asked(url=f"{BASE}/agencies/MOJ")).json()
    assert "/embed/agency/MOJ" in wide["html"]
    assert wide["width"] <= 1200


def test_oembed_in_xml_survives_any_title(act: Act, reader: Client) -> None:
    draft_id = more_drafts(act)
    answer = reader.get(asked(url=f"{BASE}/drafts/{draft_id}", format="xml", lang="ru"))
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)
    assert root.tag == "oembed"
    assert root.findtext("title") == HOSTILE
    frame = ElementTree.fromstring(root.findtext("html", ""))
    assert frame.get("title") == HOSTILE


@pytest.mark.parametrize(
    "url",
    [
        *("https://evil.example/drafts/1", f"{BASE}@evil.example/drafts/1"),
        *(f"{BASE}/drafts/99", f"{BASE}/drafts/1abc"),
        *(f"{BASE}/statistics", f"{BASE}/agencies/NONE", f"{BASE}/drafts/9999999999"),
    ],
)
def test_oembed_knows_nothing_of_other_addresses(act: Act, reader: Client, url: str) -> None:
    answer = reader.get(asked(url=url), status=404)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        *(({"url": url}, "url") for url in ("", "x", "http://[", "//", "x" * 3000)),
        ({"url": f"{BASE}.evil.example/drafts/1"}, "url"),  # a port that is none
        *(({"url": f"{BASE}/drafts/1", "maxwidth": wide}, "maxwidth") for wide in ("abc", "0")),
    ],
)
def test_oembed_names_what_it_does_not_understand(
    act: Act, reader: Client, wrong: Any, field: str
) -> None:
    answer = reader.get(asked(**wrong), status=422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["field"] == field


def test_oembed_speaks_two_formats(act: Act, reader: Client) -> None:
    reader.get(asked(url=f"{BASE}/drafts/1", format="yaml"), status=501)


def test_pages_tell_where_to_learn_how_to_show_them(act: Act, reader: Client) -> None:
    for path in ("/drafts/1", "/agencies/MOJ"):
        text = reader.get(path).text
        found = re.search(r'type="application/json\+oembed"[^>]* href="([^"]*)"', text)
        assert found
        address = found[1].replace("&amp;", "&").removeprefix(BASE)
        assert reader.get(address).json()["type"] == "rich"
    assert "&lt;iframe src=" in reader.get("/agencies/MOJ").text


# Property names and values as schema.org defines them (Legislation, LegislationObject), by hand.
LEGISLATION = {
    *("@context", "@type", "@id", "url", "name", "inLanguage", "version", "encoding", "abstract"),
    *("legislationType", "legislationJurisdiction", "legislationLegalForce", "about"),
    *("legislationResponsible", "legislationDateVersion", "legislationDate", "datePublished"),
    *("legislationIdentifier", "legislationDateOfApplicability", "workTranslation"),
    "commentCount",
}
OBJECT = {"@type", "contentUrl", "encodingFormat", "inLanguage", "legislationLegalValue"}


def test_a_draft_says_that_it_is_no_law(act: Act, reader: Client) -> None:
    draft_id = more_drafts(act)
    said = linked(reader.get(f"/drafts/{draft_id}?text=ru"))
    assert set(said) <= LEGISLATION
    assert said["@context"] == "https://schema.org"
    assert said["@type"] == "Legislation"
    assert said["name"] == HOSTILE
    assert said["inLanguage"] == "ru"
    assert said["legislationLegalForce"] == "https://schema.org/NotInForce"
    assert said["legislationType"] == "Law"
    assert said["legislationJurisdiction"] == "Kyrgyz Republic"
    assert "legislationDate" not in said
    assert "legislationPassedBy" not in said
    assert said["legislationResponsible"]["@type"] == "GovernmentOrganization"
    assert said["legislationDateVersion"] == act.clock.now.date().isoformat()
    (other,) = said["workTranslation"]
    assert other["inLanguage"] == "ky"
    reader.get(other["@id"].removeprefix(BASE))
    for file in said["encoding"]:
        assert set(file) == OBJECT
        assert file["@type"] == "LegislationObject"
        answer = reader.get(file["contentUrl"].removeprefix(BASE))
        assert answer.headers["content-type"].startswith(file["encodingFormat"])


def test_the_final_text_of_an_act_is_in_force_from_its_day_on(act: Act, reader: Client) -> None:
    act.adopt(version_id=2, in_force_on=act.today)
    said = linked(reader.get("/drafts/1"))
    assert said["legislationLegalForce"] == "https://schema.org/InForce"
    assert said["legislationIdentifier"] == "214"
    assert said["legislationDate"] == act.today.isoformat()
    earlier = linked(reader.get("/drafts/1?version=1"))
    assert earlier["legislationLegalForce"] == "https://schema.org/NotInForce"
    assert "legislationDate" not in earlier


def test_an_agency_and_the_way_to_it_are_told(act: Act, reader: Client) -> None:
    body, way = linked(reader.get("/agencies/MOJ"))["@graph"]
    assert body["@type"] == "GovernmentOrganization"
    assert body["name"] == "Ministry MOJ"
    assert way["@type"] == "BreadcrumbList"
    assert [step["position"] for step in way["itemListElement"]] == [1, 2]


SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


def locations(answer: Any) -> list[str]:
    root = ElementTree.fromstring(answer.content)
    return [(one.text or "").removeprefix(BASE) for one in root.iter(f"{SITEMAP}loc")]


def test_every_address_of_the_sitemap_is_the_one_of_a_public_page(
    act: Act, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mapped, "AT_ONCE", 1)
    draft_id = more_drafts(act)
    assert f"Sitemap: {BASE}/sitemap.xml" in reader.get("/robots.txt").text
    parts = locations(reader.get("/sitemap.xml"))
    found = [address for part in parts for address in locations(reader.get(part))]
    assert len(found) == len(set(found))
    assert {f"/drafts/{draft_id}?text=ru", f"/drafts/{draft_id}?text=ky"} <= set(found)
    assert {"/", "/drafts/1", "/drafts/1/report/1", "/agencies/MOH"} <= set(found)
    for address in found:
        text = reader.get(address, budget=30).text
        named = re.search(r'<link rel="canonical" href="([^"]*)"', text)
        assert named is None or named[1].removeprefix(BASE) == address
    assert not any(f"/drafts/{draft_id + 1}" in address for address in found)  # not yet public


def test_a_text_in_two_languages_names_both_wherever_it_is_named(act: Act, reader: Client) -> None:
    draft_id = more_drafts(act)
    root = ElementTree.fromstring(reader.get("/sitemaps/drafts-0").content)
    urls = [url for url in root if len(url.findall(LINK))]
    assert len(urls) == 2
    for url in urls:
        assert {one.get("hreflang") for one in url.findall(LINK)} == {"ru", "ky"}
        assert {one.get("href") for one in url.findall(LINK)} == {
            f"{BASE}/drafts/{draft_id}?text={lang}" for lang in ("ru", "ky")
        }


def test_a_part_holds_a_range_of_ids(
    act: Act, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mapped, "PER_PART", 2)
    more_drafts(act)
    with act.platform.database.reading() as session:
        ids = session.exec(select(Draft.id)).all()
    assert sorted(ids) == [1, 2, 3]
    assert locations(reader.get("/sitemaps/drafts-0")) == ["/drafts/1"]
    assert len(locations(reader.get("/sitemaps/drafts-1"))) == 2
    for part in ("drafts-2", "nothing-0", "pages-1", "drafts", "drafts-99999", "drafts-x"):
        reader.get(f"/sitemaps/{part}", status=404)
