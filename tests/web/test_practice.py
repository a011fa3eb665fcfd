"""How an act works, page by page: reports by provision, echoes, the yearly review."""

from datetime import timedelta

import pytest

from consult.platform import Platform
from consult.worker import drain
from tests.adopted import Act, make_act
from tests.client import Client
from tests.conftest import TestClock
from tests.factories import sign_in_token

AFTER = "/drafts/1/after"
COMPARING = 23  # queries; three of them once in a process, for a comparison that is kept
REPORT = "/drafts/1/report-problem"
DESK = "/desk/reviews/1"


@pytest.fixture
def act(platform: Platform, clock: TestClock) -> Act:
    act = make_act(platform, clock)
    act.adopt(version_id=2)
    return act


def browser(act: Act, name: str) -> Client:
    with act.platform.database.writing() as session:
        token = sign_in_token(session, act.people[name], act.clock.now)
    return Client(act.platform, token)


def said(page: str) -> str:
    return " ".join(page.split())


def report(act: Act, name: str, **more: str) -> None:
    typed = {"body": "They still ask for it.", "lang": "en", "kind": "burden", "wid": "art_2"}
    browser(act, name).post(REPORT, typed | more)


def concluded(page: str, **more: str) -> dict[str, str]:
    """What an officer types into the form on this page."""
    seen = page.split('name="seen" value="')[1].split('"')[0]
    typed = {"seen": seen, "lang": "en", "overall": "keep", "overall-words": "It helps."}
    return typed | {"at-art_2": "change", "at-art_2-words": "Too many papers."} | more


def test_reports_stand_by_provision_and_are_narrowed_to_one(act: Act) -> None:
    aizada = browser(act, "Aizada")
    assert "It works" in aizada.get(f"{REPORT}?wid=art_2").text
    aizada.post(REPORT, {"body": "So it is.", "lang": "en", "kind": "fine"}, status=422)
    report(act, "Aizada")
    report(act, "Aizada", kind="works", wid="art_1", body="It is open.")
    reader = Client(act.platform)
    page = reader.get(AFTER, budget=COMPARING).text
    assert f"{AFTER}?at=art_2#problems" in page
    assert "They still ask" in page
    assert "It is open." in page
    of_one = reader.get(f"{AFTER}?at=art_2", budget=COMPARING).text
    assert "They still ask" in of_one
    assert "It is open." not in of_one
    assert "They still ask" not in reader.get(f"{AFTER}?kind=works", budget=COMPARING).text
    assert "They still ask" not in reader.get(f"{AFTER}?at=-", budget=COMPARING).text


def test_beside_the_text_of_the_act_stands_what_most_people_reported_of(act: Act) -> None:
    report(act, "Aizada")
    reader = Client(act.platform)
    assert "How the act works in practice" in reader.get("/drafts/1?version=2").text
    assert "How the act works in practice" not in reader.get("/drafts/1?version=1").text


def test_somebody_else_says_that_they_met_with_the_same(act: Act) -> None:
    report(act, "Aizada")
    aizada, bolot = browser(act, "Aizada"), browser(act, "Bolot")
    assert "/problems/1/echo" not in aizada.get(AFTER, budget=COMPARING).text
    aizada.post("/problems/1/echo", {}, status=403)
    assert "/problems/1/echo" in bolot.get("/drafts/1/provisions/art_2").text
    page = bolot.follow(bolot.post("/problems/1/echo", {}), budget=COMPARING).text
    assert "1 more person met with the same." in page
    assert "/problems/1/unecho" in page
    bolot.follow(bolot.post("/problems/1/unecho", {}), budget=COMPARING)
    assert "met with the same." not in Client(act.platform).get(AFTER, budget=COMPARING).text


def test_a_promise_to_change_the_act_needs_a_link_and_keeps_what_was_typed(act: Act) -> None:
    report(act, "Aizada")
    olga = browser(act, "Olga")
    typed = {"answer": "We shall change it.", "lang": "en", "follows": "act"}
    for link in ("", "javascript:alert(1)"):
        page = olga.post("/problems/1/answer", typed | {"link": link}, status=422).text
        assert "We shall change it." in page
        assert 'href="#f-link"' in page
    olga.post("/problems/1/answer", typed | {"link": "/drafts/1"})
    page = Client(act.platform).get(AFTER, budget=COMPARING).text
    assert "The act is to be changed" in page
    assert 'href="/drafts/1">What follows from it' in page


def test_a_review_is_written_published_by_another_and_read_by_everybody(act: Act) -> None:
    report(act, "Aizada")
    act.clock.now += timedelta(days=367)
    drain(act.platform, act.clock.now)
    reader, olga, nurlan = Client(act.platform), browser(act, "Olga"), browser(act, "Nurlan")
    assert "has not published its conclusions yet" in reader.get("/reviews/1").text
    assert "They still ask" in reader.get("/reviews/1").text
    assert "/reviews/1" in reader.get(AFTER, budget=COMPARING).text
    form = olga.get(DESK).text
    page = olga.post(DESK, concluded(form, overall="burn"), status=422).text
    assert "Too many papers." in page
    stale = concluded(form)
    olga.post(DESK, stale)
    assert "Too many papers." in olga.post(DESK, stale, status=422).text  # somebody was faster
    assert "Too many papers." in olga.get(DESK).text
    olga.post(f"{DESK}/publish", {"seen": stale["seen"]}, status=403)
    nurlan.post(f"{DESK}/publish", {"seen": "yesterday"}, status=422)
    read = nurlan.get(DESK).text
    nurlan.follow(nurlan.post(f"{DESK}/publish", {"seen": concluded(read)["seen"]}))
    drain(act.platform, act.clock.now)
    page = reader.get("/reviews/1").text
    for words in ("Keep it as it is", "It helps.", "Change it", "Too many papers."):
        assert words in page
        assert words in read  # by whoever published it, before
    assert "Nothing in it changes any more" in olga.get(DESK).text
    assert "How the act works" in browser(act, "Aizada").get("/cabinet/notices").text


def test_nobody_else_comes_to_the_desk_of_a_review(act: Act) -> None:
    act.clock.now += timedelta(days=367)
    drain(act.platform, act.clock.now)
    for name in ("Aizada", "Damir"):
        browser(act, name).get(DESK, status=403)
        browser(act, name).post(
            DESK, concluded('name="seen" value="2026-01-01T00:00Z"'), status=403
        )
    Client(act.platform).get(DESK, status=303)
    Client(act.platform).get("/reviews/9", status=404)
