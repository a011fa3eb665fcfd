"""Signing in a browser: the button, who signed, the hint before posting, what I signed."""

import html
import re
from typing import Any

import pytest
from sqlmodel import select

from consult.accounts.models import Person
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.platform import Platform
from consult.worker import drain
from drafts.models import Draft
from tests.cast import Cast, unchanged
from tests.client import Client
from tests.conftest import START
from tests.factories import close_consultation, make_comment, make_person, sign_in_token

COLD = (
    "The library of our village is so cold in winter that the children cannot read in it; "
    "please let the law say who pays for heating, or nobody will."
)
NEARLY = COLD.replace("children", "pupils").replace("heating", "the stove")
OTHER = (
    "We ask the ministry to open every library on Saturday as well, because whoever works "
    "from Monday to Friday can never come, and the doors are shut on Sunday too."
)
HINT = "says something close"


@pytest.fixture
def people(platform: Platform) -> Cast:
    """/comments/1 is Aizada's."""
    return Cast(platform)


def say(platform: Platform, name: str, body: str) -> int:
    """Somebody comments on article 1 of /drafts/1."""
    with platform.database.writing() as session:
        person = session.exec(select(Person).where(Person.name == name)).one()
        draft = session.get_one(Draft, 1)
        comment_id = make_comment(session, draft, person, body, wid="art_1").id or 0
    drain(platform, START)
    return comment_id


def post(client: Client, body: str, **more: Any) -> Any:
    typed = {"body": body, "kind": "question", "stance": "oppose"} | more
    status = typed.pop("status", 303)
    return client.post("/drafts/1/comments?wid=art_1&text=en", typed, status=status)


def bodies(platform: Platform) -> list[str]:
    with platform.database.reading() as session:
        return list(session.exec(select(Comment.body).order_by(Comment.id)).all())  # type: ignore[arg-type]


def test_a_comment_is_signed_and_the_signature_taken_back(people: Cast) -> None:
    bolot = people["bolot"]
    page = bolot.get("/comments/1").text
    assert "I sign this too" in page
    assert "A vote only says whether you agree." in page
    words = re.search(r'name="words" value="(\w+)"', page)
    assert words
    signed = bolot.follow(bolot.post("/comments/1/sign", {"words": words[1]})).text
    assert "You signed this." in signed
    assert "1 person signed this too" in signed
    assert "Bolot" in Client(bolot.platform).get("/comments/1/signatures").text
    bolot.post("/comments/1/sign")  # twice is once
    assert "1 person signed this too" in bolot.get("/drafts/1/discussion").text
    taken = bolot.follow(bolot.post("/comments/1/unsign")).text
    assert "I sign this too" in taken
    assert "signed this too" not in taken
    assert "Nobody has signed this yet." in bolot.get("/comments/1/signatures").text


def test_the_author_and_the_state_are_not_offered_to_sign(people: Cast) -> None:
    for name in ("aizada", "olga"):
        client = people[name]
        assert "I sign this too" not in client.get("/comments/1").text
        with unchanged(client.platform):
            client.post("/comments/1/sign", status=403)
    visitor = Client(people.platform)
    assert "/sign-in" in visitor.post("/comments/1/sign").headers["location"]


def test_only_an_organisation_is_asked_on_whose_behalf(people: Cast, platform: Platform) -> None:
    with platform.database.writing() as session:
        union = make_person(session, "Union", organisation="Union of librarians")
        client = Client(platform, sign_in_token(session, union))
    assert "On whose behalf" in client.get("/comments/1").text
    assert "On whose behalf" not in people["bolot"].get("/comments/1").text
    client.post("/comments/1/sign", {"mandate": "40 members"})
    page = people["bolot"].get("/comments/1/signatures").text
    assert "Union of librarians" in page
    assert "On behalf of: 40 members" in page
    with unchanged(platform):
        people["bolot"].post("/comments/1/sign", {"mandate": "everybody"}, status=422)


def test_after_the_round_nobody_signs(people: Cast, platform: Platform) -> None:
    with platform.database.writing() as session:
        close_consultation(session, session.exec(select(Consultation)).one())
    assert "I sign this too" not in people["bolot"].get("/comments/1").text
    with unchanged(platform):
        people["bolot"].post("/comments/1/sign", status=403)
        people["bolot"].post("/comments/99/sign", status=404)


def test_words_changed_meanwhile_are_read_again(people: Cast, platform: Platform) -> None:
    with unchanged(platform):
        people["bolot"].post("/comments/1/sign", {"words": "0" * 64}, status=409)


def test_who_signed_withdrawn_words_is_not_listed(people: Cast) -> None:
    people["bolot"].post("/comments/1/sign")
    people["aizada"].post("/comments/1/withdraw")
    people["bolot"].get("/comments/1/signatures", status=404)
    page = people["bolot"].get("/cabinet/signed").text
    assert "Withdrawn by its author." in page
    assert "children" not in page


def test_signed_words_that_their_author_disowned_say_so(people: Cast, platform: Platform) -> None:
    people["bolot"].post("/comments/1/sign")
    with platform.database.writing() as session:
        comment = session.get_one(Comment, 1)
        comment.disavowed_at = comment.withdrawn_at = START
    page = people["bolot"].get("/cabinet/signed").text
    assert "Its stated author says that they did not write it." in page
    assert "Withdrawn by its author." not in page


