"""Reminders go out: each exactly once, caught up after an outage, none about what is settled."""

from datetime import timedelta

import pytest
from sqlmodel import select

from consult.obligations.handlers import remind
from consult.obligations.models import Obligation, ReminderSent
from consult.platform import Platform
from tests.conftest import TestClock
from tests.duties import HOUR, Case, make_case


@pytest.fixture
def case(platform: Platform, clock: TestClock) -> Case:
    made = make_case(platform, clock)
    made.close()
    return made


def test_each_rung_reminds_exactly_once(case: Case) -> None:
    rungs = case.platform.pack.duties["answer"].rungs
    for days in sorted({rung.days for rung in rungs}):
        case.drain(case.noon("answer", days))
        case.drain()
    told = {"Olga": "officer", "Bakyt": "head", "Oversight": "coordinator"}
    for name, audience in told.items():
        notices = case.notices(name, about="answer")
        assert len(notices) == sum(rung.audience == audience for rung in rungs)
        assert len({notice.key for notice in notices}) == len(notices)


def test_after_an_outage_each_audience_gets_only_the_latest_rung(case: Case) -> None:
    case.drain(case.noon("answer", 30))
    assert [notice.values["rung"] for notice in case.notices("Olga", about="answer")] == [1]


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


def test_an_extension_is_not_silenced_by_reminders_of_the_earlier_date(case: Case) -> None:
    case.drain(case.noon("answer", -5))
    with case.platform.database.writing() as session:
        duty = session.get_one(Obligation, case.duty("answer").id)
        duty.due_at, duty.remind_at = case.due_at("answer") + timedelta(days=28), case.clock.now
        session.add(duty)
    case.drain(case.noon("answer", -5))
    assert [notice.values["rung"] for notice in case.notices("Olga", about="answer")] == [-5, -5]
    with case.platform.database.reading() as session:
        query = select(ReminderSent.due_on).where(ReminderSent.obligation_id == duty.id)
        assert len(set(session.exec(query).all())) == 2


def test_a_duty_is_looked_at_again_only_when_its_next_rung_comes(case: Case) -> None:
    with case.platform.database.writing() as session:
        assert remind(session, case.platform.pack, case.clock.now) == 0
    assert case.duty("answer").remind_at == case.noon("answer", -5) - 12 * HOUR
    case.publish()
    assert case.duty("answer").remind_at is None
