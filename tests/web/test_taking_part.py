"""Taking part in a browser: comments, replies, votes, second thoughts; each step a link or form."""

import re
from typing import Any

import pytest
from sqlmodel import col, select

from consult.access import Role
from consult.accounts.models import Person
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.platform import Platform
from consult.worker import drain
from drafts.models import Draft
from tests.client import Client
from tests.conftest import START, TestClock
from tests.factories import (
    answer_comment,
    close_consultation,
    comments_in,
    make_comment,
    make_person,
    open_consultation,
    open_draft,
    release_report,
    sign_in_token,
)
from tests.versions import publish_next

SCHOOL = "The school is open. The school is warm. The school is near."
HX = {"HX-Request": "true"}
ANSWERING = (Role.OFFICER, Role.APPROVER)


@pytest.fixture
def aizada(platform: Platform) -> Client:
    """Aizada's browser; /drafts/1 is under discussion."""
    with platform.database.writing() as session:
        open_draft(session, (SCHOOL, "It is open five days a week."))
        return Client(platform, sign_in_token(session, make_person(session)))


@pytest.fixture
def bolot(platform: Platform, aizada: Client) -> Client:
    """Bolot's browser, who has said something: /comments/1."""
    with platform.database.writing() as session:
        person = make_person(session, "Bolot")
        make_comment(session, session.exec(select(Draft)).one(), person, "Too cold.", wid="art_1")
        return Client(platform, sign_in_token(session, person))


def send(client: Client, url: str, body: str = "Please heat it.", **more: Any) -> Any:
    status = more.pop("status", 303)
    return client.post(url, {"body": body, "kind": "substantive"} | more, status=status)


def comment(platform: Platform, comment_id: int = 1) -> Comment:
    with platform.database.reading() as session:
        return session.get_one(Comment, comment_id)


def count(page: str) -> tuple[str, ...]:
    """How many agree and disagree, by the first buttons or words of a page that say it."""
    return tuple(re.findall(r"(?:Agree|Disagree) · (\d+)", page)[:2])


def end(platform: Platform) -> None:
    with platform.database.writing() as session:
        close_consultation(session, session.exec(select(Consultation)).one())


def next_round(platform: Platform, *articles: str) -> None:
    """What was said is answered, and another text of /drafts/1 is under discussion."""
    with platform.database.writing() as session:
        newest = col(Consultation.round).desc()
        consultation = session.exec(select(Consultation).order_by(newest)).first()
        assert consultation is not None
        draft = close_consultation(session, consultation)
        names = {role: f"{role.title()} {consultation.round}" for role in ANSWERING}
        staff = [make_person(session, names[role], role=role) for role in ANSWERING]
        for said in comments_in(session, consultation):
            answer_comment(session, said, *staff)
        publish_next(session, draft, articles)
        release_report(session, consultation, staff[0])
        session.refresh(draft)
        open_consultation(session, draft)
    drain(platform, START)


def test_who_comments_gets_a_receipt(aizada: Client, platform: Platform) -> None:
    page = aizada.follow(send(aizada, "/drafts/1/comments")).text
    said = comment(platform)
    assert f"Keep this number: № {said.receipt}" in page
    assert said.body_hash in page
    assert "Please heat it." in page
    assert "received and registered" in page
    assert "Please heat it." in aizada.get("/drafts/1").text


def test_a_passage_is_commented_on(aizada: Client, platform: Platform) -> None:
    action = "/drafts/1/comments?wid=art_1&amp;text=en"
    assert f'action="{action}"' in aizada.get("/drafts/1/provisions/art_1").text
    send(aizada, action.replace("&amp;", "&"), stance="support")
    said = comment(platform)
    assert (said.wid, said.anchor_lang, said.stance) == ("art_1", "en", "support")
    assert "Please heat it." in aizada.get("/drafts/1/provisions/art_1").text


