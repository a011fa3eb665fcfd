"""The pages of the plan: what everybody reads, what an officer does, a table, a feed."""

import csv
import re
from io import StringIO

import pytest
from lxml import etree

from consult.plans.rules import Wording
from consult.platform import Platform
from consult.spreadsheets import BYTE_ORDER_MARK
from tests.conftest import TestClock
from tests.planned import MARCH, WHY, Plan, make_plan

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def plan(platform: Platform, clock: TestClock) -> Plan:
    """Two announced acts, /plan/1 for November and /plan/2 for March, and one not public."""
    made = make_plan(platform, clock)
    made.add()
    made.add(Wording({"ru": "=О соли"}, {}, "law", platform.pack.topic[0].code), MARCH)
    made.add(Wording({"ru": "О тайном"}, {}, "law"), public=False)
    return made


def test_everybody_reads_the_plan_month_by_month(plan: Plan) -> None:
    page = plan.browser().get("/plan", budget=5).text
    assert page.index("November 2026") < page.index("On water") < page.index("March 2027")
    assert "О тайном" not in page
    assert 'href="/plan"' in plan.browser().get("/").text
    assert "Nothing is planned that fits" in plan.browser().get("/plan?year=2030").text


@pytest.mark.parametrize(
    ("asked", "water", "salt"),
    [
        ("agency=MOJ", True, True),
        ("agency=MOH", False, False),
        ("year=2026", True, False),
        ("topic=education", False, True),
        ("act_type=code", False, False),
        ("state=dropped", False, False),
        ("state=all", True, True),
        ("state=nonsense&after=nonsense", True, True),
        ("after=2026-11-01.1", False, True),
    ],
)
def test_the_plan_is_narrowed_by_its_address(
    plan: Plan, asked: str, water: bool, salt: bool
) -> None:
    topic = plan.platform.pack.topic[0].code
    page = plan.browser().get("/plan?" + asked.replace("education", topic)).text
    assert (("On water" in page), ("О соли" in page)) == (water, salt)


def test_an_address_that_cannot_be_is_no_page(plan: Plan) -> None:
    visitor = plan.browser()
    for path in (
        "/plan?agency=NONE",
        "/plan/999",
        "/plan/3",
        "/agencies/NONE/plan",
        "/plan?year=x",
    ):
        visitor.get(path, status=404)
    assert visitor.get("/agencies/MOJ/plan", status=302).headers["location"] == "/plan?agency=MOJ"


def test_a_page_of_the_plan_costs_the_same_however_long_it_is(plan: Plan) -> None:
    ids = [plan.add(Wording({"ru": f"О {n}"}, {}, "law"), public=False) for n in range(45)]
    plan.publish(*ids)
    page = plan.browser().get("/plan", budget=5).text
    (following,) = re.findall(r'href="([^"]*after=[^"]*)"', page)
    rest = plan.browser().get(following.replace("&amp;", "&")).text
    assert "О соли" in rest
    assert "On water" not in rest


def test_the_page_of_an_act_says_that_there_is_no_text_and_what_happened(plan: Plan) -> None:
    plan.move(1)
    page = plan.browser().get("/plan/1", budget=8).text
    for words in (
        "There is no text yet",
        "It is to be put to discussion in March 2027.",
        "Announced for November 2026",
        "Moved from November 2026 to March 2027",
        f"Reason: {WHY}",
    ):
        assert words in page
    plan.drop(1, reason="<b>Not needed any more.</b>")
    page = plan.browser().get("/plan/1").text
    assert "The agency plans this no longer" in page
    assert "Reason: &lt;b&gt;Not needed any more.&lt;/b&gt;" in page
    assert "You will be told if it is planned again." in page


def test_an_act_whose_month_is_over_is_called_late(plan: Plan) -> None:
    plan.clock.forward(days=90)
    assert ">Late</span>" in plan.browser().get("/plan").text
    assert "That month is over." in plan.browser().get("/plan/1").text


def test_the_draft_is_named_once_it_is_public_and_leads_back_to_the_plan(plan: Plan) -> None:
    draft_id = plan.draft()
    plan.link(1, draft_id)
    assert (
        "/drafts/"
        not in plan.browser().get("/plan/1").text.partition("<main")[2].partition("</main>")[0]
    )
    plan.announce(draft_id)
    plan.drain()
    page = plan.browser("Aizada").get("/plan/1").text
    assert f'href="/drafts/{draft_id}"' in page
    assert 'action="/follow"' not in page
    reading = plan.browser().get(f"/drafts/{draft_id}").text
    assert '<a class="tap" href="/plan/1">Announced in the plan on 7 September 2026</a>' in reading


