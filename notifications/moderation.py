"""Messages about moderation: to authors, to who reported, to those an appeal concerns."""

from datetime import datetime
from typing import Any

from sqlalchemy import or_
from sqlmodel import Session, col, select

from consult import events
from consult.access import Role
from consult.accounts.models import Person
from consult.accounts.queries import people_with
from consult.comments.models import Comment
from consult.feedback.models import Contest
from consult.law.queries import law_of
from consult.moderation.appeals import appeal_term, oversight_agency
from consult.moderation.models import Appeal, ModerationAct
from consult.moderation.queries import flags_settled_by
from consult.platform import Platform
from drafts.models import Draft
from notifications.models import Message
from notifications.telling import comment_values, draft_values, tell, tell_author

# The messages to an author, by what was done (moderation.rules.ACTS).
KINDS = {"hide": "hidden", "hold": "held", "redact": "redacted", "restore": "restored"}


def tell_author_of_act(
    session: Session,
    platform: Platform,
    event: events.CommentHidden
    | events.CommentHeld
    | events.CommentRedacted
    | events.CommentRestored,
    now: datetime,
) -> None:
    """The words, what was done, why, and until when the author may appeal."""
    comment, values = comment_values(session, event.comment_id)
    act, draft = (
        session.get_one(ModerationAct, event.act_id),
        session.get_one(Draft, event.draft_id),
    )
    term = appeal_term(law_of(session, platform.pack), draft, act.acted_at)
    values |= {
        "reason": act.reason,
        "note": act.note,
        "appeal_until_on": term.due_on.isoformat() if term else "",
        "appeal_path": f"/comments/{comment.id}/appeal/{act.id}",
    }
    kind = KINDS[act.act]
    tell_author(session, platform, comment, f"{kind}:{act.id}", kind, values, now)


def tell_reporters(
    session: Session,
    platform: Platform,
    event: events.CommentHidden
    | events.CommentKept
    | events.CommentRedacted
    | events.CommentRestored,
    now: datetime,
) -> None:
    """Whoever reported a comment learns, once, what came of it. The words are not repeated."""
    flags = flags_settled_by(session, event.act_id)
    if not flags:
        return
    act = session.get_one(ModerationAct, event.act_id)
    comment = session.get_one(Comment, event.comment_id)
    values = draft_values(session, session.get_one(Draft, event.draft_id)) | {
        "receipt": comment.receipt,
        "act": act.act,
        "reason": act.reason,
        "note": act.note,
    }
    for flag in flags:
        reader, path = session.get_one(Person, flag.person_id), f"/comments/{comment.id}"
        key = f"reported:{flag.id}"
        tell(session, platform, reader, key, "report_settled", values, path, now)


def tell_of_appeal(
    session: Session, platform: Platform, event: events.ModerationAppealed, now: datetime
) -> None:
    """Those who decide about it, and the moderator who acted."""
    row, values = _appeal_values(session, event.appeal_id)
    act = session.get_one(ModerationAct, row.act_id)
    draft = session.get_one(Draft, act.draft_id)
    body = oversight_agency(session, platform.pack, draft.agency_id)
    for person in people_with(session, Role.OVERSIGHT, body.id if body else None):
        if person.id != act.actor_id:
            path = f"/appeals/{row.id}"
            tell(session, platform, person, f"appeal:{row.id}", "appealed", values, path, now)
    moderator, path = session.get_one(Person, act.actor_id), _log_path(row)
    tell(session, platform, moderator, f"appeal:{row.id}", "appealed", values, path, now)


def tell_of_appeal_decision(
    session: Session, platform: Platform, event: events.AppealDecided, now: datetime
) -> None:
    """The author and the moderator who acted."""
    row, values = _appeal_values(session, event.appeal_id)
    act = session.get_one(ModerationAct, row.act_id)
    values |= {"decision": row.decision, "decision_reason": row.decision_reason}
    for person_id, path in (
        (row.person_id, f"/comments/{row.comment_id}"),
        (act.actor_id, _log_path(row)),
    ):
        person, key = session.get_one(Person, person_id), f"appeal_decided:{row.id}"
        tell(session, platform, person, key, "appeal_decided", values, path, now)


def _log_path(row: Appeal) -> str:
    return f"/moderation/log?comment={row.comment_id}"


def _appeal_values(session: Session, appeal_id: int) -> tuple[Appeal, dict[str, Any]]:
    row = session.get_one(Appeal, appeal_id)
    act = session.get_one(ModerationAct, row.act_id)
    comment = session.get_one(Comment, row.comment_id)
    return row, draft_values(session, session.get_one(Draft, act.draft_id)) | {
        "receipt": comment.receipt,
        "act": act.act,
        "reason": act.reason,
        "note": act.note,
    }


def clean_notices(
    session: Session,
    _platform: Platform,
    event: events.CommentWithdrawn
    | events.CommentDisavowed
    | events.CommentHidden
    | events.CommentHeld
    | events.CommentRestored
    | events.CommentRedacted
    | events.AppealDecided,
    _now: datetime,
) -> None:
    """What others were told of a comment says its words as they stand now, and none once gone.

    So does a mail that still waits. What the author has is their own.
    """
    comment = session.get_one(Comment, event.comment_id)
    starts = _told_of(session, comment)
    if not starts:
        return
    about = or_(*(col(Message.key).startswith(start) for start in starts))
    words = {"body": comment.body if comment.is_public else ""}
    for message in session.exec(select(Message).where(about)).all():
        message.values = message.values | words
        session.add(message)


def _told_of(session: Session, comment: Comment) -> list[str]:
    """How the keys begin of what others than its author were told of the words of a comment."""
    contests = session.exec(select(Contest.id).where(Contest.comment_id == comment.id)).all()
    kinds = ("answer_contested", "signed_contest_decided")
    starts = [f"{kind}:{id_}:" for kind in kinds for id_ in contests]
    if comment.parent_id is not None:
        starts.append(f"reply:{comment.id}:")
    if comment.signed_n:
        starts.append(f"signed_answered:{comment.id}:")
    return starts
