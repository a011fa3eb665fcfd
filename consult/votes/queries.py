"""Reads of votes: what one person has voted on in a draft."""

from sqlmodel import Session, select

from consult.access import Actor
from consult.votes.models import Vote


def votes_of(session: Session, actor: Actor, draft_id: int) -> dict[str, int]:
    """The person's votes in a draft by target; none for a visitor, without a query."""
    if actor.id is None:
        return {}
    rows = session.exec(
        select(Vote.target, Vote.value).where(Vote.draft_id == draft_id, Vote.person_id == actor.id)
    ).all()
    return dict(rows)
