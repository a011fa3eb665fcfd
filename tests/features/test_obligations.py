"""What an agency owes: planned, set running and fulfilled by what happens, or shown by evidence."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from consult.access import Role
from consult.accounts.queries import actor_for
from consult.consultations.actions import withdraw_draft
from consult.errors import Conflict, Invalid, NotAllowed
from consult.law.queries import Law, law_of
from consult.obligations.actions import fulfil
from consult.obligations.keeping.asked import cancel_one, owe_for_one, settle_one
from consult.obligations.keeping.following import (
    owe_for_draft,
    settle_draft,
)
from consult.obligations.ledger.rules import Status
from consult.obligations.models import ObligationEvent
from consult.obligations.queries import computations, ledger
from consult.obligations.registers.listing import DutyFilter, cursor_of, register, totals_by_agency
from consult.platform import Platform
from consult.procedure.deadlines import Trigger, last_day
from consult.procedure.duties import Evidence, Per
from drafts.models import Draft
from tests import factories
from tests.conftest import START, TestClock
from tests.duties import HOUR, Case, make_case, without_periods


@pytest.fixture
def case(platform: Platform, clock: TestClock) -> Case:
    return make_case(without_periods(platform), clock)


@pytest.fixture
def silent(platform: Platform, clock: TestClock) -> Case:
    return make_case(without_periods(platform), clock, commented=False)


def test_the_opening_plans_everything_and_is_itself_the_first_duty_done(case: Case) -> None:
    duties = case.platform.pack.duty
    planned = {duty.code for duty in duties if duty.per == "consultation"} - {"start_notice"}
    assert {code for code in planned if case.status(code) is Status.PLANNED} == planned
    assert case.status("start_notice") is Status.ON_TIME
    assert case.duty("start_notice").fulfilled_at == START


def test_the_closing_sets_answers_and_report_running(case: Case) -> None:
    case.close()
    rules = case.platform.pack.rules
    for code in ("answer", "report"):
        duty = case.duty(code)
        assert case.status(code) is Status.RUNNING
        assert rules[duty.rule_code].citation
        assert duty.preliminary  # no year of the calendar is confirmed
    assert case.status("decision") is Status.PLANNED


def test_a_due_date_keeps_the_trace_of_its_days(case: Case) -> None:
    case.close()
    duty = case.duty("answer")
    with case.platform.database.reading() as session:
        (computed,) = computations(session, duty.id or 0)
    rule = case.platform.pack.rules[duty.rule_code]
    assert sum(day["counted"] for day in computed.trace) == rule.amount
    assert computed.trace[-1]["on"] == computed.due_on.isoformat()
    assert computed.due_on == last_day(case.due_at("answer"), case.platform.pack.tz)


def test_receipts_acknowledge_every_comment_and_a_late_worker_makes_nobody_late(
    case: Case,
) -> None:
    case.drain(case.consultation().closes_at + timedelta(days=60))
    duty = case.duty("acknowledgement")
    assert duty.fulfilled_at == START + HOUR  # the receipt of the comment
    assert case.status("acknowledgement") is Status.ON_TIME


def test_what_is_owed_to_commenters_is_cancelled_where_nobody_commented(silent: Case) -> None:
    silent.close()
    for code in ("answer", "commenter_notice"):
        assert silent.status(code) is Status.CANCELLED
    assert not silent.owed("acknowledgement")
    assert silent.status("report") is Status.RUNNING


def test_overdue_is_read_off_the_time_and_begins_when_the_due_day_is_over(case: Case) -> None:
    case.close()
    case.clock.now = case.due_at("report") - timedelta(microseconds=1)
    assert case.status("report") is Status.DUE_SOON
    case.clock.now = case.due_at("report")
    assert case.status("report") is Status.OVERDUE
    assert case.duty("report").state == "running"


def test_publishing_the_report_late_fulfils_answers_and_report_late(case: Case) -> None:
    case.close()
    case.drain(case.due_at("report") + HOUR)
    case.publish()
    assert case.status("answer") is Status.FULFILLED_LATE
    assert case.status("report") is Status.FULFILLED_LATE
    assert case.status("decision") is Status.RUNNING


def test_commenters_are_told_and_only_then_is_that_duty_done(case: Case) -> None:
    case.close()
    case.answer_all()
    case.follow()  # nobody has been told yet
    assert case.duty("commenter_notice").state == "running"
    case.drain()
    assert len(case.notices("Aizada", "answered")) == 1
    assert case.status("commenter_notice") is Status.ON_TIME


def test_following_a_consultation_again_adds_nothing(case: Case) -> None:
    case.close()
    case.publish()

    def count(session: Session) -> int:
        return len(session.exec(select(ObligationEvent.id)).all())

    with case.platform.database.reading() as session:
        before = count(session)
        case.follow()
        assert count(session) == before


def test_a_withdrawn_draft_leaves_nothing_to_be_done(case: Case) -> None:
    case.close()
    case.publish()
    case.clock.forward(days=1)
    with case.platform.database.writing() as session:
        actor = actor_for(session, case.people["Olga"].id or 0)
        draft = session.get_one(Draft, case.draft_id)
        withdraw_draft(session, actor=actor, draft=draft, now=case.clock.now)
    withdrawn_at = case.clock.now
    case.drain(withdrawn_at + HOUR)
    assert case.status("decision") is Status.CANCELLED
    assert case.status("answer") is Status.ON_TIME
    with case.platform.database.reading() as session:
        last = ledger(session, case.duty("decision").id or 0)[-1]
    assert (last.at, last.data["reason"]) == (withdrawn_at, "The draft was withdrawn.")


def test_what_is_owed_for_a_draft_or_a_problem_runs_once_and_is_settled_or_cancelled(
    case: Case,
) -> None:
    def each(act: Callable[[Session, Law, Draft], None]) -> None:
        for _ in range(2):  # done twice, nothing is added
            with case.platform.database.writing() as session:
                draft = session.get_one(Draft, case.draft_id)
                act(session, law_of(session, case.platform.pack), draft)

    now = case.clock.now
    each(lambda s, law, draft: owe_for_draft(s, law, draft, Trigger.ACT_ADOPTED, now, now))
    assert case.status("final_text") is Status.RUNNING
    evidence, path = Evidence.FINAL_TEXT, "/drafts/1/after"
    each(lambda s, law, draft: settle_draft(s, law, draft, evidence, path, now, now))
    assert case.status("final_text") is Status.ON_TIME
    for problem in (1, 2):
        each(
            lambda s, law, draft, n=problem: owe_for_one(  # type: ignore[misc]
                s, law, Per.PROBLEM, n, now, now, draft=draft
            )
        )
    shown = Evidence.PROBLEM_ANSWER
    each(lambda s, law, _: settle_one(s, law, Per.PROBLEM, 1, shown, path, now, now))
    each(lambda s, law, _: cancel_one(s, law, Per.PROBLEM, 2, "It was hidden.", now, now))
    told = [(duty.subject, duty.state) for duty in case.owed("problem_answer")]
    assert told == [("problem:1", "fulfilled"), ("problem:2", "cancelled")]


# By hand: only what this site cannot see for itself.


def test_an_officer_marks_a_decision_as_made_and_shows_by_what(case: Case) -> None:
    case.close()
    case.publish()
    with case.platform.database.writing() as session:
        actor = actor_for(session, case.people["Olga"].id or 0)
        evidence = "Resolution No. 12 of 3 November"
        duty = fulfil(
            session,
            law_of(session, case.platform.pack),
            actor=actor,
            obligation_id=case.duty("decision").id or 0,
            evidence=evidence,
            now=case.clock.now,
        )
        assert duty.state == "fulfilled"


@pytest.mark.parametrize(
    ("code", "evidence", "refusal"),
    [
        ("decision", "   ", Invalid),
        ("report", "we have it somewhere", Conflict),
    ],
)
def test_evidence_is_needed_and_what_can_be_seen_cannot_be_claimed(
    case: Case, code: str, evidence: str, refusal: type[Exception]
) -> None:
    case.close()
    if code == "decision":
        case.publish()
    with case.platform.database.writing() as session:
        actor = actor_for(session, case.people["Olga"].id or 0)
        duty_id = case.duty(code).id or 0
        with pytest.raises(refusal):
            fulfil(
                session,
                law_of(session, case.platform.pack),
                actor=actor,
                obligation_id=duty_id,
                evidence=evidence,
                now=case.clock.now,
            )


def test_another_agency_cannot_fulfil_a_duty(case: Case) -> None:
    with case.platform.database.writing() as session:
        other = factories.make_agency(session, "MOH")
        stranger = factories.make_person(session, "Stranger", role=Role.OFFICER, agency=other)
        with pytest.raises(NotAllowed):
            fulfil(
                session,
                law_of(session, case.platform.pack),
                actor=actor_for(session, stranger.id or 0),
                obligation_id=case.duty("decision").id or 0,
                evidence="/drafts/1",
                now=case.clock.now,
            )


# The register.


def test_the_register_lists_duties_as_they_fall_due_page_by_page(case: Case) -> None:
    case.close()
    with case.platform.database.reading() as session:
        wanted = DutyFilter(status="unsettled")
        whole = [row.obligation.id for row in register(session, wanted, case.clock.now)]
        paged: list[int | None] = []
        after = ""
        while True:
            rows = register(session, wanted, case.clock.now, after, limit=1)
            paged.append(rows[0].obligation.id)
            if len(rows) == 1:
                break
            after = cursor_of(rows[0])
    assert paged == whole
    assert len(whole) == 4


def test_what_is_planned_is_not_open_yet(case: Case) -> None:
    case.close()
    with case.platform.database.reading() as session:
        found = {
            status: {row.obligation.state for row in register(session, wanted, case.clock.now)}
            for status in ("open", "planned", "unsettled")
            for wanted in [DutyFilter(status=status)]
        }
    planned, running = {"planned"}, {"running"}
    assert found == {"open": running, "planned": planned, "unsettled": planned | running}


@pytest.mark.parametrize("cursor", ["", "x", "1", "1.x", "9" * 40 + ".1", "²."])
def test_a_cursor_that_cannot_be_read_counts_for_none(case: Case, cursor: str) -> None:
    with case.platform.database.reading() as session:
        assert register(session, DutyFilter(), case.clock.now, cursor)


def test_totals_are_counted_by_agency_and_no_data_is_not_nought(case: Case) -> None:
    case.close()
    case.clock.now = case.due_at("report")
    with case.platform.database.reading() as session:
        law = law_of(session, case.platform.pack)
        totals = totals_by_agency(session, law, case.clock.now)[case.agency_id]
    assert (totals.on_time, totals.overdue, totals.late) == (1, 2, 0)  # no receipts among them
    assert totals.kept == pytest.approx(1 / 3)
    assert replace(totals, on_time=0, overdue=0).kept is None
