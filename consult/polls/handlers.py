"""What follows from events: while a round runs, answers are counted as of who is identified now."""

from datetime import datetime

from sqlmodel import Session

from consult.account_events import IdentityTakenBack, PersonIdentified
from consult.accounts.models import Person
from consult.platform import Platform
from consult.polls.actions import mark_answers


def count_identified_answers(
    session: Session,
    _platform: Platform,
    event: PersonIdentified | IdentityTakenBack,
    now: datetime,
) -> None:
    """Done twice, it is the same."""
    known = session.get_one(Person, event.person_id).verified_at is not None
    mark_answers(session, event.person_id, identified=known, now=now)
