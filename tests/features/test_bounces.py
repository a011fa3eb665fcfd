"""Mails that come back: counted once, believed only if signed; a dead address gets no more."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select
from standardwebhooks import Webhook

from consult.accounts.models import Person
from consult.errors import NotFound
from consult.platform import Platform
from consult.worker import drain
from notifications.actions import queue_mail
from notifications.bounces.actions import SETTLED, switch_on, take_report
from notifications.bounces.rules import MAILS_AGAIN, Report, again_value, return_path
from notifications.links import sign
from notifications.models import Bounce, Mail, Message
from tests.client import Client
from tests.conftest import START, TestClock
from tests.factories import make_person, sign_in_token
from tests.mailserver import with_smtp

SECRET = "whsec_" + base64.b64encode(b"of the mail server's program").decode()


def a_sent_mail(session: Session, person: Person, n: int = 1, at: datetime = START) -> Mail:
    queue_mail(
        session,
        person,
        key=f"password_changed:{person.id}:{n}",
        kind="password_changed",
        values={},
        path="/forgot",
        now=at,
    )
    session.flush()
    mail = session.exec(select(Mail).order_by(col(Mail.id).desc())).first()
    assert mail
    mail.sent_at = at
    session.add(mail)
    session.flush()
    return mail


def sent_from(platform: Platform, mail: Mail, address: str = "aizada@example.org") -> str:
    secret = platform.settings.secret_key
    return return_path("bounce@example.kg", secret, mail.id or 0, address)


def came_back(
    session: Session, platform: Platform, person: Person, n: int, *, final: bool, at: datetime
) -> None:
    mail = a_sent_mail(session, person, n, at)
    report = Report(sent_from(platform, mail), is_final=final, reason="550 5.1.1")
    assert take_report(session, platform, report, at)


def test_after_so_many_final_failures_nothing_more_is_mailed(
    session: Session, platform: Platform
) -> None:
    aizada = make_person(session)
    for n in range(platform.settings.mail_bounce_limit):
        assert aizada.mail_off_at is None
        came_back(session, platform, aizada, n, final=True, at=START + timedelta(hours=n))
    assert aizada.mail_off_at == START + timedelta(hours=2)


def test_failures_that_may_pass_weigh_a_third(session: Session, platform: Platform) -> None:
    aizada = make_person(session)
    for n in range(8):
        came_back(session, platform, aizada, n, final=False, at=START + timedelta(hours=n))
    assert aizada.mail_off_at is None
    came_back(session, platform, aizada, 9, final=False, at=START + timedelta(hours=9))
    assert aizada.mail_off_at


def test_a_mail_that_arrived_since_makes_failures_forgotten(
    session: Session, platform: Platform
) -> None:
    aizada = make_person(session)
    for n in range(2):
        came_back(session, platform, aizada, n, final=True, at=START)
    a_sent_mail(session, aizada, 5, START + timedelta(days=1))  # and never comes back
    later = START + timedelta(days=1) + SETTLED + timedelta(minutes=1)
    came_back(session, platform, aizada, 6, final=True, at=later)
    assert aizada.mail_off_at is None
    assert aizada.bounces_n == 3


def test_one_mail_counts_once(session: Session, platform: Platform) -> None:
    aizada = make_person(session)
    mail = a_sent_mail(session, aizada)
    for _ in range(5):
        report = Report(sent_from(platform, mail), is_final=True)
        take_report(session, platform, report, START)
    assert aizada.bounces_n == 3
    assert aizada.mail_off_at is None


def test_a_report_nobody_signed_is_not_believed(session: Session, platform: Platform) -> None:
    aizada = make_person(session)
    mail = a_sent_mail(session, aizada)
    good = sent_from(platform, mail)
    for forged in (
        good.replace(f"+{mail.id}.", "+999."),
        good[:-20] + "0@example.kg",
        sent_from(platform, mail, "an.address@she.has.left"),
        "bounce@example.kg",
        "",
    ):
        named = Report(forged, recipient="aizada@example.org", is_final=True)
        assert not take_report(session, platform, named, START)
    assert aizada.bounces_n == 0


def test_a_mail_to_an_address_to_be_confirmed_says_nothing_of_the_own(
    session: Session, platform: Platform
) -> None:
    aizada = make_person(session)
    mail = a_sent_mail(session, aizada)
    mail.recipient = "new@example.org"
    session.add(mail)
    report = Report(sent_from(platform, mail, "new@example.org"), is_final=True)
    assert take_report(session, platform, report, START)
    assert aizada.bounces_n == 0
    assert session.exec(select(Bounce)).all() == []


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    now = datetime.now(UTC)
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign("msg_1", now, body.decode()),
        "content-type": "application/json",
    }


def with_secret(platform: Platform) -> Platform:
    return with_smtp(platform, 1, mail_bounce_secret=SECRET)


def call(data: Any, kind: str = "mail.bounced") -> bytes:
    return json.dumps({"type": kind, "timestamp": "2026-09-07T04:00:00Z", "data": data}).encode()


def test_a_signed_call_names_mails_by_address(platform: Platform) -> None:
    with platform.database.writing() as session:
        a_sent_mail(session, make_person(session))
        a_sent_mail(session, make_person(session, "Bolot"), 2)
    body = call(
        [
            {"recipient": "Aizada@example.org", "status": "5.1.1", "reason": "no such user"},
            {"recipient": "bolot@example.org", "final": False, "reason": "box\nfull"},
            {"recipient": "nobody@example.org", "final": True},
        ]
    )
    caller = Client(with_secret(platform))
    for _ in range(2):
        answer = caller.http.post("/bounces", content=body, headers=signed(body))
        assert answer.status_code == 204, answer.text
    with platform.database.reading() as session:
        people = session.exec(select(Person).order_by(col(Person.id))).all()
        reasons = session.exec(select(Bounce.reason).order_by(col(Bounce.mail_id))).all()
    assert [person.bounces_n for person in people] == [3, 1]
    assert reasons == ["5.1.1 no such user", "box full"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (call({"recipient": "a" * 300}), 422),
        (call({}, "mail.opened"), 422),
        (call([{}] * 501), 422),
        (call("x"), 422),
        (b"[]", 422),
    ],
)
def test_a_signed_call_that_makes_no_sense_is_refused(
    platform: Platform, body: bytes, status: int
) -> None:
    answer = Client(with_secret(platform)).http.post("/bounces", content=body, headers=signed(body))
    assert answer.status_code == status


def test_a_call_nobody_signed_is_refused(platform: Platform) -> None:
    body, caller = call({"recipient": "aizada@example.org"}), Client(with_secret(platform)).http
    other = "whsec_" + base64.b64encode(b"another").decode()
    bad = [{}, signed(body, other), signed(call({})), signed(body) | {"webhook-signature": "v1,é"}]
    for headers in bad:
        sent = {name: value.encode() for name, value in headers.items()}
        assert caller.post("/bounces", content=body, headers=sent).status_code == 403
    assert caller.post("/bounces", content=b"\xff{", headers=signed(b"{}")).status_code == 403
    large = b"x" * 1_000_001
    assert caller.post("/bounces", content=large).status_code == 413
    assert Client(platform).http.post("/bounces", content=body).status_code == 404, "no secret"


def test_a_dead_address_gets_no_notices_and_its_person_switches_it_on_again(
    platform: Platform, clock: TestClock
) -> None:
    with platform.database.writing() as session:
        aizada = make_person(session)
        aizada.mail_off_at, aizada.bounces_n = START, 9
        session.add(aizada)
        browser = Client(platform, sign_in_token(session, aizada))
    assert "came back" in browser.get("/cabinet").text
    for _ in range(2):
        browser.post("/cabinet/mails")
    drain(platform, clock())
    with platform.database.reading() as session:
        messages = session.exec(select(Message).where(Message.kind == "mails_again")).all()
    (message,) = messages
    stranger = Client(platform)
    assert "works" in stranger.get(message.path).text
    stranger.get(message.path[:-1] + "x", status=404)
    with platform.database.reading() as session:
        assert session.exec(select(Person)).one().mail_off_at, "opening the link changes nothing"
    stranger.post(message.path)
    with platform.database.reading() as session:
        person = session.exec(select(Person)).one()
        assert (person.mail_off_at, person.bounces_n) == (None, 0)
    stranger.post(message.path, status=404)
    assert "came back" not in browser.get("/cabinet").text
    browser.post("/cabinet/mails", status=409)


def test_a_link_from_before_switches_nothing_on(session: Session, platform: Platform) -> None:
    aizada = make_person(session)
    aizada.mail_off_at = START + timedelta(days=1)
    session.add(aizada)
    old = sign(platform.settings.secret_key, MAILS_AGAIN, again_value(aizada.id or 0, START))
    with pytest.raises(NotFound):
        switch_on(session, platform, old)
