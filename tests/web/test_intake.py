"""The officer's counter: forty voices of a hearing are entered one after another."""

from typing import Any

import pytest
from sqlmodel import col, select

from consult.access import Role
from consult.attachments.models import Attachment
from consult.comments.models import Comment
from consult.law.queries import law_of
from consult.marks import mark
from consult.moderation.redactions import redact_comment
from consult.platform import Platform
from tests.attached import PDF
from tests.cast import Cast, unchanged
from tests.client import Client
from tests.factories import actor_of, make_person

ENTER = "/desk/consultations/1/enter"
LETTER = {
    "channel": "hearing",
    "received_on": "2026-09-07",
    "reference": "Hearing in Naryn",
    "name": "Asel",
    "region": "Naryn",
    "contact": "0555 123456",
    "lang": "ru",
    "wid": "art_1",
    "body": "В библиотеке холодно.",
    "kind": "substantive",
    "stance": "oppose",
    "then": "print",
}


@pytest.fixture
def people(platform: Platform) -> Cast:
    return Cast(platform)


def enter(people: Cast, *scans: tuple[str, bytes], who: str = "olga", **typed: Any) -> Any:
    """Send the form as a browser does."""
    status = typed.pop("status", 303)
    files = [("files[]", scan) for scan in scans] or [("files[]", ("", b""))]
    return people[who].post(ENTER, LETTER | typed, files=files, status=status)


def newest(platform: Platform) -> Comment:
    with platform.database.reading() as session:
        found = session.exec(select(Comment).order_by(col(Comment.id).desc())).first()
        assert found
        return found


def test_the_desk_leads_to_the_form_and_the_form_to_a_receipt_to_print(
    people: Cast, platform: Platform
) -> None:
    assert f'href="{ENTER}"' in people["olga"].get("/desk/drafts/1").text
    people["olga"].get(ENTER)
    receipt = people["olga"].follow(enter(people)).text
    comment = newest(platform)
    assert comment.channel == "hearing"
    for said in (comment.receipt, f"/comments/{comment.id}", comment.body_hash, "Asel, Naryn"):
        assert said in receipt
    assert "0555" not in receipt  # it lies on the counter


def test_everybody_sees_how_it_came_and_nobody_how_its_author_is_reached(
    people: Cast, platform: Platform
) -> None:
    enter(people)
    comment = newest(platform)
    for client in (Client(platform), people["olga"]):
        for url in (f"/comments/{comment.id}", "/drafts/1/discussion"):
            page = client.get(url).text
            assert "Entered by an officer of Ministry MOJ" in page
            assert "At a hearing, received on 7 September 2026" in page
            assert "Hearing in Naryn" in page
            assert "0555 123456" not in page


def test_the_next_voice_of_a_hearing_needs_only_who_and_what(people: Cast) -> None:
    page = people["olga"].follow(enter(people, then="next")).text
    assert 'value="hearing" checked' in page
    assert 'value="2026-09-07"' in page
    assert 'value="Hearing in Naryn"' in page
    assert 'value="ru" selected' in page
    assert 'value="Asel"' not in page
    assert "В библиотеке холодно" not in page
    assert "is registered." in page


def test_a_refused_entry_keeps_everything_and_says_why(people: Cast, platform: Platform) -> None:
    with unchanged(platform):
        page = enter(people, ("a.pdf", PDF), received_on="2026-09-01", status=422).text
        enter(people, received_on="yesterday", status=422)
        enter(people, channel="web", status=422)
        enter(people, name="", status=422)
    assert "The discussion lasted from 7 September 2026" in page
    assert 'value="Asel"' in page
    assert "В библиотеке холодно.</textarea>" in page
    assert "Choose your files again: a.pdf" in " ".join(page.split())


def test_the_same_words_are_entered_only_when_somebody_else_said_them(
    people: Cast, platform: Platform
) -> None:
    enter(people)
    first = newest(platform)
    with unchanged(platform):
        page = enter(people, name="Bakyt", status=422).text
    assert f'href="/comments/{first.id}">№ {first.receipt}' in page
    assert 'name="confirmed"' in page
    enter(people, name="Bakyt", confirmed="yes")
    assert newest(platform).id != first.id


def test_the_scan_is_for_staff_alone(people: Cast, platform: Platform) -> None:
    enter(people, ("Кат.pdf", PDF))
    comment = newest(platform)
    with platform.database.reading() as session:
        [scan] = session.exec(select(Attachment)).all()
    assert scan.is_source
    url = f"/attachments/{scan.id}/%D0%9A%D0%B0%D1%82.pdf"
    people["olga"].get(url)
    people["azamat"].get(url)
    assert url in people["olga"].get(f"/comments/{comment.id}").text
    for client in (Client(platform), people["aizada"], people["damir"]):
        client.get(url, status=404)
        assert url not in client.get(f"/comments/{comment.id}").text


def test_an_entry_is_corrected_with_its_earlier_wording_kept(
    people: Cast, platform: Platform
) -> None:
    enter(people)
    comment = newest(platform)
    url = f"/desk/comments/{comment.id}/correct"
    assert url in people["olga"].get(f"/desk/comments/{comment.id}/entered").text
    assert "В библиотеке холодно." in people["olga"].get(url).text
    better = {"body": "В библиотеке темно.", "kind": "substantive", "stance": "oppose"}
    people["olga"].post(url, better | {"body": ""}, status=422)
    people["olga"].post(url, better)
    page = Client(platform).get(f"/comments/{comment.id}").text
    assert "В библиотеке темно." in page
    assert "1 earlier wording" in page


def test_an_entry_that_was_hidden_is_corrected_no_more(people: Cast, platform: Platform) -> None:
    enter(people)
    form = f"/desk/comments/{newest(platform).id}/correct"
    people["olga"].get(form)
    with platform.database.writing() as session:
        comment = session.get_one(Comment, newest(platform).id)
        comment.hidden_at = comment.created_at
        session.add(comment)
    people["olga"].get(form, status=404)
    people["olga"].post(form, LETTER, status=404)


def test_another_agency_has_no_counter_here(people: Cast, platform: Platform) -> None:
    enter(people)
    comment = newest(platform)
    with unchanged(platform):
        for url in (ENTER, f"/desk/comments/{comment.id}/entered"):
            people["damir"].get(url, status=403)
        enter(people, who="damir", status=403)
        people["damir"].post(f"/desk/comments/{comment.id}/correct", LETTER, status=403)
        people["olga"].get("/desk/comments/1/entered", status=404)  # was sent on this site
        people["bolot"].get(ENTER, status=403)


def test_the_receipt_that_is_printed_says_the_mark_in_its_own_words(
    people: Cast, platform: Platform
) -> None:
    """And no fingerprint, by which whoever guesses what was removed could test it."""
    printed = enter(people, body="Позвоните: 0555 999.").headers["location"]
    comment = newest(platform)
    with platform.database.writing() as session:
        redact_comment(
            session,
            actor=actor_of(session, make_person(session, "Marat", role=Role.MODERATOR)),
            comment=session.get_one(Comment, comment.id),
            pieces=["0555 999"],
            note="",
            law=law_of(session, platform.pack),
            now=comment.created_at,
        )
    page = people["olga"].get(printed).text
    assert '<mark class="removed">[personal data removed]</mark>' in page
    assert mark(1) not in page
    assert comment.body_hash not in page
