"""What is owed for each comment: begun, fulfilled, cancelled, begun anew, never doubled."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from consult.answers.queries import admissible
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.events import CommentSubmitted
from consult.law.queries import law_of
from consult.obligations.handlers import owe_for_comment
from consult.obligations.keeping import per_comment
from consult.obligations.keeping.per_comment import reconcile
from consult.obligations.models import Obligation, ObligationComputation
from consult.obligations.queries import answer_due, ledger
from consult.obligations.writing import begin
from consult.platform import Platform
from drafts.models import Draft
from tests import factories
from tests.conftest import START, TestClock
from tests.duties import HOUR, Case, make_case, pack_with
from tests.features.commenters import (
    commented,
    moderate,
    of_comments,
    running,
    statements,
    states,
    withdraw,
)


@pytest.fixture(params=["comment", "issue"])
def per(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def case(platform: Platform, clock: TestClock, per: str) -> Case:
    """A consultation with five comments: by Aizada at one, three more, and a reply to the first."""
    return commented(platform, clock, per)


# The acknowledgement.


def test_each_comment_is_acknowledged_in_the_instant_of_its_receipt(case: Case) -> None:
    duties = {duty.subject: duty for duty in case.owed("acknowledgement")}
    assert duties.keys() == of_comments(1, 2, 3, 4, 5)
    with case.platform.database.reading() as session:
        for subject, duty in duties.items():
            comment = session.get_one(Comment, int(subject.split(":")[1]))
            assert duty.fulfilled_at == comment.created_at
            assert duty.due_at is not None
            assert duty.due_at > comment.created_at
            events = ledger(session, duty.id or 0)
            assert [line.kind for line in events] == ["created", "triggered", "fulfilled"]
            assert events[-1].data["evidence"] == f"/comments/{comment.id}"
            assert duty.remind_at is None


def test_acknowledging_a_comment_costs_a_few_statements(platform: Platform) -> None:
    with platform.database.writing() as session:
        draft = factories.open_draft(session)
        comment = factories.make_comment(session, draft, factories.make_person(session))
        told = CommentSubmitted(comment.id or 0, draft.id or 0)
    engine = platform.database.engine
    with statements(engine) as said, platform.database.writing() as session:
        owe_for_comment(session, platform, told, START)
    assert len(said) <= 13, said  # the version of the rule is written down with its first use
    with platform.database.writing() as session:
        comment = factories.make_comment(session, draft, factories.make_person(session, "Bolot"))
        told = CommentSubmitted(comment.id or 0, draft.id or 0)
    with statements(engine) as said, platform.database.writing() as session:
        owe_for_comment(session, platform, told, START)
    assert len(said) <= 11, said  # one of them for the public record


def test_a_comment_withdrawn_before_the_worker_saw_it_was_acknowledged_all_the_same(
    platform: Platform, clock: TestClock
) -> None:
    case = make_case(platform, clock, commented=False)
    with platform.database.writing() as session:
        draft = session.get_one(Draft, case.draft_id)
        factories.make_comment(session, draft, case.people["Aizada"], now=START + HOUR)
    clock.forward(hours=2)
    withdraw(case, 1)
    case.drain()
    assert states(case, "acknowledgement") == {"comment:1": "fulfilled"}


# The answer.


def test_from_the_closing_an_answer_is_owed_to_every_admissible_comment(case: Case) -> None:
    withdraw(case, 2)
    moderate(case, 3, hide=True)
    case.close()
    closed_at = case.consultation().closed_at
    assert running(case) == of_comments(1, 4, 5)
    with case.platform.database.reading() as session:
        for duty in case.owed("answer"):
            assert ledger(session, duty.id or 0)[1].at == closed_at
            query = select(ObligationComputation).where(
                ObligationComputation.obligation_id == duty.id
            )
            assert session.exec(query).one().due_at == duty.due_at


def test_it_is_owed_no_more_once_the_comment_is_withdrawn_or_hidden(case: Case) -> None:
    case.close()
    at = case.clock.forward(hours=1)
    withdraw(case, 2)
    moderate(case, 3, hide=True)
    case.drain(at + 5 * HOUR)
    assert running(case) == of_comments(1, 4, 5)
    with case.platform.database.reading() as session:
        for duty in case.owed("answer")[1:3]:
            last = ledger(session, duty.id or 0)[-1]
            assert (last.kind, last.at) == ("cancelled", at)
            assert last.data["reason"]


def test_a_comment_shown_again_is_owed_an_answer_anew_from_then_on(case: Case) -> None:
    case.close()
    first = case.owed("answer")[2]
    moderate(case, 3, hide=True)
    case.drain()
    restored_at = case.clock.forward(days=40)
    moderate(case, 3, hide=False)
    case.drain(restored_at + 5 * HOUR)  # the worker is late: that moves nothing
    *_, again = case.owed("answer")
    assert (again.subject, again.state, again.key) == (first.subject, "running", f"{first.key}:2")
    assert again.due_at is not None
    assert again.due_at > restored_at
    with case.platform.database.reading() as session:
        assert ledger(session, again.id or 0)[1].at == restored_at


def test_who_commented_is_shown_the_day_of_their_own_answer(case: Case) -> None:
    case.close()
    moderate(case, 3, hide=True)
    case.drain()
    case.clock.forward(days=10)
    moderate(case, 3, hide=False)
    case.drain()
    own = {duty.subject: duty.due_at for duty in case.owed("answer") if duty.state == "running"}
    assert own["comment:3"] != own["comment:1"]
    with case.platform.database.reading() as session:
        for id_ in (1, 3):
            comment = session.get_one(Comment, id_)
            assert answer_due(session, case.platform.pack, comment) == own[f"comment:{id_}"]


def test_the_report_fulfils_it_and_shows_by_what(case: Case) -> None:
    case.close()
    withdraw(case, 2)
    case.drain()
    with case.platform.database.writing() as session:
        officer, approver = case.people["Olga"], case.people["Bakyt"]
        consultation = session.get_one(Consultation, case.consultation().id)
        for comment in admissible(session, consultation.id or 0):
            factories.answer_comment(session, comment, officer, approver, now=case.clock.now)
        factories.release_report(session, consultation, officer, case.clock.now)
    published_at = case.clock.now
    case.drain(published_at + HOUR)
    ended = states(case)
    assert ended.pop("comment:2") == "cancelled"
    assert set(ended.values()) == {"fulfilled"}
    with case.platform.database.reading() as session:
        duty = case.owed("answer")[0]
        last = ledger(session, duty.id or 0)[-1]
    assert (last.at, last.data["evidence"]) == (published_at, "/comments/1")


def test_words_shown_again_after_the_report_are_owed_nothing(case: Case) -> None:
    moderate(case, 3, hide=True)
    case.close()
    with case.platform.database.writing() as session:
        officer, approver = case.people["Olga"], case.people["Bakyt"]
        consultation = session.get_one(Consultation, case.consultation().id)
        for comment in admissible(session, consultation.id or 0):
            factories.answer_comment(session, comment, officer, approver, now=case.clock.now)
        factories.release_report(session, consultation, officer, case.clock.now)
    case.drain(case.clock.now + HOUR)
    moderate(case, 3, hide=False)
    case.drain(case.clock.now + HOUR)
    assert "comment:3" not in states(case)


def test_what_was_answered_and_then_hidden_was_answered(case: Case) -> None:
    case.close()
    case.answer_all()
    case.clock.forward(hours=1)
    moderate(case, 3, hide=True)
    case.drain()
    assert set(states(case).values()) == {"fulfilled"}


def test_where_the_rules_once_said_one_duty_for_all_it_stands_for_all(
    platform: Platform, clock: TestClock
) -> None:
    case = make_case(platform, clock)
    with platform.database.writing() as session:
        law, one = law_of(session, platform.pack), case.owed("acknowledgement")[0]
        whole = Obligation(**one.model_dump(exclude={"id", "key", "subject"}), key="answer:1")
        whole.duty, whole.rule_code = "answer", platform.pack.rules[one.rule_code].code
        session.exec(select(Obligation).where(Obligation.key == "answer:1")).one().key = "old"
        session.flush()
        begin(session, law, whole, START, START)
    case.platform = replace(platform, pack=pack_with(platform.pack, {"answer": {"per": "comment"}}))
    case.close()
    assert {duty.subject for duty in case.owed("answer")} == {""}


# Many.


def test_done_again_it_changes_nothing_and_costs_no_query_for_each(case: Case) -> None:
    case.close()
    consultation_id = case.consultation().id or 0
    platform = case.platform
    assert reconcile(platform.database, platform.pack, consultation_id, case.clock.now) == 0
    with statements(platform.database.engine) as few:
        reconcile(platform.database, platform.pack, consultation_id, case.clock.now)
    with platform.database.writing() as session:
        first = session.get_one(Comment, 1).model_dump(exclude={"id", "receipt"})
        session.add_all(Comment(**first, receipt=f"K-{n}") for n in range(40))
    assert reconcile(platform.database, platform.pack, consultation_id, case.clock.now) == 80
    with statements(platform.database.engine) as many:
        reconcile(platform.database, platform.pack, consultation_id, case.clock.now)
    assert len(many) == len(few) < 12


def test_broken_off_it_goes_on_where_it_was(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    case.drain(case.consultation().closes_at - HOUR)
    monkeypatch.setattr(per_comment, "BATCH", 2)
    whole, calls = per_comment.write_many, 0

    def breaking(*args: object) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise RuntimeError("the power is cut")
        whole(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(per_comment, "write_many", breaking)
    case.drain(case.consultation().closes_at)
    assert len(case.owed("answer")) == 2
    case.drain(case.clock.now + timedelta(minutes=5))
    assert running(case) == of_comments(1, 2, 3, 4, 5)
    assert len(case.owed("answer")) == 5


def test_four_hundred_duties_to_answer_make_one_reminder_a_rung(case: Case) -> None:
    with case.platform.database.writing() as session:
        first = session.get_one(Comment, 1).model_dump(exclude={"id", "receipt"})
        session.add_all(Comment(**first, receipt=f"K-{n}") for n in range(395))
    case.close()
    case.drain(case.noon("report", -5))

    def told(name: str) -> list[str]:
        names = case.platform.pack.duties["answer"].names
        return [n.path for n in case.notices(name) if n.values["duty"]["en"] == names.en]

    assert len(case.owed("answer")) == 400
    first_rung: datetime = _noon(case, "answer", -5)
    case.drain(first_rung)
    assert len(told("Olga")) == 1


def _noon(case: Case, code: str, working_days: int) -> datetime:
    due_at = case.owed(code)[0].due_at
    assert due_at is not None
    calendar = case.platform.pack.calendar()
    day = due_at.astimezone(case.platform.pack.tz).date() - timedelta(days=1)
    on = calendar.shift(day, working_days)
    return datetime.combine(on, datetime.min.time(), case.platform.pack.tz) + 12 * HOUR
