"""Hearings of a small state made by chance (counted.py): some held, about no draft, one or two."""

from datetime import datetime, timedelta
from random import Random
from typing import Any, Protocol

from sqlmodel import Session, select

from consult.accounts.models import Person
from consult.comments.models import Comment
from consult.hearings.models import Hearing, HearingDraft
from consult.hearings.rules import STATES
from consult.intake.models import Provenance
from drafts.models import Draft


class Chance(Protocol):
    """What writes such a state."""

    session: Session
    random: Random
    people: list[Person]

    def add(self, row: Any) -> Any: ...

    def day(self) -> datetime: ...


def fill_hearings(chance: Chance) -> None:
    """Some were held, about no draft, one or two; some comments were entered from one."""
    drafts = list(chance.session.exec(select(Draft)))
    comments = list(chance.session.exec(select(Comment)))
    entered = set()
    for _ in range(3):
        at = chance.day()
        hearing = chance.add(
            Hearing(
                agency_id=drafts[0].agency_id,
                kind="hearing",
                titles={},
                access={},
                starts_at=at,
                ends_at=at + timedelta(hours=2),
                register_until=at,
                state=chance.random.choice(STATES),
                came=chance.random.choice((None, 7, 40)),
                announced_at=at,
                changed_at=at,
            )
        )
        for draft in chance.random.sample(drafts, chance.random.randrange(3)):
            chance.add(HearingDraft(hearing_id=hearing.id, draft_id=draft.id))
        for comment in chance.random.sample(comments, min(2, len(comments))):
            if comment.id not in entered:
                entered.add(comment.id)
                _enter(chance, comment, chance.random.choice((hearing.id, None)), at)


def _enter(chance: Chance, comment: Comment, hearing_id: int | None, at: datetime) -> None:
    chance.add(
        Provenance(
            comment_id=comment.id,
            received_on=at.date(),
            hearing_id=hearing_id,
            entered_by=chance.people[0].id,
            entered_at=at,
        )
    )
