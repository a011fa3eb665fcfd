"""Pages on which names are corrected: one's own, that of an organisation."""

import pytest
from sqlmodel import select

from consult.access import Role
from consult.accounts.models import Membership, Organisation, Person
from consult.platform import Platform
from tests.client import Client
from tests.factories import make_agency, make_person, sign_in_token

UNION = "Union of Readers"
MINISTRY = "Министерство культуры"


@pytest.fixture
def bolot(platform: Platform) -> Client:
    """He manages organisation 1."""
    with platform.database.writing() as session:
        make_agency(session)
        person = make_person(session, "Bolot", organisation=UNION)
        return Client(platform, sign_in_token(session, person))


def test_one_corrects_ones_own_name_and_place(platform: Platform, bolot: Client) -> None:
    page = bolot.get("/cabinet/name").text
    assert 'value="Bolot"' in page
    refused = bolot.post("/cabinet/name/own", {"name": MINISTRY, "region": "Osh"}, status=422).text
    assert MINISTRY in refused
    assert 'value="Osh"' in refused
    bolot.post("/cabinet/name/own", {"name": " ", "region": ""}, status=422)
    answer = bolot.post("/cabinet/name/own", {"name": "Bolot Asanov", "region": "Osh"})
    assert "Your name and the place where you live are saved." in bolot.follow(answer).text
    with platform.database.reading() as session:
        person = session.exec(select(Person)).one()
    assert (person.name, person.region) == ("Bolot Asanov", "Osh")


def test_nobody_registers_as_a_ministry_and_nothing_typed_is_lost(
    platform: Platform, bolot: Client
) -> None:
    mine = bolot.post("/cabinet/organisations", {"name": MINISTRY, "number": "7"}, status=422).text
    assert "This is the name of an agency" in mine
    assert 'value="7"' in mine
    form = {
        "email": "asel@example.org",
        "name": "Asel",
        "password": "сонун китептер айылда",
        "organisation": MINISTRY,
        "mandate": "1",
    }
    assert (
        "This is the name of an agency" in Client(platform).post("/register", form, status=422).text
    )


def test_a_manager_corrects_the_name_of_the_organisation(bolot: Client) -> None:
    page = bolot.get("/organisations/1/members").text
    assert f'value="{UNION}"' in page
    refused = bolot.post("/organisations/1/correct", {"name": MINISTRY, "number": "7"}, status=422)
    assert 'value="7"' in refused.text
    answer = bolot.post("/organisations/1/correct", {"name": "Okuu", "number": "7"})
    assert "The name and the number are saved." in bolot.follow(answer).text
    assert "Okuu" in bolot.get("/organisations/1").text


def test_an_administrator_finds_corrects_and_closes_an_organisation(
    platform: Platform, bolot: Client
) -> None:
    with platform.database.writing() as session:
        root = make_person(session, "Root", role=Role.ADMINISTRATOR)
        admin = Client(platform, sign_in_token(session, root))
    here = "/admin/organisations/1"
    assert here in admin.get("/admin/organisations?q=readers").text
    assert here not in admin.get("/admin/organisations?q=writers").text
    admin.get("/admin/organisations/99", status=404)
    bolot.get("/admin/organisations", status=403)
    bolot.post(f"{here}/close", {}, status=403)
    assert (
        'value="x"' in admin.post(f"{here}/correct", {"name": " ", "number": "x"}, status=422).text
    )
    answer = admin.post(f"{here}/correct", {"name": "Okuu", "number": ""})
    assert "The name and the number are saved." in admin.follow(answer).text
    page = admin.follow(admin.post(f"{here}/close", {})).text
    assert "Nobody speaks for this organisation any more." in page
    assert f"{here}/close" not in page
    assert "Nobody speaks for it" in admin.get("/admin/organisations").text
    assert "You write for" not in bolot.get("/cabinet").text
    assert "Okuu" in Client(platform).get("/organisations/1").text
    with platform.database.reading() as session:
        assert session.exec(select(Organisation)).one().name == "Okuu"
        assert session.exec(select(Membership)).one().ended_at is not None
    log = admin.get("/admin/audit").text
    assert "Organisation closed" in log
