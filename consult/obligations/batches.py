"""Many ledgers at once, in few statements however many, by the same rules as in writing.py."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Session, col, select

from consult.law.actions import keep_version
from consult.law.queries import Law
from consult.obligations.ledger.dating import dated
from consult.obligations.ledger.rules import Kind, LedgerEvent, fold
from consult.obligations.models import Obligation, ObligationComputation, ObligationEvent
from consult.obligations.writing import (
    Data,
    computation_values,
    drop_proposals,
    event_values,
    rule_of,
    show,
)
from consult.procedure.deadlines import Computation, DeadlineRule


@dataclass(frozen=True, slots=True)
class Line:
    """A line to be added to a ledger: what happened, and when it took effect."""

    kind: Kind
    at: datetime
    data: Data = field(default_factory=dict)


Work = Sequence[tuple[Obligation, Sequence[Line]]]


def write_many(session: Session, law: Law, work: Work, now: datetime) -> None:
    """Add lines to many ledgers; a duty without an id is new, and its first line creates it.

    Raises as `write` does, and then nothing is to be kept of any of them.
    """
    rules = Rules(session, law, now)
    known = ledgers(session, [obligation.id for obligation, _ in work if obligation.id])
    written = []
    for obligation, lines in work:
        rule = rules.of(obligation)
        history = known[obligation.id or 0] if obligation.id else []
        written += [(obligation, *step) for step in _steps(law, obligation, rule, history, lines)]
        session.add(obligation)
    session.flush()
    events = [event_values(duty, event, now) for duty, event, _ in written]
    computed = [
        computation_values(duty, event.seq, computation, now)
        for duty, event, computation in written
        if computation is not None
    ]
    for table, rows in ((ObligationEvent, events), (ObligationComputation, computed)):
        if rows:
            session.execute(insert(table), rows)
    drop_proposals(session, [duty for duty, _ in work if duty.id in known], now)


class Rules:
    """The rule each duty is counted by; each is read, or its version written down, once."""

    def __init__(self, session: Session, law: Law, now: datetime) -> None:
        self.session, self.law, self.now = session, law, now
        self.versions: dict[str, int | None] = {}
        self.read: dict[tuple[int | None, str], DeadlineRule] = {}

    def of(self, obligation: Obligation) -> DeadlineRule:
        if obligation.id is None:
            return self._of_new(obligation)
        key = obligation.rule_version_id, obligation.rule_code
        if key not in self.read:
            self.read[key] = rule_of(self.session, self.law, obligation)
        return self.read[key]

    def _of_new(self, obligation: Obligation) -> DeadlineRule:
        rule = self.law.pack.rules[obligation.rule_code]
        if rule.code not in self.versions:
            self.versions[rule.code] = keep_version(self.session, rule, self.now).id
        obligation.rule_version_id = self.versions[rule.code]
        return rule


def ledgers(session: Session, ids: Sequence[int | None]) -> dict[int, list[LedgerEvent]]:
    """The lines of many ledgers, each in order, by duty; one query."""
    found: dict[int, list[LedgerEvent]] = defaultdict(list)
    if ids:
        query = select(ObligationEvent).where(col(ObligationEvent.obligation_id).in_(ids))
        for row in session.exec(query.order_by(col(ObligationEvent.seq))).all():
            event = LedgerEvent(row.seq, Kind(row.kind), row.at, row.data, row.actor_id)
            found[row.obligation_id].append(event)
    return found


def _steps(
    law: Law,
    obligation: Obligation,
    rule: DeadlineRule,
    history: Sequence[LedgerEvent],
    lines: Iterable[Line],
) -> list[tuple[LedgerEvent, Computation | None]]:
    """The lines with the due dates that follow from them; the duty then shows what they end in."""
    state = fold(history) if history else None
    steps: list[tuple[LedgerEvent, Computation | None]] = []
    for seq, line in enumerate(lines, start=len(history) + 1):
        event = LedgerEvent(seq, line.kind, line.at, line.data)
        computed = None
        if state is None:
            event = LedgerEvent(seq, line.kind, line.at, {"rule_code": rule.code, **line.data})
            state = fold([event])
        else:
            event, state, computed = dated(state, event, rule, law.calendar, law.tz)
        show(obligation, event, state)
        steps.append((event, computed))
    return steps
