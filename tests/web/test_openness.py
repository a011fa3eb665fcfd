"""The pages of openness, of indicators and of snapshots: what they show, and as files."""

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import StringIO
from typing import Any

import pytest
from lxml import html
from sqlalchemy import update

from consult.access import Role
from consult.accounts.models import Agency
from consult.checks import findings
from consult.i18n.catalogues import LANGUAGES
from consult.platform import Platform
from consult.site import keeping
from consult.site.kept_pages import page_now
from consult.snapshots.models import Snapshot
from consult.worker import drain
from tests import factories
from tests.beginnings import begin
from tests.client import Client
from tests.conftest import START, TestClock
from tests.discussed import make_discussed
from tests.openness import load_programme_of, load_scores

As = Callable[[str], Client]
STAFF = (Role.OFFICER, Role.APPROVER, Role.PARLIAMENTARIAN, Role.OVERSIGHT, Role.ADMINISTRATOR)


@pytest.fixture
def client(platform: Platform) -> As:
    """Who is asked for by their role (or "": a visitor), on a site with a draft that was answered,
    scores and a programme."""

    def make() -> dict[str, str]:
        with platform.database.writing() as session:
            scene = make_discussed(session)
            scene.report()
            load_scores(session, START)
            load_programme_of(session, START)
            agency = session.get_one(Agency, scene.agency.id)
            people = [(role, factories.make_person(session, role, role=role)) for role in STAFF[2:]]
            people += [
                (role, factories.make_person(session, role, role=role, agency=agency))
                for role in STAFF[:2]
            ]
            return {role: factories.sign_in_token(session, one) for role, one in people}

    tokens = begin(platform, __name__, make)
    return lambda role: Client(platform, tokens.get(role, ""))


def words(page: Any, path: str = "//main") -> str:
    return " ".join(" ".join(html.fromstring(page.text).xpath(f"{path}//text()")).split())


def test_the_score_shows_ranks_means_and_the_row_whose_printed_total_differs(client: As) -> None:
    page = words(client("").get("/openness"))
    assert "Ministry of Wind: printed 53.66, the parts come to 55.66" in page
    assert "Mean 81.5 of 100 points" in page
    assert "Mean of the printed totals 80.84" in page
    assert "3. Ministry of Wind 55.66 53.66: differs −21.09" in page
    assert "1. Ministry MOJ 95.8 95.8 +12.3" in page, "a body may be an agency here"
    before = words(client("").get("/openness?year=2019"))
    assert before.count("2=.") == 2
    assert "differs" not in before.replace("Rows whose printed total differs 0", "")


@pytest.mark.parametrize("year", ["2018", "0000", "20200", "x", "-1"])
def test_a_year_that_was_not_scored_is_not_there(client: As, year: str) -> None:
    for name in ("/openness", "/openness.json", "/openness.csv"):
        client("").get(f"{name}?year={year}", status=404)


def test_a_site_without_scores_or_programme_says_so(platform: Platform) -> None:
    visitor = Client(platform)
    assert "No openness score has been loaded yet." in visitor.get("/openness").text
    assert "No programme has been loaded yet." in visitor.get("/indicators").text
    assert visitor.get("/openness.json").json()["years"] == []
    assert visitor.get("/indicators.json").json()["indicators"] == []
    assert rows_of(visitor.get("/openness.csv")) == rows_of(visitor.get("/indicators.csv")) == []
    assert "Nothing has been kept yet." in visitor.get("/statistics/snapshots").text


def rows_of(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(answer.text.removeprefix("\ufeff"))))


def test_the_files_say_what_the_page_says(client: As) -> None:
    years = client("").get("/openness.json").json()["years"]
    assert [(one["year"], one["mean"], one["mean_printed"]) for one in years] == [
        (2019, 79, 79),
        (2020, 81.5, 80.84),
    ]
    assert [one["body"] for one in years[1]["differing"]] == ["Ministry of Wind"]
    assert years[1]["rows"][0]["change"] == 12.3
    table = rows_of(client("").get("/openness.csv?year=2020"))
    assert [(row["rank"], row["total"], row["printed_total"]) for row in table] == [
        ("1", "95.8", "95.8"),
        ("2", "93.05", "93.05"),
        ("3", "55.66", "53.66"),
    ]
    both = rows_of(client("").get("/openness.csv"))
    assert [row["web_resource"] for row in both] == ["", "", "", "20", "17", "17"]


