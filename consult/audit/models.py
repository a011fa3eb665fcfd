"""The table of what was done to people's rights and data: who did it, to whom, when."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import JSON, Field, SQLModel

from consult.audit.rules import ACTIONS
from consult.db import one_of


class AuditEntry(SQLModel, table=True):
    """One act on an account, never changed. Without an actor, the operator's command line did it.

    `details` are codes and numbers, never words, names or addresses: it outlives the person. Only
    what an organisation was called before stands there too.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        one_of("action", ACTIONS),
        Index("ix_audit_entry_subject", "subject_id", "id"),
        Index("ix_audit_entry_actor", "actor_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    action: str
    actor_id: int | None = Field(default=None, foreign_key="person.id")
    subject_id: int | None = Field(default=None, foreign_key="person.id")
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    at: datetime
