"""Tables: addresses that are called when something public happens, and each call."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import JSON, Field, SQLModel


class Webhook(SQLModel, table=True):
    """An address somebody asked to have called (Standard Webhooks, standardwebhooks.com).

    `seed` makes the secret only together with the secret key of the installation (rules.secret_of):
    whoever reads this table can sign nothing. `former_seed` is that of the secret before,
    with which calls are signed too until `former_until`. `kinds` are the public events it wants; an
    empty list means all. `failures_n` counts the calls given up in a row: after some of them it is
    switched off, and its owner is told.
    """

    __tablename__ = "webhook"

    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="person.id", index=True)
    url: str = Field(max_length=500)
    seed: str
    former_seed: str = ""
    former_until: datetime | None = None
    kinds: list[str] = Field(default_factory=list, sa_type=JSON)
    created_at: datetime
    failures_n: int = 0
    disabled_at: datetime | None = None
    ended_at: datetime | None = None


class WebhookCall(SQLModel, table=True):
    """One event for one address: tried again with growing pauses, given up with a reason.

    `key` says what it is about ("report.published:7"), so that no address is told twice.
    `error` is a code of rules.ERRORS.
    """

    __tablename__ = "webhook_call"
    __table_args__ = (
        UniqueConstraint("webhook_id", "key"),
        Index("ix_webhook_call_waiting", "sent_at", "parked_at", "due_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    webhook_id: int = Field(foreign_key="webhook.id")
    key: str = Field(max_length=120)
    kind: str
    payload: dict[str, Any] = Field(sa_type=JSON)
    created_at: datetime
    due_at: datetime
    attempts: int = 0
    sent_at: datetime | None = None
    parked_at: datetime | None = None
    status: int | None = None
    error: str = ""