def test_the_words_meant_are_quoted_where_they_were_selected(
    aizada: Client, platform: Platform
) -> None:
    start = SCHOOL.index("school", 30)
    url = f"/drafts/1/provisions/art_1?quote=school&quote_start={start}"
    page = aizada.get(url).text
    hidden = dict(re.findall(r'<input type="hidden" name="(quote\w*)" value="([^"]*)"', page))
    assert hidden == {"quote": "school", "quote_start": str(start)}
    send(aizada, "/drafts/1/comments?wid=art_1&text=en", **hidden)
    assert (comment(platform).quote, comment(platform).quote_start) == ("school", start)


def test_a_very_long_selection_can_be_quoted(aizada: Client) -> None:
    aizada.get("/drafts/1/provisions/art_1", params={"quote": "school " * 400})


def test_a_form_that_is_refused_keeps_every_word(aizada: Client, platform: Platform) -> None:
    typed = {"stance": "oppose", "proposed": "The school is <warm>.", "quote": "The school was"}
    page = send(aizada, "/drafts/1/comments?wid=art_1&text=en", status=422, **typed).text
    assert "do not stand in this provision" in page
    assert "Please heat it.</textarea>" in page
    assert "The school is &lt;warm&gt;.</textarea>" in page
    assert 'value="oppose" checked' in page
    for nothing in ("", "   ", "\u200b"):
        assert (
            "Please write your comment."
            in send(aizada, "/drafts/1/comments", nothing, status=422).text
        )


def test_a_deleted_passage_is_read_but_takes_no_more_comments_or_votes(
    aizada: Client, platform: Platform
) -> None:
    url = "/drafts/1/provisions/art_2"
    send(aizada, "/drafts/1/comments?wid=art_2&text=en", "Six days.")
    aizada.post(f"{url}/vote", {"value": "1"})
    next_round(platform, SCHOOL)
    for page in (aizada.get(url).text, aizada.get(url, headers=HX).text):
        assert "This is not in version 2." in page
        assert "Six days." in page
        assert "Version 1: 1 for, 0 against" in page
        assert "<textarea" not in page
        assert f"{url}/vote" not in page
        assert 'href="/drafts/1#discussion"' in page
    refusal = aizada.post(f"{url}/vote", {"value": "1"}, status=404).text
    assert "no such provision in this text" in refusal


def test_a_comment_on_a_passage_deleted_meanwhile_comes_back_with_every_word(
    aizada: Client, platform: Platform
) -> None:
    next_round(platform, SCHOOL)
    typed = {"stance": "oppose", "proposed": "Six days.", "quote": "five days", "quote_start": "11"}
    page = send(aizada, "/drafts/1/comments?wid=art_2&text=en", status=422, **typed).text
    assert "You can send your comment for the draft as a whole." in page
    assert "It is open five days a week." in page
    assert "«five days»\n\nPlease heat it.</textarea>" in page
    assert "Six days.</textarea>" in page
    assert 'value="oppose" checked' in page
    assert 'name="quote"' not in page
    action = "/drafts/1/comments?wid=&amp;text=en"
    assert f'action="{action}"' in page
    assert 'id="c-body" name="body"' in page
    assert 'aria-invalid="true"' in page  # words kept by the browser do not take its place
    send(aizada, action.replace("&amp;", "&"), "«five days» Please heat it.")
    assert (comment(platform).wid, comment(platform).body) == ("", "«five days» Please heat it.")
    send(aizada, "/drafts/1/comments?wid=art_9&text=en", status=404)


def test_of_a_deleted_passage_every_page_says_the_same(aizada: Client, platform: Platform) -> None:
    quote = {"quote": "five days a week"}
    send(aizada, "/drafts/1/comments?wid=art_2&text=en", **quote)
    next_round(platform, SCHOOL, "It is open all days.")
    next_round(platform, SCHOOL)
    for url in ("/drafts/1/provisions/art_2", "/drafts/1/discussion", "/comments/1"):
        page = aizada.get(url).text
        assert "The provision is no longer in the text." in page
        assert "little is left" not in page
        assert "Made on version 1" in page


