"""Corrections: another rule or beginning, in public, with a reason, seen before they are made."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from consult.access import Role
from consult.accounts.queries import actor_for
from consult.errors import Conflict, Invalid, NotAllowed
from consult.law.queries import law_of
from consult.obligations.actions import Correction, correct, preview_correction
from consult.obligations.ledger.rules import Kind, LedgerEvent
from consult.obligations.models import Obligation
from consult.obligations.proposing import Wish, decide, propose
from consult.obligations.queries import computations, ledger
from consult.platform import Platform
from consult.procedure.deadlines import last_day
from tests import factories
from tests.beginnings import kept
from tests.conftest import START, TestClock
from tests.duties import HOUR, Case, make_case, rule_with


@pytest.fixture
@kept
def case(platform: Platform, clock: TestClock) -> Case:
    made = make_case(platform, clock)
    made.close()
    return made


def working_day(case: Case, n: int, code: str = "report") -> date:
    """The day so many working days after the one on which a duty is due."""
    pack = case.platform.pack
    return pack.calendar().shift(last_day(case.due_at(code), pack.tz), n)


def newest(case: Case, code: str = "report") -> LedgerEvent:
    with case.platform.database.reading() as session:
        return ledger(session, case.duty(code).id or 0)[-1]


def put_right(
    case: Case, correction: Correction, name: str = "Bakyt", code: str = "report"
) -> None:
    with case.platform.database.writing() as session:
        correct(
            session,
            law_of(session, case.platform.pack),
            actor=actor_for(session, case.people[name].id or 0),
            obligation_id=case.duty(code).id or 0,
            correction=correction,
            now=case.clock.now,
        )


def seen_before(case: Case, correction: Correction, name: str = "Bakyt") -> date | None:
    with case.platform.database.reading() as session:
        computed = preview_correction(
            session,
            law_of(session, case.platform.pack),
            actor=actor_for(session, case.people[name].id or 0),
            obligation=session.get_one(Obligation, case.duty("report").id),
            correction=correction,
            now=case.clock.now,
        )
    return computed.due_on if computed else None


@pytest.mark.parametrize(("name", "office"), [("Bakyt", "head"), ("Oversight", "oversight")])
def test_the_head_and_the_oversight_body_correct_the_beginning(
    case: Case, name: str, office: str
) -> None:
    earlier = case.consultation().closes_at - timedelta(days=7)
    before, correction = working_day(case, 0), Correction(trigger_at=earlier, reason="It closed.")
    seen = seen_before(case, replace(correction, reason=""), name)
    assert working_day(case, 0) == before  # looking changes nothing
    put_right(case, correction, name)
    assert working_day(case, 0) == seen
    assert seen is not None
    assert seen < before
    assert newest(case).data["by"] == office


def test_a_correction_may_apply_another_rule_of_the_same_term_by_its_version_of_today(
    case: Case,
) -> None:
    shorter = rule_with(case.platform.pack, "kg-report", amount=10)
    old = case.duty("report").rule_version_id
    before = case.due_at("report")
    case.platform = replace(case.platform, pack=shorter)
    put_right(case, Correction("kg-report", reason="Law of 1 November 2026."), "Oversight")
    duty = case.duty("report")
    assert duty.rule_version_id not in (None, old)
    assert case.due_at("report") < before
    with case.platform.database.reading() as session:
        first, second = computations(session, duty.id or 0)
    assert (first.rule_version_id, second.rule_version_id) == (old, duty.rule_version_id)
    assert newest(case).data["rule_version"] == duty.rule_version_id


@pytest.mark.parametrize(
    ("correction", "refusal"),
    [
        (Correction(reason="Because."), Invalid),
        (Correction("kg-report", reason=" "), Invalid),
        (Correction("kg-answer", reason="Because."), Invalid),  # of another term
        (Correction("none", reason="Because."), Invalid),
        (Correction(trigger_at=START + 900 * HOUR * 24, reason="Because."), Invalid),
    ],
)
def test_what_is_no_correction_is_refused(
    case: Case, correction: Correction, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        put_right(case, correction)
    assert newest(case).kind is Kind.TRIGGERED


def test_the_head_alone_gives_no_more_time_and_the_preview_says_so(case: Case) -> None:
    longer = rule_with(case.platform.pack, "kg-report", amount=40)
    case.clock.now = case.due_at("report") + timedelta(days=60)
    before = working_day(case, 0)
    for correction, pack in (
        (Correction(trigger_at=case.clock.now, reason="Because."), case.platform.pack),
        (Correction("kg-report", reason="Because."), longer),
    ):
        case.platform = replace(case.platform, pack=pack)
        for attempt in (seen_before, put_right):
            with pytest.raises(Conflict, match="earlier day"):
                attempt(case, correction, "Bakyt")
        assert working_day(case, 0) == before
    same = Correction(trigger_at=case.consultation().closes_at, reason="To the minute.")
    put_right(case, same, "Bakyt")
    assert working_day(case, 0) == before
    put_right(case, Correction("kg-report", reason="Because."), "Oversight")
    assert working_day(case, 0) > before


def test_while_no_date_tells_who_gains_only_the_oversight_body_corrects(case: Case) -> None:
    correction = Correction("kg-decision", reason="The law has changed.")
    with pytest.raises(Conflict, match="earlier day"):
        put_right(case, correction, "Bakyt", "decision")
    put_right(case, correction, "Oversight", "decision")


def test_nobody_else_corrects(case: Case) -> None:
    with case.platform.database.writing() as session:
        other = factories.make_agency(session, "MOH")
        case.people["Meerim"] = factories.make_person(
            session, "Meerim", role=Role.APPROVER, agency=other
        )
    for name in ("Olga", "Aizada", "Meerim"):
        with pytest.raises(NotAllowed):
            put_right(case, Correction("kg-report", reason="Because."), name)
        with pytest.raises(NotAllowed):
            seen_before(case, Correction("kg-report"), name)


def test_an_extension_is_not_carried_over_into_another_unit(case: Case) -> None:
    with case.platform.database.writing() as session:
        law, now = law_of(session, case.platform.pack), case.clock.now
        olga, bakyt = (actor_for(session, case.people[n].id or 0) for n in ("Olga", "Bakyt"))
        wish = Wish("extended", "Law № 67", "It is long.", extra=2)
        duty_id = case.duty("report").id or 0
        asked = propose(session, law, actor=olga, obligation_id=duty_id, wish=wish, now=now)
        decide(
            session, law, actor=bakyt, proposal_id=asked.id or 0, approved=True, note="", now=now
        )
    other = rule_with(case.platform.pack, "kg-report", amount=1, unit="month")
    case.platform = replace(case.platform, pack=other)
    with pytest.raises(Conflict, match="cannot be carried over"):
        put_right(case, Correction("kg-report", reason="The law has changed."))


def test_a_duty_whose_term_has_not_begun_takes_another_rule_but_no_beginning(case: Case) -> None:
    longer = rule_with(case.platform.pack, "kg-decision", amount=2)
    case.platform = replace(case.platform, pack=longer)
    correction = Correction("kg-decision", reason="The law has changed.")
    put_right(case, correction, "Oversight", "decision")
    corrected = newest(case, "decision").data
    assert corrected["rule_code"] == "kg-decision"
    with pytest.raises(Conflict, match="not begun"):
        put_right(case, Correction(trigger_at=START, reason="Because."), "Oversight", "decision")
    case.publish()
    with case.platform.database.reading() as session:
        (computed,) = computations(session, case.duty("decision").id or 0)
    assert computed.rule_version_id == corrected["rule_version"]
    assert computed.due_on > case.clock.now.date() + timedelta(days=55)  # two months, not one
