"""What is mailed about the safety of an account: factors, codes, strange browsers, members."""

from consult.accounts.second_factor import actions
from consult.accounts.second_factor.actions import reset_factors
from consult.cli.start import AS_ADMINISTRATOR
from consult.platform import Platform
from consult.worker import drain
from tests.client import Client
from tests.conftest import TestClock
from tests.factored import browser
from tests.factories import PASSWORD, make_person
from tests.features.test_organisations import end, join, membership
from tests.mailed import Mailed, mailed

FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0"
ENTRY = {"email": "aizada@example.org", "password": PASSWORD}


def told(platform: Platform) -> list[Mailed]:
    drain(platform, platform.clock())
    return mailed(platform)


def enter(client: Client, agent: str = FIREFOX) -> None:
    client.post("/sign-in", ENTRY, headers={"User-Agent": agent})
    client.post("/sign-out")


def test_a_second_factor_that_comes_or_goes_is_told(platform: Platform, clock: TestClock) -> None:
    with platform.database.writing() as session:
        aizada = browser(session, clock, make_person(session))
        aizada.with_app()
        actions.remove_app(session, **aizada.who(), staff_must=False)
        bolot = browser(session, clock, make_person(session, "Bolot"))
        bolot.with_app()
        reset_factors(session, actor=AS_ADMINISTRATOR, person_id=bolot.person.id or 0, now=clock())
    clock.forward(hours=1)
    said = [(mail.recipient[:6], " ".join(mail.text.split())) for mail in told(platform)]
    assert [who for who, _ in said] == ["aizada", "aizada", "bolot@", "bolot@"]
    assert "An app that shows codes was added to your account" in said[0][1]
    assert "was removed from your account" in said[1][1]
    assert "An administrator removed all second factors" in said[3][1]
    assert all("If it was not you, choose a new password at once" in text for _, text in said)


def test_a_recovery_code_that_was_used_is_told_with_how_many_are_left(
    platform: Platform, clock: TestClock
) -> None:
    with platform.database.writing() as session:
        aizada = browser(session, clock, make_person(session))
        _, codes = aizada.with_app()
        actions.use_recovery_code(session, typed=codes[0], **aizada.keyed())
    mail = next(one for one in told(platform) if one.key.startswith("recovery_code_used:"))
    assert "9 codes are left." in " ".join(mail.text.split())


def test_a_browser_not_known_yet_is_told_of_once_a_day(
    platform: Platform, clock: TestClock
) -> None:
    with platform.database.writing() as session:
        make_person(session)
    own = Client(platform)
    enter(own)
    (mail,) = told(platform)
    assert mail.key.startswith("strange_browser:")
    assert "Firefox, Android" in mail.text
    enter(own)
    enter(Client(platform), "Opera Mini")
    assert len(told(platform)) == 1
    clock.forward(days=1)
    enter(own)
    assert len(told(platform)) == 1, "this one is known"
    enter(Client(platform), "<script>\x1b")
    assert len(told(platform)) == 2


def test_a_wrong_password_is_told_to_nobody(platform: Platform) -> None:
    with platform.database.writing() as session:
        make_person(session)
    Client(platform).post("/sign-in", ENTRY | {"password": "a wrong one, surely"}, status=422)
    assert told(platform) == []


def test_who_speaks_for_an_organisation_is_told_to_its_managers_and_to_them(
    platform: Platform,
) -> None:
    with platform.database.writing() as session:
        manager = make_person(session, "Bolot", organisation="Readers & Co")
        gulbara = join(session, manager, "Gulbara")
    mails = [mail for mail in told(platform) if mail.key.startswith("membership:")]
    assert [mail.recipient for mail in mails] == ["bolot@example.org"]
    assert mails[0].subject == "Who speaks for: Readers & Co"
    assert "Gulbara speaks for this organisation from now on." in mails[0].text
    with platform.database.writing() as session:
        manager, gulbara = session.merge(manager), session.merge(gulbara)
        end(session, manager, membership(session, gulbara))
    last = told(platform)[-1]
    assert last.recipient == "gulbara@example.org"
    assert "You speak for this organisation no longer." in " ".join(last.text.split())
