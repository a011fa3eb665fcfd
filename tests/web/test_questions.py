"""Pages of questions: putting one, those that come near, the desk, rating, hiding, the figures."""

import re
from typing import Any

import pytest

from consult.platform import Platform
from consult.questions.models import Question
from tests.client import Client
from tests.conftest import TestClock
from tests.factories import sign_in_token
from tests.questioned import BODY, TITLE, Hall, make_hall

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ASKED = {"agency": "MOJ", "kind": "person", "title": TITLE, "body": BODY, "lang": "en"}
ANSWER = {"body": "In August.", "lang": "en", "then": "submit"}


@pytest.fixture
def hall(platform: Platform, clock: TestClock) -> Hall:
    return make_hall(platform, clock)


def browser(hall: Hall, name: str = "") -> Client:
    if not name:
        return Client(hall.platform)
    with hall.platform.database.writing() as session:
        return Client(hall.platform, sign_in_token(session, hall.people[name], hall.clock.now))


def test_a_visitor_reads_questions_and_is_asked_to_sign_in_to_put_one(hall: Hall) -> None:
    hall.asked()
    visitor = browser(hall)
    page = visitor.get("/questions?agency=MOJ&state=waiting&kind=person").text
    assert TITLE in page
    assert TITLE not in visitor.get("/questions?agency=MOH").text
    assert "due by" in visitor.get("/questions/1").text
    assert visitor.get("/questions/new", status=303).headers["location"].startswith("/sign-in")
    visitor.get("/questions/99", status=404)
    visitor.get("/questions?agency=NONE", status=404)


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(hall: Hall) -> None:
    aizada = browser(hall, "Aizada")
    for more, words in (
        ({"title": " "}, "in a few words"),
        ({"body": ""}, "write your question"),
        ({"agency": ""}, "whom you ask"),
        ({"agency": "COUNCIL"}, "cannot be asked"),
        ({"agency": "NONE"}, "cannot be asked"),
    ):
        page = aizada.post("/questions/new", ASKED | more, status=422).text
        assert words in page
        assert (more.get("body", BODY) or TITLE) in page
    aizada.post("/questions/new", ASKED | {"kind": "deputy"}, status=403)


def test_those_that_come_near_are_shown_before_a_question_is_put(hall: Hall) -> None:
    hall.asked()
    bolot = browser(hall, "Bolot")
    own = ASKED | {"title": "When will the road to our school be repaired?", "body": "Closed."}
    page = bolot.post("/questions/new", own, status=200).text
    assert "Has this been asked already?" in page
    assert 'href="/questions/1"' in page
    put = bolot.post("/questions/new", own | {"looked": "yes"})
    assert put.headers["location"] == "/questions/2"
    copied = bolot.post("/questions/new", ASKED | {"looked": "yes"}, status=422).text
    assert "asked here already" in copied
    bolot.post("/questions/1/wish", {})
    assert "1 more person wants to know" in bolot.get("/questions/1").text
    bolot.post("/questions/1/unwish", {})
    assert "wants to know" not in bolot.get("/questions").text


def seen(page: str) -> str:
    """The mark of the answer that a page offers to approve."""
    found = re.search(r'name="seen" value="(\d+)"', page)
    return found[1] if found else ""


def test_from_the_desk_to_the_rating(hall: Hall) -> None:
    aizada, olga, nurlan = (browser(hall, name) for name in ("Aizada", "Olga", "Nurlan"))
    assert aizada.post("/questions/new", ASKED).headers["location"] == "/questions/1"
    hall.drain()
    here = "/desk/questions/1"
    assert TITLE in olga.get("/desk/questions").text
    browser(hall, "Damir").get(here, status=403)
    olga.post(here, ANSWER | {"body": ""}, status=422)
    olga.post(here, ANSWER | {"then": "keep"})
    nurlan.post(f"{here}/approve", {}, status=409)
    olga.post(here, ANSWER | {"body": "Soon."})
    nurlan.post(f"{here}/return", {"note": ""}, status=422)
    nurlan.post(f"{here}/return", {"note": "Which year?"})
    assert "Which year?" in olga.get(here).text
    before = seen(nurlan.get(here).text)
    hall.clock.forward(minutes=1)
    olga.post(here, ANSWER)
    assert "In August." not in browser(hall).get("/questions/1").text
    nurlan.post(f"{here}/approve", {"seen": before}, status=409)
    nurlan.post(f"{here}/approve", {"seen": seen(nurlan.get(here).text)})
    hall.drain()
    assert "In August." in browser(hall).get("/questions/1").text
    aizada.post("/questions/1/rating", {"met": "no"})
    assert "it did not meet my point" in browser(hall).get("/questions/1").text
    page = browser(hall).get("/agencies/MOJ").text
    assert "1 question was asked" in page
    assert "1 of 1 answers that fell due came on time" in page


def test_the_officer_passes_a_question_on_and_everybody_reads_why(hall: Hall) -> None:
    hall.asked()
    olga, onwards = browser(hall, "Olga"), "/desk/questions/1/forward"
    moved = {"agency": "MOH", "reason": "The road is theirs.", "lang": "en"}
    for more in ({"reason": ""}, {"agency": "MOJ"}, {"agency": ""}):
        olga.post(onwards, moved | more, status=422)
    olga.post(onwards, moved)
    hall.drain()
    assert "The road is theirs." in browser(hall).get("/questions/1").text
    olga.get("/desk/questions/1", status=403)
    assert "The road is theirs." in browser(hall, "Damir").get("/desk/questions/1").text


@pytest.mark.parametrize(
    ("name", "path", "gap"),
    [
        ("Aizada", "/questions/1/withdraw", "Taken back by who asked."),
        ("Moderator", "/questions/1/hide", "Hidden by a moderator."),
    ],
)
def test_what_is_taken_back_or_hidden_leaves_a_marked_gap(
    hall: Hall, name: str, path: str, gap: str
) -> None:
    hall.asked()
    actor = browser(hall, name)
    if name == "Moderator":
        actor.get(path)
        actor.post(path, {"reason": ""}, status=422)
    actor.post(path, {"reason": "insult"})
    for page in ("/questions", "/questions/1"):
        text = browser(hall).get(page).text
        assert gap in text
        assert TITLE not in text
    if name == "Moderator":
        assert "Question № 1" in browser(hall).get("/moderation/log").text


def test_a_deputy_and_a_council_ask_as_what_they_are(hall: Hall) -> None:
    deputy, councillor = browser(hall, "Deputy"), browser(hall, "Councillor")
    deputy.post("/questions/new", ASKED | {"kind": "deputy"})
    page = councillor.get("/questions/new").text
    assert 'value="MOJ"' in page
    assert 'value="MOH"' not in page
    asked: dict[str, Any] = ASKED | {"kind": "council", "title": "Which roads?", "looked": "yes"}
    councillor.post("/questions/new", asked)
    assert "Question of a deputy" in browser(hall).get("/questions/1").text
    assert "Asked for by a council" in browser(hall).get("/questions?kind=council").text
    with hall.platform.database.reading() as session:
        assert session.get_one(Question, 2).council_id == 3
