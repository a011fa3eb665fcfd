"""Stages of a draft: what may follow what, what may be done when, and where one stands in time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.errors import Conflict, NotAllowed
from consult.procedure.stages import (
    FEATURES,
    NEW_ROUND,
    TERMINAL,
    TRANSITIONS,
    Stage,
    Verb,
    allows,
    check_allowed,
    check_transition,
    stage_at,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SAID = frozenset({Verb.COMMENT, Verb.EDIT_COMMENT, Verb.VOTE})

instants = st.integers(0, 1000).map(lambda hours: NOON + timedelta(hours=hours))
timetables = st.dictionaries(st.sampled_from(Stage), st.none() | instants)


def _can_follow(old: Stage) -> set[Stage]:
    """Every stage that can be reached within a round."""
    found: set[Stage] = set()
    waiting = [old]
    while waiting:
        fresh = TRANSITIONS[waiting.pop()] - found
        found |= fresh
        waiting += fresh
    return found


def test_both_tables_speak_of_every_stage() -> None:
    assert set(TRANSITIONS) == set(FEATURES) == set(Stage)


def test_every_verb_can_be_done_at_some_stage() -> None:
    assert frozenset().union(*FEATURES.values()) == set(Verb)


@pytest.mark.parametrize("stage", sorted(TERMINAL))
def test_a_terminal_stage_has_no_exit(stage: Stage) -> None:
    assert not TRANSITIONS[stage]
    assert stage not in NEW_ROUND


@pytest.mark.parametrize("stage", [s for s in Stage if s not in (Stage.DRAFT, Stage.SCHEDULED)])
def test_what_was_open_never_opens_again_within_a_round(stage: Stage) -> None:
    assert not {Stage.OPEN, Stage.SCHEDULED, Stage.DRAFT} & _can_follow(stage)


def test_a_new_round_opens_only_when_the_last_one_is_answered_for() -> None:
    check_transition(Stage.REPORTED, Stage.SCHEDULED, new_round=True)
    for stage in (Stage.OPEN, Stage.CLOSED, Stage.ANSWERING, Stage.ADOPTED):
        with pytest.raises(Conflict):
            check_transition(stage, Stage.OPEN, new_round=True)


def test_a_step_that_is_not_in_the_table_is_refused() -> None:
    check_transition(Stage.OPEN, Stage.CLOSED)
    with pytest.raises(Conflict, match="moved on"):
        check_transition(Stage.CLOSED, Stage.OPEN)


@pytest.mark.parametrize("stage", Stage)
def test_people_comment_and_vote_while_it_is_open_and_never_else(stage: Stage) -> None:
    assert {verb for verb in SAID if allows(stage, verb)} == (
        SAID if stage is Stage.OPEN else set()
    )


@pytest.mark.parametrize("stage", Stage)
def test_all_but_an_unpublished_draft_can_be_read_and_followed(stage: Stage) -> None:
    assert allows(stage, Verb.READ) is allows(stage, Verb.FOLLOW) is (stage is not Stage.DRAFT)


@pytest.mark.parametrize("stage", sorted(TERMINAL))
def test_once_all_is_over_no_text_is_read_in_but_that_of_the_act(stage: Stage) -> None:
    assert not {Verb.EDIT_TEXT, Verb.OPEN} & FEATURES[stage]
    assert allows(stage, Verb.IMPORT_TEXT) is (stage is Stage.ADOPTED)


def test_only_of_an_act_problems_are_reported_and_a_final_text_published() -> None:
    of_acts = {Verb.REPORT_PROBLEM, Verb.PUBLISH_FINAL_TEXT}
    assert [stage for stage in Stage if of_acts & FEATURES[stage]] == [Stage.ADOPTED]


def test_promises_of_an_earlier_round_are_kept_track_of_at_every_public_stage() -> None:
    assert {stage for stage in Stage if allows(stage, Verb.TRACK)} == set(Stage) - {Stage.DRAFT}


def test_a_vote_after_the_end_is_refused() -> None:
    check_allowed(Stage.OPEN, Verb.VOTE)
    with pytest.raises(NotAllowed):
        check_allowed(Stage.CLOSED, Verb.VOTE)


def test_the_last_instant_belongs_to_the_next_stage() -> None:
    times = {Stage.OPEN: NOON, Stage.CLOSED: NOON + timedelta(days=1)}
    assert stage_at(times, NOON - timedelta(microseconds=1)) is Stage.DRAFT
    assert stage_at(times, NOON) is Stage.OPEN
    assert stage_at(times, NOON + timedelta(days=1)) is Stage.CLOSED


@given(timetables, instants, instants)
def test_time_only_moves_a_draft_on(
    times: dict[Stage, datetime | None], one: datetime, other: datetime
) -> None:
    before, after = stage_at(times, min(one, other)), stage_at(times, max(one, other))
    assert before is after or after in _can_follow(before)
