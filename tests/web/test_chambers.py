"""Pages of parliament and keneshes: a secretariat records, everybody reads; files go in whole."""

import pytest
from sqlmodel import select

from consult.access import Role
from consult.chambers.bills.models import Amendment
from consult.chambers.deputies.models import Deputy
from consult.chambers.voting.models import RollCall
from consult.platform import Platform
from consult.worker import drain
from drafts.models import Draft
from tests.cast import Cast
from tests.client import Client
from tests.conftest import TestClock
from tests.deliberated import NOW, VOTES, before_parliament, make_sits
from tests.factories import make_person

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DESK, PUBLIC = "/desk/drafts/1/parliament", "/drafts/1/parliament"


@pytest.fixture
def cast(platform: Platform, clock: TestClock) -> Cast:
    """The cast a week later; draft 1 is before parliament JK, whose minutes Secretary Jk keeps."""
    cast = Cast(platform)
    clock.now = NOW
    with platform.database.writing() as session:
        sits = make_sits(session, session.get_one(Draft, 1))
        make_person(session, "Meerim", role=Role.PARLIAMENTARIAN, agency=sits.body)
    drain(platform, NOW)
    return cast


def secretary(cast: Cast) -> Client:
    return cast["secretary jk"]


def sheet(text: str, name: str = "votes.csv") -> dict[str, tuple[str, bytes, str]]:
    return {"file": (name, text.encode(), "text/csv")}


def publish(cast: Cast, text: str = VOTES) -> None:
    office = secretary(cast)
    read = office.post("/desk/readings/1/votes", {}, files=sheet(text), status=200)
    assert "This is what was read" in read.text
    office.post("/desk/readings/1/votes", {"text": text, "sure": "yes"})


def test_a_bill_is_registered_read_and_seen(cast: Cast) -> None:
    office = secretary(cast)
    assert "6-1/26" in office.get(DESK).text
    form = {"n": "2", "held_on": "2026-09-10", "outcome": "passed", "note": "After a long debate."}
    office.post(f"{DESK}/readings", form | {"outcome": ""}, status=422)
    office.post(f"{DESK}/readings", form)
    office.post(f"{DESK}/readings", form, status=422)
    page = Client(cast.platform).get(PUBLIC).text
    assert "After a long debate." in page
    assert "Reading 2" in page
    assert 'href="/drafts/1/parliament"' in Client(cast.platform).get("/drafts/1").text


def test_a_draft_that_is_no_bill_has_no_such_page(platform: Platform) -> None:
    cast = Cast(platform)
    Client(platform).get(PUBLIC, status=404)
    Client(platform).get(f"{PUBLIC}/readings/1", status=404)
    cast["olga"].get(DESK, status=403)


def test_a_registration_is_corrected_in_public(cast: Cast) -> None:
    office = secretary(cast)
    body = office.get(DESK).text
    assert "Correct the registration" in body
    with cast.platform.database.reading() as session:
        body_id = session.exec(select(Deputy.body_id)).first()
    form = {"body": str(body_id), "number": "6-9/26", "registered_on": "2026-09-08"}
    office.post(f"{DESK}/registration", form, status=422)
    office.post(f"{DESK}/registration", form | {"why": "A slip of the pen."})
    page = Client(cast.platform).get(PUBLIC).text
    assert "A slip of the pen." in page
    assert "6-1/26" in page


def test_who_spoke_is_shown_in_order(cast: Cast) -> None:
    office = secretary(cast)
    said = {"guest": "The minister", "stance": "support", "gist": "We need it.", "lang": "en"}
    office.post("/desk/readings/1/speeches", said | {"guest": ""}, status=422)
    office.post("/desk/readings/1/speeches", said)
    assert "We need it." in Client(cast.platform).get(f"{PUBLIC}/readings/1").text
    office.post("/desk/readings/1/speeches/1/remove", {}, status=422)
    office.post("/desk/readings/1/speeches/1/remove", {"why": "He was not there."})
    assert "He was not there." in Client(cast.platform).get(f"{PUBLIC}/readings/1").text


def test_a_reading_is_corrected_in_public(cast: Cast) -> None:
    office = secretary(cast)
    form = {"held_on": "2026-09-09", "outcome": "returned"}
    office.post("/desk/readings/1", form, status=422)
    office.post("/desk/readings/1", form | {"why": "The minutes say so."})
    page = Client(cast.platform).get(PUBLIC).text
    assert "The minutes say so." in page
    assert "It was: Passed" in page


