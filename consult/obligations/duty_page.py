"""What the page of one duty shows, and what each reader is offered to do there. No HTTP."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from consult.access import Actor, Role
from consult.accounts.agencies.queries import called
from consult.accounts.models import Person
from consult.accounts.queries import agencies, names_of, people_with
from consult.law.queries import Law, confirmation_of
from consult.law.rules import fingerprint
from consult.obligations.actions import may_correct, may_fulfil
from consult.obligations.cards import due_on, duty_cards, history, traces
from consult.obligations.ledger.rules import SETTLED, Kind, LedgerEvent, Stored
from consult.obligations.models import DutyProposal, Obligation, ReminderSent
from consult.obligations.proposing import newest_proposal, outlook
from consult.obligations.queries import DutyRow, computations, duty_row, ledger
from consult.obligations.writing import rule_of
from consult.procedure.deadlines import DeadlineRule, local_day

SHOWN = ("waiting", "refused")  # what became of other proposals is told by the ledger


def duty_view(
    session: Session, law: Law, actor: Actor, obligation_id: int, now: datetime, holidays_in: str
) -> dict[str, Any]:
    """Everything obligations/duty.html needs; raises NotFound.

    `holidays_in` is a language in which the `holidays` library names feasts, or "".
    """
    row = duty_row(session, obligation_id)
    duty = row.obligation
    rule, lines = rule_of(session, law, duty), ledger(session, obligation_id)
    bodies = agencies(session)
    begun_on = local_day(lines[0].at if lines else now, law.tz)
    return {
        "duty": duty_cards([row], bodies, law, now)[0],
        "called": called(session, bodies[duty.agency_id], begun_on),
        "rule": rule,
        "confirmation": confirmation_of(session, rule),
        "present_rule": _present_rule(law, rule),
        "owed": law.pack.duties.get(duty.duty),
        "grounds": law.pack.tolling_grounds,
        "events": history(lines),
        "pause": _newest(lines, Kind.PAUSED) if duty.state == Stored.PAUSED.value else None,
        "delay": _newest(lines, Kind.DELAY_ANNOUNCED) if _is_delayed(duty) else None,
        "reminders": _reminders(session, obligation_id),
        "traces": traces(computations(session, obligation_id), law.calendar, holidays_in),
        "can_correct": Stored(duty.state) not in SETTLED and may_correct(actor, duty),
        "staff": _for_staff(session, law, actor, row, rule, now),
    }


def _present_rule(law: Law, rule: DeadlineRule) -> DeadlineRule | None:
    """The rule as the pack says it today, where that is not what the duty is counted by."""
    present = law.pack.rules.get(rule.code)
    changed = present is not None and fingerprint(present) != fingerprint(rule)
    return present if changed else None


def _is_delayed(duty: Obligation) -> bool:
    return duty.expected_on is not None and Stored(duty.state) not in SETTLED


def _newest(lines: list[LedgerEvent], kind: Kind) -> dict[str, Any]:
    return history([line for line in lines if line.kind is kind])[-1]


def _reminders(session: Session, obligation_id: int) -> list[ReminderSent]:
    """Who was reminded and when, in order; one overtaken by a later rung was sent to nobody."""
    query = select(ReminderSent).where(
        ReminderSent.obligation_id == obligation_id, col(ReminderSent.overtaken).is_(False)
    )
    order = (col(ReminderSent.sent_at), col(ReminderSent.audience))
    return list(session.exec(query.order_by(*order)).all())


def _for_staff(
    session: Session, law: Law, actor: Actor, row: DutyRow, rule: DeadlineRule, now: datetime
) -> dict[str, Any] | None:
    """What the desk of the agency sees and may do; None for everybody else."""
    duty = row.obligation
    if not actor.may("desk") or not actor.may_for("desk", duty.agency_id):
        return None
    proposal = newest_proposal(session, duty.id or 0)
    if proposal is not None and proposal.verdict not in SHOWN:
        proposal = None
    officers = people_with(session, Role.OFFICER, duty.agency_id)
    waiting = proposal is not None and proposal.verdict == "waiting"
    may = _may(law, actor, duty, rule, now, waiting=waiting)
    return {
        "may": may,
        "left": rule.max_extension - duty.extra,
        "officers": officers if "assign" in may else [],
        "officer": _name(officers, duty, session),
        "proposal": proposal and _proposed(session, law, actor, duty, rule, proposal, now),
    }


def _name(officers: list[Person], duty: Obligation, session: Session) -> str:
    """The name of who does it; somebody may have left the office since."""
    known = {person.id: person.name for person in officers}
    if duty.officer_id is None or duty.officer_id in known:
        return known.get(duty.officer_id, "")
    return names_of(session, [duty.officer_id]).get(duty.officer_id, "")


def _may(
    law: Law, actor: Actor, duty: Obligation, rule: DeadlineRule, now: datetime, *, waiting: bool
) -> set[str]:
    """The forms that are offered; whether what is sent is allowed, the actions ask again."""
    state = Stored(duty.state)
    if state in SETTLED:
        return set()
    offered = {"assign"}
    if not actor.may_for("answer", duty.agency_id):
        return offered
    expired = state is Stored.RUNNING and duty.due_at is not None and now >= duty.due_at
    late = expired and not rule.extend_after_expiry
    ticking = state in (Stored.RUNNING, Stored.PAUSED)
    asked = {
        "fulfil": may_fulfil(actor, law.pack, duty),
        "delay": state is Stored.RUNNING,
        "resume": state is Stored.PAUSED,
        "extended": ticking and not waiting and not late and rule.max_extension > duty.extra,
        "paused": state is Stored.RUNNING and not (waiting or expired) and rule.tolling_events,
        "waived": not waiting,
    }
    return offered | {name for name, may in asked.items() if may}


def _proposed(
    session: Session,
    law: Law,
    actor: Actor,
    duty: Obligation,
    rule: DeadlineRule,
    proposal: DutyProposal,
    now: datetime,
) -> Mapping[str, Any]:
    """A proposal with who made it, and while it waits what approving it now would come to."""
    waiting = proposal.verdict == "waiting"
    computed, refusal = outlook(session, law, duty, proposal, now) if waiting else (None, None)
    own = actor.id == proposal.proposed_by
    return {
        "id": proposal.id,
        "waiting": waiting,
        "kind": proposal.kind,
        "extra": proposal.extra,
        "unit": rule.unit.value,
        "ground": proposal.ground,
        "basis": proposal.basis,
        "reason": proposal.reason,
        "note": proposal.note,
        "at": proposal.proposed_at,
        "by": names_of(session, [proposal.proposed_by]).get(proposal.proposed_by, ""),
        "was_on": due_on(duty, law.tz),
        "due_on": computed.due_on if computed else None,
        "refusal": refusal,
        "may_decide": waiting and not own and actor.may_for("approve", duty.agency_id),
        "may_withdraw": waiting and own,
    }