def test_a_visitor_who_follows_is_led_to_sign_in_and_back(plan: Plan) -> None:
    visitor, target = plan.browser(), {"target": "plan:1", "next": "/plan/1"}
    assert 'href="/sign-in?next=/plan/1"' in visitor.get("/plan/1").text
    headers = {"Referer": "http://testserver/plan/1"}
    answer = visitor.post("/follow", target, headers=headers)
    assert answer.headers["location"] == "/sign-in?next=%2Fplan%2F1"


def test_following_begins_and_ends_on_the_page_of_the_act(plan: Plan) -> None:
    aizada, target = plan.browser("Aizada"), {"target": "plan:1", "next": "/plan/1"}
    page = aizada.follow(aizada.post("/follow", target)).text
    assert "Stop following" in page
    listed = aizada.get("/cabinet/following").text
    assert '<a href="/plan/1">On water</a>' in listed
    aizada.post("/unfollow", target)
    assert "You follow nothing yet" in aizada.get("/cabinet/following").text
    aizada.post("/follow", {"target": "plan:3"}, status=404)


def test_notices_and_the_link_that_stops_them_are_pages(plan: Plan) -> None:
    plan.follow("plan:1")
    plan.follow(f"agency:{plan.agency_id}")
    plan.publish(3)
    for step in (plan.move, plan.drop, plan.resume):
        step(1)
    plan.link(1, draft := plan.draft())
    plan.announce(draft)
    plan.drain()
    page = plan.browser("Aizada").get("/cabinet/notices").text
    for words in (
        "An agency has announced an act",
        "A planned act comes in another month",
        "An act is planned no longer",
        "An act is in the plan again",
        "There is a text of an act that was planned",
    ):
        assert words in page
    stranger, path = plan.browser(), plan.mail().unsubscribe_path
    assert "On village libraries" in stranger.get(path).text
    stranger.post(path, status=200, headers={"Sec-Fetch-Site": "cross-site"})
    assert plan.targets() == [f"agency:{plan.agency_id}"]


def test_the_plan_can_be_taken_away_as_a_table(plan: Plan) -> None:
    plan.drop(1)
    response = plan.browser().get("/plan.csv", budget=3)
    assert response.headers["content-type"].startswith("text/csv")
    salt, water = csv.DictReader(StringIO(response.text.removeprefix(BYTE_ORDER_MARK)))
    assert (water["title_ru"], water["title_en"], water["state"]) == (
        "О воде",
        "On water",
        "dropped",
    )
    assert (salt["title_ru"], salt["month"], salt["draft"]) == ("'=О соли", "2027-03", "")
    assert salt["address"] == "http://127.0.0.1:8000/plan/2"
    assert "О соли" not in plan.browser().get("/plan.csv?state=dropped").text


def test_the_feed_tells_what_happened_the_newest_first(plan: Plan) -> None:
    plan.clock.forward(hours=1)
    plan.drop(1)
    feed = etree.fromstring(plan.browser().get("/feeds/plan.atom?lang=en", budget=3).content)
    entries = feed.findall(f"{ATOM}entry")

    def texts(name: str) -> list[str | None]:
        return [entry.findtext(ATOM + name) for entry in entries]

    assert texts("title") == ["On water", "=О соли", "On water"]
    assert texts("summary") == [
        f"Dropped. Reason: {WHY}",
        "Announced for March 2027",
        "Announced for November 2026",
    ]
    assert texts("id")[0] == "tag:127.0.0.1,2026:plan/1/change/3"
    assert feed.findtext(f"{ATOM}updated") == texts("updated")[0]
    plan.move(2, MARCH.replace(month=5))
    again = etree.fromstring(plan.browser().get("/feeds/plan.atom?agency=MOJ").content)
    assert [e.findtext(f"{ATOM}id") for e in again.findall(f"{ATOM}entry")][1:] == texts("id")
    assert b"<entry>" not in plan.browser().get("/feeds/plan.atom?agency=MOH").content