def test_whoever_proposes_a_wording_writes_it(aizada: Client, platform: Platform) -> None:
    page = send(aizada, "/drafts/1/comments?wid=art_1&text=en", status=422, kind="wording").text
    assert "Please write the wording you propose." in page
    other = {"change": "replacement", "kind": "question"}
    page = send(aizada, "/drafts/1/comments?wid=art_1&text=en", status=422, **other).text
    assert "Please write the wording you propose." in page
    assert re.search(r'value="replacement" checked', page)
    proposed = {"kind": "wording", "proposed": "The school is heated."}
    response = send(aizada, "/drafts/1/comments?wid=art_1&text=en", **proposed)
    assert re.search(r"<ins>.*heated.*</ins>", aizada.follow(response).text)


def test_second_thoughts_are_possible_for_fifteen_minutes(
    aizada: Client, platform: Platform, clock: TestClock
) -> None:
    send(aizada, "/drafts/1/comments", "First words.")
    clock.forward(minutes=14)
    assert "First words.</textarea>" in aizada.get("/comments/1/edit").text
    page = aizada.follow(send(aizada, "/comments/1/edit", "Better words.")).text
    assert "Better words." in page
    assert "1 earlier wording" in page
    assert "First words." in page  # everybody can see what it said
    assert "edited" in page
    clock.forward(minutes=1)
    send(aizada, "/comments/1/edit", "Too late.", status=403)
    assert "/comments/1/edit" not in aizada.get("/comments/1").text
    assert comment(platform).body == "Better words."


def test_words_taken_back_leave_a_gap_and_what_was_replied(
    aizada: Client, bolot: Client, platform: Platform
) -> None:
    aizada.follow(send(aizada, "/comments/1/reply", "I agree."))
    page = bolot.follow(bolot.post("/comments/1/withdraw")).text
    assert "Withdrawn by its author." in page
    for url in ("/comments/1", "/drafts/1/discussion", "/drafts/1/provisions/art_1"):
        page = aizada.get(url).text
        assert "Too cold." not in page
        assert "I agree." in page
    send(aizada, "/comments/1/reply", "And yet.", status=404)


def test_a_reply_stands_beneath_what_it_replies_to(
    aizada: Client, bolot: Client, platform: Platform
) -> None:
    assert "Too cold." in aizada.get("/comments/1/reply").text
    aizada.follow(send(aizada, "/comments/1/reply", "I agree."))
    page = bolot.get("/comments/1").text
    assert re.search(r'class="replies".*I agree\.', page, re.DOTALL)
    drain(platform, START)
    assert "I agree." in bolot.get("/cabinet/notices").text


def test_a_vote_counts_once_and_can_be_changed_and_taken_back(aizada: Client) -> None:
    url = "/drafts/1/provisions/art_1"
    counts = []
    for value in ("1", "1", "-1", "0"):
        page = aizada.follow(aizada.post(f"{url}/vote", {"value": value})).text
        counts.append(count(page))
    assert counts == [("1", "0"), ("1", "0"), ("0", "1"), ("0", "0")]


def test_the_button_one_has_pressed_takes_the_vote_back(aizada: Client) -> None:
    url = "/drafts/1/provisions/art_1"
    aizada.post(f"{url}/vote", {"value": "1"})
    pressed = re.findall(r'value="(\S+)" aria-pressed="(\w+)"', aizada.get(url).text)
    assert pressed == [("0", "true"), ("-1", "false")]


def test_a_draft_a_passage_and_a_comment_are_voted_on(aizada: Client, bolot: Client) -> None:
    for url in ("/drafts/1", "/drafts/1/provisions/art_1", "/comments/1"):
        page = aizada.follow(aizada.post(f"{url}/vote", {"value": "1"})).text
        assert "Your vote stands." in page
        assert count(page) == ("1", "0"), url


def test_nobody_votes_on_their_own_comment(bolot: Client) -> None:
    bolot.post("/comments/1/vote", {"value": "1"}, status=403)
    assert "/comments/1/vote" not in bolot.get("/comments/1").text


