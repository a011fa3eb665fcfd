"""How the public sees a person is theirs to choose, within the rules of pseudonyms."""

from datetime import date

import pytest
from sqlmodel import Session, select

from consult.accounts.actions import ask_to_register
from consult.accounts.appearance.actions import choose_shown, correct_name
from consult.accounts.eid.actions import identify_person
from consult.accounts.eid.models import Identity
from consult.accounts.models import AgencyName, Organisation, Person
from consult.audit.models import AuditEntry
from consult.errors import Conflict, Invalid
from consult.platform import Platform
from consult.worker import drain
from tests.conftest import START
from tests.factories import PASSWORD, actor_of, make_agency, make_person


def choose(session: Session, person: Person, shown: str, pseudonym: str = "") -> Person:
    choose_shown(session, actor=actor_of(session, person), shown=shown, pseudonym=pseudonym)
    return person


def test_a_choice_is_kept_and_the_pseudonym_stays_theirs_meanwhile(session: Session) -> None:
    aizada, bolot = make_person(session), make_person(session, "Bolot")
    choose(session, aizada, "pseudonym", "  Ак   калпак ")
    assert (aizada.shown, aizada.pseudonym) == ("pseudonym", "Ак калпак")
    choose(session, aizada, "name", "Ак калпак")
    with pytest.raises(Conflict):
        choose(session, bolot, "pseudonym", "AK КAЛПАК")
    choose(session, aizada, "nothing")
    assert (aizada.shown, aizada.pseudonym, aizada.pseudonym_key) == ("nothing", "", None)
    assert choose(session, bolot, "pseudonym", "AK КAЛПАК").pseudonym == "AK КAЛПАК"


def test_two_may_have_no_pseudonym(session: Session) -> None:
    for name in ("Aizada", "Bolot"):
        assert choose(session, make_person(session, name), "nothing").pseudonym_key is None


@pytest.mark.parametrize(
    "pseudonym",
    [
        *("Ministry MOJ", "ministry-moj", "МOJ", "Министepство MOJ"),
        *("Old Ministry", "Union of readers", "Uniоn оf rеadеrs"),
        *("a participant", "А Former Participant", "катышуучу"),
    ],
)
def test_nobody_calls_themselves_like_a_body_or_like_nobody(
    session: Session, pseudonym: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    agency = make_agency(session)
    earlier = AgencyName(
        agency_id=agency.id or 0, names={"en": "Old Ministry"}, until_on=date(2020, 1, 1)
    )
    session.add_all((earlier, Organisation(name="Union of Readers", created_at=START)))
    monkeypatch.setattr(
        "consult.accounts.reserved.nobody",
        lambda: ("a participant", "катышуучу", "a former participant"),
    )
    with pytest.raises(Invalid) as refusal:
        choose(session, make_person(session), "pseudonym", pseudonym)
    assert refusal.value.field == "pseudonym"


@pytest.mark.parametrize("shown", ["pseudonym", "everything", ""])
def test_a_choice_without_what_it_needs_is_refused(session: Session, shown: str) -> None:
    with pytest.raises(Invalid):
        choose(session, make_person(session), shown)


def test_one_may_begin_without_a_name(platform: Platform) -> None:
    with platform.database.writing() as session:
        ask_to_register(
            session,
            email="asel@example.org",
            password=PASSWORD,
            name="Asel",
            lang="en",
            shown="nothing",
            now=START,
        )
    drain(platform, START)
    with platform.database.reading() as session:
        person = session.exec(select(Person).where(Person.name == "Asel")).one()
    assert person.shown == "nothing"


def test_a_person_corrects_their_name_and_the_log_holds_no_word_of_it(session: Session) -> None:
    person = make_person(session, "Aizda")
    correct(session, person, "Aizada", "Naryn")
    assert (person.name, person.region) == ("Aizada", "Naryn")
    entry = session.exec(select(AuditEntry)).one()
    assert (entry.action, entry.subject_id, entry.details) == ("name_corrected", person.id, {})
    correct(session, person, "Aizada", "Naryn")
    assert len(session.exec(select(AuditEntry)).all()) == 1, "nothing was changed"
    with pytest.raises(Invalid) as refusal:
        correct(session, person, "Модератор", "Naryn")
    assert refusal.value.field == "name"


def test_whoever_changes_their_name_is_identified_anew_by_the_same_document(
    session: Session,
) -> None:
    person = make_person(session)

    def identify() -> None:
        who = actor_of(session, person)
        identify_person(session, who, issuer="https://eid.example", hashed="x", now=START)

    identify()
    correct(session, person, person.name, "Naryn")
    assert person.verified_at == START, "a place says nothing of who one is"
    correct(session, person, "Aizada Bolotova", "Naryn")
    assert person.verified_at is None
    identify()
    assert person.verified_at == START
    assert len(session.exec(select(Identity)).all()) == 1


def correct(session: Session, person: Person, name: str, region: str) -> None:
    actor = actor_of(session, person)
    correct_name(session, actor=actor, name=name, region=region, now=START)
