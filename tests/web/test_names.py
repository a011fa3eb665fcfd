"""How the public sees a person: the page where they choose it, and every address that shows it.

The person of tests/planted.py has commented, replied, signed, voted, sent a paper and a file,
reported a problem and contested an answer; the report is out. Their name begins with "zq".
"""

import pytest
from sqlmodel import Session, col, select

from consult.access import Role
from consult.accounts.models import Person
from consult.adoption.models import ActOutcome
from consult.comments.models import Comment
from consult.exports.routes import NAMED
from consult.platform import Platform
from consult.procedure.stages import Stage
from consult.reports.formats import DATA, FORMATS
from drafts.models import Draft
from tests.client import Client
from tests.conftest import TestClock
from tests.crawling import addresses
from tests.factories import make_agency, make_person, sign_in_token
from tests.planted import Planted, traces_in
from tests.planting import make_planted

HERE = "/cabinet/name"
NAME = {"zqname"}
PSEUDONYM = "Zqpseudonym"
FILES = [  # of which the walk takes only some
    *(f"/drafts/1/report/1.{code}" for code in DATA),
    *(f"/drafts/1/report/1.en.{code}" for code in FORMATS),
    *(f"/drafts/1/versions/1/en{ending}" for ending in NAMED),
]
WORDS = {"zqname", "zqpseudonym", "zqregion"}
SKIPPED = "/dev/"  # the mails to everybody: there are such pages in development only
FOR_OFFICIALS = "/admin/audit"  # who gave whom which right: nothing of what was said


@pytest.fixture
def planted(platform: Platform, clock: TestClock) -> Planted:
    """With the act in force, so that its problems are shown too."""
    made = make_planted(platform, clock)
    with platform.database.writing() as session:
        draft = session.exec(select(Draft)).one()
        draft.stage = Stage.ADOPTED.value
        decided = {"outcome": "adopted", "number": "1", "decided_on": clock.now.date()}
        session.add(ActOutcome(draft_id=draft.id or 0, recorded_at=clock.now, **decided))
        session.add(draft)
    return made


def show(planted: Planted, shown: str) -> None:
    with planted.platform.database.writing() as session:
        person = session.get_one(Person, planted.person_id)
        person.shown, person.pseudonym = shown, PSEUDONYM
        session.add(person)


def read_everything(planted: Planted, token: str = "") -> dict[str, set[str]]:
    """Which of the person's names stand at which address: every route there is, with every row."""
    with planted.platform.database.reading() as session:
        ids = tuple(session.exec(select(Comment.id).order_by(col(Comment.id))).all())
    client = Client(planted.platform, token).http
    client._transport.raise_server_exceptions = False  # type: ignore[attr-defined] # test_crawl.py
    found: dict[str, set[str]] = {}
    of_comments = [f"/comments/{id_}{part}" for id_ in ids for part in ("", "/signatures")]
    for address in {*addresses(planted.platform, ids), *FILES, *of_comments}:  # type: ignore[arg-type]
        answer = client.get(address)
        told = traces_in(answer.content) & WORDS
        if told and not address.startswith(SKIPPED):
            found[address] = told
    return found


def token_of(session: Session, name: str, role: Role | None, code: str = "") -> str:
    agency = make_agency(session, code) if code else None
    return sign_in_token(session, make_person(session, name, role=role, agency=agency))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestEveryAddress:
    def test_a_name_is_shown_where_it_may_be(self, planted: Planted) -> None:
        """What the next tests look for is there to be found."""
        show(planted, "name")
        found = {address for address, told in read_everything(planted).items() if told >= NAME}
        parts = ("/discussion", "/comments/", "/signatures", "/papers/", "/report/1", "/after")
        parts += (
            ".jsonld",
            "comments.docx",
            "/report/1.json",
            "/report/1.csv",
            ".pdf",
            ".xlsx",
        )
        for part in parts:
            assert any(part in address for address in found), (part, sorted(found))

    def test_who_shows_nothing_is_named_at_no_address(self, planted: Planted) -> None:
        show(planted, "nothing")
        assert read_everything(planted) == {}

    def test_who_shows_a_pseudonym_is_seen_by_it_alone(self, planted: Planted) -> None:
        show(planted, "pseudonym")
        found = read_everything(planted)
        assert {word for told in found.values() for word in told} == WORDS - NAME

    @pytest.mark.parametrize(
        ("role", "code"),
        [
            (None, ""),
            (Role.OFFICER, "MOE"),
            (Role.APPROVER, "MOE"),
            (Role.PARLIAMENTARIAN, "JOK"),
            (Role.OVERSIGHT, "AUD"),
        ],
    )
    def test_nor_to_those_who_are_signed_in(
        self, planted: Planted, role: Role | None, code: str
    ) -> None:
        show(planted, "nothing")
        with planted.platform.database.writing() as session:
            token = token_of(session, "Looker", role, code)
        found = read_everything(planted, token)
        assert [one for one in found if not one.startswith(FOR_OFFICIALS)] == []

    def test_who_answers_and_who_moderates_are_told_that_the_public_does_not_see_it(
        self, planted: Planted
    ) -> None:
        show(planted, "pseudonym")
        platform = planted.platform
        with platform.database.writing() as session:
            officer = sign_in_token(session, planted.people["Olga"], platform.clock())
            moderator = sign_in_token(session, planted.people["Moderator"], platform.clock())
        for token, address in ((officer, "/desk/consultations/1"), (moderator, "/moderation")):
            page = Client(platform, token).get(address).text
            assert "Zqname (pseudonym: Zqpseudonym; the public does not see this name)" in page


def test_the_choice_holds_at_once_for_what_was_said_before(planted: Planted) -> None:
    platform = planted.platform
    with platform.database.writing() as session:
        own = Client(platform, sign_in_token(session, planted.people["Zqname"], platform.clock()))
    anybody = Client(platform)
    places = ("/drafts/1/discussion", "/drafts/1/report/1", "/drafts/1/report/1.json")
    places += ("/drafts/1/versions/1/en.jsonld",)
    files = [anybody.http.get(place) for place in places]
    assert all("Zqname" in answer.text for answer in files)
    own.post(HERE, {"shown": "pseudonym", "pseudonym": "Ak kalpak", "then": "save"})
    for place, before in zip(places, files, strict=True):
        etag = before.headers.get("etag", "")
        answer = anybody.http.get(place, headers={"If-None-Match": etag} if etag else {})
        assert answer.status_code == 200, "what was kept under the old name is out of date"
        assert "Zqname" not in answer.text
        assert "Ak kalpak" in answer.text


def test_one_may_look_first_and_nothing_typed_is_lost(planted: Planted) -> None:
    platform = planted.platform
    with platform.database.writing() as session:
        own = Client(platform, sign_in_token(session, planted.people["Zqname"], platform.clock()))
    own.post("/language", {"lang": "en"})
    assert "So you are seen now:" in own.get(HERE).text
    look = {"shown": "pseudonym", "pseudonym": "Ak kalpak", "then": "look"}
    page = own.post(HERE, look, status=200).text
    assert "It is not saved yet" in page
    assert "Ak kalpak" in page
    assert "Zqname" in Client(platform).get("/drafts/1/discussion").text
    refused = own.post(HERE, {**look, "pseudonym": "Ministry MOJ", "then": "save"}, status=422).text
    assert "the name of an agency or organisation" in refused
    assert 'value="Ministry MOJ"' in refused
    own.post(HERE, {"shown": "nothing", "pseudonym": "", "then": "save"})
    page = Client(platform).get("/drafts/1/discussion").text
    assert "a participant" in page
    assert "Zqregion" not in page
