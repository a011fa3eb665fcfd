"""A delay notice: the agency says when it will be done; the due date stays, those owed are told."""

from datetime import date, timedelta

import pytest

from consult.access import Role
from consult.accounts.queries import actor_for
from consult.answers.models import Issue, IssueComment
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.errors import Conflict, Invalid, NotAllowed
from consult.law.queries import law_of
from consult.obligations.actions import announce_delay
from consult.obligations.ledger.rules import Kind, LedgerEvent, Status
from consult.obligations.models import Obligation
from consult.obligations.queries import ledger
from consult.platform import Platform
from consult.procedure.deadlines import last_day
from consult.wiring import OUTSIDE
from notifications.duties import tell_of_delay
from notifications.models import Message
from tests import factories
from tests.adopted import make_act
from tests.beginnings import kept
from tests.conftest import START, TestClock
from tests.duties import Case, make_case
from tests.mailed import mailed

WHY = "The expert is ill."


@pytest.fixture
@kept
def case(platform: Platform, clock: TestClock) -> Case:
    """Aizada commented, Bolot did not; the consultation has closed."""
    made = make_case(platform, clock)
    with platform.database.writing() as session:
        made.people["Bolot"] = factories.make_person(session, "Bolot")
    made.close()
    return made


def working_day(case: Case, n: int, code: str = "report") -> date:
    """The day so many working days after the one on which a duty is due."""
    pack = case.platform.pack
    return pack.calendar().shift(last_day(case.due_at(code), pack.tz), n)


def announce(
    case: Case, on: date, reason: str = WHY, *, name: str = "Olga", code: str = "report"
) -> None:
    with case.platform.database.writing() as session:
        announce_delay(
            session,
            law_of(session, case.platform.pack),
            actor=actor_for(session, case.people[name].id or 0),
            obligation_id=case.duty(code).id or 0,
            expected_on=on,
            reason=reason,
            now=case.clock.now,
        )


def newest(case: Case, code: str = "report") -> LedgerEvent:
    with case.platform.database.reading() as session:
        return ledger(session, case.duty(code).id or 0)[-1]


def test_a_delay_is_in_the_ledger_and_the_date_stays(case: Case) -> None:
    before, on = case.due_at("report"), working_day(case, 5)
    announce(case, on)
    line, duty = newest(case), case.duty("report")
    assert (line.kind, line.data["reason"]) == (Kind.DELAY_ANNOUNCED, WHY)
    assert (duty.due_at, duty.expected_on) == (before, on)
    case.clock.now = before
    assert case.status("report") is Status.OVERDUE


def test_it_may_be_announced_when_it_is_late_already(case: Case) -> None:
    case.clock.now = case.due_at("report") + timedelta(days=7)
    announce(case, working_day(case, 20))
    assert case.duty("report").expected_on == working_day(case, 20)


def test_it_needs_a_reason_a_day_and_a_term_that_runs(case: Case) -> None:
    with pytest.raises(Invalid) as refused:
        announce(case, working_day(case, 5), "  ")
    assert refused.value.field == "reason"
    with pytest.raises(Invalid, match="itself runs until"):
        announce(case, working_day(case, 0))
    with pytest.raises(Conflict):
        announce(case, working_day(case, 5), code="decision")  # planned
    case.publish()
    with pytest.raises(Conflict, match="settled"):
        announce(case, working_day(case, 5))


def test_only_officers_of_the_body_announce_it(case: Case) -> None:
    with case.platform.database.writing() as session:
        other = factories.make_agency(session, "MOH")
        case.people["Damir"] = factories.make_person(
            session, "Damir", role=Role.OFFICER, agency=other
        )
    for name in ("Bakyt", "Damir", "Aizada", "Oversight"):
        with pytest.raises(NotAllowed):
            announce(case, working_day(case, 5), name=name)


