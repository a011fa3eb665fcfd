"""The only writer of ledgers: a line is added if the rules let it follow, and the fold is kept.

What a line means stands in rules.py; when one is written, in the modules beside this one.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from consult.errors import NotFound
from consult.law.actions import keep_version
from consult.law.models import RuleVersion
from consult.law.queries import Law
from consult.obligations.models import Obligation, ObligationComputation, ObligationEvent
from consult.obligations.queries import ledger
from consult.obligations.rules import Kind, LedgerEvent, ObligationState, Stored, dated, fold
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
) -> LedgerEvent:
    """Add a line that takes effect `at`, with the due date that follows from it.

    Raises Conflict if it cannot follow, Invalid if it lacks what it needs, as rules.py says.
    """
    lines = ledger(session, obligation.id or 0)
    event = LedgerEvent(len(lines) + 1, kind, at, data, actor_id)
    rule = rule_of(session, law, obligation)
    event, state, computed = dated(fold(lines), event, rule, law.calendar, law.tz)
    _keep(session, obligation, event, state, now)
    if computed is not None:
        session.add(_computation(obligation, event.seq, computed, now))
    return event


def _keep(
    session: Session,
    obligation: Obligation,
    event: LedgerEvent,
    state: ObligationState,
    now: datetime,
) -> None:
    session.add(
        ObligationEvent(
            obligation_id=obligation.id or 0,
            seq=event.seq,
            kind=event.kind.value,
            at=event.at,
            recorded_at=now,
            actor_id=event.actor_id,
            data=dict(event.data),
        )
    )
    obligation.state, obligation.due_at = state.stored.value, state.due_at
    obligation.preliminary, obligation.fulfilled_at = state.preliminary, state.fulfilled_at
    obligation.extra = state.extra
    obligation.remind_at = event.at if state.stored is Stored.RUNNING else None
    session.add(obligation)
    session.flush()


def _computation(
    obligation: Obligation, seq: int, computed: Computation, now: datetime
) -> ObligationComputation:
    return ObligationComputation(
        obligation_id=obligation.id or 0,
        seq=seq,
        rule_version_id=obligation.rule_version_id,
        due_on=computed.due_on,
        due_at=computed.due_at,
        preliminary=computed.preliminary,
        trace=computed.trace_data(),
        computed_at=now,
    )


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
