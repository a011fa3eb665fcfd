"""Pages of organisations: making one, speaking for it, its members, what everybody sees."""

import re

import pytest
from sqlmodel import select

from consult.access import Role
from consult.accounts.models import Membership, Organisation
from consult.platform import Platform
from consult.worker import drain
from tests import factories
from tests.client import Client
from tests.conftest import TestClock
from tests.mailed import mailed

MINE = "/cabinet/organisations"
UNION = "Union <b>of</b> Readers"


def browser(platform: Platform, name: str, organisation: str = "") -> Client:
    with platform.database.writing() as session:
        person = factories.make_person(session, name, organisation=organisation)
        return Client(platform, factories.sign_in_token(session, person))


@pytest.fixture
def bolot(platform: Platform) -> Client:
    """He manages organisation 1; draft 1 is open."""
    with platform.database.writing() as session:
        factories.open_draft(session)
    return browser(platform, "Bolot", UNION)


def say(client: Client, body: str, **more: str) -> str:
    form = {"body": body, "kind": "substantive", "stance": "neutral", "seen": "1"} | more
    return str(client.post("/drafts/1/comments", form).headers["location"])


def test_a_person_makes_an_organisation_and_speaks_for_it(platform: Platform) -> None:
    aizada = browser(platform, "Aizada")
    assert "You write as yourself." in aizada.get(MINE).text
    refused = aizada.post(MINE, {"name": " \u200b", "number": "7"}, status=422).text
    assert 'value="7"' in refused
    answer = aizada.post(MINE, {"name": "Okuu", "number": "7", "mandate": "chair"})
    page = aizada.follow(answer).text
    assert answer.headers["location"] == "/organisations/1/members"
    assert "Mandate: chair" in page
    assert "You write for Okuu." in aizada.get(MINE).text
    public = Client(platform).get("/organisations/1").text
    assert "Registration number: 7" in public
    assert "Aizada" not in public


def test_one_writes_for_the_organisation_or_as_oneself(platform: Platform, bolot: Client) -> None:
    page = bolot.get("/drafts/1/provisions/art_1").text
    assert "You write for Union &lt;b&gt;of&lt;/b&gt; Readers." in page
    assert 'name="mandate"' in page
    said = say(bolot, "Warm libraries.", mandate="412 members", speaks_for="1")
    back = {"organisation": "", "next": "/drafts/1/provisions/art_1"}
    answer = bolot.post("/cabinet/acting", back)
    assert answer.headers["location"] == back["next"]
    page = bolot.follow(answer).text
    assert "You write for" not in page
    assert 'name="mandate"' not in page
    mine = say(bolot, "I come every day.", speaks_for="")
    visitor = Client(platform)
    assert "Union &lt;b&gt;of&lt;/b&gt; Readers" in visitor.get(said).text
    assert "Bolot" not in visitor.get(said).text
    assert "Bolot" in visitor.get(mine).text
    public = visitor.get("/organisations/1").text
    assert "Warm libraries." in public
    assert "412 members" in public
    assert "I come every day." not in public
    assert "Bolot" not in public
    assert 'href="/organisations/1"' in visitor.get(said).text
    assert 'href="/organisations/1"' not in visitor.get(mine).text
    bolot.post("/cabinet/acting", {"organisation": "1"})
    assert "You write for" in bolot.get("/cabinet").text


def test_what_was_written_under_one_name_is_not_sent_under_another(
    platform: Platform, bolot: Client
) -> None:
    opened_as = {"speaks_for": "1"}
    bolot.post("/cabinet/acting", {"organisation": ""})
    form = {"body": "Our view.", "kind": "substantive", "stance": "neutral"} | opened_as
    page = bolot.post("/drafts/1/comments", form, status=422).text
    assert "You opened this form in another name" in page
    assert "Our view." in page
    with platform.database.writing() as session:
        asan = factories.make_person(session, "Asan")
        factories.make_comment(
            session,
            factories.open_draft(session, agency=factories.make_agency(session, "MOH")),
            asan,
        )
    bolot.post("/comments/1/reply", form, status=422)
    bolot.post("/comments/1/sign", opened_as, status=409)
    bolot.post("/comments/1/sign", {"speaks_for": ""})


