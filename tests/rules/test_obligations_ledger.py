"""The ledger of a duty: what may be recorded, what it folds to, and what is read off it."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from consult.errors import Conflict, DomainError, Invalid
from consult.obligations.ledger.dating import dated, pauses_in, recompute
from consult.obligations.ledger.rules import (
    EVENT_KINDS,
    LATE,
    ORDER,
    SETTLED,
    STORED_STATES,
    Kind,
    LedgerEvent,
    ObligationState,
    Status,
    Stored,
    advance,
    derived,
    fold,
)
from consult.procedure.calendars import DayKind
from consult.procedure.deadlines import Pause
from tests.ledgers import CALENDAR, OFFICER, PACK, RULE, START, TZ, event_of, ledger_of, stories


def test_kinds_and_states_are_offered_as_plain_words_for_the_schema() -> None:
    assert EVENT_KINDS[0] == "created"
    assert set(STORED_STATES) == set(Stored)
    assert "overdue" not in STORED_STATES


def test_a_duty_is_planned_then_runs_then_is_fulfilled() -> None:
    assert fold(ledger_of()).stored is Stored.PLANNED
    assert fold(ledger_of(Kind.TRIGGERED)).stored is Stored.RUNNING
    done = fold(ledger_of(Kind.TRIGGERED, Kind.FULFILLED))
    assert (done.stored, done.evidence) == (Stored.FULFILLED, "/reports/1")
    assert done.fulfilled_at == START + timedelta(days=1)


def test_a_running_duty_knows_its_due_date_and_rule() -> None:
    state = fold(ledger_of(Kind.TRIGGERED))
    computed = recompute(state, RULE, CALENDAR, TZ)
    assert computed is not None
    assert computed.due_on == date(2026, 3, 23)
    assert (state.due_at, state.preliminary) == (computed.due_at, True)
    assert state.rule_code == "kg-answer"


def test_the_event_that_sets_a_date_says_which() -> None:
    triggered = ledger_of(Kind.TRIGGERED)[-1]
    assert triggered.data["due_on"] == "2026-03-23"
    assert "trace" not in triggered.data


@given(stories, st.randoms())
def test_late_arrival_does_not_change_the_order_of_the_fold(kinds: list[Kind], random: Any) -> None:
    events = ledger_of(*kinds)
    shuffled = random.sample(events, len(events))
    assert fold(shuffled) == fold(events)


@given(stories)
def test_the_recorded_date_is_what_recomputing_gives_however_often(kinds: list[Kind]) -> None:
    state = fold(ledger_of(*kinds))
    computed = recompute(state, RULE, CALENDAR, TZ)
    if state.stored is Stored.RUNNING:
        assert computed == recompute(state, RULE, CALENDAR, TZ)
        assert computed is not None
        assert state.due_at == computed.due_at
    else:
        assert computed is None


@given(stories)
def test_the_due_date_only_moves_back_by_a_correction_or_the_calendar(kinds: list[Kind]) -> None:
    events = ledger_of(*kinds)
    dues = [fold(events[: n + 1]).due_at for n in range(1, len(events))]
    assert all(before is not None and after is not None for before, after in pairwise(dues))
    assert dues == sorted(dues, key=lambda due: due or START)


@given(stories, st.sampled_from(Kind))
def test_what_the_table_does_not_allow_is_refused(kinds: list[Kind], kind: Kind) -> None:
    events = ledger_of(*kinds)
    state = fold(events)
    assume(kind not in ORDER or state.stored not in ORDER[kind][0])
    with pytest.raises(Conflict):
        advance(state, event_of(len(events) + 1, kind, days=99))


@pytest.mark.parametrize("stored", sorted(SETTLED))
def test_a_settled_duty_takes_no_more_events(stored: Stored) -> None:
    for kind in Kind:
        with pytest.raises(Conflict, match="settled"):
            advance(ObligationState(stored), event_of(1, kind))


def test_a_ledger_begins_with_creation() -> None:
    for events in ([], [event_of(1, Kind.TRIGGERED)]):
        with pytest.raises(Conflict):
            fold(events)


def test_two_events_with_the_same_place_are_refused() -> None:
    with pytest.raises(Conflict, match="meanwhile"):
        fold([*ledger_of(Kind.TRIGGERED), event_of(2, Kind.FULFILLED)])


@pytest.mark.parametrize("kind", [Kind.EXTENDED, Kind.WAIVED, Kind.PAUSED])
@pytest.mark.parametrize(
    ("lacking", "field"),
    [
        ({"basis": " "}, "basis"),
        ({"approved_by": None}, "approved_by"),
        ({"approved_by": OFFICER}, "approved_by"),
    ],
)
def test_waiving_extending_and_pausing_need_a_basis_and_a_second_person(
    kind: Kind, lacking: dict[str, Any], field: str
) -> None:
    running = fold(ledger_of(Kind.TRIGGERED))
    with pytest.raises(Invalid) as refused:
        advance(running, event_of(9, kind, **lacking))
    assert refused.value.field == field


def test_nobody_is_not_a_first_person() -> None:
    waiver = replace(event_of(9, Kind.WAIVED), actor_id=None)
    with pytest.raises(Invalid):
        advance(fold(ledger_of(Kind.TRIGGERED)), waiver)


@pytest.mark.parametrize(
    ("kind", "lacking"),
    [
        (Kind.EXTENDED, {"reason": ""}),
        (Kind.PAUSED, {"reason": ""}),
        (Kind.WAIVED, {"reason": " "}),
        (Kind.ASSIGNED, {"officer_id": None}),
        (Kind.DELAY_ANNOUNCED, {"reason": ""}),
        (Kind.DELAY_ANNOUNCED, {"expected_on": "soon"}),
        (Kind.FULFILLED, {"evidence": ""}),
        (Kind.CORRECTED, {"reason": ""}),
        (Kind.CANCELLED, {"reason": ""}),
        (Kind.CALENDAR_CHANGED, {"reason": ""}),
        (Kind.EXTENDED, {"extra": 0}),
        (Kind.CORRECTED, {"due_at": "2026-03-23T00:00:00"}),
    ],
)
def test_an_event_without_what_it_needs_is_refused(kind: Kind, lacking: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        advance(fold(ledger_of(Kind.TRIGGERED)), event_of(9, kind, **lacking))


def test_a_pause_runs_from_its_day_to_the_eve_of_its_end() -> None:
    events = [*ledger_of(Kind.TRIGGERED), event_of(3, Kind.PAUSED, 2), event_of(4, Kind.RESUMED, 5)]
    state = fold(events)
    assert pauses_in(state, TZ) == (Pause(date(2026, 3, 4), date(2026, 3, 6)),)
    computed = recompute(state, RULE, CALENDAR, TZ)
    assert computed is not None
    assert computed.due_on == date(2026, 3, 26)


def test_a_pause_lifted_on_the_same_day_costs_nothing() -> None:
    events = [
        *ledger_of(Kind.TRIGGERED),
        event_of(3, Kind.PAUSED, 2),
        event_of(4, Kind.RESUMED, 2.1),
    ]
    assert pauses_in(fold(events), TZ) == ()


def test_a_pause_cannot_end_before_it_began() -> None:
    paused = fold([*ledger_of(Kind.TRIGGERED), event_of(3, Kind.PAUSED, 2)])
    with pytest.raises(Invalid):
        advance(paused, event_of(4, Kind.RESUMED, 1))


def test_a_pause_cannot_begin_within_another() -> None:
    events = [*ledger_of(Kind.TRIGGERED), event_of(3, Kind.PAUSED, 2), event_of(4, Kind.RESUMED, 5)]
    with pytest.raises(Invalid):
        advance(fold(events), event_of(5, Kind.PAUSED, 4))


def test_extensions_add_up() -> None:
    assert fold(ledger_of(Kind.TRIGGERED, Kind.EXTENDED, Kind.EXTENDED)).extra == 2


def test_a_correction_of_the_beginning_needs_one_and_lies_in_the_past() -> None:
    later = (START + timedelta(days=9)).isoformat()
    with pytest.raises(Invalid) as refused:
        advance(fold(ledger_of(Kind.TRIGGERED)), event_of(3, Kind.CORRECTED, 1, trigger_at=later))
    assert refused.value.field == "trigger_at"
    with pytest.raises(Conflict, match="not begun"):
        advance(fold(ledger_of()), event_of(2, Kind.CORRECTED, 20, trigger_at=later))


def test_a_correction_may_set_another_beginning_and_another_rule() -> None:
    running = fold(ledger_of(Kind.TRIGGERED))
    earlier = (START - timedelta(days=7)).isoformat()
    shorter = RULE.model_copy(update={"code": "kg-answer-2026", "amount": 10})
    event = event_of(3, Kind.CORRECTED, trigger_at=earlier, rule_code=shorter.code)
    corrected = dated(running, event, shorter, CALENDAR, TZ)[1]
    assert corrected.rule_code == shorter.code
    assert corrected.due_at == datetime(2026, 3, 9, 18, tzinfo=UTC)


def test_a_change_of_law_never_moves_the_date_of_a_running_duty_in_silence() -> None:
    shorter = RULE.model_copy(update={"code": "kg-answer-2026", "amount": 10})
    with pytest.raises(Conflict, match="keeps the rule"):
        recompute(fold(ledger_of(Kind.TRIGGERED)), shorter, CALENDAR, TZ)


def test_a_decree_moves_the_date_of_a_running_duty_by_an_event() -> None:
    running = fold(ledger_of(Kind.TRIGGERED))
    decreed = PACK.calendar({date(2026, 3, 14): DayKind.WORKING}, frozenset({2026}))
    _, moved, _ = dated(running, event_of(3, Kind.CALENDAR_CHANGED), RULE, decreed, TZ)
    assert (moved.due_at, moved.preliminary) == (datetime(2026, 3, 19, 18, tzinfo=UTC), False)


def shown_of(state: ObligationState, now: datetime) -> Status:
    return derived(state, now, soon=now + timedelta(days=3), long=now - timedelta(days=30))


@pytest.mark.parametrize(
    ("days_after_due", "shown"),
    [
        (-4, Status.RUNNING),
        (-3, Status.DUE_SOON),
        (-0.001, Status.DUE_SOON),
        (0, Status.OVERDUE),
        (29, Status.OVERDUE),
        (30, Status.LONG_OVERDUE),
    ],
)
def test_lateness_is_read_off_the_clock(days_after_due: float, shown: Status) -> None:
    state = fold(ledger_of(Kind.TRIGGERED))
    assert state.due_at is not None
    now = state.due_at + timedelta(days=days_after_due)
    assert shown_of(state, now) is shown
    assert (shown in LATE) is (now >= state.due_at)


@pytest.mark.parametrize(("days", "shown"), [(1, Status.ON_TIME), (60, Status.FULFILLED_LATE)])
def test_what_was_fulfilled_late_stays_late(days: int, shown: Status) -> None:
    state = fold([*ledger_of(Kind.TRIGGERED), event_of(3, Kind.FULFILLED, days)])
    assert shown_of(state, START + timedelta(days=999)) is shown


def test_a_paused_duty_is_not_late_while_it_stands_still() -> None:
    state = fold(ledger_of(Kind.TRIGGERED, Kind.PAUSED))
    assert shown_of(state, START + timedelta(days=999)) is Status.PAUSED


@given(stories, st.integers(0, 400))
def test_every_ledger_has_something_to_show(kinds: list[Kind], days: int) -> None:
    state = fold(ledger_of(*kinds))
    assert shown_of(state, START + timedelta(days=days)) in Status


@given(st.lists(st.builds(event_of, st.integers(1, 6), st.sampled_from(Kind)), max_size=6))
def test_no_heap_of_events_breaks_the_fold(events: list[LedgerEvent]) -> None:
    with suppress(DomainError):
        assert fold(events).stored in Stored