def test_indicators_show_their_targets_and_lead_to_the_definition(client: As) -> None:
    answer = client("").get("/indicators")
    page = words(answer)
    assert "15. share of state bodies that consult citizens on the Internet" in page
    assert 'href="/statistics/definitions#share_bodies_consulting"' in answer.text
    assert "2026: 100 % ( computed , so far)" in page
    assert "2028: 20 no data" in page
    told = {one["number"]: one for one in client("").get("/indicators.json").json()["indicators"]}
    assert told["15"]["values"] == [
        {"year": 2026, "value": 100, "computed": True, "source": None},
    ]
    assert [one["standing"] for one in told["15"]["targets"]] == ["no_data", "met"]
    assert (told["R"]["direction"], told["R"]["baseline"]["year"]) == ("lower", 2018)
    kinds = [row["kind"] for row in rows_of(client("").get("/indicators.csv"))]
    assert kinds.count("target") == 6
    assert kinds.count("computed") == 1


def test_an_administrator_enters_a_value_and_everybody_reads_where_it_is_from(client: As) -> None:
    admin = client(Role.ADMINISTRATOR)
    typed = {"number": "7", "year": "2025", "amount": "1 055", "source": "Report of 2026"}
    assert "The value was entered." in admin.follow(admin.post("/admin/indicators", typed)).text
    page = words(client("").get("/indicators"))
    assert "2025: ≥50 Met" in page
    assert "2025: 1,055 (Report of 2026)" in page
    audit = words(admin.get("/admin/audit?action=indicator_entered"))
    assert "Value of an indicator entered" in audit


def test_what_was_typed_wrong_is_told_and_not_lost(client: As) -> None:
    admin = client(Role.ADMINISTRATOR)
    typed = {"number": "7", "year": "2025", "amount": "many", "source": "Report"}
    page = admin.post("/admin/indicators", typed, status=422)
    assert "“many” is no number." in page.text
    assert 'value="many"' in page.text
    computed = {**typed, "number": "15", "year": "2026", "amount": "5"}
    page = admin.post("/admin/indicators", computed, status=422)
    assert "This site computes the value of that year itself." in page.text
    for wrong in ({"number": "99"}, {"year": "soon"}, {"year": "9" * 30}, {"number": "x" * 21}):
        admin.post(
            "/admin/indicators",
            {**typed, **wrong},
            status=404 if wrong == {"number": "99"} else 422,
        )


KEPT = {
    "overall": {"agency": "MOJ", "year": "2026"},
    "agencies": {"year": "2026"},
    "years": {},
    "brief": {"draft": "1"},
    "scorecard": {"year": "2020"},
    "indicators": {},
}


@pytest.mark.parametrize("kind", KEPT)
def test_a_page_is_kept_as_it_was_with_the_bytes_to_check_it(
    client: As, clock: TestClock, kind: str
) -> None:
    officer = client(Role.OFFICER)
    url = officer.post(f"/statistics/snapshots/{kind}", KEPT[kind], status=303).headers["location"]
    again = officer.post(f"/statistics/snapshots/{kind}", KEPT[kind], status=303)
    assert again.headers["location"] == url, "the same is kept once"
    visitor = client("")
    page = visitor.get(url)
    exact = visitor.get(f"{url}.json")
    digest = sha256(exact.content).hexdigest()
    assert digest in page.text
    assert url.endswith(digest[:16])
    said = json.loads(exact.content)
    assert said["kind"] == kind
    assert said["content"]["tables"], "there is something to see"
    assert visitor.http.get(said["content"]["page"]).status_code == 200, "and the page of today"
    assert url in visitor.get(f"/statistics/snapshots?kind={kind}").text
    listed = visitor.get("/statistics/snapshots.json").json()["snapshots"]
    assert [one["sha256"] for one in listed] == [digest]


