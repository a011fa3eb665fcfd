"""Sending the calls that are due: claimed, made outside any transaction, settled by the answer."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import anyio
from sqlalchemy import ColumnElement, func, update
from sqlmodel import Session, col, select

from consult import outbox
from consult.config import Settings
from consult.db import affected
from consult.events import WebhookSwitchedOff
from consult.platform import Platform
from consult.webhooks.calling import Answer, Outgoing, call
from consult.webhooks.models import Webhook, WebhookCall
from consult.webhooks.rules import OFF_AFTER, body_of, headers_of, host_of, pause_after, secret_of

BATCH = 20  # addresses called at once
LEASE = timedelta(minutes=5)

Call = Callable[[Outgoing], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class _Due:
    """A call that is due, and whom it is for."""

    id: int
    due_at: datetime
    outgoing: Outgoing


def call_waiting(platform: Platform, now: datetime) -> int:
    """Make the calls that are due; returns how many were tried.

    One call an address at a time, so that one that is slow or broken holds up no other. A call is
    marked sent after it was taken: after a crash between the two it is made again, with the same
    webhook-id, but is never lost.
    """
    settings = platform.settings
    with platform.database.reading() as session:
        due = _due(session, settings, now)
    if not due:
        return 0
    with platform.database.writing() as session:
        claimed = [one for one in due if _claim(session, one, now)]
    make = partial(call, allow_private=settings.webhooks_allow_private)
    for one, answer in zip(claimed, anyio.run(_call_all, make, claimed), strict=True):
        with platform.database.writing() as session:
            settle(session, one.id, answer, now)
    return len(claimed)


def _due(session: Session, settings: Settings, now: datetime) -> list[_Due]:
    first = (
        select(func.min(WebhookCall.id))
        .join(Webhook, col(Webhook.id) == col(WebhookCall.webhook_id))
        .where(
            *_waiting(),
            col(WebhookCall.due_at) <= now,
            col(Webhook.disabled_at).is_(None),
            col(Webhook.ended_at).is_(None),
        )
        .group_by(col(WebhookCall.webhook_id))
        .limit(BATCH)
    )
    query = select(WebhookCall, Webhook).join(
        Webhook, col(Webhook.id) == col(WebhookCall.webhook_id)
    )
    found = session.exec(query.where(col(WebhookCall.id).in_(first))).all()
    return [
        _Due(row.id or 0, row.due_at, _outgoing(settings, webhook, row, now))
        for row, webhook in found
    ]


def _outgoing(settings: Settings, webhook: Webhook, row: WebhookCall, now: datetime) -> Outgoing:
    body, seeds = body_of(row.payload), [webhook.seed]
    if webhook.former_until is not None and webhook.former_until > now:
        seeds.append(webhook.former_seed)
    signed = [secret_of(settings.secret_key, seed) for seed in seeds]
    return Outgoing(webhook.url, headers_of(row.id or 0, signed, body, now), body)


def _waiting() -> tuple[ColumnElement[bool], ...]:
    return col(WebhookCall.sent_at).is_(None), col(WebhookCall.parked_at).is_(None)


def _claim(session: Session, one: _Due, now: datetime) -> bool:
    """Whether this worker may make the call: whoever else saw it finds that its time has moved."""
    claimed = session.execute(
        update(WebhookCall)
        .where(*_waiting(), col(WebhookCall.id) == one.id, col(WebhookCall.due_at) == one.due_at)
        .values(due_at=now + LEASE, attempts=WebhookCall.attempts + 1)
    )
    return affected(claimed) == 1


async def _call_all(make: Call, due: Sequence[_Due]) -> list[Answer]:
    """All at once; the answers in the order of the calls."""
    answers: dict[int, Answer] = {}

    async def one(each: _Due) -> None:
        answers[each.id] = await make(each.outgoing)

    async with anyio.create_task_group() as tasks:
        for each in due:
            tasks.start_soon(one, each)
    return [answers[each.id] for each in due]


def settle(session: Session, call_id: int, answer: Answer, now: datetime) -> None:
    """What follows from an answer, for the call and for its address."""
    row = session.get(WebhookCall, call_id)
    if row is None or row.sent_at is not None or row.parked_at is not None:
        return  # its owner ended the webhook meanwhile
    webhook = session.get_one(Webhook, row.webhook_id)
    row.status, row.error = answer.status, answer.error
    pause = pause_after(row.attempts)
    if not answer.error:
        row.sent_at, webhook.failures_n = now, 0
    elif answer.error == "gone":
        end_webhook(session, webhook, "gone", now)
    elif pause is not None:
        row.due_at = now + pause
        _leave_alone(session, row, now)
    else:
        row.parked_at = now
        webhook.failures_n += 1
        if webhook.failures_n >= OFF_AFTER:
            _switch_off(session, webhook, now)
    session.add_all((row, webhook))


def _leave_alone(session: Session, row: WebhookCall, now: datetime) -> None:
    """What else is due for an address that has just failed waits as long as its failed call."""
    session.execute(
        update(WebhookCall)
        .where(
            *_waiting(),
            col(WebhookCall.webhook_id) == row.webhook_id,
            col(WebhookCall.id) != row.id,
            col(WebhookCall.due_at) <= now,
        )
        .values(due_at=row.due_at)
    )


def _switch_off(session: Session, webhook: Webhook, now: datetime) -> None:
    webhook.disabled_at = now
    park_waiting(session, webhook, "switched_off", now)
    event = WebhookSwitchedOff(webhook.id or 0, webhook.owner_id, host_of(webhook.url))
    outbox.record(session, event, now)


def end_webhook(session: Session, webhook: Webhook, error: str, now: datetime) -> None:
    """Call an address no more; what still waited for it is given up with this reason."""
    webhook.ended_at = now
    session.add(webhook)
    park_waiting(session, webhook, error, now)


def park_waiting(session: Session, webhook: Webhook, error: str, now: datetime) -> None:
    """Give up all calls that wait for an address."""
    session.execute(
        update(WebhookCall)
        .where(*_waiting(), col(WebhookCall.webhook_id) == webhook.id)
        .values(parked_at=now, error=error)
    )
