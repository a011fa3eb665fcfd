"""The administrator's pages: roles, agencies, background work, rules of law."""

import pytest
from sqlmodel import select

from consult.access import Role
from consult.accounts.models import Agency, Grant, Person
from consult.events import DraftChanged
from consult.outbox import Delivery, record
from consult.platform import Platform
from consult.worker import drain
from drafts.search.following import rebuild
from notifications.actions import say
from notifications.models import Mail
from tests import factories
from tests.client import Client
from tests.conftest import START, TestClock

PAGES = ("/admin", "/admin/people", "/admin/agencies", "/admin/work", "/admin/rules")


@pytest.fixture
def people(platform: Platform) -> dict[str, Person]:
    with platform.database.writing() as session:
        agency = factories.make_agency(session)
        return {
            "Admin": factories.make_person(session, "Admin", role=Role.ADMINISTRATOR),
            "Olga": factories.make_person(session, "Olga", role=Role.OFFICER, agency=agency),
            "Aizada": factories.make_person(session),
        }


@pytest.fixture
def admin(platform: Platform, people: dict[str, Person]) -> Client:
    with platform.database.writing() as session:
        return Client(platform, factories.sign_in_token(session, people["Admin"]))


def roles(platform: Platform, person: Person) -> set[tuple[str, int | None]]:
    with platform.database.reading() as session:
        query = select(Grant.role, Grant.agency_id).where(Grant.person_id == person.id)
        return set(session.exec(query).all())


@pytest.mark.parametrize("page", [*PAGES, "/admin/people/1"])
def test_only_an_administrator_comes_in(
    platform: Platform, people: dict[str, Person], admin: Client, page: str
) -> None:
    with platform.database.writing() as session:
        officer = Client(platform, factories.sign_in_token(session, people["Olga"]))
    admin.get(page, budget=7)
    officer.get(page, status=403)
    assert Client(platform).get(page, status=303).headers["location"].startswith("/sign-in")


def test_people_are_found_by_a_part_of_their_address(admin: Client) -> None:
    everybody_with_a_role = admin.get("/admin/people").text
    assert "olga@example.org" in everybody_with_a_role
    assert "aizada@example.org" not in everybody_with_a_role
    assert "aizada@example.org" in admin.get("/admin/people?q=AIZ").text
    assert "Nobody has such an address." in admin.get("/admin/people?q=%25").text


def test_a_role_is_given_for_an_agency_and_taken_back(
    platform: Platform, people: dict[str, Person], admin: Client
) -> None:
    aizada, url = people["Aizada"], f"/admin/people/{people['Aizada'].id}"
    admin.post(f"{url}/grant", {}, status=422)
    admin.post(f"{url}/grant", {"role": "citizen"}, status=422)
    admin.post(f"{url}/grant", {"role": "officer"}, status=422)  # of which agency?
    admin.post(f"{url}/grant", {"role": "officer", "agency": "99"}, status=404)
    page = admin.follow(admin.post(f"{url}/grant", {"role": "officer", "agency": "1"})).text
    assert "Officer · Ministry MOJ" in page
    assert roles(platform, aizada) == {("officer", 1)}
    with platform.database.reading() as session:
        grant_id = session.exec(select(Grant.id).where(Grant.person_id == aizada.id)).one()
    admin.post("/admin/people/1/withdraw", {"grant": str(grant_id)}, status=404)
    admin.follow(admin.post(f"{url}/withdraw", {"grant": str(grant_id)}))
    assert roles(platform, aizada) == set()


def test_an_administrator_cannot_lock_everybody_out(
    platform: Platform, people: dict[str, Person], admin: Client
) -> None:
    url = f"/admin/people/{people['Admin'].id}/withdraw"
    assert "Another administrator" in admin.post(url, {"grant": "1"}, status=422).text
    assert roles(platform, people["Admin"]) == {("administrator", None)}


def test_an_agency_is_added_once(platform: Platform, admin: Client) -> None:
    body = {"code": "moh", "kind": "ministry", "name_ru": "Минздрав"}
    page = admin.follow(admin.post("/admin/agencies", body)).text
    assert "MOH" in page
    assert "Минздрав" in page
    assert "already" in admin.post("/admin/agencies", body, status=422).text
    with platform.database.reading() as session:
        assert session.exec(select(Agency).where(Agency.code == "MOH")).one().names == {
            "ru": "Минздрав"
        }


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "a b"},
        {"code": ""},
        {"code": "X" * 21},
        {"code": "МЗ"},  # it stands in the names of files
        {"kind": "circus"},
        {"name_ru": " "},
    ],
)
def test_a_wrong_agency_is_not_added(admin: Client, wrong: dict[str, str]) -> None:
    body = {"code": "MOH", "kind": "ministry", "name_ru": "Минздрав"} | wrong
    page = admin.post("/admin/agencies", body, status=422).text
    assert "There is a problem" in page


def _give_up(platform: Platform, clock: TestClock) -> None:
    """A delivery and a mail that failed for the last time."""
    with platform.database.writing() as session:
        record(session, DraftChanged(1), START)
        kind = "known_address"
        said = say(session, key="m", kind=kind, values={}, path="/forgot", now=START)
        session.add(
            Mail(
                key="m",
                message_id=said,
                recipient="bakyt@example.org",
                lang="en",
                created_at=START,
                due_at=START,
                parked_at=START,
                error="SMTPException: mailbox full",
            )
        )
    drain(platform, clock.now)
    with platform.database.writing() as session:
        delivery = session.get_one(Delivery, (1, "end_duties_of_draft"))
        delivery.done_at, delivery.parked_at = None, START
        delivery.attempts, delivery.error = 8, "Conflict: the index is locked"
        session.add(delivery)


def test_what_was_given_up_is_shown_with_its_reason_and_tried_again(
    platform: Platform, clock: TestClock, admin: Client
) -> None:
    assert "Nothing was given up." in admin.get("/admin/work").text
    _give_up(platform, clock)
    assert "2 pieces of background work need you" in admin.get("/admin").text
    page = admin.get("/admin/work").text
    assert "mailbox full" in page
    assert "known_address" in page
    assert "the index is locked" in page
    admin.post("/admin/work", {"event": "1", "handler": "end_duties_of_draft"})
    assert "the index is locked" not in admin.get("/admin/work").text
    assert "mailbox full" in admin.get("/admin/work").text
    admin.post("/admin/work", {"mail": "1"})
    drain(platform, clock.forward(minutes=1))
    with platform.database.reading() as session:
        assert session.exec(select(Mail)).one().sent_at == clock.now
        assert session.get_one(Delivery, (1, "end_duties_of_draft")).done_at == clock.now


def test_everything_is_tried_again_at_once(
    platform: Platform, clock: TestClock, admin: Client
) -> None:
    _give_up(platform, clock)
    admin.follow(admin.post("/admin/work"))
    assert "Nothing was given up." in admin.get("/admin/work").text


def test_rules_are_shown_with_their_citation_and_whether_they_are_confirmed(
    platform: Platform, admin: Client
) -> None:
    page = admin.get("/admin/rules").text
    assert page.count("Not confirmed") == len(platform.pack.rule)
    assert all(rule.code in page for rule in platform.pack.rule)
    assert "14 working days, from the closing of the consultation" in page


def test_the_overview_says_what_is_not_in_order(platform: Platform, admin: Client) -> None:
    assert "consult reindex" in admin.get("/admin").text
    rebuild(platform)
    page = admin.get("/admin").text
    assert "consult reindex" not in page
    assert "is not confirmed" in page
