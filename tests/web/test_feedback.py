"""Pages of what is said of an answer: rating it, contesting it, the review in public."""

import pytest
from sqlmodel import select

from consult.access import Role
from consult.accounts.models import Agency
from consult.comments.models import Comment
from consult.platform import Platform
from tests.adopted import Act, make_act
from tests.client import Client
from tests.conftest import TestClock
from tests.factories import make_person, sign_in_token


@pytest.fixture
def act(platform: Platform, clock: TestClock) -> Act:
    made = make_act(platform, clock)
    with platform.database.writing() as session:
        agency = session.get_one(Agency, made.draft(session).agency_id)
        made.people["Gulnara"] = make_person(session, "Gulnara", role=Role.APPROVER, agency=agency)
    return made


def browser(act: Act, name: str = "") -> Client:
    token = ""
    if name:
        with act.platform.database.writing() as session:
            token = sign_in_token(session, act.people[name], act.clock.now)
    return Client(act.platform, token)


def refused(act: Act) -> int:
    with act.platform.database.reading() as session:
        return session.exec(select(Comment.id).where(Comment.body == "No libraries.")).one() or 0


def test_an_author_says_that_the_answer_did_not_meet_the_point(act: Act) -> None:
    id_, bolot = refused(act), browser(act, "Bolot")
    page = bolot.get(f"/comments/{id_}")
    assert "It met my point" in page.text
    bolot.post(f"/comments/{id_}/rating", {"met": "no"})
    page = bolot.get(f"/comments/{id_}")
    assert "You said: it did not meet my point." in page.text
    assert "0 of 1 say" in browser(act).get(f"/comments/{id_}").text


def test_a_stranger_sees_no_button_and_is_refused(act: Act) -> None:
    id_, aizada = refused(act), browser(act, "Aizada")
    assert "It met my point" not in aizada.get(f"/comments/{id_}").text
    aizada.post(f"/comments/{id_}/rating", {"met": "yes"}, status=403)
    aizada.get(f"/comments/{id_}/contest", status=403)


def test_a_contest_without_a_reason_comes_back_and_nothing_is_lost(act: Act) -> None:
    id_, bolot = refused(act), browser(act, "Bolot")
    page = bolot.post(f"/comments/{id_}/contest", {"reason": "  "}, status=422)
    assert "Please say what the answer did not take into account." in page.text
    long = "x" * 4001
    assert long in bolot.post(f"/comments/{id_}/contest", {"reason": long}, status=422).text


def test_a_contest_is_public_is_decided_by_another_person_and_stands_on_the_comments_page(
    act: Act,
) -> None:
    id_ = refused(act)
    browser(act, "Bolot").post(f"/comments/{id_}/contest", {"reason": "Read it again."})
    act.drain()
    address = "/contests/1"
    assert "Read it again." in browser(act).get(address).text
    assert "Decide" not in browser(act, "Nurlan").get(address).text  # he approved the answer
    listed = browser(act, "Gulnara").get("/desk/contests").text
    assert "Read it again." in listed
    said = {"outcome": "accepted_in_part", "decision": "You are right about books.", "lang": "en"}
    browser(act, "Gulnara").post(address, said)
    assert "It was decided otherwise." in browser(act).get(address).text
    page = browser(act).get(f"/comments/{id_}")
    assert "Decided anew" in page.text
    assert "No contested answer waits." in browser(act, "Gulnara").get("/desk/contests").text


def test_a_decision_without_a_reason_comes_back_with_what_was_typed(act: Act) -> None:
    id_ = refused(act)
    browser(act, "Bolot").post(f"/comments/{id_}/contest", {"reason": "Read it again."})
    said = {"outcome": "rejected", "decision": "", "lang": "en"}
    page = browser(act, "Gulnara").post("/contests/1", said, status=422)
    assert "Please say why the answer stands." in page.text
