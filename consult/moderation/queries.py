"""Reads of moderation: the public log, a moderator's list, why a comment is hidden."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from consult.accounts.models import Person
from consult.comments.models import Comment
from consult.moderation.models import CommentFlag, ModerationAct
from drafts.models import Draft


@dataclass(frozen=True, slots=True)
class LogRow:
    """An act with what the public may know of the comment: its number and its draft."""

    act: ModerationAct
    receipt: str
    draft_id: int
    titles: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A comment as a moderator sees it, hidden words included; `flags` wait for a decision."""

    comment: Comment
    author: str
    draft: Draft
    flags: Sequence[CommentFlag]


def reason_for_hiding(session: Session, comment_id: int) -> str:
    """The code of the reason for which a comment was last hidden; "" if it never was."""
    query = select(ModerationAct.reason).where(
        ModerationAct.comment_id == comment_id, ModerationAct.act == "hide"
    )
    return session.exec(query.order_by(col(ModerationAct.id).desc()).limit(1)).first() or ""


def public_log(
    session: Session, before: int | None = None, comment_id: int | None = None, limit: int = 50
) -> list[LogRow]:
    """All acts, or those on one comment, newest first; one more than `limit`."""
    query = (
        select(ModerationAct, Comment.receipt, Draft.id, Draft.titles)
        .join(Comment, col(Comment.id) == col(ModerationAct.comment_id))
        .join(Draft, col(Draft.id) == col(Comment.draft_id))
    )
    if before:
        query = query.where(col(ModerationAct.id) < before)
    if comment_id:
        query = query.where(ModerationAct.comment_id == comment_id)
    rows = session.exec(query.order_by(col(ModerationAct.id).desc()).limit(limit + 1)).all()
    return [LogRow(act, receipt, draft or 0, titles) for act, receipt, draft, titles in rows]


def queue(
    session: Session, show: str = "", before: int | None = None, limit: int = 30
) -> list[QueueRow]:
    """Comments of all drafts, newest first, one more than `limit`, in two queries.

    `show` is "" for all of them, "flagged" for those whose reports wait, "hidden".
    """
    query = (
        select(Comment, Person.name, Person.organisation, Draft)
        .join(Person, col(Person.id) == col(Comment.author_id))
        .join(Draft, col(Draft.id) == col(Comment.draft_id))
        .where(col(Comment.withdrawn_at).is_(None))
    )
    if show == "flagged":
        waiting = select(CommentFlag.comment_id).where(col(CommentFlag.act_id).is_(None))
        query = query.where(col(Comment.id).in_(waiting))
    elif show == "hidden":
        query = query.where(col(Comment.hidden_at).is_not(None))
    if before:
        query = query.where(col(Comment.id) < before)
    rows = session.exec(query.order_by(col(Comment.id).desc()).limit(limit + 1)).all()
    flags = _open_flags(session, [comment.id or 0 for comment, *_ in rows])
    return [
        QueueRow(comment, organisation or name, draft, flags.get(comment.id or 0, ()))
        for comment, name, organisation, draft in rows
    ]


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


def count_flagged(session: Session) -> int:
    """How many comments have reports that wait for a decision."""
    query = select(func.count(func.distinct(CommentFlag.comment_id)))
    return int(session.exec(query.where(col(CommentFlag.act_id).is_(None))).one())
