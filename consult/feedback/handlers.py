"""What follows when an answer is contested: the duty to look at it again, and its end."""

from datetime import datetime

from sqlmodel import Session

from consult.errors import N_
from consult.events import (
    AnswerContested,
    CommentDisavowed,
    CommentHidden,
    CommentWithdrawn,
    ContestDecided,
)
from consult.feedback.models import Contest
from consult.feedback.queries import contest_of
from consult.law.queries import law_of
from consult.obligations.keeping.following import cancel_one, owe_for_one, settle_one
from consult.platform import Platform
from consult.procedure.duties import Evidence
from drafts.models import Draft

WITHDRAWN = N_("The author withdrew the comment.")


def owe_review(session: Session, platform: Platform, event: AnswerContested, now: datetime) -> None:
    row = session.get_one(Contest, event.contest_id)
    draft = session.get_one(Draft, row.draft_id)
    law = law_of(session, platform.pack)
    owe_for_one(session, law, draft, "contest", row.id or 0, row.contested_at, now)


def settle_review(
    session: Session, platform: Platform, event: ContestDecided, now: datetime
) -> None:
    row = session.get_one(Contest, event.contest_id)
    draft = session.get_one(Draft, row.draft_id)
    law, at = law_of(session, platform.pack), row.decided_at or now
    owe_for_one(session, law, draft, "contest", row.id or 0, row.contested_at, now)
    path = f"/contests/{row.id}"
    settle_one(session, law, "contest", row.id or 0, Evidence.CONTEST_REVIEW, path, at, now)


def end_review(
    session: Session,
    platform: Platform,
    event: CommentWithdrawn | CommentHidden | CommentDisavowed,
    now: datetime,
) -> None:
    """Who takes the comment back is owed no decision on its answer; nor is one who broke rules."""
    row = contest_of(session, event.comment_id)
    if row is not None and row.decided_at is None:
        law = law_of(session, platform.pack)
        cancel_one(session, law, "contest", row.id or 0, WITHDRAWN, now, now)
