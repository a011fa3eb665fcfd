"""Writing the audit log, in the transaction of what it tells of."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from consult.audit.models import AuditEntry


def note(
    session: Session,
    action: str,
    *,
    actor_id: int | None,
    subject_id: int | None = None,
    agency_id: int | None = None,
    organisation_id: int | None = None,
    now: datetime,
    **details: Any,
) -> None:
    """`action` is one of rules.ACTIONS; `details` are codes and numbers, never words or names.

    But for what an organisation was called before, which everybody could see.
    """
    session.add(
        AuditEntry(
            action=action,
            actor_id=actor_id,
            subject_id=subject_id,
            agency_id=agency_id,
            organisation_id=organisation_id,
            details=details,
            at=now,
        )
    )
