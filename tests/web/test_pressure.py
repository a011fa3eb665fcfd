"""Limits as they are met: the page that keeps what was typed, signing in under pressure, proofs."""

import base64
import html
import json
import re
from dataclasses import replace
from threading import Event, Semaphore, Thread
from typing import Any

import pytest
from altcha.v2 import Challenge, solve_challenge
from sqlmodel import Session, select

from consult.limits import challenge
from consult.limits.models import SpentChallenge
from consult.limits.rules import Limit, Table
from consult.limits.store import Limits, Rows
from consult.platform import Platform
from consult.pressure import KNOWN_COOKIE
from consult.web import LANG_COOKIE
from consult.worker import drain
from tests.client import Client
from tests.conftest import TestClock
from tests.factories import PASSWORD, make_person, sign_in_token

BEGINNINGS = (
    ("POST /sign-in", "sign_in"),
    ("POST /forgot", "mail"),
    ("POST /unsubscribe/", "free"),
)
WRITE = (Limit("write", "account", 2, 60), Limit("write", "network", 2, 60))
SIGN_IN = (
    Limit("sign_in", "browser", 3, 900),
    Limit("sign_in", "account", 3, 900),
    Limit("sign_in", "entry", 2, 900, True),
    Limit("sign_in", "name", 4, 900, True),
    Limit("sign_in", "network", 50, 900, True),
)
TABLE = Table(
    {
        "any": (Limit("any", "network", 500, 60),),
        "read": (Limit("read", "network", 30, 60), Limit("read", "account", 60, 60)),
        "download": (Limit("download", "network", 2, 60),),
        "write": WRITE,
        "upload": (Limit("upload", "network", 1, 60),),
        "sign_in": SIGN_IN,
        "mail": (Limit("mail", "name", 1, 3600, True),),
        "proof": (Limit("proof", "network", 20, 900),),
        "ticket": (Limit("ticket", "network", 2, 900),),
    },
    BEGINNINGS,
    (".csv",),
)
AIZADA = "aizada@example.org"
WRONG = {"email": AIZADA, "password": "not the password"}
RIGHT = {"email": AIZADA, "password": PASSWORD}


@pytest.fixture
def pressed(platform: Platform) -> Any:
    """The installation with small limits, switched on."""
    chosen = {"limits_enabled": True, "limits_store": "sqlite", "trusted_proxies": "10.0.0.1"}
    settings = platform.settings.model_copy(update=chosen)
    limited = replace(platform, settings=settings, limits=Limits(settings, TABLE))
    with limited.database.writing() as session:
        make_person(session)
    yield limited
    limited.limits.close()


def client_at(platform: Platform, address: str, token: str = "") -> Client:
    client = Client(platform, token)
    client.http.headers["x-forwarded-for"] = address
    client.http._transport.client = ("10.0.0.1", 50000)  # type: ignore[attr-defined]
    return client


@pytest.fixture
def visitor(pressed: Platform) -> Client:
    return client_at(pressed, "192.0.2.1")


def fields(page: str) -> dict[str, str]:
    """The hidden fields of the form on the page to send again."""
    form = page[page.index("data-hold") :]
    found = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found}


def solution(page: str) -> str:
    work = re.search(r'data-work="([^"]*)"', page)
    assert work
    challenge = json.loads(html.unescape(work[1]))
    solved = solve_challenge(Challenge.from_dict(challenge))
    assert solved
    both = {"challenge": challenge, "solution": solved.to_dict()}
    return base64.b64encode(json.dumps(both).encode()).decode()


def pressed_page(client: Client, times: int = 2) -> str:
    """The page with a challenge, after so many wrong passwords."""
    for _ in range(times):
        client.post("/sign-in", WRONG, status=422)
    page: str = client.post("/sign-in", RIGHT, status=429).text
    return page


