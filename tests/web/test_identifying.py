"""Identification at a desk: the person shows a code and a document, an officer looks at them."""

import re

import pytest
from sqlmodel import select

from consult.accounts.eid.models import Identity
from consult.accounts.models import Person
from consult.audit.models import AuditEntry
from consult.platform import Platform
from tests.cast import Cast, unchanged
from tests.conftest import TestClock

DOCUMENT = {"document": "passport", "number": "AN 1234567"}


@pytest.fixture
def cast(platform: Platform) -> Cast:
    return Cast(platform)


def code_of(cast: Cast, name: str) -> str:
    """What the person reads on their telephone."""
    found = re.search(r"<strong>(\d+-\d{8})</strong>", cast[name].get("/eid").text)
    assert found
    return found[1]


def test_an_officer_identifies_who_came_to_the_desk(cast: Cast, platform: Platform) -> None:
    assert 'href="/eid"' in cast["aizada"].get("/cabinet").text
    assert 'href="/desk/identify"' in cast["olga"].get("/desk").text
    code = code_of(cast, "aizada")
    cast["olga"].get("/desk/identify")
    assert "in the name of Aizada" in cast["olga"].get(f"/desk/identify?code={code}").text
    cast["olga"].post("/desk/identify", {"code": code, **DOCUMENT})
    cast["olga"].post("/desk/identify", {"code": code, **DOCUMENT})  # once more changes nothing
    assert "identified at a desk" in cast["aizada"].get("/eid").text
    assert ">Identified</a>" in cast["aizada"].get("/cabinet").text
    assert "<dt>Identified</dt>" in cast["aizada"].get("/cabinet/security").text
    with platform.database.reading() as session:
        people = {p.name: p for p in session.exec(select(Person)).all()}
        kept = session.exec(select(Identity)).one()
        entry = session.exec(
            select(AuditEntry).where(AuditEntry.action == "person_identified")
        ).one()
    assert people["Aizada"].verified_at == platform.clock()
    assert (kept.person_id, kept.identified_by) == (people["Aizada"].id, people["Olga"].id)
    assert (kept.issuer, kept.document, kept.agency_id) == ("desk", "passport", 1)
    assert "1234567" not in f"{kept!r}{entry!r}"
    assert (entry.actor_id, entry.subject_id) == (people["Olga"].id, people["Aizada"].id)


def test_one_document_is_one_account(cast: Cast, platform: Platform) -> None:
    cast["olga"].post("/desk/identify", {"code": code_of(cast, "aizada"), **DOCUMENT})
    entered = {"code": code_of(cast, "bolot"), "document": "passport", "number": "an-1234567"}
    page = cast["olga"].post("/desk/identify", entered, status=422).text
    assert "one person has one account" in page
    assert 'value="an-1234567"' in page


def test_what_is_wrong_is_said_and_changes_nothing(
    cast: Cast, platform: Platform, clock: TestClock
) -> None:
    olga, code = cast["olga"], code_of(cast, "aizada")
    with unchanged(platform):
        for wrong in ("1-00000000", "nobody", f"{code}0"):
            assert "not right" in olga.get(f"/desk/identify?code={wrong}", status=422).text
            olga.post("/desk/identify", {"code": wrong, **DOCUMENT}, status=422)
        for wrong in ({"number": ""}, {"number": "12"}, {"document": "library_card"}):
            page = olga.post("/desk/identify", {"code": code, **DOCUMENT, **wrong}, status=422)
            assert "in the name of Aizada" in page.text
        clock.forward(minutes=31)
        olga.post("/desk/identify", {"code": code, **DOCUMENT}, status=422)


def test_only_an_officer_identifies_others(cast: Cast, platform: Platform) -> None:
    code = code_of(cast, "aizada")
    with unchanged(platform):
        for name in ("aizada", "bolot"):
            cast[name].get(f"/desk/identify?code={code}", status=403)
            cast[name].post("/desk/identify", {"code": code, **DOCUMENT}, status=403)
    assert "<strong>" not in cast["olga"].get("/eid").text  # an office has no code