def test_nobody_chooses_what_they_are_no_member_of(platform: Platform, bolot: Client) -> None:
    stranger = browser(platform, "Stranger")
    for number in ("1", "987654", "x", "0", "9" * 30):
        stranger.post("/cabinet/acting", {"organisation": number}, status=404)
    for path in ("/organisations/1/members", "/organisations/987654/members"):
        stranger.get(path, status=404)
    stranger.post("/organisations/1/members", {"email": "x@example.org"}, status=403)
    stranger.post("/organisations/1/members/1/end", status=404)
    stranger.post("/organisations/1/members/1/hand-over", status=404)
    stranger.get("/organisations/987654", status=404)
    Client(platform).get("/organisations/987654", status=404)


def test_a_manager_invites_hands_over_and_leaves(
    platform: Platform, bolot: Client, clock: TestClock
) -> None:
    members = "/organisations/1/members"
    asked = {"email": "gulbara@example.org", "mandate": "by decision 7", "lang": "en"}
    bolot.post(members, asked | {"email": "nobody"}, status=422)
    assert "gulbara@example.org" in bolot.follow(bolot.post(members, asked)).text
    assert "already" in bolot.post(members, asked, status=422).text
    bolot.post("/organisations/1/invitations/1/again")
    drain(platform, clock.now)
    link = re.findall(r"/invitation/[\w-]+", str(mailed(platform)[-1]))[0]
    gulbara = browser(platform, "Gulbara")
    gulbara.post(link)
    page = gulbara.get(members).text
    assert "Mandate: by decision 7" in page
    assert "bolot@example.org" not in page  # addresses are for those who manage
    assert "Invite somebody" not in page
    gulbara.post("/cabinet/acting", {"organisation": "1"})
    assert "You write for" in gulbara.get("/drafts/1/provisions/art_1").text
    assert "Hand it over to a member first" in bolot.post(f"{members}/1/end", status=409).text
    gulbara.post(f"{members}/1/end", status=403)
    bolot.post(f"{members}/2/hand-over")
    bolot.post(f"{members}/1/end")
    bolot.get(members, status=404)
    assert "ended" in gulbara.get(members).text
    with platform.database.reading() as session:
        assert session.exec(select(Membership.manages).order_by(Membership.id)).all() == [
            False,
            True,
        ]  # type: ignore[arg-type]


def test_an_invitation_is_taken_back_by_a_manager_alone(platform: Platform, bolot: Client) -> None:
    bolot.post("/organisations/1/members", {"email": "x@example.org"})
    stranger = browser(platform, "Stranger", "Another")
    stranger.post("/organisations/2/invitations/1/withdraw", status=403)
    bolot.post("/organisations/1/invitations/1/withdraw")
    assert "x@example.org" not in bolot.get("/organisations/1/members").text


def test_what_is_typed_with_an_unconfirmed_address_has_no_page(
    platform: Platform, clock: TestClock
) -> None:
    form = {
        "email": "a@example.org",
        "name": "Aizada",
        "password": "сонун китептер айылда",
        "organisation": "Okuu",
        "mandate": "yes",
    }
    visitor = Client(platform)
    visitor.post("/register", form)
    drain(platform, clock.now)
    visitor.get("/organisations/1", status=404)
    link = re.findall(r"/confirm/[\w-]+", str(mailed(platform)[-1]))[0]
    visitor.post(link, {"password": form["password"]})
    assert "Okuu" in visitor.get("/organisations/1").text
    assert "You write for Okuu." in visitor.get(MINE).text


def test_an_officer_sees_that_it_is_an_organisations_and_by_which_mandate(
    platform: Platform, bolot: Client
) -> None:
    with platform.database.writing() as session:
        membership = session.exec(select(Membership)).one()
        membership.mandate = "power of attorney 7"
        session.add(membership)
        officer = factories.make_person(session, "Olga", role=Role.OFFICER)
        desk = Client(platform, factories.sign_in_token(session, officer))
    say(bolot, "Warm libraries.", mandate="412 members")
    page = desk.get("/desk/consultations/1/comments/1").text
    assert "On behalf of: 412 members" in page
    assert "Mandate: power of attorney 7" in page
    assert 'href="/organisations/1"' in page
    assert "organisation</span>" in desk.get("/desk/consultations/1").text


def test_what_it_signed_stands_on_its_page(platform: Platform, bolot: Client) -> None:
    with platform.database.writing() as session:
        union = session.exec(select(Organisation)).one()
        assert union.id == 1
    other = browser(platform, "Asan")
    said = say(other, "More light.")
    bolot.post(f"{said}/sign", {"mandate": "412 members", "speaks_for": "1"})
    page = Client(platform).get("/organisations/1").text
    assert "What it signed" in page
    assert "More light." in page
    assert "It has said nothing in public yet." in page
