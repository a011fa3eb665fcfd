"""[pure] Rules of invitations: how long one is good, and what is offered."""

from datetime import datetime, timedelta

from consult.access import Role
from consult.errors import Invalid

LIFE = timedelta(days=7)
OF_ONE_AGENCY = frozenset({Role.OFFICER, Role.APPROVER})


def check_place(role: Role, agency_id: int | None) -> None:
    """Where a role may be held: an officer works for one agency; raises Invalid."""
    if role in OF_ONE_AGENCY and agency_id is None:
        raise Invalid("An officer and an approver work for one agency: choose it.", field="agency")


def standing(
    *,
    accepted_at: datetime | None,
    withdrawn_at: datetime | None,
    expires_at: datetime,
    now: datetime,
) -> str:
    """One of "accepted", "withdrawn", "expired", "waiting"."""
    if accepted_at is not None:
        return "accepted"
    if withdrawn_at is not None:
        return "withdrawn"
    return "expired" if expires_at <= now else "waiting"
