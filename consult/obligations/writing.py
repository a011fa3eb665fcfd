"""The only writer of ledgers: a line is added if the rules let it follow, and the fold is kept.

What a line means stands in rules.py, what follows for the date in dating.py; when one is written,
in the modules beside this one. Many ledgers at once, in few statements: batches.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from consult.errors import NotFound
from consult.law.actions import keep_version
from consult.law.models import RuleVersion
from consult.law.queries import Law
from consult.obligations.ledger.dating import dated
from consult.obligations.ledger.rules import (
    SETTLED,
    Kind,
    LedgerEvent,
    ObligationState,
    Stored,
    fold,
)
from consult.obligations.models import (
    DutyProposal,
    Obligation,
    ObligationComputation,
    ObligationEvent,
)
from consult.obligations.queries import ledger
from consult.procedure.deadlines import Computation, DeadlineRule

Data = Mapping[str, Any]


def begin(session: Session, law: Law, obligation: Obligation, at: datetime, now: datetime) -> None:
    """Write down a new duty, planned, with the version of the rule it will always be counted by."""
    rule = law.pack.rules[obligation.rule_code]
    obligation.rule_version_id = keep_version(session, rule, now).id
    session.add(obligation)
    session.flush()
    event = LedgerEvent(1, Kind.CREATED, at, {"rule_code": rule.code})
    _keep(session, obligation, event, fold([event]), now)


def write(
    session: Session,
    law: Law,
    obligation: Obligation,
    kind: Kind,
    at: datetime,
    data: Data,
    *,
    now: datetime,
    actor_id: int | None = None,
    other_rule: DeadlineRule | None = None,
) -> LedgerEvent:
    """Add a line that takes effect `at`, with the due date that follows from it.

    A correction may name the rule to count by from now on. Raises Conflict if the line cannot
    follow, Invalid if it lacks what it needs or the rule does not allow it, as rules.py says.
    """
    rule = other_rule or rule_of(session, law, obligation)
    if other_rule is not None or obligation.rule_version_id is None:
        obligation.rule_version_id = keep_version(session, rule, now).id
    if other_rule is not None:
        data = {**data, "rule_code": rule.code, "rule_version": obligation.rule_version_id}
    lines = ledger(session, obligation.id or 0)
    event = LedgerEvent(len(lines) + 1, kind, at, data, actor_id)
    event, state, computed = dated(fold(lines), event, rule, law.calendar, law.tz)
    _keep(session, obligation, event, state, now)
    if computed is not None:
        values = computation_values(obligation, event.seq, computed, now)
        session.add(ObligationComputation(**values))
    return event


def rehearse(
    session: Session,
    law: Law,
    obligation: Obligation,
    event: LedgerEvent,
    other_rule: DeadlineRule | None = None,
) -> Computation | None:
    """What would follow for the date if this came next (its `seq` is of no matter); None if no
    clock runs then. Writes nothing; raises as `write` does."""
    lines = ledger(session, obligation.id or 0)
    rule = other_rule or rule_of(session, law, obligation)
    event = replace(event, seq=len(lines) + 1)
    return dated(fold(lines), event, rule, law.calendar, law.tz)[2]


def _keep(
    session: Session,
    obligation: Obligation,
    event: LedgerEvent,
    state: ObligationState,
    now: datetime,
) -> None:
    session.add(ObligationEvent(**event_values(obligation, event, now)))
    show(obligation, event, state)
    session.add(obligation)
    session.flush()
    drop_proposals(session, [obligation], now)


def drop_proposals(session: Session, written: Iterable[Obligation], now: datetime) -> None:
    """Nobody has to decide any more on what was asked for a duty that is settled now."""
    settled = [obligation.id for obligation in written if Stored(obligation.state) in SETTLED]
    if settled:
        session.execute(
            update(DutyProposal)
            .where(
                col(DutyProposal.obligation_id).in_(settled),
                col(DutyProposal.verdict) == "waiting",
            )
            .values(verdict="withdrawn", decided_at=now)
        )


def event_values(obligation: Obligation, event: LedgerEvent, now: datetime) -> dict[str, Any]:
    """The columns of a line of a ledger."""
    return {
        "obligation_id": obligation.id or 0,
        "seq": event.seq,
        "kind": event.kind.value,
        "at": event.at,
        "recorded_at": now,
        "actor_id": event.actor_id,
        "data": dict(event.data),
    }


def show(obligation: Obligation, event: LedgerEvent, state: ObligationState) -> None:
    """Keep beside the ledger what it amounts to, for queries."""
    obligation.state, obligation.due_at = state.stored.value, state.due_at
    obligation.preliminary, obligation.fulfilled_at = state.preliminary, state.fulfilled_at
    obligation.extra, obligation.rule_code = state.extra, state.rule_code
    obligation.officer_id, obligation.expected_on = state.officer_id, state.expected_on
    obligation.remind_at = event.at if state.stored is Stored.RUNNING else None


def computation_values(
    obligation: Obligation, seq: int, computed: Computation, now: datetime
) -> dict[str, Any]:
    """The columns of a computation."""
    return {
        "obligation_id": obligation.id or 0,
        "seq": seq,
        "rule_version_id": obligation.rule_version_id,
        "due_on": computed.due_on,
        "due_at": computed.due_at,
        "preliminary": computed.preliminary,
        "trace": computed.trace_data(),
        "computed_at": now,
    }


def rule_of(session: Session, law: Law, obligation: Obligation) -> DeadlineRule:
    """The rule a duty began with, as it read then, whatever the pack says of it today.

    Duties from before versions were kept have the pack's; raises NotFound if it has dropped it.
    """
    version = session.get(RuleVersion, obligation.rule_version_id or 0)
    if version is not None:
        return DeadlineRule.model_validate(version.content)
    rule = law.pack.rules.get(obligation.rule_code)
    if rule is None:
        raise NotFound("The rules no longer have {code}. Put it back.", code=obligation.rule_code)
    return rule
