"""What duties do about events: they are planned, set running and fulfilled by what happens."""

from datetime import datetime

from sqlmodel import Session

from consult import outbox
from consult.consultations.queries import consultation_by_id
from consult.events import (
    ConsultationClosed,
    ConsultationOpened,
    ReminderDue,
    ReportPublished,
)
from consult.obligations.actions import fulfil_by_evidence, plan_duties, trigger_duties
from consult.obligations.models import ReminderSent
from consult.obligations.queries import rungs_sent, running
from consult.obligations.rules import due_rungs
from consult.platform import Platform
from consult.procedure.deadlines import Trigger
from consult.procedure.duties import Evidence
from consult.procedure.packs import RulePack
from drafts.models import Draft


def begin_duties(
    session: Session, platform: Platform, event: ConsultationOpened, now: datetime
) -> None:
    """At the opening all duties are planned; the public announcement fulfils the first of them."""
    consultation = consultation_by_id(session, event.consultation_id)
    draft = session.get_one(Draft, event.draft_id)
    opened_at = consultation.opened_at or now
    plan_duties(session, platform.pack, draft, consultation, opened_at)
    opening = Trigger.CONSULTATION_OPENED
    trigger_duties(session, platform.pack, consultation, opening, opened_at)
    path = f"/drafts/{draft.id}"
    fulfil_by_evidence(
        session, platform.pack, event.consultation_id, Evidence.ANNOUNCEMENT, path, now
    )


def run_answer_duties(
    session: Session, platform: Platform, event: ConsultationClosed, now: datetime
) -> None:
    """At the closing the terms for answers and the report begin.

    Every comment got its receipt in the transaction that took it: those are the acknowledgement.
    """
    consultation = consultation_by_id(session, event.consultation_id)
    closed_at = consultation.closed_at or now
    # What is owed to each comment runs, at the latest, from the closing: the last comment's day.
    for trigger in (Trigger.COMMENT_SUBMITTED, Trigger.CONSULTATION_CLOSED):
        trigger_duties(session, platform.pack, consultation, trigger, closed_at)
    fulfil_by_evidence(
        session,
        platform.pack,
        event.consultation_id,
        Evidence.RECEIPT,
        f"/drafts/{event.draft_id}/discussion",
        now,
    )


def settle_report_duties(
    session: Session, platform: Platform, event: ReportPublished, now: datetime
) -> None:
    """The published report is the evidence for the answers and for itself."""
    consultation = consultation_by_id(session, event.consultation_id)
    published_at = consultation.reported_at or now
    path = f"/drafts/{event.draft_id}/report/{consultation.round}"
    for evidence in (Evidence.ANSWER, Evidence.REPORT):
        fulfil_by_evidence(
            session, platform.pack, event.consultation_id, evidence, path, published_at
        )
    trigger_duties(session, platform.pack, consultation, Trigger.REPORT_PUBLISHED, published_at)


def remind(session: Session, pack: RulePack, now: datetime) -> int:
    """Write down the reminders that are due and not yet sent; returns how many there were."""
    duties = running(session)
    sent = rungs_sent(session, [duty.id or 0 for duty in duties])
    calendar = pack.calendar()
    reached = 0
    for duty in duties:
        if duty.due_at is None:
            continue
        rungs = pack.duties[duty.duty].rungs
        done = sent.get(duty.id or 0, set())
        for rung in due_rungs(rungs, duty.due_at, now, done, calendar, pack.tz):
            days, audience = rung.key
            session.add(
                ReminderSent(obligation_id=duty.id or 0, rung=days, audience=audience, sent_at=now)
            )
            outbox.record(session, ReminderDue(duty.id or 0, days, audience), now)
            reached += 1
    return reached
