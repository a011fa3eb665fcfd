"""Events and mails that are not done with: what waits, what was given up and why. Reads only.

To take something up again: backstage.try_again.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlmodel import Session, col, select

from consult.outbox import Delivery, OutboxEvent
from notifications.models import Mail, Message

AT_ONCE = 1000  # rows read at once: there may be a quarter of a million


def unfinished(session: Session, *, parked: bool) -> Iterator[Mapping[str, Any]]:
    """Deliveries, then mails, that wait or were given up; only the latter if `parked`.

    `id` is what `consult outbox retry` takes: that of an event, or "mail-7".
    """
    given_up = [col(Delivery.parked_at).is_not(None)] if parked else []
    deliveries = (
        select(Delivery, OutboxEvent.name)
        .join(OutboxEvent, col(OutboxEvent.id) == col(Delivery.event_id))
        .where(col(Delivery.done_at).is_(None), *given_up)
        .order_by(col(Delivery.event_id), col(Delivery.handler))
    )
    for delivery, name in session.exec(deliveries.execution_options(yield_per=AT_ONCE)):
        yield {"id": str(delivery.event_id), "what": name, "handler": delivery.handler} | _state(
            delivery
        )
    given_up = [col(Mail.parked_at).is_not(None)] if parked else []
    ended = (col(Mail.sent_at).is_(None), col(Mail.skipped_at).is_(None))
    mails = (
        select(Mail, Message.kind)
        .join(Message, col(Message.id) == col(Mail.message_id), isouter=True)
        .where(*ended, *given_up)
        .order_by(col(Mail.id))
    )
    for mail, kind in session.exec(mails.execution_options(yield_per=AT_ONCE)):
        yield {"id": f"mail-{mail.id}", "what": kind or "digest", "handler": ""} | _state(mail)


def _state(row: Delivery | Mail) -> dict[str, Any]:
    """The state of either: the same columns say it."""
    return {
        "state": "given_up" if row.parked_at else "waiting",
        "attempts": row.attempts,
        "due_at": row.due_at.isoformat(),
        "parked_at": row.parked_at.isoformat() if row.parked_at else None,
        "error": row.error,
    }
