"""What is older than the settings say goes at night, in small steps; the rest stays."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import Session, SQLModel, col
from sqlmodel import select as chosen

from consult.access import Role
from consult.accounts.eid.models import EidAttempt
from consult.accounts.esign.models import EsignStatement
from consult.accounts.invitations.models import Invitation
from consult.accounts.models import Grant, MailToken, Person, SignIn
from consult.audit.actions import note
from consult.audit.models import AuditEntry
from consult.comments.models import Comment
from consult.outbox import Delivery, OutboxEvent
from consult.platform import Platform
from consult.privacy import retention
from consult.privacy.retention import RULES, clear_old
from consult.record.handlers import keep_record
from consult.record.models import RecordEntry
from consult.schema import METADATA
from consult.webhooks.models import Webhook, WebhookCall
from consult.worker import drain
from notifications.models import Bounce, Mail, Message, Notice, Subscription
from tests.conftest import START, TestClock
from tests.factories import make_comment, make_person, open_draft

DAY = timedelta(days=1)


def settle(platform: Platform, now: datetime) -> int:
    """One night's work, step by step; how many steps it took."""
    steps = 0
    while clear_old(platform, now):
        steps += 1
    return steps


def there(platform: Platform, model: type[SQLModel]) -> int:
    with platform.database.reading() as session:
        return session.execute(select(func.count()).select_from(model)).scalar_one()


def keeping(platform: Platform, **days: int) -> Platform:
    return replace(platform, settings=platform.settings.model_copy(update=days))


@pytest.fixture
def person_id(platform: Platform) -> int:
    with platform.database.writing() as session:
        return make_person(session).id or 0


def add(platform: Platform, *rows: SQLModel) -> None:
    with platform.database.writing() as session:
        session.add_all(rows)


def sign_in(person_id: int, at: datetime, name: str = "x") -> SignIn:
    return SignIn(token_hash=name, person_id=person_id, created_at=at, expires_at=at)


MAKERS: dict[str, Callable[[int, datetime], SQLModel]] = {
    "sign_in": sign_in,
    "mail_token": lambda who, at: MailToken(
        token_hash="x", person_id=who, purpose="confirm", expires_at=at
    ),
    "eid_attempt": lambda who, at: EidAttempt(
        state_hash="x", browser_hash="x", verifier="", nonce="", person_id=who, expires_at=at
    ),
    "esign_statement": lambda who, at: EsignStatement(
        person_id=who, text="", created_at=at, expires_at=at
    ),
    "invitation": lambda _who, at: Invitation(
        token_hash="x",
        email="new@example.org",
        lang="en",
        role="officer",
        created_at=at,
        expires_at=at,
    ),
    "outbox_event": lambda _who, at: OutboxEvent(
        name="DraftChanged", payload={"draft_id": 1}, occurred_at=at, spread_at=at
    ),
    "audit_entry": lambda who, at: AuditEntry(action="contact_read", actor_id=who, at=at),
}


@pytest.mark.parametrize("table", MAKERS)
def test_a_row_stays_until_its_days_are_over_and_goes_then(
    platform: Platform, person_id: int, table: str
) -> None:
    rule = next(rule for rule in RULES if rule.table == table)
    row = MAKERS[table](person_id, START)
    add(platform, row)
    days = getattr(platform.settings, rule.setting)
    assert settle(platform, START + days * DAY) == 0
    assert there(platform, type(row)) == 1
    assert settle(platform, START + (days + 2) * DAY) == 1
    assert there(platform, type(row)) == 0


@pytest.mark.parametrize("table", MAKERS)
def test_no_days_are_for_ever(platform: Platform, person_id: int, table: str) -> None:
    rule = next(rule for rule in RULES if rule.table == table)
    row = MAKERS[table](person_id, START)
    add(platform, row)
    assert settle(keeping(platform, **{rule.setting: 0}), START + 9000 * DAY) == 0
    assert there(platform, type(row)) == 1


def test_it_is_done_once_a_night(platform: Platform, person_id: int) -> None:
    now = START + 100 * DAY
    assert settle(platform, now) == 0
    add(platform, sign_in(person_id, START))
    assert settle(platform, now) == 0
    assert settle(platform, now + timedelta(hours=15)) == 0  # 19:00 UTC: an hour after midnight
    assert settle(platform, now + timedelta(hours=16, minutes=1)) == 1


