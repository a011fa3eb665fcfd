"""Accounts: registering, confirming, signing in, a forgotten password."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from consult.accounts.actions import (
    ask_for_reset,
    ask_to_register,
    confirm_email,
    new_hash,
    register,
    reset_link,
    reset_password,
    sign_out,
)
from consult.accounts.actions import sign_in as begin_sign_in
from consult.accounts.models import MailToken, Person
from consult.accounts.queries import (
    holder_of_link,
    identify,
    person_by_password,
    registrant,
)
from consult.accounts.rules import clean_email, clean_line
from consult.accounts.secrets import hash_password
from consult.errors import Invalid, NotFound
from consult.outbox import OutboxEvent
from tests.conftest import START
from tests.factories import PASSWORD, make_person, sign_in_token

HOUR = timedelta(hours=1)


def registered(session: Session, **changes: Any) -> None:
    person = {"email": "aizada@example.org", "name": "Aizada", "password": PASSWORD, "lang": "ky"}
    person |= changes
    password_hash = hash_password(person.pop("password"))
    register(session, **person, password_hash=password_hash, now=START)


def recorded(session: Session) -> list[tuple[str, dict[str, Any]]]:
    """What happened, in order."""
    rows = session.exec(select(OutboxEvent).order_by(OutboxEvent.id)).all()
    return [(row.name, row.payload) for row in rows]


def sign_in(session: Session, email: str, password: str) -> str:
    person = person_by_password(session, email=email, password=password)
    return begin_sign_in(session, person, now=START, days=1)


def reset(session: Session, token: str, password: str) -> None:
    reset_password(session, token, new_hash(session, token, password, START), START)


def last_token(session: Session) -> str:
    """The token of the link that was mailed last."""
    payload = recorded(session)[-1][1]
    path: str = payload["confirm_path"]
    return path.rpartition("/")[2]


def reset_token(session: Session, person: Person) -> str:
    """The token of the link that is mailed to whoever forgot the password."""
    found = reset_link(session, person.email or "", START)
    assert found is not None
    assert found[0] == person
    return found[1].rpartition("/")[2]


def test_an_address_is_kept_in_one_form() -> None:
    assert clean_email("  Aizada@Example.ORG ") == "aizada@example.org"
    for wrong in ("aizada", "a@b@c.org", "a b@example.org", "айзада@example.org", "a@-.org"):
        with pytest.raises(Invalid):
            clean_email(wrong)


def test_a_name_is_one_line_and_hides_nothing() -> None:
    assert clean_line(" Aizada\r\nBcc: all@example.org\x00 ") == "Aizada Bcc: all@example.org"
    assert clean_line("Айзада\u202eабада\u200b") == "Айзадаабада"
    assert clean_line(" 412 \x00 members \u200b") == "412 members"


def test_a_person_signs_in_once_the_address_is_confirmed(session: Session) -> None:
    registered(session)
    with pytest.raises(Invalid, match="confirm your address"):
        sign_in(session, "aizada@example.org", PASSWORD)
    confirm_email(session, last_token(session), START)
    token = sign_in(session, " AIZADA@example.org", PASSWORD)
    actor = identify(session, token, START)
    assert (actor.name, actor.lang) == ("Aizada", "ky")
    assert actor.may("comment")


def test_a_link_works_once(session: Session) -> None:
    registered(session)
    token = last_token(session)
    confirm_email(session, token, START)
    with pytest.raises(NotFound):
        confirm_email(session, token, START)
    with pytest.raises(NotFound):
        holder_of_link(session, token, "confirm", START)


def test_a_link_works_for_48_hours_and_no_longer(session: Session) -> None:
    registered(session)
    token = last_token(session)
    assert holder_of_link(session, token, "confirm", START + 48 * HOUR - timedelta(seconds=1))
    with pytest.raises(NotFound):
        confirm_email(session, token, START + 48 * HOUR)


def test_a_link_is_good_for_its_purpose_only(session: Session) -> None:
    registered(session)
    with pytest.raises(NotFound):
        reset(session, last_token(session), "another long password")


def test_who_registers_again_gets_a_new_link_and_the_old_one_dies(session: Session) -> None:
    registered(session)
    theirs = last_token(session)
    registered(session, name="Aizada A.", password="the owner's own password")
    with pytest.raises(NotFound):
        confirm_email(session, theirs, START)
    assert confirm_email(session, last_token(session), START).name == "Aizada A."


def test_registering_with_a_known_address_tells_its_owner_and_changes_nothing(
    session: Session,
) -> None:
    owner = make_person(session)
    registered(session, name="Somebody else", password="another long password")
    assert recorded(session) == [("RegistrationRepeated", {"person_id": owner.id})]
    session.refresh(owner)
    assert owner.name == "Aizada"
    assert sign_in_token(session, owner)


def follower(session: Session) -> Person:
    """Who only follows by mail: an address that was confirmed, and no password."""
    person = make_person(session)
    person.password_hash, person.name, person.lang = "", "", "ky"
    session.flush()
    return person


def test_registering_with_the_address_of_a_follower_changes_nothing_until_it_is_confirmed(
    session: Session,
) -> None:
    person = follower(session)
    before = person.model_dump()
    registered(session, name="Aizada A.", lang="kk", region="Naryn", organisation="Union")
    session.refresh(person)
    assert person.model_dump() == before
    link = last_token(session)
    with pytest.raises(Invalid, match="password is not right"):
        registrant(session, link, "a guess", START)
    assert registrant(session, link, PASSWORD, START) == person
    confirm_email(session, link, START)
    assert (person.name, person.lang, person.region) == ("Aizada A.", "kk", "Naryn")
    assert person.acts_for_id
    assert sign_in(session, person.email or "", PASSWORD)
    assert {one.entered.get("name") for one in session.exec(select(MailToken)).all()} == {None}


def test_who_registers_again_has_as_long_to_confirm_as_at_first(session: Session) -> None:
    registered(session)
    (person,) = session.exec(select(Person)).all()
    person.created_at = START - 700 * HOUR
    registered(session)
    assert person.created_at == START


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(session: Session) -> None:
    make_person(session)
    said = set()
    for email in ("aizada@example.org", "nobody@example.org"):
        with pytest.raises(Invalid) as refusal:
            sign_in(session, email, "not the password")
        said.add((refusal.value.message, refusal.value.field))
    assert len(said) == 1


def test_only_who_chose_the_password_can_confirm_the_address(session: Session) -> None:
    registered(session)
    registered(session, name="A thief", password="the password of a thief")
    link = last_token(session)
    with pytest.raises(Invalid, match="password is not right"):
        registrant(session, link, PASSWORD, START)
    assert registrant(session, link, "the password of a thief", START).name == "A thief"


def test_a_password_changed_meanwhile_signs_nobody_in(session: Session) -> None:
    make_person(session)
    session.flush()
    person = person_by_password(session, email="aizada@example.org", password=PASSWORD)
    session.expunge(person)
    session.get_one(Person, person.id).password_hash = "another"
    with pytest.raises(Invalid, match="password is not right"):
        begin_sign_in(session, person, now=START, days=1)


def test_a_sign_in_ends_in_time_or_by_signing_out(session: Session) -> None:
    token = sign_in_token(session, make_person(session))
    assert identify(session, token, START + timedelta(days=29)).id
    assert identify(session, token, START + timedelta(days=30)).id is None
    sign_out(session, token)
    assert identify(session, token, START).id is None


def test_a_new_password_ends_every_sign_in_and_every_other_link(session: Session) -> None:
    person = make_person(session)
    signed_in = sign_in_token(session, person)
    other = reset_token(session, person)
    reset(session, reset_token(session, person), "a wholly new password")
    assert identify(session, signed_in, START).id is None
    with pytest.raises(NotFound):
        reset(session, other, "the password of a thief")
    assert sign_in(session, person.email, "a wholly new password")


def test_an_address_never_confirmed_is_registered_again_not_reset(session: Session) -> None:
    person = make_person(session, "Stranger", organisation="Not theirs", confirmed=False)
    assert reset_link(session, person.email or "", START) is None


def test_asking_for_an_unknown_address_leads_to_nothing(session: Session) -> None:
    ask_for_reset(session, " Nobody@example.org", START)
    assert recorded(session) == [("PasswordResetAsked", {"email": "nobody@example.org"})]
    assert reset_link(session, "nobody@example.org", START) is None


def test_what_was_entered_to_register_is_checked_at_once_and_looked_up_later(
    session: Session,
) -> None:
    entered: dict[str, Any] = {"email": "Aizada@example.org", "name": "Aizada", "lang": "ky"}
    entered["now"] = START
    for wrong in ({"password": "йцукенгшщз"}, {"password": PASSWORD, "email": "a@b@c"}):
        with pytest.raises(Invalid):
            ask_to_register(session, **{**entered, **wrong})
    ask_to_register(session, **entered, password=PASSWORD)
    ((name, payload),) = recorded(session)
    assert (name, payload["email"]) == ("RegistrationAsked", "aizada@example.org")
    assert PASSWORD not in payload.values()
    assert session.exec(select(Person)).all() == []


def test_only_hashes_of_secrets_are_kept(session: Session) -> None:
    registered(session)
    person = session.exec(select(Person)).one()
    assert person.password_hash.startswith("$argon2id$")
    assert PASSWORD not in person.password_hash
