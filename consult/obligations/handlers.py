"""What duties do about events."""

from datetime import datetime

from sqlmodel import Session, col, select

from consult.comments.models import Comment
from consult.consultations.queries import consultation_by_id
from consult.errors import N_
from consult.events import (
    CommentHidden,
    CommentRestored,
    CommentsRegrouped,
    CommentSubmitted,
    CommentWithdrawn,
    ConsultationClosed,
    ConsultationOpened,
    DraftChanged,
    ReportPublished,
)
from consult.law.queries import law_of
from consult.obligations.keeping.following import cancel_draft, follow_consultation
from consult.obligations.keeping.per_comment import (
    bring_up,
    duties_per_comment,
    reconcile,
    subjects_of,
)
from consult.platform import Platform
from consult.procedure.deadlines import Trigger
from consult.procedure.duties import Evidence
from consult.procedure.stages import Stage
from drafts.models import Draft, StageChange

# Why the duties for a draft end with it, and what is owed all the same: to tell people of their
# answers, and of a rejected draft the decision, which the rejection is.
ENDED = {
    Stage.WITHDRAWN: (N_("The draft was withdrawn."), {Evidence.NOTICE}),
    Stage.REJECTED: (N_("The draft was rejected."), {Evidence.NOTICE, Evidence.DECISION}),
}


def keep_duties(
    session: Session,
    platform: Platform,
    event: ConsultationOpened | ConsultationClosed | ReportPublished,
    now: datetime,
) -> None:
    """At the opening all duties are planned; what follows sets them running and fulfils them."""
    consultation = consultation_by_id(session, event.consultation_id)
    draft = session.get_one(Draft, event.draft_id)
    law = law_of(session, platform.pack)
    follow_consultation(session, law, draft, consultation, now)


def keep_comment_duties(
    _session: Session,
    platform: Platform,
    event: ConsultationClosed | CommentsRegrouped | ReportPublished,
    now: datetime,
) -> None:
    """What is owed for each comment, batch by batch: this delivery is in no transaction."""
    reconcile(platform.database, platform.pack, event.consultation_id, now)


def owe_for_comment(
    session: Session, platform: Platform, event: CommentSubmitted, now: datetime
) -> None:
    """What is owed from a comment on: its acknowledgement, which its receipt has fulfilled."""
    comment = session.get_one(Comment, event.comment_id)
    for duty in duties_per_comment(platform.pack):
        if duty.trigger is Trigger.COMMENT_SUBMITTED:
            law, subjects = law_of(session, platform.pack), [f"comment:{comment.id}"]
            bring_up(session, law, duty, comment.consultation_id, subjects, now)


def keep_duties_to_comment(
    session: Session,
    platform: Platform,
    event: CommentWithdrawn | CommentHidden | CommentRestored,
    now: datetime,
) -> None:
    """Nothing is owed to words that were taken back or hidden; to words shown again it is."""
    comment = session.get_one(Comment, event.comment_id)
    law, subjects = law_of(session, platform.pack), subjects_of(session, event.comment_id)
    for duty in duties_per_comment(platform.pack):
        bring_up(session, law, duty, comment.consultation_id, subjects, now)


def end_duties_of_draft(
    session: Session, platform: Platform, event: DraftChanged, now: datetime
) -> None:
    """A draft that was withdrawn or rejected leaves nothing to be done."""
    draft = session.get(Draft, event.draft_id)
    if draft is None or (stage := Stage(draft.stage)) not in ENDED:
        return
    reason, spared = ENDED[stage]
    query = select(StageChange.changed_at).where(
        StageChange.draft_id == draft.id, StageChange.new == stage.value
    )
    at = session.exec(query.order_by(col(StageChange.id).desc())).first() or now
    law = law_of(session, platform.pack)
    cancel_draft(session, law, draft, reason, at, now, spared)
