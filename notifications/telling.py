"""Telling everybody whom a draft concerns, and what messages say of it. Each event: handlers.py."""

from datetime import datetime
from typing import Any

from sqlalchemy import or_
from sqlmodel import Session, col, select

from consult.accounts.models import Agency, Person
from consult.answers.models import Disposition
from consult.comments.models import Comment
from consult.plans.queries import targets_for
from consult.platform import Platform
from consult.votes.models import Vote
from drafts.models import Draft
from drafts.versions.diffing import word_pieces
from notifications.actions import notify
from notifications.links import sign
from notifications.queries import followers
from notifications.rules import one_line, unsubscribe_value


def tell_interested(
    session: Session,
    platform: Platform,
    draft: Draft,
    key: str,
    kind: str,
    values: dict[str, Any],
    now: datetime,
    path: str = "",
) -> None:
    """Tell all who follow a draft or its agency, or took part in any of its rounds, once each."""
    # Who follows what was planned may not have been led over to the draft yet (plans.py).
    targets = (f"draft:{draft.id}", f"agency:{draft.agency_id}")
    interested = followers(session, (*targets_for(session, draft.id or 0), *targets))
    people = {person.id or 0: person for person in took_part(session, draft.id or 0)}
    people |= {person_id: person for person_id, (person, _) in interested.items()}
    secret = platform.settings.secret_key
    for person_id, person in people.items():
        subscription = interested[person_id][1] if person_id in interested else None
        token = ""
        if subscription:
            token = sign(secret, "unsubscribe", unsubscribe_value(person_id, subscription.target))
        notify(
            session,
            person,
            key=key,
            kind=kind,
            values=values,
            path=path or f"/drafts/{draft.id}",
            zone=platform.pack.tz,
            now=now,
            unsubscribe_path=f"/unsubscribe/{token}" if token else "",
        )


def took_part(session: Session, draft_id: int) -> list[Person]:
    """All who commented or voted on a draft, in any of its rounds."""
    said = select(Comment.author_id).where(Comment.draft_id == draft_id)
    voted = select(Vote.person_id).where(Vote.draft_id == draft_id)
    query = select(Person).where(or_(col(Person.id).in_(said), col(Person.id).in_(voted)))
    return list(session.exec(query).all())


def draft_values(session: Session, draft: Draft) -> dict[str, Any]:
    """What every message about a draft says of it."""
    agency = session.get_one(Agency, draft.agency_id)
    return {"titles": titles_of(draft), "agency": agency.names}


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
