"""Identification by an eID, the whole way over HTTP, against a certified OpenID provider."""

import html
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from consult.access import Role
from consult.accounts.eid import client as eid_client
from consult.accounts.eid.models import EidAttempt, Identity
from consult.accounts.models import Person
from consult.accounts.second_factor.models import Totp
from consult.audit.models import AuditEntry
from consult.platform import Platform
from consult.security import SIGN_IN_COOKIE
from consult.worker import drain
from tests.cast import unchanged
from tests.client import Client
from tests.conftest import START, TestClock
from tests.factories import PASSWORD, make_person, sign_in_token
from tests.mailed import mailed
from tests.oidc.provider import IS_THERE, SECRET, Provider, running_provider

CHOSEN = {"password": PASSWORD}
pytestmark = pytest.mark.skipif(not IS_THERE, reason="sh tests/oidc/install.sh")


@pytest.fixture(scope="module")
def eid() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
def site(platform: Platform, clock: TestClock, eid: Provider) -> Platform:
    """An installation that knows the eID, at the time it really is: the eID has no other."""
    clock.now = datetime.now(UTC)
    return at_eid(platform, oidc_issuer=eid.issuer)


def at_eid(platform: Platform, **settings: Any) -> Platform:
    known = {"oidc_client_id": "kenesh", "oidc_client_secret": SECRET, "oidc_name": "Tunduk"}
    return replace(platform, settings=platform.settings.model_copy(update=known | settings))


def client_of(site: Platform, name: str = "Aizada", **more: Any) -> Client:
    with site.database.writing() as session:
        token = sign_in_token(session, make_person(session, name, **more), site.clock())
    return Client(site, token)


def button(client: Client) -> str:
    """Where the form of the page to be identified goes to."""
    return "/eid/link" if SIGN_IN_COOKIE in client.http.cookies else "/eid/begin"


def leave(client: Client, going: str = "") -> str:
    """Press the button; returns the address at the eID."""
    entered = {"next": going, "password": PASSWORD}
    page = client.post(button(client), entered, status=200).text
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page)
    assert found
    return html.unescape(found[1])


def come_back(client: Client, path: str, *, status: int = 303) -> Any:
    """Open where the eID leads to, and press the button there."""
    fields = re.findall(r'name="(code|state|iss)" value="([^"]*)"', client.get(path).text)
    assert len(fields) == 3
    values = {name: html.unescape(value) for name, value in fields}
    return client.post("/eid/return", values, status=status)


def identities(site: Platform) -> list[Identity]:
    with site.database.reading() as session:
        return list(session.exec(select(Identity)).all())


def person(site: Platform, name: str = "Aizada") -> Person:
    with site.database.reading() as session:
        return session.exec(select(Person).where(Person.name == name)).one()


def test_a_person_is_identified_and_then_signs_in_with_the_eid_alone(
    site: Platform, eid: Provider
) -> None:
    aizada = client_of(site)
    assert "Go on with Tunduk" in aizada.get("/eid").text
    response = come_back(aizada, eid.visit(leave(aizada, "/drafts"), "PIN-12345"))
    assert response.headers["location"] == "/drafts"
    assert "You were identified with Tunduk" in aizada.get("/eid").text
    (kept,) = identities(site)
    assert (kept.person_id, kept.issuer) == (person(site).id, eid.issuer)
    assert person(site).verified_at == site.clock()
    with site.database.reading() as session:
        entry = session.exec(select(AuditEntry)).one()
        assert (entry.action, entry.actor_id) == ("person_identified", kept.person_id)
        assert session.exec(select(EidAttempt)).all() == []

    stranger = Client(site)
    response = come_back(stranger, eid.visit(leave(stranger, "/drafts"), "PIN-12345"))
    assert response.headers["location"] == "/drafts"
    assert "Aizada" in stranger.get("/cabinet").text


def test_of_whom_the_eid_names_only_a_keyed_hash_is_kept(site: Platform, eid: Provider) -> None:
    aizada = client_of(site)
    come_back(aizada, eid.visit(leave(aizada), "PIN-12345"))
    (kept,) = identities(site)
    assert "PIN-12345" not in repr(kept)
    assert re.fullmatch("[0-9a-f]{64}", kept.subject_hash)


def test_a_client_without_a_secret_has_pkce_alone(site: Platform, eid: Provider) -> None:
    site = at_eid(
        site, oidc_issuer=eid.issuer, oidc_client_id="kenesh-public", oidc_client_secret=""
    )
    aizada = client_of(site)
    address = leave(aizada)
    assert "code_challenge_method=S256" in address
    come_back(aizada, eid.visit(address, "PIN-12345"))
    assert len(identities(site)) == 1


def test_whoever_has_no_account_is_led_to_registration(site: Platform, eid: Provider) -> None:
    stranger = Client(site)
    response = come_back(stranger, eid.visit(leave(stranger), "PIN-12345"))
    assert response.headers["location"] == "/register"
    assert "no account with this eID" in stranger.follow(response).text
    assert SIGN_IN_COOKIE not in stranger.http.cookies


