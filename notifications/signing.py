"""What people are told of comments they signed: answers, decided contests, words gone or back.

A comment may have a crowd of signers: they are told batch by batch, each in a transaction of its
own (wiring.OUTSIDE), so that the one writer of SQLite is never held for long. Each message has a
key: whoever was told already when a try breaks off is not told again.
"""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from consult import events
from consult.accounts.models import Person
from consult.comments.models import Comment
from consult.cosigning.queries import signer_ids
from consult.feedback.models import Contest
from consult.moderation.models import ModerationAct
from consult.platform import Platform
from drafts.models import Draft
from notifications.feedback import review_values
from notifications.moderation import KINDS
from notifications.telling import answer_values, draft_values, tell

BATCH = 50  # people told in one transaction


def tell_signers_of_answer(
    session: Session, platform: Platform, event: events.CommentAnswered, now: datetime
) -> None:
    """The same as its author is told: the comment, the outcome, the reason, the text."""
    comment = session.get_one(Comment, event.comment_id)
    if comment.is_public and comment.signed_n:  # of a large report each comment comes here
        key = f"signed_answered:{comment.id}"
        values = answer_values(session, event.comment_id, event.disposition_id)
        _tell_signers(session, platform, comment, key, "signed_answered", values, now)


def tell_signers_of_review(
    session: Session, platform: Platform, event: events.ContestDecided, now: datetime
) -> None:
    """The same as its author is told: what was decided about the answer, and why."""
    comment = session.get_one(Comment, event.comment_id)
    if comment.is_public:
        kind, path = "signed_contest_decided", f"/contests/{event.contest_id}"
        values = review_values(session, session.get_one(Contest, event.contest_id))
        key = f"{kind}:{event.contest_id}"
        _tell_signers(session, platform, comment, key, kind, values, now, path)


def tell_signers_of_withdrawal(
    session: Session,
    platform: Platform,
    event: events.CommentWithdrawn | events.CommentDisavowed,
    now: datetime,
) -> None:
    """Words taken back are not repeated: the message says which comment it was, no more."""
    comment = session.get_one(Comment, event.comment_id)
    key = f"signed_withdrawn:{comment.id}"
    _tell_signers(session, platform, comment, key, "signed_withdrawn", {}, now)


def tell_signers_of_act(
    session: Session,
    platform: Platform,
    event: events.CommentHidden | events.CommentRestored,
    now: datetime,
) -> None:
    """What a moderator did, and why."""
    comment = session.get_one(Comment, event.comment_id)
    act = session.get_one(ModerationAct, event.act_id)
    kind, values = f"signed_{KINDS[act.act]}", {"reason": act.reason, "note": act.note}
    _tell_signers(session, platform, comment, f"{kind}:{act.id}", kind, values, now)


def _tell_signers(
    session: Session,
    platform: Platform,
    comment: Comment,
    key: str,
    kind: str,
    values: dict[str, Any],
    now: datetime,
    path: str = "",
) -> None:
    draft = session.get_one(Draft, comment.draft_id)
    values = draft_values(session, draft) | {"receipt": comment.receipt} | values
    comment_id, last = comment.id or 0, 0
    path = path or f"/comments/{comment_id}"
    while told := signer_ids(session, comment_id, last, BATCH):
        with platform.database.writing() as writing:
            for person_id in told:
                signer = writing.get_one(Person, person_id)
                tell(writing, platform, signer, key, kind, values, path, now)
        last = told[-1]
