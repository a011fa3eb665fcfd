"""The page of one duty: what it says to all, and what two persons do in two browsers."""

import re
from datetime import date
from typing import Any

import pytest

from consult.access import Actor, Role
from consult.law.actions import enter_days
from consult.law.rules import DecreedDay
from consult.obligations.models import Obligation
from consult.platform import Platform
from consult.procedure.calendars import DayKind
from consult.procedure.deadlines import last_day
from consult.templating import environment
from tests.beginnings import kept
from tests.client import Client
from tests.conftest import TestClock
from tests.duties import HOUR, Case, make_case

MORE = {"kind": "extended", "extra": "5", "basis": "Law № 67, art. 12", "reason": "It is long."}
PAUSE = {
    "kind": "paused",
    "ground": "expert_examination",
    "basis": "Law № 67, art. 9",
    "reason": "Sent to experts.",
}
WAIVER = {"kind": "waived", "basis": "Law № 241, art. 30", "reason": "The draft was replaced."}


@pytest.fixture
@kept
def case(platform: Platform, clock: TestClock) -> Case:
    """A consultation that has closed: its report is due."""
    made = make_case(platform, clock)
    made.close()
    return made


def url_of(case: Case, code: str = "report") -> str:
    return f"/obligations/{case.duty(code).id}"


def in_words(case: Case, day: date) -> str:
    """A day as the page says it."""
    said = environment("en", case.platform.pack.tz).filters["date"](day)
    return str(said)


def last(case: Case, code: str = "report", later: int = 0) -> date:
    """The last day of a duty, or the day so many working days after it."""
    pack = case.platform.pack
    return pack.calendar().shift(last_day(case.due_at(code), pack.tz), later)


def ask(case: Case, wish: dict[str, Any], browser: Client | None = None, **more: Any) -> Any:
    return (browser or case.browser("Olga")).post(f"{url_of(case)}/proposals", wish, **more)


def decide(case: Case, verdict: str, note: str = "", number: int = 1, **more: Any) -> Any:
    path = f"{url_of(case)}/proposals/{number}/decision"
    return case.browser("Bakyt").post(path, {"verdict": verdict, "note": note}, **more)


# What everybody reads.


def test_the_page_of_a_duty_shows_how_its_date_was_computed(case: Case) -> None:
    duty = case.duty("answer")
    page = case.browser().get(f"/obligations/{duty.id}").text
    assert "How was this date computed?" in page
    assert "Weekly day off." in page
    assert "The day of the event itself" in page
    assert case.platform.pack.rules[duty.rule_code].citation[:40] in page
    assert "Not confirmed" in page
    case.browser().get("/obligations/999", status=404)


def test_a_planned_duty_says_what_its_term_waits_for(case: Case) -> None:
    page = case.browser().get(f"/obligations/{case.duty('decision').id}").text
    assert "from the publication of the report" in page
    assert "Not fulfilled yet" in page


def test_evidence_leads_to_what_was_done(case: Case) -> None:
    page = case.browser().get(f"/obligations/{case.duty('start_notice').id}").text
    assert f'<a href="/drafts/{case.draft_id}">Evidence</a>' in page


def test_an_officer_marks_a_decision_as_made(case: Case) -> None:
    case.publish()
    officer, url = case.browser("Olga"), f"/obligations/{case.duty('decision').id}"
    assert "Mark as fulfilled" in officer.get(url).text
    assert "shows that the duty" in officer.post(f"{url}/fulfil", status=422).text
    evidence = {"evidence": "javascript:alert(1)"}
    page = officer.follow(officer.post(f"{url}/fulfil", evidence)).text
    assert "The duty is marked as fulfilled." in page
    assert "Evidence: javascript:alert(1)" in page  # words, never a link
    officer.post(f"{url}/fulfil", evidence, status=422)  # settled is settled


def test_nobody_else_is_offered_to_mark_it(case: Case) -> None:
    case.publish()
    url = f"/obligations/{case.duty('decision').id}"
    for name in ("", "Bakyt", "Oversight"):
        assert "Mark as fulfilled" not in case.browser(name).get(url).text
    case.browser("Oversight").post(f"{url}/fulfil", {"evidence": "x"}, status=403)
    visitor = case.browser().post(f"{url}/fulfil", {"evidence": "x"})
    assert visitor.headers["location"].startswith("/sign-in")


def test_a_report_cannot_be_claimed(case: Case) -> None:
    officer, url = case.browser("Olga"), f"/obligations/{case.duty('report').id}"
    assert "Mark as fulfilled" not in officer.get(url).text
    page = officer.post(f"{url}/fulfil", {"evidence": "somewhere"}, status=422).text
    assert "nobody can mark it as done" in page


def test_who_is_responsible_is_named_by_office(case: Case) -> None:
    page = case.browser().get(url_of(case)).text
    assert "Responsible: the head of the body" in page
    assert "Watched over by: the oversight body" in page
    for name in ("Olga", "Bakyt"):
        assert name not in page


