"""The page of what is stored, and one's own data as a file: for its owner alone, and noted."""

import io
import json
import re
from dataclasses import replace
from typing import IO
from zipfile import ZipFile

import pytest
from sqlmodel import select

from consult.accounts.models import SignIn
from consult.accounts.second_factor.models import Totp
from consult.audit.actions import note
from consult.audit.models import AuditEntry
from consult.i18n.catalogues import LANGUAGES
from consult.limits.store import Limits
from consult.platform import Platform
from consult.privacy import routes
from consult.privacy.export import Taking
from consult.privacy.holdings import HOLDINGS
from tests.client import Client
from tests.conftest import START
from tests.factories import PASSWORD, make_person, sign_in_token

HERE = "/cabinet/data"


@pytest.fixture
def token(platform: Platform) -> str:
    with platform.database.writing() as session:
        return sign_in_token(session, make_person(session))


def noted(platform: Platform) -> list[AuditEntry]:
    with platform.database.reading() as session:
        return list(session.exec(select(AuditEntry)).all())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everybody_may_read_what_is_stored(platform: Platform, lang: str) -> None:
    page = Client(platform).get("/privacy", headers={"Accept-Language": lang}).text
    assert page.count('role="rowheader"') == len(HOLDINGS)
    assert f'<html lang="{lang}">' in page
    assert "{n}" not in page.partition("<main")[2]


def test_the_days_are_those_of_the_settings(platform: Platform) -> None:
    told = Client(platform).get("/privacy").text
    assert f"Deleted after this many days: {platform.settings.keep_notices_days}." in told
    changed = platform.settings.model_copy(
        update={"keep_notices_days": 17, "keep_mails_days": 0, "keep_events_days": 0}
    )
    told = Client(replace(platform, settings=changed)).get("/privacy").text
    assert "Deleted after this many days: 17." in told
    assert told.count("No limit is set.") == 2


def test_the_page_is_linked_from_every_page(platform: Platform) -> None:
    assert 'href="/privacy"' in Client(platform).get("/").text


def test_my_data_is_a_file_for_whoever_knows_my_password(platform: Platform, token: str) -> None:
    client = Client(platform, token)
    assert 'action="/cabinet/data"' in client.get(HERE).text
    answer = client.post(HERE, {"password": PASSWORD}, status=200)
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == 'attachment; filename="my-data.zip"'
    with ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        data = json.loads(archive.read("data.json"))
    (account,) = data["holdings"][0]["places"][0]["rows"]
    assert account["email"] == "aizada@example.org"
    (entry,) = noted(platform)
    assert (entry.action, entry.actor_id, entry.subject_id) == ("data_taken", 1, 1)


def test_without_the_password_nothing_is_given_and_nothing_noted(
    platform: Platform, token: str
) -> None:
    client = Client(platform, token)
    for typed in ({"password": "a wrong password"}, {"password": ""}, {}):
        answer = client.post(HERE, typed, status=422)
        assert "There is a problem" in answer.text
    assert noted(platform) == []


def test_others_may_write_while_the_file_is_made(
    platform: Platform, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(_taking: Taking, target: IO[bytes]) -> None:
        with platform.database.writing() as session:
            note(session, "contact_read", actor_id=1, now=START)
        target.write(b"made")

    monkeypatch.setattr(routes, "write_data", write)
    answer = Client(platform, token).post(HERE, {"password": PASSWORD}, status=200)
    assert answer.content == b"made"
    assert [entry.action for entry in noted(platform)] == ["contact_read", "data_taken"]


def test_a_password_is_not_guessed_here(platform: Platform, token: str) -> None:
    settings = platform.settings.model_copy(
        update={"limits_enabled": True, "limits_store": "memory"}
    )
    client = Client(replace(platform, settings=settings, limits=Limits(settings)), token)
    for _ in range(10):
        client.post(HERE, {"password": "a wrong password"}, status=422)
    client.post(HERE, {"password": PASSWORD}, status=429)
    assert noted(platform) == []


def test_a_visitor_is_sent_to_sign_in(platform: Platform) -> None:
    for answer in (Client(platform).get(HERE, status=303), Client(platform).post(HERE, {})):
        assert answer.headers["location"].startswith("/sign-in")


def test_who_has_a_second_factor_shows_it_first(platform: Platform, token: str) -> None:
    """A stolen password, or a browser left open, is not enough to carry everything away."""
    with platform.database.writing() as session:
        session.add(Totp(person_id=1, secret="x", created_at=START, confirmed_at=START))
        (sign_in,) = session.exec(select(SignIn)).all()
        sign_in.second_factor_at = None
    client = Client(platform, token)
    for answer in (client.get(HERE, status=303), client.post(HERE, {"password": PASSWORD})):
        assert re.match(r"/second-factor\b", answer.headers["location"])
    assert noted(platform) == []


def test_the_cabinet_leads_there(platform: Platform, token: str) -> None:
    page = Client(platform, token).get("/cabinet/security").text
    assert f'href="{HERE}"' in page
    assert 'href="/privacy"' in page
