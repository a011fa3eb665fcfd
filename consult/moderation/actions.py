"""What a moderator does: hide a comment that breaks the rules, restore it."""

from datetime import datetime

from sqlmodel import Session

from consult import outbox
from consult.access import Actor, check_right
from consult.comments.models import Comment
from consult.consultations.actions import count
from consult.errors import Conflict, Invalid
from consult.events import CommentHidden, CommentRestored
from consult.moderation.models import ModerationAct
from consult.moderation.rules import REASONS


def hide_comment(
    session: Session, *, actor: Actor, comment: Comment, reason: str, now: datetime
) -> None:
    """Hide the words; a marked gap and the public log keep the act and its reason."""
    if comment.hidden_at is not None:
        raise Conflict("This comment is hidden already.")
    act = _log(session, actor, comment, "hide", reason, now)
    comment.hidden_at = now
    _recount(session, comment, -1)
    event = CommentHidden(comment.id or 0, comment.draft_id, act.id or 0)
    outbox.record(session, event, now)


def restore_comment(
    session: Session, *, actor: Actor, comment: Comment, reason: str, now: datetime
) -> None:
    """Show the words again."""
    if comment.hidden_at is None:
        raise Conflict("This comment is not hidden.")
    act = _log(session, actor, comment, "restore", reason, now)
    comment.hidden_at = None
    _recount(session, comment, 1)
    event = CommentRestored(comment.id or 0, comment.draft_id, act.id or 0)
    outbox.record(session, event, now)


def _log(
    session: Session, actor: Actor, comment: Comment, act: str, reason: str, now: datetime
) -> ModerationAct:
    check_right(actor, "moderate")
    if act == "hide" and reason not in REASONS:
        raise Invalid("Please choose the reason.", field="reason")
    if not reason.strip():
        raise Invalid("Please give the reason.", field="reason")
    row = ModerationAct(
        comment_id=comment.id or 0,
        act=act,
        reason=reason,
        actor_id=actor.person_id,
        acted_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _recount(session: Session, comment: Comment, change: int) -> None:
    session.add(comment)
    if comment.parent_id is None and comment.withdrawn_at is None:
        count(
            session,
            draft_id=comment.draft_id,
            version_id=comment.version_id,
            wid=comment.wid,
            comments=change,
        )
