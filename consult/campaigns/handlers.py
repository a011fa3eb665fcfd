"""What follows from events for campaigns: what is known of alike comments is kept up to date."""

from datetime import datetime

from sqlmodel import Session

from consult.campaigns.keeping import keep
from consult.campaigns.reclustering import recluster
from consult.events import (
    AppealDecided,
    CommentDisavowed,
    CommentEdited,
    CommentHeld,
    CommentHidden,
    CommentRedacted,
    CommentRestored,
    CommentSubmitted,
    CommentWithdrawn,
    ConsultationClosed,
)
from consult.platform import Platform

AboutComment = (
    CommentSubmitted
    | CommentEdited
    | CommentWithdrawn
    | CommentDisavowed
    | CommentHidden
    | CommentHeld
    | CommentRestored
    | CommentRedacted
    | AppealDecided
)


def compare_comment(
    session: Session, _platform: Platform, event: AboutComment, _now: datetime
) -> None:
    """The comment finds its like, or leaves them."""
    keep(session, event.comment_id)


def compare_all(
    _session: Session, platform: Platform, event: ConsultationClosed, _now: datetime
) -> None:
    """Before the answers are written all comments are compared with all (outside: wiring.py)."""
    recluster(platform.database, event.draft_id)
