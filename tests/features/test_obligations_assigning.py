"""A duty is given to one officer: who may, who is told, who is reminded."""

import pytest
from sqlmodel import select

from consult.access import Role
from consult.accounts.models import Agency, Grant
from consult.accounts.queries import actor_for
from consult.errors import Conflict, Invalid, NotAllowed
from consult.law.queries import law_of
from consult.obligations.actions import assign
from consult.platform import Platform
from tests import factories
from tests.conftest import TestClock
from tests.duties import Case, make_case


@pytest.fixture
def case(platform: Platform, clock: TestClock) -> Case:
    """A consultation that has closed; Zarina is an officer of the agency as well."""
    made = make_case(platform, clock)
    with platform.database.writing() as session:
        agency = session.get_one(Agency, made.agency_id)
        made.people["Zarina"] = factories.make_person(
            session, "Zarina", role=Role.OFFICER, agency=agency
        )
    made.close()
    return made


def give(case: Case, to: str, *, by: str = "Bakyt", code: str = "report") -> None:
    with case.platform.database.writing() as session:
        assign(
            session,
            law_of(session, case.platform.pack),
            actor=actor_for(session, case.people[by].id or 0),
            obligation_id=case.duty(code).id or 0,
            officer_id=case.people[to].id or 0,
            now=case.clock.now,
        )


def test_a_duty_is_given_to_an_officer_who_is_told_each_time(case: Case) -> None:
    for to in ("Zarina", "Olga", "Zarina"):
        give(case, to)
        case.drain()
    assert len(case.notices("Zarina", "duty_assigned", "report")) == 2
    assert case.duty("report").officer_id == case.people["Zarina"].id
    with pytest.raises(Conflict, match="already"):
        give(case, "Zarina")


def test_who_takes_a_duty_needs_no_message(case: Case) -> None:
    give(case, "Olga", by="Olga")
    case.drain()
    assert not case.notices("Olga", "duty_assigned")


def test_a_duty_is_given_only_to_an_officer_of_the_body(case: Case) -> None:
    for to in ("Bakyt", "Aizada"):
        with pytest.raises(Invalid):
            give(case, to)
    for by in ("Aizada", "Oversight"):
        with pytest.raises(NotAllowed):
            give(case, "Zarina", by=by)


def test_reminders_go_to_the_officer_who_does_it_and_without_one_to_all(case: Case) -> None:
    give(case, "Zarina")
    case.drain(case.noon("report", -5))
    assert case.notices("Zarina", about="report")
    assert not case.notices("Olga", about="report")
    assert case.notices("Olga", about="answer")


def test_when_the_officer_has_left_all_others_are_reminded(case: Case) -> None:
    give(case, "Zarina")
    with case.platform.database.writing() as session:
        query = select(Grant).where(Grant.person_id == case.people["Zarina"].id)
        session.delete(session.exec(query).one())
    case.drain(case.noon("report", -5))
    assert case.notices("Olga", about="report")
    assert not case.notices("Zarina", about="report")
