"""The second factor: set up, shown, taken away, reset; what nobody may do without it."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from consult.access import Role
from consult.accounts.actions import grant
from consult.accounts.queries import identify
from consult.accounts.second_factor import actions, passkeys
from consult.accounts.second_factor.models import Passkey, RecoveryCode, Totp
from consult.accounts.second_factor.queries import factors_of
from consult.accounts.second_factor.rules import CODES
from consult.audit.models import AuditEntry
from consult.errors import Conflict, Invalid, NotAllowed, NotFound, SecondFactorNeeded
from tests.conftest import START, TestClock
from tests.factored import BASE, SITE, Browser, browser
from tests.factories import actor_of, make_agency, make_person
from tests.passkeys import Device


@pytest.fixture
def aizada(session: Session, clock: TestClock) -> Browser:
    return browser(session, clock, make_person(session))


@pytest.fixture
def olga(session: Session, clock: TestClock) -> Browser:
    agency = make_agency(session)
    return browser(session, clock, make_person(session, "Olga", role=Role.OFFICER, agency=agency))


@pytest.fixture
def device() -> Device:
    return Device(BASE, SITE)


def is_open(browser: Browser) -> bool:
    return browser.actor.may("cabinet")


def test_staff_without_a_second_factor_may_do_what_a_visitor_may(olga: Browser) -> None:
    locked = olga.actor
    assert locked.lacks_second_factor
    assert locked.id == olga.person.id
    assert locked.roles == {Role.VISITOR}
    assert not locked.bodies
    assert not locked.agencies
    assert not locked.is_staff
    olga.with_app()
    assert olga.actor == actor_of(olga.session, olga.person)
    assert olga.elsewhere().actor.lacks_second_factor


def test_where_staff_need_none_they_are_not_asked_until_they_have_one(olga: Browser) -> None:
    def lacks() -> bool:
        found = identify(olga.session, other.token, START, staff_second_factor=False)
        return found.lacks_second_factor

    other = olga.elsewhere()
    assert not lacks()
    olga.with_app()
    assert lacks()


def test_a_citizen_is_asked_once_they_wish_it(aizada: Browser) -> None:
    other = aizada.elsewhere()
    assert is_open(aizada)
    aizada.with_app()
    assert is_open(aizada)
    assert other.actor.lacks_second_factor  # a browser that was open before


def test_the_secret_is_not_kept_in_the_open(aizada: Browser) -> None:
    secret, codes = aizada.with_app()
    row = aizada.session.get_one(Totp, aizada.person.id)
    assert secret not in row.secret
    assert row.waiting == ""
    kept = aizada.session.exec(select(RecoveryCode.code_hash)).all()
    assert len(kept) == len(codes) == CODES
    assert not {code.replace("-", "") for code in codes} & set(kept)


def test_an_app_is_in_use_from_its_first_code_only(aizada: Browser) -> None:
    secret = aizada.secret()
    with pytest.raises(Invalid):
        actions.confirm_app(aizada.session, typed="000000x", **aizada.keyed())
    with pytest.raises(Invalid):  # not yet
        aizada.code(aizada.now(secret))
    assert not aizada.elsewhere().actor.lacks_second_factor


def test_each_code_is_taken_once(aizada: Browser) -> None:
    secret, _ = aizada.with_app()
    other = aizada.elsewhere()
    with pytest.raises(Invalid):  # that of the confirmation
        other.code(aizada.now(secret, -1))
    other.code(aizada.now(secret))
    assert is_open(other)
    third = aizada.elsewhere()
    for typed in (aizada.now(secret), aizada.now(secret, -1), "", "123"):
        with pytest.raises(Invalid):
            third.code(typed)
    assert not is_open(third)
    third.code(aizada.now(secret, 1))
    assert is_open(third)


def test_the_code_of_somebody_else_opens_nothing(aizada: Browser, olga: Browser) -> None:
    secret, codes = aizada.with_app()
    olga.with_app()
    other = olga.elsewhere()
    with pytest.raises(Invalid):
        other.code(aizada.now(secret))
    with pytest.raises(Invalid):
        actions.use_recovery_code(other.session, typed=codes[0], **other.keyed())


def test_a_recovery_code_opens_once_however_it_is_typed(aizada: Browser) -> None:
    _, codes = aizada.with_app()
    other = aizada.elsewhere()
    actions.use_recovery_code(
        other.session, typed=codes[0].lower().replace("-", " "), **other.keyed()
    )
    assert is_open(other)
    assert factors_of(other.session, other.person.id or 0).codes_left == CODES - 1
    for typed in (codes[0], "", "ABCDE-FGH23"):
        with pytest.raises(Invalid):
            actions.use_recovery_code(other.session, typed=typed, **aizada.elsewhere().keyed())


def test_recovery_codes_made_anew_replace_those_before(aizada: Browser) -> None:
    with pytest.raises(Conflict):  # they are no factor of their own
        actions.make_codes_anew(aizada.session, **aizada.keyed())
    _, old = aizada.with_app()
    new = actions.make_codes_anew(aizada.session, **aizada.keyed())
    assert not set(old) & set(new)
    other = aizada.elsewhere()
    with pytest.raises(Invalid):
        actions.use_recovery_code(other.session, typed=old[1], **other.keyed())
    actions.use_recovery_code(other.session, typed=new[1], **other.keyed())


def test_while_a_new_app_is_set_up_the_old_one_works(aizada: Browser) -> None:
    old, _ = aizada.with_app()
    new = aizada.secret()
    other = aizada.elsewhere()
    other.code(aizada.now(old))
    aizada.clock.forward(seconds=30)
    again = actions.confirm_app(aizada.session, typed=aizada.now(new), **aizada.keyed())
    assert again == []  # the recovery codes stay
    aizada.clock.forward(seconds=30)
    with pytest.raises(Invalid):
        aizada.elsewhere().code(aizada.now(old))
    aizada.elsewhere().code(aizada.now(new))


def test_under_another_secret_key_codes_open_nothing(aizada: Browser) -> None:
    secret, codes = aizada.with_app()
    other = aizada.elsewhere()
    keyed = {**other.keyed(), "secret_key": "another"}
    with pytest.raises(Invalid):
        actions.use_code(other.session, typed=aizada.now(secret), **keyed)
    with pytest.raises(Invalid):
        actions.use_recovery_code(other.session, typed=codes[0], **keyed)


def test_a_stolen_password_adds_and_removes_no_factor(aizada: Browser, device: Device) -> None:
    aizada.with_app()
    thief = aizada.elsewhere()
    for act in (
        thief.secret,
        lambda: thief.with_passkey(device),
        lambda: thief.add("{}"),
        lambda: actions.confirm_app(thief.session, typed="123456", **thief.keyed()),
        lambda: actions.make_codes_anew(thief.session, **thief.keyed()),
        lambda: actions.remove_app(thief.session, staff_must=True, **thief.who()),
        lambda: passkeys.remove_passkey(thief.session, key_id=1, staff_must=True, **thief.who()),
    ):
        with pytest.raises(SecondFactorNeeded):
            act()


def test_a_browser_left_open_changes_no_factor_after_a_while(aizada: Browser) -> None:
    secret, _ = aizada.with_app()
    aizada.clock.forward(minutes=20)
    assert is_open(aizada)
    with pytest.raises(SecondFactorNeeded):
        aizada.secret()
    aizada.code(aizada.now(secret))
    aizada.secret()


def test_the_last_factor_of_staff_stays(olga: Browser, device: Device) -> None:
    olga.with_app()
    with pytest.raises(Conflict):
        actions.remove_app(olga.session, staff_must=True, **olga.who())
    olga.with_passkey(device)
    actions.remove_app(olga.session, staff_must=True, **olga.who())
    key = olga.session.exec(select(Passkey.id)).one()
    remove = {"key_id": key, **olga.who()}
    with pytest.raises(Conflict):
        passkeys.remove_passkey(olga.session, staff_must=True, **remove)
    passkeys.remove_passkey(olga.session, staff_must=False, **remove)


def test_a_citizen_may_remove_all_and_is_asked_no_more(aizada: Browser) -> None:
    with pytest.raises(NotFound):
        actions.remove_app(aizada.session, staff_must=True, **aizada.who())
    aizada.with_app()
    actions.remove_app(aizada.session, staff_must=True, **aizada.who())
    assert not aizada.session.exec(select(RecoveryCode)).all()
    assert is_open(aizada.elsewhere())


def test_what_was_shown_before_the_factors_were_removed_lets_no_staff_in(aizada: Browser) -> None:
    """Their first role asks for a factor which they do not have any more."""
    aizada.with_app()
    actions.remove_app(aizada.session, staff_must=True, **aizada.who())
    assert is_open(aizada)
    grant(aizada.session, aizada.person.id or 0, Role.MODERATOR, None, START)
    assert aizada.actor.lacks_second_factor


def test_what_a_citizen_showed_long_ago_lets_no_staff_in(aizada: Browser) -> None:
    secret, _ = aizada.with_app()
    other = aizada.elsewhere()
    other.code(aizada.now(secret))
    grant(aizada.session, aizada.person.id or 0, Role.MODERATOR, None, START)
    assert aizada.actor.lacks_second_factor
    aizada.code(aizada.now(secret, 1))
    grant(aizada.session, aizada.person.id or 0, Role.OVERSIGHT, None, START)
    assert aizada.actor.is_staff  # nobody is locked out by one role more
    assert other.actor.lacks_second_factor


def test_an_administrator_resets_all_of_it(olga: Browser, device: Device) -> None:
    session, clock = olga.session, olga.clock
    olga.with_app()
    olga.with_passkey(device)
    admin = make_person(session, "Admin", role=Role.ADMINISTRATOR)
    who = {"person_id": olga.person.id or 0, "now": clock()}
    with pytest.raises(NotAllowed):
        actions.reset_factors(session, actor=olga.actor, **who)
    with pytest.raises(NotAllowed):
        actions.reset_factors(
            session, actor=actor_of(session, admin), person_id=admin.id or 0, now=clock()
        )
    with pytest.raises(NotFound):
        actions.reset_factors(session, actor=actor_of(session, admin), person_id=987, now=clock())
    actions.reset_factors(session, actor=actor_of(session, admin), **who)
    assert olga.actor.id is None  # signed out everywhere
    for table in (Totp, Passkey, RecoveryCode):
        assert not session.exec(select(table)).all()
    assert olga.elsewhere().actor.lacks_second_factor
    olga.elsewhere().with_app()  # and sets it up anew


def test_what_was_done_is_in_the_audit_log(aizada: Browser, device: Device) -> None:
    aizada.with_app()
    aizada.with_passkey(device)
    actions.remove_app(aizada.session, staff_must=True, **aizada.who())
    entries = aizada.session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()
    assert [(entry.action, entry.details) for entry in entries] == [
        ("second_factor_set", {"kind": "app"}),
        ("second_factor_set", {"kind": "passkey"}),
        ("second_factor_reset", {"kind": "app"}),
    ]
    assert {entry.actor_id for entry in entries} == {aizada.person.id}


def test_a_sign_in_that_ran_out_is_nobodys(olga: Browser) -> None:
    olga.with_app()
    olga.clock.forward(days=31)
    assert olga.actor.id is None
    assert olga.clock() > START + timedelta(days=30)
