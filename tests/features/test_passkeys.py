"""Passkeys: added, shown, refused; a device in software answers what the site asks."""

from dataclasses import replace

import pytest
from sqlmodel import Session

from consult.access import Role
from consult.accounts.second_factor import passkeys
from consult.accounts.second_factor.queries import factors_of
from consult.accounts.second_factor.rules import CODES
from consult.errors import Conflict, Invalid
from tests.conftest import TestClock
from tests.factored import BASE, SITE, Browser, browser
from tests.factories import make_agency, make_person
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


def test_passkeys_have_names_and_open(aizada: Browser, device: Device) -> None:
    codes = aizada.with_passkey(device, "  my phone ")
    assert len(codes) == CODES
    ring = replace(Device(BASE, SITE), flags=0x01)  # verification is preferred, not asked for
    assert aizada.with_passkey(ring, "ring") == []
    names = [key.name for key in factors_of(aizada.session, aizada.person.id or 0).passkeys]
    assert names == ["my phone", "ring"]
    for each in (device, ring):
        other = aizada.elsewhere()
        assert not is_open(other)
        other.show(each.show(other.asked()))
        assert is_open(other)


def test_a_challenge_is_answered_once_and_in_its_own_browser(
    aizada: Browser, device: Device
) -> None:
    aizada.with_passkey(device)
    one, two = aizada.elsewhere(), aizada.elsewhere()
    answer = device.show(one.asked())
    asked = two.asked()
    with pytest.raises(Invalid):
        two.show(answer)
    one.show(answer)
    with pytest.raises(Invalid):
        one.show(answer)
    with pytest.raises(Invalid):  # a failed answer used up the challenge too
        two.show(device.show(asked))
    two.show(device.show(two.asked()))


def test_a_counter_that_went_back_is_refused(aizada: Browser, device: Device) -> None:
    aizada.with_passkey(device)
    copy = replace(device)
    for _ in range(2):
        aizada.show(device.show(aizada.asked()))
    other = aizada.elsewhere()
    with pytest.raises(Invalid):
        other.show(copy.show(other.asked()))
    assert not is_open(other)


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://kenesh.example.evil.example"},
        {"site": "evil.example"},
        {"flags": 0},  # nobody was there
        {"key": Device(BASE, SITE).key},
        {"key_id": b"another key 1234"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_what_another_site_or_key_signed_opens_nothing(
    aizada: Browser, device: Device, wrong: dict
) -> None:
    aizada.with_passkey(device)
    other = aizada.elsewhere()
    with pytest.raises(Invalid):
        other.show(replace(device, **wrong).show(other.asked()))
    assert not is_open(other)


def test_the_passkey_of_somebody_else_opens_nothing(
    aizada: Browser, olga: Browser, device: Device
) -> None:
    aizada.with_passkey(device)
    olga.with_passkey(Device(BASE, SITE))
    other = olga.elsewhere()
    with pytest.raises(Invalid):
        other.show(device.show(other.asked()))
    with pytest.raises(Conflict):  # nor is it added a second time
        olga.with_passkey(device)


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", "1", '{"id": 1}', "x", "{" * 30_000])
def test_an_answer_that_is_none_is_refused(aizada: Browser, device: Device, answer: str) -> None:
    aizada.with_passkey(device)
    aizada.asked()
    with pytest.raises(Invalid):
        aizada.show(answer)
    passkeys.options_to_add(aizada.session, base_url=BASE, site="Kenesh", **aizada.who())
    with pytest.raises(Invalid):
        aizada.add(answer)


def test_somebody_has_so_many_passkeys_at_most(aizada: Browser) -> None:
    for n in range(10):
        aizada.with_passkey(Device(BASE, SITE), f"key {n}")
    with pytest.raises(Conflict):
        aizada.with_passkey(Device(BASE, SITE))


@pytest.mark.parametrize(
    ("base_url", "possible"),
    [
        ("https://kenesh.example", True),
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", False),
        ("http://[::1]:8000", False),
    ],
)
def test_passkeys_need_a_site_with_a_name(base_url: str, possible: bool) -> None:
    assert passkeys.are_possible(base_url) == possible
