"""The pages of the second factor without script; passkeys as script would send them."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select

from consult.access import Role
from consult.accounts.models import Person, SignIn
from consult.accounts.second_factor.models import Passkey, Totp
from consult.accounts.second_factor.rules import code_at, step_of
from consult.app import build_platform
from consult.config import Settings
from consult.platform import Platform
from tests.client import Client
from tests.conftest import TestClock
from tests.factories import PASSWORD, make_agency, make_person, sign_in_token
from tests.passkeys import Device

FACTORS = "/cabinet/security/factors"
SITE = "kenesh.example"
BASE = f"https://{SITE}"


def entered(platform: Platform, who: str = "olga") -> Client:
    """A browser of whoever gave their password."""
    client = Client(platform)
    if platform.settings.is_production:
        client.http.base_url = "https://testserver"
    client.post("/sign-in", {"email": f"{who}@example.org", "password": PASSWORD})
    return client


@pytest.fixture
def named(platform: Platform) -> Platform:
    """The installation at an address for which browsers make passkeys."""
    settings = platform.settings.model_copy(update={"base_url": BASE})
    return replace(platform, settings=settings)


@pytest.fixture
def olga(named: Platform) -> Client:
    with named.database.writing() as session:
        make_person(session, "Olga", role=Role.OFFICER, agency=make_agency(session))
    return entered(named)


@pytest.fixture
def aizada(named: Platform) -> Client:
    with named.database.writing() as session:
        make_person(session)
    return entered(named, "aizada")


def set_up(client: Client, clock: TestClock) -> tuple[str, list[str]]:
    """(secret, recovery codes) of an app set up by the pages, half a minute ago."""
    page = client.follow(client.post("/second-factor/app")).text
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")
    typed = {"code": code_at(secret, step_of(clock()))}
    done = client.post("/second-factor/app/confirm", typed, status=200).text
    clock.forward(seconds=30)
    return secret, re.findall(r"<code>(\w{5}-\w{5})</code>", done)


def add_passkey(client: Client, device: Device, name: str = "my phone", **more: Any) -> Any:
    options = client.post("/second-factor/passkeys/options", status=200).text
    typed = {"answer": device.make(options), "name": name}
    return client.post("/second-factor/passkeys", typed, **more)


def show_passkey(client: Client, device: Device, **more: Any) -> Any:
    options = client.post("/second-factor/passkey/options", status=200).text
    return client.post("/second-factor/passkey", {"answer": device.show(options)}, **more)


def test_an_officer_sets_up_an_app_and_comes_to_where_they_were_going(
    olga: Client, clock: TestClock
) -> None:
    asked = olga.get("/desk?tab=due", status=303)
    assert asked.headers["location"] == "/second-factor?next=%2Fdesk%3Ftab%3Ddue"
    page = olga.follow(asked).text
    assert "Set up a second factor" in page
    begun = olga.post("/second-factor/app", {"next": "/desk?tab=due"})
    page = olga.follow(begun).text
    assert olga.follow(begun).text == page  # loaded again, it is the same secret
    assert "data:image/svg+xml" in page
    assert 'href="otpauth://totp/' in page
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")
    typed = {"code": "12345", "next": "/desk?tab=due"}
    refused = olga.post("/second-factor/app/confirm", typed, status=422).text
    assert "This code is not right" in refused
    assert re.search(r"<code>([A-Z2-7 ]+)</code>", refused)[1].replace(" ", "") == secret
    typed["code"] = code_at(secret, step_of(clock()))
    done = olga.post("/second-factor/app/confirm", typed, status=200).text
    assert len(re.findall(r"<code>\w{5}-\w{5}</code>", done)) == 10
    assert 'href="/desk?tab=due"' in done
    olga.get("/desk?tab=due")


def test_an_officer_who_has_one_is_asked_for_it(
    olga: Client, clock: TestClock, named: Platform
) -> None:
    secret, _ = set_up(olga, clock)
    again = entered(named)
    page = again.follow(again.get("/desk", status=303)).text
    assert 'name="next" value="/desk"' in page
    wrong = {"code": "000 00", "next": "/desk"}
    assert 'name="next" value="/desk"' in again.post("/second-factor", wrong, status=422).text
    typed = {"code": code_at(secret, step_of(clock())), "next": "/desk"}
    assert again.post("/second-factor", typed).headers["location"] == "/desk"
    again.get("/desk")
    third = entered(named)  # a code that was seen over the shoulder
    third.post("/second-factor", typed, status=422)
    third.get("/desk", status=303)


def test_a_recovery_code_opens_the_desk_once(
    olga: Client, clock: TestClock, named: Platform
) -> None:
    _, codes = set_up(olga, clock)
    again = entered(named)
    typed = {"recovery": codes[0].lower()}
    assert again.post("/second-factor", typed).headers["location"] == "/desk"
    entered(named).post("/second-factor", typed, status=422)
    assert "9 are left" in again.get(FACTORS).text


def test_in_production_an_officer_sets_up_an_app_and_is_let_in_by_it(
    olga: Client, named: Platform, clock: TestClock
) -> None:
    """There the cookie has another name."""
    settings = {**named.settings.model_dump(), "environment": "production"}
    production = build_platform(Settings(**settings | {"secret_key": "a real secret"}), clock)
    secret, codes = set_up(entered(production), clock)
    assert len(codes) == 10
    again = entered(production)
    again.get("/desk", status=303)
    again.post("/second-factor", {"code": code_at(secret, step_of(clock()))})
    again.get("/desk")
    again.post(f"{FACTORS}/codes", status=200)  # as it was shown a short while ago
    device = Device(BASE, SITE)
    add_passkey(again, device)
    third = entered(production)
    show_passkey(third, device)
    third.get("/desk")
    production.database.engine.dispose()


def test_who_opens_the_page_to_sign_in_again_is_asked_for_the_factor_and_comes_to_the_desk(
    olga: Client, clock: TestClock, named: Platform
) -> None:
    secret, _ = set_up(olga, clock)
    again = entered(named)
    assert again.get("/sign-in", status=303).headers["location"] == "/second-factor"
    typed = {"code": code_at(secret, step_of(clock()))}
    assert again.post("/second-factor", typed).headers["location"] == "/desk"


def test_what_a_locked_officer_posts_is_not_done(olga: Client, named: Platform) -> None:
    for path in ("/cabinet/notices/read", "/admin/people/1/second-factor", f"{FACTORS}/codes"):
        sent_from = {"Referer": "http://testserver/cabinet?page=2"}
        answer = olga.post(path, headers=sent_from)
        assert answer.headers["location"] == "/second-factor?next=%2Fcabinet%3Fpage%3D2"
    fragment = olga.get("/desk", status=401, headers={"HX-Request": "true"})
    assert fragment.headers["hx-redirect"] == "/second-factor?next=%2Fdesk"
    olga.get("/drafts")  # what a visitor may read
    assert olga.post("/sign-out").headers["location"] == "/"


def test_where_staff_need_none_they_come_in_by_password(platform: Platform) -> None:
    settings = platform.settings.model_copy(update={"staff_second_factor": False})
    easy = build_platform(settings, platform.clock)
    with easy.database.writing() as session:
        make_person(session, "Olga", role=Role.OFFICER)
    entered(easy).get("/desk")
    easy.database.engine.dispose()


def test_a_visitor_is_led_on(platform: Platform) -> None:
    visitor = Client(platform)
    for path in ("/second-factor", "/second-factor/app"):
        assert visitor.get(path, status=303).headers["location"] == "/"
        led = visitor.get(f"{path}?next=https://evil.example/", status=303)
        assert led.headers["location"] == "/"
    for path in (
        "/second-factor",
        "/second-factor/app",
        "/second-factor/app/confirm",
        "/second-factor/passkey",
        "/second-factor/passkey/options",
        "/second-factor/passkeys",
        "/second-factor/passkeys/options",
    ):
        filled = {"code": "123456", "recovery": "", "answer": "{}", "name": "key"}
        visitor.post(path, filled, status=403)


@pytest.mark.parametrize("wish", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_one_is_led_nowhere_else(
    olga: Client, clock: TestClock, named: Platform, wish: str
) -> None:
    secret, _ = set_up(olga, clock)
    typed = {"code": code_at(secret, step_of(clock())), "next": wish}
    assert entered(named).post("/second-factor", typed).headers["location"] == "/desk"


def test_a_citizen_sets_up_one_and_removes_it(aizada: Client, clock: TestClock) -> None:
    assert "a stolen password alone opens nothing" in aizada.get(FACTORS).text
    set_up(aizada, clock)
    page = aizada.get(FACTORS).text
    assert "10 are left" in page
    assert f'action="{FACTORS}/app/remove"' in page
    new = aizada.post(f"{FACTORS}/codes", status=200).text
    assert len(re.findall(r"<code>\w{5}-\w{5}</code>", new)) == 10
    assert "removed" in aizada.follow(aizada.post(f"{FACTORS}/app/remove")).text
    aizada.post(f"{FACTORS}/app/remove", status=404)
    aizada.post(f"{FACTORS}/codes", status=409)


def test_an_officer_cannot_remove_the_last_one(olga: Client, clock: TestClock) -> None:
    set_up(olga, clock)
    assert "/app/remove" not in olga.get(FACTORS).text
    assert "only second factor" in olga.post(f"{FACTORS}/app/remove", status=409).text


def test_after_a_while_it_is_asked_again_before_changing(aizada: Client, clock: TestClock) -> None:
    secret, _ = set_up(aizada, clock)
    clock.forward(hours=1)
    aizada.get("/cabinet")
    asked = aizada.get(FACTORS, status=303)
    aizada.follow(asked)
    typed = {"code": code_at(secret, step_of(clock())), "next": FACTORS}
    aizada.follow(aizada.post("/second-factor", typed))


def test_passkeys_are_added_shown_and_removed(
    aizada: Client, named: Platform, clock: TestClock
) -> None:
    phone, ring = Device(BASE, SITE), Device(BASE, SITE)
    codes = add_passkey(aizada, phone, "my <phone>", status=200).text
    assert len(re.findall(r"<code>\w{5}-\w{5}</code>", codes)) == 10
    add_passkey(aizada, ring, "ring")
    page = aizada.get(FACTORS).text
    assert "my &lt;phone&gt;" in page
    again = entered(named, "aizada")
    page = again.follow(again.get("/cabinet", status=303)).text
    assert 'data-passkey="/second-factor/passkey/options"' in page
    assert show_passkey(again, ring).headers["location"] == "/cabinet"
    again.get("/cabinet")
    with named.database.reading() as session:
        key = session.exec(select(Passkey.id).where(Passkey.name == "ring")).one()
    again.follow(again.post(f"{FACTORS}/passkeys/{key}/remove"))
    again.post(f"{FACTORS}/passkeys/{key}/remove", status=404)
    third = entered(named, "aizada")
    show_passkey(third, ring, status=422)
    third.get("/cabinet", status=303)
    show_passkey(third, phone)


def test_a_challenge_is_used_up_by_an_answer_that_fails(aizada: Client, named: Platform) -> None:
    phone = Device(BASE, SITE)
    add_passkey(aizada, phone, status=200)
    again = entered(named, "aizada")
    options = again.post("/second-factor/passkey/options", status=200).text
    again.post("/second-factor/passkey", {"answer": "{}"}, status=422)
    right = {"answer": phone.show(options)}
    assert "not recognised" in again.post("/second-factor/passkey", right, status=422).text
    with named.database.reading() as session:
        assert set(session.exec(select(SignIn.challenge)).all()) == {""}


def test_a_passkey_without_a_name_is_asked_for_one(aizada: Client) -> None:
    refused = add_passkey(aizada, Device(BASE, SITE), "", status=422).text
    assert "What you call it: Please fill this in." in refused


def test_what_a_device_is_told_says_little(aizada: Client) -> None:
    answer = aizada.post("/second-factor/passkeys/options", status=200)
    options = json.loads(answer.text)
    assert answer.headers["cache-control"] == "no-store"
    assert options["rp"] == {"id": SITE, "name": "Kenesh"}
    assert options["attestation"] == "none"
    assert options["authenticatorSelection"]["userVerification"] == "preferred"
    aizada.post("/second-factor/passkey/options", status=404)  # none to show yet


def test_at_an_address_without_a_name_no_passkey_is_offered(platform: Platform) -> None:
    with platform.database.writing() as session:
        token = sign_in_token(session, make_person(session))
    page = Client(platform, token).get(FACTORS).text
    assert "data-passkey=" not in page
    assert "Passkeys work only where" in page
    assert "Set up an app" in page


def test_an_administrator_resets_what_somebody_lost(
    olga: Client, clock: TestClock, named: Platform
) -> None:
    with named.database.writing() as session:
        admin = Client(
            named,
            sign_in_token(session, make_person(session, "Admin", role=Role.ADMINISTRATOR)),
        )
        olga_id = session.exec(select(Person.id).where(Person.name == "Olga")).one()
    page = f"/admin/people/{olga_id}"
    assert "Reset their second factor" not in admin.get(page).text
    set_up(olga, clock)
    assert "Reset their second factor" in admin.get(page).text
    assert "is reset" in admin.follow(admin.post(f"{page}/second-factor")).text
    assert olga.get("/desk", status=303).headers["location"].startswith("/sign-in")
    with named.database.reading() as session:
        assert session.exec(select(Totp)).all() == []
    again = entered(named)
    assert "Set up a second factor" in again.follow(again.get("/desk", status=303)).text
