"""Rules of answers: which decision counts for a comment, and when a report may be published."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.answers.rules import (
    OUTCOMES,
    STATES,
    Decision,
    Discussion,
    Gate,
    accepted_unchanged,
    check_decision,
    check_gate,
    check_second_person,
    effective,
)
from consult.errors import Conflict, Invalid, NotAllowed

COMMENTS = range(1, 9)
ISSUES = range(1, 4)


@st.composite
def discussions(draw: st.DrawFn) -> Discussion:
    """Up to eight comments, some of them replies, some in one of three groups."""
    comments = draw(st.lists(st.sampled_from(COMMENTS), unique=True))
    tops = comments[: draw(st.integers(0, len(comments)))]
    replies = [comment for comment in comments if comment not in tops]
    roots = st.sampled_from(tops) if tops else st.nothing()
    return Discussion(
        comments=comments,
        issue_of=draw(st.dictionaries(st.sampled_from(COMMENTS), st.sampled_from(ISSUES))),
        root_of={reply: draw(roots) for reply in replies if tops},
    )


@st.composite
def decisions(draw: st.DrawFn) -> list[Decision]:
    """One decision at most for each comment and each group, in any order."""
    subjects = [("comment_id", id_) for id_ in COMMENTS] + [("issue_id", id_) for id_ in ISSUES]
    chosen = draw(st.lists(st.sampled_from(subjects), unique=True))
    return [
        Decision(
            id=number,
            outcome=draw(st.sampled_from(OUTCOMES)),
            state=draw(st.sampled_from(STATES)),
            reason=draw(st.sampled_from(["", "It costs too much.", "See article 5."])),
            **{kind: id_},
        )
        for number, (kind, id_) in enumerate(chosen, start=1)
    ]


@given(discussions(), decisions(), st.randoms())
def test_the_order_of_grouping_and_deciding_changes_no_outcome(
    talk: Discussion, decided: list[Decision], chance: Random
) -> None:
    members = list(talk.issue_of.items())
    shuffled = list(decided)
    chance.shuffle(members)
    chance.shuffle(shuffled)
    again = Discussion(talk.comments, dict(members), talk.root_of)
    assert effective(talk, decided) == effective(again, shuffled)


@given(discussions(), decisions())
def test_a_comments_own_decision_overrides_its_groups(
    talk: Discussion, decided: list[Decision]
) -> None:
    own = {decision.comment_id: decision for decision in decided if decision.comment_id}
    for comment, decision in effective(talk, decided).items():
        if comment in own:
            assert decision == own[comment]


@given(discussions(), decisions())
def test_a_reply_without_a_decision_of_its_own_takes_that_of_its_threads_root(
    talk: Discussion, decided: list[Decision]
) -> None:
    found = effective(talk, decided)
    own = {decision.comment_id for decision in decided}
    grouped = {c for c, issue in talk.issue_of.items() if issue in {d.issue_id for d in decided}}
    for reply, root in talk.root_of.items():
        if reply not in own | grouped:
            assert found.get(reply) == found.get(root)


@given(discussions(), decisions())
def test_a_decision_more_never_leaves_more_comments_unanswered(
    talk: Discussion, decided: list[Decision]
) -> None:
    assert effective(talk, decided[:-1]).keys() <= effective(talk, decided).keys()


COUNTS = st.integers(0, 3)


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_the_gate_refuses_when_it_does_not_pass_and_says_how_many(
    done: int, unanswered: int, unapproved: int, held: int
) -> None:
    gate = Gate(done + unanswered + unapproved, unanswered, unapproved, held)
    if gate.passes:
        assert not unanswered + unapproved + held
        check_gate(gate)
        return
    with pytest.raises(Conflict) as refusal:
        check_gate(gate)
    told = {"unanswered": unanswered, "unapproved": unapproved} | ({"held": held} if held else {})
    assert refusal.value.params == told


def decision(number: int, outcome: str, wid: str = "", changed: bool = True) -> Decision:
    return Decision(
        outcome=outcome,
        state="approved",
        changed_wid=wid,
        text_changed=changed,
        id=number,
        comment_id=number,
    )


def test_accepted_without_a_changed_provision_is_a_warning() -> None:
    decided = [
        decision(1, "accepted"),
        decision(2, "accepted_in_part", wid="art_2", changed=False),
        decision(3, "accepted", wid="art_3"),
        decision(4, "rejected"),
    ]
    assert accepted_unchanged(decided) == (1, 2)


@pytest.mark.parametrize("outcome", [outcome for outcome in OUTCOMES if outcome != "accepted"])
def test_every_outcome_but_accepted_needs_a_reason(outcome: str) -> None:
    with pytest.raises(Invalid, match="give the reason"):
        check_decision(outcome, "")
    check_decision(outcome, "There is no money.")
    check_decision("accepted", "")


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("reason", [".", "—", "No.", "2 000 000 — 3,5 %!", "_ _ _", "Акча жок"])
def test_a_reason_says_something(outcome: str, reason: str) -> None:
    with pytest.raises(Invalid, match="in a few words") as refusal:
        check_decision(outcome, reason)
    assert refusal.value.field == "reason"
    check_decision(outcome, "Быйыл акча жетпейт.")


def test_an_unknown_outcome_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        check_decision("ignored", "There is no money.")
    assert refusal.value.field == "outcome"


def test_nobody_approves_their_own_answer() -> None:
    with pytest.raises(NotAllowed):
        check_second_person(7, 7)
    check_second_person(7, 8)