def test_amendments_are_entered_decided_and_shown_beside_what_the_public_said(cast: Cast) -> None:
    office, base = secretary(cast), "/desk/drafts/1/amendments"
    form = {"number": "1", "wid": "art_1", "proposed": "A library stands in every town."}
    form |= {"lang": "en", "author": "Government"}
    office.get(base)
    office.post(base, form | {"author": ""}, status=422)
    office.post(base, form)
    office.get("/desk/amendments/1")
    office.post("/desk/amendments/1", {"decision": "rejected"}, status=422)
    office.post("/desk/amendments/1", {"decision": "rejected", "reason": "Villages need it."})
    page = Client(cast.platform).get(PUBLIC).text
    assert "Villages need it." in page
    assert "1 neither" in page  # Aizada's comment on article 1
    assert "<ins>" in page


def test_a_table_of_amendments_is_looked_at_first(cast: Cast) -> None:
    office, base = secretary(cast), "/desk/drafts/1/amendments"
    table = "number,author,provision,proposed\n1,Asanov Bakyt,art_1,Other words.\n"
    bad = office.post(f"{base}/table", {}, files=sheet(f"{table}2,X,art_9,x\n"), status=422)
    assert "there is no provision “art_9”" in bad.text
    assert "Other words." in office.post(f"{base}/table", {}, files=sheet(table), status=200).text
    with cast.platform.database.reading() as session:
        assert session.exec(select(Amendment)).all() == []
    office.post(f"{base}/table", {"text": table, "sure": "yes"})
    assert "Asanov Bakyt" in Client(cast.platform).get(PUBLIC).text


def test_a_roll_call_is_looked_at_then_public_by_faction_and_by_name(cast: Cast) -> None:
    publish(cast)
    visitor = Client(cast.platform)
    page = visitor.get(f"{PUBLIC}/readings/1").text
    assert "Our Land" in page
    assert "/parliament/deputies/1" in page
    told = visitor.get("/roll-calls/1.json").json()
    assert [one["vote"] for one in told["votes"]] == ["for", "against"]
    assert "Asanov Bakyt,Unity,for" in visitor.get("/roll-calls/1.csv").text
    publish_again = {"text": VOTES, "sure": "yes"}
    secretary(cast).post("/desk/readings/1/votes", publish_again, status=422)
    secretary(cast).post("/desk/readings/1/votes", publish_again | {"why": "A slip."})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Asanov Bakit,for,10:05\n", "Perhaps “Asanov Bakyt” is meant"),
        ("Asanov Bakyt,for,10:05\nAsanov Bakyt,against,10:06\n", "has voted already"),
        ("Former Member,for,10:05\n", "was not in office"),
        ("Asanov Bakyt,perhaps,10:05\n", "is no vote"),
        ("Asanov Bakyt,for,2026-09-10 10:05\n", "not on the day"),
    ],
)
def test_a_wrong_roll_call_is_refused_line_by_line(cast: Cast, text: str, said: str) -> None:
    office, table = secretary(cast), f"deputy,vote,time\n{text}"
    for sent in ({}, {"text": table, "sure": "yes"}):
        files = None if sent else sheet(table)
        assert said in office.post("/desk/readings/1/votes", sent, files=files, status=422).text
    with cast.platform.database.reading() as session:
        assert session.exec(select(RollCall)).all() == []


def test_a_table_that_lacks_a_column_is_refused_with_its_name(cast: Cast) -> None:
    office, tables = secretary(cast), {
        "/desk/readings/1/votes": "deputy,vote\nAsanov Bakyt,for\n",
        "/desk/bodies/JK/deputies": "name\nAsanov Bakyt\n",
        "/desk/drafts/1/amendments/table": "number,author\n1,Asanov Bakyt\n",
    }  # fmt: skip
    for address, table in tables.items():
        assert "There is no column" in office.post(address, {}, files=sheet(table), status=422).text


def test_a_roll_call_that_was_taken_away_is_read_in_again_as_it_is(cast: Cast) -> None:
    publish(cast)
    visitor = Client(cast.platform)
    table, told = visitor.get("/roll-calls/1.csv").text, visitor.get("/roll-calls/1.json")
    for text in (table, told.text):
        read = secretary(cast).post("/desk/readings/1/votes", {}, files=sheet(text), status=200)
        assert "This is what was read" in read.text
    publish_again = {"text": table, "sure": "yes", "why": "A slip."}
    secretary(cast).post("/desk/readings/1/votes", publish_again)
    assert visitor.get("/roll-calls/1.json").json() == told.json()
    said = visitor.get(f"{PUBLIC}/readings/1").text
    was = said.partition("It was: ")[2].partition("<")[0]
    assert sorted(was.strip().split("; ")) == ["Against 1", "For 1"]


