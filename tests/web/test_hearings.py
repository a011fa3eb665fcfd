"""The pages of hearings: announced at the desk, read and come to by everybody, in a calendar."""

from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlmodel import select

from consult.consultations.models import Consultation
from consult.hearings.models import Hearing
from consult.platform import Platform
from tests.conftest import TestClock
from tests.heard import BEGINS, WHY, Heard, make_heard, said

DAY = timedelta(days=1)
TYPED = {
    "kind": "hearing",
    "title_ru": "Слушание о хлебе",
    "title_en": "Hearing on bread",
    "about_ru": "Сколько стоит хлеб.",
    "access_ru": "Вход без ступеней.",
    "place": "Нарын, дом культуры",
    "on": f"{BEGINS:%Y-%m-%d}",
    "begins": "14:00",
    "ends": "16:30",
    "seats": "1",
}


@pytest.fixture
def heard(platform: Platform, clock: TestClock) -> Heard:
    return make_heard(platform, clock)


def number(heard: Heard) -> int:
    with heard.platform.database.reading() as session:
        return len(session.exec(select(Hearing)).all())


def event(heard: Heard, path: str) -> Any:
    calendar = Calendar.from_ical(heard.browser().get(path).content)
    (found,) = calendar.walk("VEVENT")
    return found


def test_an_officer_announces_a_hearing_and_everybody_reads_it(heard: Heard) -> None:
    olga, visitor = heard.browser("Olga"), heard.browser()
    assert 'href="/desk/hearings"' in olga.get("/desk").text
    olga.get(f"/desk/hearings/new?draft={heard.draft_id}", budget=6)
    sent = TYPED | {"drafts[]": str(heard.draft_id), "register_until": f"{BEGINS - DAY:%Y-%m-%d}"}
    page = olga.follow(olga.post("/desk/hearings/new", sent)).text
    assert "Announced: everybody can read it" in page
    hearing = heard.hearing(1)
    assert (hearing.starts_at.hour, hearing.ends_at.minute) == (8, 30)  # Bishkek is six ahead
    assert hearing.register_until < hearing.starts_at - timedelta(hours=13)
    page = visitor.get("/hearings/1").text
    for words in ("Hearing on bread", "Нарын, дом культуры", "Вход без ступеней.", "14:00"):
        assert words in page
    assert "Hearing on bread" in visitor.get("/hearings", budget=8).text
    assert "Hearing on bread" not in visitor.get("/hearings?agency=MOH").text
    assert 'href="/hearings/1"' in visitor.get(f"/drafts/{heard.draft_id}").text
    assert 'href="/hearings?agency=MOJ"' in visitor.get("/agencies/MOJ").text
    assert "Hearing on bread" in olga.get("/desk/hearings", budget=8).text
    for page in ("", "/edit", "/call-off", "/minutes"):
        olga.get(f"/desk/hearings/1{page}")
        heard.browser("Damir").get(f"/desk/hearings/1{page}", status=403)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"on": "2020-01-01"}, "This time is over. Choose one that is still to come."),
        ({"on": "soon"}, "Please enter a date, for example 2026-12-31."),
        ({"ends": "14:00"}, "It must end after it begins."),
        ({"begins": "25:99"}, "This was not understood."),
        ({"place": "", "link": ""}, "Enter a place, a link, or both."),
        ({"link": "javascript:alert(1)"}, "Please enter an address that begins with https://."),
        ({"access_ru": ""}, "Say how people with disabilities can take part"),
        ({"title_ru": ""}, "Give the title in at least one official language."),
        ({"register_until": "2099-01-01"}, "Registration ends on a day to come"),
        ({"seats": "0"}, "This was not understood."),
        ({"drafts[]": "99"}, "Choose public drafts of the same agency."),
        ({"agency": "999"}, "Please choose the agency."),
        ({"kind": "party"}, "Please choose one of the options."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    heard: Heard, wrong: dict[str, str], sentence: str
) -> None:
    page = heard.browser("Olga").post("/desk/hearings/new", TYPED | wrong, status=422).text
    assert sentence in page
    assert "Сколько стоит хлеб." in page
    assert number(heard) == 0


def test_people_register_wait_and_leave(heard: Heard) -> None:
    heard.announce(said(seats=1))
    aizada, bolot, visitor = map(heard.browser, ("Aizada", "Bolot", ""))
    assert "Sign in to register" in visitor.get("/hearings/1").text
    wish = {"speaks": "yes", "lang": "ru", "needs": "A ramp"}
    assert "You are registered." in aizada.follow(aizada.post("/hearings/1/register", wish)).text
    page = bolot.follow(bolot.post("/hearings/1/register", {"lang": "ky"})).text
    assert "You are on the waiting list" in page
    assert "A ramp" not in page
    assert "A ramp" in aizada.get("/hearings/1").text
    assert "You wait for a seat" in bolot.get("/cabinet").text
    desk = heard.browser("Olga").get("/desk/hearings/1", budget=12).text
    for words in ("Aizada", "A ramp", "Waits", "With a seat: 1. Waiting: 1."):
        assert words in desk
    aizada.follow(aizada.post("/hearings/1/leave"))
    assert "You are registered." in bolot.get("/hearings/1").text
    page = bolot.post("/hearings/1/register", {"lang": "xx", "needs": "Z" * 501}, status=422).text
    assert "Please choose one of the options." in page
    assert "Z" * 501 in page


