"""Reminders: each rung a duty reaches is written down once, and those it speaks to are told."""

from dataclasses import asdict
from datetime import date, datetime

from sqlmodel import Session, col, select

from consult import outbox
from consult.events import ReminderDue
from consult.law.queries import Law, law_of
from consult.obligations.keeping.ladder import next_rung_at, reached_rungs
from consult.obligations.ledger.rules import Stored
from consult.obligations.ledger.subjects import Subject
from consult.obligations.models import Obligation, ReminderSent
from consult.obligations.queries import reminders_waiting, rungs_sent
from consult.procedure.deadlines import end_of, last_day
from consult.procedure.packs import RulePack


def bundle_of(duty: Obligation) -> str:
    """What tells a duty apart in reminders: those for the comments of one consultation are one."""
    if Subject.read(duty.subject).is_single:
        return f"{duty.duty}:{duty.consultation_id}"
    return str(duty.id)


def remind(session: Session, pack: RulePack, now: datetime) -> int:
    """Write down the rungs that were reached since; returns how many duties were looked at.

    Each duty says when to look at it again, so that the ladders of all the others cost nothing.
    """
    waiting = reminders_waiting(session, now)
    sent = rungs_sent(session, waiting, pack.tz)
    law = law_of(session, pack)
    told = set[tuple[str, int | None, int, str, date]]()
    for duty in waiting:
        for due in _climb(session, law, duty, sent.get(duty.id or 0, set()), now):
            key = bundle_of(duty), duty.officer_id, due.rung, due.audience, due.due_on
            if key not in told:
                outbox.record(session, due, now)
            told.add(key)
    return len(waiting)


def _climb(
    session: Session, law: Law, duty: Obligation, sent: set[tuple[int, str]], now: datetime
) -> list[ReminderDue]:
    """Write down the rungs a duty has reached; returns those somebody is to be told of."""
    duty.remind_at = None
    session.add(duty)
    known = law.pack.duties.get(duty.duty)
    if duty.due_at is None or known is None:
        return []
    due_on, telling = last_day(duty.due_at, law.tz), []
    for found in reached_rungs(known.rungs, duty.due_at, now, sent, law.calendar, law.tz):
        due = ReminderDue(duty.id or 0, *found.rung.key, due_on)
        session.add(ReminderSent(**asdict(due), sent_at=now, overtaken=found.overtaken))
        if not found.overtaken:
            telling.append(due)
    duty.remind_at = next_rung_at(known.rungs, duty.due_at, now, law.calendar, law.tz)
    return telling


def still_due(session: Session, pack: RulePack, duty: Obligation, due_on: date) -> bool:
    """Whether a duty, or another of its bundle, still waits for the day it was reminded of."""
    alike = [col(Obligation.id) == duty.id]
    if Subject.read(duty.subject).is_single:
        alike = [
            col(Obligation.duty) == duty.duty,
            col(Obligation.consultation_id) == duty.consultation_id,
            col(Obligation.officer_id).is_not_distinct_from(duty.officer_id),
        ]
    query = select(Obligation.id).where(
        *alike,
        Obligation.state == Stored.RUNNING.value,
        Obligation.due_at == end_of(due_on, pack.tz),
    )
    return session.exec(query.limit(1)).first() is not None