def test_beside_the_text_a_vote_is_answered_by_the_piece_that_changed(
    aizada: Client, bolot: Client
) -> None:
    for url, key in (("/drafts/1/provisions/art_1", "vote-place"), ("/comments/1", "vote-1")):
        piece = aizada.post(f"{url}/vote", {"value": "1"}, status=200, headers=HX).text
        assert "<html" not in piece
        assert f'id="{key}"' in piece
        assert f'action="{url}/vote"' in piece
        assert count(piece) == ("1", "0")


def test_a_refusal_beside_the_text_is_a_piece_too(aizada: Client, platform: Platform) -> None:
    end(platform)
    piece = aizada.post("/drafts/1/vote", {"value": "1"}, status=403, headers=HX).text
    assert "<html" not in piece
    assert 'role="alert"' in piece


def test_after_the_end_nothing_is_taken_and_nothing_is_offered(
    aizada: Client, bolot: Client, platform: Platform
) -> None:
    end(platform)
    send(aizada, "/drafts/1/comments", status=403)
    send(aizada, "/comments/1/reply", status=403)
    send(bolot, "/comments/1/edit", status=403)
    for url in ("/drafts/1/vote", "/drafts/1/provisions/art_1/vote", "/comments/1/vote"):
        aizada.post(url, {"value": "1"}, status=403)
    for url in ("/drafts/1", "/drafts/1/provisions/art_1", "/comments/1"):
        page = aizada.get(url).text
        assert "/vote" not in page
        assert "<textarea" not in page
        assert "/reply" not in page


def test_a_visitor_is_asked_to_sign_in_and_comes_back(platform: Platform, bolot: Client) -> None:
    visitor = Client(platform)
    page = visitor.get("/drafts/1/provisions/art_1").text
    assert "/sign-in?next=/drafts/1/provisions/art_1" in page
    for url in ("/drafts/1/comments", "/comments/1/reply", "/drafts/1/vote", "/comments/1/vote"):
        came_from = {"Referer": "http://testserver/drafts/1?text=en"}
        response = visitor.post(url, {"body": "Hello.", "value": "1"}, headers=came_from)
        assert response.headers["location"] == "/sign-in?next=%2Fdrafts%2F1%3Ftext%3Den"
    response = visitor.post("/drafts/1/vote", {"value": "1"}, status=401, headers=HX)
    assert response.headers["hx-redirect"].startswith("/sign-in")


@pytest.mark.parametrize("role", [Role.OFFICER, Role.MODERATOR, Role.PARLIAMENTARIAN])
def test_staff_read_along_but_take_no_part(platform: Platform, bolot: Client, role: Role) -> None:
    with platform.database.writing() as session:
        staff = Client(platform, sign_in_token(session, make_person(session, "Olga", role=role)))
    page = staff.get("/drafts/1/provisions/art_1").text
    assert "Too cold." in page
    assert "<textarea" not in page
    send(staff, "/drafts/1/comments", status=403)
    send(staff, "/comments/1/reply", status=403)
    staff.post("/drafts/1/vote", {"value": "1"}, status=403)
    staff.post("/comments/1/vote", {"value": "1"}, status=403)


def test_who_speaks_for_an_organisation_is_shown_as_one(platform: Platform, aizada: Client) -> None:
    with platform.database.writing() as session:
        person = make_person(session, "Okuu", organisation="Okuu Foundation")
        client = Client(platform, sign_in_token(session, person))
    page = client.follow(send(client, "/drafts/1/comments")).text
    assert "Okuu Foundation" in page
    assert "organisation" in page


def test_of_its_author_the_public_sees_the_name_and_not_the_address(
    platform: Platform, bolot: Client
) -> None:
    page = Client(platform).get("/drafts/1/discussion").text
    assert "Bolot" in page
    with platform.database.reading() as session:
        for person in session.exec(select(Person)).all():
            assert person.email not in page
