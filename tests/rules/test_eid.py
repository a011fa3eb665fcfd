"""What an eID must say of itself, and what is kept of those it identified."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.errors import JoseError

from consult.access import VISITOR, Actor, Role
from consult.accounts.eid.rules import (
    Document,
    Unreachable,
    check_same,
    check_sender,
    check_standing,
    desk_code,
    document_subject,
    person_of_code,
    read_metadata,
    subject_hash,
    subject_of,
)
from consult.errors import Conflict, Invalid, NotAllowed
from tests.conftest import START

ISSUER = "https://eid.example.org"
SAID = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/auth",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/keys",
}
words = st.text(max_size=20)


def test_what_an_eid_need_not_say_is_read_as_the_standard_says() -> None:
    metadata = read_metadata(SAID, ISSUER)
    assert (metadata.by_header, metadata.names_itself) == (True, False)
    said = {
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
        "authorization_response_iss_parameter_supported": True,
    }
    metadata = read_metadata(SAID | said, ISSUER)
    assert (metadata.by_header, metadata.names_itself) == (False, True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": f"{ISSUER}/"},
        {"issuer": None},
        {"token_endpoint": "http://eid.example.org/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": ""},
        {"jwks_uri": None},
        {"jwks_uri": ["https://eid.example.org/keys"]},
    ],
    ids=str,
)
def test_an_eid_is_who_it_should_be_and_safely_reached(wrong: dict[str, Any]) -> None:
    with pytest.raises(Unreachable):
        read_metadata(SAID | wrong, ISSUER)


def test_an_answer_of_another_eid_is_refused() -> None:
    check_sender(ISSUER, ISSUER, names_itself=True)
    check_sender("", ISSUER, names_itself=False)
    for said, names_itself in (("", True), (f"{ISSUER}.evil.example", False)):
        with pytest.raises(NotAllowed):
            check_sender(said, ISSUER, names_itself=names_itself)


@given(st.lists(st.tuples(words, words), min_size=2, max_size=2, unique=True), words)
def test_two_people_are_told_apart_and_one_is_known_again(
    people: list[tuple[str, str]], secret: str
) -> None:
    first, second = (subject_hash(secret, issuer, subject) for issuer, subject in people)
    assert first != second or "\0" in "".join(people[0] + people[1])
    assert first == subject_hash(secret, *people[0])
    assert first != subject_hash(f"{secret}+", *people[0])


CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": "kenesh",
    "sub": "PIN-1",
    "nonce": "asked",
    "iat": int(START.timestamp()),
    "exp": int(START.timestamp()) + 60,
}
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(words, inner, max_size=2),
    max_leaves=4,
)


def read_claims(claims: dict[str, Any], **more: Any) -> str:
    asked = {"issuer": ISSUER, "client_id": "kenesh", "nonce": "asked", "access_token": "token"}
    return subject_of(claims, {"alg": "ES256"}, **asked, now=START, **more)


@given(st.dictionaries(st.sampled_from([*CLAIMS, "azp", "acr", "auth_time", "at_hash"]), anything))
def test_claims_of_any_shape_are_taken_or_refused(spoiled: dict[str, Any]) -> None:
    try:
        subject = read_claims(CLAIMS | spoiled)
    except (JoseError, ValueError, NotAllowed):
        return
    assert subject == spoiled.get("sub", "PIN-1")


def test_a_level_of_assurance_that_is_too_low_identifies_nobody() -> None:
    assert read_claims(CLAIMS) == "PIN-1"
    assert read_claims(CLAIMS | {"acr": "high"}, levels=("substantial", "high")) == "PIN-1"
    for said in ({}, {"acr": "low"}, {"acr": ["high"]}):
        with pytest.raises(NotAllowed):
            read_claims(CLAIMS | said, levels=("substantial", "high"))


def test_only_a_person_is_identified_whomever_they_speak_for() -> None:
    check_standing(Actor(id=1, roles=frozenset({Role.CITIZEN, Role.VISITOR})))
    check_standing(Actor(id=1, roles=frozenset({Role.ORGANISATION, Role.VISITOR})))
    for roles in ({Role.OVERSIGHT}, {Role.OFFICER}):
        with pytest.raises(NotAllowed):
            check_standing(Actor(id=1, roles=frozenset(roles)))
    with pytest.raises(NotAllowed):
        check_standing(VISITOR)


def test_whoever_comes_back_is_who_left() -> None:
    check_same(None, None)
    check_same(7, 7)
    for asked, actor in ((7, None), (None, 7), (7, 8)):
        with pytest.raises(Conflict):
            check_same(asked, actor)


@given(st.integers(1, 2**31 - 1), st.integers(0, 900))
def test_a_code_names_its_account_for_a_quarter_of_an_hour(person_id: int, seconds: int) -> None:
    code = desk_code("secret", person_id, START)
    then = START + timedelta(seconds=seconds)
    for dash in ("-", "", " ", "\u2013", " - "):
        assert person_of_code("secret", code.replace("-", dash), then) == person_id
    with pytest.raises(Invalid):
        person_of_code("secret", code, START + timedelta(minutes=31))
    with pytest.raises(Invalid):
        person_of_code("another", code, START)


@given(st.text() | st.from_regex(r"[0-9]{1,12}-?[0-9]{8}"))
def test_a_code_cannot_be_made_up(typed: str) -> None:
    with pytest.raises(Invalid):
        person_of_code("secret", typed, START)


def test_a_document_is_the_same_however_its_number_is_written() -> None:
    passport = document_subject(Document.PASSPORT, "AN 123 4567")
    assert passport == document_subject(Document.PASSPORT, " an-1234567")
    assert passport != document_subject(Document.CARD, "AN 123 4567")
    for number in ("", "   ", "AN1"):
        with pytest.raises(Invalid):
            document_subject(Document.PASSPORT, number)
