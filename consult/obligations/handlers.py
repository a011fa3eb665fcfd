"""What duties do about events."""

from datetime import datetime

from sqlmodel import Session

from consult.comments.models import Comment
from consult.comments.rules import OWN_CHANNELS
from consult.consultations.models import Consultation
from consult.consultations.queries import consultation_by_id, rounds_by_draft
from consult.events import (
    AppealDecided,
    CommentDisavowed,
    CommentHeld,
    CommentHidden,
    CommentRestored,
    CommentsRegrouped,
    CommentSubmitted,
    CommentWithdrawn,
    ConsultationClosed,
    ConsultationOpened,
    DraftChanged,
    ModerationAppealed,
    ReportPublished,
)
from consult.law.queries import Law, law_of
from consult.moderation.appeals import oversight_agency
from consult.moderation.models import Appeal
from consult.obligations.keeping.asked import owe_for_one, settle_one
from consult.obligations.keeping.following import (
    ENDED,
    cancel_draft,
    ended_at,
    follow_consultation,
)
from consult.obligations.keeping.per_comment import (
    bring_up,
    duties_per_comment,
    reconcile,
)
from consult.obligations.queries import subjects_of
from consult.platform import Platform
from consult.procedure.deadlines import Trigger
from consult.procedure.duties import Evidence, Per
from consult.procedure.stages import Stage
from drafts.models import Draft


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
    """What is owed from a comment on: its acknowledgement, which its receipt has fulfilled.

    To what an officer entered after the end the answer is owed as well.
    """
    comment = session.get_one(Comment, event.comment_id)
    for duty in duties_per_comment(platform.pack):
        if duty.trigger is Trigger.COMMENT_SUBMITTED or comment.channel not in OWN_CHANNELS:
            law, subjects = law_of(session, platform.pack), [f"comment:{comment.id}"]
            bring_up(session, law, duty, comment.consultation_id, subjects, now)


def keep_duties_to_comment(
    session: Session,
    platform: Platform,
    event: CommentWithdrawn | CommentHidden | CommentRestored | CommentHeld | CommentDisavowed,
    now: datetime,
) -> None:
    """Nothing is owed to words that were taken back or hidden; to words shown again it is."""
    comment = session.get_one(Comment, event.comment_id)
    law, subjects = law_of(session, platform.pack), subjects_of(session, event.comment_id)
    for duty in duties_per_comment(platform.pack):
        bring_up(session, law, duty, comment.consultation_id, subjects, now)


def owe_appeal_decision(
    session: Session, platform: Platform, event: ModerationAppealed, now: datetime
) -> None:
    """By the oversight body; where none is entered nobody owes it (`consult check` says so)."""
    row = session.get_one(Appeal, event.appeal_id)
    draft = session.get_one(Draft, session.get_one(Comment, event.comment_id).draft_id)
    body = oversight_agency(session, platform.pack, draft.agency_id)
    if body is not None:
        law, number = law_of(session, platform.pack), row.id or 0
        owe_for_one(
            session,
            law,
            Per.APPEAL,
            number,
            row.appealed_at,
            now,
            draft=draft,
            agency_id=body.id,
        )


def settle_appeal_decision(
    session: Session, platform: Platform, event: AppealDecided, now: datetime
) -> None:
    row = session.get_one(Appeal, event.appeal_id)
    law, path, at = law_of(session, platform.pack), _log_of(row), row.decided_at or now
    settle_one(session, law, Per.APPEAL, row.id or 0, Evidence.APPEAL_DECISION, path, at, now)


def _log_of(row: Appeal) -> str:
    """Where everybody reads what was decided."""
    return f"/moderation/log?comment={row.comment_id}"


def end_duties_of_draft(
    session: Session, platform: Platform, event: DraftChanged, now: datetime
) -> None:
    """Withdrawn or rejected, a draft leaves nothing to be done; in parliament it is decided on.

    What its reports did is seen to first, for they came before, though the worker may hear of them
    later. In transactions of its own (wiring.py), for there may be a duty for each comment.
    """
    draft = session.get(Draft, event.draft_id)
    if draft is None or (stage := Stage(draft.stage)) not in (*ENDED, Stage.IN_PARLIAMENT):
        return
    rounds = [one.id for one in rounds_by_draft(session, event.draft_id) if one.opened_at]
    if stage in ENDED:
        for id_ in rounds:
            reconcile(platform.database, platform.pack, id_ or 0, now)
    with platform.database.writing() as writing:
        law, draft = law_of(writing, platform.pack), writing.get_one(Draft, event.draft_id)
        for id_ in reversed(rounds):
            follow_consultation(writing, law, draft, writing.get_one(Consultation, id_), now)
        if stage in ENDED:
            _cancel_ended(writing, law, draft, now)


def _cancel_ended(session: Session, law: Law, draft: Draft, now: datetime) -> None:
    reason, spared = ENDED[draft.stage]
    at = ended_at(session, draft) or now
    cancel_draft(session, law, draft, reason, at, now, spared)
