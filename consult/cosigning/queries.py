"""Reads of signatures: who signed a comment page by page, what a person signed, whom to tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, tuple_
from sqlmodel import Session, col, select

from consult.access import Actor
from consult.accounts.models import Person
from consult.accounts.shown import who
from consult.comments.models import Comment
from consult.cosigning.models import Signature
from consult.naming import PublicName

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who signed, as the public sees them."""

    who: PublicName
    mandate: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class Signing:
    """What one person may do about signing one comment."""

    mine: Signature | None
    open: bool  # signatures are given and taken back

    @property
    def can_sign(self) -> bool:
        return self.open and self.mine is None

    @property
    def can_unsign(self) -> bool:
        return self.open and self.mine is not None


def signing_of(session: Session, actor: Actor, comment: Comment, *, is_open: bool) -> Signing:
    """Whether this person signed a comment, and whether they may; `is_open`: of its own round."""
    if actor.id is None:
        return Signing(None, open=False)
    mine = session.get(Signature, (comment.id, actor.id)) if comment.signed_n else None
    may = is_open and comment.is_public and actor.may("comment") and actor.id != comment.author_id
    return Signing(mine, open=may)


def signers(
    session: Session, comment_id: int, cursor: str = "", limit: int = 50
) -> tuple[list[Signer], str]:
    """A page of who signed a comment, the latest first, and the cursor of the next ("": none)."""
    query = (
        select(
            Signature.person_id,
            who(Signature),
            Signature.mandate,
            Signature.signed_at,
        )
        .join(Person, col(Person.id) == col(Signature.person_id))
        .where(col(Signature.comment_id) == comment_id)
        .order_by(col(Signature.signed_at).desc(), col(Signature.person_id).desc())
    )
    if last := _read_cursor(cursor):
        query = query.where(tuple_(col(Signature.signed_at), col(Signature.person_id)) < last)
    rows = session.execute(query.limit(limit + 1)).all()
    shown = rows[:limit]
    older = (
        f"{(shown[-1].signed_at - EPOCH) // MICROSECOND}.{shown[-1][0]}"
        if len(rows) > limit
        else ""
    )
    return [Signer(*row[1:]) for row in shown], older


def count_identified(session: Session, comment_id: int) -> int:
    """How many of those who signed for themselves are people of whom it is known who they are."""
    query = (
        select(func.count())
        .select_from(Signature)
        .join(Person, col(Person.id) == col(Signature.person_id))
        .where(
            col(Signature.comment_id) == comment_id,
            col(Signature.organisation_id).is_(None),
            col(Person.verified_at).is_not(None),
        )
    )
    return int(session.exec(query).one())


def _read_cursor(cursor: str) -> tuple[datetime, int] | None:
    """(when, who) of the last one shown; None for what no page of ours says."""
    numbers = cursor.split(".")
    if len(numbers) != 2 or not all(n.isascii() and n.isdigit() for n in numbers):
        return None
    if len(numbers[0]) > 17 or len(numbers[1]) > 9:
        return None
    return EPOCH + int(numbers[0]) * MICROSECOND, int(numbers[1])


def signed_among(session: Session, person_id: int, comment_ids: Sequence[int]) -> set[int]:
    """Which of some comments a person signed."""
    query = select(Signature.comment_id).where(
        Signature.person_id == person_id, col(Signature.comment_id).in_(comment_ids)
    )
    return set(session.exec(query).all())


def count_signed(session: Session, person_id: int) -> int:
    """How many comments a person signed."""
    query = select(func.count()).select_from(Signature)
    return int(session.exec(query.where(col(Signature.person_id) == person_id)).one())


def signed_by(
    session: Session, person_id: int, before: int | None, limit: int
) -> list[tuple[Comment, Signature, PublicName]]:
    """What a person signed with its authors, the newest comments first; one more than `limit`."""
    query = (
        select(Comment, Signature, who(Comment))
        .join(Signature, col(Signature.comment_id) == col(Comment.id))
        .join(Person, col(Person.id) == col(Comment.author_id))
        .where(col(Signature.person_id) == person_id)
    )
    if before:
        query = query.where(col(Signature.comment_id) < before)
    query = query.order_by(col(Signature.comment_id).desc()).limit(limit + 1)
    return [(comment, mine, author) for comment, mine, author in session.execute(query).all()]


def signer_ids(session: Session, comment_id: int, after: int, limit: int) -> list[int]:
    """The next people who signed a comment, by their id."""
    query = select(Signature.person_id).where(
        col(Signature.comment_id) == comment_id, col(Signature.person_id) > after
    )
    return list(session.exec(query.order_by(col(Signature.person_id)).limit(limit)).all())
