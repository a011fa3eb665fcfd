"""The pages of an account's safety: sign-ins, password, address; and their mails."""

import re
from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from consult.accounts.models import Person, SignIn
from consult.outbox import OutboxEvent
from consult.platform import Platform
from consult.security import SIGN_IN_COOKIE
from consult.worker import drain
from tests.client import Client
from tests.conftest import TestClock
from tests.factories import PASSWORD, make_person, sign_in_token
from tests.mailed import Mailed, mailed

HERE = "/cabinet/security"
OLD, NEW = "aizada@example.org", "new@example.org"
CHOSEN = {"password": PASSWORD}
BETTER = "a wholly new password"
FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0"


@pytest.fixture
def aizada(platform: Platform) -> Client:
    with platform.database.writing() as session:
        token = sign_in_token(session, make_person(session))
    return Client(platform, token)


def signed_in(platform: Platform, email: str = OLD, password: str = PASSWORD) -> Client:
    """Another browser, signed in by its form."""
    client = Client(platform)
    form = {"email": email, "password": password}
    client.post("/sign-in", form, headers={"User-Agent": FIREFOX})
    return client


def mails(platform: Platform) -> list[Mailed]:
    """What has been written, in order, after the worker did its work.

    Whoever is told that a strange browser signed in: test_safety_mails.py.
    """
    drain(platform, platform.clock())
    return [mail for mail in mailed(platform) if not mail.key.startswith("strange_browser:")]


def link(mail: Mailed) -> str:
    found = re.search(r"(/(?:address|undo-address|reset)/\S+)", mail.text)
    assert found
    return found[1]


def links(platform: Platform) -> tuple[str, str]:
    """The newest links to the new and to the old address."""
    found = {mail.key.partition(":")[0]: mail for mail in mails(platform)}
    return link(found["address"]), link(found.get("address_left", found["address_asked"]))


def ask(client: Client, email: str = NEW) -> Any:
    return client.post(f"{HERE}/address", {"email": email, "password": PASSWORD})


def email_of(platform: Platform, person_id: int = 1) -> str | None:
    with platform.database.reading() as session:
        return session.get_one(Person, person_id).email


def test_a_visitor_is_asked_to_sign_in_first(platform: Platform) -> None:
    for path in (HERE, f"{HERE}/password", f"{HERE}/address"):
        Client(platform).get(path, status=303)
    for path in ("end", "end-others", "password", "address"):
        answer = Client(platform).post(f"{HERE}/{path}")
        assert answer.headers["location"].startswith("/sign-in")


def test_sign_ins_are_listed_and_ended_one_by_one(aizada: Client, platform: Platform) -> None:
    other = signed_in(platform)
    page = aizada.get(HERE).text
    assert "Firefox · Android" in page
    assert page.index("(this browser)") < page.index("Firefox")
    assert "Last used:" in page
    reference = re.search(r'name="browser" value="(\w+)"', page)
    assert reference
    answer = aizada.post(f"{HERE}/end", {"browser": reference[1]})
    assert "Firefox" not in aizada.follow(answer).text
    other.get("/cabinet", status=303)


def test_all_others_are_ended_at_once(aizada: Client, platform: Platform) -> None:
    others = [signed_in(platform) for _ in range(2)]
    assert "End all others" in aizada.get(HERE).text
    assert "End all others" not in aizada.follow(aizada.post(f"{HERE}/end-others")).text
    for other in others:
        other.get("/cabinet", status=303)


def test_a_reference_that_means_nothing_ends_nothing(aizada: Client, platform: Platform) -> None:
    other = signed_in(platform)
    for typed in ({}, {"browser": "%"}, {"browser": "0" * 16}, {"browser": "x\0" * 300}):
        aizada.post(f"{HERE}/end", typed)
    other.get("/cabinet")


def test_the_day_a_browser_was_used_is_written_by_what_it_sends_once_a_day(
    aizada: Client, platform: Platform, clock: TestClock
) -> None:
    def seen_on() -> date | None:
        with platform.database.reading() as session:
            return session.exec(select(SignIn)).one().seen_on

    aizada.get("/cabinet")
    assert seen_on() is None
    aizada.post("/cabinet/notices/read")
    assert seen_on() == date(2026, 9, 7)
    aizada.post("/cabinet/notices/read")
    assert not [one for one in aizada.statements if "sign_in SET" in one]
    clock.forward(hours=15)  # 01:00 of the next day in Bishkek
    aizada.post("/cabinet/notices/read")
    assert seen_on() == date(2026, 9, 8)


