"""Tables: obligations, the ledger each is folded from (rules.py), proposals, reminders."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import JSON, Field, SQLModel

from consult.db import one_of
from consult.obligations.ledger.rules import EVENT_KINDS, PROPOSABLE, STORED_STATES, VERDICTS


class Obligation(SQLModel, table=True):
    """A duty of an agency. `officer_id` … `fulfilled_at` are the fold of its ledger, for queries.

    `subject` says what it is owed for beside the consultation: "comment:12", "issue:3",
    "problem:5", "period:2026-H1"; "" where it is owed once for the whole consultation.

    "Overdue" is never stored: it is read off `due_at` and the time. `remind_at` is the instant at
    which to look at its reminders again; empty while no clock runs, and after the last of them.
    """

    __tablename__ = "obligation"
    __table_args__ = (
        one_of("state", STORED_STATES),
        UniqueConstraint("key"),
        Index("ix_obligation_due", "state", "due_at", "id"),
        Index("ix_obligation_agency", "agency_id", "state", "due_at"),
        Index("ix_obligation_remind", "remind_at"),
        Index("ix_obligation_officer", "officer_id", "due_at"),
        Index("ix_obligation_subject", "subject"),
        Index("ix_obligation_owed_for", "consultation_id", "duty", "subject"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str  # of the duty and what it is owed for, so that no duty is created twice
    duty: str
    subject: str = Field(default="", max_length=40)
    rule_code: str
    rule_version_id: int | None = Field(default=None, foreign_key="rule_version.id", index=True)
    agency_id: int = Field(foreign_key="agency.id")
    draft_id: int | None = Field(default=None, foreign_key="draft.id", index=True)
    consultation_id: int | None = Field(default=None, foreign_key="consultation.id")
    officer_id: int | None = Field(default=None, foreign_key="person.id")
    state: str
    due_at: datetime | None = None
    extra: int = 0
    preliminary: bool = False
    expected_on: date | None = None  # by the newest delay notice: the day the agency now expects
    fulfilled_at: datetime | None = None
    remind_at: datetime | None = None


class ObligationEvent(SQLModel, table=True):
    """One line of the ledger; `data` holds what the fold needs.

    `at` is when it took effect, `recorded_at` when it was written down: a worker may be late.
    """

    __tablename__ = "obligation_event"
    __table_args__ = (one_of("kind", EVENT_KINDS), UniqueConstraint("obligation_id", "seq"))

    id: int | None = Field(default=None, primary_key=True)
    obligation_id: int = Field(foreign_key="obligation.id")
    seq: int
    kind: str
    at: datetime
    recorded_at: datetime
    actor_id: int | None = Field(default=None, foreign_key="person.id")
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class ObligationComputation(SQLModel, table=True):
    """How a due date came about, day by day; each is kept with the event (`seq`) it is of.

    `trace` is a list of {on, counted, code, text, params}.
    """

    __tablename__ = "obligation_computation"
    __table_args__ = (UniqueConstraint("obligation_id", "seq"),)

    id: int | None = Field(default=None, primary_key=True)
    obligation_id: int = Field(foreign_key="obligation.id")
    seq: int
    rule_version_id: int | None = Field(default=None, foreign_key="rule_version.id")
    due_on: date
    due_at: datetime
    preliminary: bool
    trace: list[Any] = Field(sa_type=JSON)
    computed_at: datetime


class DutyProposal(SQLModel, table=True):
    """What one person asks for and a second has to approve before it enters the ledger.

    `extra` is in the unit of the rule (extended), `ground` the code of the tolling event (paused).
    """

    __tablename__ = "duty_proposal"
    __table_args__ = (
        one_of("kind", PROPOSABLE),
        one_of("verdict", VERDICTS),
        Index(
            "ix_duty_proposal_waiting",
            "obligation_id",
            unique=True,
            sqlite_where=text("verdict = 'waiting'"),
            postgresql_where=text("verdict = 'waiting'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    obligation_id: int = Field(foreign_key="obligation.id", index=True)
    kind: str
    extra: int = 0
    ground: str = Field(default="", max_length=60)
    basis: str = Field(max_length=500)
    reason: str = Field(default="", max_length=2000)
    proposed_by: int = Field(foreign_key="person.id")
    proposed_at: datetime
    verdict: str = "waiting"
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = None
    note: str = Field(default="", max_length=1000)


class DailyWork(SQLModel, table=True):
    """Something to be looked through once a day; `next_at` is claimed by a conditional update."""

    __tablename__ = "daily_work"

    name: str = Field(primary_key=True)
    next_at: datetime


class ReminderSent(SQLModel, table=True):
    """A rung of reminders that was reached: each exactly once for a due date.

    An extension moves the due date, and the rungs before the new one are climbed again; a move by
    the calendar repeats none but a word of lateness that came too early (rungs_sent). One that was
    `overtaken` was told of by a later rung: the worker had been away.
    """

    __tablename__ = "reminder_sent"

    obligation_id: int = Field(foreign_key="obligation.id", primary_key=True)
    rung: int = Field(primary_key=True)  # working days from the due date; negative: before it
    audience: str = Field(primary_key=True)
    due_on: date = Field(primary_key=True)
    sent_at: datetime
    overtaken: bool = False
