"""What happened, written down in the same transaction as the change. Delivery is in worker.py."""

from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Index
from sqlmodel import JSON, Field, Session, SQLModel

from consult import account_events, events, voice_events


class OutboxEvent(SQLModel, table=True):
    """One thing that happened; `spread_at` says when its deliveries were laid out."""

    __tablename__ = "outbox_event"
    __table_args__ = (Index("ix_outbox_event_waiting", "spread_at", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    payload: dict[str, Any] = Field(sa_type=JSON)
    occurred_at: datetime
    spread_at: datetime | None = None


class Delivery(SQLModel, table=True):
    """One event for one handler: retried with growing pauses, parked with the reason in the end."""

    __tablename__ = "outbox_delivery"
    __table_args__ = (Index("ix_outbox_delivery_due", "done_at", "parked_at", "due_at"),)

    event_id: int = Field(foreign_key="outbox_event.id", primary_key=True)
    handler: str = Field(primary_key=True)
    due_at: datetime
    attempts: int = 0
    done_at: datetime | None = None
    parked_at: datetime | None = None
    error: str = ""
    cursor: str = ""  # how far a handler of many steps has come


def record(session: Session, event: events.Event, now: datetime) -> None:
    """Write the event down; it is delivered only if the transaction commits."""
    name = type(event).__name__
    payload = ADAPTERS[name].dump_python(event, mode="json")
    session.add(OutboxEvent(name=name, payload=payload, occurred_at=now))


def forget_links(row: OutboxEvent) -> None:
    """Empty the links of a delivered event, which open an account, and the addresses of people.

    It has one handler (tested).
    """
    private = EVENTS[row.name] in account_events.PRIVATE
    row.payload = {
        name: "" if name.endswith("_path") or (private and isinstance(value, str)) else value
        for name, value in row.payload.items()
    }


def revive(row: OutboxEvent) -> events.Event:
    """The event as it was recorded."""
    return ADAPTERS[row.name].validate_python(row.payload)


EVENTS: dict[str, type[events.Event]] = {
    kind.__name__: kind
    for module in (events, account_events, voice_events)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, events.Event) and kind is not events.Event
}

# Made once: each costs half a millisecond, and a report records an event for every comment.
ADAPTERS: dict[str, TypeAdapter[events.Event]] = {
    name: TypeAdapter(kind) for name, kind in EVENTS.items()
}