def test_signing_in_gives_a_new_token_whatever_the_browser_had(platform: Platform) -> None:
    with platform.database.writing() as session:
        make_person(session)
    client = Client(platform, "a token that somebody else knows")
    client.post("/sign-in", {"email": OLD, "password": PASSWORD})
    Client(platform, "a token that somebody else knows").get("/cabinet", status=303)
    given = client.http.cookies.get(SIGN_IN_COOKIE, domain="testserver.local") or ""
    Client(platform, given).get("/cabinet")


def test_a_new_password_signs_every_other_browser_out_and_is_told(
    aizada: Client, platform: Platform
) -> None:
    other = signed_in(platform)
    form = {"old_password": PASSWORD, "password": BETTER}
    aizada.get(f"{HERE}/password")
    assert "Your new password is set." in aizada.follow(aizada.post(f"{HERE}/password", form)).text
    other.get("/cabinet", status=303)
    signed_in(platform, password=BETTER).get("/cabinet")
    (mail,) = mails(platform)
    assert (mail.recipient, mail.subject) == (OLD, "Your password was changed")
    assert BETTER not in mail.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"old_password": "not the password", "password": BETTER}, "This is not your password."),
        ({"old_password": PASSWORD, "password": "short"}, "longer password"),
        ({"old_password": PASSWORD, "password": "Кыргызстан1"}, "guessed first"),
        ({"old_password": PASSWORD, "password": OLD}, "must not be your e-mail"),
        ({"password": BETTER}, "Please fill this in."),
    ],
)
def test_a_password_that_is_refused_changes_nothing(
    aizada: Client, platform: Platform, typed: dict[str, str], said: str
) -> None:
    page = aizada.post(f"{HERE}/password", typed, status=422).text
    assert said in page
    assert not any(f'value="{secret}"' in page for secret in typed.values())
    signed_in(platform).get("/cabinet")
    assert mails(platform) == []


def test_a_new_address_is_confirmed_by_its_link_and_both_are_told(
    aizada: Client, platform: Platform
) -> None:
    aizada.get(f"{HERE}/address")
    assert "mailbox" in aizada.follow(ask(aizada)).text
    asked = {mail.recipient: mail.subject for mail in mails(platform)}
    assert asked == {OLD: "Your address is to be changed", NEW: "Confirm your new address"}
    confirm, _ = links(platform)
    visitor = Client(platform)
    for _ in range(2):
        assert NEW in visitor.get(confirm).text
    assert email_of(platform) == OLD
    assert "not right" in visitor.post(confirm, {"password": "a guess"}, status=422).text
    assert "Please fill this in." in visitor.post(confirm, status=422).text
    visitor.post(confirm, CHOSEN)
    assert email_of(platform) == NEW
    assert NEW in aizada.get(HERE).text
    told = [(mail.recipient, mail.subject) for mail in mails(platform)[2:]]
    assert told == [(OLD, "Your address was changed"), (NEW, "Your address was changed")]
    signed_in(platform, NEW).get("/cabinet")


def test_a_stolen_link_works_once(aizada: Client, platform: Platform) -> None:
    ask(aizada)
    confirm, undo = links(platform)
    Client(platform).post(confirm, CHOSEN)
    for path in (confirm, confirm.replace("/address/", "/undo-address/")):
        Client(platform).get(path, status=404)
        assert "already used" in Client(platform).post(path, CHOSEN, status=404).text
    Client(platform).post(undo)
    assert "already used" in Client(platform).post(undo, status=404).text


@pytest.mark.parametrize("purpose", ["confirm", "reset", "undo-address"])
def test_the_link_of_one_purpose_does_nothing_else(
    aizada: Client, platform: Platform, purpose: str
) -> None:
    ask(aizada)
    confirm, undo = links(platform)
    for path in {confirm, undo} - {f"/{purpose}/{undo.rpartition('/')[2]}"}:
        wrong = f"/{purpose}/{path.rpartition('/')[2]}"
        Client(platform).get(wrong, status=404)
        Client(platform).post(wrong, {"password": BETTER}, status=404)
    assert email_of(platform) == OLD