def test_reminders_sent_are_listed(case: Case) -> None:
    assert "reminder" not in case.browser().get(url_of(case)).text
    case.drain(case.noon("report", -5))
    page = case.browser().get(url_of(case)).text
    assert "1 reminder was sent" in page
    assert "the officer in charge" in page


def test_nobody_but_the_desk_of_the_agency_finds_a_form(case: Case) -> None:
    for name in ("", "Aizada", "Oversight"):
        page = case.browser(name).get(url_of(case)).text
        assert "What you can do" not in page
        assert "<textarea" not in page
    assert "What you can do" in case.browser("Olga").get(url_of(case)).text


def test_the_head_is_offered_only_what_the_head_may_do(case: Case) -> None:
    page = case.browser("Bakyt").get(url_of(case)).text
    assert "Give it to an officer" in page
    assert "Ask for more time" not in page
    assert "Correct the rule" in page
    assert "Correct the rule" not in case.browser("Olga").get(url_of(case)).text


# Two persons, two browsers.


def test_one_asks_another_approves_and_everybody_reads_on_what_basis(case: Case) -> None:
    day = in_words(case, last(case, later=5))
    officer = case.browser("Olga")
    page = officer.follow(ask(case, MORE, officer)).text
    assert "It is proposed." in page
    assert "Somebody else has to decide on it." in page
    assert "/decision" not in page
    assert "More time is asked for" not in case.browser().get(url_of(case)).text
    page = case.browser("Bakyt").get(url_of(case)).text
    assert "More time is asked for" in page
    assert "Olga" in page
    assert f"If this is approved, it is due by the end of {day}." in page
    decide(case, "approve")
    page = case.browser().get(url_of(case)).text
    assert "Extended" in page
    assert "5 working days" in page
    assert "approved by the head of the body" in page
    assert MORE["basis"] in page
    assert f"Due by the end of {day}" in page
    assert "An earlier computation" in page
    assert "Olga" not in page


def test_a_refusal_needs_a_note_and_the_officer_reads_it(case: Case) -> None:
    ask(case, MORE)
    page = decide(case, "refuse", status=422).text
    assert "Say why." in page
    page = decide(case, "refuse", "Twenty days are enough.")
    page = case.browser("Olga").get(url_of(case)).text
    assert "The term is not extended" in page
    assert "Twenty days are enough." in page
    assert "Ask for more time" in page  # it may be asked for again
    assert "Twenty days are enough." not in case.browser().get(url_of(case)).text


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (MORE | {"extra": "11"}, "10 working days at most"),
        (MORE | {"extra": ""}, "Say by how much"),
        (MORE | {"extra": "many"}, "Please enter a number."),
        (MORE | {"basis": ""}, "Name the legal basis"),
        (MORE | {"reason": ""}, "Say why."),
        (PAUSE | {"ground": "summer"}, "choose one of the options"),
        (WAIVER | {"basis": " "}, "Name the legal basis"),
    ],
)
def test_what_is_refused_is_said_and_nothing_typed_is_lost(
    case: Case, wish: dict[str, str], said: str
) -> None:
    page = ask(case, wish, status=422).text
    assert said in page
    for field in ("basis", "reason"):
        assert wish[field].strip() in page
    assert re.search(r"<details[^>]* open", page)
    assert "is asked for" not in case.browser("Olga").get(url_of(case)).text


def test_a_second_proposal_is_told_that_one_waits(case: Case) -> None:
    ask(case, MORE)
    page = ask(case, PAUSE, status=422).text
    assert "It has to be decided first." in page
    assert "Ask for a pause" not in case.browser("Olga").get(url_of(case)).text


def test_who_comes_second_is_told_what_the_first_did(case: Case) -> None:
    officer, head = case.browser("Olga"), case.browser("Bakyt")
    ask(case, MORE, officer)
    head.get(url_of(case))
    officer.post(f"{url_of(case)}/proposals/1/withdrawal")
    path = f"{url_of(case)}/proposals/1/decision"
    assert "This was withdrawn." in head.post(path, {"verdict": "approve"}, status=422).text
    ask(case, MORE, officer)
    head.post(f"{url_of(case)}/proposals/2/decision", {"verdict": "approve"})
    late = officer.post(f"{url_of(case)}/proposals/2/withdrawal", status=422).text
    assert "This was approved already." in late


def test_what_came_too_late_is_said_before_and_after_pressing(case: Case) -> None:
    ask(case, MORE)
    case.clock.now = case.due_at("report") + HOUR
    page = case.browser("Bakyt").get(url_of(case)).text
    assert "This can no longer be approved:" in page
    assert 'value="approve"' not in page
    page = decide(case, "approve", status=422).text
    assert "it can no longer be extended" in page


