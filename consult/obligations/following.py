"""Duties follow what happens to a consultation: planned, set running, fulfilled, cancelled.

What a person does with a duty stands in actions.py, recurrent duties in recurring.py.
"""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select

from consult.consultations.models import Consultation
from consult.law.queries import Law
from consult.obligations.models import Obligation
from consult.obligations.queries import last_comment_at
from consult.obligations.rules import Kind, Stored
from consult.obligations.writing import begin, rule_of, write
from consult.procedure.deadlines import Trigger, local_day
from consult.procedure.duties import Evidence
from drafts.models import Draft

# Owed to those who commented: where nobody did, nobody is owed it.
TO_COMMENTERS = frozenset({Evidence.RECEIPT, Evidence.ANSWER, Evidence.NOTICE})


def follow_consultation(
    session: Session, law: Law, draft: Draft, consultation: Consultation, now: datetime
) -> None:
    """Bring the duties of a consultation up to how far it has come.

    Everything is read off the consultation's own instants, so it does not matter how late this is
    done, how often, or in which order the events arrive: a slow worker makes nobody late.
    """
    opened_at, closed_at = consultation.opened_at, consultation.closed_at
    if opened_at is None:
        return
    plan_duties(session, law, draft, consultation, now)
    trigger_duties(session, law, consultation, Trigger.CONSULTATION_OPENED, opened_at, now)
    page = f"/drafts/{draft.id}"
    fulfil_by_evidence(session, law, consultation, Evidence.ANNOUNCEMENT, page, opened_at, now)
    if closed_at is None:
        return
    if last_at := last_comment_at(session, consultation.id or 0):
        trigger_duties(session, law, consultation, Trigger.COMMENT_SUBMITTED, last_at, now)
        talk = f"{page}/discussion"
        fulfil_by_evidence(session, law, consultation, Evidence.RECEIPT, talk, last_at, now)
    else:
        reason = "Nobody commented, so nobody is owed this."
        cancel_duties(session, law, consultation, TO_COMMENTERS, reason, closed_at, now)
    trigger_duties(session, law, consultation, Trigger.CONSULTATION_CLOSED, closed_at, now)
    reported_at = consultation.reported_at
    if reported_at is None:
        return
    report = f"{page}/report/{consultation.round}"
    for evidence in (Evidence.ANSWER, Evidence.REPORT):
        fulfil_by_evidence(session, law, consultation, evidence, report, reported_at, now)
    trigger_duties(session, law, consultation, Trigger.REPORT_PUBLISHED, reported_at, now)


def plan_duties(
    session: Session, law: Law, draft: Draft, consultation: Consultation, now: datetime
) -> None:
    """Write down everything the agency will owe for a consultation; done twice, nothing is added.

    A duty owed for each comment (the acknowledgement) is one duty here, not one a comment. Every
    comment gets its receipt in the transaction that takes it, so a duty a comment would be up to
    a quarter of a million ledgers, each settled in the instant it begins, and would say no more
    than the receipts do. The one duty stands for all of them: it runs from the last comment,
    whose term ends last, and the receipts fulfil it.
    """
    opened_at = consultation.opened_at or consultation.opens_at
    query = select(Obligation.key).where(Obligation.consultation_id == consultation.id)
    known = set(session.exec(query).all())
    for duty in law.pack.duty:
        key = f"{duty.code}:{consultation.id}"
        if key in known:
            continue
        rule = law.pack.rule_for(
            duty.term, draft.act_type, local_day(opened_at, law.tz), draft.attributes
        )
        obligation = Obligation(
            key=key,
            duty=duty.code,
            rule_code=rule.code,
            agency_id=draft.agency_id,
            draft_id=draft.id,
            consultation_id=consultation.id,
            state=Stored.PLANNED.value,
        )
        begin(session, law, obligation, opened_at, now)


def trigger_duties(
    session: Session,
    law: Law,
    consultation: Consultation,
    trigger: Trigger,
    at: datetime,
    now: datetime,
) -> None:
    """Set running the duties of a consultation that begin with `trigger`, with their due dates."""
    for obligation in _duties(session, consultation, Stored.PLANNED):
        if rule_of(session, law, obligation).trigger is trigger:
            write(session, law, obligation, Kind.TRIGGERED, at, {}, now=now)


def fulfil_by_evidence(
    session: Session,
    law: Law,
    consultation: Consultation,
    evidence: Evidence,
    path: str,
    at: datetime,
    now: datetime,
) -> None:
    """Fulfil the running duties of a consultation that this kind of evidence shows to be done."""
    for obligation in _duties(session, consultation, Stored.RUNNING, Stored.PAUSED):
        if law.pack.duties[obligation.duty].evidence is evidence:
            write(session, law, obligation, Kind.FULFILLED, at, {"evidence": path}, now=now)


def cancel_duties(
    session: Session,
    law: Law,
    consultation: Consultation,
    kinds: Collection[Evidence],
    reason: str,
    at: datetime,
    now: datetime,
) -> None:
    """Cancel the planned duties of some kinds; `reason` is a translatable sentence."""
    for obligation in _duties(session, consultation, Stored.PLANNED):
        if law.pack.duties[obligation.duty].evidence in kinds:
            write(session, law, obligation, Kind.CANCELLED, at, {"reason": reason}, now=now)


def _duties(session: Session, consultation: Consultation, *states: Stored) -> list[Obligation]:
    query = select(Obligation).where(
        Obligation.consultation_id == consultation.id,
        col(Obligation.state).in_([state.value for state in states]),
    )
    return list(session.exec(query.order_by(col(Obligation.id))).all())
