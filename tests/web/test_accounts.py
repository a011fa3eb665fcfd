"""The pages of accounts: from registering to signing out, in a browser without script."""

import re
from typing import Any

import pytest

from consult.access import Role
from consult.accounts import queries
from consult.accounts.secrets import matches
from consult.app import build_platform
from consult.config import Settings
from consult.platform import Platform
from consult.security import SIGN_IN_COOKIE
from consult.web import LANG_COOKIE
from consult.worker import drain
from tests.client import Client
from tests.conftest import TestClock
from tests.factories import PASSWORD, make_person, sign_in_token
from tests.mailed import Mailed, mailed

FORM = {"email": "aizada@example.org", "name": "Aizada", "password": PASSWORD, "region": "Naryn"}
CHOSEN = {"password": PASSWORD}
FOREIGN = {"Sec-Fetch-Site": "cross-site"}


@pytest.fixture
def visitor(platform: Platform) -> Client:
    return Client(platform)


@pytest.fixture
def aizada(platform: Platform) -> Client:
    with platform.database.writing() as session:
        token = sign_in_token(session, make_person(session))
    return Client(platform, token)


def mails(platform: Platform) -> list[Mailed]:
    """What has been written, the newest first, after the worker did its work."""
    drain(platform, platform.clock())
    return mailed(platform)[::-1]


def mailed_path(platform: Platform) -> str:
    """The path of the link in the newest mail."""
    found = re.search(r"(/(?:confirm|reset)/\S+)", mails(platform)[0].text)
    assert found
    return found[1]


def cookie(response: Any, name: str) -> str:
    return next(c for c in response.headers.get_list("set-cookie") if c.startswith(f"{name}="))


def test_from_registering_to_signing_out(visitor: Client, platform: Platform) -> None:
    visitor.get("/register")
    assert "mailbox" in visitor.follow(visitor.post("/register", FORM)).text
    path = mailed_path(platform)
    assert "aizada@example.org" in visitor.get(path).text
    assert "you are signed in" in visitor.follow(visitor.post(path, CHOSEN)).text
    visitor.follow(visitor.post("/sign-out"))
    assert "Sign in" in visitor.get("/").text
    visitor.get("/cabinet", status=303)
    response = visitor.post("/sign-in", {"email": FORM["email"], "password": PASSWORD})
    assert "My cabinet" in visitor.follow(response).text


def test_who_only_followed_by_mail_confirms_an_account_and_is_signed_in(
    visitor: Client, platform: Platform
) -> None:
    with platform.database.writing() as session:
        person = make_person(session)
        person.password_hash = person.name = ""
    visitor.post("/register", FORM)
    path = mailed_path(platform)
    assert FORM["name"] in visitor.get(path).text
    assert FORM["name"] in visitor.post(path, {"password": "a guess"}, status=422).text
    assert FORM["name"] in visitor.follow(visitor.post(path, {"password": PASSWORD})).text


def test_an_owner_cannot_be_made_to_confirm_the_password_of_another(
    visitor: Client, platform: Platform
) -> None:
    Client(platform).post("/register", FORM)
    Client(platform).post("/register", {**FORM, "password": "the password of a thief"})
    path = mailed_path(platform)
    page = visitor.post(path, CHOSEN, status=422).text
    assert "The address or the password is not right." in page
    assert 'href="#f-password"' in page
    visitor.post(path, status=422)
    visitor.post("/sign-in", {**CHOSEN, "email": FORM["email"]}, status=422)
    visitor.post(path, {"password": "the password of a thief"})  # the link can still be used


@pytest.mark.parametrize("lang", ["ky", "ru", "kk"])
def test_refusals_are_said_in_the_language_of_the_reader(visitor: Client, lang: str) -> None:
    visitor.http.cookies.set(LANG_COOKIE, lang)
    refused = (
        (visitor.get("/confirm/used", status=404), "This link"),
        (visitor.post("/register", {"email": "aizada"}, status=422), "Please enter"),
        (visitor.post("/forgot", {"email": "aizada"}, status=422), "Please enter"),
        (visitor.post("/forgot", headers=FOREIGN, status=403), "This form"),
    )
    for answer, english in refused:
        assert f'<html lang="{lang}">' in answer.text
        assert english not in answer.text


