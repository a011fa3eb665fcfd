"""What who got an answer may say of it, and who may look at a contested one again."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.answers.rules import OUTCOMES
from consult.errors import Conflict, Invalid, NotAllowed
from consult.feedback.rules import (
    CONTEST_MAX,
    check_contest,
    check_fresh_eyes,
    check_in_time,
    check_review,
)
from tests.conftest import START


@given(st.integers(min_value=-10_000, max_value=10_000))
def test_an_answer_can_be_contested_until_the_very_end_of_its_term(minutes: int) -> None:
    now = START + timedelta(minutes=minutes)
    if now < START:
        check_in_time(START, now)
    else:
        with pytest.raises(NotAllowed):
            check_in_time(START, now)


def test_where_the_law_gives_no_term_nothing_can_be_contested() -> None:
    with pytest.raises(NotAllowed):
        check_in_time(None, START)


@pytest.mark.parametrize("reason", ["", "x" * (CONTEST_MAX + 1)])
def test_a_contest_says_what_is_wrong_and_not_at_endless_length(reason: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_contest(reason)
    assert refusal.value.field == "reason"


@given(st.sampled_from(OUTCOMES), st.sampled_from(OUTCOMES))
def test_whatever_is_decided_the_author_is_told_why(outcome: str, old: str) -> None:
    check_review(outcome, old, "Because the budget was changed.")
    with pytest.raises(Invalid) as refusal:
        check_review(outcome, old, "")
    assert refusal.value.field == "decision"


def test_a_review_ends_in_one_of_the_outcomes() -> None:
    with pytest.raises(Invalid):
        check_review("burned", "rejected", "Because.")


@given(st.integers(1, 5), st.integers(1, 5), st.one_of(st.none(), st.integers(1, 5)))
def test_who_gave_an_answer_never_decides_on_it_again(
    reviewer: int, wrote: int, approved: int | None
) -> None:
    if reviewer in (wrote, approved):
        with pytest.raises(Conflict):
            check_fresh_eyes(reviewer, (wrote, approved))
    else:
        check_fresh_eyes(reviewer, (wrote, approved))
