"""Webhooks from the event to the answer: who is called, how often, what follows when it fails."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from sqlmodel import col, select
from standardwebhooks import Webhook as Verifier

from consult import outbox
from consult.access import Role
from consult.accounts.models import Person
from consult.config import Settings
from consult.consultations.models import Consultation
from consult.errors import Conflict
from consult.events import ConsultationOpened
from consult.outbox import OutboxEvent
from consult.platform import Platform
from consult.webhooks import sending
from consult.webhooks.actions import add_webhook, send_trial
from consult.webhooks.models import Webhook, WebhookCall
from consult.webhooks.queries import LAST, webhooks_of
from consult.webhooks.rules import ATTEMPTS, FIELDS, OFF_AFTER
from consult.webhooks.sending import LEASE, call_waiting
from consult.worker import drain
from notifications.models import Message
from tests import hooked
from tests.conftest import START
from tests.factories import (
    actor_of,
    close_consultation,
    make_agency,
    make_comment,
    make_draft,
    make_person,
    open_draft,
    release_report,
)
from tests.hooked import Hooked, answering, listening
from tests.mailed import mailed
from tests.mailed import told as notices

NOW = START + timedelta(days=60)
OPENING = ("draft.published", "consultation.opened")  # and none of the duties due since START


@pytest.fixture
def server() -> Iterator[Hooked]:
    with listening() as server:
        yield server


@pytest.fixture
def site(platform: Platform) -> Platform:
    """An installation that may call this machine."""
    changes = {"webhooks_allow_private": True, "base_url": "https://kenesh.example.kg/"}
    return replace(platform, settings=platform.settings.model_copy(update=changes))


def watch(platform: Platform, *urls: str, kinds: tuple[str, ...] = (), name: str = "Aizada") -> str:
    """Somebody has addresses called; returns the last one's secret."""
    secret = ""
    with platform.database.writing() as session:
        found = session.exec(select(Person).where(Person.name == name)).first()
        actor = actor_of(session, found or make_person(session, name))
        for url in urls:
            _, secret = add_webhook(
                session, actor=actor, settings=platform.settings, url=url, kinds=kinds, now=NOW
            )
    return secret


def try_out(platform: Platform, now: datetime = NOW) -> None:
    """The owner asks for a trial call of every address."""
    with platform.database.writing() as session:
        for webhook in session.exec(select(Webhook)).all():
            owner = actor_of(session, session.get_one(Person, webhook.owner_id))
            send_trial(session, actor=owner, webhook_id=webhook.id or 0, now=now)


def calls(platform: Platform) -> list[WebhookCall]:
    with platform.database.reading() as session:
        return list(session.exec(select(WebhookCall).order_by(col(WebhookCall.id))).all())


def webhooks(platform: Platform) -> list[Webhook]:
    with platform.database.reading() as session:
        return list(session.exec(select(Webhook).order_by(col(Webhook.id))).all())


def told(server: Hooked) -> list[str]:
    return [taken.headers["webhook-id"] for taken in server.taken]


# --- what is called


def test_a_call_is_signed_so_that_the_library_of_the_scheme_verifies_it(
    site: Platform, server: Hooked
) -> None:
    secret = watch(site, server.url)
    with site.database.writing() as session:
        draft_id = open_draft(session).id
    drain(site, datetime.now(UTC))  # the verifier of the library asks the real clock
    (taken, *_) = server.taken
    said = Verifier(secret).verify(taken.body, taken.headers)
    assert said["type"] == "draft.published"
    assert said["data"]["draft_id"] == draft_id
    assert said["data"]["titles"] == {"en": "On village libraries"}
    assert said["data"]["url"] == f"https://kenesh.example.kg/drafts/{draft_id}"


def test_each_step_of_a_draft_is_told_once_with_the_fields_that_are_documented(
    site: Platform, server: Hooked
) -> None:
    watch(site, server.url)
    with site.database.writing() as session:
        agency = make_agency(session)
        officer = make_person(session, "Olga", role=Role.OFFICER, agency=agency)
        draft = open_draft(session, agency=agency)
        found = session.exec(select(Consultation)).one()
        close_consultation(session, found)
        release_report(session, found, officer, found.closes_at)
        outbox.record(session, ConsultationOpened(found.id or 0, draft.id or 0, 1), START)  # again
    drain(site, NOW)
    made = calls(site)
    assert sorted(call.kind for call in made if call.kind != "duty.overdue") == [
        "consultation.closed",
        "consultation.opened",
        "draft.published",
        "report.published",
    ]
    assert all(call.sent_at == NOW and call.attempts == 1 for call in made)
    assert len(told(server)) == len(set(told(server))) == len(made)
    for call in made:
        assert set(call.payload["data"]) == set(FIELDS[call.kind]), call.kind


