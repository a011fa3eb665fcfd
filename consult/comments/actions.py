"""What a person does with comments: submit, edit within the window, withdraw."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from consult import outbox
from consult.access import Actor, check_agency, check_right
from consult.accounts.rules import clean_line
from consult.comments.models import Comment, CommentRevision
from consult.comments.rules import (
    OWN_CHANNELS,
    body_hash,
    change_of,
    check_change,
    check_differs,
    check_editable,
    check_mandate,
    check_own,
    check_unsigned,
    check_words,
    clean_body,
    kind_of,
    receipt_number,
    spot_of_reply,
)
from consult.consultations.actions import count
from consult.consultations.models import Consultation
from consult.consultations.queries import current_round
from consult.consultations.rules import check_open
from consult.db import affected
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.events import CommentEdited, CommentSubmitted, CommentWithdrawn
from consult.procedure.stages import Stage, Verb, check_allowed
from drafts.actions import keep_stage
from drafts.models import Draft
from drafts.queries import provision
from drafts.versions.anchoring import find_quote
from drafts.versions.proposing import applied, edit_of


class ProvisionGone(Conflict):
    """The text that is discussed has no such provision: it may have had one."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is said: the part of a comment that may be edited.

    `change` is what is proposed to do to the text: "" is a replacement when words are `proposed`.
    """

    body: str
    kind: str
    stance: str
    proposed: str = ""
    change: str = ""
    mandate: str = ""


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
    channel: str = "web",
) -> Comment:
    """Take a comment and give it its receipt; raises NotAllowed, Invalid, NotFound, Conflict.

    The same words sent again to the same place (a form sent twice, a page reloaded) are one
    comment: the first is returned with its receipt.
    """
    check_right(actor, "comment")
    consultation = check_open(
        current_round(session, draft.id or 0), Stage(draft.stage), Verb.COMMENT, now
    )
    return register_comment(
        session,
        consultation=consultation,
        author_id=actor.person_id,
        organisation_id=actor.organisation_id,
        place=place,
        words=words,
        lang=lang,
        most=most,
        now=now,
        channel=channel,
    )


def register_comment(
    session: Session,
    *,
    consultation: Consultation,
    author_id: int,
    place: Place,
    words: Words,
    lang: str,
    most: int,
    now: datetime,
    organisation_id: int | None = None,
    channel: str = "web",
    paper_id: int | None = None,
) -> Comment:
    """The same for a comment that may be taken: whose right and what term was asked before."""
    parent = _parent(session, consultation.draft_id, place)
    words = _cleaned(words)
    comment = Comment(
        receipt=secrets.token_hex(8),  # until its number is known
        consultation_id=consultation.id or 0,
        draft_id=consultation.draft_id,
        version_id=consultation.version_id,
        author_id=author_id,
        organisation_id=organisation_id,
        lang=lang,
        channel=channel,
        paper_id=paper_id,
        created_at=now,
        body="",
        body_hash="",
        kind=words.kind,
        stance=words.stance,
    )
    if parent:
        _stand_beneath(comment, parent)
    else:
        _anchor(session, comment, place)
    _say(session, comment, words, most)
    if twin := _sent_twice(session, comment):
        return twin
    session.add(comment)
    session.flush()
    comment.receipt = receipt_number(comment.id or 0, now)
    _count(session, comment, 1)
    event = CommentSubmitted(comment.id or 0, consultation.draft_id)
    outbox.record(session, event, now)
    return comment


def _stand_beneath(comment: Comment, parent: Comment) -> None:
    spot = spot_of_reply(parent.id or 0, parent.parent_id, parent.root_id, parent.depth)
    comment.parent_id, comment.root_id = spot.parent_id, spot.root_id
    comment.depth, comment.reply_to_id = spot.depth, spot.reply_to_id
    comment.wid, comment.anchor_lang = parent.wid, parent.anchor_lang


def _say(session: Session, comment: Comment, words: Words, most: int) -> None:
    """Put words that were checked into a comment, with their fingerprint."""
    check_words(words.body, words.proposed, kind=words.kind, stance=words.stance, most=most)
    check_change(words.change, words.proposed, kind=words.kind, wid=comment.wid)
    if words.change == "replacement" and comment.wid:
        _check_differs(session, comment, words)
    check_mandate(words.mandate, is_organisation=comment.organisation_id is not None)
    comment.body, comment.proposed, comment.change = words.body, words.proposed, words.change
    comment.kind, comment.stance, comment.mandate = words.kind, words.stance, words.mandate
    comment.body_hash = body_hash(words.body, words.proposed, words.change)


def _check_differs(session: Session, comment: Comment, words: Words) -> None:
    row = provision(session, comment.version_id, comment.anchor_lang, comment.wid)
    if row is not None:
        near = comment.quote_start or 0
        edit = edit_of(words.change, words.proposed, row.text, comment.quote, near)
        check_differs(row.text, applied(edit, row.text))


def _sent_twice(session: Session, comment: Comment) -> Comment | None:
    """The comment these very words of this person already are, if they sent them before."""
    return session.exec(
        select(Comment).where(
            Comment.author_id == comment.author_id,
            col(Comment.organisation_id).is_not_distinct_from(comment.organisation_id),
            Comment.consultation_id == comment.consultation_id,
            Comment.wid == comment.wid,
            col(Comment.parent_id).is_not_distinct_from(comment.parent_id),
            col(Comment.reply_to_id).is_not_distinct_from(comment.reply_to_id),
            col(Comment.quote_start).is_not_distinct_from(comment.quote_start),
            Comment.body_hash == comment.body_hash,
            col(Comment.withdrawn_at).is_(None),
        )
    ).first()


def _cleaned(words: Words) -> Words:
    proposed = clean_body(words.proposed)
    change = change_of(words.change, proposed)
    return replace(
        words,
        body=clean_body(words.body),
        kind=kind_of(words.kind, change),
        proposed=proposed,
        change=change,
        mandate=clean_line(words.mandate),
    )


def _parent(session: Session, draft_id: int, place: Place) -> Comment | None:
    if place.parent_id is None:
        return None
    parent = session.get(Comment, place.parent_id)
    if parent is None or parent.draft_id != draft_id or not parent.is_public:
        raise NotFound("The comment you reply to is no longer there.")
    return parent


def _anchor(session: Session, comment: Comment, place: Place) -> None:
    """Fix a comment to its provision, and to the quoted words if there are any."""
    if not place.wid:
        return
    row = provision(session, comment.version_id, place.lang, place.wid)
    if row is None:
        raise ProvisionGone(
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
    """A comment counts for its place, a reply for the comment its thread begins with.

    Of a reply its gap counts too, when it was withdrawn: it is still shown in the thread.
    """
    if comment.root_id is not None:
        session.execute(
            update(Comment)
            .where(col(Comment.id) == comment.root_id)
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
    """The stage of its draft, which stays so until this transaction ends."""
    draft = session.get_one(Draft, comment.draft_id)
    keep_stage(session, draft)
    return Stage(draft.stage)


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
    """Change one's words within the window, unless others signed them; the earlier are kept."""
    _check_editor(session, actor, comment, now)
    session.refresh(comment, with_for_update={"key_share": True})  # of two edits none is lost
    if not comment.is_public:
        raise NotAllowed("This comment can no longer be changed.")
    check_editable(comment.created_at, now, window)
    check_unsigned(comment.signed_n)
    earlier = CommentRevision(
        comment_id=comment.id or 0,
        body=comment.body,
        change=comment.change,
        proposed=comment.proposed,
        mandate=comment.mandate,
        kind=comment.kind,
        stance=comment.stance,
        replaced_at=now,
    )
    _say(session, comment, _cleaned(words), most)
    session.add(earlier)
    comment.edited_at = now
    session.add(comment)
    outbox.record(session, CommentEdited(comment.id or 0, comment.draft_id), now)


def _check_editor(session: Session, actor: Actor, comment: Comment, now: datetime) -> None:
    """Its author edits it while the discussion is open; what an officer entered, its agency."""
    if comment.channel in OWN_CHANNELS:
        check_right(actor, "comment")
        check_own(comment.author_id, actor.person_id)
        stage = _stage(session, comment)
        check_open(current_round(session, comment.draft_id), stage, Verb.EDIT_COMMENT, now)
    else:
        check_agency(actor, "answer", session.get_one(Draft, comment.draft_id).agency_id)
        check_allowed(_stage(session, comment), Verb.ENTER_COMMENT)


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
    if comment.parent_id is None and comment.hidden_at is None and comment.held_at is None:
        _count(session, comment, -1)
    outbox.record(session, CommentWithdrawn(comment.id or 0, comment.draft_id), now)
