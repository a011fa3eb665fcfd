"""Reads of intake: how comments came that officers entered, and who said the same before."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from consult.accounts.models import Person
from consult.accounts.shown import known_as
from consult.comments.models import Comment
from consult.errors import NotFound
from consult.intake.models import Provenance
from consult.naming import KnownAs

SHOWN = 5  # comments of the same words shown to the officer


def provenances(session: Session, comment_ids: Iterable[int]) -> dict[int, Provenance]:
    """How comments came, by comment; those sent on this site have none."""
    query = select(Provenance).where(col(Provenance.comment_id).in_(comment_ids))
    return {row.comment_id: row for row in session.exec(query)}


def provenance_of(session: Session, comment_id: int) -> Provenance:
    """How a comment came that an officer entered; raises NotFound for any other."""
    found = session.get(Provenance, comment_id)
    if found is None:
        raise NotFound("There is no such comment.")
    return found


def contributor_of(session: Session, comment_id: int) -> tuple[KnownAs, str]:
    """Who said what an officer entered, as the officers of the agency see them; their region."""
    query = (
        select(known_as(Comment), Person.region)
        .join(Comment, col(Comment.author_id) == col(Person.id))
        .where(Comment.id == comment_id)
    )
    who, region = session.execute(query).one()
    return who, region


def same_words(session: Session, comment: Comment) -> list[Comment]:
    """Other comments of the same round with the very words of this one, the first first."""
    query = select(Comment).where(
        Comment.consultation_id == comment.consultation_id,
        Comment.body_hash == comment.body_hash,
        col(Comment.id) != comment.id,
        col(Comment.withdrawn_at).is_(None),
    )
    return list(session.exec(query.order_by(col(Comment.id)).limit(SHOWN)).all())
