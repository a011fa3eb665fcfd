"""What officers are told while they answer. What commenters are told of answers: handlers.py."""

from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from consult import events
from consult.accounts.models import Person
from consult.answers.models import Assignment
from consult.platform import Platform
from drafts.models import Draft
from notifications.telling import tell, titles_of


def tell_given_comments(
    session: Session, platform: Platform, event: events.CommentsAssigned, now: datetime
) -> None:
    """One message to the officer, with how many of the comments did not go on since."""
    still = session.exec(
        select(func.count()).where(
            col(Assignment.consultation_id) == event.consultation_id,
            col(Assignment.officer_id) == event.officer_id,
            col(Assignment.assigned_at) == event.at,
        )
    ).one()
    if not still:
        return
    values = {
        "count": still,
        "by": session.get_one(Person, event.by_id).name,
        "titles": titles_of(session.get_one(Draft, event.draft_id)),
    }
    officer = session.get_one(Person, event.officer_id)
    key = f"comments_assigned:{event.consultation_id}:{event.at.isoformat()}"
    path = f"/desk/consultations/{event.consultation_id}?officer={event.officer_id}"
    tell(session, platform, officer, key, "comments_assigned", values, path, now)
