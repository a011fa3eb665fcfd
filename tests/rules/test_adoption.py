"""After the report: what an outcome needs, what a promise needs to go on, what shows it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.adoption.rules import (
    ANSWER_MAX,
    COMMITMENT_STATES,
    ENDED,
    EVIDENCE_MAX,
    MOVES,
    NOTE_MAX,
    Decided,
    Met,
    Reply,
    Step,
    check_met,
    check_outcome,
    check_reply,
    check_step,
    evidence_parts,
    is_kept_by_text,
    is_link,
)
from consult.errors import Conflict, DomainError, Invalid

REPORT = date(2026, 10, 1)
TODAY = date(2026, 12, 1)

steps = st.builds(
    Step,
    state=st.sampled_from((*COMMITMENT_STATES, "", "elsewhere")),
    note=st.sampled_from(("", "The budget was cut.")),
    evidence=st.sampled_from(("", "https://example.org/act")),
)


def check(said: Decided) -> None:
    check_outcome(said, reported_on=REPORT, today=TODAY)


def field_of(said: Decided) -> str | None:
    with pytest.raises(Invalid) as refusal:
        check(said)
    return refusal.value.field


def test_an_act_needs_its_number_and_a_refusal_its_reason() -> None:
    check(Decided("adopted", TODAY, number="123"))
    check(Decided("rejected", TODAY, reason="It costs too much."))
    assert field_of(Decided("adopted", TODAY)) == "number"
    assert field_of(Decided("rejected", TODAY)) == "reason"
    assert field_of(Decided("withdrawn", TODAY, number="1")) == "outcome"


@given(st.dates(REPORT - timedelta(days=400), TODAY + timedelta(days=400)))
def test_nothing_is_decided_before_the_report_or_after_today(on: date) -> None:
    said = Decided("adopted", on, number="123")
    if REPORT <= on <= TODAY:
        check(said)
    else:
        assert field_of(said) == "decided_on"


def test_an_act_may_come_into_force_later_but_not_before_it_is_adopted() -> None:
    check(Decided("adopted", TODAY, "1", TODAY + timedelta(days=365)))
    assert field_of(Decided("adopted", TODAY, "1", TODAY - timedelta(days=1))) == "in_force_on"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://cbd.minjust.gov.kg/1",
        "https://",
        "//cbd.minjust.gov.kg",
        "https://a b.kg",
        "https://a.kg/\nx",
        "https://[::1",
        "cbd.minjust.gov.kg",
    ],
)
def test_a_link_is_an_address_on_the_web(url: str) -> None:
    assert is_link("https://cbd.minjust.gov.kg/act/1?lang=ky")
    assert not is_link(url)
    assert field_of(Decided("adopted", TODAY, "1", url=url)) == "url"


def test_what_a_column_cannot_hold_is_refused() -> None:
    assert field_of(Decided("adopted", TODAY, "1" * 81)) == "number"
    assert field_of(Decided("rejected", TODAY, reason="x" * 2001)) == "reason"
    assert field_of(Decided("adopted", TODAY, "1", url="https://a.kg/" + "x" * 500)) == "url"


@given(st.sampled_from(COMMITMENT_STATES), steps)
def test_no_state_is_reached_without_what_it_needs(old: str, step: Step) -> None:
    try:
        check_step(old, step)
    except DomainError:
        return
    assert step.state in MOVES[old]
    assert step.evidence or step.state != "done"
    assert step.note or step.state != "not_done"
    assert step.note or old not in ENDED


@given(st.lists(steps, max_size=8))
def test_along_any_way_what_was_ended_goes_on_only_with_a_reason(way: list[Step]) -> None:
    state = "planned"
    for step in way:
        try:
            check_step(state, step)
        except DomainError:
            continue
        assert not (state in ENDED and (step.state != "in_progress" or not step.note))
        state = step.state
    assert state in COMMITMENT_STATES


def test_every_state_can_be_reached_and_left() -> None:
    assert set(MOVES) == set(COMMITMENT_STATES)
    assert all(MOVES.values())
    assert frozenset().union(*MOVES.values()) == set(COMMITMENT_STATES) - {"planned"}


def test_a_step_says_which_field_is_wrong() -> None:
    wrong = {
        "evidence": Step("done"),
        "note": Step("not_done"),
        "state": Step(""),
    }
    for field, step in wrong.items():
        with pytest.raises(Invalid) as refusal:
            check_step("planned", step)
        assert refusal.value.field == field
    with pytest.raises(Conflict):
        check_step("done", Step("not_done", "No."))
    with pytest.raises(Invalid):
        check_step("planned", Step("not_done", "x" * (NOTE_MAX + 1)))
    with pytest.raises(Invalid):
        check_step("planned", Step("done", "", "x" * (EVIDENCE_MAX + 1)))


def test_a_promise_is_kept_by_the_text_only_if_that_was_changed() -> None:
    assert is_kept_by_text("art_1", "five days", "six days")
    assert is_kept_by_text("art_1", "five days", "")  # it was to be deleted
    assert not is_kept_by_text("art_1", "five days", "five days")
    assert not is_kept_by_text("", "", "")


def test_evidence_leads_to_pages_of_the_web_and_of_this_site_and_nowhere_else() -> None:
    typed = "Order № 5\n\n https://example.org/5 \n/drafts/1/provisions/art_1\njavascript:alert(1)"
    assert evidence_parts(typed) == [
        ("Order № 5", ""),
        ("https://example.org/5", "https://example.org/5"),
        ("/drafts/1/provisions/art_1", "/drafts/1/provisions/art_1"),
        ("javascript:alert(1)", ""),
    ]


@given(st.text())
def test_no_evidence_becomes_a_link_that_runs(text: str) -> None:
    for _, href in evidence_parts(text):
        assert href == "" or href.casefold().startswith(("https://", "http://", "/drafts/"))


def test_a_report_and_an_answer_have_words_and_not_too_many() -> None:
    check_met(Met("The form asks for a paper that no longer exists.", "en"), most=100)
    check_reply(Reply("It will be changed.", "en"))
    for body in ("", " \n", "\u200b", "x" * 101):
        with pytest.raises(Invalid):
            check_met(Met(body, "en"), most=100)
    for text in ("", "x" * (ANSWER_MAX + 1)):
        with pytest.raises(Invalid):
            check_reply(Reply(text, "en"))


def test_what_is_reported_and_what_follows_is_one_of_the_words_there_are() -> None:
    for kind in ("problem", "unclear", "burden", "works"):
        check_met(Met("So it is.", "en", kind=kind), most=100)
    with pytest.raises(Invalid) as refusal:
        check_met(Met("So it is.", "en", kind="wonderful"), most=100)
    assert refusal.value.field == "kind"
    for follows in ("nothing", "explained", "practice"):
        check_reply(Reply("So it is.", "en", follows))
    with pytest.raises(Invalid) as refusal:
        check_reply(Reply("So it is.", "en", ""))
    assert refusal.value.field == "follows"


@given(link=st.text())
def test_a_change_of_the_act_leads_to_where_it_is_seen(link: str) -> None:
    check_reply(Reply("We change it.", "en", "act", "/drafts/12"))
    check_reply(Reply("We change it.", "en", "act", "/plan/3"))
    check_reply(Reply("We change it.", "en", "act", "https://example.org/law"))
    if not link.startswith(("http", "/drafts/", "/plan/")):
        with pytest.raises(Invalid) as refusal:
            check_reply(Reply("We change it.", "en", "act", link))
        assert refusal.value.field == "link"