@pytest.mark.parametrize("data", [b"", b" \n", "депутат".encode("cp1251"), b"[]", b"deputy\n"])
def test_a_file_that_holds_nothing_readable_is_refused(cast: Cast, data: bytes) -> None:
    files = {"file": ("votes.csv", data, "text/csv")}
    answer = secretary(cast).post("/desk/readings/1/votes", {}, files=files, status=422)
    assert "There is a problem" in answer.text or "cannot be taken" in answer.text
    secretary(cast).post("/desk/readings/1/votes", {}, status=422)


def test_a_deputy_has_a_page_with_their_votes(cast: Cast) -> None:
    publish(cast)
    page = cast["meerim"].get("/parliament/deputies/1").text
    assert "/questions/new?draft=1" in page
    assert "/questions/new" not in Client(cast.platform).get("/parliament/deputies/1").text
    assert ",for" in Client(cast.platform).get("/parliament/deputies/1.csv").text
    Client(cast.platform).get("/parliament/deputies/99", status=404)


def test_deputies_are_read_from_a_list_and_corrected(cast: Cast) -> None:
    office, base = secretary(cast), "/desk/bodies/JK/deputies"
    assert "Petrova Olga" in Client(cast.platform).get("/parliament/JK/deputies").text
    assert "Former Member" in Client(cast.platform).get("/parliament/JK/deputies?former=1").text
    table = "name,faction,since\nNew Member,Unity,2026-01-01\n"
    assert "New Member" in office.post(base, {}, files=sheet(table), status=200).text
    office.post(base, {}, files=sheet("name,since\nX,never\n"), status=422)
    office.post(base, {"text": table, "sure": "yes"})
    assert "New Member" in Client(cast.platform).get("/parliament/JK/deputies").text
    form = {"name": "New Member", "faction": "Our Land", "since_on": "2026-01-01"}
    office.get("/desk/deputies/4")
    office.post("/desk/deputies/4", form | {"until_on": "2025-01-01"}, status=422)
    office.post("/desk/deputies/4", form)
    cast["olga"].get(base, status=403)
    Client(cast.platform).get("/parliament/MOJ/deputies", status=404)


def test_a_sitting_is_held_and_its_results_published(cast: Cast) -> None:
    office, visitor = secretary(cast), Client(cast.platform)
    form = {"title": "Session 12", "held_on": "2026-09-09", "lang": "en"}
    office.post("/desk/bodies/JK/sittings", form | {"title": ""}, status=422)
    office.post("/desk/bodies/JK/sittings", form)
    drain(cast.platform, NOW)
    assert "Publishing the results of a sitting" in visitor.get("/agencies/JK/duties").text
    assert "not published yet" in visitor.get("/parliament/sittings/1").text
    office.post("/desk/sittings/1/publish", {}, status=422)
    office.post("/desk/sittings/1/items", {"title": "Libraries", "result": ""}, status=422)
    office.post("/desk/sittings/1/items", {"title": "Libraries", "result": "Read", "draft": "1"})
    office.post("/desk/sittings/1/items", {"title": "Other", "result": "None"})
    office.get("/desk/sittings/1")
    office.post("/desk/sittings/1/items/2/remove", {})
    office.post("/desk/sittings/1/publish", {"results": "All was said."})
    page = visitor.get("/parliament/sittings/1").text
    assert "Libraries" in page
    assert "All was said." in page
    assert "Session 12" in visitor.get("/parliament/JK/sittings").text
    assert "Session 12" in visitor.get(PUBLIC).text


def test_a_report_on_appeals_is_published_in_numbers(cast: Cast) -> None:
    office = secretary(cast)
    form = {"since_on": "2026-07-01", "until_on": "2026-08-31", "lang": "en", "text": ""}
    office.post("/desk/bodies/JK/appeals", form | {"counts": "Water; 12"}, status=422)
    office.post("/desk/bodies/JK/appeals", form | {"counts": "Water; settled; 12"})
    page = Client(cast.platform).get("/parliament/appeals/1").text
    assert "Water" in page
    assert "/parliament/appeals/1" in Client(cast.platform).get("/parliament/JK/sittings").text


def test_a_bill_is_registered_once_it_is_before_the_body(cast: Cast) -> None:
    with cast.platform.database.writing() as session:
        draft = session.get_one(Draft, 2)
        draft.published_at = NOW
        before_parliament(session, draft)
        body_id = session.exec(select(Deputy.body_id)).first()
    office, desk = secretary(cast), "/desk/drafts/2/parliament"
    form = {"body": str(body_id), "number": "7", "registered_on": "2026-09-10"}
    assert "Register the bill" in office.get(desk).text
    office.post(f"{desk}/registration", form | {"number": ""}, status=422)
    office.post(f"{desk}/registration", form)
    assert "Correct the registration" in office.get(desk).text