def test_the_worker_does_it(platform: Platform, person_id: int, clock: TestClock) -> None:
    add(platform, sign_in(person_id, START))
    drain(platform, clock())
    assert there(platform, SignIn) == 1
    drain(platform, clock.forward(days=31))
    assert there(platform, SignIn) == 0


def test_a_night_is_many_small_steps_and_ends(
    platform: Platform, person_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 3)
    monkeypatch.setattr(retention, "WINDOW", 4)
    add(platform, *(sign_in(person_id, START, str(n)) for n in range(10)))
    with platform.database.writing() as session:
        for _ in range(10):
            note(session, "contact_read", actor_id=person_id, now=START)
    assert settle(platform, START + 2000 * DAY) == 8
    assert there(platform, SignIn) == there(platform, AuditEntry) == 0


def test_a_step_that_is_broken_off_is_done_again(
    platform: Platform, person_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = START + 100 * DAY
    add(platform, sign_in(person_id, START))

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(retention, "affected", stop)
        with pytest.raises(KeyboardInterrupt):
            clear_old(platform, now)
    assert there(platform, SignIn) == 1
    assert settle(platform, now) == 1
    assert there(platform, SignIn) == 0


def happened(platform: Platform, at: datetime, **delivery: Any) -> int:
    """An event that was spread, with one delivery."""
    with platform.database.writing() as session:
        payload = {"draft_id": 1}
        event = OutboxEvent(name="DraftChanged", payload=payload, occurred_at=at, spread_at=at)
        session.add(event)
        session.flush()
        row = {"event_id": event.id, "handler": "x", "due_at": at, **delivery}
        session.add(Delivery(**row))
        return event.id or 0


@pytest.mark.parametrize(
    ("delivery", "stays"),
    [
        ({}, 1),
        ({"done_at": START}, 0),
        ({"parked_at": START}, 0),
        ({"parked_at": START, "handler": keep_record.__name__}, 1),
        ({"done_at": START, "handler": keep_record.__name__}, 0),
    ],
)
def test_an_event_stays_while_something_is_to_follow_from_it(
    platform: Platform, delivery: dict[str, Any], stays: int
) -> None:
    happened(platform, START, **delivery)
    settle(platform, START + 91 * DAY)
    assert there(platform, OutboxEvent) == there(platform, Delivery) == stays


def test_a_young_event_behind_a_waiting_one_stays(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "WINDOW", 2)
    waits = happened(platform, START)
    for _ in range(5):
        happened(platform, START, done_at=START)
    young = happened(platform, START + 50 * DAY, done_at=START)
    settle(platform, START + 91 * DAY)
    with platform.database.reading() as session:
        ids = session.exec(chosen(OutboxEvent.id)).all()
    assert sorted(ids) == [waits, young]


def said(platform: Platform, person_id: int) -> None:
    """A message with its notice, and a mail that took it and came back."""
    with platform.database.writing() as session:
        message = Message(
            key="opened:1", kind="opened", values={}, category="discussions", created_at=START
        )
        mail = Mail(key="digest:1", person_id=person_id, created_at=START, due_at=START)
        mail.sent_at = START
        session.add_all([message, mail])
        session.flush()
        notice = {"message_id": message.id, "person_id": person_id, "mail_id": mail.id}
        session.add(Notice(**notice, created_at=START))
        session.add(Bounce(mail_id=mail.id or 0, person_id=person_id, is_final=True, came_at=START))


def test_a_mail_goes_before_the_notice_it_told_of_and_what_was_said_last(
    platform: Platform, person_id: int
) -> None:
    said(platform, person_id)
    tables = (Mail, Bounce, Notice, Message)
    assert settle(platform, START + 90 * DAY) == 0
    settle(platform, START + 91 * DAY)
    assert [there(platform, one) for one in tables] == [0, 0, 1, 1]
    settle(platform, START + 732 * DAY)
    assert [there(platform, one) for one in tables] == [0, 0, 0, 0]


@pytest.mark.parametrize("ended", ["sent_at", "parked_at", "skipped_at", ""])
def test_a_mail_that_is_still_to_be_sent_stays(
    platform: Platform, person_id: int, ended: str
) -> None:
    mail = Mail(key="x:1", person_id=person_id, created_at=START, due_at=START)
    if ended:
        setattr(mail, ended, START)
    add(platform, mail)
    settle(platform, START + 91 * DAY)
    assert there(platform, Mail) == (not ended)


def called(owner_id: int, key: str, **more: Any) -> WebhookCall:
    return WebhookCall(
        webhook_id=owner_id,
        key=key,
        kind="x",
        payload={},
        **{"created_at": START, "due_at": START, **more},
    )


def test_a_call_that_is_still_to_be_made_stays(platform: Platform, person_id: int) -> None:
    with platform.database.writing() as session:
        hook = Webhook(owner_id=person_id, url="https://x.example", seed="x", created_at=START)
        session.add(hook)
        session.flush()
        session.add_all(
            [called(hook.id or 0, "a", sent_at=START), called(hook.id or 0, "b", parked_at=START)]
        )
        session.add(called(hook.id or 0, "c"))
    settle(platform, START + 91 * DAY)
    with platform.database.reading() as session:
        assert session.exec(chosen(WebhookCall.key)).all() == ["c"]


def test_nothing_that_tells_who_was_told_goes_while_an_event_of_its_time_waits(
    platform: Platform, person_id: int
) -> None:
    """Else the event, delivered late, would call a second time."""
    with platform.database.writing() as session:
        hook = Webhook(owner_id=person_id, url="https://x.example", seed="x", created_at=START)
        session.add(hook)
        session.flush()
        session.add(called(hook.id or 0, "a", sent_at=START))
    happened(platform, START - DAY)
    settle(platform, START + 91 * DAY)
    assert there(platform, WebhookCall) == 1


def test_of_the_log_only_readings_go(platform: Platform, person_id: int) -> None:
    with platform.database.writing() as session:
        for action in ("contact_read", "role_given", "data_taken", "person_forgotten"):
            note(session, action, actor_id=person_id, now=START)
    settle(platform, START + 2000 * DAY)
    with platform.database.reading() as session:
        left = session.exec(chosen(AuditEntry.action).order_by(col(AuditEntry.id))).all()
    assert left == ["role_given", "person_forgotten"]


def unconfirmed(session: Session, name: str, **more: Any) -> Person:
    person = make_person(session, name, confirmed=False)
    for column, value in more.items():
        setattr(person, column, value)
    session.add(person)
    session.flush()
    return person


def test_an_account_nobody_confirmed_is_forgotten_and_no_other(platform: Platform) -> None:
    with platform.database.writing() as session:
        gone = unconfirmed(session, "Gone").id
        make_person(session, "Confirmed")
        unconfirmed(session, "Identified", verified_at=START)
        unconfirmed(session, "Young", created_at=START + 20 * DAY)
        entered = unconfirmed(session, "Entered", email=None)
        follower = unconfirmed(session, "Follower").id or 0
        session.add(Subscription(person_id=follower, target="all", created_at=START))
        officer = unconfirmed(session, "Officer").id or 0
        session.add(Grant(person_id=officer, role=Role.OFFICER.value, granted_at=START))
        assert entered.email is None
    assert settle(platform, START + 31 * DAY) == 1
    with platform.database.reading() as session:
        (person,) = session.exec(chosen(Person).where(col(Person.forgotten_at).is_not(None)))
        assert (person.id, person.email, person.name) == (gone, None, "")


def test_the_public_record_and_what_it_speaks_of_outlive_everything(
    platform: Platform, clock: TestClock
) -> None:
    with platform.database.writing() as session:
        draft = open_draft(session)
        make_comment(session, draft, make_person(session))
    drain(platform, clock())
    kept = {model: there(platform, model) for model in (Comment, RecordEntry)}
    assert all(kept.values())
    settle(platform, START + 9000 * DAY)
    assert {model: there(platform, model) for model in (Comment, RecordEntry)} == kept
    assert there(platform, Notice) == there(platform, OutboxEvent) == 0


def test_no_rule_reaches_what_is_public() -> None:
    reached = {rule.table for rule in RULES}
    reached |= {table for rule in RULES for table, _ in (*rule.children, *rule.loosened)}
    assert reached <= {
        *("sign_in", "mail_token", "eid_attempt", "invitation", "audit_entry", "webhook_call"),
        *("api_answer", "exchange_answer", "esign_statement"),
        *("notice", "mail", "bounce", "outbox_event", "outbox_delivery"),
        *("message",),
    }


def test_whatever_refers_to_a_row_that_goes_goes_with_it_or_is_loosened() -> None:
    for rule in RULES:
        if rule.table == "message":  # goes only when nothing refers to it
            continue
        referring = {
            (table.name, column.name)
            for table in METADATA.tables.values()
            for column in table.c
            if any(key.column.table.name == rule.table for key in column.foreign_keys)
        }
        assert referring == {*rule.children, *rule.loosened}, rule.table
