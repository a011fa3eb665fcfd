"""Ledgers to try rules on, without a database; each line is dated as an action would write it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from consult.obligations.ledger.dating import dated
from consult.obligations.ledger.rules import ORDER, Kind, LedgerEvent, Stored, fold
from consult.procedure.packs import load_pack

PACK = load_pack("kg")
TZ = PACK.tz
CALENDAR = PACK.calendar()
GROUND = "expert_examination"
RULE = PACK.rules["kg-answer"].model_copy(
    update={"tolling_events": (GROUND,), "max_extension": 14, "extend_after_expiry": False}
)
START = datetime(2026, 3, 2, 4, tzinfo=UTC)  # Monday, 10:00 in Bishkek

OFFICER, HEAD = 1, 2
CONTENT: dict[Kind, dict[str, Any]] = {
    Kind.CREATED: {"rule_code": "kg-answer"},
    Kind.EXTENDED: {"extra": 1, "basis": "art. 8", "reason": "it is long", "approved_by": HEAD},
    Kind.PAUSED: {"ground": GROUND, "basis": "art. 9", "reason": "sent out", "approved_by": HEAD},
    Kind.RESUMED: {"reason": "it came back"},
    Kind.CORRECTED: {"reason": "the wrong day was entered"},
    Kind.CALENDAR_CHANGED: {"reason": "decree № 1"},
    Kind.ASSIGNED: {"officer_id": 7},
    Kind.DELAY_ANNOUNCED: {"reason": "the expert is ill", "expected_on": "2026-12-01"},
    Kind.FULFILLED: {"evidence": "/reports/1"},
    Kind.WAIVED: {"basis": "art. 10", "reason": "the draft is dead", "approved_by": HEAD},
    Kind.CANCELLED: {"reason": "the draft was withdrawn"},
}


def event_of(seq: int, kind: Kind, days: float = 0, **data: Any) -> LedgerEvent:
    content = {**CONTENT.get(kind, {}), **data}
    return LedgerEvent(seq, kind, START + timedelta(days=days), content, actor_id=OFFICER)


def ledger_of(*kinds: Kind) -> list[LedgerEvent]:
    """A dated ledger with one event a day, written as an action would write it."""
    events = [event_of(1, Kind.CREATED)]
    for n, kind in enumerate(kinds):
        event = event_of(n + 2, kind, days=n)
        events.append(dated(fold(events), event, RULE, CALENDAR, TZ)[0])
    return events


def _legal(kinds: list[Kind]) -> list[Kind]:
    """Those of the kinds that may follow each other, beginning with a running duty."""
    kept, state = [Kind.TRIGGERED], Stored.RUNNING
    for kind in kinds:
        allowed, leads_to = ORDER[kind]
        if state in allowed:
            kept.append(kind)
            state = leads_to or state
    return kept


stories = st.lists(st.sampled_from(sorted(ORDER)), max_size=12).map(_legal)
