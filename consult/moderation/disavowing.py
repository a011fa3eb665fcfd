"""Somebody in whose name a comment was sent says that they did not write it.

Who says so is shown by a signed link (notifications/disavowing_routes.py): no account is needed.
"""

from datetime import datetime

from sqlmodel import Session, col, select

from consult import outbox
from consult.comments.models import Comment
from consult.events import CommentDisavowed
from consult.moderation.actions import lock, recount
from consult.moderation.models import Disavowal
from consult.moderation.rules import check_note
from consult.procedure.stages import Stage, Verb, check_allowed
from drafts.models import Draft


def disavow_comment(session: Session, *, comment: Comment, note: str, now: datetime) -> None:
    """Take a comment back that was sent in somebody's name; done twice, the second does nothing."""
    check_allowed(Stage(session.get_one(Draft, comment.draft_id).stage), Verb.DISAVOW_COMMENT)
    check_note(note.strip())
    lock(session, comment)
    if comment.disavowed_at is not None:
        return
    was_shown = comment.is_public
    comment.disavowed_at = now
    comment.withdrawn_at = comment.withdrawn_at or now
    session.add(comment)
    session.add(Disavowal(comment_id=comment.id or 0, note=note.strip(), disavowed_at=now))
    if was_shown:
        recount(session, comment, -1)
    outbox.record(session, CommentDisavowed(comment.id or 0, comment.draft_id), now)


def disavowals(session: Session, limit: int = 20) -> list[tuple[Disavowal, Comment]]:
    """The newest, with their comments."""
    query = select(Disavowal, Comment).join(Comment, col(Comment.id) == col(Disavowal.comment_id))
    rows = session.exec(query.order_by(col(Disavowal.disavowed_at).desc()).limit(limit)).all()
    return [(row, comment) for row, comment in rows]
