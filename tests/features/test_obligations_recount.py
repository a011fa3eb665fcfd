"""A decree moves the dates of what runs, each by a line that names it; each agency is told once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func
from sqlmodel import Session, select

from consult.access import Actor, Role
from consult.accounts.queries import actor_for
from consult.events import CalendarChanged
from consult.law.actions import confirm_year, enter_days, revoke
from consult.law.models import CalendarAct
from consult.law.queries import law_of
from consult.law.rules import DecreedDay
from consult.obligations.actions import resume
from consult.obligations.keeping import recounting
from consult.obligations.keeping.ladder import next_rung_at
from consult.obligations.keeping.recounting import recount_duties
from consult.obligations.ledger.rules import Kind, LedgerEvent
from consult.obligations.models import Obligation, ObligationEvent
from consult.obligations.proposing import Wish, decide, propose
from consult.obligations.queries import computations, ledger
from consult.obligations.writing import event_values, rule_of
from consult.outbox import OutboxEvent
from consult.platform import Platform
from consult.procedure.calendars import DAY, DayKind
from consult.procedure.deadlines import last_day
from notifications.models import Message
from tests import factories
from tests.beginnings import kept
from tests.conftest import START, TestClock
from tests.duties import Case, make_case, rule_with
from tests.mailed import mailed

KEEPER = Actor(name="operator", roles=frozenset({Role.ADMINISTRATOR}))
DECREE = "Order No. 5 of 1 October 2026"


@pytest.fixture
@kept
def case(platform: Platform, clock: TestClock) -> Case:
    """A consultation that has closed: answers and report are due."""
    made = make_case(platform, clock)
    made.close()
    return made


def last(case: Case, code: str = "report") -> date:
    return last_day(case.due_at(code), case.platform.pack.tz)


def enter(case: Case, *days: date, document: str = DECREE, drained: bool = True) -> CalendarAct:
    """These days off are decreed."""
    with case.platform.database.writing() as session:
        act = enter_days(
            session,
            actor=KEEPER,
            jurisdiction=case.platform.pack.code,
            days=[DecreedDay(day, DayKind.DAY_OFF) for day in days],
            document=document,
            now=case.clock.now,
        )
    if drained:
        case.drain()
    return act


def take_back(case: Case, act: CalendarAct) -> None:
    with case.platform.database.writing() as session:
        revoke(
            session,
            actor=KEEPER,
            jurisdiction=case.platform.pack.code,
            act_id=act.id or 0,
            reason="A mistake.",
            now=case.clock.now,
        )
    case.drain()


def lines(case: Case, code: str = "report") -> list[LedgerEvent]:
    with case.platform.database.reading() as session:
        return ledger(session, case.duty(code).id or 0)


def recounted(case: Case, code: str = "report") -> list[LedgerEvent]:
    return [line for line in lines(case, code) if line.kind is Kind.CALENDAR_CHANGED]


def said(case: Case, name: str) -> list[dict[str, Any]]:
    """What was recorded of events of one kind."""
    with case.platform.database.reading() as session:
        query = select(OutboxEvent.payload).where(OutboxEvent.name == name)
        return [dict(payload) for payload in session.exec(query).all()]


def all_recounted(case: Case) -> int:
    """How many lines the calendar wrote, whichever duty they are of."""
    with case.platform.database.reading() as session:
        kind = Kind.CALENDAR_CHANGED.value
        query = select(func.count()).where(ObligationEvent.kind == kind)
        return session.exec(query).one()


def running(case: Case) -> int:
    with case.platform.database.reading() as session:
        return session.exec(select(func.count()).where(Obligation.state == "running")).one()


def test_a_decree_moves_what_runs_by_a_line_that_names_it(case: Case) -> None:
    before = last(case)
    enter(case, before)
    moved = last(case)
    assert moved == case.platform.pack.calendar().shift(before, 1)
    (line,) = recounted(case)
    assert line.data["document"] == DECREE
    assert (line.data["was_on"], line.data["due_on"]) == (before.isoformat(), moved.isoformat())
    assert line.actor_id is None
    with case.platform.database.reading() as session:
        _, second = computations(session, case.duty("report").id or 0)
    assert second.due_on == moved
    assert any(
        day["on"] == before.isoformat() and not day["counted"] and DECREE in str(day["params"])
        for day in second.trace
    )


def test_a_line_names_every_act_that_came_since_the_last_count_and_no_other(case: Case) -> None:
    before, calendar = last(case), case.platform.pack.calendar()
    case.clock.forward(hours=1)
    enter(case, before + 40 * DAY, document="Of other days")
    first = enter(case, before, document="Decree A", drained=False)
    second = enter(case, calendar.shift(before, 1), document="Decree B", drained=False)
    case.drain(case.clock.forward(hours=1))
    (line,) = recounted(case)
    assert line.data["document"] == "Decree A; Decree B"
    assert line.data["due_on"] == calendar.shift(before, 2).isoformat() == last(case).isoformat()
    told = sorted(event["act_id"] for event in said(case, "TermsMoved"))
    assert told == [first.id, second.id]  # each act is told of, in whatever order they are taken up
    case.clock.forward(hours=1)
    take_back(case, second)
    assert recounted(case)[-1].data["document"] == "Decree B"
    assert last(case) == calendar.shift(before, 1)


def test_where_the_date_stays_the_reminders_move_with_the_working_days(
    platform: Platform, clock: TestClock
) -> None:
    by_days = {"unit": "calendar_day", "amount": 40, "end_shift": "none"}
    plain = replace(platform, pack=rule_with(platform.pack, "kg-report", **by_days))
    case = make_case(plain, clock)
    case.close()
    before, calendar = last(case), plain.pack.calendar()
    enter(case, calendar.shift(before, -1), calendar.shift(before, -2))
    duty = case.duty("report")
    assert last(case) == before
    with plain.database.reading() as session:
        law = law_of(session, plain.pack)
    assert duty.due_at is not None
    rungs = plain.pack.duties["report"].rungs
    right = next_rung_at(rungs, duty.due_at, clock.now, law.calendar, law.tz)
    assert duty.remind_at == right
    assert right != next_rung_at(rungs, duty.due_at, clock.now, calendar, law.tz)


def test_what_the_decree_does_not_touch_gets_no_line(case: Case) -> None:
    enter(case, last(case) + 40 * DAY)
    assert not recounted(case)
    assert not said(case, "TermsMoved")


def test_the_officers_and_the_head_get_one_message_with_all_dates(case: Case) -> None:
    before = {code: last(case, code) for code in ("answer", "report")}
    enter(case, before["answer"])
    for name in ("Olga", "Bakyt"):
        (notice,) = case.notices(name, "terms_moved")
        moved = notice.values["moved"]
        assert [one["was_on"] for one in moved] == [
            before[code].isoformat() for code in ("answer", "report")
        ]
        assert [one["now_on"] for one in moved] == [
            last(case, code).isoformat() for code in ("answer", "report")
        ]
    assert not case.notices("Aizada", "terms_moved")
    assert not case.notices("Oversight", "terms_moved")
    mails = mailed(case.platform, Message.kind == "terms_moved")
    assert len(mails) == 2
    assert all(DECREE in mail.text for mail in mails)


def test_an_agency_that_owes_nothing_is_told_nothing(case: Case) -> None:
    with case.platform.database.writing() as session:
        other = factories.make_agency(session, "MOH")
        case.people["Damir"] = factories.make_person(
            session, "Damir", role=Role.OFFICER, agency=other
        )
    enter(case, last(case))
    assert not case.notices("Damir", "terms_moved")
    assert [told["agency_id"] for told in said(case, "TermsMoved")] == [case.agency_id]


def test_a_year_that_is_confirmed_makes_dates_final_without_moving_them(case: Case) -> None:
    before = last(case)
    assert case.duty("report").preliminary
    with case.platform.database.writing() as session:
        confirm_year(
            session,
            actor=KEEPER,
            jurisdiction=case.platform.pack.code,
            year=before.year,
            document=DECREE,
            now=case.clock.now,
        )
    case.drain()
    assert (last(case), case.duty("report").preliminary) == (before, False)
    (notice,) = case.notices("Olga", "terms_moved")
    assert (notice.values["moved"], notice.values["marked"]) == ([], running(case))


def test_a_revoked_decree_moves_the_dates_back_and_agencies_are_told_again(case: Case) -> None:
    before = last(case)
    act = enter(case, before)
    take_back(case, act)
    assert last(case) == before
    assert [line.data["acts"] for line in recounted(case)] == [
        {str(act.id): False},
        {str(act.id): True},
    ]
    assert [notice.values["revoked"] for notice in case.notices("Olga", "terms_moved")] == [
        False,
        True,
    ]


def test_the_same_event_twice_moves_nothing_twice_and_tells_nobody_twice(case: Case) -> None:
    act = enter(case, last(case))
    after, count = last(case), len(lines(case))
    for _ in range(2):
        redeliver(case, act)
    assert (last(case), len(lines(case))) == (after, count)
    assert len(said(case, "TermsMoved")) == 1
    assert len(case.notices("Olga", "terms_moved")) == 1


def redeliver(case: Case, act: CalendarAct) -> None:
    with case.platform.database.reading() as session:
        recount_duties(session, case.platform, CalendarChanged(act.id or 0), case.clock.now)
    case.drain()


class Killed(Exception):
    """The process is gone."""


def dies(after: int, real: Callable[..., Any]) -> Callable[..., Any]:
    """Like `real`, but the process is killed when it is called for the nth time."""
    calls: list[int] = []

    def call(*args: Any) -> Any:
        calls.append(1)
        if len(calls) > after:
            raise Killed
        return real(*args)

    return call


@pytest.mark.parametrize("batches", [0, 1, 2, 3])
def test_killed_in_the_middle_nothing_is_lost_and_nothing_done_twice(
    case: Case, batches: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {code: last(case, code) for code in ("answer", "report")}
    act = enter(case, before["answer"], drained=False)
    with monkeypatch.context() as patched:
        patched.setattr(recounting, "BATCH", 1)
        patched.setattr(recounting, "_recount_batch", dies(batches, recounting._recount_batch))
        patched.setattr(recounting, "_tell_agencies", dies(0, recounting._tell_agencies))
        with pytest.raises(Killed), case.platform.database.reading() as session:
            recount_duties(session, case.platform, CalendarChanged(act.id or 0), case.clock.now)
    assert all_recounted(case) <= batches  # one of those that run is not moved by the decree
    assert not said(case, "TermsMoved")
    redeliver(case, act)
    assert all(len(recounted(case, code)) == 1 for code in before)
    assert len(said(case, "TermsMoved")) == 1
    (notice,) = case.notices("Olga", "terms_moved")
    assert len(notice.values["moved"]) == 2


def test_batches_follow_each_other_until_all_are_counted(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recounting, "BATCH", 1)
    enter(case, last(case, "answer"))
    assert all(len(recounted(case, code)) == 1 for code in ("answer", "report"))


def test_settled_duties_are_history_and_planned_ones_have_no_date_yet(case: Case) -> None:
    fulfilled = case.due_at("start_notice")
    enter(case, last_day(fulfilled, case.platform.pack.tz), last(case))
    assert case.due_at("start_notice") == fulfilled
    assert not recounted(case, "start_notice")
    assert not recounted(case, "decision")


def propose_and_approve(case: Case, wish: Wish) -> None:
    with case.platform.database.writing() as session:
        law = law_of(session, case.platform.pack)
        olga, bakyt = (actor_for(session, case.people[n].id or 0) for n in ("Olga", "Bakyt"))
        duty_id, now = case.duty("report").id or 0, case.clock.now
        asked = propose(session, law, actor=olga, obligation_id=duty_id, wish=wish, now=now)
        decide(
            session, law, actor=bakyt, proposal_id=asked.id or 0, approved=True, note="", now=now
        )


def test_a_paused_duty_reads_the_calendar_when_it_resumes(case: Case) -> None:
    before = last(case)
    propose_and_approve(
        case, Wish("paused", "Law № 67", "Sent to experts.", ground="expert_examination")
    )
    enter(case, before)
    assert not recounted(case)
    resume_report(case)
    assert last(case) == case.platform.pack.calendar().shift(before, 1)


def resume_report(case: Case) -> None:
    with case.platform.database.writing() as session:
        resume(
            session,
            law_of(session, case.platform.pack),
            actor=actor_for(session, case.people["Olga"].id or 0),
            obligation_id=case.duty("report").id or 0,
            reason="It came back.",
            now=case.clock.now,
        )


def test_a_long_list_is_cut_and_the_others_are_counted(case: Case) -> None:
    day, report, ledger_of_it = last(case), case.duty("report"), lines(case)
    with case.platform.database.writing() as session:
        for n in range(40):
            copy_of(session, report, ledger_of_it, f"more:{n}")
    enter(case, day)
    (notice,) = case.notices("Olga", "terms_moved")
    assert (len(notice.values["moved"]), notice.values["more"]) == (30, 11)


def copy_of(session: Session, one: Obligation, lines: list[LedgerEvent], key: str) -> None:
    """Another duty that runs like this one."""
    duty = Obligation(**one.model_dump(exclude={"id", "key"}), key=key)
    session.add(duty)
    session.flush()
    session.add_all(ObligationEvent(**event_values(duty, line, line.at)) for line in lines)


# Versions of a rule.


def test_a_pack_that_says_otherwise_moves_nothing_that_runs(case: Case) -> None:
    before = last(case)
    code = case.duty("report").rule_code
    edited = rule_with(case.platform.pack, code, amount=3, max_extension=0)
    case.platform = replace(case.platform, pack=edited)
    with case.platform.database.reading() as session:
        duty = session.get_one(Obligation, case.duty("report").id)
        assert rule_of(session, law_of(session, edited), duty).amount == 20
    enter(case, before + 40 * DAY)  # counted anew, and nothing has changed
    assert last(case) == before
    assert not recounted(case)
    propose_and_approve(case, Wish("extended", "Law № 67", "It is long.", extra=1))
    assert last(case) == case.platform.pack.calendar().shift(before, 1)
    assert case.duty("decision").rule_version_id is not None


def test_another_jurisdiction_s_calendar_touches_nothing_here(case: Case) -> None:
    with case.platform.database.writing() as session:
        enter_days(
            session,
            actor=KEEPER,
            jurisdiction="xx",
            days=[DecreedDay(last(case), DayKind.DAY_OFF)],
            document=DECREE,
            now=START,
        )
    case.drain()
    assert not recounted(case)
