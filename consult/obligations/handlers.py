"""What duties do about events, and when somebody is reminded of them."""

from dataclasses import asdict
from datetime import datetime

from sqlmodel import Session

from consult import outbox
from consult.consultations.queries import consultation_by_id
from consult.events import ConsultationClosed, ConsultationOpened, ReminderDue, ReportPublished
from consult.law.queries import Law, law_of
from consult.obligations.following import follow_consultation
from consult.obligations.models import Obligation, ReminderSent
from consult.obligations.queries import reminders_waiting, rungs_sent
from consult.obligations.rules import due_rungs, next_rung_at
from consult.platform import Platform
from consult.procedure.deadlines import last_day
from consult.procedure.packs import RulePack
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


def remind(session: Session, pack: RulePack, now: datetime) -> int:
    """Write down the reminders that are due and not yet sent; returns how many duties were seen.

    Each duty says when to look at it again, so that the ladders of all the others cost nothing.
    """
    waiting = reminders_waiting(session, now)
    sent = rungs_sent(session, waiting, pack.tz)
    law = law_of(session, pack)
    for duty in waiting:
        _climb(session, law, duty, sent.get(duty.id or 0, set()), now)
    return len(waiting)


def _climb(
    session: Session,
    law: Law,
    duty: Obligation,
    sent: set[tuple[int, str]],
    now: datetime,
) -> None:
    duty.remind_at = None
    session.add(duty)
    if duty.due_at is None:
        return
    rungs, due_on = law.pack.duties[duty.duty].rungs, last_day(duty.due_at, law.tz)
    for rung in due_rungs(rungs, duty.due_at, now, sent, law.calendar, law.tz):
        days, audience = rung.key
        due = ReminderDue(duty.id or 0, days, audience, due_on)
        session.add(ReminderSent(**asdict(due), sent_at=now))
        outbox.record(session, due, now)
    duty.remind_at = next_rung_at(rungs, duty.due_at, now, law.calendar, law.tz)
