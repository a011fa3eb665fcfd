"""What follows when an answer is contested: the duty to look at it again, and its end."""

from datetime import datetime

from sqlmodel import Session

from consult.comments.models import Comment
from consult.events import (
    AnswerContested,
    CommentDisavowed,
    CommentHeld,
    CommentHidden,
    CommentRestored,
    CommentWithdrawn,
    ContestDecided,
)
from consult.feedback.models import Contest
from consult.feedback.queries import contest_of
from consult.law.queries import Law, law_of
from consult.moderation.queries import shown_again_at
from consult.obligations.keeping.asked import cancel_one, owe_for_one, settle_one
from consult.obligations.keeping.following import ended_at
from consult.obligations.keeping.per_comment import gone_since
from consult.platform import Platform
from consult.procedure.duties import Evidence, Per
from drafts.models import Draft


def owe_review(
    session: Session,
    platform: Platform,
    event: AnswerContested | CommentRestored,
    now: datetime,
) -> None:
    """While its comment is not shown nobody can decide a contest, and no clock runs."""
    row = contest_of(session, event.comment_id)
    if row is not None and row.decided_at is None and gone_since(_locked(session, row)) is None:
        _owe(session, law_of(session, platform.pack), row, now)


def settle_review(
    session: Session, platform: Platform, event: ContestDecided, now: datetime
) -> None:
    row = session.get_one(Contest, event.contest_id)
    law, at = law_of(session, platform.pack), row.decided_at or now
    _owe(session, law, row, now)
    path = f"/contests/{row.id}"
    settle_one(session, law, Per.CONTEST, row.id or 0, Evidence.CONTEST_REVIEW, path, at, now)


def end_review(
    session: Session,
    platform: Platform,
    event: CommentWithdrawn | CommentDisavowed | CommentHidden | CommentHeld,
    now: datetime,
) -> None:
    """Who takes the comment back is owed no decision on its answer; nor is one who broke rules."""
    row = contest_of(session, event.comment_id)
    if row is None or row.decided_at is not None:
        return
    if gone := gone_since(_locked(session, row)):
        at, reason = gone
        cancel_one(
            session, law_of(session, platform.pack), Per.CONTEST, row.id or 0, reason, at, now
        )


def _locked(session: Session, row: Contest) -> Comment:
    """The comment, which nobody takes away or shows again until the ledger is written."""
    return session.get_one(Comment, row.comment_id, with_for_update={"read": True})


def _owe(session: Session, law: Law, row: Contest, now: datetime) -> None:
    """From when it was contested, or from when the comment was last shown again.

    What ended with the draft is not owed again; what was asked for since is.
    """
    draft, shown_at = session.get_one(Draft, row.draft_id), shown_again_at(session, row.comment_id)
    since = max(row.contested_at, shown_at or row.contested_at)
    ended = ended_at(session, draft)
    again = ended is None or ended < row.contested_at
    owe_for_one(session, law, Per.CONTEST, row.id or 0, since, now, draft=draft, again=again)