def test_others_write_while_figures_are_counted(
    client: As, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    def counted(*args: Any, **named: Any) -> Any:
        with platform.database.writing() as session:
            factories.make_agency(session, "NEW")
        return page_now(*args, **named)

    monkeypatch.setattr(keeping, "page_now", counted)
    client(Role.OFFICER).post("/statistics/snapshots/overall", {}, status=303)


def test_a_snapshot_of_a_brief_holds_nobodys_words_and_nobodys_name(client: As) -> None:
    officer = client(Role.OFFICER)
    url = officer.post("/statistics/snapshots/brief", {"draft": "1"}, status=303).headers[
        "location"
    ]
    kept = client("").get(f"{url}.json").text
    brief = client("").get("/drafts/1/brief.json").json()
    quoted = [best for issue in brief["issues"] for best in issue["best"].values()]
    assert quoted, "the brief itself quotes people"
    for one in quoted:
        assert one["body"] not in kept
        assert not one["who"] or one["who"] not in kept


def test_who_may_not_keep_sees_no_button_and_is_refused(client: As) -> None:
    for role in ("", Role.ADMINISTRATOR):
        one = client(role)
        assert 'action="/statistics/snapshots' not in one.get("/openness").text
        one.post("/statistics/snapshots/overall", {}, status=403 if role else 303)
    for role in STAFF[:4]:
        assert 'action="/statistics/snapshots/scorecard"' in client(role).get("/openness").text


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("nothing", {}),
        ("overall", {"agency": "NOWHERE"}),
        ("overall", {"year": "19999"}),
        ("years", {"topic": "nothing"}),
        ("brief", {"draft": "x"}),
        ("brief", {"draft": "99"}),
        ("brief", {}),
        ("scorecard", {"year": "1999"}),
        ("scorecard", {"year": "²⁰²⁰"}),
    ],
)
def test_what_does_not_exist_is_not_kept(client: As, kind: str, fields: dict[str, str]) -> None:
    client(Role.OFFICER).post(f"/statistics/snapshots/{kind}", fields, status=404)
    assert client("").get("/statistics/snapshots.json").json()["snapshots"] == []


def test_a_snapshot_that_was_tampered_with_is_told_as_such(client: As, platform: Platform) -> None:
    officer = client(Role.OFFICER)
    url = officer.post("/statistics/snapshots/scorecard", {}, status=303).headers["location"]
    for change in ('{"content":{"tables":[]}}', "not even JSON"):
        with platform.database.writing() as session:
            session.execute(update(Snapshot).values(document=change))
        page = client("").get(url)
        assert "This is no longer what was kept." in page.text
        assert "Ministry of Snow" not in page.text
        assert client("").get(f"{url}.json").text == change, "so that everybody can see it"
        found = [finding.text for finding in findings(platform)]
        assert f"The snapshot {url} is no longer what was kept." in found
        client("").get("/statistics/snapshots")


@pytest.mark.parametrize("beginning", ["0" * 16, "0" * 64, "x", "a" * 15, "A" * 16, "a" * 65])
def test_an_address_that_is_none_is_not_there(client: As, beginning: str) -> None:
    client("").get(f"/statistics/snapshots/{beginning}", status=404)
    client("").get(f"/statistics/snapshots/{beginning}.json", status=404)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_whole_in_every_language(client: As, lang: str) -> None:
    officer = client(Role.OFFICER)
    url = officer.post("/statistics/snapshots/indicators", {}, status=303).headers["location"]
    visitor = client("")
    visitor.http.cookies.set("lang", lang)
    for page in ("/openness", "/indicators", "/statistics/snapshots", url):
        assert f'lang="{lang}"' in visitor.get(page).text


def test_in_january_the_last_year_is_kept_by_itself_and_once(
    client: As, platform: Platform, clock: TestClock
) -> None:
    def kept() -> list[tuple[str, str]]:
        listed = client("").get("/statistics/snapshots.json").json()["snapshots"]
        return sorted((one["kind"], one["subject"]) for one in listed)

    drain(platform, clock.now)
    assert kept() == []
    clock.now = datetime(2027, 1, 1, 3, tzinfo=UTC)
    drain(platform, clock.now)
    assert kept() == [("agencies", "year=2026"), ("overall", "year=2026")]
    clock.now += timedelta(days=9)
    drain(platform, clock.now)
    assert len(kept()) == 2