def test_checking_a_password_keeps_nobody_waiting_who_writes(
    aizada: Client, visitor: Client, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []

    def matches_while_another_writes(password: str, password_hash: str | None) -> bool:
        with platform.database.writing() as session:
            make_person(session, f"Somebody {len(written)}")
        written.append(password)
        return matches(password, password_hash)

    monkeypatch.setattr(queries, "matches", matches_while_another_writes)
    visitor.post("/sign-in", {**CHOSEN, "email": FORM["email"]})
    assert written == [PASSWORD]


def test_staff_begin_at_their_desk(visitor: Client, platform: Platform) -> None:
    with platform.database.writing() as session:
        olga = make_person(session, "Olga", role=Role.OFFICER)
        known = Client(platform, sign_in_token(session, olga))
    response = visitor.post("/sign-in", {**CHOSEN, "email": "olga@example.org"})
    assert response.headers["location"] == "/desk"
    assert visitor.get("/sign-in", status=303).headers["location"] == "/second-factor"
    assert known.get("/sign-in", status=303).headers["location"] == "/desk"


def test_opening_the_link_does_not_confirm(visitor: Client, platform: Platform) -> None:
    visitor.post("/register", FORM)
    for _ in range(2):
        visitor.get(mailed_path(platform))
    visitor.post("/sign-in", {"email": FORM["email"], "password": PASSWORD}, status=422)


def test_a_used_link_says_so(visitor: Client, platform: Platform) -> None:
    visitor.post("/register", FORM)
    path = mailed_path(platform)
    visitor.post(path, CHOSEN)
    assert "already used" in visitor.get(path, status=404).text
    assert "already used" in visitor.post(path, status=404).text


def test_a_known_and_an_unknown_address_get_the_same_answer(
    aizada: Client, visitor: Client, platform: Platform
) -> None:
    for form in ("/register", "/forgot"):
        known = visitor.post(form, FORM)
        done = list(visitor.statements)
        unknown = visitor.post(form, {**FORM, "email": f"nobody{form[1:]}@example.org"})
        assert done
        assert visitor.statements == done  # else the time would tell
        assert known.headers["location"] == unknown.headers["location"]
        assert known.content == unknown.content
    subjects = {mail.recipient: mail.subject for mail in mails(platform)}
    assert subjects["nobodyregister@example.org"] == "Confirm your address"
    assert "nobodyforgot@example.org" not in subjects


def test_a_wrong_password_and_an_unknown_address_cost_the_same(
    aizada: Client, visitor: Client
) -> None:
    done = []
    for email in (FORM["email"], "nobody@example.org"):
        visitor.post("/sign-in", {"email": email, "password": "not the password"}, status=422)
        done.append(list(visitor.statements))
    assert done[0] == done[1] != []


def test_the_owner_of_a_known_address_is_told_by_mail(
    aizada: Client, visitor: Client, platform: Platform
) -> None:
    visitor.post("/register", {**FORM, "name": "Somebody else"})
    (mail,) = mails(platform)
    assert (mail.recipient, mail.subject) == (FORM["email"], "You have an account already")
    assert "Somebody else" not in mail.text + mail.html


def test_what_is_wrong_is_said_at_once_and_what_was_typed_stays(visitor: Client) -> None:
    page = visitor.post(
        "/register",
        {"email": "aizada", "name": "Ай<b>зада", "password": "short", "organisation": "Bar"},
        status=422,
    ).text
    assert page.count("error-text") == 3
    assert 'value="Ай&lt;b&gt;зада"' in page
    assert 'value="Bar"' in page
    assert "short" not in re.sub(r"shorter", "", page)


def test_whoever_writes_for_an_organisation_must_say_that_they_may(
    visitor: Client, platform: Platform
) -> None:
    form = {**FORM, "organisation": "Bar Association"}
    assert "speak for the organisation" in visitor.post("/register", form, status=422).text
    visitor.post("/register", {**form, "mandate": "yes"})
    visitor.post(mailed_path(platform), CHOSEN)
    assert "Bar Association" in visitor.get("/cabinet").text


@pytest.mark.parametrize("missing", ["email", "password"])
def test_a_form_without_a_field_is_refused(visitor: Client, missing: str) -> None:
    form = {"email": FORM["email"], "password": PASSWORD}
    del form[missing]
    visitor.post("/sign-in", form, status=422)


@pytest.mark.parametrize(
    ("wish", "leads_to"),
    [
        ("/drafts/7?text=ky", "/drafts/7?text=ky"),
        ("", "/cabinet"),
        ("https://evil.example", "/cabinet"),
        ("//evil.example", "/cabinet"),
        ("/\\evil.example", "/cabinet"),
        ("/\tevil", "/cabinet"),
        ("javascript:alert(1)", "/cabinet"),
    ],
)
def test_signing_in_leads_on_within_this_site_only(
    aizada: Client, visitor: Client, wish: str, leads_to: str
) -> None:
    form = {"email": FORM["email"], "password": PASSWORD, "next": wish}
    assert visitor.post("/sign-in", form).headers["location"] == leads_to
    assert aizada.get("/sign-in", params={"next": wish}, status=303).headers["location"] == leads_to


def test_where_a_visitor_was_going_is_remembered(aizada: Client, visitor: Client) -> None:
    response = visitor.get("/cabinet/notices?before=9", status=303)
    page = visitor.follow(response).text
    assert 'name="next" value="/cabinet/notices?before=9"' in page


def test_a_script_cannot_read_the_sign_in(aizada: Client, visitor: Client) -> None:
    form = {"email": FORM["email"], "password": PASSWORD}
    set_cookie = cookie(visitor.post("/sign-in", form), SIGN_IN_COOKIE)
    assert "HttpOnly" in set_cookie
    assert "SameSite=lax" in set_cookie
    assert "Secure" not in set_cookie


def test_in_production_the_sign_in_travels_encrypted_only(
    aizada: Client, platform: Platform, clock: TestClock
) -> None:
    settings = {**platform.settings.model_dump(), "environment": "production"}
    production = build_platform(Settings(**settings | {"secret_key": "a real secret"}), clock)
    form = {"email": FORM["email"], "password": PASSWORD}
    response = Client(production).post("/sign-in", form)
    signed_in = cookie(response, f"__Host-{SIGN_IN_COOKIE}")
    # What the prefix asks for (RFC 6265bis, 4.1.3.2), else browsers do not keep it.
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=lax"):
        assert part in signed_in
    assert "domain" not in signed_in.casefold()
    production.database.engine.dispose()


def test_in_production_a_cookie_that_another_host_could_set_signs_nobody_in(
    aizada: Client, platform: Platform, clock: TestClock
) -> None:
    settings = {**platform.settings.model_dump(), "environment": "production"}
    production = build_platform(Settings(**settings | {"secret_key": "a real secret"}), clock)
    token = aizada.http.cookies[SIGN_IN_COOKIE]
    browser = Client(production, token)
    browser.get("/cabinet")
    other = Client(production)
    other.http.cookies.set(SIGN_IN_COOKIE, token)
    other.get("/cabinet", status=303)
    for answer in (browser.post("/sign-out"), browser.get("/cabinet", status=303)):
        for line in answer.headers.get_list("set-cookie"):
            assert "Secure" in line
    production.database.engine.dispose()


def test_signing_in_again_ends_the_earlier_sign_in(aizada: Client, platform: Platform) -> None:
    earlier = aizada.http.cookies[SIGN_IN_COOKIE]
    aizada.post("/sign-in", {"email": FORM["email"], "password": PASSWORD})
    Client(platform, earlier).get("/cabinet", status=303)


def test_a_forgotten_password_is_replaced_by_a_mailed_link(
    aizada: Client, visitor: Client, platform: Platform
) -> None:
    visitor.get("/forgot")
    visitor.post("/forgot", {"email": FORM["email"]})
    path = mailed_path(platform)
    visitor.get(path)
    assert "longer" in visitor.post(path, {"password": "short"}, status=422).text
    visitor.follow(visitor.post(path, {"password": "a wholly new password"}))
    aizada.get("/cabinet", status=303)
    visitor.post("/sign-in", {"email": FORM["email"], "password": PASSWORD}, status=422)
    visitor.post("/sign-in", {"email": FORM["email"], "password": "a wholly new password"})
    assert visitor.get(path, status=404)


def test_a_forged_link_leads_to_where_another_is_asked_for(visitor: Client) -> None:
    for path, again in (("/confirm/guessed", "/register"), ("/reset/guessed", "/forgot")):
        assert f'<a class="btn btn-main" href="{again}">' in visitor.get(path, status=404).text
        assert f'href="{again}"' in visitor.get("/sent").text
        visitor.post(path, {"password": "a wholly new password"}, status=404)


def test_the_language_is_chosen_and_remembered(
    aizada: Client, visitor: Client, platform: Platform
) -> None:
    response = visitor.post("/language", {"lang": "kk", "next": "/sign-in"})
    assert response.headers["location"] == "/sign-in"
    assert "Max-Age=31536000" in cookie(response, LANG_COOKIE)
    assert '<html lang="kk">' in visitor.get("/sign-in").text
    aizada.post("/language", {"lang": "ru", "next": "//evil.example"})
    with platform.database.writing() as session:
        again = sign_in_token(session, make_person(session, "Bolot", lang="ky"))
    assert '<html lang="ru">' in aizada.get("/cabinet").text
    assert '<html lang="ky">' in Client(platform, again).get("/cabinet").text


@pytest.mark.parametrize(
    ("next_page", "leads_to"),
    [
        ("/drafts?stage=open", "/drafts?stage=open"),
        ("/drafts/1/comments?wid=art_1", "/drafts/1"),
        ("/desk/drafts/1/comparative-table/import", "/desk/drafts/1/comparative-table"),
        ("/sign-out", "/"),
    ],
)
def test_the_choice_of_a_language_leads_back_to_a_page_and_not_to_a_form_that_was_sent(
    visitor: Client, next_page: str, leads_to: str
) -> None:
    response = visitor.post("/language", {"lang": "kk", "next": next_page})
    assert response.headers["location"] == leads_to


def test_mails_speak_the_language_a_person_chose(aizada: Client, platform: Platform) -> None:
    aizada.post("/language", {"lang": "ru"})
    Client(platform).post("/forgot", {"email": FORM["email"]})
    assert mails(platform)[0].lang == "ru"
    assert '<html lang="ru">' in mails(platform)[0].html


def test_an_unknown_language_changes_nothing(visitor: Client) -> None:
    response = visitor.post("/language", {"lang": "xx", "next": "/sign-in"})
    assert f"{LANG_COOKIE}=en" in cookie(response, LANG_COOKIE)


def test_a_form_from_another_site_is_refused(aizada: Client) -> None:
    for path in ("/register", "/sign-in", "/sign-out", "/forgot", "/language", "/reset/x"):
        aizada.post(path, FORM, headers=FOREIGN, status=403)
    aizada.get("/cabinet")
