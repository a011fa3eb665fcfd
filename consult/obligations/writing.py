"""The only writer of ledgers: a line is added if the rules let it follow, and the fold is kept.

Many ledgers are written in few statements however many, one is a case of many. What a line means
stands in ledger/rules.py, what follows for the date in ledger/dating.py; when one is written, in
the modules beside this one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update
from sqlmodel import Session, col

from consult import outbox
from consult.errors import NotFound
from consult.events import LedgersWritten
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
from consult.obligations.queries import ledger, ledgers
from consult.procedure.deadlines import Computation, DeadlineRule

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """A line to be added to a ledger: what happened, when it took effect, who did it.

    A correction may name the `rule` to count by from now on.
    """

    kind: Kind
    at: datetime
    data: Data = field(default_factory=dict)
    actor_id: int | None = None
    rule: DeadlineRule | None = None


Work = Sequence[tuple[Obligation, Sequence[Line]]]
Step = tuple[LedgerEvent, Computation | None]


def begin(session: Session, law: Law, obligation: Obligation, at: datetime, now: datetime) -> None:
    """Write down a new duty, planned, with the version of the rule it will always be counted by."""
    write_many(session, law, [(obligation, [Line(Kind.CREATED, at)])], now)


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
    """Add one line to one ledger; returns it with the due date that follows. Raises as below."""
    line = Line(kind, at, data, actor_id, other_rule)
    ((event, _),) = write_many(session, law, [(obligation, [line])], now)
    return event


def write_many(session: Session, law: Law, work: Work, now: datetime) -> list[Step]:
    """Add lines to ledgers; a duty without an id is new, and its first line creates it.

    Raises Conflict if a line cannot follow, Invalid if it lacks what it needs or the rule does not
    allow it, as ledger/ says; then nothing is to be kept of any of them.
    """
    rules = Rules(session, law)
    known = ledgers(session, [obligation.id for obligation, _ in work if obligation.id])
    written: list[tuple[Obligation, LedgerEvent, Computation | None]] = []
    for obligation, lines in work:
        history = known[obligation.id] if obligation.id else []
        for line in lines:
            rule = rules.pin(obligation, now, line.rule)
            event, computed = _step(law, obligation, rule, history, line)
            history = [*history, event]
            written.append((obligation, event, computed))
        session.add(obligation)
    session.flush()
    events = [event_values(duty, event, now) for duty, event, _ in written]
    computed_rows = [
        computation_values(duty, event.seq, computed, now)
        for duty, event, computed in written
        if computed is not None
    ]
    for table, rows in ((ObligationEvent, events), (ObligationComputation, computed_rows)):
        if rows:
            session.execute(insert(table), rows)
    drop_proposals(session, [duty for duty, _ in work if duty.id in known], now)
    if work:
        outbox.record(session, LedgersWritten(tuple(duty.id or 0 for duty, _ in work)), now)
    return [(event, computed) for _, event, computed in written]


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
    event = replace(event, seq=lines[-1].seq + 1)
    return dated(fold(lines), event, rule, law.calendar, law.tz)[2]


def _step(
    law: Law,
    obligation: Obligation,
    rule: DeadlineRule,
    history: Sequence[LedgerEvent],
    line: Line,
) -> Step:
    """The next line, with the due date that follows from it; the duty then shows what it ends in.

    Its number follows the last one there is: a downgrade takes lines away, and leaves gaps.
    """
    computed = None
    if not history:
        data = {"rule_code": rule.code, **line.data}
        event = LedgerEvent(1, line.kind, line.at, data, line.actor_id)
        state = fold([event])
    else:
        data = dict(line.data)
        if line.rule is not None:
            data |= {"rule_code": rule.code, "rule_version": obligation.rule_version_id}
        event = LedgerEvent(history[-1].seq + 1, line.kind, line.at, data, line.actor_id)
        event, state, computed = dated(fold(history), event, rule, law.calendar, law.tz)
    show(obligation, event, state)
    return event, computed


class Rules:
    """The rules duties are counted by; each is read, or its version written down, once."""

    def __init__(self, session: Session, law: Law) -> None:
        self.session, self.law = session, law
        self.versions: dict[str, int | None] = {}
        self.read: dict[tuple[int | None, str], DeadlineRule] = {}

    def of(self, obligation: Obligation) -> DeadlineRule:
        """The rule of a duty; raises as `rule_of`."""
        key = obligation.rule_version_id, obligation.rule_code
        if key not in self.read:
            self.read[key] = rule_of(self.session, self.law, obligation)
        return self.read[key]

    def pin(
        self, obligation: Obligation, now: datetime, other: DeadlineRule | None = None
    ) -> DeadlineRule:
        """The same, and from now on it is counted by just these words: a duty that is new, or from
        before versions were kept, gets one, and so does one that is given another rule."""
        rule = other or self.of(obligation)
        if other is not None or obligation.rule_version_id is None:
            if other is not None or rule.code not in self.versions:
                self.versions[rule.code] = keep_version(self.session, rule, now).id
            obligation.rule_version_id = self.versions[rule.code]
            self.read[obligation.rule_version_id, obligation.rule_code] = rule
        return rule


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
    pinned = obligation.rule_version_id
    version = session.get(RuleVersion, pinned) if pinned else None
    if version is not None:
        return DeadlineRule.model_validate(version.content)
    rule = law.pack.rules.get(obligation.rule_code)
    if rule is None:
        raise NotFound("The rules no longer have {code}. Put it back.", code=obligation.rule_code)
    return rule