def test_a_change_shows_what_it_was_and_why(heard: Heard) -> None:
    heard.announce()
    olga = heard.browser("Olga")
    form = olga.get("/desk/hearings/1/edit").text
    assert "Naryn, house of culture" in form
    moved = TYPED | {"place": "School No. 3", "reason": WHY, "kind": "questions"}
    assert (
        "Say why in a sentence"
        in olga.post("/desk/hearings/1/edit", moved | {"reason": ""}, status=422).text
    )
    olga.follow(olga.post("/desk/hearings/1/edit", moved))
    page = heard.browser().get("/hearings/1").text
    for words in ("School No. 3", "Naryn, house of culture", WHY, "It was to begin on"):
        assert words in page
    for words in ("What is it? was: Hearing", "Ends at was:", f'href="/drafts/{heard.draft_id}"'):
        assert words in page


def test_a_calendar_takes_over_what_moved_and_what_was_called_off(heard: Heard) -> None:
    heard.announce()
    before = event(heard, "/hearings.ics")
    assert (before["SEQUENCE"], before["STATUS"], before["DTSTART"].dt) == (1, "CONFIRMED", BEGINS)
    assert before["LOCATION"] == "Naryn, house of culture"
    olga = heard.browser("Olga")
    olga.get("/desk/hearings/1/call-off")
    assert "Say why" in olga.post("/desk/hearings/1/call-off", {"reason": "-"}, status=422).text
    heard.clock.forward(minutes=1)
    olga.follow(olga.post("/desk/hearings/1/call-off", {"reason": WHY}))
    after = event(heard, "/hearings/1/calendar.ics?lang=ru")
    assert (after["UID"], after["SEQUENCE"], after["STATUS"]) == (before["UID"], 2, "CANCELLED")
    assert WHY in after["DESCRIPTION"]
    assert WHY in heard.browser().get("/hearings/1").text
    heard.browser().get("/hearings.ics?agency=NONE", status=404)
    heard.browser().get("/hearings/99", status=404)


def test_what_was_said_is_recorded_at_its_place_with_the_hearing_it_came_from(
    heard: Heard,
) -> None:
    heard.announce()
    heard.clock.now = BEGINS + DAY
    heard.drain()
    olga, visitor = heard.browser("Olga"), heard.browser()
    assert "They are not published yet." in visitor.get("/hearings/1").text
    assert "/enter?channel=hearing&amp;hearing=1" in olga.get("/desk/hearings/1").text
    with heard.platform.database.reading() as session:
        round_id = session.exec(select(Consultation.id)).one()
    address = f"/desk/consultations/{round_id}/enter"
    assert "Hearing on libraries" in olga.get(f"{address}?channel=hearing&hearing=1").text
    entry = {
        "channel": "hearing",
        "received_on": f"{BEGINS:%Y-%m-%d}",
        "hearing": "1",
        "name": "Asel",
        "lang": "en",
        "wid": "art_1",
        "body": "It must be warm.",
        "kind": "substantive",
        "stance": "support",
    }
    page = olga.post(address, entry | {"hearing": "9"}, status=422).text
    assert "Choose a hearing about this draft that has begun." in page
    olga.follow(olga.post(address, entry))
    assert "Said at the hearing of" in visitor.get("/comments/1").text
    page = visitor.get("/hearings/1").text
    assert "It must be warm." in page
    assert "Asel" in page


def test_minutes_are_published_and_corrected_in_public(heard: Heard) -> None:
    heard.announce()
    olga, visitor = heard.browser("Olga"), heard.browser()
    minutes = {"minutes_ru": "Говорили о тепле.", "came": "41"}
    olga.post("/desk/hearings/1/minutes", minutes, status=422)
    heard.clock.now = BEGINS + DAY
    olga.get("/desk/hearings/1/minutes")
    page = olga.post("/desk/hearings/1/minutes", minutes | {"came": "many"}, status=422).text
    assert "Говорили о тепле." in page
    olga.follow(olga.post("/desk/hearings/1/minutes", minutes))
    heard.drain()
    page = visitor.get("/hearings/1").text
    assert "Говорили о тепле." in page
    assert "41" in page
    right = minutes | {"came": "42", "reason": "One person was not counted."}
    olga.follow(olga.post("/desk/hearings/1/minutes", right))
    assert "One person was not counted." in visitor.get("/hearings/1").text
    duty = heard.duty(1)
    assert duty
    assert 'href="/hearings/1"' in visitor.get(f"/obligations/{duty.id}").text
    assert "Hearing on libraries" in visitor.get("/hearings?state=past").text