def test_a_reader_who_asks_too_fast_is_told_how_long_to_wait(visitor: Client) -> None:
    for _ in range(30):
        visitor.get("/about")
    answer = visitor.get("/about", status=429)
    assert answer.headers["retry-after"] == "2"
    assert answer.headers["ratelimit"] == '"read";r=0;t=2'
    assert answer.headers["ratelimit-policy"] == '"read";q=30;w=60'
    assert answer.headers["cache-control"] == "no-store"
    assert "Please wait 2 seconds" in answer.text
    assert visitor.http.get("/static/app.js").status_code == 200


def test_who_waited_may_go_on_and_others_never_had_to_wait(
    visitor: Client, pressed: Platform, clock: TestClock
) -> None:
    for _ in range(30):
        visitor.get("/about")
    visitor.get("/about", status=429)
    client_at(pressed, "192.0.2.2").get("/about")
    client_at(pressed, "203.0.113.9, 192.0.2.1").get("/about", status=429)  # invented at the left
    clock.forward(seconds=2)
    visitor.get("/about")


@pytest.mark.parametrize("lang", ["en", "ky", "ru", "kk"])
def test_nothing_that_was_typed_is_lost(visitor: Client, lang: str) -> None:
    visitor.http.cookies.set(LANG_COOKIE, lang)
    typed = {"lang": lang, "next": "/about?a=1&b=2", "text": 'Мындан <b>"ары"</b>\nдагы'}
    visitor.post("/language", typed)
    visitor.post("/language", typed)
    answer = visitor.post("/language?x=1", typed, status=429)
    assert fields(answer.text) == typed
    assert 'action="/language?x=1"' in answer.text
    assert int(answer.headers["retry-after"]) > 0


def test_what_was_typed_can_be_sent_from_there(visitor: Client, clock: TestClock) -> None:
    for _ in range(2):
        visitor.post("/language", {"lang": "ky", "next": "/about"})
    page = visitor.post("/language", {"lang": "ru", "next": "/about"}, status=429).text
    clock.forward(seconds=60)
    visitor.post("/language", fields(page))
    assert visitor.http.cookies[LANG_COOKIE] == "ru"


def test_a_file_is_asked_for_again(visitor: Client) -> None:
    sent = {"data": {"lang": "en"}, "files": {"scan": ("a.txt", b"text", "text/plain")}}
    headers = {"Sec-Fetch-Site": "same-origin"}
    visitor.http.post("/language", **sent, headers=headers)
    page = visitor.http.post("/language", **sent, headers=headers)
    assert page.status_code == 429
    assert 'name="scan" type="file"' in page.text
    assert fields(page.text) == {"lang": "en"}


def test_a_form_too_large_to_give_back_is_answered_all_the_same(visitor: Client) -> None:
    for _ in range(2):
        visitor.post("/language")
    page = visitor.post("/language", {"text": "а" * 4_000_000}, status=429).text
    assert fields(page) == {}


def test_a_piece_of_a_page_gets_a_piece(visitor: Client) -> None:
    for _ in range(2):
        visitor.post("/language")
    answer = visitor.post("/language", {"a": "b"}, status=429, headers={"HX-Request": "true"})
    assert "<html" not in answer.text
    assert answer.headers["retry-after"]


def test_one_click_to_unsubscribe_is_never_too_much(visitor: Client) -> None:
    for _ in range(6):
        visitor.post("/unsubscribe/nothing", status=404)


def test_who_is_signed_in_is_not_held_up_by_the_neighbours(
    visitor: Client, pressed: Platform
) -> None:
    with pressed.database.writing() as session:
        token = sign_in_token(session, make_person(session, "Olga"))
    for _ in range(2):
        visitor.post("/language", {"lang": "en"})
    visitor.post("/language", {"lang": "en"}, status=429)
    client_at(pressed, "192.0.2.1", token).post("/language", {"lang": "en"})


def test_too_many_tries_ask_for_a_proof_and_the_password_is_not_on_the_page(
    visitor: Client,
) -> None:
    page = pressed_page(visitor)
    assert PASSWORD not in page
    assert fields(page)["email"] == AIZADA
    assert 'name="password" type="password"' in page
    visitor.post("/sign-in", {**RIGHT, "altcha": solution(page)})


