"""What is owed for each comment or group: begun, moved, fulfilled, cancelled, never doubled."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, event
from sqlmodel import col, select

from consult.access import Role
from consult.accounts.queries import actor_for
from consult.answers.actions import group_comments, ungroup
from consult.answers.queries import admissible, grouping
from consult.comments.actions import withdraw_comment
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.events import CommentSubmitted
from consult.law.queries import law_of
from consult.moderation.actions import hide_comment, restore_comment
from consult.obligations import per_comment
from consult.obligations.handlers import owe_for_comment
from consult.obligations.models import Obligation, ObligationComputation
from consult.obligations.per_comment import reconcile
from consult.obligations.queries import ledger
from consult.obligations.rules import SETTLED, Stored
from consult.obligations.writing import begin
from consult.platform import Platform
from drafts.models import Draft
from tests import factories
from tests.conftest import START, TestClock
from tests.duties import HOUR, Case, make_case, pack_with


@pytest.fixture(params=["comment", "issue"])
def per(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def case(platform: Platform, clock: TestClock, per: str) -> Case:
    """A consultation with five comments: by Aizada at one, three more, and a reply to the first."""
    return _case(platform, clock, per)


def _case(platform: Platform, clock: TestClock, per: str) -> Case:
    made = make_case(
        replace(platform, pack=pack_with(platform.pack, {"answer": {"per": per}})), clock
    )
    with made.platform.database.writing() as session:
        draft = session.get_one(Draft, made.draft_id)
        moderator = factories.make_person(session, "Moderator", role=Role.MODERATOR)
        made.people["Moderator"] = moderator
        first = session.get_one(Comment, 1)
        for n in range(2, 6):
            author = factories.make_person(session, f"Citizen {n}")
            parent = first if n == 5 else None
            at = START + n * HOUR
            factories.make_comment(session, draft, author, f"No. {n}.", parent=parent, now=at)
    made.drain()
    return made


def _withdraw(case: Case, comment_id: int) -> None:
    with case.platform.database.writing() as session:
        comment = session.get_one(Comment, comment_id)
        author = actor_for(session, comment.author_id)
        withdraw_comment(session, actor=author, comment=comment, now=case.clock.now)


def _moderate(case: Case, comment_id: int, *, hide: bool) -> None:
    with case.platform.database.writing() as session:
        comment = session.get_one(Comment, comment_id)
        actor = actor_for(session, case.people["Moderator"].id or 0)
        reason = "personal_data" if hide else "It names nobody after all."
        act = hide_comment if hide else restore_comment
        act(session, actor=actor, comment=comment, reason=reason, now=case.clock.now)


def _group(case: Case, *ids: int, issue_id: int | None = None, apart: bool = False) -> int:
    with case.platform.database.writing() as session:
        draft = session.get_one(Draft, case.draft_id)
        consultation = session.get_one(Consultation, case.consultation().id)
        actor = actor_for(session, case.people["Olga"].id or 0)
        if apart:
            ungroup(
                session,
                actor=actor,
                consultation=consultation,
                draft=draft,
                comment_ids=ids,
                now=case.clock.now,
            )
            return 0
        issue = group_comments(
            session,
            actor=actor,
            consultation=consultation,
            draft=draft,
            comment_ids=ids,
            title="Sundays",
            issue_id=issue_id,
            now=case.clock.now,
        )
        return issue.id or 0


def _states(case: Case, code: str = "answer") -> dict[str, str]:
    """The state of the newest duty for each subject."""
    return {duty.subject: duty.state for duty in case.owed(code)}


def _running(case: Case) -> set[str]:
    return {subject for subject, state in _states(case).items() if state == "running"}


def _of(*ids: int) -> set[str]:
    return {f"comment:{id_}" for id_ in ids}


@contextmanager
def _statements(engine: Engine) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


# The acknowledgement.


def test_each_comment_is_acknowledged_in_the_instant_of_its_receipt(case: Case) -> None:
    duties = {duty.subject: duty for duty in case.owed("acknowledgement")}
    assert duties.keys() == _of(1, 2, 3, 4, 5)
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
    with _statements(engine) as said, platform.database.writing() as session:
        owe_for_comment(session, platform, told, START)
    assert len(said) <= 12, said  # the version of the rule is written down with its first use
    with platform.database.writing() as session:
        comment = factories.make_comment(session, draft, factories.make_person(session, "Bolot"))
        told = CommentSubmitted(comment.id or 0, draft.id or 0)
    with _statements(engine) as said, platform.database.writing() as session:
        owe_for_comment(session, platform, told, START)
    assert len(said) <= 10, said


def test_a_comment_withdrawn_before_the_worker_saw_it_was_acknowledged_all_the_same(
    platform: Platform, clock: TestClock
) -> None:
    case = make_case(platform, clock, commented=False)
    with platform.database.writing() as session:
        draft = session.get_one(Draft, case.draft_id)
        factories.make_comment(session, draft, case.people["Aizada"], now=START + HOUR)
    clock.forward(hours=2)
    _withdraw(case, 1)
    case.drain()
    assert _states(case, "acknowledgement") == {"comment:1": "fulfilled"}


# The answer.


def test_from_the_closing_an_answer_is_owed_to_every_admissible_comment(case: Case) -> None:
    _withdraw(case, 2)
    _moderate(case, 3, hide=True)
    case.close()
    closed_at = case.consultation().closed_at
    assert _running(case) == _of(1, 4, 5)
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
    _withdraw(case, 2)
    _moderate(case, 3, hide=True)
    case.drain(at + 5 * HOUR)
    assert _running(case) == _of(1, 4, 5)
    with case.platform.database.reading() as session:
        for duty in case.owed("answer")[1:3]:
            last = ledger(session, duty.id or 0)[-1]
            assert (last.kind, last.at) == ("cancelled", at)
            assert last.data["reason"]


def test_a_comment_shown_again_is_owed_an_answer_anew_from_then_on(case: Case) -> None:
    case.close()
    first = case.owed("answer")[2]
    _moderate(case, 3, hide=True)
    case.drain()
    restored_at = case.clock.forward(days=40)
    _moderate(case, 3, hide=False)
    case.drain(restored_at + 5 * HOUR)  # the worker is late: that moves nothing
    *_, again = case.owed("answer")
    assert (again.subject, again.state, again.key) == (first.subject, "running", f"{first.key}:2")
    assert again.due_at is not None
    assert again.due_at > restored_at
    with case.platform.database.reading() as session:
        assert ledger(session, again.id or 0)[1].at == restored_at


def test_the_report_fulfils_it_and_shows_by_what(case: Case) -> None:
    case.close()
    _withdraw(case, 2)
    case.drain()
    with case.platform.database.writing() as session:
        officer, approver = case.people["Olga"], case.people["Bakyt"]
        consultation = session.get_one(Consultation, case.consultation().id)
        for comment in admissible(session, consultation.id or 0):
            factories.answer_comment(session, comment, officer, approver, now=case.clock.now)
        factories.release_report(session, consultation, officer, case.clock.now)
    published_at = case.clock.now
    case.drain(published_at + HOUR)
    states = _states(case)
    assert states.pop("comment:2") == "cancelled"
    assert set(states.values()) == {"fulfilled"}
    with case.platform.database.reading() as session:
        duty = case.owed("answer")[0]
        last = ledger(session, duty.id or 0)[-1]
    assert (last.at, last.data["evidence"]) == (published_at, "/comments/1")


def test_words_shown_again_after_the_report_are_owed_nothing(case: Case) -> None:
    _moderate(case, 3, hide=True)
    case.close()
    with case.platform.database.writing() as session:
        officer, approver = case.people["Olga"], case.people["Bakyt"]
        consultation = session.get_one(Consultation, case.consultation().id)
        for comment in admissible(session, consultation.id or 0):
            factories.answer_comment(session, comment, officer, approver, now=case.clock.now)
        factories.release_report(session, consultation, officer, case.clock.now)
    case.drain(case.clock.now + HOUR)
    _moderate(case, 3, hide=False)
    case.drain(case.clock.now + HOUR)
    assert "comment:3" not in _states(case)


def test_what_was_answered_and_then_hidden_was_answered(case: Case) -> None:
    case.close()
    case.answer_all()
    case.clock.forward(hours=1)
    _moderate(case, 3, hide=True)
    case.drain()
    assert set(_states(case).values()) == {"fulfilled"}


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


# Groups.


@pytest.fixture
def grouped(platform: Platform, clock: TestClock) -> Case:
    made = _case(platform, clock, "issue")
    made.close()
    return made


def test_what_is_grouped_is_owed_one_answer_as_a_group(grouped: Case) -> None:
    due = grouped.owed("answer")[0].due_at
    issue = _group(grouped, 1, 2, 5)
    grouped.drain()
    assert _running(grouped) == {*_of(3, 4), f"issue:{issue}"}
    assert grouped.owed("answer")[-1].due_at == due
    with grouped.platform.database.reading() as session:
        last = ledger(session, grouped.owed("answer")[0].id or 0)[-1]
    assert (last.kind, last.data["reason"]) == ("cancelled", per_comment.GROUPED)


def test_what_is_taken_out_is_owed_its_own_answer_again_by_the_same_day(grouped: Case) -> None:
    due = grouped.owed("answer")[0].due_at
    issue = _group(grouped, 1, 2)
    grouped.drain(grouped.clock.now + 50 * HOUR)
    _group(grouped, 1, apart=True)
    grouped.drain()
    assert _running(grouped) == {*_of(1, 3, 4, 5), f"issue:{issue}"}
    _group(grouped, 2, apart=True)
    grouped.drain()
    assert _running(grouped) == _of(1, 2, 3, 4, 5)
    assert {d.due_at for d in grouped.owed("answer") if d.state == "running"} == {due}
    assert _states(grouped)[f"issue:{issue}"] == "cancelled"


def test_a_group_without_admissible_comments_is_owed_nothing(grouped: Case) -> None:
    issue = _group(grouped, 1, 2)
    _withdraw(grouped, 1)
    grouped.drain()
    assert f"issue:{issue}" in _running(grouped)
    _moderate(grouped, 2, hide=True)
    grouped.drain()
    assert _running(grouped) == _of(3, 4, 5)
    _moderate(grouped, 2, hide=False)
    grouped.drain()
    assert f"issue:{issue}" in _running(grouped)


def test_the_report_fulfils_the_duty_of_a_group(grouped: Case) -> None:
    issue = _group(grouped, 1, 2)
    grouped.drain()
    grouped.publish()
    states = _states(grouped)
    assert states.pop("comment:1") == states.pop("comment:2") == "cancelled"
    assert set(states.values()) == {"fulfilled"}
    with grouped.platform.database.reading() as session:
        (duty,) = (d for d in grouped.owed("answer") if d.subject == f"issue:{issue}")
        evidence = ledger(session, duty.id or 0)[-1].data["evidence"]
    assert evidence == f"/drafts/{grouped.draft_id}/report/1"


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_done_each_comment_is_owed_one_answer_and_no_other(
    grouped: Case, seed: int
) -> None:
    chance = random.Random(seed)
    for _ in range(25):
        grouped.clock.forward(minutes=10)
        with grouped.platform.database.reading() as session:
            comments = list(session.exec(select(Comment).order_by(col(Comment.id))).all())
            groups = grouping(session, grouped.consultation().id or 0)
        chosen = chance.sample(comments, chance.randint(1, 4))
        ids, one = [c.id or 0 for c in chosen], chosen[0]
        match chance.choice(("group", "join", "ungroup", "hide", "withdraw", "drain")):
            case "group":
                _group(grouped, *ids)
            case "join" if groups:
                _group(grouped, *ids, issue_id=chance.choice(list(groups.values())))
            case "ungroup":
                _group(grouped, *ids, apart=True)
            case "hide" if one.withdrawn_at is None:
                _moderate(grouped, one.id or 0, hide=one.hidden_at is None)
            case "withdraw" if len([c for c in comments if c.withdrawn_at is None]) > 2:
                _withdraw(grouped, one.id or 0)
            case "drain":
                grouped.drain()
    grouped.drain()
    with grouped.platform.database.reading() as session:
        groups = grouping(session, grouped.consultation().id or 0)
        owed = [c.id or 0 for c in admissible(session, grouped.consultation().id or 0)]
    wanted = {f"issue:{groups[id_]}" if id_ in groups else f"comment:{id_}" for id_ in owed}
    open_ = [d.subject for d in grouped.owed("answer") if Stored(d.state) not in SETTLED]
    assert sorted(open_) == sorted(wanted)


# Many.


def test_done_again_it_changes_nothing_and_costs_no_query_for_each(case: Case) -> None:
    case.close()
    consultation_id = case.consultation().id or 0
    platform = case.platform
    assert reconcile(platform.database, platform.pack, consultation_id, case.clock.now) == 0
    with _statements(platform.database.engine) as few:
        reconcile(platform.database, platform.pack, consultation_id, case.clock.now)
    with platform.database.writing() as session:
        first = session.get_one(Comment, 1).model_dump(exclude={"id", "receipt"})
        session.add_all(Comment(**first, receipt=f"K-{n}") for n in range(40))
    assert reconcile(platform.database, platform.pack, consultation_id, case.clock.now) == 80
    with _statements(platform.database.engine) as many:
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
    assert _running(case) == _of(1, 2, 3, 4, 5)
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
