"""What is done with duties: planned, set running, fulfilled. Each act is a line of the ledger."""

from datetime import datetime
from typing import Any

from sqlalchemy.exc import NoResultFound
from sqlmodel import Session, select

from consult.access import Actor, check_agency
from consult.consultations.models import Consultation
from consult.errors import NotFound
from consult.obligations.models import Obligation, ObligationEvent
from consult.obligations.queries import ledger
from consult.obligations.rules import Kind, LedgerEvent, Stored, advance, fold
from consult.procedure.deadlines import Computation, Trigger, compute, local_day
from consult.procedure.duties import Evidence
from consult.procedure.packs import RulePack
from drafts.models import Draft


def plan_duties(
    session: Session, pack: RulePack, draft: Draft, consultation: Consultation, now: datetime
) -> None:
    """Write down everything the agency will owe for a consultation; done twice, nothing is added.

    A duty owed for each comment is one duty here: to all of them, by the last of the dates.
    """
    for duty in pack.duty:
        key = f"{duty.code}:{consultation.id}"
        if session.exec(select(Obligation.id).where(Obligation.key == key)).first():
            continue
        on = local_day(consultation.opens_at, pack.tz)
        rule = pack.rule_for(duty.term, draft.act_type, on)
        obligation = Obligation(
            key=key,
            duty=duty.code,
            rule_code=rule.code,
            agency_id=draft.agency_id,
            draft_id=draft.id,
            consultation_id=consultation.id,
            state=Stored.PLANNED.value,
        )
        session.add(obligation)
        session.flush()
        _write(session, obligation, Kind.CREATED, now, {"rule_code": rule.code})


def trigger_duties(
    session: Session,
    pack: RulePack,
    consultation: Consultation,
    trigger: Trigger,
    at: datetime,
) -> None:
    """Set running the duties of a consultation that begin with `trigger`, with their due dates."""
    planned = session.exec(
        select(Obligation).where(
            Obligation.consultation_id == consultation.id,
            Obligation.state == Stored.PLANNED.value,
        )
    ).all()
    for obligation in planned:
        rule = pack.rules[obligation.rule_code]
        if rule.trigger is trigger:
            due = compute(rule, at, pack.calendar(), pack.tz)
            _write(session, obligation, Kind.TRIGGERED, at, _due_data(due))


def fulfil_by_evidence(
    session: Session,
    pack: RulePack,
    consultation_id: int,
    evidence: Evidence,
    path: str,
    now: datetime,
) -> None:
    """Fulfil the running duties of a consultation that this kind of evidence shows to be done."""
    running = session.exec(
        select(Obligation).where(
            Obligation.consultation_id == consultation_id,
            Obligation.state == Stored.RUNNING.value,
        )
    ).all()
    for obligation in running:
        if pack.duties[obligation.duty].evidence is evidence:
            _write(session, obligation, Kind.FULFILLED, now, {"evidence": path})


def fulfil(
    session: Session, *, actor: Actor, obligation_id: int, evidence: str, now: datetime
) -> Obligation:
    """An officer says a duty is done, and shows by what; raises Invalid without evidence."""
    try:
        obligation = session.get_one(Obligation, obligation_id)
    except NoResultFound as error:
        raise NotFound("There is no such duty.") from error
    check_agency(actor, "answer", obligation.agency_id)
    _write(session, obligation, Kind.FULFILLED, now, {"evidence": evidence.strip()}, actor)
    return obligation


def _write(
    session: Session,
    obligation: Obligation,
    kind: Kind,
    at: datetime,
    data: dict[str, Any],
    actor: Actor | None = None,
) -> None:
    """Add a line to the ledger if the rules let it follow, and keep the fold with the duty."""
    lines = ledger(session, obligation.id or 0)
    event = LedgerEvent(
        seq=len(lines) + 1, kind=kind, at=at, data=data, actor_id=actor.id if actor else None
    )
    state = advance(fold(lines), event) if lines else fold([event])
    session.add(
        ObligationEvent(
            obligation_id=obligation.id or 0,
            seq=event.seq,
            kind=kind.value,
            at=at,
            actor_id=event.actor_id,
            data=data,
        )
    )
    obligation.state = state.stored.value
    obligation.due_at, obligation.fulfilled_at = state.due_at, state.fulfilled_at
    session.add(obligation)
    session.flush()


def _due_data(due: Computation) -> dict[str, Any]:
    """A computation as the ledger keeps it, with each day counted or skipped, and why."""
    return {
        "due_at": due.due_at.isoformat(),
        "due_on": due.due_on.isoformat(),
        "preliminary": due.preliminary,
        "citation": due.citation,
        "trace": [
            {
                "on": day.on.isoformat(),
                "counted": day.counted,
                "code": day.reason.code,
                "text": day.reason.text,
                "params": dict(day.reason.params),
            }
            for day in due.trace
        ],
    }
