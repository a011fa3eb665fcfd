"""What an agency owes: planned, set running and fulfilled by what happens; reminded, once each."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from consult.access import Role
from consult.accounts.models import Agency, Person
from consult.accounts.queries import actor_for
from consult.consultations.models import Consultation
from consult.consultations.queries import current_round
from consult.errors import Conflict, Invalid, NotAllowed
from consult.obligations.actions import follow_consultation, fulfil
from consult.obligations.handlers import remind
from consult.obligations.models import Obligation, ObligationEvent, ReminderSent
from consult.obligations.queries import (
    DutyFilter,
    cursor_of,
    register,
    status_of,
    totals_by_agency,
)
from consult.obligations.rules import Kind, Status
from consult.platform import Platform
from consult.procedure.deadlines import end_of, last_day
from consult.worker import drain
from drafts.models import Draft
from notifications.models import Notice
from tests import factories
from tests.conftest import START, TestClock

HOUR = timedelta(hours=1)


@dataclass
class Case:
    """A consultation that is open, with a comment if wished, and the people of the agency."""

    platform: Platform
    clock: TestClock
    agency: Agency
    draft_id: int
    officer: Person
    approver: Person
    citizen: Person

    def drain(self, now: datetime | None = None) -> None:
        self.clock.now = now or self.clock.now
        drain(self.platform, self.clock.now)

    def duty(self, code: str) -> Obligation:
        with self.platform.database.reading() as session:
            query = select(Obligation).where(
                Obligation.duty == code, Obligation.draft_id == self.draft_id
            )
            return session.exec(query).one()

    def status(self, code: str) -> Status:
        return status_of(self.duty(code), self.clock.now)

    def due_at(self, code: str) -> datetime:
        due_at = self.duty(code).due_at
        assert due_at is not None
        return due_at

    def consultation(self) -> Consultation:
        with self.platform.database.reading() as session:
            consultation = current_round(session, self.draft_id)
            assert consultation is not None
            return consultation

    def close(self) -> None:
        self.drain(self.consultation().closes_at)

    def publish(self) -> None:
        with self.platform.database.writing() as session:
            consultation = session.get_one(Consultation, self.consultation().id)
            comments = factories.comments_in(session, consultation)
            for comment in comments:
                factories.answer_comment(
                    session, comment, self.officer, self.approver, now=self.clock.now
                )
            factories.release_report(session, consultation, self.officer, self.clock.now)

    def follow(self) -> None:
        with self.platform.database.writing() as session:
            consultation = session.get_one(Consultation, self.consultation().id)
            draft = session.get_one(Draft, self.draft_id)
            follow_consultation(session, self.platform.pack, draft, consultation)

    def notices(self, person: Person, kind: str = "reminder") -> list[Notice]:
        with self.platform.database.reading() as session:
            query = select(Notice).where(Notice.person_id == person.id, Notice.kind == kind)
            return list(session.exec(query).all())


@pytest.fixture
def case(platform: Platform, clock: TestClock) -> Case:
    with platform.database.writing() as session:
        agency = factories.make_agency(session)
        draft = factories.make_draft(session, agency)
        made = Case(
            platform=platform,
            clock=clock,
            agency=agency,
            draft_id=draft.id or 0,
            officer=factories.make_person(session, "Olga", role=Role.OFFICER, agency=agency),
            approver=factories.make_person(session, "Bakyt", role=Role.APPROVER, agency=agency),
            citizen=factories.make_person(session, "Aizada"),
        )
        factories.open_consultation(session, draft)
        factories.make_comment(session, draft, made.citizen, now=START + HOUR)
    made.drain()
    return made


@pytest.fixture
def silent(platform: Platform, clock: TestClock) -> Case:
    """The same, but nobody comments."""
    with platform.database.writing() as session:
        agency = factories.make_agency(session)
        draft = factories.make_draft(session, agency)
        officer = factories.make_person(session, "Olga", role=Role.OFFICER, agency=agency)
        factories.open_consultation(session, draft)
    made = Case(platform, clock, agency, draft.id or 0, officer, officer, officer)
    made.drain()
    return made


def test_the_opening_plans_everything_and_is_itself_the_first_duty_done(case: Case) -> None:
    planned = {duty.code for duty in case.platform.pack.duty} - {"start_notice"}
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
        event = session.exec(
            select(ObligationEvent).where(
                ObligationEvent.obligation_id == duty.id,
                ObligationEvent.kind == Kind.TRIGGERED.value,
            )
        ).one()
    rule = case.platform.pack.rules[duty.rule_code]
    assert sum(day["counted"] for day in event.data["trace"]) == rule.amount
    assert event.data["trace"][-1]["on"] == event.data["due_on"]
    due_on = last_day(case.due_at("answer"), case.platform.pack.tz)
    assert event.data["due_on"] == due_on.isoformat()


def test_receipts_acknowledge_every_comment_and_a_late_worker_makes_nobody_late(
    case: Case,
) -> None:
    case.drain(case.consultation().closes_at + timedelta(days=60))
    duty = case.duty("acknowledgement")
    assert duty.fulfilled_at == START + HOUR  # the receipt of the last comment
    assert case.status("acknowledgement") is Status.ON_TIME


def test_what_is_owed_to_commenters_is_cancelled_where_nobody_commented(silent: Case) -> None:
    silent.close()
    for code in ("acknowledgement", "answer", "commenter_notice"):
        assert silent.status(code) is Status.CANCELLED
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
    case.drain()
    assert case.status("answer") is Status.FULFILLED_LATE
    assert case.status("report") is Status.FULFILLED_LATE
    assert case.status("decision") is Status.RUNNING


def test_commenters_are_told_and_only_then_is_that_duty_done(case: Case) -> None:
    case.close()
    case.publish()
    case.follow()  # nobody has been told yet
    assert case.status("commenter_notice") is Status.RUNNING
    case.drain()
    assert len(case.notices(case.citizen, "answered")) == 1
    assert case.status("commenter_notice") is Status.ON_TIME


def test_following_a_consultation_again_adds_nothing(case: Case) -> None:
    case.close()
    case.publish()
    case.drain()

    def count(session: Session) -> int:
        return len(session.exec(select(ObligationEvent.id)).all())

    with case.platform.database.reading() as session:
        before = count(session)
        case.follow()
        assert count(session) == before


# By hand: only what this site cannot see for itself.


def test_an_officer_marks_a_decision_as_made_and_shows_by_what(case: Case) -> None:
    case.close()
    case.publish()
    case.drain()
    with case.platform.database.writing() as session:
        actor = actor_for(session, case.officer.id or 0)
        evidence = "Resolution No. 12 of 3 November"
        duty = fulfil(
            session,
            case.platform.pack,
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
        case.drain()
    with case.platform.database.writing() as session:
        actor = actor_for(session, case.officer.id or 0)
        duty_id = case.duty(code).id or 0
        with pytest.raises(refusal):
            fulfil(
                session,
                case.platform.pack,
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
                case.platform.pack,
                actor=actor_for(session, stranger.id or 0),
                obligation_id=case.duty("decision").id or 0,
                evidence="/drafts/1",
                now=case.clock.now,
            )


# Reminders.


def _noon(case: Case, code: str, working_days: int) -> datetime:
    """Noon of the day so many working days from the day a duty is due."""
    pack = case.platform.pack
    due_on = last_day(case.due_at(code), pack.tz)
    return end_of(pack.calendar().shift(due_on, working_days), pack.tz) - 12 * HOUR


def test_each_rung_reminds_exactly_once(case: Case) -> None:
    case.close()
    rungs = case.platform.pack.duties["answer"].rungs
    for days in sorted({rung.days for rung in rungs}):
        case.drain(_noon(case, "answer", days))
        case.drain()
    to_officer = [n for n in case.notices(case.officer) if n.path.endswith(str(_id(case)))]
    assert len(to_officer) == sum(rung.audience == "officer" for rung in rungs)
    assert len({notice.key for notice in to_officer}) == len(to_officer)


def _id(case: Case) -> int:
    return case.duty("answer").id or 0


def test_after_an_outage_each_audience_gets_only_the_latest_rung(case: Case) -> None:
    case.close()
    case.drain(_noon(case, "answer", 30))
    about_answers = [n for n in case.notices(case.officer) if n.path.endswith(str(_id(case)))]
    assert [notice.values["rung"] for notice in about_answers] == [1]


def test_a_settled_duty_reminds_nobody(case: Case) -> None:
    case.close()
    case.publish()
    case.drain()
    done = case.duty("answer")
    case.drain(done.due_at)
    assert not [n for n in case.notices(case.officer) if n.path.endswith(f"/{done.id}")]


def test_a_reminder_overtaken_by_its_fulfilment_is_not_sent(case: Case) -> None:
    case.close()
    case.clock.now = _noon(case, "answer", -5)
    with case.platform.database.writing() as session:
        assert remind(session, case.platform.pack, case.clock.now)
    case.publish()
    case.follow()  # another worker was quicker than the one that reminds
    case.drain()
    assert not case.notices(case.officer)


def test_an_extension_is_not_silenced_by_reminders_of_the_earlier_date(case: Case) -> None:
    case.close()
    case.drain(_noon(case, "answer", -5))
    with case.platform.database.writing() as session:
        duty = session.get_one(Obligation, _id(case))
        duty.due_at, duty.remind_at = case.due_at("answer") + timedelta(days=28), case.clock.now
        session.add(duty)
    case.drain(_noon(case, "answer", -5))
    with case.platform.database.reading() as session:
        query = select(ReminderSent).where(
            ReminderSent.obligation_id == _id(case), ReminderSent.rung == -5
        )
        assert len({row.due_on for row in session.exec(query).all()}) == 2
    about = [n for n in case.notices(case.officer) if n.path.endswith(str(_id(case)))]
    assert [notice.values["rung"] for notice in about] == [-5, -5]


def test_a_duty_is_looked_at_again_only_when_its_next_rung_comes(case: Case) -> None:
    case.close()
    case.drain()
    with case.platform.database.writing() as session:
        assert remind(session, case.platform.pack, case.clock.now) == 0
    remind_at = case.duty("answer").remind_at
    assert remind_at is not None
    first = _noon(case, "answer", -5)
    assert remind_at == first - 12 * HOUR


# The register.


def test_the_register_lists_duties_as_they_fall_due_page_by_page(case: Case) -> None:
    case.close()
    with case.platform.database.reading() as session:
        wanted = DutyFilter(status="open")
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


@pytest.mark.parametrize("cursor", ["", "x", "1", "1.x", "9" * 40 + ".1", "²."])
def test_a_cursor_that_cannot_be_read_counts_for_none(case: Case, cursor: str) -> None:
    with case.platform.database.reading() as session:
        assert register(session, DutyFilter(), case.clock.now, cursor)


def test_totals_are_counted_by_agency_and_no_data_is_not_nought(case: Case) -> None:
    case.close()
    case.clock.now = case.due_at("report")
    with case.platform.database.reading() as session:
        totals = totals_by_agency(session, case.clock.now)[case.agency.id or 0]
    assert (totals.on_time, totals.overdue, totals.late) == (2, 2, 0)
    assert totals.kept == 0.5
    assert replace(totals, on_time=0, overdue=0).kept is None
