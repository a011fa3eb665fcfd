"""What a person does with a duty alone: done, resumed, assigned, a delay told, corrected.

What takes a second person is proposing.py. Each act is a line of the ledger (writing.py).
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

from consult import outbox
from consult.access import Actor, Role, check_agency
from consult.accounts.queries import people_with
from consult.errors import Conflict, Invalid, NotAllowed
from consult.events import DelayAnnounced, DutiesAssigned, DutyCorrected
from consult.law.queries import Law
from consult.obligations.ledger.dating import check_delay
from consult.obligations.ledger.rules import Kind, LedgerEvent, Stored, fold
from consult.obligations.models import Obligation
from consult.obligations.queries import (
    ledger,
    obligation_to_change,
    obligations_to_change,
)
from consult.obligations.writing import Line, rehearse, rule_of, write, write_many
from consult.procedure.deadlines import Computation, DeadlineRule
from consult.procedure.duties import Evidence
from consult.procedure.packs import RulePack

# What this site cannot see for itself, so that a person has to say it and show it.
BY_HAND = frozenset({Evidence.DECISION, Evidence.DOCUMENT})


def fulfil(
    session: Session,
    law: Law,
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
    if not is_by_hand(law.pack, obligation):
        raise Conflict("This duty is fulfilled by doing it here: nobody can mark it as done.")
    data = {"evidence": evidence.strip()}
    write(session, law, obligation, Kind.FULFILLED, now, data, now=now, actor_id=actor.id)
    return obligation


def is_by_hand(pack: RulePack, obligation: Obligation) -> bool:
    """Whether a person has to say that a duty is done, because this site cannot see it."""
    duty = pack.duties.get(obligation.duty)  # a pack may drop a duty while one still runs
    return duty is None or duty.evidence in BY_HAND


def may_fulfil(actor: Actor, pack: RulePack, obligation: Obligation) -> bool:
    """Whether this person is offered to mark a duty as fulfilled."""
    return (
        Stored(obligation.state) in (Stored.RUNNING, Stored.PAUSED)
        and is_by_hand(pack, obligation)
        and actor.may_for("answer", obligation.agency_id)
    )


def resume(
    session: Session, law: Law, *, actor: Actor, obligation_id: int, reason: str, now: datetime
) -> None:
    """An officer sets the clock of a paused duty running again; the date is counted anew.

    It takes no second person, for it only gives the agency less time. Raises NotFound,
    NotAllowed, Conflict if it is not paused, Invalid without a reason.
    """
    obligation = obligation_to_change(session, obligation_id)
    check_agency(actor, "answer", obligation.agency_id)
    data = {"reason": reason.strip()}
    write(session, law, obligation, Kind.RESUMED, now, data, now=now, actor_id=actor.id)


def assign_many(
    session: Session,
    law: Law,
    *,
    actor: Actor,
    obligation_ids: Collection[int],
    officer_id: int,
    now: datetime,
) -> None:
    """An officer or the head gives duties to an officer of the agency: all of them, or none.

    The officer gets one message, however many they are; who takes them needs none. Raises NotFound,
    NotAllowed, Conflict, and Invalid for somebody who is no officer there.
    """
    duties = obligations_to_change(session, obligation_ids)
    by: dict[int, str] = {}
    for agency_id in {duty.agency_id for duty in duties}:
        check_agency(actor, "desk", agency_id)
        if officer_id not in {one.id for one in people_with(session, Role.OFFICER, agency_id)}:
            raise Invalid("Please choose one of the options.", field="officer_id")
        by[agency_id] = "officer" if actor.may_for("answer", agency_id) else "head"
    if officer_id in {duty.officer_id for duty in duties}:
        raise Conflict("This officer does it already.", field="officer_id")
    given = {"officer_id": officer_id}
    work = [
        (duty, [Line(Kind.ASSIGNED, now, {**given, "by": by[duty.agency_id]}, actor.id)])
        for duty in duties
    ]
    steps = write_many(session, law, work, now)
    if steps and officer_id != actor.id:
        ids = tuple(duty.id or 0 for duty in duties)
        outbox.record(session, DutiesAssigned(officer_id, ids, steps[0][0].seq), now)


def announce_delay(
    session: Session,
    law: Law,
    *,
    actor: Actor,
    obligation_id: int,
    expected_on: date,
    reason: str,
    now: datetime,
) -> None:
    """An officer says in public that a duty will be late, why, and when it will be done.

    The due date stays where it is: what is late is late. Those who took part are told. Raises
    NotFound, NotAllowed, Conflict unless its term runs, Invalid for a day that is no delay.
    """
    obligation = obligation_to_change(session, obligation_id)
    check_agency(actor, "answer", obligation.agency_id)
    data = {"expected_on": expected_on.isoformat(), "reason": reason.strip()}
    state = fold(ledger(session, obligation_id))
    if state.stored is Stored.RUNNING:
        check_delay(state, expected_on, now, law.calendar, law.tz)
    if expected_on == obligation.expected_on:  # sent twice, or said again
        raise Conflict("This day is announced already.", field="expected_on")
    line = write(
        session, law, obligation, Kind.DELAY_ANNOUNCED, now, data, now=now, actor_id=actor.id
    )
    outbox.record(session, DelayAnnounced(obligation_id, line.seq), now)


@dataclass(frozen=True, slots=True)
class Correction:
    """What is put right: the rule to count by (a code; "" keeps the one it has, as it read when
    the duty began), the instant at which the term began (None keeps it), and why."""

    rule_code: str = ""
    trigger_at: datetime | None = None
    reason: str = ""


def may_correct(actor: Actor, obligation: Obligation) -> bool:
    """The oversight body may, for any agency, and the head of the body that owes the duty."""
    return actor.may("correct") and (
        actor.may("oversee") or actor.may_for("approve", obligation.agency_id)
    )


def correct(
    session: Session,
    law: Law,
    *,
    actor: Actor,
    obligation_id: int,
    correction: Correction,
    now: datetime,
) -> None:
    """Count a duty by another rule, or from another beginning, in public and with a reason.

    Raises NotFound, NotAllowed, Conflict (a head would gain time), Invalid.
    """
    obligation = obligation_to_change(session, obligation_id)
    line, other_rule = _corrected(session, law, actor, obligation, correction, now)
    written = write(
        session,
        law,
        obligation,
        line.kind,
        now,
        line.data,
        now=now,
        actor_id=actor.id,
        other_rule=other_rule,
    )
    outbox.record(session, DutyCorrected(obligation_id, written.seq), now)


def preview_correction(
    session: Session,
    law: Law,
    *,
    actor: Actor,
    obligation: Obligation,
    correction: Correction,
    now: datetime,
) -> Computation | None:
    """When a duty would be due after a correction; writes nothing, and raises as `correct` does.

    None while no clock runs. The reason may still be missing: it comes with the decision.
    """
    stated = replace(correction, reason=correction.reason or "-")
    line, other_rule = _corrected(session, law, actor, obligation, stated, now)
    return rehearse(session, law, obligation, line, other_rule)


def _corrected(
    session: Session,
    law: Law,
    actor: Actor,
    obligation: Obligation,
    correction: Correction,
    now: datetime,
) -> tuple[LedgerEvent, DeadlineRule | None]:
    """The line that a correction is, but for its place, and the rule it sets."""
    if not may_correct(actor, obligation):
        raise NotAllowed("This belongs to another agency.")
    other_rule = None
    if correction.rule_code:
        other_rule = _rule_to_apply(session, law, obligation, correction.rule_code)
    if other_rule is None and correction.trigger_at is None:
        raise Invalid("Say what is to be corrected.", field="rule_code")
    data = {
        "reason": correction.reason.strip(),
        "by": "oversight" if actor.may("oversee") else "head",
    }
    if correction.trigger_at is not None:
        data["trigger_at"] = correction.trigger_at.isoformat()
    line = LedgerEvent(0, Kind.CORRECTED, now, data, actor.id)
    if not actor.may("oversee"):
        _check_no_gain(obligation, rehearse(session, law, obligation, line, other_rule))
    return line, other_rule


def _check_no_gain(obligation: Obligation, computed: Computation | None) -> None:
    """Nobody wipes out their own lateness: more time is for two persons, or the oversight body.

    While no clock runs no date shows who gains. Raises Conflict.
    """
    if computed is None or obligation.due_at is None or computed.due_at > obligation.due_at:
        raise Conflict(
            "You may only move the due date to an earlier day. "
            "Ask the oversight body for anything else."
        )


def _rule_to_apply(session: Session, law: Law, obligation: Obligation, code: str) -> DeadlineRule:
    """A rule of the same term, as the pack has it today."""
    own, other = rule_of(session, law, obligation), law.pack.rules.get(code)
    if other is None or other.term is not own.term:
        raise Invalid("Please choose one of the options.", field="rule_code")
    if obligation.extra and other.unit is not own.unit:
        raise Conflict(
            "The term was extended in another unit than this rule counts in. "
            "The extension cannot be carried over."
        )
    return other


def rules_to_apply(law: Law, rule: DeadlineRule) -> list[DeadlineRule]:
    """The rules of the same term that a duty may be corrected to, as they read today."""
    return [other for other in law.pack.rule if other.term is rule.term]
