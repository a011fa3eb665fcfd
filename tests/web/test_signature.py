"""Identification by an electronic signature, the whole way over HTTP."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from sqlmodel import select

from consult.access import Role
from consult.accounts.eid.models import Identity
from consult.accounts.esign.models import EsignStatement
from consult.accounts.models import Person
from consult.audit.models import AuditEntry
from consult.platform import Platform
from consult.worker import drain
from tests.cast import Cast, unchanged
from tests.certificates import (
    PIN,
    aizada,
    issuer_named,
    list_by,
    person_named,
    root,
    signature_by,
)
from tests.client import Client
from tests.conftest import START, TestClock
from tests.factories import make_person, sign_in_token
from tests.mailed import mailed

PAGE = "/eid/signature"
NAME = "ЭЦП"


@pytest.fixture
def site(platform: Platform, tmp_path: Path) -> Platform:
    """An installation that trusts the issuers in a folder."""
    (tmp_path / "roots").mkdir()
    (tmp_path / "roots/root.pem").write_bytes(root().certificate.public_bytes(Encoding.PEM))
    return with_settings(platform, esign_roots=str(tmp_path / "roots"), esign_name=NAME)


@pytest.fixture
def cast(site: Platform) -> Cast:
    return Cast(site)


def with_settings(site: Platform, **settings: Any) -> Platform:
    return replace(site, settings=site.settings.model_copy(update=settings))


def statement(person: Client) -> bytes:
    person.post(f"{PAGE}/statement")
    return bytes(person.get(f"{PAGE}/statement.txt").content)


def send(person: Client, signature: bytes, *, status: int = 303) -> str:
    sent = {"signature": ("statement.txt.p7s", signature, "application/pkcs7-signature")}
    return str(person.post(PAGE, files=sent, status=status).text)


def identities(site: Platform) -> list[Identity]:
    with site.database.reading() as session:
        return list(session.exec(select(Identity)).all())


def test_a_person_is_identified_by_signing_a_statement(cast: Cast, site: Platform) -> None:
    person = cast["aizada"]
    assert f'href="{PAGE}"' in person.get("/eid").text
    text = statement(person)
    assert "account No. 1 at http" in text.decode()
    assert bytes(person.get(f"{PAGE}/statement.txt").content) == text
    send(person, signature_by(aizada(), text))
    assert f"You were identified by {NAME}" in person.get("/eid").text
    assert f"You were identified by {NAME}" in person.get(PAGE).text
    assert ">Identified</a>" in person.get("/cabinet").text
    (kept,) = identities(site)
    assert (kept.person_id, kept.issuer, kept.identified_at) == (1, "esign", START)
    with site.database.reading() as session:
        identified = AuditEntry.action == "person_identified"
        entry = session.exec(select(AuditEntry).where(identified)).one()
        assert session.exec(select(EsignStatement)).all() == []
        assert session.get_one(Person, 1).verified_at == START
    assert (entry.subject_id, entry.details) == (1, {"by": "signature"})
    assert PIN not in f"{kept!r}{entry!r}"


def test_what_is_wrong_is_said_and_changes_nothing(cast: Cast, site: Platform) -> None:
    person = cast["aizada"]
    text = statement(person)
    old = person_named("OLD", root(), ends=START.replace(year=2025))
    thief = person_named("THIEF", issuer_named("Nobody"))
    with unchanged(site):
        for sent, said in (
            (signature_by(aizada(), text + b" "), "a signature of another text"),
            (signature_by(old, text), "The certificate has expired"),
            (signature_by(thief, text), "not trusted here: CN=Nobody"),
            (b"<garbage>", "is not an electronic signature"),
            (b"", "Please choose a file."),
            (b"\0" * 10_000_000, "larger than a signature can be"),
        ):
            page = send(person, sent, status=422)
            assert said in page
            assert f"{PAGE}/statement.txt" in page
        assert "Please fill this in." in person.post(PAGE, status=422).text
    send(person, signature_by(aizada(), text))  # the same statement is good still


def test_a_statement_is_of_one_person_and_signed_once_and_in_time(
    cast: Cast, site: Platform, clock: TestClock
) -> None:
    first, second = cast["aizada"], cast["bolot"]
    signed = signature_by(aizada(), statement(first))
    other = person_named("BOLOT", root(), number="2")
    with unchanged(site):
        second.get(f"{PAGE}/statement.txt", status=404)
        assert "no statement to sign" in send(second, signed, status=422)
    text = statement(second)
    with unchanged(site):
        assert "a signature of another text" in send(second, signed, status=422)
    again = statement(second)
    with unchanged(site):
        assert "another text" in send(second, signature_by(other, text), status=422)
        clock.forward(minutes=61)
        assert "no statement to sign" in send(second, signature_by(other, again), status=422)
    signed = signature_by(aizada(), statement(first))
    send(first, signed)
    with unchanged(site):
        assert "no statement to sign" in send(first, signed, status=422)


def test_one_human_being_is_one_account(cast: Cast, site: Platform) -> None:
    first, second = cast["aizada"], cast["bolot"]
    renewed = person_named("AIZADA", root())  # another certificate, the same number
    send(first, signature_by(aizada(), statement(first)))
    text = statement(second)
    with unchanged(site):
        page = send(second, signature_by(renewed, text), status=422)
    assert "one person has one account" in page
    send(first, signature_by(renewed, statement(first)))  # once more changes nothing
    text = statement(first)
    with unchanged(site):
        other = person_named("OTHER", root(), number="2")
        page = send(first, signature_by(other, text), status=422)
    assert "the signature of another person" in page
    assert len(identities(site)) == 1


def test_what_was_revoked_is_seen_in_the_folder_of_lists(site: Platform, tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    site = with_settings(site, esign_crls=str(tmp_path / "lists"))
    person = Cast(site)["aizada"]
    signed = signature_by(aizada(), statement(person))
    assert "cannot be seen just now" in send(person, signed, status=422)
    file = tmp_path / "lists/root.crl"
    file.write_bytes(list_by(root(), aizada()).public_bytes(Encoding.DER))
    assert "was revoked on" in send(person, signed, status=422)
    file.write_bytes(list_by(root()).public_bytes(Encoding.DER))
    send(person, signed)


def test_what_is_not_set_up_well_is_nobodys_fault(site: Platform, tmp_path: Path) -> None:
    site = with_settings(site, esign_roots=str(tmp_path / "nowhere"))
    person = Cast(site)["aizada"]
    signed = signature_by(aizada(), statement(person))
    with unchanged(site):
        assert "cannot be checked just now" in send(person, signed, status=503)


def test_where_no_signatures_are_taken_nothing_speaks_of_them(platform: Platform) -> None:
    person = Cast(platform)["aizada"]
    assert "signature" not in person.get("/eid").text
    for path in (PAGE, f"{PAGE}/statement.txt"):
        person.get(path, status=404)
    for path in (PAGE, f"{PAGE}/statement"):
        person.post(path, status=404)


def test_offices_and_visitors_sign_nothing(cast: Cast, site: Platform) -> None:
    with site.database.writing() as session:
        token = sign_in_token(session, make_person(session, "Office", role=Role.OVERSIGHT))
    Client(site, token).get(PAGE, status=403)
    Client(site, token).post(f"{PAGE}/statement", status=403)
    Client(site).get(PAGE, status=303)
    Client(site).post(f"{PAGE}/statement", status=303)
    assert PAGE not in Client(site).get("/eid").text


def test_a_signature_of_somebody_else_is_told_and_may_be_taken_back(
    cast: Cast, site: Platform
) -> None:
    thief = cast["aizada"]
    send(thief, signature_by(aizada(), statement(thief)))
    drain(site, site.clock())
    mail = next(one for one in mailed(site) if "identified" in one.text)
    assert f"You were identified by {NAME}" in " ".join(mail.text.split())
    assert "sign in with the eID" not in mail.text
    undo = re.search(r"/undo-address/\S+", mail.text)
    assert undo
    Client(site).post(undo[0])
    assert identities(site) == []
    with site.database.reading() as session:
        assert session.get_one(Person, 1).verified_at is None
