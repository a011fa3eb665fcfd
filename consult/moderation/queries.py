"""Reads of moderation: a moderator's list, why a comment is not shown, who reported it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from consult.accounts.models import Person
from consult.accounts.shown import known_as
from consult.comments.models import Comment
from consult.comments.queries import waiting
from consult.moderation.models import CommentFlag, ModerationAct
from consult.naming import KnownAs
from drafts.models import Draft

SHOWS = ("", "flagged", "held", "hidden")


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A comment as a moderator sees it, hidden words included; `flags` wait for a decision."""

    comment: Comment
    who: KnownAs
    draft: Draft
    flags: Sequence[CommentFlag]

    @property
    def reasons(self) -> Mapping[str, int]:
        """For what it was reported, and how often; the most frequent first."""
        return dict(Counter(flag.reason for flag in self.flags).most_common())

    def held_for(self, now: datetime) -> tuple[int, int]:
        """For how long it is held: days, and hours beyond them."""
        hours = int((now - (self.comment.held_at or now)).total_seconds() // 3600)
        return divmod(hours, 24)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which comments a moderator looks at: of a draft, of an account, of some moments."""

    show: str = ""
    draft_id: int | None = None
    author_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def reason_for_hiding(session: Session, comment_id: int) -> str:
    """The code of the reason for which a comment was last hidden or held; "" if it never was."""
    query = select(ModerationAct.reason).where(
        ModerationAct.comment_id == comment_id, col(ModerationAct.act).in_(("hide", "hold"))
    )
    return session.exec(query.order_by(col(ModerationAct.id).desc()).limit(1)).first() or ""


def shown_again_at(session: Session, comment_id: int) -> datetime | None:
    """When a comment was last shown again; None if it never was."""
    query = select(ModerationAct.acted_at).where(
        ModerationAct.comment_id == comment_id, ModerationAct.act == "restore"
    )
    return session.exec(query.order_by(col(ModerationAct.id).desc()).limit(1)).first()


def queue(
    session: Session, wanted: Narrowed, before: int | None = None, limit: int = 30
) -> list[QueueRow]:
    """Comments of all drafts, newest first, one more than `limit`, in two queries.

    Those held come in the order they were written: whoever waits longest comes first.
    """
    query = (
        select(Comment, known_as(Comment), Draft)
        .join(Person, col(Person.id) == col(Comment.author_id))
        .join(Draft, col(Draft.id) == col(Comment.draft_id))
        .where(col(Comment.withdrawn_at).is_(None))
    )
    query = _narrow(query, wanted)
    number, held = col(Comment.id), wanted.show == "held"
    if before:
        query = query.where(number > before if held else number < before)
    query = query.order_by(number if held else number.desc())
    rows = session.execute(query.limit(limit + 1)).all()
    flags = _open_flags(session, [comment.id or 0 for comment, *_ in rows])
    return [
        QueueRow(comment, author, draft, flags.get(comment.id or 0, ()))
        for comment, author, draft in rows
    ]


def _narrow(query: Any, wanted: Narrowed) -> Any:
    if wanted.show == "flagged":
        waiting = select(CommentFlag.comment_id).where(col(CommentFlag.act_id).is_(None))
        query = query.where(col(Comment.id).in_(waiting))
    elif wanted.show in ("held", "hidden"):  # found by the acts, which are few
        act, gone = {
            "held": ("hold", Comment.held_at),
            "hidden": ("hide", Comment.hidden_at),
        }[wanted.show]
        acted = select(ModerationAct.comment_id).where(ModerationAct.act == act)
        query = query.where(col(gone).is_not(None), col(Comment.id).in_(acted))
    for column, value in (
        (Comment.draft_id, wanted.draft_id),
        (Comment.author_id, wanted.author_id),
    ):
        query = query.where(col(column) == value) if value else query
    if wanted.since:
        query = query.where(col(Comment.created_at) >= wanted.since)
    return query.where(col(Comment.created_at) < wanted.until) if wanted.until else query


def _open_flags(session: Session, comment_ids: Sequence[int]) -> dict[int, list[CommentFlag]]:
    found = session.exec(
        select(CommentFlag)
        .where(col(CommentFlag.comment_id).in_(comment_ids), col(CommentFlag.act_id).is_(None))
        .order_by(col(CommentFlag.id))
    ).all()
    flags: dict[int, list[CommentFlag]] = defaultdict(list)
    for flag in found:
        flags[flag.comment_id].append(flag)
    return flags


def flags_on(session: Session, comment_id: int) -> list[CommentFlag]:
    """The reports on a comment that wait for a decision."""
    return _open_flags(session, [comment_id]).get(comment_id, [])


def flags_settled_by(session: Session, act_id: int) -> list[CommentFlag]:
    """The reports that were answered with an act."""
    return list(session.exec(select(CommentFlag).where(CommentFlag.act_id == act_id)).all())


def counts(session: Session) -> dict[str, int]:
    """How many comments wait for a decision: by "flagged" and "held"."""
    flagged = (
        select(func.count(func.distinct(CommentFlag.comment_id)))
        .join(Comment, col(Comment.id) == col(CommentFlag.comment_id))
        .where(col(CommentFlag.act_id).is_(None), col(Comment.withdrawn_at).is_(None))
    )
    held = select(func.count(func.distinct(ModerationAct.comment_id))).where(
        ModerationAct.act == "hold",
        col(ModerationAct.comment_id).in_(select(Comment.id).where(*waiting())),
    )
    return {
        "flagged": int(session.exec(flagged).one()),
        "held": int(session.exec(held).one()),
    }