def test_the_old_address_takes_the_change_back_and_chooses_a_new_password(
    aizada: Client, platform: Platform, clock: TestClock
) -> None:
    ask(aizada)
    confirm, _ = links(platform)
    Client(platform).post(confirm, CHOSEN)
    _, undo = links(platform)
    clock.forward(days=6)
    owner = Client(platform)
    owner.get(undo)
    aizada.get("/cabinet")  # opening the link changed nothing
    answer = owner.post(undo)
    page = owner.follow(answer).text
    assert "Your old address is back." in page
    aizada.get("/cabinet", status=303)
    owner.post("/sign-in", {"email": OLD, "password": PASSWORD}, status=422)
    owner.post(answer.headers["location"], {"password": BETTER})
    signed_in(platform, password=BETTER).get("/cabinet")
    back = [mail for mail in mails(platform) if mail.subject == "Your old address is back"]
    assert {mail.recipient for mail in back} == {OLD, NEW}


def test_the_old_address_says_no_before_the_change(aizada: Client, platform: Platform) -> None:
    ask(aizada)
    confirm, undo = links(platform)
    Client(platform).post(undo)
    aizada.get("/cabinet", status=303)
    Client(platform).post(confirm, CHOSEN, status=404)
    assert email_of(platform) == OLD


def test_after_seven_days_the_change_stands(
    aizada: Client, platform: Platform, clock: TestClock
) -> None:
    ask(aizada)
    confirm, _ = links(platform)
    Client(platform).post(confirm, CHOSEN)
    _, undo = links(platform)
    clock.forward(days=7)
    Client(platform).post(undo, status=404)
    assert email_of(platform) == NEW


def test_an_address_of_somebody_else_gets_the_same_answer(
    aizada: Client, platform: Platform
) -> None:
    with platform.database.writing() as session:
        make_person(session, "Bolot")
    aizada.post("/cabinet/notices/read")  # the first of the day is noted
    taken, done = ask(aizada, "bolot@example.org"), list(aizada.statements)
    free = ask(aizada, NEW)
    assert aizada.statements == done
    assert taken.headers["location"] == free.headers["location"]
    told = [(mail.recipient, mail.subject) for mail in mails(platform)]
    assert told.count((OLD, "Your address is to be changed")) == 2
    assert ("bolot@example.org", "You have an account already") in told
    assert ("bolot@example.org", "Confirm your new address") not in told


def test_an_address_is_asked_for_with_the_password_and_what_was_typed_stays(
    aizada: Client, platform: Platform
) -> None:
    page = aizada.post(f"{HERE}/address", {"email": NEW, "password": "a guess"}, status=422).text
    assert "This is not your password." in page
    assert f'value="{NEW}"' in page
    assert "a guess" not in page
    assert mails(platform) == []


@pytest.mark.parametrize(
    "typed",
    [
        "new@example.org\r\nBcc: all@example.org",
        "new@example.org%0aBcc:all@example.org",
        "new@example.org, all@example.org",
        '"new\r\n"@example.org',
        "<new@example.org>",
        "new@example.org\u2028x",
        OLD,
    ],
)
def test_no_header_comes_in_by_an_address(aizada: Client, platform: Platform, typed: str) -> None:
    aizada.post(f"{HERE}/address", {"email": typed, "password": PASSWORD}, status=422)
    assert mails(platform) == []


def test_the_mails_can_be_read_in_plain_text_and_nothing_private_stays_behind(
    aizada: Client, platform: Platform
) -> None:
    ask(aizada)
    confirm, _ = links(platform)
    Client(platform).post(confirm, CHOSEN)
    _, undo = links(platform)
    Client(platform).post(undo)
    written = mails(platform)
    assert len(written) == 6
    for mail in written:
        assert not re.search(r"[<>{}]|%\(", mail.text)
        assert len(mail.text.split("\n\n")) >= 3
    with platform.database.reading() as session:
        for event in session.exec(select(OutboxEvent)).all():
            assert not re.search(r"@|/undo|/address/", str(event.payload))


def test_forms_of_other_sites_are_refused(aizada: Client) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site"}
    for path in ("end", "end-others", "password", "address"):
        aizada.post(f"{HERE}/{path}", headers=foreign, status=403)
    for path in ("/address/x", "/undo-address/x"):
        aizada.post(path, headers=foreign, status=403)
