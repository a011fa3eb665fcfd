"""Webhooks as their owners have them: added, tried out, ended; what may not be added."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from consult.accounts.models import Person
from consult.audit.models import AuditEntry
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.platform import Platform
from consult.webhooks.actions import FORMER_LIFE, add_webhook, end, renew_secret, send_trial
from consult.webhooks.models import Webhook
from consult.webhooks.queries import webhooks_of
from consult.webhooks.rules import MOST_OF_ONE, secret_of
from consult.webhooks.sending import _due
from tests.conftest import START
from tests.factories import OPERATOR, actor_of, make_person


def add(session: Session, platform: Platform, person: Person, url: str, *kinds: str) -> Webhook:
    actor = actor_of(session, person)
    more: dict[str, Any] = {"settings": platform.settings, "kinds": kinds, "now": START}
    return add_webhook(session, actor=actor, url=url, **more)[0]


def test_the_table_alone_gives_no_secret_and_acts_are_noted(
    session: Session, platform: Platform
) -> None:
    person = make_person(session)
    actor, settings = actor_of(session, person), platform.settings
    url = "https://example.org/hook"
    webhook, secret = add_webhook(
        session, actor=actor, settings=settings, url=url, kinds=(), now=START
    )
    assert secret.startswith("whsec_")
    assert webhook.seed not in secret
    assert secret not in str(webhook.model_dump())
    end(session, actor=actor, webhook_id=webhook.id or 0, now=START)
    entries = session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()
    assert [entry.action for entry in entries] == ["webhook_added", "webhook_ended"]
    assert {entry.subject_id for entry in entries} == {person.id}
    assert webhooks_of(session, person.id or 0) == []


def test_what_may_not_be_called_is_not_added(session: Session, platform: Platform) -> None:
    person = make_person(session)
    add(session, platform, person, "https://example.org/hook")
    for url in ("https://example.org:443/hook", "https://EXAMPLE.org/hook"):
        with pytest.raises(Conflict):
            add(session, platform, person, url)
    with pytest.raises(Invalid) as refusal:
        add(session, platform, person, "http://127.0.0.1:8000/")
    assert refusal.value.field == "url"
    with pytest.raises(Invalid):
        add(session, platform, person, "https://example.org/", "comment.submitted")
    nobody = replace(OPERATOR, roles=frozenset())
    more: dict[str, Any] = {"settings": platform.settings, "kinds": (), "now": START}
    with pytest.raises(NotAllowed):
        add_webhook(session, actor=nobody, url="https://example.org/", **more)
    for n in range(1, MOST_OF_ONE):
        add(session, platform, person, f"https://example.org/{n}")
    with pytest.raises(Conflict):
        add(session, platform, person, "https://example.org/last")


def test_nobody_ends_or_tries_out_what_belongs_to_another(
    session: Session, platform: Platform
) -> None:
    webhook = add(session, platform, make_person(session), "https://example.org/")
    other = actor_of(session, make_person(session, "Bolot"))
    for act in (end, send_trial):
        with pytest.raises(NotFound):
            act(session, actor=other, webhook_id=webhook.id or 0, now=START)


def test_while_a_secret_is_renewed_either_checks_a_call(
    session: Session, platform: Platform
) -> None:
    person = make_person(session)
    actor, settings = actor_of(session, person), platform.settings
    webhook = add(session, platform, person, "https://example.org/")
    old = secret_of(settings.secret_key, webhook.seed)
    more: dict[str, Any] = {"settings": settings, "webhook_id": webhook.id or 0}
    new = renew_secret(session, actor=actor, now=START, **more)
    send_trial(session, actor=actor, webhook_id=webhook.id or 0, now=START)
    session.flush()
    now = datetime.now(UTC)  # that of the library which checks
    for begun, good in ((now, (old, new)), (now - timedelta(days=2), (new,))):
        webhook.former_until = begun + FORMER_LIFE
        session.add(webhook)
        (due,) = _due(session, settings, now)
        for secret in (old, new):
            taken = secret in good
            with nullcontext() if taken else pytest.raises(WebhookVerificationError):
                Verifier(secret).verify(due.outgoing.body, dict(due.outgoing.headers))
    stranger = actor_of(session, make_person(session, "Bolot"))
    with pytest.raises(NotFound):
        renew_secret(session, actor=stranger, now=START, **more)


def test_one_trial_call_at_a_time(session: Session, platform: Platform) -> None:
    person = make_person(session)
    webhook = add(session, platform, person, "https://example.org/")
    actor = actor_of(session, person)
    send_trial(session, actor=actor, webhook_id=webhook.id or 0, now=START)
    with pytest.raises(Conflict):
        send_trial(session, actor=actor, webhook_id=webhook.id or 0, now=START)
