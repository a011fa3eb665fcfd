"""The pages of parliament: committees, their bills, what a deputy follows, bills compared."""

import csv
from io import StringIO

import pytest

from consult.access import Role
from consult.accounts.models import Agency
from consult.platform import Platform
from consult.worker import drain
from notifications.models import Subscription
from tests.cast import Cast
from tests.client import Client
from tests.conftest import START
from tests.factories import make_agency, make_person

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def cast(platform: Platform) -> Cast:
    """The cast; Meerim is a deputy of the committee JK-SOC, which belongs to JK."""
    cast = Cast(platform)
    with platform.database.writing() as session:
        parliament = make_agency(session, "JK", kind="parliament")
        committee = make_agency(session, "JK-SOC", kind="parliament")
        committee.parent_id = parliament.id
        session.add(committee)
        make_person(session, "Meerim", role=Role.PARLIAMENTARIAN, agency=committee)
    return cast


def test_a_deputy_brings_a_bill_before_the_committee_and_ends_that(cast: Cast) -> None:
    deputy, base = cast["meerim"], "/parliament/JK-SOC"
    deputy.get(base)
    deputy.post(f"{base}/bills", {"draft": "1"})
    deputy.post(f"{base}/bills", {"draft": "1"}, status=409)
    for wrong in ("", "x", "2", "987654"):  # 2 is not public
        deputy.post(f"{base}/bills", {"draft": wrong}, status=422 if wrong in ("", "x") else 404)
    assert "On village libraries" in Client(cast.platform).get(base).text
    assert "On village libraries" in Client(cast.platform).get("/parliament/JK").text
    assert "1 bill" in Client(cast.platform).get("/parliament").text
    deputy.post(f"{base}/bills/1/end", {})
    assert "On village libraries" not in Client(cast.platform).get(base).text
    assert "On village libraries" in Client(cast.platform).get(f"{base}?ended=1").text


def test_a_deputy_of_one_committee_refers_to_no_other(cast: Cast) -> None:
    cast["meerim"].post("/parliament/JK/bills", {"draft": "1"}, status=403)
    cast["olga"].post("/parliament/JK-SOC/bills", {"draft": "1"}, status=403)


def test_the_bills_of_a_committee_are_taken_away_as_data(cast: Cast) -> None:
    cast["meerim"].post("/parliament/JK-SOC/bills", {"draft": "1"})
    visitor = Client(cast.platform)
    (bill,) = visitor.get("/parliament/JK.json?stage=open").json()["bills"]
    assert (bill["draft"], bill["comments"], bill["people"]) == (1, 1, 1)
    assert bill["committees"][0]["committee"] == "JK-SOC"
    told = visitor.get("/parliament/JK-SOC.csv").text.removeprefix("\ufeff")
    (line,) = csv.DictReader(StringIO(told))
    assert line["days_open"] == line["days_minimum"] == str(bill["days_minimum"])
    assert visitor.get("/parliament/JK.json?stage=closed").json()["bills"] == []
    for path in ("/parliament/MOJ", "/parliament/NO", "/parliament/JK?agency=NO"):
        visitor.get(path, status=404)


def test_what_i_follow_stands_on_one_page_and_beside_each_other(cast: Cast) -> None:
    aizada = cast["aizada"]
    assert "You follow no bill yet" in aizada.get("/parliament/mine").text
    with cast.platform.database.writing() as session:
        row = Subscription(person_id=1, target="draft:1", cadence="at_once", created_at=START)
        session.add(row)
    page = aizada.get("/parliament/mine").text
    assert "On village libraries" in page
    compared = Client(cast.platform).get("/parliament/compare?bill=1&bill=2&bill=1").text
    assert compared.count('scope="col"') == 2  # the second bill is not public


def test_the_brief_is_a_page_to_print_in_a_language(cast: Cast) -> None:
    visitor = Client(cast.platform)
    file = visitor.http.get("/drafts/1/brief.pdf?lang=kk")
    assert file.headers["content-type"] == "application/pdf"
    assert file.content.startswith(b"%PDF")
    assert 'filename="brief-1-kk.pdf"' in file.headers["content-disposition"]
    again = visitor.http.get(
        "/drafts/1/brief.pdf?lang=kk", headers={"If-None-Match": file.headers["etag"]}
    )
    assert again.status_code == 304
    for unknown in ("xx", "x" * 20):  # as everywhere: in the reader's own
        assert visitor.http.get(f"/drafts/1/brief.pdf?lang={unknown}").status_code == 200
    assert visitor.http.get("/drafts/2/brief.pdf?lang=ky").status_code == 404


def test_a_deputy_is_told_in_the_cabinet(cast: Cast) -> None:
    cast["meerim"].post("/parliament/JK-SOC/bills", {"draft": "1"})
    drain(cast.platform, START)
    assert "A bill is before your committee" in cast["meerim"].get("/cabinet/notices").text


def test_a_place_without_committees_says_so(platform: Platform) -> None:
    assert "There are no committees yet" in Client(platform).get("/parliament").text
    with platform.database.reading() as session:
        assert session.get(Agency, 1) is None
