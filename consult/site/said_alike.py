"""What others said in nearly the same words, shown once before a comment is posted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from consult.access import Actor
from consult.accounts.models import Person
from consult.accounts.shown import who
from consult.campaigns.queries import Near, near
from consult.campaigns.rules import ALIKE
from consult.comments.actions import Words
from consult.comments.models import Comment
from consult.comments.rules import body_hash, change_of, check_change, check_words, clean_body
from consult.consultations.queries import current_round
from consult.consultations.rules import check_open
from consult.cosigning.queries import signed_among
from consult.naming import PublicName
from consult.procedure.stages import Stage, Verb
from drafts.models import Draft

# Half of the words of both, in the same order: from there on the site counts two comments as one
# text, so what is said here is what the page of campaigns says. Below it a person says, on the
# same subject, something of their own, and is not held up.
CLOSE = ALIKE


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said in nearly the same words, with its author as the public sees them."""

    comment: Comment
    who: PublicName
    is_signed: bool  # by whoever is about to say it


@dataclass(frozen=True, slots=True)
class Alike:
    """The closest comments, each the first of its text, and how often these texts were sent."""

    shown: list[Said]
    count: int


def said_alike(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    wid: str,
    words: Words,
    most: int,
    now: datetime,
) -> Alike | None:
    """What to show before these words are posted, if anything.

    None for what the person has said before in these very words: that is one comment (its twin).
    Raises NotAllowed and Invalid as posting would: nobody is asked about what cannot be posted.
    """
    stage = Stage(draft.stage)
    check_open(current_round(session, draft.id or 0), stage, Verb.COMMENT, now)
    body, proposed = clean_body(words.body), clean_body(words.proposed)
    check_words(body, proposed, kind=words.kind, stance=words.stance, most=most)
    check_change(change_of(words.change, proposed), proposed, kind=words.kind, wid=wid)
    if _own_twin(session, actor.person_id, draft, words):
        return None
    found = [
        one
        for one in near(session, draft_id=draft.id or 0, body=body, proposed=proposed)
        if one.likeness >= CLOSE and one.comment.author_id != actor.id
    ]
    if not found:
        return None
    return Alike(
        _with_authors(session, found, actor.person_id), sum(one.submissions for one in found)
    )


def _own_twin(session: Session, person_id: int, draft: Draft, words: Words) -> bool:
    body, proposed = clean_body(words.body), clean_body(words.proposed)
    said = body_hash(body, proposed, change_of(words.change, proposed))
    query = select(Comment.id).where(
        Comment.author_id == person_id,
        Comment.draft_id == draft.id,
        Comment.body_hash == said,
        col(Comment.withdrawn_at).is_(None),
    )
    return session.exec(query.limit(1)).first() is not None


def _with_authors(session: Session, found: list[Near], person_id: int) -> list[Said]:
    ids = [one.comment.id or 0 for one in found]
    authors: dict[int | None, PublicName] = dict(
        session.execute(
            select(Comment.id, who(Comment))
            .join(Person, col(Person.id) == col(Comment.author_id))
            .where(col(Comment.id).in_(ids))
        ).all()
    )
    signed = signed_among(session, person_id, ids)
    return [
        Said(one.comment, authors[one.comment.id], is_signed=one.comment.id in signed)
        for one in found
    ]


def kept_fields(posted: dict[str, Any]) -> list[tuple[str, str]]:
    """All that was typed, as hidden fields of the next form; no file is among it by then."""
    return [
        (name, one)
        for name, value in posted.items()
        for one in (value if isinstance(value, list) else [value])
        if isinstance(one, str)
    ]
