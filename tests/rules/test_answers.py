"""Rules of answers: which decision counts for a comment, and when a report may be published."""

from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from consult.answers.rules import (
    OUTCOMES,
    SETTLED,
    STATES,
    Decision,
    Discussion,
    check_decision,
    check_second_person,
    effective,
    gate,
    likeness,
    same_reasons,
)
from consult.errors import Invalid, NotAllowed

COMMENTS = range(1, 9)
ISSUES = range(1, 4)


@st.composite
def discussions(draw: st.DrawFn) -> Discussion:
    """Up to eight comments, some of them replies, some in one of three groups."""
    comments = draw(st.lists(st.sampled_from(COMMENTS), unique=True))
    tops = comments[: draw(st.integers(0, len(comments)))]
    replies = [comment for comment in comments if comment not in tops]
    parents = st.sampled_from(tops) if tops else st.nothing()
    return Discussion(
        comments=comments,
        issue_of=draw(st.dictionaries(st.sampled_from(COMMENTS), st.sampled_from(ISSUES))),
        parent_of={reply: draw(parents) for reply in replies if tops},
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


@given(discussions(), decisions())
def test_the_gate_passes_only_when_every_comment_has_an_effective_approved_decision(
    talk: Discussion, decided: list[Decision]
) -> None:
    found = effective(talk, decided)
    assert gate(talk, decided).passes == all(
        comment in found and found[comment].state in SETTLED for comment in talk.comments
    )


@given(discussions(), decisions())
def test_every_comment_is_unanswered_or_unapproved_or_done(
    talk: Discussion, decided: list[Decision]
) -> None:
    result = gate(talk, decided)
    assert not set(result.unanswered) & set(result.unapproved)
    done = set(talk.comments) - set(result.unanswered) - set(result.unapproved)
    assert all(effective(talk, decided)[comment].state in SETTLED for comment in done)


@given(discussions(), decisions(), st.randoms())
def test_the_order_of_grouping_and_deciding_changes_no_outcome(
    talk: Discussion, decided: list[Decision], chance: Random
) -> None:
    members = list(talk.issue_of.items())
    shuffled = list(decided)
    chance.shuffle(members)
    chance.shuffle(shuffled)
    again = Discussion(talk.comments, dict(members), talk.parent_of)
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
def test_a_reply_without_a_decision_of_its_own_takes_its_parents(
    talk: Discussion, decided: list[Decision]
) -> None:
    found = effective(talk, decided)
    own = {decision.comment_id for decision in decided}
    grouped = {c for c, issue in talk.issue_of.items() if issue in {d.issue_id for d in decided}}
    for reply, parent in talk.parent_of.items():
        if reply not in own | grouped:
            assert found.get(reply) == found.get(parent)


@given(discussions(), decisions())
def test_a_decision_more_never_leaves_more_comments_unanswered(
    talk: Discussion, decided: list[Decision]
) -> None:
    assume(decided)
    fewer = set(gate(talk, decided).unanswered)
    assert fewer <= set(gate(talk, decided[:-1]).unanswered)


def test_a_consultation_without_comments_may_be_reported() -> None:
    assert gate(Discussion([], {}, {}), []).passes


def decision(
    number: int, outcome: str = "rejected", reason: str = "", wid: str = "", changed: bool = True
) -> Decision:
    return Decision(
        outcome=outcome,
        state="approved",
        reason=reason,
        changed_wid=wid,
        text_changed=changed,
        id=number,
        comment_id=number,
    )


def test_one_reason_for_several_answers_is_a_warning_and_no_refusal() -> None:
    talk = Discussion([1, 2, 3], {}, {})
    reasons = ("No  money.", "no money.\n", "No time.")
    result = gate(talk, [decision(n, reason=text) for n, text in enumerate(reasons, start=1)])
    assert result.same_reasons == ((1, 2),)
    assert result.passes
    assert result.has_warnings


def test_accepted_without_a_changed_provision_is_a_warning() -> None:
    talk = Discussion([1, 2, 3, 4], {}, {})
    decided = [
        decision(1, "accepted"),
        decision(2, "accepted_in_part", wid="art_2", changed=False),
        decision(3, "accepted", wid="art_3"),
        decision(4, "rejected"),
    ]
    assert gate(talk, decided).accepted_unchanged == (1, 2)


def test_an_answer_that_counts_for_nobody_warns_of_nothing() -> None:
    withdrawn = decision(1, "accepted")
    assert not gate(Discussion([2], {}, {}), [withdrawn, decision(2)]).has_warnings


def test_an_empty_reason_is_like_no_other() -> None:
    assert same_reasons({1: "", 2: " ", 3: "Yes."}) == ()


@pytest.mark.parametrize("outcome", [outcome for outcome in OUTCOMES if outcome != "accepted"])
def test_every_outcome_but_accepted_needs_a_reason(outcome: str) -> None:
    with pytest.raises(Invalid, match="give the reason"):
        check_decision(outcome, "")
    check_decision(outcome, "Because.")
    check_decision("accepted", "")


def test_an_unknown_outcome_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        check_decision("ignored", "Because.")
    assert refusal.value.field == "outcome"


def test_nobody_approves_their_own_answer() -> None:
    with pytest.raises(NotAllowed):
        check_second_person(7, 7)
    check_second_person(7, 8)


@given(st.text(), st.text())
def test_likeness_is_symmetric_and_lies_between_nothing_and_all(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1


def test_likeness_counts_shared_words_whatever_their_capitals() -> None:
    assert likeness("Open on Sundays!", "open on SUNDAYS") == 1
    assert likeness("Open on Sundays", "Closed on Mondays") == pytest.approx(1 / 5)
    assert likeness("", "") == 0
