"""Nobody takes the name of an agency, of an office or of who holds one."""

from datetime import date

import pytest
from sqlmodel import Session

from consult.access import Role
from consult.accounts.actions import ask_to_register
from consult.accounts.appearance.actions import choose_shown
from consult.accounts.models import AgencyName
from consult.accounts.organisations.actions import make_organisation
from consult.errors import Invalid
from tests.conftest import START
from tests.factories import PASSWORD, actor_of, make_agency, make_person

BODIES = ("Министерство культуры", "Маданият министрлиги", "MОJ", "Old Justice", "a participant")
TITLES = ("Модератор", "Site Administrator", "Aдмин")
OFFICERS = ("Olga Orozova", "\u041elga \u041erozova")


@pytest.fixture(autouse=True)
def offices(session: Session) -> None:
    agency = make_agency(session)
    earlier = AgencyName(
        agency_id=agency.id or 0, names={"en": "Old Justice"}, until_on=date(2020, 1, 1)
    )
    session.add(earlier)
    make_person(session, "Olga Orozova", role=Role.OFFICER, agency=agency)


def organise(session: Session, name: str) -> None:
    who = actor_of(session, make_person(session))
    make_organisation(session, actor=who, name=name, number="", mandate="", now=START)


def register(session: Session, name: str, organisation: str = "") -> None:
    ask_to_register(
        session,
        email="asel@example.org",
        password=PASSWORD,
        name=name,
        organisation=organisation,
        lang="en",
        now=START,
    )


@pytest.mark.parametrize("name", [*BODIES, *TITLES, *OFFICERS])
def test_an_organisation_is_not_called_like_an_agency_or_an_officer(
    session: Session, name: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        organise(session, name)
    assert refusal.value.field == "name"
    with pytest.raises(Invalid) as refusal:
        register(session, "Asel", name)
    assert refusal.value.field == "organisation"


@pytest.mark.parametrize("name", [*BODIES, *TITLES])
def test_nobody_registers_under_the_name_of_an_agency_or_office(
    session: Session, name: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        register(session, name)
    assert refusal.value.field == "name"


def test_two_people_may_share_a_name_and_a_union_may_speak_of_a_ministry(session: Session) -> None:
    register(session, "Olga Orozova", "Профсоюз работников Министерства культуры")
    organise(session, "Профсоюз работников Министерства культуры")


@pytest.mark.parametrize("name", [*BODIES, *TITLES, *OFFICERS])
def test_a_pseudonym_is_not_the_name_or_title_of_who_holds_an_office(
    session: Session, name: str
) -> None:
    who = actor_of(session, make_person(session))
    with pytest.raises(Invalid) as refusal:
        choose_shown(session, actor=who, shown="pseudonym", pseudonym=name)
    assert refusal.value.field == "pseudonym"