def test_an_address_is_told_only_what_it_asked_for(site: Platform, server: Hooked) -> None:
    with listening() as other:
        watch(site, server.url, kinds=("consultation.opened",))
        watch(site, other.url, kinds=("report.published",), name="Bolot")
        with site.database.writing() as session:
            open_draft(session)
        drain(site, NOW)
        assert [call.kind for call in calls(site)] == ["consultation.opened"]
        assert (len(server.taken), len(other.taken)) == (1, 0)


def test_single_comments_are_told_only_to_who_asks_for_them(site: Platform, server: Hooked) -> None:
    with listening() as other:
        watch(site, server.url, kinds=("comment.received",))
        watch(site, other.url, name="Bolot")
        with site.database.writing() as session:
            said = make_comment(session, open_draft(session), make_person(session, "Chyngyz"))
            receipt = said.receipt
        drain(site, NOW)
        (call,) = [one for one in calls(site) if one.kind == "comment.received"]
        assert set(call.payload["data"]) == set(FIELDS["comment.received"])
        assert call.payload["data"]["receipt"] == receipt
        assert len(server.taken) == 1


def test_nothing_is_told_of_what_is_not_public(site: Platform, server: Hooked) -> None:
    watch(site, server.url, kinds=OPENING)
    with site.database.writing() as session:
        draft = make_draft(session, make_agency(session))
        outbox.record(session, ConsultationOpened(1, draft.id or 0, 1), START)
        session.add(
            Consultation(draft_id=draft.id or 0, version_id=1, opens_at=START, closes_at=NOW)
        )
    drain(site, NOW)
    assert calls(site) == []


def test_a_duty_is_told_when_it_comes_onto_the_public_list(site: Platform, server: Hooked) -> None:
    watch(site, server.url, kinds=("duty.overdue",))
    with site.database.writing() as session:
        agency = make_agency(session)
        make_comment(session, open_draft(session, agency=agency), make_person(session, "Bolot"))
    for days in (0, 60, 120, 160):
        drain(site, START + timedelta(days=days))
    made = calls(site)
    assert made
    assert len({call.payload["data"]["duty_id"] for call in made}) == len(made)
    for call in made:
        assert set(call.payload["data"]) == set(FIELDS["duty.overdue"])
        assert call.payload["data"]["url"].startswith("https://kenesh.example.kg/obligations/")


# --- exactly once


def test_two_workers_at_once_call_once(site: Platform, server: Hooked) -> None:
    watch(site, *(f"{server.url}/{n}" for n in range(8)))
    try_out(site)
    with ThreadPoolExecutor(2) as workers:
        list(workers.map(lambda now: call_waiting(site, now), [NOW, NOW]))
    assert len(server.taken) == len(set(told(server))) == 8
    assert {call.attempts for call in calls(site)} == {1}


@pytest.mark.parametrize(("step", "made"), [("_call_all", 0), ("settle", 1)])
def test_after_a_crash_it_is_called_again_by_the_same_id(
    site: Platform, server: Hooked, monkeypatch: pytest.MonkeyPatch, step: str, made: int
) -> None:
    class Killed(BaseException):
        pass

    def die(*_args: Any) -> None:
        raise Killed

    watch(site, server.url)
    try_out(site)
    with monkeypatch.context() as patch:
        patch.setattr(sending, step, die)
        with pytest.raises(Killed):
            call_waiting(site, NOW)
    assert len(server.taken) == made
    assert call_waiting(site, NOW + LEASE / 2) == 0, "another worker may still be at it"
    assert call_waiting(site, NOW + LEASE) == 1
    assert len(set(told(server))) == 1
    assert calls(site)[0].sent_at == NOW + LEASE
    assert call_waiting(site, NOW + timedelta(days=9)) == 0


def test_while_an_address_is_slow_the_database_can_be_written(
    site: Platform, server: Hooked
) -> None:
    watch(site, server.url)
    try_out(site)
    server.behave = hooked.silent
    thread = Thread(target=call_waiting, args=(site, NOW))
    thread.start()
    while not server.taken:
        pass
    with site.database.writing() as session:  # would wait for ten seconds, and then fail
        make_agency(session)
    assert thread.is_alive()
    server.over.set()
    thread.join(timeout=5)
    assert not thread.is_alive()


# --- what follows when it fails


