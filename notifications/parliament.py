"""Messages about bills: to the members of a committee that one came before it."""

from datetime import datetime

from sqlmodel import Session

from consult import events
from consult.access import Role
from consult.accounts.models import Agency
from consult.accounts.queries import people_with
from consult.platform import Platform
from drafts.models import Draft
from notifications.telling import draft_values, tell


def tell_committee(
    session: Session, platform: Platform, event: events.BillReferred, now: datetime
) -> None:
    """Every parliamentarian of the committee, and whoever holds the role everywhere."""
    committee = session.get_one(Agency, event.committee_id)
    draft = session.get_one(Draft, event.draft_id)
    values = draft_values(session, draft) | {"committee": committee.names}
    key, path = f"bill_referred:{event.referral_id}", f"/drafts/{draft.id}/brief"
    for person in people_with(session, Role.PARLIAMENTARIAN, committee.id):
        tell(session, platform, person, key, "bill_referred", values, path, now)
