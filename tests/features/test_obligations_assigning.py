"""A duty is given to one officer: who may, who is told, who is reminded."""

import pytest
from sqlmodel import select

from consult.access import Role
from consult.accounts.models import Agency, Grant
from consult.accounts.queries import actor_for
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.law.queries import law_of
from consult.obligations.actions import assign_many
from consult.obligations.ledger.rules import Kind
from consult.obligations.models import Obligation
from consult.obligations.queries import ledger
from consult.platform import Platform
from notifications.models import Message
from tests import factories
from tests.beginnings import kept
from tests.conftest import TestClock
from tests.duties import Case, make_case
from tests.mailed import mailed
from tests.web.duty_scene import add_duties


@pytest.fixture
@kept
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
    give_all(case, [case.duty(code).id or 0], to, by=by)


def give_all(case: Case, ids: list[int], to: str, *, by: str = "Bakyt") -> None:
    with case.platform.database.writing() as session:
        assign_many(
            session,
            law_of(session, case.platform.pack),
            actor=actor_for(session, case.people[by].id or 0),
            obligation_ids=ids,
            officer_id=case.people[to].id or 0,
            now=case.clock.now,
        )


def officers_of(case: Case, ids: list[int]) -> set[int | None]:
    with case.platform.database.reading() as session:
        return {session.get_one(Obligation, id_).officer_id for id_ in ids}


def test_a_duty_is_given_to_an_officer_who_is_told_each_time(case: Case) -> None:
    for to in ("Zarina", "Olga", "Zarina"):
        give(case, to)
        case.drain()
    assert len(case.notices("Zarina", "duty_assigned", "report")) == 2
    assert case.duty("report").officer_id == case.people["Zarina"].id
    with pytest.raises(Conflict, match="already"):
        give(case, "Zarina")


def test_many_duties_given_at_once_are_told_of_in_one_message(case: Case) -> None:
    ids = add_duties(case, 40)
    give_all(case, ids, "Zarina")
    with case.platform.database.reading() as session:
        line = ledger(session, ids[-1])[-1]
    assert (line.kind, line.actor_id) == (Kind.ASSIGNED, case.people["Bakyt"].id)
    give_all(case, ids[:3], "Olga", by="Olga")  # before the worker could tell of them
    case.drain()
    (notice,) = case.notices("Zarina", "duty_assigned")
    told = [one["path"] for one in notice.values["duties"]]
    assert told == [f"/obligations/{id_}" for id_ in ids[3:33]]
    assert notice.values["more"] == 7
    assert not case.notices("Olga", "duty_assigned")
    (mail,) = mailed(case.platform, Message.key == notice.key)
    assert mail.text.count("It is due by the end of") == 30
    assert "And 7 more duties." in mail.text
    page = case.browser("Zarina").get("/cabinet/notices").text
    assert "37 duties are yours now" in page


def test_many_duties_are_given_all_or_none(case: Case) -> None:
    ids = add_duties(case, 3)
    with case.platform.database.writing() as session:
        other = factories.make_agency(session, "MOH")
        foreign = session.get_one(Obligation, ids[2])
        foreign.agency_id = other.id or 0
        session.add(foreign)
    with pytest.raises(NotAllowed):
        give_all(case, ids, "Zarina")
    with pytest.raises(NotFound):
        give_all(case, [*ids[:2], 9999], "Zarina")
    assert officers_of(case, ids) == {None}


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
