"""Pages of councils: asked, written, voted on without script, read by everybody, answered."""

from typing import Any

import pytest

from consult.platform import Platform
from tests.client import Client
from tests.conftest import TestClock
from tests.counselled import MEMBERS, Counsel, make_counsel
from tests.factories import sign_in_token

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ONE = "/opinions/1"
WRITTEN = {
    "words_en": "Open on market days.",
    "conclusion": "for_with_remarks",
    "wid_1": "art_2",
    "point_1": "Open on Sundays too.",
}


class Rooms:
    """The scene with a browser for each of its people."""

    def __init__(self, counsel: Counsel) -> None:
        self.counsel = counsel

    def of(self, name: str = "") -> Client:
        platform = self.counsel.platform
        if not name:
            return Client(platform)
        with platform.database.writing() as session:
            token = sign_in_token(session, self.counsel.people[name], self.counsel.clock.now)
        return Client(platform, token)


@pytest.fixture
def rooms(platform: Platform, clock: TestClock) -> Rooms:
    return Rooms(make_counsel(platform, clock))


def vote(rooms: Rooms, name: str, given: str = "for", status: int = 303, **more: Any) -> str:
    said = {"vote": given, "lang": "en"} | more
    return str(rooms.of(name).post(f"{ONE}/vote", said, status=status).text)


def test_an_opinion_goes_all_the_way_without_script(rooms: Rooms) -> None:
    chair, bakyt = rooms.of("Chynara"), rooms.of("Bakyt")
    assert "being written" not in rooms.of().get("/drafts/1/opinions").text
    assert "Write the opinion" in bakyt.get(ONE).text
    bakyt.get(f"{ONE}/edit")
    bakyt.post(f"{ONE}/edit", WRITTEN)
    assert "Open on market days." not in rooms.of().get(ONE).text  # members alone read it
    bakyt.post(f"{ONE}/put", {})
    assert "Open on market days." in chair.get(f"{ONE}/vote").text
    for name in MEMBERS[:3]:
        vote(rooms, name)
    chair.post(f"{ONE}/close", {}, status=409)
    vote(rooms, "Zamira", "against", dissent="Who shall pay for it?")
    chair.post(f"{ONE}/close", {})
    public = rooms.of().get(ONE).text
    for words in ("Open on market days.", "Open on Sundays too.", "Who shall pay for it?"):
        assert words in public
    assert "Zamira of the council" in public
    assert "in favour: 3" in public
    assert 'href="/drafts/1/opinions"' in rooms.of().get("/drafts/1").text


def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(rooms: Rooms) -> None:
    bakyt = rooms.of("Bakyt")
    page = bakyt.post(f"{ONE}/edit", WRITTEN | {"wid_1": "art_99"}, status=422).text
    assert "There is no such provision in this text." in page
    assert "Open on market days." in page
    bakyt.post(f"{ONE}/edit", WRITTEN)
    bakyt.post(f"{ONE}/put", {})
    assert "#f-dissent" in vote(rooms, "Bakyt", "for", 422, dissent="No.")
    vote(rooms, "Bakyt")
    assert "A vote is cast once." in vote(rooms, "Bakyt", "against", 422)


def test_a_council_speaks_of_its_own_motion_and_nobody_sees_it_before(rooms: Rooms) -> None:
    counsel = rooms.counsel
    counsel.give("Zamira", "Bakyt")  # it found no majority
    bakyt = rooms.of("Bakyt")
    assert "/drafts/1/opinions/new?council=MOJ-C" in bakyt.get("/drafts/1/opinions").text
    bakyt.get("/drafts/1/opinions/new?council=MOJ-C")
    bakyt.post("/drafts/1/opinions/new?council=MOJ-C", {"conclusion": "for"}, status=422)
    bakyt.post("/drafts/1/opinions/new?council=MOJ-C", WRITTEN)
    bakyt.get("/opinions/2")
    for name in ("", "Aizada", "Olga"):
        rooms.of(name).get("/opinions/2", status=404)
    assert "no majority" in rooms.of().get("/councils/MOJ-C").text


def test_the_agency_answers_and_until_it_is_published_it_alone_reads_that(rooms: Rooms) -> None:
    rooms.counsel.give()
    olga, nurlan = rooms.of("Olga"), rooms.of("Nurlan")
    said = {"taken": "part", "answer": "Sundays, but not market days.", "lang": "en"}
    assert "#f-answer" in olga.post(f"{ONE}/answer", said | {"answer": ""}, status=422).text
    olga.post(f"{ONE}/answer", said)
    assert "not market days" in olga.get(f"{ONE}/answer").text
    assert "not market days" not in rooms.of().get(ONE).text
    assert "Publish the answer" not in olga.get(ONE).text
    assert "Publish the answer" in nurlan.get(ONE).text
    nurlan.post(f"{ONE}/publish-answer", {})
    assert "not market days" in rooms.of().get(ONE).text
    olga.get(f"{ONE}/answer", status=409)


def test_an_officer_asks_a_council_where_it_was_not_asked_yet(rooms: Rooms) -> None:
    olga = rooms.of("Olga")
    assert "Ask a council" not in olga.get("/drafts/1/opinions").text
    rooms.counsel.give("Zamira", "Bakyt")
    assert "Ask a council" in olga.get("/drafts/1/opinions").text
    olga.post("/drafts/1/opinions/ask", {"council": "1"}, status=422)
    olga.post("/drafts/1/opinions/ask", {"council": "3"})
    olga.post("/drafts/1/opinions/ask", {"council": "3"}, status=409)


def test_a_member_begins_where_everything_of_the_council_stands(rooms: Rooms) -> None:
    page = rooms.of("Erlan").get("/desk/council").text
    assert 'href="/opinions/1"' in page
    assert "/obligations/" in page  # what the ministry owes
    assert "/questions/new?agency=MOJ" in page
    assert 'href="/desk/council"' in rooms.of("Erlan").get("/desk").text
    rooms.of("Olga").get("/desk/council", status=403)


def test_an_administrator_keeps_the_members(rooms: Rooms) -> None:
    admin, desk = rooms.of("Admin"), "/admin/councils/MOJ-C"
    assert "Chynara of the council" in admin.get(desk).text
    page = admin.post(f"{desk}/members", {"email": "no@example.org", "name": "No"}, status=422)
    assert "#f-email" in page.text
    said = {"email": "aizada@example.org", "name": "Aizada Usenova", "field": "Water law"}
    admin.post(f"{desk}/members", said)
    assert "Water law" in rooms.of().get("/councils/MOJ-C").text
    admin.post(f"{desk}/members/6/end", {})
    admin.post(f"{desk}/members/6/end", {}, status=409)
    admin.get("/admin/councils/MOJ", status=404)
    rooms.of("Chynara").get(desk, status=403)


def test_pages_of_many_opinions_ask_no_more_of_the_database(rooms: Rooms) -> None:
    rooms.counsel.give("Zamira")
    for address in (ONE, "/drafts/1/opinions", "/councils/MOJ-C", "/desk/council"):
        assert rooms.of("Chynara").get(address).status_code == 200  # the client counts queries