def test_who_signed_is_read_page_by_page(people: Cast, platform: Platform) -> None:
    with platform.database.writing() as session:
        for n in range(51):
            person = make_person(session, f"Signer {n}")
            Client(platform, sign_in_token(session, person))
    with platform.database.reading() as session:
        names = [person.name for person in session.exec(select(Person)).all()]
    for name in names:
        if name.startswith("Signer"):
            people[name].post("/comments/1/sign")
    first = people["bolot"].get("/comments/1/signatures", budget=8).text
    older = re.search(r'href="([^"]+after=[^"]+)"', first)
    assert older
    assert people["bolot"].get(html.unescape(older[1])).text.count('<article class="card">') == 1


def test_the_cabinet_shows_what_i_signed(people: Cast) -> None:
    bolot = people["bolot"]
    assert "You have signed nothing yet" in bolot.get("/cabinet/signed").text
    assert "/cabinet/signed" not in bolot.get("/cabinet").text
    bolot.post("/comments/1/sign")
    assert "/cabinet/signed" in bolot.get("/cabinet").text
    page = bolot.get("/cabinet/signed").text
    assert "Please think of the children too." in page
    assert "Awaiting an answer" in page


def test_what_others_said_is_shown_before_it_is_said_again(
    people: Cast, platform: Platform
) -> None:
    comment_id = say(platform, "Aizada", COLD)
    with unchanged(platform):
        page = post(people["bolot"], NEARLY, status=200).text
    assert HINT in page
    assert f"/comments/{comment_id}/sign" in page
    assert html.escape(COLD) in page
    fields = {
        name: html.unescape(value)
        for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)
        if name != "words"
    }
    assert fields["seen"] == "1"
    assert (fields["body"], fields["kind"], fields["stance"]) == (NEARLY, "question", "oppose")
    action = re.search(r'action="(/drafts/1/comments[^"]*)"', page)
    assert action
    people["bolot"].post(html.unescape(action[1]), fields)
    assert bodies(platform)[-1] == NEARLY


def test_files_do_not_pass_by_the_hint_and_are_asked_for_again(
    people: Cast, platform: Platform
) -> None:
    say(platform, "Aizada", COLD)
    typed = {"body": NEARLY, "kind": "question", "stance": "oppose"}
    sent = [("files[]", ("stove.txt", b"It smokes.", "text/plain"))]
    url, bolot = "/drafts/1/comments?wid=art_1&text=en", people["bolot"]
    with unchanged(platform):
        page = bolot.post(url, typed, files=sent, status=200).text
    assert HINT in page
    assert "Choose your files again: stove.txt" in page
    assert 'enctype="multipart/form-data"' in page
    response = bolot.post(url, typed | {"seen": "1"}, files=sent)
    assert "stove.txt" in bolot.follow(response).text


def test_one_text_sent_by_many_is_called_one_text(people: Cast, platform: Platform) -> None:
    for n in range(3):
        with platform.database.writing() as session:
            make_person(session, f"Sender {n}")
        say(platform, f"Sender {n}", COLD)
    page = post(people["bolot"], NEARLY, status=200).text
    assert "One text close to yours was sent 3 times. Sign it?" in page
    assert page.count("I sign this too") == 1


def test_signing_from_the_hint_posts_nothing(people: Cast, platform: Platform) -> None:
    comment_id = say(platform, "Aizada", COLD)
    post(people["bolot"], NEARLY, status=200)
    people["bolot"].post(f"/comments/{comment_id}/sign")
    assert len(bodies(platform)) == 2
    assert "You signed this." in post(people["bolot"], NEARLY, status=200).text


def test_a_text_only_a_little_alike_is_not_held_up(people: Cast, platform: Platform) -> None:
    say(platform, "Aizada", COLD)
    post(people["bolot"], OTHER)
    post(people["bolot"], f"{OTHER} {COLD[:40]}")


def test_one_s_own_words_and_replies_are_not_held_up(people: Cast, platform: Platform) -> None:
    say(platform, "Aizada", COLD)
    first = post(people["aizada"], COLD, kind="substantive", stance="neutral")
    assert first.headers["location"] == "/comments/2"  # the twin
    post(people["aizada"], NEARLY)
    people["bolot"].post("/comments/1/reply", {"body": COLD})


def test_words_sent_anyway_are_a_twin_when_sent_again(people: Cast, platform: Platform) -> None:
    say(platform, "Aizada", COLD)
    sent = post(people["bolot"], COLD, seen="1")
    assert post(people["bolot"], COLD).headers["location"] == sent.headers["location"]


def test_what_is_refused_is_refused_before_any_hint(people: Cast, platform: Platform) -> None:
    say(platform, "Aizada", COLD)
    with platform.database.writing() as session:
        close_consultation(session, session.exec(select(Consultation)).one())
    page = post(people["bolot"], NEARLY, status=403).text
    assert HINT not in page
    assert html.escape(NEARLY) in page


def test_an_error_after_the_hint_does_not_bring_it_back(people: Cast, platform: Platform) -> None:
    say(platform, "Aizada", COLD)
    page = post(people["bolot"], NEARLY, seen="1", quote="not in the text", status=422).text
    assert 'name="seen" value="1"' in page


def test_hidden_words_are_not_offered(people: Cast, platform: Platform) -> None:
    comment_id = say(platform, "Aizada", COLD)
    people["aizada"].post(f"/comments/{comment_id}/withdraw")
    drain(platform, START)
    post(people["bolot"], NEARLY)
