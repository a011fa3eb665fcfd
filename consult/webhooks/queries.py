"""Reads: a person's webhooks with their last calls."""

from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from consult.errors import NotFound
from consult.webhooks.models import Webhook, WebhookCall

LAST = 5  # calls shown of each


@dataclass(frozen=True, slots=True)
class Watched:
    """A webhook with its last calls, the newest first."""

    webhook: Webhook
    calls: list[WebhookCall]


def webhooks_of(session: Session, person_id: int) -> list[Watched]:
    """What a person has called, but for what was ended; the newest first. Two queries."""
    query = select(Webhook).where(Webhook.owner_id == person_id, col(Webhook.ended_at).is_(None))
    webhooks = session.exec(query.order_by(col(Webhook.id).desc())).all()
    place = func.row_number().over(
        partition_by=col(WebhookCall.webhook_id), order_by=col(WebhookCall.id).desc()
    )
    ids = [webhook.id for webhook in webhooks]
    numbered = (
        select(col(WebhookCall.id).label("id"), place.label("place"))
        .where(col(WebhookCall.webhook_id).in_(ids))
        .subquery()
    )
    newest = (
        select(WebhookCall)
        .join(numbered, numbered.c.id == col(WebhookCall.id))
        .where(numbered.c.place <= LAST)
        .order_by(col(WebhookCall.id).desc())
    )
    calls = session.exec(newest).all() if ids else []
    return [
        Watched(webhook, [call for call in calls if call.webhook_id == webhook.id])
        for webhook in webhooks
    ]


def own_webhook(session: Session, person_id: int, webhook_id: int) -> Webhook:
    """One of a person's own that was not ended; raises NotFound."""
    webhook = session.get(Webhook, webhook_id)
    if webhook is None or webhook.owner_id != person_id or webhook.ended_at is not None:
        raise NotFound("There is no such webhook.")
    return webhook
