"""What is done with duties: planned, set running, fulfilled. Each act is a line of the ledger."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from consult.access import Actor, check_agency
from consult.consultations.models import Consultation
from consult.errors import Conflict, NotFound
from consult.obligations.models import Obligation, ObligationEvent
from consult.obligations.queries import last_comment_at, ledger, obligation_to_change
from consult.obligations.rules import Kind, LedgerEvent, Stored, advance, dated, fold
from consult.procedure.deadlines import DeadlineRule, Trigger, local_day
from consult.procedure.duties import Evidence
from consult.procedure.packs import RulePack
from drafts.models import Draft

# Owed to those who commented: where nobody did, nobody is owed it.
TO_COMMENTERS = frozenset({Evidence.RECEIPT, Evidence.ANSWER, Evidence.NOTICE})
# What this site cannot see for itself, so that a person has to say it and show it.
BY_HAND = frozenset({Evidence.DECISION})


def follow_consultation(
    session: Session, pack: RulePack, draft: Draft, consultation: Consultation
) -> None:
    """Bring the duties of a consultation up to how far it has come.

    Everything is read off the consultation's own instants, so it does not matter how late this is
    done, how often, or in which order the events arrive: a slow worker makes nobody late.
    """
    opened_at, closed_at = consultation.opened_at, consultation.closed_at
    if opened_at is None:
        return
    plan_duties(session, pack, draft, consultation)
    trigger_duties(session, pack, consultation, Trigger.CONSULTATION_OPENED, opened_at)
    page = f"/drafts/{draft.id}"
    fulfil_by_evidence(session, pack, consultation, Evidence.ANNOUNCEMENT, page, opened_at)
    if closed_at is None:
        return
    if last_at := last_comment_at(session, consultation.id or 0):
        trigger_duties(session, pack, consultation, Trigger.COMMENT_SUBMITTED, last_at)
        talk = f"{page}/discussion"
        fulfil_by_evidence(session, pack, consultation, Evidence.RECEIPT, talk, last_at)
    else:
        reason = "Nobody commented, so nobody is owed this."
        cancel_duties(session, pack, consultation, TO_COMMENTERS, reason, closed_at)
    trigger_duties(session, pack, consultation, Trigger.CONSULTATION_CLOSED, closed_at)
    reported_at = consultation.reported_at
    if reported_at is None:
        return
    report = f"{page}/report/{consultation.round}"
    for evidence in (Evidence.ANSWER, Evidence.REPORT):
        fulfil_by_evidence(session, pack, consultation, evidence, report, reported_at)
    trigger_duties(session, pack, consultation, Trigger.REPORT_PUBLISHED, reported_at)


def plan_duties(session: Session, pack: RulePack, draft: Draft, consultation: Consultation) -> None:
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
    for duty in pack.duty:
        key = f"{duty.code}:{consultation.id}"
        if key in known:
            continue
        rule = pack.rule_for(duty.term, draft.act_type, local_day(opened_at, pack.tz))
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
        _write(session, pack, obligation, Kind.CREATED, opened_at, {"rule_code": rule.code})


def trigger_duties(
    session: Session,
    pack: RulePack,
    consultation: Consultation,
    trigger: Trigger,
    at: datetime,
) -> None:
    """Set running the duties of a consultation that begin with `trigger`, with their due dates."""
    for obligation in _duties(session, consultation, Stored.PLANNED):
        if rule_of(pack, obligation).trigger is trigger:
            _write(session, pack, obligation, Kind.TRIGGERED, at, {})


def fulfil_by_evidence(
    session: Session,
    pack: RulePack,
    consultation: Consultation,
    evidence: Evidence,
    path: str,
    at: datetime,
) -> None:
    """Fulfil the running duties of a consultation that this kind of evidence shows to be done."""
    for obligation in _duties(session, consultation, Stored.RUNNING, Stored.PAUSED):
        if pack.duties[obligation.duty].evidence is evidence:
            _write(session, pack, obligation, Kind.FULFILLED, at, {"evidence": path})


def cancel_duties(
    session: Session,
    pack: RulePack,
    consultation: Consultation,
    kinds: Collection[Evidence],
    reason: str,
    at: datetime,
) -> None:
    """Cancel the planned duties of some kinds; `reason` is a translatable sentence."""
    for obligation in _duties(session, consultation, Stored.PLANNED):
        if pack.duties[obligation.duty].evidence in kinds:
            _write(session, pack, obligation, Kind.CANCELLED, at, {"reason": reason})


def fulfil(
    session: Session,
    pack: RulePack,
    *,
    actor: Actor,
    obligation_id: int,
    evidence: str,
    now: datetime,
) -> Obligation:
    """An officer says that a duty is done, and shows by what: a path, an address or words.

    What this site sees for itself cannot be claimed: a report is published or it is not. Raises
    NotFound, NotAllowed, Conflict, and Invalid without evidence.
    """
    obligation = obligation_to_change(session, obligation_id)
    check_agency(actor, "answer", obligation.agency_id)
    if not is_by_hand(pack, obligation):
        raise Conflict("This duty is fulfilled by doing it here: nobody can mark it as done.")
    data = {"evidence": evidence.strip()}
    _write(session, pack, obligation, Kind.FULFILLED, now, data, actor)
    return obligation


def is_by_hand(pack: RulePack, obligation: Obligation) -> bool:
    """Whether a person has to say that a duty is done, because this site cannot see it."""
    return pack.duties[obligation.duty].evidence in BY_HAND


def may_fulfil(actor: Actor, pack: RulePack, obligation: Obligation) -> bool:
    """Whether this person is offered to mark a duty as fulfilled."""
    return (
        Stored(obligation.state) in (Stored.RUNNING, Stored.PAUSED)
        and is_by_hand(pack, obligation)
        and actor.may_for("answer", obligation.agency_id)
    )


def rule_of(pack: RulePack, obligation: Obligation) -> DeadlineRule:
    """The rule a duty began with; raises NotFound if the pack has dropped it."""
    rule = pack.rules.get(obligation.rule_code)
    if rule is None:
        raise NotFound("The rules no longer have {code}. Put it back.", code=obligation.rule_code)
    return rule


def _duties(session: Session, consultation: Consultation, *states: Stored) -> list[Obligation]:
    query = select(Obligation).where(
        Obligation.consultation_id == consultation.id,
        col(Obligation.state).in_([state.value for state in states]),
    )
    return list(session.exec(query.order_by(col(Obligation.id))).all())


def _write(
    session: Session,
    pack: RulePack,
    obligation: Obligation,
    kind: Kind,
    at: datetime,
    data: dict[str, Any],
    actor: Actor | None = None,
) -> None:
    """Add a line to the ledger if the rules let it follow, and keep the fold with the duty."""
    lines = ledger(session, obligation.id or 0)
    event = LedgerEvent(len(lines) + 1, kind, at, data, actor.id if actor else None)
    if lines:
        before = fold(lines)
        event = dated(before, event, rule_of(pack, obligation), pack.calendar(), pack.tz)
        state = advance(before, event)
    else:
        state = fold([event])
    session.add(
        ObligationEvent(
            obligation_id=obligation.id or 0,
            seq=event.seq,
            kind=kind.value,
            at=at,
            actor_id=event.actor_id,
            data=dict(event.data),
        )
    )
    obligation.state, obligation.due_at = state.stored.value, state.due_at
    obligation.preliminary, obligation.fulfilled_at = state.preliminary, state.fulfilled_at
    obligation.remind_at = at if state.stored is Stored.RUNNING else None
    session.add(obligation)
    session.flush()
