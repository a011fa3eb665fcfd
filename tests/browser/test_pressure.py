"""The calculation under pressure, in a real browser that keeps to the policy of the site."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from consult.app import build_platform
from consult.config import Settings
from consult.limits.rules import Limit
from consult.limits.store import Limits, read_table
from consult.schema import migrate
from tests.browser.conftest import follow, free_port, serving
from tests.factories import PASSWORD, make_person


@pytest.fixture
def hard_pressed(tmp_path: Path) -> Iterator[str]:
    """A server that asks whoever signs in twice for a proof."""
    chosen = {"limits_enabled": True, "embedded_worker": False, "default_lang": "en"}
    platform = build_platform(Settings(data_dir=tmp_path, **chosen))  # type: ignore[arg-type]
    migrate(platform.database.engine)
    with platform.database.writing() as session:
        make_person(session)
    table = read_table()
    once = (Limit("sign_in", "entry", 1, 900, proves=True),)
    limits = Limits(platform.settings, replace(table, limits={**table.limits, "sign_in": once}))
    port = free_port()
    with serving(replace(platform, limits=limits), port):
        yield f"http://127.0.0.1:{port}"
    limits.close()


def test_a_browser_proves_itself_by_a_calculation(chromium: Browser, hard_pressed: str) -> None:
    context = chromium.new_context(base_url=hard_pressed)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for _ in range(2):
        page.goto("/sign-in?next=/about")
        page.fill("[name=email]", "aizada@example.org")
        page.fill("[name=password]", "not the password")
        follow(page.locator("main [type=submit]"))
    page.locator("[role=status]", has_text="Done").wait_for()
    page.fill("[name=password]", PASSWORD)
    page.click("main [type=submit]")
    page.wait_for_url("**/about")
    context.close()
    assert not complaints
