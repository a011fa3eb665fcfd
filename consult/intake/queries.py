"""Reads of intake: how comments came that officers entered, and who said the same before."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from consult.accounts.models import Person
from consult.accounts.shown import known_as, who
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.errors import NotFound
from consult.hearings.models import Hearing
from consult.intake.models import Provenance
from consult.naming import KnownAs, PublicName
from drafts.models import Draft

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


@dataclass(frozen=True, slots=True)
class Contribution:
    """What was said at a hearing, on which draft, and whom the public sees behind it."""

    comment: Comment
    draft: Draft
    who: PublicName


def contributions(
    session: Session, hearing_id: int, *, after: int = 0, limit: int
) -> list[Contribution]:
    """What was said at a hearing and may be shown; one more than `limit` tells of further ones."""
    query = (
        select(Comment, Draft, who(Comment))
        .join(Provenance, col(Provenance.comment_id) == col(Comment.id))
        .join(Draft, col(Draft.id) == col(Comment.draft_id))
        .join(Person, col(Person.id) == col(Comment.author_id))
        .where(Provenance.hearing_id == hearing_id, col(Comment.id) > after, *public())
        .order_by(col(Comment.id))
        .limit(limit + 1)
    )
    return [Contribution(*row) for row in session.execute(query).all()]


def count_contributions(session: Session, agency_id: int | None) -> int:
    """How many comments that are shown were said at hearings, of all agencies or of one."""
    query = (
        select(func.count())
        .select_from(Provenance)
        .join(Hearing, col(Hearing.id) == col(Provenance.hearing_id))
        .join(Comment, col(Comment.id) == col(Provenance.comment_id))
        .where(*public())
    )
    if agency_id:
        query = query.where(Hearing.agency_id == agency_id)
    return session.exec(query).one()


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
