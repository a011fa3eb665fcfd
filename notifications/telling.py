"""Telling everybody whom a draft concerns, and what messages say of it. Each event: handlers.py."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from consult.accounts.models import Agency, Person
from consult.answers.models import Disposition
from consult.comments.models import Comment
from consult.consultations.queries import rounds_by_draft
from consult.platform import Platform
from consult.proposals.queries import supporters_of_draft
from consult.votes.models import Vote
from drafts.models import Draft
from drafts.versions.diffing import word_pieces
from notifications.actions import notify
from notifications.rules import one_line
from notifications.spreading import Announcement, announce
from notifications.targets import Reached, targets_of


def tell_interested(
    session: Session,
    platform: Platform,
    draft: Draft,
    key: str,
    kind: str,
    values: dict[str, Any],
    now: datetime,
    path: str = "",
    cursor: str = "",
    reached: Reached | None = None,
) -> str:
    """Tell all who follow a draft or what it belongs to, or took part in its rounds, once each.

    `reached`: the stage it comes to, which saved searches may ask for (targets.py). Returns how far
    it came, "" if everybody was told (spreading.py).
    """
    # Found out once, for it may take a second: the message keeps them for the other batches.
    targets = () if cursor else targets_of(session, draft, reached)
    path = path or f"/drafts/{draft.id}"
    rounds = [round_.id for round_ in rounds_by_draft(session, draft.id or 0)]
    took_part = (
        *(select(Comment.author_id).where(Comment.consultation_id == one) for one in rounds),
        select(Vote.person_id).where(Vote.draft_id == draft.id),
        supporters_of_draft(draft.id or 0),
    )
    said = Announcement(key, kind, values, path, targets, took_part)
    return announce(session, platform, said, cursor, now)


def draft_values(session: Session, draft: Draft) -> dict[str, Any]:
    """What every message about a draft says of it."""
    agency = session.get_one(Agency, draft.agency_id)
    return {"draft_id": draft.id, "titles": titles_of(draft), "agency": agency.names}


def titles_of(draft: Draft) -> dict[str, str]:
    """The titles of a draft by language, each on one line."""
    return {lang: one_line(title) for lang, title in draft.titles.items()}


def tell_author(
    session: Session,
    platform: Platform,
    comment: Comment,
    key: str,
    kind: str,
    values: dict[str, Any],
    now: datetime,
) -> None:
    """Tell the author of a comment; the message leads to its page."""
    author, path = session.get_one(Person, comment.author_id), f"/comments/{comment.id}"
    tell(session, platform, author, key, kind, values, path, now)


def tell(
    session: Session,
    platform: Platform,
    person: Person,
    key: str,
    kind: str,
    values: dict[str, Any],
    path: str,
    now: datetime,
) -> None:
    """Tell one person; the message leads to `path`."""
    notify(
        session,
        person,
        key=key,
        kind=kind,
        values=values,
        path=path,
        zone=platform.pack.tz,
        now=now,
    )


def comment_values(session: Session, comment_id: int) -> tuple[Comment, dict[str, Any]]:
    """A comment, and what every message about it says of it."""
    comment = session.get_one(Comment, comment_id)
    draft = session.get_one(Draft, comment.draft_id)
    return comment, draft_values(session, draft) | {
        "receipt": comment.receipt,
        "body": comment.body,
        "lang": comment.lang,
        "quote": comment.quote,
        "quote_lang": comment.anchor_lang,
    }


def answer_values(session: Session, comment_id: int, disposition_id: int) -> dict[str, Any]:
    """What is said of a comment and its answer: the outcome, the reason, the text before, after."""
    answer = session.get_one(Disposition, disposition_id)
    return comment_values(session, comment_id)[1] | {
        "outcome": answer.outcome,
        "reason": answer.reason,
        "reason_lang": answer.lang,
        "before": answer.text_before,
        "after": answer.text_after,
        "words": word_pieces(answer.text_before, answer.text_after),
    }
