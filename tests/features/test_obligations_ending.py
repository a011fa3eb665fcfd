"""Duties where a draft ends, or is decided on, before the worker has seen to the report."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from consult.accounts.queries import actor_for
from consult.adoption.actions import record_outcome, submit_to_parliament
from consult.adoption.rules import Decided
from consult.consultations.actions import schedule, withdraw_draft
from consult.law.queries import law_of
from consult.obligations.ledger.rules import Status
from consult.obligations.queries import ledger
from consult.outbox import OutboxEvent
from consult.platform import Platform
from consult.procedure.deadlines import local_day
from drafts.models import Draft
from tests import factories
from tests.conftest import TestClock
from tests.duties import HOUR, Case, make_case, pack_with, without_periods
from tests.features.commenters import commented, group


@pytest.fixture
def case(platform: Platform, clock: TestClock) -> Case:
    return make_case(without_periods(platform), clock)


def withdraw(case: Case, session: Session, draft: Draft) -> None:
    actor = actor_for(session, case.people["Olga"].id or 0)
    withdraw_draft(session, actor=actor, draft=draft, now=case.clock.now)


def reject(case: Case, session: Session, draft: Draft) -> None:
    tz, now = case.platform.pack.tz, case.clock.now
    record_outcome(
        session,
        actor=actor_for(session, case.people["Olga"].id or 0),
        draft=draft,
        said=Decided("rejected", decided_on=local_day(now, tz), reason="There is no money."),
        version_id=None,
        pack=case.platform.pack,
        now=now,
    )


def submit(case: Case, session: Session, draft: Draft) -> None:
    actor = actor_for(session, case.people["Olga"].id or 0)
    submit_to_parliament(session, actor=actor, draft=draft, now=case.clock.now)


def ask_again(case: Case, session: Session, draft: Draft) -> None:
    factories.open_consultation(session, draft, now=case.clock.now)


Step = Callable[[Case, Session, Draft], None]


def asleep(case: Case, *steps: Step) -> None:
    """The report comes out, then this happens at an hour's distance; the worker sleeps."""
    case.close()
    case.answer_all()
    for step in steps:
        case.clock.forward(hours=1)
        with case.platform.database.writing() as session:
            step(case, session, session.get_one(Draft, case.draft_id))


def deliver(case: Case, *, backwards: bool) -> None:
    """Let the worker wake: it sees to one event after the other, or to the last one first."""
    with case.platform.database.reading() as session:
        query = select(OutboxEvent.id).where(col(OutboxEvent.spread_at).is_(None))
        waiting = session.exec(query.order_by(col(OutboxEvent.id))).all()
    if backwards:
        with case.platform.database.writing() as session:
            for id_ in waiting[:-1]:
                session.get_one(OutboxEvent, id_).spread_at = case.clock.now  # held back
        for id_ in reversed(waiting):
            with case.platform.database.writing() as session:
                session.get_one(OutboxEvent, id_).spread_at = None
            case.drain()
    case.drain(case.clock.now + timedelta(minutes=1))  # what had to wait for another is tried again


@pytest.fixture(params=[False, True], ids=["in_order", "backwards"])
def backwards(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.mark.parametrize("end", [withdraw, reject])
def test_what_the_report_did_in_time_stays_done_whatever_ends_the_draft_before_the_worker_wakes(
    case: Case, end: Step, backwards: bool
) -> None:
    asleep(case, end)
    deliver(case, backwards=backwards)
    reported_at = case.consultation().reported_at
    for code in ("answer", "report"):
        assert case.status(code) is Status.ON_TIME
        assert case.duty(code).fulfilled_at == reported_at
    assert case.status("decision") is (Status.CANCELLED if end is withdraw else Status.ON_TIME)
    assert case.status("commenter_notice") is Status.ON_TIME


@pytest.mark.parametrize("per", ["comment", "issue"])
@pytest.mark.parametrize("end", [withdraw, reject])
def test_each_answer_of_the_report_stays_given_and_nothing_is_begun_twice_when_the_draft_ends(
    platform: Platform, clock: TestClock, per: str, end: Step, backwards: bool
) -> None:
    shown = {"decision": {"per": "comment", "evidence": "document"}}  # owed for each after it
    plain = replace(platform, pack=pack_with(without_periods(platform).pack, shown))
    case = commented(plain, clock, per)
    case.close()
    if per == "issue":
        group(case, 1, 2)
        case.drain()
    asleep(case, end)
    deliver(case, backwards=backwards)
    answers = [duty for duty in case.owed("answer") if duty.state != "cancelled"]
    assert len(answers) == (4 if per == "issue" else 5)
    assert {(duty.state, duty.fulfilled_at) for duty in answers} == {
        ("fulfilled", case.consultation().reported_at)
    }
    assert [duty.state for duty in case.owed("decision")] == ["cancelled"] * 5


# The decision.


def test_the_way_to_parliament_is_the_decision_on_a_draft(case: Case, backwards: bool) -> None:
    asleep(case, submit)
    submitted_at = case.clock.now
    case.clock.forward(days=80)  # later, what was passed on is not kept
    deliver(case, backwards=backwards)
    assert case.status("decision") is Status.ON_TIME
    assert case.duty("decision").fulfilled_at == submitted_at


@pytest.mark.parametrize("end", [withdraw, reject, ask_again])
def test_a_decision_stays_made_whatever_comes_after_it(
    case: Case, end: Step, backwards: bool
) -> None:
    asleep(case, submit, end)
    submitted_at = case.clock.now - HOUR
    deliver(case, backwards=backwards)
    assert case.owed("decision")[0].fulfilled_at == submitted_at


def test_who_asks_the_people_again_owes_no_decision_on_the_round_before(
    case: Case, backwards: bool
) -> None:
    asleep(case, ask_again)
    asked_at = case.clock.now
    deliver(case, backwards=backwards)
    first, second = case.owed("decision")
    assert (first.state, second.state) == ("fulfilled", "planned")
    with case.platform.database.reading() as session:
        last = ledger(session, first.id or 0)[-1]
    assert (last.at, last.data["evidence"]) == (asked_at, f"/drafts/{case.draft_id}")
    asleep(case, submit)
    case.drain()
    assert [duty.state for duty in case.owed("decision")] == ["fulfilled", "fulfilled"]


def test_until_the_new_round_opens_the_decision_is_owed(case: Case) -> None:
    case.close()
    case.publish()
    later = case.clock.now + timedelta(days=10)
    with case.platform.database.writing() as session:
        schedule(
            session,
            actor=actor_for(session, case.people["Olga"].id or 0),
            draft=session.get_one(Draft, case.draft_id),
            opens_at=later,
            closes_at=later + timedelta(days=90),
            exception="",
            law=law_of(session, case.platform.pack),
            now=case.clock.now,
        )
    case.drain()
    assert case.status("decision") is Status.RUNNING
    case.drain(later)
    assert case.owed("decision")[0].state == "fulfilled"
