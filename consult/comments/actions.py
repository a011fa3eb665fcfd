"""What a person does with comments: submit, edit within the window, withdraw."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from consult import outbox
from consult.access import Actor, check_right
from consult.comments.models import Comment, CommentRevision
from consult.comments.rules import (
    body_hash,
    check_editable,
    check_own,
    check_words,
    clean_body,
    receipt_number,
)
from consult.consultations.actions import count
from consult.consultations.queries import current_round
from consult.consultations.rules import check_open
from consult.db import affected
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.events import CommentEdited, CommentSubmitted, CommentWithdrawn
from consult.procedure.stages import Stage, Verb, check_allowed
from drafts.models import Draft
from drafts.queries import provision
from drafts.versions.anchoring import find_quote


@dataclass(frozen=True, slots=True)
class Words:
    """What is said: the part of a comment that may be edited."""

    body: str
    kind: str
    stance: str
    proposed: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """What it is said about: the whole draft, a provision, words quoted from it, a comment."""

    wid: str = ""
    lang: str = ""
    quote: str = ""
    quote_start: int | None = None
    parent_id: int | None = None


def submit_comment(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    place: Place,
    words: Words,
    lang: str,
    most: int,
    now: datetime,
) -> Comment:
    """Take a comment and give it its receipt; raises NotAllowed, Invalid, NotFound, Conflict.

    The same words sent again to the same place (a form sent twice, a page reloaded) are one
    comment: the first is returned with its receipt.
    """
    check_right(actor, "comment")
    consultation = check_open(
        current_round(session, draft.id or 0), Stage(draft.stage), Verb.COMMENT, now
    )
    parent = _parent(session, draft, place)
    words = _checked(words, most)
    comment = Comment(
        receipt=secrets.token_hex(8),  # until its number is known
        consultation_id=consultation.id or 0,
        draft_id=consultation.draft_id,
        version_id=consultation.version_id,
        parent_id=parent.id if parent else None,
        author_id=actor.person_id,
        lang=lang,
        created_at=now,
        body_hash=body_hash(words.body, words.proposed),
        body=words.body,
        proposed=words.proposed,
        kind=words.kind,
        stance=words.stance,
    )
    if parent:
        comment.wid, comment.anchor_lang = parent.wid, parent.anchor_lang
    else:
        _anchor(session, comment, place)
    if twin := _sent_twice(session, comment):
        return twin
    session.add(comment)
    session.flush()
    comment.receipt = receipt_number(comment.id or 0, now)
    _count(session, comment, 1)
    outbox.record(session, CommentSubmitted(comment.id or 0, draft.id or 0), now)
    return comment


def _sent_twice(session: Session, comment: Comment) -> Comment | None:
    """The comment these very words of this person already are, if they sent them before."""
    return session.exec(
        select(Comment).where(
            Comment.author_id == comment.author_id,
            Comment.consultation_id == comment.consultation_id,
            Comment.wid == comment.wid,
            col(Comment.parent_id).is_not_distinct_from(comment.parent_id),
            col(Comment.quote_start).is_not_distinct_from(comment.quote_start),
            Comment.body_hash == comment.body_hash,
            col(Comment.withdrawn_at).is_(None),
        )
    ).first()


def _checked(words: Words, most: int) -> Words:
    body, proposed = clean_body(words.body), clean_body(words.proposed)
    check_words(body, proposed, kind=words.kind, stance=words.stance, most=most)
    return Words(body=body, proposed=proposed, kind=words.kind, stance=words.stance)


def _parent(session: Session, draft: Draft, place: Place) -> Comment | None:
    if place.parent_id is None:
        return None
    parent = session.get(Comment, place.parent_id)
    if parent is None or parent.draft_id != draft.id or not parent.is_public:
        raise NotFound("The comment you reply to is no longer there.")
    if parent.parent_id is not None:  # one level: a reply to a reply joins the same thread
        return session.get_one(Comment, parent.parent_id)
    return parent


def _anchor(session: Session, comment: Comment, place: Place) -> None:
    """Fix a comment to its provision, and to the quoted words if there are any."""
    if not place.wid:
        return
    row = provision(session, comment.version_id, place.lang, place.wid)
    if row is None:
        raise Conflict(
            "The provision is no longer in the text. "
            "You can send your comment for the draft as a whole.",
            field="body",
        )
    comment.wid, comment.anchor_lang = place.wid, place.lang
    if not place.quote:
        return
    quote = find_quote(row.text, place.quote, near=place.quote_start or 0)
    if quote is None:
        raise Invalid("The quoted words do not stand in this provision.", field="quote")
    comment.quote, comment.quote_start = quote.exact, quote.start
    comment.quote_prefix, comment.quote_suffix = quote.prefix, quote.suffix


def _count(session: Session, comment: Comment, change: int) -> None:
    """A comment counts for its place, a reply for the comment it replies to.

    Of a reply its gap counts too, when it was withdrawn: it is still shown in the thread.
    """
    if comment.parent_id is not None:
        session.execute(
            update(Comment)
            .where(col(Comment.id) == comment.parent_id)
            .values(replies_n=Comment.replies_n + change)
        )
    else:
        count(
            session,
            draft_id=comment.draft_id,
            version_id=comment.version_id,
            wid=comment.wid,
            comments=change,
        )


def _stage(session: Session, comment: Comment) -> Stage:
    return Stage(session.get_one(Draft, comment.draft_id).stage)


def edit_comment(
    session: Session,
    *,
    actor: Actor,
    comment: Comment,
    words: Words,
    window: timedelta,
    most: int,
    now: datetime,
) -> None:
    """Change one's words within the window; the earlier wording is kept."""
    check_own(comment.author_id, actor.person_id)
    session.refresh(comment, with_for_update={"key_share": True})  # of two edits none is lost
    if not comment.is_public:
        raise NotAllowed("This comment can no longer be changed.")
    stage = _stage(session, comment)
    check_open(current_round(session, comment.draft_id), stage, Verb.EDIT_COMMENT, now)
    check_editable(comment.created_at, now, window)
    words = _checked(words, most)
    session.add(
        CommentRevision(
            comment_id=comment.id or 0,
            body=comment.body,
            proposed=comment.proposed,
            kind=comment.kind,
            stance=comment.stance,
            replaced_at=now,
        )
    )
    comment.body, comment.proposed = words.body, words.proposed
    comment.kind, comment.stance = words.kind, words.stance
    comment.body_hash = body_hash(words.body, words.proposed)
    comment.edited_at = now
    session.add(comment)
    outbox.record(session, CommentEdited(comment.id or 0, comment.draft_id), now)


def withdraw_comment(session: Session, *, actor: Actor, comment: Comment, now: datetime) -> None:
    """Take one's words back: a marked gap stays, replies stay, the agency owes no answer to it.

    Claimed by a conditional update: whoever sends it twice, or while a moderator hides it, is
    counted once.
    """
    check_own(comment.author_id, actor.person_id)
    check_allowed(_stage(session, comment), Verb.WITHDRAW_COMMENT)
    claimed = session.execute(
        update(Comment)
        .where(col(Comment.id) == comment.id, col(Comment.withdrawn_at).is_(None))
        .values(withdrawn_at=now)
    )
    session.refresh(comment)
    if affected(claimed) != 1:
        return
    if comment.parent_id is None and comment.hidden_at is None:
        _count(session, comment, -1)
    outbox.record(session, CommentWithdrawn(comment.id or 0, comment.draft_id), now)
