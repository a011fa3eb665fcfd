"""What is done about comments that may break the rules: reported, hidden, restored, let stand."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from consult import outbox
from consult.access import Actor, check_right
from consult.comments.models import Comment
from consult.consultations.actions import count
from consult.db import affected
from consult.errors import Conflict, NotAllowed
from consult.events import CommentHidden, CommentRestored
from consult.moderation.models import CommentFlag, ModerationAct
from consult.moderation.rules import check_independent, check_reason, check_words
from consult.procedure.stages import Stage, Verb, check_allowed
from drafts.models import Draft


def flag_comment(
    session: Session, *, actor: Actor, comment: Comment, reason: str, note: str, now: datetime
) -> None:
    """A reader reports a comment, once; nothing happens to it until a moderator has looked."""
    check_right(actor, "flag")
    if comment.author_id == actor.person_id:
        raise NotAllowed("This is your own comment: you can withdraw it.")
    if not comment.is_public:
        raise Conflict("This comment is not shown any more.")
    check_reason(reason, note.strip())
    mine = select(CommentFlag.id).where(
        CommentFlag.comment_id == comment.id, CommentFlag.person_id == actor.person_id
    )
    if session.exec(mine).first():
        raise Conflict("You have reported this comment already.")
    flag = CommentFlag(
        comment_id=comment.id or 0,
        person_id=actor.person_id,
        reason=reason,
        note=note.strip(),
        flagged_at=now,
    )
    session.add(flag)
    session.flush()


def hide_comment(
    session: Session,
    *,
    actor: Actor,
    comment: Comment,
    reason: str,
    note: str = "",
    now: datetime,
) -> None:
    """Hide the words; a marked gap and the public log keep the act and its reason."""
    check_moderator(session, actor, comment)
    check_reason(reason, note.strip())
    if comment.withdrawn_at is not None:
        raise Conflict("This comment was withdrawn by its author.")
    if not _claim(session, comment, now):
        raise Conflict("This comment is hidden already.")
    act = _log(session, actor, comment, "hide", reason, note, now)
    _recount(session, comment, -1)
    event = CommentHidden(comment.id or 0, comment.draft_id, act.id or 0)
    outbox.record(session, event, now)


def restore_comment(
    session: Session, *, actor: Actor, comment: Comment, reason: str, now: datetime
) -> None:
    """Show the words again; `reason` is in the moderator's own words."""
    check_moderator(session, actor, comment)
    check_words(reason.strip())
    if not _claim(session, comment, None):
        raise Conflict("This comment is not hidden.")
    act = _log(session, actor, comment, "restore", reason, "", now)
    _recount(session, comment, 1)
    event = CommentRestored(comment.id or 0, comment.draft_id, act.id or 0)
    outbox.record(session, event, now)


def keep_comment(
    session: Session, *, actor: Actor, comment: Comment, reason: str, now: datetime
) -> None:
    """Let a reported comment stand, and say why; the reports on it are settled."""
    check_moderator(session, actor, comment)
    check_words(reason.strip())
    open_flags = select(CommentFlag.id).where(
        CommentFlag.comment_id == comment.id, col(CommentFlag.act_id).is_(None)
    )
    if not session.exec(open_flags).first():
        raise Conflict("No report on this comment waits for a decision.")
    _log(session, actor, comment, "keep", reason, "", now)


def check_moderator(session: Session, actor: Actor, comment: Comment) -> None:
    """Raise NotAllowed unless this moderator may decide about this comment."""
    check_right(actor, "moderate")
    draft = session.get_one(Draft, comment.draft_id)
    check_allowed(Stage(draft.stage), Verb.MODERATE)
    check_independent(actor, draft.agency_id)


def _claim(session: Session, comment: Comment, hidden_at: datetime | None) -> bool:
    """Hide or show, if it is not so already: of two moderators at once one does it."""
    hidden = col(Comment.hidden_at).is_not(None)
    changed = session.execute(
        update(Comment)
        .where(col(Comment.id) == comment.id, ~hidden if hidden_at else hidden)
        .values(hidden_at=hidden_at)
    )
    session.refresh(comment)
    return affected(changed) == 1


def _log(
    session: Session,
    actor: Actor,
    comment: Comment,
    act: str,
    reason: str,
    note: str,
    now: datetime,
) -> ModerationAct:
    row = ModerationAct(
        comment_id=comment.id or 0,
        act=act,
        reason=reason.strip(),
        note=note.strip(),
        actor_id=actor.person_id,
        acted_at=now,
    )
    session.add(row)
    session.flush()
    session.execute(
        update(CommentFlag)
        .where(col(CommentFlag.comment_id) == comment.id, col(CommentFlag.act_id).is_(None))
        .values(act_id=row.id)
    )
    return row


def _recount(session: Session, comment: Comment, change: int) -> None:
    """Hidden words do not count; nor did they before, if their author has withdrawn them."""
    if comment.parent_id is None and comment.withdrawn_at is None:
        count(
            session,
            draft_id=comment.draft_id,
            version_id=comment.version_id,
            wid=comment.wid,
            comments=change,
        )
