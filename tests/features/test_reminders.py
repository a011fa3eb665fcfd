"""Reminders go out: each exactly once, caught up after an outage, none about what is settled."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from consult import worker
from consult.access import Actor, Role
from consult.law.actions import enter_days
from consult.law.queries import law_of
from consult.law.rules import DecreedDay
from consult.obligations.keeping import reminding
from consult.obligations.keeping.reminding import remind
from consult.obligations.ledger.rules import Kind
from consult.obligations.models import Obligation, ReminderSent
from consult.obligations.writing import write
from consult.platform import Platform
from consult.procedure.calendars import DayKind
from consult.procedure.deadlines import last_day, local_day
from consult.procedure.packs import RulePack
from tests.beginnings import kept
from tests.conftest import TestClock
from tests.duties import HOUR, Case, make_case, pack_with, without_periods

RUNGS = [
    {"days": -5, "audience": "officer"},
    {"days": -1, "audience": "officer"},
    {"days": -1, "audience": "head"},
    {"days": 1, "audience": "officer"},
    {"days": 1, "audience": "head"},
    {"days": 3, "audience": "coordinator"},
    {"days": 5, "audience": "public"},
]
TOLD = {"Olga": "officer", "Bakyt": "head", "Oversight": "coordinator"}


@pytest.fixture
@kept
def case(platform: Platform, clock: TestClock) -> Case:
    quiet = without_periods(platform)
    pack = pack_with(quiet.pack, {"answer": {"rungs": RUNGS, "per": "consultation"}})
    rules = [
        rule.model_dump() | ({"max_extension": 20} if rule.term == "answer" else {})
        for rule in pack.rule
    ]
    plain = pack.model_dump() | {"rule": rules}
    made = make_case(replace(quiet, pack=RulePack.model_validate(plain)), clock)
    made.close()
    return made


def _sent(case: Case) -> list[ReminderSent]:
    with case.platform.database.reading() as session:
        query = select(ReminderSent).where(ReminderSent.obligation_id == case.duty("answer").id)
        rows = session.exec(query.order_by(col(ReminderSent.due_on), col(ReminderSent.rung))).all()
    assert len({(row.rung, row.audience, row.due_on) for row in rows}) == len(rows)
    return list(rows)


def enter(case: Case, *days: date) -> None:
    """These days off are decreed."""
    with case.platform.database.writing() as session:
        enter_days(
            session,
            actor=Actor(name="operator", roles=frozenset({Role.ADMINISTRATOR})),
            jurisdiction=case.platform.pack.code,
            days=[DecreedDay(day, DayKind.DAY_OFF) for day in days],
            document="Order No. 5",
            now=case.clock.now,
        )
    case.drain()


def _rungs(case: Case, name: str) -> list[int]:
    return [notice.values["rung"] for notice in case.notices(name, about="answer")]


def _extend(case: Case, extra: int) -> None:
    with case.platform.database.writing() as session:
        duty = session.get_one(Obligation, case.duty("answer").id)
        data = {"extra": extra, "basis": "Law on libraries, art. 7", "reason": "Many spoke."}
        data |= {"approved_by": case.people["Bakyt"].id}
        law, now = law_of(session, case.platform.pack), case.clock.now
        actor_id = case.people["Olga"].id
        write(session, law, duty, Kind.EXTENDED, now, data, now=now, actor_id=actor_id)


def test_each_rung_reminds_exactly_once(case: Case) -> None:
    for days in sorted({rung["days"] for rung in RUNGS}):
        case.drain(case.noon("answer", int(days)))
        case.drain()
    for name, audience in TOLD.items():
        notices = case.notices(name, about="answer")
        assert len(notices) == sum(rung["audience"] == audience for rung in RUNGS)
        assert len({notice.key for notice in notices}) == len(notices)
    assert len(_sent(case)) == len(RUNGS)
    assert not any(row.overtaken for row in _sent(case))


def test_from_the_public_rung_on_the_duty_stands_on_the_public_list(case: Case) -> None:
    case.drain(case.noon("answer", 4))
    assert not [row for row in _sent(case) if row.audience == "public"]
    case.drain(case.noon("answer", 5))
    assert [row.rung for row in _sent(case) if row.audience == "public"] == [5]


def test_after_an_outage_each_audience_is_told_of_the_latest_rung_and_all_are_written(
    case: Case,
) -> None:
    case.drain(case.noon("answer", 30))
    assert _rungs(case, "Olga") == [1]
    rows = _sent(case)
    assert sorted((row.rung, row.audience) for row in rows) == sorted(
        (rung["days"], rung["audience"]) for rung in RUNGS
    )
    overtaken = {(row.rung, row.audience) for row in rows if row.overtaken}
    assert overtaken == {(-5, "officer"), (-1, "officer"), (-1, "head")}


def test_a_settled_duty_reminds_nobody(case: Case) -> None:
    case.publish()
    case.drain(case.due_at("answer"))
    assert not case.notices("Olga", about="answer")


def test_a_reminder_overtaken_by_its_fulfilment_is_not_sent(case: Case) -> None:
    case.clock.now = case.noon("answer", -5)
    with case.platform.database.writing() as session:
        assert remind(session, case.platform.pack, case.clock.now)
    case.answer_all()
    case.follow()  # another worker was quicker than the one that reminds
    case.drain()
    assert not case.notices("Olga", about="answer")


def test_an_extension_moves_the_ladder_and_its_rungs_are_climbed_again(case: Case) -> None:
    case.drain(case.noon("answer", -5))
    _extend(case, 20)
    case.drain()
    assert _rungs(case, "Olga") == [-5]
    case.drain(case.noon("answer", -5))
    assert _rungs(case, "Olga") == [-5, -5]
    assert len({row.due_on for row in _sent(case)}) == 2


def test_a_move_by_the_calendar_repeats_no_rung_but_lateness_that_is_none_any_more(
    case: Case,
) -> None:
    case.drain(case.noon("answer", -1))
    assert _rungs(case, "Bakyt") == [-1]
    first = case.due_at("answer")
    enter(case, last_day(first, case.platform.pack.tz))
    assert case.due_at("answer") > first
    case.drain(case.noon("answer", -1))
    assert _rungs(case, "Bakyt") == [-1]
    case.drain(case.noon("answer", 1))
    assert _rungs(case, "Bakyt") == [-1, 1]
    enter(
        case,
        local_day(case.clock.now, case.platform.pack.tz),
        last_day(case.due_at("answer"), case.platform.pack.tz),
    )
    case.drain(case.noon("answer", 1))
    assert _rungs(case, "Bakyt") == [-1, 1, 1]
    assert sorted(row.rung for row in _sent(case) if row.audience == "officer") == [-5, -1, 1, 1]


def test_a_reminder_of_a_date_that_was_put_off_is_not_sent(case: Case) -> None:
    case.clock.now = case.noon("answer", -1)
    with case.platform.database.writing() as session:
        assert remind(session, case.platform.pack, case.clock.now)
    _extend(case, 20)
    case.drain()
    assert not case.notices("Olga", about="answer")


def test_a_duty_is_looked_at_again_only_when_its_next_rung_comes(case: Case) -> None:
    with case.platform.database.writing() as session:
        assert remind(session, case.platform.pack, case.clock.now) == 0
    assert case.duty("answer").remind_at == case.noon("answer", -5) - 12 * HOUR
    case.publish()
    assert case.duty("answer").remind_at is None


def test_of_two_workers_one_writes_a_rung(case: Case) -> None:
    now = case.noon("answer", -1)
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(worker.drain, case.platform, now) for _ in range(2)]
        for one in both:
            one.result()
    case.drain(now + timedelta(minutes=6))  # what one had claimed while the other was at it
    assert _rungs(case, "Olga") == [-1]
    assert _rungs(case, "Bakyt") == [-1]
    assert len(_sent(case)) == 3


@pytest.mark.parametrize("step", ["record", "notify"])
def test_a_crash_at_any_step_loses_no_reminder_and_doubles_none(
    case: Case, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def breaking(*_: object, **__: object) -> None:
        raise RuntimeError("the power is cut")

    now = case.noon("answer", -1)
    with monkeypatch.context() as patch:
        if step == "record":
            patch.setattr(reminding.outbox, "record", breaking)
            with pytest.raises(RuntimeError):
                worker.drain(case.platform, now)
            assert not _sent(case)
        else:
            patch.setattr("notifications.handlers.notify", breaking)
            worker.drain(case.platform, now)
            assert len(_sent(case)) == 3
    case.drain(now + timedelta(minutes=6))
    assert _rungs(case, "Olga") == [-1]
    assert len(_sent(case)) == 3


def test_a_duty_the_rules_no_longer_have_holds_up_no_other(case: Case) -> None:
    with case.platform.database.writing() as session:
        duty = session.get_one(Obligation, case.duty("report").id)
        duty.duty, duty.remind_at = "abolished", case.clock.now
        session.add(duty)
    case.drain(case.noon("answer", -1))
    assert _rungs(case, "Olga") == [-1]
