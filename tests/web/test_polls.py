"""Pages of polls: the desk's form, answering without script, results once the round is over."""

from typing import Any

import pytest
from lxml import html
from sqlmodel import select

from consult.access import Role
from consult.accounts.actions import grant
from consult.consultations.models import Consultation
from consult.platform import Platform
from consult.polls.models import PollAnswer, PollQuestion
from tests.cast import Cast
from tests.client import Client
from tests.conftest import TestClock
from tests.factories import close_consultation, make_person, sign_in_token

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

DESK = "/desk/consultations/1/poll"
ASKED = {
    "kind_1": "single",
    "words_en_1": "How many days?",
    "options_en_1": "Five\nSix",
    "kind_2": "multiple",
    "words_en_2": "Which rooms?",
    "options_en_2": "Quiet\nWarm\nBright",
    "kind_3": "open",
    "words_en_3": "Why?",
}


@pytest.fixture
def cast(platform: Platform) -> Cast:
    cast = Cast(platform)
    cast["olga"].get(DESK)
    cast["olga"].post(DESK, ASKED)
    return cast


def stamp(client: Client) -> str:
    page = html.fromstring(client.get("/drafts/1/poll").text)
    return str(page.xpath("//input[@name='stamp']/@value")[0])


def send(client: Client, days: str = "0", why: str = "It is far.", **more: Any) -> Any:
    answers = {"stamp": stamp(client), "q1": days, "q2[]": ["0", "2"], "q3": why}
    return client.post("/drafts/1/poll", answers | more.pop("also", {}), **more)


def close(cast: Cast, clock: TestClock) -> None:
    with cast.platform.database.writing() as session:
        row = session.get_one(Consultation, 1)
        clock.now = row.closes_at
        close_consultation(session, row)


def test_the_form_comes_back_filled_with_what_is_wrong(cast: Cast) -> None:
    page = cast["olga"].post(DESK, ASKED | {"options_en_1": "Five"}, status=422).text
    assert "How many days?" in page
    assert "#f-options_en_1" in page
    cast["damir"].get(DESK, status=403)  # of another ministry
    cast["olga"].get("/desk/consultations/99/poll", status=404)


def test_answers_to_choose_from_are_refused_where_words_are_asked_for(cast: Cast) -> None:
    page = cast["olga"].post(DESK, ASKED | {"options_en_3": "Far\nCold"}, status=422).text
    assert "#f-options_en_3" in page
    assert "has no answers to choose from" in page


def test_a_form_without_a_question_takes_questions_back_or_is_refused(cast: Cast) -> None:
    olga = cast["olga"]
    olga.post(DESK, {"kind_1": "single"})  # nobody has answered
    with cast.platform.database.reading() as session:
        assert session.exec(select(PollQuestion)).all() == []
    assert "Please ask at least one question." in olga.post(DESK, {}, status=422).text


def test_once_somebody_answered_the_desk_reads_the_questions_and_has_no_form(cast: Cast) -> None:
    send(cast["aizada"])
    for page in (cast["olga"].get(DESK), cast["olga"].post(DESK, ASKED, status=422)):
        main = html.fromstring(page.text).xpath("//main")[0]
        assert not main.xpath(".//form")
        words = main.text_content()
        assert words.count("the questions stay as they are") == 1
        assert "They can be changed" not in words
        assert "How many days?" in words
        assert "Bright" in words


def test_a_citizen_answers_without_script_and_changes_it(cast: Cast) -> None:
    aizada = cast["aizada"]
    assert "The agency asks 3 questions" in aizada.get("/drafts/1").text
    send(aizada)
    page = html.fromstring(aizada.get("/drafts/1/poll").text)
    assert page.xpath("//main//input[@checked]/@value") == ["0", "0", "2"]
    assert page.xpath("string(//main//textarea)").strip() == "It is far."
    send(aizada, days="", why="")
    with cast.platform.database.reading() as session:
        assert [row.choices for row in session.exec(select(PollAnswer)).all()] == [5]
    cast["olga"].post("/drafts/1/poll", {"stamp": ""}, status=403)


def test_what_cannot_be_answered_is_refused_and_nothing_typed_is_lost(cast: Cast) -> None:
    aizada = cast["aizada"]
    page = send(aizada, days="7", why="It is cold.", status=422).text
    assert "It is cold." in page
    old = send(aizada, also={"stamp": "0" * 16}, status=422).text
    assert "changed meanwhile" in old
    with cast.platform.database.reading() as session:
        assert session.exec(select(PollAnswer)).all() == []


def test_results_stand_nowhere_before_the_closing_and_everywhere_after(
    cast: Cast, clock: TestClock
) -> None:
    with cast.platform.database.writing() as session:
        for n in range(4):
            make_person(session, f"Reader{n}")
    for name in ("aizada", *(f"reader{n}" for n in range(4))):
        send(cast[name], why=f"Because of {name}.")
    visitor = Client(cast.platform)
    places = ("/drafts/1/poll", "/drafts/1/poll.json", "/drafts/1/brief", "/drafts/1/brief.json")
    for name in ("olga", "azamat"):
        assert not any("Because of" in cast[name].get(path).text for path in places)
    (poll,) = visitor.get("/drafts/1/poll.json").json()["polls"]
    assert poll["results"] is None
    assert visitor.get("/drafts/1/brief.json").json()["polls"] == []
    visitor.get("/poll-answers/3/hide", status=303)  # to sign in
    cast["azamat"].get("/poll-answers/3/hide", status=404)

    close(cast, clock)
    (poll,) = visitor.get("/drafts/1/poll.json").json()["polls"]
    first = poll["results"][0]
    assert (first["people"], first["identified"]) == (5, 0)
    assert [one["people"] for one in first["options"]] == [5, 0]
    page = visitor.get("/drafts/1/poll").text
    assert "5 people answered" in page
    assert "Because of aizada." in page
    assert "Aizada" not in page
    assert "How many days?" in visitor.get("/drafts/1/brief").text
    assert '<th role="columnheader" scope="col">What was answered</th>' in page
    page = visitor.get("/drafts/1/brief", headers={"Cookie": "lang=ru"}).text
    for words in ("How many days?", "Five"):
        assert f'<span lang="en">{words}</span>' in page


def test_a_moderator_hides_an_answer_and_the_log_says_why(cast: Cast, clock: TestClock) -> None:
    send(cast["aizada"], why="Fools!")
    close(cast, clock)
    with cast.platform.database.writing() as session:
        marat = make_person(session, "Marat")
        grant(session, marat.id or 0, Role.MODERATOR, None, clock.now)
        token = sign_in_token(session, marat, clock.now)
        number = session.exec(select(PollAnswer.id).where(PollAnswer.words != "")).one()
    path = f"/poll-answers/{number}/hide"
    marat_ = Client(cast.platform, token)
    assert "Fools!" in marat_.get(path).text
    marat_.post(path, {"reason": ""}, status=422)
    marat_.post(path, {"reason": "insult", "note": ""})
    assert "Fools!" not in Client(cast.platform).get("/drafts/1/poll").text
    assert "Answer to a question" in Client(cast.platform).get("/moderation/log").text
    marat_.post(path, {"reason": "insult"}, status=404)


def test_where_nothing_is_asked_there_is_no_page(platform: Platform) -> None:
    cast = Cast(platform)
    Client(platform).get("/drafts/1/poll", status=404)
    assert Client(platform).get("/drafts/1/poll.json").json()["polls"] == []
    cast["aizada"].post("/drafts/1/poll", {"stamp": ""}, status=404)
    with platform.database.reading() as session:
        assert session.exec(select(PollQuestion)).all() == []
