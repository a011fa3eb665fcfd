"""Reads of moderation: the public log, why a comment is hidden."""

from sqlmodel import Session, col, select

from consult.comments.models import Comment
from consult.moderation.models import ModerationAct


def reason_for_hiding(session: Session, comment_id: int) -> str:
    """The reason of the newest act on a comment; "" if there was none."""
    query = select(ModerationAct.reason).where(ModerationAct.comment_id == comment_id)
    return session.exec(query.order_by(col(ModerationAct.id).desc()).limit(1)).first() or ""


def public_log(
    session: Session, before: int | None = None, limit: int = 50
) -> list[tuple[ModerationAct, Comment]]:
    """All acts with the comments they concern, newest first, one more than `limit`."""
    query = select(ModerationAct, Comment).join(
        Comment, col(Comment.id) == col(ModerationAct.comment_id)
    )
    if before:
        query = query.where(col(ModerationAct.id) < before)
    rows = session.exec(query.order_by(col(ModerationAct.id).desc()).limit(limit + 1)).all()
    return [(act, comment) for act, comment in rows]
