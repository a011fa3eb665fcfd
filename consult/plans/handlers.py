"""What the plan does about events: an item is started when its draft becomes public."""

from datetime import datetime

from sqlmodel import Session

from consult import events
from consult.plans.actions import start
from consult.plans.queries import waiting_for
from consult.platform import Platform
from drafts.models import Draft


def start_planned(
    session: Session,
    _platform: Platform,
    event: events.VersionPublished | events.ConsultationScheduled,
    now: datetime,
) -> None:
    """The items that waited for this draft are started: from now on there is a text."""
    draft = session.get_one(Draft, event.draft_id)
    for item in waiting_for(session, event.draft_id):
        start(session, item, draft, now)
