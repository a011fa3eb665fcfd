"""Pages of proposals: to propose, with those like it; to support; to answer; to join, to hide."""

from typing import Any

import pytest
from sqlmodel import Session

from consult.platform import Platform
from consult.proposals.models import Proposal
from consult.proposals.queries import answer_of
from tests.client import Client
from tests.conftest import TestClock
from tests.factories import open_draft, sign_in_token
from tests.proposed import CROSSING, LIBRARY, REASON, Village, make_village

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TYPED = {
    "kind": "change",
    "title": CROSSING.title,
    "body": CROSSING.body,
    "wanted": CROSSING.wanted,
    "agency": "KRK",
    "topic": "transport",
    "lang": "en",
    "seen": "",
}
LIKE_IT = TYPED | {
    "kind": "problem",
    "title": "No crossing at the school",
    "body": "The children have to run across four lanes of Manas street to reach the school.",
    "wanted": "",
}


@pytest.fixture
def village(platform: Platform, clock: TestClock) -> Village:
    return make_village(platform, clock)


def client(village: Village, name: str = "") -> Client:
    if not name:
        return Client(village.platform)
    with village.platform.database.writing() as session:
        person = session.merge(village.people[name])
        token = sign_in_token(session, person, village.clock.now)
    return Client(village.platform, token)


def made(village: Village, **more: Any) -> Any:
    return client(village, "Aizada").post("/proposals/new", TYPED | more)


def test_a_proposal_is_made_and_read_by_everybody(village: Village) -> None:
    aizada = client(village, "Aizada")
    aizada.get("/proposals/new?agency=KRK")
    page = aizada.follow(aizada.post("/proposals/new", TYPED)).text
    assert "you are its first supporter" in page
    anybody = client(village)
    page = anybody.get("/proposals/1").text
    for words in (CROSSING.title, "drivers stop for the children", "1 of 3 people", "Aizada"):
        assert words in page
    assert "Sign in to support this" in page
    assert CROSSING.title in anybody.get("/proposals").text
    assert CROSSING.title in anybody.get("/proposals?agency=KRK&topic=transport&order=most").text
    assert CROSSING.title not in anybody.get("/proposals?state=answered").text
    assert 'href="/proposals?agency=KRK"' in anybody.get("/agencies/KRK").text


def test_what_is_wrong_stands_beside_the_field_and_nothing_typed_is_lost(village: Village) -> None:
    aizada = client(village, "Aizada")
    for change in ({"title": ""}, {"body": "Bad."}, {"agency": "NONE"}, {"kind": ""}):
        page = aizada.post("/proposals/new", TYPED | change, status=422).text
        assert "There is a problem" in page
        assert CROSSING.wanted in page
    page = client(village, "Bolot").post("/proposals/new", TYPED, status=403).text
    assert "please identify yourself first" in page
    assert CROSSING.wanted in page


def test_those_like_it_are_shown_before_it_is_public(village: Village) -> None:
    made(village)
    damir = client(village, "Damir")
    page = damir.post("/proposals/new", LIKE_IT, status=200).text
    assert "Is one of these what you mean?" in page
    assert 'href="/proposals/1"' in page
    assert 'name="seen" value="1"' in page
    client(village).get("/proposals/2", status=404)
    damir.follow(damir.post("/proposals/new", LIKE_IT | {"seen": "1"}))
    client(village).get("/proposals/2")


def test_a_copy_is_refused_with_the_way_to_the_one_that_is_there(village: Village) -> None:
    made(village)
    page = client(village, "Damir").post("/proposals/new", TYPED | {"seen": "1"}, status=422).text
    assert "This was proposed already: you can support it." in page
    assert 'href="/proposals/1"' in page
    client(village).get("/proposals/2", status=404)


def test_support_is_given_and_taken_back_without_script(village: Village) -> None:
    made(village)
    bolot = client(village, "Bolot")
    page = bolot.follow(bolot.post("/proposals/1/support", {})).text
    assert "2 of 3 people" in page
    assert "Take my support back" in page
    assert "1 of 3 people" in bolot.follow(bolot.post("/proposals/1/take-back", {})).text
    for name in ("Bolot", "Chynara"):
        client(village, name).post("/proposals/1/support", {})
    village.drain()
    page = bolot.get("/proposals/1").text
    assert "The agency has to answer by" in page
    bolot.post("/proposals/1/take-back", {}, status=409)
    duties = client(village).get("/agencies/KRK/duties").text
    assert 'href="/proposals/1"' in duties


