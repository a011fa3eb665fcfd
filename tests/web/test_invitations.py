"""Pages of invitations: what an administrator sends, and what the link opens."""

import re

import pytest
from sqlmodel import select

from consult.access import Role
from consult.accounts.models import Grant, Person
from consult.platform import Platform
from consult.worker import drain
from notifications.smtp import mail_folder
from tests import factories
from tests.client import Client
from tests.conftest import TestClock

SENT = {"email": "bermet@example.org", "role": "officer", "agency": "1", "lang": "ru"}
NEW = {"name": "Bermet", "password": "сонун китептер айылда"}


@pytest.fixture
def admin(platform: Platform) -> Client:
    with platform.database.writing() as session:
        factories.make_agency(session)
        person = factories.make_person(session, "Admin", role=Role.ADMINISTRATOR)
        return Client(platform, factories.sign_in_token(session, person))


def link_in_mail(platform: Platform, clock: TestClock) -> str:
    drain(platform, clock.now)
    newest = max(mail_folder(platform.settings).glob("*.eml"))
    return re.findall(rb"/invitation/[\w-]+", newest.read_bytes().replace(b"=\n", b""))[0].decode()


def test_an_invited_officer_opens_the_link_and_makes_an_account(
    platform: Platform, admin: Client, clock: TestClock
) -> None:
    assert "bermet@example.org" in admin.follow(admin.post("/admin/invitations", SENT)).text
    path = link_in_mail(platform, clock)
    visitor = Client(platform)
    assert "Officer · Ministry MOJ" in visitor.get(path).text
    text = visitor.post(path, NEW | {"password": "short"}, status=422).text
    assert "longer password" in text
    assert 'value="Bermet"' in text
    answer = visitor.post(path, NEW)
    assert answer.headers["location"] == "/sign-in"
    with platform.database.reading() as session:
        person = session.exec(select(Person).where(Person.email == SENT["email"])).one()
        grants = session.exec(select(Grant.role).where(Grant.person_id == person.id)).all()
    assert grants == ["officer"]
    used = visitor.get(path, status=404).text
    assert "already used" in used
    assert "Whoever invited you can send it again." in used
    visitor.post(path, NEW, status=404)
    visitor.get("/invitation/nothing", status=404)
    assert "accepted" in admin.get("/admin/invitations").text


def test_whoever_has_an_account_signs_in_first_and_accepts_as_themselves(
    platform: Platform, admin: Client, clock: TestClock
) -> None:
    with platform.database.writing() as session:
        bermet = factories.make_person(session, "Bermet")
        own = Client(platform, factories.sign_in_token(session, bermet))
    admin.post("/admin/invitations", SENT)
    path = link_in_mail(platform, clock)
    visitor = Client(platform)
    assert f"/sign-in?next={path}" in visitor.get(path).text
    visitor.post(path, NEW, status=422)
    assert "another address" in admin.get(path).text
    admin.post(path, status=403)
    assert '<form method="post" action="/invitation/' in own.get(path).text
    assert own.post(path).headers["location"] == "/desk"
    own.get(path, status=404)


def test_an_invitation_is_sent_again_and_withdrawn(
    platform: Platform, admin: Client, clock: TestClock
) -> None:
    admin.post("/admin/invitations", {"email": "x", "role": "citizen"}, status=422)
    admin.post("/admin/invitations", SENT | {"agency": ""}, status=422)
    admin.post("/admin/invitations", SENT)
    admin.post("/admin/invitations", SENT, status=422)
    first = link_in_mail(platform, clock)
    admin.post("/admin/invitations/1/again")
    second = link_in_mail(platform, clock)
    visitor = Client(platform)
    visitor.get(first, status=404)
    visitor.get(second)
    admin.post("/admin/invitations/1/withdraw")
    visitor.get(second, status=404)
    admin.post("/admin/invitations/1/again", status=404)
    text = admin.get("/admin/invitations", budget=6).text
    assert '<option value="">Please choose</option>' in text
