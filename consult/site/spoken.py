"""What an organisation said in public, whoever spoke for it: read in a constant number of queries.

Who that was is nobody's business but its members'.
"""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from consult.adoption.models import Problem
from consult.answers.models import Disposition
from consult.answers.queries import published_for
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.cosigning.models import Signature
from drafts.models import Draft

SIGNED = 20  # of what it signed, and of the problems it met with, the newest


@dataclass(frozen=True, slots=True)
class Saying:
    """A comment with its draft and the published answer."""

    comment: Comment
    draft: Draft
    answer: Disposition | None
    mandate: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """A page of comments (`older`: the key of the next page, 0: none); on the first page also the
    newest comments of others it signed, and the problems it reported.
    """

    comments: list[Saying]
    older: int
    signed: list[Saying]
    problems: list[tuple[Problem, Draft]]

    @property
    def is_nothing(self) -> bool:
        return not (self.comments or self.signed or self.problems)


def spoken(session: Session, organisation_id: int, before: int | None, limit: int) -> Spoken:
    """What was said in its name and is shown, newest first."""
    query = (
        select(Comment, Draft, Comment.mandate)
        .join(Draft, col(Draft.id) == col(Comment.draft_id))
        .where(Comment.organisation_id == organisation_id, *public())
        .order_by(col(Comment.id).desc())
        .limit(limit + 1)
    )
    if before is not None:
        query = query.where(col(Comment.id) < before)
    rows = list(session.exec(query).all())
    signed = [] if before is not None else _signed(session, organisation_id)
    ids = [comment.id or 0 for comment, _, _ in (*rows, *signed)]
    answers = published_for(session, ids)

    def sayings(found: list[tuple[Comment, Draft, str]]) -> list[Saying]:
        return [
            Saying(comment, draft, answers.get(comment.id or 0), mandate)
            for comment, draft, mandate in found
        ]

    return Spoken(
        comments=sayings(rows[:limit]),
        older=(rows[limit - 1][0].id or 0) if len(rows) > limit else 0,
        signed=sayings(signed),
        problems=[] if before is not None else _problems(session, organisation_id),
    )


def _signed(session: Session, organisation_id: int) -> list[tuple[Comment, Draft, str]]:
    query = (
        select(Comment, Draft, Signature.mandate)
        .join(Signature, col(Signature.comment_id) == col(Comment.id))
        .join(Draft, col(Draft.id) == col(Comment.draft_id))
        .where(Signature.organisation_id == organisation_id, *public())
        .order_by(col(Signature.signed_at).desc(), col(Comment.id).desc())
        .limit(SIGNED)
    )
    return list(session.exec(query).all())


def _problems(session: Session, organisation_id: int) -> list[tuple[Problem, Draft]]:
    query = (
        select(Problem, Draft)
        .join(Draft, col(Draft.id) == col(Problem.draft_id))
        .where(Problem.organisation_id == organisation_id, col(Problem.hidden_at).is_(None))
        .order_by(col(Problem.id).desc())
        .limit(SIGNED)
    )
    return list(session.exec(query).all())
