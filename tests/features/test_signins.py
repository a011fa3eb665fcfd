"""The safety of an account: sign-ins that end, a new password, a new address and the way back."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from consult.access import VISITOR
from consult.accounts.actions import new_link, register, reset_link, reset_password, see
from consult.accounts.actions import sign_in as begin_sign_in
from consult.accounts.eid.models import Identity
from consult.accounts.models import MailToken, Person, SignIn
from consult.accounts.queries import (
    identify,
    is_unseen,
    kept_for,
    owner_by_password,
    person_by_password,
)
from consult.accounts.second_factor.models import Passkey, Totp
from consult.accounts.secrets import token_hash
from consult.accounts.signins.actions import (
    ask_for_address,
    begin_change,
    change_address,
    change_password,
    end_others,
    end_sign_in,
    undo_change,
)
from consult.accounts.signins.queries import browsers_of
from consult.accounts.signins.rules import UNDO_LIFE, reference
from consult.audit.models import AuditEntry
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.outbox import OutboxEvent
from tests.conftest import START
from tests.factories import PASSWORD, actor_of, make_person, sign_in_token

DAY = timedelta(days=1)
OLD = "aizada@example.org"
NEW = "new@example.org"
UNUSABLE = "no password fits this"


def token_of(path: str) -> str:
    return path.rpartition("/")[2]


def asked(session: Session, person: Person, email: str = NEW) -> tuple[str, str]:
    """The tokens of the links to the new and to the old address."""
    confirm, undo = begin_change(session, person, email, START)
    return token_of(confirm), token_of(undo)


def moved(session: Session, person: Person, email: str = NEW) -> str:
    """The token that takes the change of address back, which was asked for and confirmed."""
    confirm, undo = asked(session, person, email)
    change_address(session, confirm, START)
    return undo


def names(session: Session) -> list[str]:
    return [
        row.name for row in session.exec(select(OutboxEvent).order_by(col(OutboxEvent.id))).all()
    ]


def noted(session: Session) -> list[str]:
    return [
        row.action for row in session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()
    ]


def test_a_sign_in_says_from_what_browser_and_is_seen_once_a_day(session: Session) -> None:
    person = make_person(session)
    agent = "Mozilla/5.0 (X11; Linux) Firefox/1\r\nX: " + "y" * 500
    today = date(2026, 9, 7)
    token = begin_sign_in(session, person, now=START, days=30, agent=agent, today=today)
    session.flush()
    row = session.get_one(SignIn, token_hash(token))
    assert len(row.agent) == 200
    assert row.agent.isprintable()
    assert not is_unseen(session, token, today)
    assert is_unseen(session, token, today + DAY)
    see(session, token, today + DAY)
    see(session, token, today)  # a day that is over takes nothing back
    assert not is_unseen(session, token, today + DAY)
    (browser,) = browsers_of(session, person.id or 0, token, START)
    assert (browser.browser, browser.system, browser.is_this) == ("Firefox", "Linux", True)
    assert browser.seen_on == today + DAY


def test_this_browser_comes_first_and_those_that_ran_out_do_not_come(session: Session) -> None:
    person = make_person(session)
    this = sign_in_token(session, person)
    later = sign_in_token(session, person, START + DAY)
    sign_in_token(session, person, START - 30 * DAY)
    sign_in_token(session, make_person(session, "Somebody else"))
    session.flush()
    shown = browsers_of(session, person.id or 0, this, START)
    assert [one.reference for one in shown] == [reference(token_hash(t)) for t in (this, later)]


def test_a_person_ends_their_own_sign_ins_only(session: Session) -> None:
    person, other = make_person(session), make_person(session, "Bolot")
    this, second, third = (sign_in_token(session, person) for _ in range(3))
    theirs = sign_in_token(session, other)
    session.flush()
    actor = actor_of(session, person)
    for hashed in (token_hash(second), token_hash(theirs), "", "%", "_" * 16):
        end_sign_in(session, actor=actor, reference=reference(hashed))
    assert identify(session, second, START).id is None
    assert all(identify(session, token, START).id for token in (this, third, theirs))
    end_others(session, actor=actor, token=this)
    assert identify(session, third, START).id is None
    assert all(identify(session, token, START).id for token in (this, theirs))
    with pytest.raises(NotAllowed):
        end_others(session, actor=VISITOR, token=this)


def test_a_new_password_ends_other_sign_ins_and_mailed_links_and_is_told(
    session: Session,
) -> None:
    person = make_person(session)
    this, other = sign_in_token(session, person), sign_in_token(session, person)
    confirm, undo = asked(session, person)
    found = reset_link(session, OLD, START)
    assert found
    session.flush()
    change_password(
        session,
        actor=actor_of(session, person),
        old_hash=person.password_hash,
        hashed="another",
        token=this,
        now=START,
    )
    assert identify(session, this, START).id
    assert identify(session, other, START).id is None
    with pytest.raises(NotFound):
        change_address(session, confirm, START)
    with pytest.raises(NotFound):
        reset_password(session, token_of(found[1]), "x", START)
    assert names(session)[-1] == "PasswordChanged"
    assert noted(session) == ["password_changed"]
    assert undo_change(session, undo, UNUSABLE, START)  # a thief cannot end the way back


def test_of_two_who_change_the_password_at_once_one_does(session: Session) -> None:
    person = make_person(session)
    actor, old = actor_of(session, person), person.password_hash
    change_password(session, actor=actor, old_hash=old, hashed="first", token="", now=START)
    with pytest.raises(Invalid) as refusal:
        change_password(session, actor=actor, old_hash=old, hashed="second", token="", now=START)
    assert refusal.value.field == "old_password"


def test_only_whoever_knows_the_password_is_asked_further(session: Session) -> None:
    person = make_person(session)
    assert owner_by_password(session, person.id or 0, PASSWORD, "old_password") == person
    with pytest.raises(Invalid) as refusal:
        owner_by_password(session, person.id or 0, "not the password", "old_password")
    assert refusal.value.field == "old_password"


def test_asking_for_an_address_changes_nothing_and_does_not_look_it_up(session: Session) -> None:
    person, other = make_person(session), make_person(session, "Bolot")
    for email in (NEW, other.email or ""):
        ask_for_address(session, actor=actor_of(session, person), email=email, now=START)
    assert names(session) == ["AddressChangeAsked"] * 2
    assert person.email == OLD
    for wrong in (OLD, "AIZADA@Example.org", "no address", "a@b.org\r\nBcc: all@example.org"):
        with pytest.raises(Invalid) as refusal:
            ask_for_address(session, actor=actor_of(session, person), email=wrong, now=START)
        assert refusal.value.field == "email"


def test_a_new_address_is_confirmed_once_and_ends_links_to_the_old_one(session: Session) -> None:
    person = make_person(session)
    person.bounces_n, person.mail_off_at = 3, START
    found = reset_link(session, OLD, START)
    assert found
    confirm, _ = asked(session, person)
    change_address(session, confirm, START)
    assert (person.email, person.bounces_n) == (NEW, 0)
    assert not person.mail_off_at
    assert person_by_password(session, email=NEW, password=PASSWORD) == person
    with pytest.raises(NotFound):
        change_address(session, confirm, START)
    with pytest.raises(NotFound):
        reset_password(session, token_of(found[1]), "x", START)
    assert noted(session) == ["address_changed"]
    row = session.exec(select(OutboxEvent).order_by(col(OutboxEvent.id).desc())).first()
    assert row
    assert (row.name, row.payload) == ("AddressChanged", {"person_id": person.id, "old": OLD})


def test_links_are_good_for_their_time_and_purpose_only(session: Session) -> None:
    person = make_person(session)
    confirm, undo = asked(session, person)
    for token, at in ((undo, START), (confirm, START + 2 * DAY)):
        with pytest.raises(NotFound):
            change_address(session, token, at)
    for token, at in ((confirm, START), (undo, START + UNDO_LIFE)):
        with pytest.raises(NotFound):
            undo_change(session, token, UNUSABLE, at)
        with pytest.raises(NotFound):
            reset_password(session, token, UNUSABLE, START)
    assert person.email == OLD


def test_of_two_changes_asked_for_the_later_counts(session: Session) -> None:
    person = make_person(session)
    first, _ = asked(session, person)
    second, _ = asked(session, person, "newer@example.org")
    with pytest.raises(NotFound):
        change_address(session, first, START)
    change_address(session, second, START)
    assert person.email == "newer@example.org"


def test_an_address_of_somebody_else_is_not_given_away_and_its_owner_is_told(
    session: Session,
) -> None:
    person, other = make_person(session), make_person(session, "Bolot")
    confirm, undo = asked(session, person, other.email or "")
    assert (confirm, bool(undo)) == ("", True)
    assert names(session) == ["RegistrationRepeated"]


def test_two_people_cannot_move_to_one_address(session: Session) -> None:
    person, other = make_person(session), make_person(session, "Bolot")
    first, _ = asked(session, person)
    second, _ = asked(session, other)
    change_address(session, first, START)
    with pytest.raises(Conflict):
        change_address(session, second, START)
    assert other.email == "bolot@example.org"


def test_somebody_who_never_confirmed_an_address_does_not_keep_its_owner_out(
    session: Session,
) -> None:
    person = make_person(session)
    make_person(session, "New", confirmed=False)
    moved(session, person)
    assert person.email == NEW
    (other,) = session.exec(select(Person).where(Person.id != person.id)).all()
    assert (other.email, other.name, other.password_hash) == (None, "", "")


def test_undoing_ends_every_sign_in_and_the_password_and_leads_to_a_new_one(
    session: Session,
) -> None:
    person = make_person(session)
    thief = sign_in_token(session, person)
    undo = moved(session, person)
    path = undo_change(session, undo, UNUSABLE, START + UNDO_LIFE - timedelta(seconds=1))
    assert person.email == OLD
    assert person.password_hash == UNUSABLE
    assert identify(session, thief, START).id is None
    assert path.startswith("/reset/")
    reset_password(session, token_of(path), "chosen anew", START + UNDO_LIFE)
    assert person.password_hash == "chosen anew"
    with pytest.raises(NotFound):
        undo_change(session, undo, UNUSABLE, START)
    assert noted(session) == [
        "address_changed",
        "address_changed",
        "sign_ins_ended",
        "password_changed",
    ]


def factor(person: Person, name: str, at: datetime) -> Passkey:
    kept = {"credential_id": name, "public_key": "x", "name": name, "created_at": at}
    return Passkey(person_id=person.id or 0, **kept)


def identity(person: Person, issuer: str, at: datetime) -> Identity:
    kept = {"issuer": issuer, "subject_hash": issuer, "identified_at": at}
    return Identity(person_id=person.id or 0, **kept)


def test_undoing_removes_what_was_added_since_to_sign_in_with(session: Session) -> None:
    """Also what was added between asking for the address and confirming it."""
    person, other = make_person(session), make_person(session, "Bolot")
    person.second_factor_since = person.verified_at = START - DAY
    session.add_all([factor(person, "own", START - DAY), identity(person, "desk", START - DAY)])
    session.add_all([factor(other, "other", START + DAY), identity(other, "eid2", START + DAY)])
    moved(session, person)
    session.add_all([factor(person, "thief", START), identity(person, "eid", START)])
    session.add(Totp(person_id=person.id, secret="x", created_at=START, confirmed_at=START))
    newest = new_link(session, person, "undo_address", START + DAY, email=OLD, life=UNDO_LIFE)
    undo_change(session, newest, UNUSABLE, START + DAY)
    assert set(session.exec(select(Passkey.name)).all()) == {"own", "other"}
    assert set(session.exec(select(Identity.issuer)).all()) == {"desk", "eid2"}
    assert session.exec(select(Totp)).all() == []
    assert (person.second_factor_since, person.verified_at) == (START - DAY, START - DAY)


def test_undoing_lets_in_without_a_factor_whoever_had_none(session: Session) -> None:
    person = make_person(session)
    undo = moved(session, person)
    person.second_factor_since = person.verified_at = START
    session.add_all([factor(person, "thief", START), identity(person, "eid", START)])
    undo_change(session, undo, UNUSABLE, START + DAY)
    session.refresh(person)
    assert (person.second_factor_since, person.verified_at) == (None, None)
    assert "IdentityTakenBack" in names(session)


def test_undoing_before_the_new_address_is_confirmed_stops_the_change(session: Session) -> None:
    person = make_person(session)
    confirm, undo = asked(session, person)
    undo_change(session, undo, UNUSABLE, START)
    with pytest.raises(NotFound):
        change_address(session, confirm, START)
    assert person.email == OLD


def test_a_thief_who_changes_twice_does_not_win(session: Session) -> None:
    person = make_person(session)
    owners = moved(session, person, "thief@example.org")
    person_at = person.email
    assert person_at == "thief@example.org"
    confirm, thiefs = begin_change(session, person, "thief2@example.org", START + DAY)
    change_address(session, token_of(confirm), START + DAY)
    undo_change(session, token_of(thiefs), UNUSABLE, START + DAY)
    assert person.email == "thief@example.org"
    undo_change(session, owners, UNUSABLE, START + 2 * DAY)  # an older link outlives a newer one
    assert person.email == OLD
    left = select(MailToken).where(
        MailToken.purpose == "undo_address", col(MailToken.used_at).is_(None)
    )
    assert session.exec(left).all() == []


def test_undoing_the_first_change_ends_the_link_of_the_second(session: Session) -> None:
    person = make_person(session)
    owners = moved(session, person, "thief@example.org")
    confirm, thiefs = begin_change(session, person, "thief2@example.org", START + DAY)
    change_address(session, token_of(confirm), START + DAY)
    undo_change(session, owners, UNUSABLE, START + 2 * DAY)
    with pytest.raises(NotFound):
        undo_change(session, token_of(thiefs), UNUSABLE, START + 2 * DAY)
    assert person.email == OLD


def test_an_address_just_left_is_kept_for_its_owner_as_long_as_they_may_go_back(
    session: Session,
) -> None:
    person, other = make_person(session), make_person(session, "Bolot")
    undo = moved(session, person)
    assert kept_for(session, OLD, START) == person.id
    assert asked(session, other, OLD)[0] == ""
    register(session, email=OLD, password_hash="x", name="Thief", lang="en", now=START)
    assert names(session)[-1] == "RegistrationRepeated"
    undo_change(session, undo, UNUSABLE, START)
    assert person.email == OLD
    assert kept_for(session, NEW, START) is None


def test_a_person_may_go_back_to_the_address_they_left(session: Session) -> None:
    person = make_person(session)
    moved(session, person)
    moved(session, person, OLD)
    assert person.email == OLD
