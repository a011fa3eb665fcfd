"""What is done about comments that may break the rules: reported, held, hidden, shown, let stand.

Taking words out: redactions.py; what an author may do about it: appealing.py.
"""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from consult import outbox
from consult.access import Actor, check_right
from consult.comments.models import Comment
from consult.comments.rules import check_not_own
from consult.consultations.actions import count
from consult.errors import Conflict, NotAllowed
from consult.events import CommentHeld, CommentHidden, CommentKept, CommentRestored
from consult.moderation.appeals import shown_on_appeal_at
from consult.moderation.models import CommentFlag, ModerationAct
from consult.moderation.rules import (
    HOLD_REASONS,
    check_independent,
    check_reason,
    check_words,
)
from consult.procedure.stages import Stage, Verb, check_allowed
from drafts.actions import keep_stage
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


def hold_comment(
    session: Session, *, actor: Actor, comment: Comment, reason: str, note: str, now: datetime
) -> None:
    """Show the words to nobody until it is decided: hidden, or shown again.

    The reports on it wait on, for they are what has to be decided.
    """
    check_moderator(session, actor, comment)
    check_reason(reason, note.strip(), HOLD_REASONS)
    lock(session, comment)
    if not comment.is_public:
        raise Conflict("This comment is not shown any more.")
    check_not_overturned(session, comment)
    comment.held_at = now
    session.add(comment)
    act = log_act(session, actor, comment, "hold", reason, note, now)
    recount(session, comment, -1)
    outbox.record(session, CommentHeld(comment.id or 0, comment.draft_id, act.id or 0), now)


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
    lock(session, comment)
    if comment.withdrawn_at is not None:
        raise Conflict("This comment was withdrawn by its author.")
    if comment.hidden_at is not None:
        raise Conflict("This comment is hidden already.")
    check_not_overturned(session, comment)
    was_shown = comment.is_public
    comment.hidden_at, comment.held_at = now, None
    session.add(comment)
    act = log_act(session, actor, comment, "hide", reason, note, now)
    if was_shown:
        recount(session, comment, -1)
    outbox.record(session, CommentHidden(comment.id or 0, comment.draft_id, act.id or 0), now)


def restore_comment(
    session: Session, *, actor: Actor, comment: Comment, reason: str, now: datetime
) -> None:
    """Show words again that were held or hidden; `reason` is in the moderator's own words."""
    check_moderator(session, actor, comment)
    check_words(reason.strip())
    show_again(session, actor, comment, reason, now)


def show_again(
    session: Session, actor: Actor, comment: Comment, reason: str, now: datetime
) -> None:
    """The words are neither held nor hidden any more; raises Conflict if they were not."""
    lock(session, comment)
    if comment.hidden_at is None and comment.held_at is None:
        raise Conflict("This comment is not hidden.")
    comment.hidden_at = comment.held_at = None
    session.add(comment)
    act = log_act(session, actor, comment, "restore", reason, "", now)
    if comment.is_public:
        recount(session, comment, 1)
    outbox.record(session, CommentRestored(comment.id or 0, comment.draft_id, act.id or 0), now)


def keep_comment(
    session: Session, *, actor: Actor, comment: Comment, reason: str, now: datetime
) -> None:
    """Let a reported comment stand, and say why; the reports on it are settled."""
    check_moderator(session, actor, comment)
    check_words(reason.strip())
    lock(session, comment)
    if comment.held_at is not None:
        raise Conflict("This comment is held: show it again, or hide it.")
    open_flags = select(CommentFlag.id).where(
        CommentFlag.comment_id == comment.id, col(CommentFlag.act_id).is_(None)
    )
    if not session.exec(open_flags).first():
        raise Conflict("No report on this comment waits for a decision.")
    act = log_act(session, actor, comment, "keep", reason, "", now)
    outbox.record(session, CommentKept(comment.id or 0, comment.draft_id, act.id or 0), now)


def check_moderator(session: Session, actor: Actor, comment: Comment) -> None:
    """Raise NotAllowed unless this moderator may decide about this comment."""
    check_right(actor, "moderate")
    draft = session.get_one(Draft, comment.draft_id)
    check_allowed(Stage(draft.stage), Verb.MODERATE)
    check_independent(actor, draft.agency_id)
    check_not_own(comment.author_id, actor.person_id)


def check_not_overturned(session: Session, comment: Comment) -> None:
    """Words the oversight body has shown again are not taken away a second time.

    Changed by their author since, they are other words.
    """
    shown_at, edited_at = shown_on_appeal_at(session, comment), comment.edited_at
    if shown_at and (edited_at is None or shown_at > edited_at):
        raise Conflict("The oversight body has decided that these words are shown.")


def lock(session: Session, comment: Comment) -> None:
    """The comment as it is now, and nobody changes it meanwhile: of two moderators one acts.

    Its draft comes first, as for whoever publishes a report: neither waits for the other for ever.
    """
    keep_stage(session, session.get_one(Draft, comment.draft_id))
    session.refresh(comment, with_for_update={"key_share": True})


def log_act(
    session: Session,
    actor: Actor,
    comment: Comment,
    act: str,
    reason: str,
    note: str,
    now: datetime,
) -> ModerationAct:
    """Write an act into the public log. Every act but holding settles the reports that wait."""
    row = ModerationAct(
        draft_id=comment.draft_id,
        comment_id=comment.id or 0,
        act=act,
        reason=reason.strip(),
        note=note.strip(),
        actor_id=actor.person_id,
        acted_at=now,
    )
    session.add(row)
    session.flush()
    if act != "hold":
        session.execute(
            update(CommentFlag)
            .where(col(CommentFlag.comment_id) == comment.id, col(CommentFlag.act_id).is_(None))
            .values(act_id=row.id)
        )
    return row


def log_hidden_problem(
    session: Session, actor: Actor, draft_id: int, problem_id: int, reason: str, now: datetime
) -> None:
    """Write into the public log that a problem reported after adoption was hidden."""
    session.add(
        ModerationAct(
            draft_id=draft_id,
            problem_id=problem_id,
            act="hide",
            reason=reason,
            actor_id=actor.person_id,
            acted_at=now,
        )
    )


def log_hidden(
    session: Session,
    actor: Actor,
    subject: str,
    reason: str,
    now: datetime,
    *,
    draft_id: int | None = None,
) -> ModerationAct:
    """Write into the public log that a thing named by kind and number (question:12) was hidden."""
    act = ModerationAct(
        draft_id=draft_id,
        subject=subject,
        act="hide",
        reason=reason,
        actor_id=actor.person_id,
        acted_at=now,
    )
    session.add(act)
    session.flush()
    return act


def recount(session: Session, comment: Comment, change: int) -> None:
    """What is not shown does not count. Of a reply the gap counts too: it stays in the thread."""
    if comment.parent_id is None:
        count(
            session,
            draft_id=comment.draft_id,
            version_id=comment.version_id,
            wid=comment.wid,
            comments=change,
        )
