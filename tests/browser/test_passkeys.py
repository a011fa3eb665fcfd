"""A passkey in a real browser: made and shown by Chromium's virtual authenticator."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from consult.access import Role
from consult.app import build_platform
from consult.config import Settings
from consult.schema import migrate
from tests.browser.conftest import PHONE, follow, free_port, serving
from tests.factories import PASSWORD, make_person

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def named_site(tmp_path: Path) -> Iterator[str]:
    """A running site with a name, for browsers make no passkeys for a number; Olga administers."""
    port = free_port()
    url = f"http://localhost:{port}"
    settings = Settings(data_dir=tmp_path, base_url=url, default_lang="en", embedded_worker=False)
    platform = build_platform(settings)
    migrate(platform.database.engine)
    with platform.database.writing() as session:
        make_person(session, "Olga", role=Role.ADMINISTRATOR)
    with serving(platform, port):
        yield url


def enter(page: Page) -> None:
    page.goto("/sign-in?next=/admin/people")
    page.fill("[name=email]", "olga@example.org")
    page.fill("[name=password]", PASSWORD)
    follow(page.locator("main .btn-main"))


def test_an_administrator_comes_in_by_a_passkey(chromium: Browser, named_site: str) -> None:
    context = chromium.new_context(
        base_url=named_site, viewport={"width": PHONE[0], "height": PHONE[1]}
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    enter(page)
    page.fill("[name=name]", "my phone")
    page.click("text=Add a passkey")
    page.wait_for_selector(".recovery-codes")
    page.click("text=I have kept them")
    page.wait_for_url("**/admin/people")
    context.clear_cookies()
    enter(page)
    page.wait_for_url("**/second-factor?next=*")
    page.click("text=Use a passkey")
    page.wait_for_url("**/admin/people")
    context.close()
    assert not complaints
