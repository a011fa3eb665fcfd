"""Reads of the audit log, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_
from sqlmodel import Session, col, select

from consult.audit.models import AuditEntry


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries: of one act, by or about one person, about one agency."""

    action: str = ""
    person_id: int | None = None
    agency_id: int | None = None


def entries(session: Session, asked: Asked, before: int | None, limit: int) -> Sequence[AuditEntry]:
    """The newest entries before one; one more than `limit` tells that there are older ones."""
    query = select(AuditEntry).order_by(col(AuditEntry.id).desc()).limit(limit + 1)
    if before is not None:
        query = query.where(col(AuditEntry.id) < before)
    if asked.action:
        query = query.where(AuditEntry.action == asked.action)
    if asked.person_id is not None:
        about = col(AuditEntry.subject_id) == asked.person_id
        query = query.where(or_(about, col(AuditEntry.actor_id) == asked.person_id))
    if asked.agency_id is not None:
        query = query.where(AuditEntry.agency_id == asked.agency_id)
    return session.exec(query).all()
