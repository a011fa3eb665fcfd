"""What a person was told, and what others were told of them: notices, mails, the files of mails."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import and_, delete, exists, or_, update
from sqlmodel import Session, col, select

from consult.comments.models import Comment
from consult.privacy.words import Leaving
from notifications.models import Bounce, Mail, Message, Notice
from notifications.queries import waiting
from notifications.rules import ACCOUNT, FAREWELL, one_line

BATCH = 200
WORDS = ("body", "quote", "contest")  # of a comment, of why its answer was contested


def farewell_key(person_id: int) -> str:
    """The key of the mail that says it was done: the only one that is still sent."""
    return f"{FAREWELL}:{person_id}"


def take_over_mails(session: Session, person_id: int, address: str) -> None:
    """Mails to an address that nobody's account stands for (invitations) are this person's."""
    to_address = col(Mail.person_id).is_(None), col(Mail.recipient) == address
    session.execute(update(Mail).where(*to_address).values(person_id=person_id))


def empty_names(session: Session, names: Collection[str]) -> None:
    """Mails about accounts (an invitation, a membership) may name who has to do with them."""
    said = [one_line(name) for name in names]
    for field in ("inviter", "who"):
        named = col(Message.values)[field].as_string().in_(said)
        query = select(Message).where(Message.category == ACCOUNT, named)
        for message in session.exec(query).all():
            message.values = {**message.values, field: ""}
            session.add(message)


def mails_of(session: Session, person_id: int) -> list[int]:
    """Some of the mails that are kept of a person, but for the last one until it was sent."""
    last = and_(col(Mail.key) == farewell_key(person_id), *waiting())
    query = select(Mail.id).where(Mail.person_id == person_id, ~last).limit(BATCH)
    return [id_ or 0 for id_ in session.exec(query).all()]


def delete_mails(session: Session, ids: Collection[int]) -> None:
    """Delete these mails, and what they said if nobody else is told it."""
    those = col(Mail.id).in_(ids)
    said = session.exec(select(Mail.message_id).where(those)).all()
    session.execute(delete(Bounce).where(col(Bounce.mail_id).in_(ids)))
    session.execute(update(Notice).where(col(Notice.mail_id).in_(ids)).values(mail_id=None))
    session.execute(delete(Mail).where(those))
    _sweep(session, {one for one in said if one is not None})


def delete_notices(session: Session, leaving: Leaving) -> int:
    """Delete some of the notices in their cabinet; returns how many."""
    query = select(Notice.id, Notice.message_id).where(Notice.person_id == leaving.person_id)
    rows = session.exec(query.limit(BATCH)).all()
    session.execute(delete(Notice).where(col(Notice.id).in_([id_ for id_, _ in rows])))
    _sweep(session, {said for _, said in rows})
    return len(rows)


def _sweep(session: Session, ids: Collection[int]) -> None:
    """Delete those of these messages that nobody has any more."""
    told = or_(
        exists().where(col(Notice.message_id) == col(Message.id)),
        exists().where(col(Mail.message_id) == col(Message.id)),
    )
    session.execute(
        delete(Message)
        .where(col(Message.id).in_(ids), ~told)
        .execution_options(synchronize_session=False)
    )


def empty_told(session: Session, leaving: Leaving) -> int:
    """What others were told of their comments: no name, and no words that are to go."""
    receipt = col(Message.values)["receipt"].as_string()
    query = select(Message, Comment).join(Comment, col(Comment.receipt) == receipt)
    done = 0
    for message, comment in session.exec(query.where(Comment.author_id == leaving.person_id)).all():
        values = emptied(message.values, comment)
        if values != message.values:
            message.values = values
            session.add(message)
            done += 1
    return done


def emptied(values: Mapping[str, Any], comment: Comment) -> dict[str, Any]:
    """What a message says of a comment, as it may be said of somebody who was forgotten."""
    gone = {"who": ""} if "who" in values and comment.organisation_id is None else {}
    if comment.withdrawn_at:
        gone |= {name: "" for name in WORDS if name in values}
    return {**values, **gone}


def mails_about(session: Session, person_id: int) -> list[int]:
    """The mails to others that say something of this person's comments."""
    receipt = col(Message.values)["receipt"].as_string()
    query = (
        select(Mail.id)
        .join(Message, col(Message.id) == col(Mail.message_id))
        .join(Comment, col(Comment.receipt) == receipt)
        .where(Comment.author_id == person_id)
    )
    return [id_ or 0 for id_ in session.exec(query).all()]


def unlink(folder: Path, ids: Collection[int]) -> None:
    """The files of mails, where there is no server and they are written to a folder."""
    for id_ in ids:
        (folder / f"{id_:06d}.eml").unlink(missing_ok=True)