def test_rights_are_asked_of_every_form(case: Case) -> None:
    ask(case, MORE)
    url = url_of(case)
    ask(case, MORE, case.browser("Bakyt"), status=403)
    ask(case, MORE, case.browser("Aizada"), status=403)
    decision = {"verdict": "approve"}
    case.browser("Olga").post(f"{url}/proposals/1/decision", decision, status=403)
    case.browser("Oversight").post(f"{url}/proposals/1/decision", decision, status=403)
    case.browser("Bakyt").post(f"{url}/delay", {"reason": "x"}, status=403)
    case.browser("Bakyt").post(f"{url}/resume", {"reason": "x"}, status=403)
    case.browser("Aizada").post(f"{url}/assignee", {"officer_id": "1"}, status=403)
    case.browser("Olga").get(f"{url}/correction", status=403)
    case.browser("Olga").post(f"{url}/correction", {"reason": "x"}, status=403)
    other = url_of(case, "answer")
    case.browser("Bakyt").post(f"{other}/proposals/1/decision", decision, status=404)


def test_a_paused_duty_says_why_it_stands_still_and_runs_again(case: Case) -> None:
    ask(case, PAUSE)
    decide(case, "approve")
    page = case.browser().get(url_of(case)).text
    assert "The clock stands still." in page
    assert "An expert examination was ordered" in page
    assert PAUSE["basis"] in page
    case.clock.forward(days=7)
    officer = case.browser("Olga")
    assert "Say why." in officer.post(f"{url_of(case)}/resume", {"reason": ""}, status=422).text
    officer.post(f"{url_of(case)}/resume", {"reason": "They answered."})
    page = case.browser().get(url_of(case)).text
    assert "They answered." in page
    assert "The term was paused." in page  # in the trace, day by day
    page = officer.post(f"{url_of(case)}/resume", {"reason": "x"}, status=422).text
    assert "as the duty stands now" in page


def test_a_delay_is_prominent_and_the_date_stays(case: Case) -> None:
    day, officer = last(case, later=5), case.browser("Olga")
    notice = {"expected_on": day.isoformat(), "reason": "The expert is ill."}
    due = f"Due by the end of {in_words(case, last(case))}"
    officer.post(f"{url_of(case)}/delay", notice)
    page = case.browser().get(url_of(case)).text
    assert f"The agency expects to be done by {in_words(case, day)}." in page
    assert "The expert is ill." in page
    assert due in page
    case.drain()
    letter = case.browser("Aizada").get("/cabinet/notices").text
    assert "The agency will be late" in letter
    assert "The expert is ill." in letter


def test_a_delay_that_concerns_nobody_promises_no_message(case: Case) -> None:
    officer, url = case.browser("Olga"), url_of(case)
    notice = {"expected_on": last(case, later=5).isoformat(), "reason": "The expert is ill."}
    assert "get a message" in officer.get(url).text
    with case.platform.database.writing() as session:
        duty = session.get_one(Obligation, case.duty("report").id)
        duty.draft_id = duty.consultation_id = None  # as a report for a period
        session.add(duty)
    assert "get a message" not in officer.get(url).text
    page = officer.follow(officer.post(f"{url}/delay", notice)).text
    assert "will be told" not in page
    assert "Saved." in page
    case.drain()
    assert not case.notices("Aizada", "delay")


def test_a_delay_that_is_none_is_refused_with_its_sentence(case: Case) -> None:
    officer, path = case.browser("Olga"), f"{url_of(case)}/delay"
    for day, said in (
        ("", "Please enter a date"),
        (last(case).isoformat(), "The term itself runs until"),
        ("2026-10-17", "Choose a working day after today."),  # a Saturday
    ):
        form = {"expected_on": day, "reason": "The expert is ill."}
        page = officer.post(path, form, status=422).text
        assert said in page
        assert "The expert is ill." in page


def test_the_name_of_the_officer_is_seen_by_the_desk_alone(case: Case) -> None:
    path = f"{url_of(case)}/assignee"
    head = case.browser("Bakyt")
    assert "choose one of the options" in head.post(path, {"officer_id": "9999"}, status=422).text
    head.post(path, {"officer_id": str(case.people["Olga"].id)})
    assert "Olga" in head.get(url_of(case)).text
    page = case.browser().get(url_of(case)).text
    assert "Given to an officer" in page
    assert "Olga" not in page
    case.drain()
    assert "This duty is yours now" in case.browser("Olga").get("/cabinet/notices").text


def test_a_decree_is_told_in_the_history_and_in_one_notice(case: Case) -> None:
    before = last(case)
    with case.platform.database.writing() as session:
        enter_days(
            session,
            actor=Actor(name="operator", roles=frozenset({Role.ADMINISTRATOR})),
            jurisdiction=case.platform.pack.code,
            days=[DecreedDay(before, DayKind.DAY_OFF)],
            document="Order No. 5",
            now=case.clock.now,
        )
    case.drain()
    page = case.browser().get(url_of(case)).text
    assert "The working calendar was changed: Order No. 5." in page
    assert f"before that {in_words(case, before)}" in page
    notices = case.browser("Olga").get("/cabinet/notices").text
    assert "The working calendar changed, and dates with it" in notices
    assert f"{in_words(case, before)}, now {in_words(case, last(case))}" in notices
