"""The audit log: who reads it, what it narrows to, page by page, and as a table."""

import csv
from io import StringIO
from zoneinfo import ZoneInfo

import pytest

from consult.access import Role
from consult.accounts.models import Person
from consult.audit.actions import note
from consult.audit.rules import ACTIONS
from consult.platform import Platform
from consult.templating import environment
from tests import factories
from tests.client import Client
from tests.conftest import START


@pytest.fixture
def people(platform: Platform) -> dict[str, Person]:
    with platform.database.writing() as session:
        agency = factories.make_agency(session)
        factories.make_agency(session, "MOH")
        return {
            "Admin": factories.make_person(session, "Admin", role=Role.ADMINISTRATOR),
            "Marat": factories.make_person(session, "Marat", role=Role.OVERSIGHT),
            "Olga": factories.make_person(session, "Olga", role=Role.OFFICER, agency=agency),
            "Aizada": factories.make_person(session),
        }


def client_of(platform: Platform, person: Person) -> Client:
    with platform.database.writing() as session:
        return Client(platform, factories.sign_in_token(session, person))


def test_administrators_and_the_oversight_body_read_it(
    platform: Platform, people: dict[str, Person]
) -> None:
    for url in ("/admin/audit", "/admin/audit.csv"):
        client_of(platform, people["Admin"]).get(url)
        client_of(platform, people["Marat"]).get(url)
        client_of(platform, people["Olga"]).get(url, status=403)
        Client(platform).get(url, status=303)
    assert "/admin/people" not in client_of(platform, people["Marat"]).get("/admin/audit").text


def test_a_role_given_and_taken_back_stands_there_with_who_did_it(
    platform: Platform, people: dict[str, Person]
) -> None:
    admin, url = client_of(platform, people["Admin"]), f"/admin/people/{people['Aizada'].id}"
    admin.post(f"{url}/grant", {"role": "moderator", "agency": "2"})
    admin.post(f"{url}/withdraw", {"grant": "4"})
    text = admin.get(f"/admin/audit?person={people['Aizada'].id}&agency=2").text
    assert text.index("Role taken back: Moderator") < text.index("Role given: Moderator")
    assert text.count(">Admin</a>") == 2
    assert "Role given: Officer" not in text
    assert "the operator" in admin.get("/admin/audit?action=role_given").text
    assert "Nothing was found." in admin.get("/admin/audit?action=webhook_ended").text
    lost = admin.get("/admin/audit?action=nonsense&person=&agency=").text
    assert "Role taken back" in lost


def test_it_is_read_page_by_page_at_the_same_cost(
    platform: Platform, people: dict[str, Person]
) -> None:
    with platform.database.writing() as session:
        for n in range(120):
            note(session, "contact_read", actor_id=people["Olga"].id, now=START, n=n)
    admin = client_of(platform, people["Admin"])
    url, seen = "/admin/audit?action=contact_read", 0
    while url:
        text = admin.get(url, budget=4).text
        seen += text.count("Contact data read</span>")
        _, _, rest = text.partition('rel="next" href="')
        url = rest.partition('"')[0].replace("&amp;", "&")
    assert seen == 120


def test_the_table_runs_no_formula_in_a_spreadsheet(
    platform: Platform, people: dict[str, Person]
) -> None:
    with platform.database.writing() as session:
        session.get_one(Person, people["Olga"].id).name = '=HYPERLINK("http://example.org")'
    answer = client_of(platform, people["Admin"]).get("/admin/audit.csv?agency=1")
    rows = list(csv.DictReader(StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["action"] for row in rows] == ["role_given"]
    assert rows[0]["subject"].startswith("'=")
    assert (rows[0]["agency"], rows[0]["details"]) == ("MOJ", '{"role": "officer"}')


def test_every_act_that_is_noted_has_its_words() -> None:
    words = environment("en", ZoneInfo("Asia/Bishkek")).get_template("admin/_words.html").module
    assert set(words.AUDITED) == set(ACTIONS)
