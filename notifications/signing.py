"""What people are told of comments they signed: the answer, and when its words are gone or back.

A comment may have a crowd of signers: they are told batch by batch, each in a transaction of its
own (wiring.OUTSIDE), so that the one writer of SQLite is never held for long. Each message has a
key: whoever was told already when a try breaks off is not told again.
"""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from consult import events
from consult.accounts.models import Person
from consult.answers.models import Disposition
from consult.comments.models import Comment
from consult.cosigning.queries import signer_ids
from consult.moderation.models import ModerationAct
from consult.platform import Platform
from drafts.models import Draft
from drafts.versions.diffing import word_pieces
from notifications.actions import notify
from notifications.telling import draft_values

BATCH = 50  # people told in one transaction


def tell_signers_of_answer(
    session: Session, platform: Platform, event: events.CommentAnswered, now: datetime
) -> None:
    """The same as its author is told: the comment, the outcome, the reason, the text."""
    comment = session.get_one(Comment, event.comment_id)
    if not comment.is_public:
        return
    answer = session.get_one(Disposition, event.disposition_id)
    values = {
        "body": comment.body,
        "lang": comment.lang,
        "quote": comment.quote,
        "quote_lang": comment.anchor_lang,
        "outcome": answer.outcome,
        "reason": answer.reason,
        "reason_lang": answer.lang,
        "before": answer.text_before,
        "after": answer.text_after,
        "words": word_pieces(answer.text_before, answer.text_after),
    }
    key = f"signed_answered:{comment.id}"
    _tell_signers(session, platform, comment, key, "signed_answered", values, now)


def tell_signers_of_withdrawal(
    session: Session,
    platform: Platform,
    event: events.CommentWithdrawn | events.CommentDisavowed,
    now: datetime,
) -> None:
    """Words taken back are not repeated: the message says which comment it was, no more."""
    comment = session.get_one(Comment, event.comment_id)
    _tell_signers(
        session,
        platform,
        comment,
        f"signed_withdrawn:{comment.id}",
        "signed_withdrawn",
        {},
        now,
    )


def tell_signers_of_hiding(
    session: Session, platform: Platform, event: events.CommentHidden, now: datetime
) -> None:
    _tell_of_moderation(session, platform, event, "signed_hidden", now)


def tell_signers_of_restoring(
    session: Session, platform: Platform, event: events.CommentRestored, now: datetime
) -> None:
    _tell_of_moderation(session, platform, event, "signed_restored", now)


def _tell_of_moderation(
    session: Session,
    platform: Platform,
    event: events.CommentHidden | events.CommentRestored,
    kind: str,
    now: datetime,
) -> None:
    comment = session.get_one(Comment, event.comment_id)
    act = session.get_one(ModerationAct, event.act_id)
    values = {"reason": act.reason, "note": act.note}
    _tell_signers(session, platform, comment, f"{kind}:{act.id}", kind, values, now)


def _tell_signers(
    session: Session,
    platform: Platform,
    comment: Comment,
    key: str,
    kind: str,
    values: dict[str, Any],
    now: datetime,
) -> None:
    if not comment.signed_n:
        return  # as most: of a large report each comment comes here
    draft = session.get_one(Draft, comment.draft_id)
    values = draft_values(session, draft) | {"receipt": comment.receipt} | values
    comment_id, last = comment.id or 0, 0
    while told := signer_ids(session, comment_id, last, BATCH):
        with platform.database.writing() as writing:
            for person_id in told:
                notify(
                    writing,
                    writing.get_one(Person, person_id),
                    key=key,
                    kind=kind,
                    values=values,
                    path=f"/comments/{comment_id}",
                    zone=platform.pack.tz,
                    now=now,
                )
        last = told[-1]
