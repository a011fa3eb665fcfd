"""Tables: obligations, and the ledger of events each is folded from (rules.py)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import JSON, Field, SQLModel

from consult.db import one_of
from consult.obligations.rules import EVENT_KINDS, STORED_STATES


class Obligation(SQLModel, table=True):
    """A duty of an agency. `state` … `fulfilled_at` are the fold of its ledger, kept for queries.

    "Overdue" is never stored: it is read off `due_at` and the time. `remind_at` is the instant at
    which to look at its reminders again; empty while no clock runs, and after the last of them.
    """

    __tablename__ = "obligation"
    __table_args__ = (
        one_of("state", STORED_STATES),
        UniqueConstraint("key"),
        Index("ix_obligation_due", "state", "due_at", "id"),
        Index("ix_obligation_agency", "agency_id", "due_at"),
        Index("ix_obligation_remind", "remind_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str  # "duty:consultation", so that no duty is created twice
    duty: str
    rule_code: str
    agency_id: int = Field(foreign_key="agency.id")
    draft_id: int | None = Field(default=None, foreign_key="draft.id", index=True)
    consultation_id: int | None = Field(default=None, foreign_key="consultation.id", index=True)
    state: str
    due_at: datetime | None = None
    preliminary: bool = False
    fulfilled_at: datetime | None = None
    remind_at: datetime | None = None


class ObligationEvent(SQLModel, table=True):
    """One line of the ledger; `data` holds what the fold needs, with the trace of computed days."""

    __tablename__ = "obligation_event"
    __table_args__ = (one_of("kind", EVENT_KINDS), UniqueConstraint("obligation_id", "seq"))

    id: int | None = Field(default=None, primary_key=True)
    obligation_id: int = Field(foreign_key="obligation.id")
    seq: int
    kind: str
    at: datetime
    actor_id: int | None = Field(default=None, foreign_key="person.id")
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class ReminderSent(SQLModel, table=True):
    """A rung of reminders that was reached: each exactly once for a due date.

    An extension moves the due date, and the rungs before the new one are climbed again.
    """

    __tablename__ = "reminder_sent"

    obligation_id: int = Field(foreign_key="obligation.id", primary_key=True)
    rung: int = Field(primary_key=True)  # working days from the due date; negative: before it
    audience: str = Field(primary_key=True)
    due_on: date = Field(primary_key=True)
    sent_at: datetime