def test_the_agency_answers_in_two_steps_and_links_its_draft(village: Village) -> None:
    village.reach()
    olga, nurlan = client(village, "Olga"), client(village, "Nurlan")
    assert "Not written yet" in olga.get("/desk/proposals").text
    olga.get("/proposals/1/answer")
    said = {"outcome": "accepted", "reason": "No.", "lang": "en"}
    olga.post("/proposals/1/answer", said, status=422)
    client(village, "Omar").get("/proposals/1/answer", status=403)
    olga.follow(olga.post("/proposals/1/answer", said | {"reason": REASON}))
    assert REASON not in client(village).get("/proposals/1").text
    with village.platform.database.reading() as session:
        row = answer_of(session, 1)
        seen = {"seen": row.mark if row else ""}
    olga.post("/proposals/1/answer/approve", seen, status=403)
    nurlan.get("/proposals/1/answer")
    nurlan.post("/proposals/1/answer/return", seen, status=422)
    nurlan.post("/proposals/1/answer/approve", {"seen": "old"}, status=422)
    nurlan.follow(nurlan.post("/proposals/1/answer/approve", seen))
    assert REASON in client(village).get("/proposals/1").text
    with village.platform.database.writing() as session:
        open_draft(session, agency=village.agency(session))
    olga.get("/proposals/1/draft")
    olga.post("/proposals/1/draft", {"draft": "9"}, status=422)
    olga.follow(olga.post("/proposals/1/draft", {"draft": "1"}))
    village.drain()
    assert 'href="/drafts/1"' in client(village).get("/proposals/1").text
    assert CROSSING.title in client(village).get("/drafts/1").text
    cabinet = client(village, "Bolot").get("/cabinet/notices").text
    assert "A proposal you support led to a draft" in cabinet


def test_two_are_joined_by_the_author_of_one(village: Village) -> None:
    made(village)
    with village.platform.database.writing() as session:
        village.propose(session, LIBRARY, "Damir")
    client(village, "Bolot").get("/proposals/2/join", status=403)
    damir = client(village, "Damir")
    assert CROSSING.title in damir.get("/proposals/2/join").text
    damir.post("/proposals/2/join", {"into": "99"}, status=422)
    damir.follow(damir.post("/proposals/2/join", {"into": "1"}))
    assert "It was joined with another" in client(village).get("/proposals/2").text
    assert LIBRARY.title in client(village).get("/proposals/1").text


def test_its_author_withdraws_and_it_can_still_be_read(village: Village) -> None:
    made(village)
    client(village, "Damir").post("/proposals/1/withdraw", {}, status=403)
    aizada = client(village, "Aizada")
    page = aizada.follow(aizada.post("/proposals/1/withdraw", {})).text
    assert "Its author has taken it back." in page
    assert CROSSING.body in page


def test_what_a_moderator_hides_is_read_nowhere(village: Village) -> None:
    made(village)
    client(village, "Meder").get("/proposals/1/hide", status=403)
    marat = client(village, "Marat")
    marat.get("/proposals/1/hide")
    marat.post("/proposals/1/hide", {}, status=422)
    marat.follow(marat.post("/proposals/1/hide", {"reason": "insult"}))
    village.drain()
    for path in ("/proposals/1", "/proposals", "/moderation/log"):
        page = client(village).get(path).text
        assert CROSSING.title not in page
        assert CROSSING.body not in page
        assert 'href="/proposals/1"' in page or path == "/proposals/1"
    assert "It insults a person." in client(village).get("/proposals/1").text


def test_it_can_be_followed_without_supporting_it(village: Village) -> None:
    made(village)
    bolot = client(village, "Bolot")
    bolot.post("/follow", {"target": "proposal:1", "next": "/proposals/1"})
    assert "Stop following" in bolot.get("/proposals/1").text
    assert CROSSING.title in bolot.get("/cabinet/following").text


def fill(session: Session, n: int) -> None:
    first = session.get_one(Proposal, 1)
    values = first.model_dump(exclude={"id"})
    for at in range(n):
        session.add(Proposal(**values | {"title": f"Proposal {at}", "supporters": at}))


def test_a_long_list_goes_on_by_key(village: Village) -> None:
    made(village)
    with village.platform.database.writing() as session:
        fill(session, 30)
    for order in ("newest", "most"):
        page = client(village).get(f"/proposals?order={order}").text
        further = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
        assert "Proposal 29" in page
        assert "Proposal 2<" in client(village).get(further).text


def test_the_page_of_rules_says_how_many_must_support_what(village: Village) -> None:
    page = client(village).get("/rules").text
    assert 'id="level-local"' in page
    assert "Proposed: no act known sets this number" in page