def test_those_who_took_part_are_told_once_and_nobody_else(case: Case) -> None:
    announce(case, working_day(case, 5))
    case.drain()
    (notice,) = case.notices("Aizada", "delay", "report")
    assert notice.values["reason"] == WHY
    for name in ("Bolot", "Olga", "Bakyt"):
        assert not case.notices(name, "delay")
    (mail,) = mailed(case.platform, Message.key == notice.key)
    assert WHY in mail.text
    assert "expects to be done by" in " ".join(mail.text.split())


def test_who_reported_a_problem_is_told_that_its_answer_is_late(
    platform: Platform, clock: TestClock
) -> None:
    act = make_act(platform, clock)
    act.adopt()
    with platform.database.writing() as session:
        act.report(session, "Bolot")
    act.drain()
    case = Case(platform, clock, people=act.people)
    announce(case, working_day(case, 5, "problem_answer"), code="problem_answer")
    case.drain()
    assert len(case.notices("Bolot", "delay")) == 1
    assert not case.notices("Aizada", "delay")


def test_who_commented_on_a_draft_is_told_that_its_final_text_is_late(
    platform: Platform, clock: TestClock
) -> None:
    act = make_act(platform, clock)
    act.adopt()
    case = Case(platform, clock, people=act.people)
    announce(case, working_day(case, 5, "final_text"), code="final_text")
    case.drain()
    for name in ("Aizada", "Bolot"):
        assert len(case.notices(name, "delay")) == 1
    assert not case.notices("Nurlan", "delay")


def test_many_are_told_batch_by_batch(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    with case.platform.database.writing() as session:
        (first,) = factories.comments_in(
            session, session.get_one(Consultation, case.consultation().id)
        )
        for n in range(4):
            who = case.people[f"C{n}"] = factories.make_person(session, f"C{n}")
            values = first.model_dump(exclude={"id", "receipt", "author_id"})
            session.add(Comment(**values, receipt=f"more{n}", author_id=who.id or 0))
    monkeypatch.setattr("notifications.duties.BATCH", 2)
    announce(case, working_day(case, 5))
    case.drain()
    for name in ("Aizada", "C0", "C1", "C2", "C3"):
        assert len(case.notices(name, "delay")) == 1
    assert tell_of_delay in OUTSIDE


def test_of_two_notices_the_second_is_told_if_the_first_had_no_time_to_be(case: Case) -> None:
    announce(case, working_day(case, 5))
    announce(case, working_day(case, 9))
    case.drain()
    (notice,) = case.notices("Aizada", "delay")
    assert notice.values["expected_on"] == working_day(case, 9).isoformat()
    announce(case, working_day(case, 12))
    case.drain()
    assert len(case.notices("Aizada", "delay")) == 2


def test_what_is_done_meanwhile_is_no_delay_to_tell_of(case: Case) -> None:
    announce(case, working_day(case, 5))
    case.answer_all()
    case.follow()
    case.drain()
    assert not case.notices("Aizada", "delay")


def test_a_duty_for_one_comment_or_group_concerns_those_alone(case: Case) -> None:
    with case.platform.database.writing() as session:
        consultation = session.get_one(Consultation, case.consultation().id)
        (first,) = factories.comments_in(session, consultation)
        other = Comment(
            **first.model_dump(exclude={"id", "receipt", "author_id"}),
            receipt="other",
            author_id=case.people["Bolot"].id or 0,
        )
        issue = Issue(
            consultation_id=consultation.id or 0,
            title="Hours",
            created_by=case.people["Olga"].id or 0,
            created_at=START,
        )
        session.add_all((other, issue))
        session.flush()
        session.add(IssueComment(comment_id=other.id or 0, issue_id=issue.id or 0))
        for code, subject in (("report", f"comment:{first.id}"), ("answer", f"issue:{issue.id}")):
            duty = session.get_one(Obligation, case.duty(code).id)
            duty.subject = subject
            session.add(duty)
    announce(case, working_day(case, 5))
    announce(case, working_day(case, 5, "answer"), code="answer")
    case.drain()
    assert [n.path for n in case.notices("Aizada", "delay")] == [
        f"/obligations/{case.duty('report').id}"
    ]
    assert [n.path for n in case.notices("Bolot", "delay")] == [
        f"/obligations/{case.duty('answer').id}"
    ]
