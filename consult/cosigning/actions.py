"""What a person does with signatures: sign somebody's comment, take the signature back."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from consult import outbox
from consult.access import Actor, check_right
from consult.accounts.rules import clean_line
from consult.comments.models import Comment
from consult.comments.rules import check_mandate
from consult.consultations.queries import current_round
from consult.consultations.rules import check_open
from consult.cosigning.models import Signature
from consult.db import affected, upsert
from consult.errors import Conflict, NotAllowed, NotFound
from consult.events import CommentSigned
from consult.procedure.stages import Stage, Verb
from drafts.models import Draft


def sign_comment(
    session: Session,
    *,
    actor: Actor,
    comment: Comment,
    now: datetime,
    mandate: str = "",
    read: str = "",
) -> None:
    """Make what another said one's own as well; twice is once, a new mandate replaces the old.

    `read` is the shown_hash of the words the person had before them ("" if that is not known):
    nobody signs words that were changed meanwhile. Raises NotAllowed, NotFound, Invalid, Conflict.
    """
    _check(session, actor, comment, now)
    if comment.author_id == actor.id:
        raise NotAllowed("You cannot sign your own comment.")
    mandate = clean_line(mandate)
    check_mandate(mandate, is_organisation=actor.organisation_id is not None)
    _check_not_said(session, actor, comment)
    added = _add(session, actor, comment, mandate, now)
    _count(session, comment, 1 if added else 0, read)
    if added:
        outbox.record(session, CommentSigned(comment.id or 0, actor.person_id), now)


def unsign_comment(session: Session, *, actor: Actor, comment: Comment, now: datetime) -> None:
    """Take one's signature back, as long as signatures are taken; twice is once."""
    _check(session, actor, comment, now)
    take_back(session, comment=comment, person_id=actor.person_id, now=now)


def take_back(session: Session, *, comment: Comment, person_id: int, now: datetime) -> None:
    """The signature is no more: its person says so, or leaves (privacy)."""
    removed = session.execute(
        delete(Signature).where(
            col(Signature.comment_id) == comment.id, col(Signature.person_id) == person_id
        )
    )
    if affected(removed) == 1:
        session.execute(
            update(Comment)
            .where(col(Comment.id) == comment.id)
            .values(signed_n=Comment.signed_n - 1)
        )
        session.refresh(comment)
        outbox.record(session, CommentSigned(comment.id or 0, person_id), now)


def _check(session: Session, actor: Actor, comment: Comment, now: datetime) -> None:
    """Signatures are taken in the round a comment was made in: after it, its answer is due."""
    check_right(actor, "comment")
    stage = Stage(session.get_one(Draft, comment.draft_id).stage)
    current = current_round(session, comment.draft_id)
    if check_open(current, stage, Verb.SIGN_COMMENT, now).id != comment.consultation_id:
        raise NotAllowed("This discussion is closed.")


def _check_not_said(session: Session, actor: Actor, comment: Comment) -> None:
    """An organisation says a thing once, whoever speaks for it."""
    if actor.organisation_id is None:
        return
    signed = select(Signature.person_id).where(
        Signature.comment_id == comment.id,
        Signature.organisation_id == actor.organisation_id,
        Signature.person_id != actor.person_id,
    )
    if comment.organisation_id == actor.organisation_id or session.exec(signed).first():
        raise NotAllowed("Your organisation has said or signed this already.")


def _add(session: Session, actor: Actor, comment: Comment, mandate: str, now: datetime) -> bool:
    """Whether the signature is new; the primary key counts one that comes twice at once once."""
    in_whose_name = {"mandate": mandate, "organisation_id": actor.organisation_id}
    added = session.execute(
        upsert(session, Signature)
        .values(comment_id=comment.id, person_id=actor.person_id, signed_at=now, **in_whose_name)
        .on_conflict_do_nothing(index_elements=["comment_id", "person_id"])
        .returning(Signature.person_id)
    ).all()
    if added:
        return True
    session.execute(
        update(Signature)
        .where(col(Signature.comment_id) == comment.id, col(Signature.person_id) == actor.person_id)
        .values(**in_whose_name)
    )
    return False


def _count(session: Session, comment: Comment, more: int, read: str) -> None:
    """Add to the number of signatures, if the words are still there and are those that were read.

    The row is kept: whoever withdraws, edits or redacts the comment comes before it or after it.
    """
    session.refresh(comment, with_for_update={"key_share": True})
    if not comment.is_public:
        raise NotFound("This comment is no longer there.")
    if read not in ("", comment.shown_hash):
        raise Conflict("These words were changed meanwhile. Please read them again.")
    comment.signed_n += more
    session.add(comment)
    session.flush()
