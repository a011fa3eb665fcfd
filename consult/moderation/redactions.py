"""Taking personal data out of a comment, of all its wordings, and putting it back.

The quote of a comment is left as it is: it stands in the public text of the draft, word for word.
The fingerprint on the receipt too: it is of what was said, which the author's own copy proves.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, update
from sqlmodel import Session, col, select

from consult import outbox
from consult.access import Actor
from consult.comments.models import Comment
from consult.comments.queries import revisions_of
from consult.db import affected
from consult.errors import Conflict
from consult.events import CommentRedacted
from consult.law.queries import Law
from consult.moderation.actions import check_moderator, lock, log_act
from consult.moderation.appeals import appeal_term
from consult.moderation.models import Appeal, ModerationAct, Redaction
from consult.moderation.redacting import check_pieces, put_back, without
from consult.moderation.rules import check_note
from consult.papers.models import Paper
from drafts.models import Draft

FIELDS = ("body", "proposed", "mandate")
BATCH = 500  # rows emptied at once


def redact_comment(
    session: Session,
    *,
    actor: Actor,
    comment: Comment,
    pieces: Sequence[str],
    note: str,
    law: Law,
    now: datetime,
) -> ModerationAct:
    """Put a mark wherever these words stand; they are kept until the time to appeal is over.

    Where the rules give no such time, they are not kept at all.
    """
    check_moderator(session, actor, comment)
    check_note(note.strip())
    lock(session, comment)
    places = _check(session, comment, pieces)
    act = log_act(session, actor, comment, "redact", "personal_data", note, now)
    term = appeal_term(law, session.get_one(Draft, comment.draft_id), now)
    for words in pieces:
        removed = Redaction(
            act_id=act.id or 0,
            comment_id=comment.id or 0,
            words=words if term else "",
            erase_at=term.due_at if term else now,
            erased_at=None if term else now,
        )
        session.add(removed)
        session.flush()
        for row, name in places:
            setattr(row, name, without(getattr(row, name), words, removed.id or 0))
    comment.redacted_at = now
    session.add_all(row for row, _ in places)
    outbox.record(session, CommentRedacted(comment.id or 0, comment.draft_id, act.id or 0), now)
    return act


def preview(session: Session, comment: Comment, pieces: Sequence[str]) -> dict[str, str]:
    """How the comment will read, by field, and the "title" of its paper.

    Raises Invalid, Conflict as `redact_comment` does.
    """
    places = _check(session, comment, pieces)
    texts = {name: getattr(row, name) for row, name in places if isinstance(row, Comment | Paper)}
    for words in pieces:
        texts = {name: without(text, words, 0) for name, text in texts.items()}
    return texts


def put_words_back(
    session: Session, actor: Actor, comment: Comment, act_id: int, reason: str, now: datetime
) -> None:
    """Undo a redaction; the log says so. What its author has cut meanwhile stays cut."""
    lock(session, comment)
    query = select(Redaction).where(Redaction.act_id == act_id, col(Redaction.erased_at).is_(None))
    places = _places(session, comment)
    # The last first: a later piece was cut from what the earlier ones left.
    for removed in session.exec(query.order_by(col(Redaction.id).desc())).all():
        for row, name in places:
            setattr(row, name, put_back(getattr(row, name), removed.words, removed.id or 0))
        session.delete(removed)
    session.flush()
    left = select(Redaction.id).where(Redaction.comment_id == comment.id)
    if session.exec(left).first() is None:
        comment.redacted_at = None
    session.add_all(row for row, _ in places)
    log_act(session, actor, comment, "put_back", reason, "", now)


def _check(session: Session, comment: Comment, pieces: Sequence[str]) -> list[tuple[Any, str]]:
    """Where the pieces may stand; each must, somewhere. Words taken back are read by nobody."""
    if comment.withdrawn_at is not None:
        raise Conflict("This comment was withdrawn by its author.")
    places = _places(session, comment)
    check_pieces(pieces, [getattr(row, name) for row, name in places])
    return places


def _places(session: Session, comment: Comment) -> list[tuple[Any, str]]:
    """Where words of a comment stand, as (row, field): its wordings, the title of its paper.

    The paper is kept for this transaction: its other parts may lose words at the same time.
    """
    wordings = [comment, *revisions_of(session, comment.id or 0)]
    places: list[tuple[Any, str]] = [(row, name) for row in wordings for name in FIELDS]
    if comment.paper_id is not None:
        kept = {"key_share": True}
        places.append((session.get_one(Paper, comment.paper_id, with_for_update=kept), "title"))
    return places


def _over(now: datetime) -> ColumnElement[bool]:
    """Words whose time is over, and about which no appeal waits."""
    waits = exists().where(col(Appeal.act_id) == col(Redaction.act_id), col(Appeal.decision) == "")
    return and_(col(Redaction.erased_at).is_(None), col(Redaction.erase_at) <= now, ~waits)


def waits_for_erasing(session: Session, now: datetime) -> bool:
    """Whether removed words are kept that nobody may ask for any more."""
    return session.exec(select(Redaction.id).where(_over(now)).limit(1)).first() is not None


def erase_redacted(session: Session, now: datetime) -> int:
    """Forget the removed words that nobody may ask for any more; returns how many pieces."""
    over = select(Redaction.id).where(_over(now)).limit(BATCH)
    done = session.execute(
        update(Redaction)
        .where(col(Redaction.id).in_(over))
        .values(words="", erased_at=now)
        .execution_options(synchronize_session=False)
    )
    return affected(done)
