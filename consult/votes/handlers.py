"""What follows from events: as long as it is known who a person is, their votes are identified."""

from datetime import datetime

from sqlalchemy import case, func, update
from sqlmodel import Session, col, select

from consult.account_events import IdentityTakenBack, PersonIdentified
from consult.accounts.models import Person
from consult.comments.models import Comment
from consult.consultations.models import Tally
from consult.platform import Platform
from consult.votes.models import Vote
from consult.votes.rules import read_target


def count_identified_votes(
    session: Session,
    _platform: Platform,
    event: PersonIdentified | IdentityTakenBack,
    _now: datetime,
) -> None:
    """Mark the votes of this person, and count anew on each thing those of identified people.

    Counted rather than added to: done twice, it is the same.
    """
    own = col(Vote.person_id) == event.person_id
    known = session.get_one(Person, event.person_id).verified_at is not None
    session.execute(update(Vote).where(own).values(is_identified=known))
    for target in session.exec(select(Vote.target).where(own).order_by(col(Vote.target))).all():
        _count_anew(session, target)


def _count_anew(session: Session, target: str) -> None:
    """The row is held before its votes are counted: a vote cast meanwhile is in it, or waits."""
    kind, number, wid = read_target(target)
    row: Comment | Tally
    if kind == "comment":
        row = session.get_one(Comment, number, with_for_update=True, populate_existing=True)
    else:
        row = session.get_one(Tally, (number, wid), with_for_update=True, populate_existing=True)
    row.identified_for_n, row.identified_against_n = _identified(session, target)
    session.add(row)


def _identified(session: Session, target: str) -> tuple[int, int]:
    """(for, against) of the people of whom it is known who they are."""
    votes_for = func.count(case((col(Vote.value) > 0, 1)))
    known = Vote.target == target, col(Vote.is_identified)
    return session.exec(select(votes_for, func.count() - votes_for).where(*known)).one()