def test_one_human_being_is_one_account(site: Platform, eid: Provider) -> None:
    first, second = client_of(site), client_of(site, "Bolot")
    come_back(first, eid.visit(leave(first), "PIN-12345"))
    come_back(first, eid.visit(leave(first), "PIN-12345"))  # once more changes nothing
    page = come_back(second, eid.visit(leave(second), "PIN-12345"), status=409).text
    assert "one person has one account" in page
    page = come_back(first, eid.visit(leave(first), "PIN-99999"), status=409).text
    assert "the eID of another person" in page
    assert len(identities(site)) == 1
    assert person(site, "Bolot").verified_at is None


@pytest.mark.parametrize(
    "how",
    [
        {"claims": {"nonce": "of somebody else"}},
        {"drop": ["nonce"]},
        {"claims": {"aud": "another-site"}},
        {"claims": {"aud": ["kenesh", "another-site"], "azp": "kenesh"}},
        {"claims": {"azp": "another-site"}},
        {"claims": {"iss": "https://eid.example.org"}},
        {"claims": {"exp": 1_700_000_000}},
        {"drop": ["exp"]},
        {"claims": {"iat": 4_000_000_000}},
        {"claims": {"sub": ""}},
        {"claims": {"sub": 12345}},
        {"claims": {"sub": "x" * 256}},
        {"drop": ["sub"]},
        {"claims": {"at_hash": "of another token"}},
        {"key": "foreign"},
        {"key": "disguised"},
        {"alg": "none"},
        {"alg": "HS256"},
    ],
    ids=str,
)
def test_a_token_that_is_not_as_it_must_be_identifies_nobody(
    site: Platform, eid: Provider, how: dict[str, Any]
) -> None:
    aizada = client_of(site)
    path = eid.visit(leave(aizada), "PIN-12345")
    with eid.spoiled(**how):
        assert "could not be confirmed" in come_back(aizada, path, status=403).text
    assert identities(site) == []
    assert "done already" in come_back(aizada, path, status=403).text  # and is used up


def test_the_nonce_and_the_challenge_are_those_of_this_attempt(
    site: Platform, eid: Provider
) -> None:
    aizada = client_of(site)
    for changed in ({"nonce": "another"}, {"code_challenge": "a" * 43}):
        path = eid.visit(leave(aizada), "PIN-12345", **changed)
        assert "could not be confirmed" in come_back(aizada, path, status=403).text
    assert identities(site) == []


def test_an_answer_names_the_eid_it_comes_from(site: Platform, eid: Provider) -> None:
    """RFC 9207: else the answer of one eID could be passed off as that of another."""
    aizada = client_of(site)
    for sender in ("", "&iss=https%3A%2F%2Feid.example.org"):
        path = re.sub("&iss=[^&]+", sender, eid.visit(leave(aizada), "PIN-12345"))
        assert "could not be confirmed" in come_back(aizada, path, status=403).text


def test_an_answer_is_taken_once_in_time_and_in_the_same_browser(
    site: Platform, clock: TestClock, eid: Provider
) -> None:
    aizada, bolot = client_of(site), client_of(site, "Bolot")
    path = eid.visit(leave(aizada), "PIN-12345")
    leave(bolot)
    for other in (Client(site), bolot):
        assert "in another browser" in come_back(other, path, status=403).text
    come_back(aizada, path)
    come_back(aizada, path, status=403)
    leave(aizada)
    path = eid.visit(leave(aizada), "PIN-12345")
    clock.now += timedelta(minutes=11)
    come_back(aizada, path, status=403)
    come_back(aizada, "/eid/return?code=x&state=x&iss=x", status=403)
    assert [kept.person_id for kept in identities(site)] == [person(site).id]


def test_whoever_comes_back_is_who_left(site: Platform, eid: Provider) -> None:
    aizada = client_of(site)
    path = eid.visit(leave(aizada), "PIN-12345")
    with site.database.writing() as session:
        bolot = sign_in_token(session, make_person(session, "Bolot"), site.clock())
    aizada.http.cookies.delete(SIGN_IN_COOKIE)
    aizada.http.cookies.set(SIGN_IN_COOKIE, bolot)
    assert "signed in or out" in come_back(aizada, path, status=409).text
    assert identities(site) == []


def test_opening_the_way_back_changes_nothing(site: Platform, eid: Provider) -> None:
    aizada = client_of(site)
    path = eid.visit(leave(aizada), "PIN-12345")
    with unchanged(site):
        aizada.get(path)
        aizada.get(path)
    come_back(aizada, path)


def test_whoever_refuses_goes_on_without(site: Platform, eid: Provider) -> None:
    aizada = client_of(site)
    path = eid.visit(leave(aizada), "PIN-12345", refuses=True)
    assert "error=access_denied" in path
    assert "You were not identified" in aizada.get(path).text
    assert identities(site) == []