def test_a_failed_call_is_made_again_for_two_days_and_given_up_with_the_reason(
    site: Platform, server: Hooked
) -> None:
    watch(site, server.url)
    try_out(site)
    server.behave, now = answering(500), NOW
    while calls(site)[0].parked_at is None:
        assert call_waiting(site, now) == 1
        due = calls(site)[0].due_at
        if calls(site)[0].parked_at is None:
            assert call_waiting(site, due - timedelta(microseconds=1)) == 0
            now = due
    (call,) = calls(site)
    assert (call.attempts, call.status, call.error) == (ATTEMPTS, 500, "refused")
    assert timedelta(days=1, hours=20) < now - NOW < timedelta(days=2, hours=4)
    assert len(told(server)) == ATTEMPTS
    assert len(set(told(server))) == 1
    assert webhooks(site)[0].failures_n == 1


def test_what_is_taken_at_last_is_taken(site: Platform, server: Hooked) -> None:
    watch(site, server.url)
    try_out(site)
    server.behave = answering(503)
    call_waiting(site, NOW)
    server.behave = answering(204)
    later = NOW + timedelta(minutes=1)
    call_waiting(site, later)
    (call,) = calls(site)
    assert (call.sent_at, call.status, call.error, call.attempts) == (later, 204, "", 2)


def test_a_redirect_into_the_network_is_an_error(site: Platform, server: Hooked) -> None:
    with listening() as inside:
        watch(site, server.url)
        try_out(site)
        server.behave = answering(307, f"Location: {inside.url}")
        call_waiting(site, NOW)
        assert (calls(site)[0].error, inside.connected) == ("redirected", 0)


def test_an_address_that_fails_holds_up_no_other_and_is_left_alone(
    site: Platform, server: Hooked
) -> None:
    with listening() as other:
        watch(site, server.url, other.url, kinds=OPENING)
        server.behave = answering(500)
        with site.database.writing() as session:
            open_draft(session)
        drain(site, NOW)
        assert len(other.taken) == 2
        assert len(server.taken) == 1, "what else is due for it waits with what failed"


def test_gone_ends_a_webhook(site: Platform, server: Hooked) -> None:
    watch(site, server.url, kinds=OPENING)
    with site.database.writing() as session:
        open_draft(session)
    server.behave = answering(410)
    drain(site, NOW)
    assert webhooks(site)[0].ended_at == NOW
    assert len(server.taken) == 1
    assert [call.error for call in calls(site)] == ["gone", "gone"]
    assert all(call.parked_at for call in calls(site))


def test_after_many_failures_it_is_switched_off_and_its_owner_told_once(
    site: Platform, server: Hooked
) -> None:
    watch(site, server.url)
    server.behave, now = answering(500), NOW
    for _ in range(OFF_AFTER):
        try_out(site, now)
        for _ in range(ATTEMPTS):
            assert call_waiting(site, now) == 1
            now += timedelta(days=1)
    assert webhooks(site)[0].disabled_at is not None
    drain(site, now)
    with site.database.reading() as session:
        (notice,) = notices(session, Message.kind == "webhook_off")
    (mail,) = mailed(site, Message.kind == "webhook_off")
    assert (notice.values, notice.path) == ({"host": "127.0.0.1"}, "/cabinet/webhooks")
    assert mail.subject == "A webhook was switched off: 127.0.0.1"
    before = len(server.taken)
    with site.database.writing() as session:
        open_draft(session)
    drain(site, now)
    assert len(server.taken) == before
    with pytest.raises(Conflict):
        try_out(site, now)


def test_in_production_no_address_inside_may_be_called() -> None:
    with pytest.raises(ValueError, match="WEBHOOKS_ALLOW_PRIVATE"):
        Settings(environment="production", secret_key="long", webhooks_allow_private=True)


def test_what_may_be_called_is_asked_again_with_each_call(site: Platform, server: Hooked) -> None:
    """An address taken over from before, or put there by hand, leads inside all the same."""
    watch(site, server.url)
    try_out(site)
    settings = site.settings.model_copy(update={"webhooks_allow_private": False})
    call_waiting(replace(site, settings=settings), NOW)
    assert server.connected == 0
    assert calls(site)[0].error == "no_public_address"


# --- what is shown of it


def test_the_last_calls_of_each_are_shown(site: Platform, server: Hooked) -> None:
    watch(site, f"{server.url}/1", f"{server.url}/2")
    for minute in range(LAST + 2):
        now = NOW + timedelta(minutes=minute)
        try_out(site, now)
        drain(site, now)
    with site.database.reading() as session:
        found = webhooks_of(session, webhooks(site)[0].owner_id)
    assert [len(one.calls) for one in found] == [LAST, LAST]
    newest = found[0].calls[0]
    assert newest.created_at == NOW + timedelta(minutes=LAST + 1)
    with site.database.reading() as session:
        assert session.exec(select(OutboxEvent)).all() == [], "a trial tells nobody else"
