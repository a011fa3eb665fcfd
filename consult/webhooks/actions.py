"""What an owner does with webhooks: add one, end one, have a trial call made."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from consult.access import Actor, check_right
from consult.audit.actions import note
from consult.config import Settings
from consult.errors import Conflict, Invalid
from consult.webhooks.models import Webhook, WebhookCall
from consult.webhooks.queries import own_webhook
from consult.webhooks.rules import KINDS, MOST_OF_ONE, TRIAL, payload_of, read_url, secret_of
from consult.webhooks.sending import end_webhook

FORMER_LIFE = timedelta(days=1)  # of a secret, once there is a new one


def add_webhook(
    session: Session,
    *,
    actor: Actor,
    settings: Settings,
    url: str,
    kinds: Sequence[str],
    now: datetime,
) -> tuple[Webhook, str]:
    """Have an address called; returns it with its secret, which is shown this once.

    No kinds means all there are, also those of later versions.
    """
    check_right(actor, "cabinet")
    if unknown := set(kinds) - set(KINDS):
        raise Invalid("Please choose one of the options.", field="kinds", unknown=sorted(unknown))
    try:
        url = read_url(url, allow_private=settings.webhooks_allow_private)
    except Invalid as refusal:
        refusal.field = "url"
        raise
    live = (col(Webhook.owner_id) == actor.person_id, col(Webhook.ended_at).is_(None))
    if session.exec(select(Webhook.id).where(*live, Webhook.url == url)).first():
        raise Conflict("This address is called already.", field="url")
    if session.exec(select(func.count()).select_from(Webhook).where(*live)).one() >= MOST_OF_ONE:
        raise Conflict("At most {most} addresses can be called.", field="url", most=MOST_OF_ONE)
    webhook = Webhook(
        owner_id=actor.person_id,
        url=url,
        seed=_new_seed(),
        kinds=[kind for kind in KINDS if kind in kinds],
        created_at=now,
    )
    session.add(webhook)
    session.flush()
    _note(session, "webhook_added", actor, webhook, now)
    return webhook, secret_of(settings.secret_key, webhook.seed)


def renew_secret(
    session: Session, *, actor: Actor, settings: Settings, webhook_id: int, now: datetime
) -> str:
    """A new secret, shown this once; for a day calls are signed with the one before as well.

    Raises NotFound if the webhook is not the actor's own.
    """
    webhook = own_webhook(session, actor.person_id, webhook_id)
    webhook.former_seed, webhook.former_until = webhook.seed, now + FORMER_LIFE
    webhook.seed = _new_seed()
    session.add(webhook)
    _note(session, "webhook_renewed", actor, webhook, now)
    return secret_of(settings.secret_key, webhook.seed)


def _new_seed() -> str:
    return secrets.token_urlsafe(24)


def end(session: Session, *, actor: Actor, webhook_id: int, now: datetime) -> None:
    """Have an address called no more; raises NotFound if it is not the actor's own."""
    webhook = own_webhook(session, actor.person_id, webhook_id)
    end_webhook(session, webhook, "switched_off", now)
    _note(session, "webhook_ended", actor, webhook, now)


def _note(session: Session, action: str, actor: Actor, webhook: Webhook, now: datetime) -> None:
    who = actor.person_id
    note(session, action, actor_id=who, subject_id=who, now=now, webhook_id=webhook.id)


def send_trial(session: Session, *, actor: Actor, webhook_id: int, now: datetime) -> None:
    """Have a trial call made, by the worker; one at a time."""
    webhook = own_webhook(session, actor.person_id, webhook_id)
    if webhook.disabled_at is not None:
        raise Conflict("The address was switched off.")
    waiting = select(WebhookCall.id).where(
        WebhookCall.webhook_id == webhook.id,
        WebhookCall.kind == TRIAL,
        col(WebhookCall.sent_at).is_(None),
        col(WebhookCall.parked_at).is_(None),
    )
    if session.exec(waiting).first():
        raise Conflict("A trial call is on its way already.")
    session.add(
        WebhookCall(
            webhook_id=webhook.id or 0,
            key=f"{TRIAL}:{now.isoformat()}",
            kind=TRIAL,
            payload=payload_of(TRIAL, now, {"webhook_id": webhook.id}),
            created_at=now,
            due_at=now,
        )
    )