@pytest.mark.parametrize(
    "going", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_the_way_back_leads_to_no_other_site(site: Platform, eid: Provider, going: str) -> None:
    aizada = client_of(site)
    response = come_back(aizada, eid.visit(leave(aizada, going), "PIN-12345"))
    assert response.headers["location"] == "/eid"


def test_an_eid_that_is_down_is_said_to_be(site: Platform, eid: Provider) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        closed = at_eid(site, oidc_issuer=f"http://127.0.0.1:{taken.getsockname()[1]}")
        aizada = client_of(closed)
        with unchanged(closed):
            page = aizada.post("/eid/link", CHOSEN, status=503).text
    assert "The eID does not answer just now." in page


def test_an_eid_that_says_nothing_is_not_waited_for_long(
    site: Platform, eid: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(eid_client, "PATIENCE", 0.3)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        aizada = client_of(at_eid(site, oidc_issuer=f"http://127.0.0.1:{silent.getsockname()[1]}"))
        aizada.post("/eid/link", CHOSEN, status=503)


def test_while_the_eid_is_waited_for_others_may_write(
    site: Platform, eid: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = eid_client.subject_by_code

    async def meanwhile(*about: Any, **more: Any) -> str:
        with site.database.writing() as session:
            make_person(session, "Somebody")
        return await asked(*about, **more)

    monkeypatch.setattr("consult.accounts.eid.routes.subject_by_code", meanwhile)
    aizada = client_of(site)
    come_back(aizada, eid.visit(leave(aizada), "PIN-12345"))
    assert person(site, "Somebody")


def test_a_slow_answer_identifies_nobody(
    site: Platform, eid: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    aizada = client_of(site)
    path = eid.visit(leave(aizada), "PIN-12345")
    monkeypatch.setattr(eid_client, "PATIENCE", 0.3)
    with eid.spoiled(wait=1500):
        come_back(aizada, path, status=503)
    assert identities(site) == []


def test_an_issuer_that_calls_itself_otherwise_is_not_trusted(
    site: Platform, eid: Provider
) -> None:
    other = at_eid(site, oidc_issuer=eid.issuer.replace("127.0.0.1", "localhost"))
    client_of(other).post("/eid/link", CHOSEN, status=503)


def test_offices_are_not_identified(site: Platform, eid: Provider) -> None:
    client = client_of(site, "Olga", role=Role.OVERSIGHT)
    assert "Only the account of a person" in client.get("/eid").text
    client.post("/eid/link", CHOSEN, status=403)


def test_who_speaks_for_an_organisation_is_a_person_and_may_be_identified(
    site: Platform, eid: Provider
) -> None:
    client = client_of(site, "Union", organisation="Union")
    assert "Only the account of a person" not in client.get("/eid").text
    leave(client)


def test_where_there_is_no_eid_nothing_speaks_of_it(platform: Platform) -> None:
    visitor = Client(platform)
    assert 'href="/sign-in?next=/eid"' in visitor.get("/eid").text
    visitor.post("/eid/begin", status=404)
    client_of(platform).post("/eid/link", CHOSEN, status=404)
    visitor.get("/eid/return?code=x&state=x", status=404)
    assert "/eid" not in visitor.get("/sign-in").text


def test_the_page_to_sign_in_leads_there(site: Platform) -> None:
    assert 'href="/eid?next=/drafts"' in Client(site).get("/sign-in?next=/drafts").text


def test_an_open_browser_links_no_eid_without_the_password(site: Platform, eid: Provider) -> None:
    thief = client_of(site)
    with unchanged(site):
        page = thief.post("/eid/link", {"password": "a guess"}, status=422).text
        assert "This is not your password." in page
        assert "a guess" not in page
        assert "Please fill this in." in thief.post("/eid/link", status=422).text
        assert "signed in or out" in thief.post("/eid/begin", CHOSEN, status=409).text


def test_who_has_a_second_factor_shows_it_before_an_eid_is_linked(
    site: Platform, clock: TestClock, eid: Provider
) -> None:
    aizada = client_of(site)
    with site.database.writing() as session:
        session.add(Totp(person_id=1, secret="x", created_at=START, confirmed_at=START))
    aizada.get("/eid")
    leave(aizada)
    clock.forward(hours=1)
    assert aizada.get("/eid", status=303).headers["location"] == "/second-factor?next=%2Feid"
    refused = aizada.post("/eid/link", CHOSEN)
    assert refused.headers["location"].startswith("/second-factor")


def test_an_eid_that_was_linked_is_told_and_may_be_taken_back(
    site: Platform, eid: Provider
) -> None:
    thief = client_of(site)
    come_back(thief, eid.visit(leave(thief), "PIN-66666"))
    drain(site, site.clock())
    (mail,) = mailed(site)
    assert "You were identified with Tunduk" in " ".join(mail.text.split())
    undo = re.search(r"/undo-address/\S+", mail.text)
    assert undo
    owner = Client(site)
    owner.get(undo[0])
    assert owner.post(undo[0]).headers["location"].startswith("/reset/")
    assert identities(site) == []
    assert person(site).verified_at is None
    thief.get("/cabinet", status=303)
    again = Client(site)
    assert come_back(again, eid.visit(leave(again), "PIN-66666")).headers["location"] == "/register"