@pytest.mark.parametrize(
    ("page", "guess"),
    [
        ("/cabinet/security/password", {"old_password": "a guess", "password": PASSWORD}),
        ("/cabinet/security/address", {"email": "new@example.org", "password": "a guess"}),
    ],
)
def test_an_open_browser_lets_nobody_guess_the_password(
    pressed: Platform, page: str, guess: dict[str, str]
) -> None:
    with pressed.database.writing() as session:
        token = sign_in_token(session, make_person(session, "Olga"))
    thief = client_at(pressed, "192.0.2.68", token)
    for _ in range(3):
        thief.post(page, guess, status=422)
    refused = thief.post(page, guess, status=429).text
    assert "a guess" not in refused
    assert PASSWORD not in refused


def test_proofs_that_wait_for_the_database_keep_nobody_from_being_counted(
    visitor: Client, pressed: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    solved = {**RIGHT, "altcha": solution(pressed_page(visitor))}
    waiting, go_on = Semaphore(0), Event()

    def spend(_session: Session, _proof: challenge.Proof) -> bool:
        waiting.release()
        return go_on.wait(20)

    monkeypatch.setattr(challenge, "spend", spend)

    def begin(client: Client, typed: dict[str, str]) -> Thread:
        sent = {"data": typed, "headers": {"Sec-Fetch-Site": "same-origin"}}
        thread = Thread(target=client.http.post, args=("/sign-in",), kwargs=sent, daemon=True)
        thread.start()
        return thread

    proving = [begin(client_at(pressed, f"192.0.2.{n}"), solved) for n in range(10, 14)]
    try:
        assert all(waiting.acquire(timeout=10) for _ in proving)
        other = begin(client_at(pressed, "192.0.2.99"), WRONG | {"email": "other@example.org"})
        other.join(10)
        assert not other.is_alive()
    finally:
        go_on.set()
    for thread in proving:
        thread.join(10)


def test_each_solution_opens_one_door_once(visitor: Client, pressed: Platform) -> None:
    solved = {"altcha": solution(pressed_page(visitor))}
    visitor.post("/forgot", {"email": AIZADA})
    visitor.post("/forgot", {"email": AIZADA, **solved}, status=429)  # was asked for elsewhere
    visitor.post("/sign-in", {**WRONG, **solved}, status=422)
    visitor.post("/sign-in", {**RIGHT, **solved}, status=429)


def test_a_solution_runs_out_and_is_then_forgotten(
    visitor: Client, pressed: Platform, clock: TestClock
) -> None:
    solved = {"altcha": solution(pressed_page(visitor))}
    used = {"altcha": solution(visitor.post("/sign-in", RIGHT, status=429).text)}
    visitor.post("/sign-in", {**WRONG, **used}, status=422)
    assert spent(pressed) == 1
    clock.forward(minutes=21)
    for _ in range(2):
        visitor.post("/sign-in", WRONG, status=422)
    visitor.post("/sign-in", {**RIGHT, **solved}, status=429)
    drain(pressed, clock())
    assert spent(pressed) == 0


def spent(platform: Platform) -> int:
    with platform.database.reading() as session:
        return len(session.exec(select(SpentChallenge)).all())


@pytest.mark.parametrize("nonsense", ["x", "e30=", "W10=", "eyJjaGFsbGVuZ2UiOiB7fX0=", "9" * 9000])
def test_what_is_no_solution_opens_nothing(visitor: Client, nonsense: str) -> None:
    pressed_page(visitor)
    visitor.post("/sign-in", {**RIGHT, "altcha": nonsense}, status=429)
    visitor.post("/sign-in", {**RIGHT, "ticket": nonsense}, status=429)


def test_without_script_a_minute_of_patience_opens_the_door_once(
    visitor: Client, clock: TestClock
) -> None:
    page = pressed_page(visitor)
    ticket = fields(page)["ticket"]
    assert "wait 60 seconds" in page
    clock.forward(seconds=40)
    early = visitor.post("/sign-in", {**RIGHT, "ticket": ticket}, status=429).text
    assert fields(early)["ticket"] == ticket
    assert "wait 20 seconds" in early
    clock.forward(seconds=20)
    visitor.post("/sign-in", {**WRONG, "ticket": ticket}, status=422)
    visitor.post("/sign-in", {**RIGHT, "ticket": ticket}, status=429)


def test_a_network_holds_few_tickets(visitor: Client) -> None:
    pressed_page(visitor)
    tickets = [fields(visitor.post("/sign-in", RIGHT, status=429).text)["ticket"] for _ in range(4)]
    assert len([ticket for ticket in tickets if ticket]) == 1  # and one on the first page


def test_a_flood_from_everywhere_locks_nobody_out(pressed: Platform) -> None:
    victim = client_at(pressed, "198.51.100.7")
    victim.post("/sign-in", RIGHT)
    victim.http.cookies.delete("sign_in")
    for n in range(8):
        attacker = client_at(pressed, f"192.0.2.{n}")
        attacker.post("/sign-in", WRONG, status=422 if n < 3 else 429)
    victim.post("/sign-in", WRONG, status=422)  # signed in here before: not even a challenge
    victim.post("/sign-in", RIGHT)
    stranger = client_at(pressed, "198.51.100.8")  # the same person with a new phone
    page = stranger.post("/sign-in", RIGHT, status=429).text
    stranger.post("/sign-in", {**RIGHT, "altcha": solution(page)})


def test_a_known_browser_is_known_for_its_own_account_only(pressed: Platform) -> None:
    with pressed.database.writing() as session:
        make_person(session, "Mallory")
    mallory = client_at(pressed, "192.0.2.66")
    mallory.post("/sign-in", {**RIGHT, "email": "mallory@example.org"})
    mallory.http.cookies.delete("sign_in")
    for _ in range(2):
        mallory.post("/sign-in", WRONG, status=422)
    mallory.post("/sign-in", WRONG, status=429)
    mallory.http.cookies.set(KNOWN_COOKIE, "forged.1.forged")
    mallory.post("/sign-in", WRONG, status=429)


def test_a_known_browser_that_was_stolen_gets_few_tries_too(pressed: Platform) -> None:
    thief = client_at(pressed, "192.0.2.67")
    thief.post("/sign-in", RIGHT)
    thief.http.cookies.delete("sign_in")
    for _ in range(3):
        thief.post("/sign-in", WRONG, status=422)
    page = thief.post("/sign-in", WRONG, status=429)
    assert "data-work" not in page.text
    assert page.headers["retry-after"] == "300"


def test_an_address_nobody_has_is_answered_just_so(pressed: Platform) -> None:
    one, other = client_at(pressed, "192.0.2.3"), client_at(pressed, "192.0.2.4")
    unknown = {"email": "nobody@example.org", "password": "not the password"}
    for _ in range(3):
        known_said, unknown_said = (
            client.http.post("/sign-in", data=form, headers={"Sec-Fetch-Site": "same-origin"})
            for client, form in ((one, WRONG), (other, unknown))
        )
        assert known_said.status_code == unknown_said.status_code
        assert known_said.headers.get("retry-after") == unknown_said.headers.get("retry-after")
    assert known_said.status_code == 429


def test_a_store_that_is_down_fails_no_request(pressed: Platform, visitor: Client) -> None:
    assert isinstance(pressed.limits.shared, Rows)
    (pressed.settings.data_dir / "limits.db").write_text("this is no database " * 100)
    for _ in range(5):
        visitor.post("/language", {"lang": "en"})


def test_without_the_setting_nothing_is_counted(platform: Platform) -> None:
    client = Client(platform)
    assert not platform.limits.enabled
    for _ in range(5):
        client.post("/language", {"lang": "en"})
    assert not (platform.settings.data_dir / "limits.db").exists()
