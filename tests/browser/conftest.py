"""A real Chromium against a real server with the demonstration state; skipped where none is.

In CI a missing browser is a failure (install.sh sees to it), never a silent skip.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from socket import socket
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from consult.app import build_platform, create_app
from consult.config import Settings
from consult.demo.load import load_demo
from consult.demo.stage import PASSWORD
from consult.platform import Platform
from consult.schema import migrate

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
PHONE, TABLET, DESK = (360, 740), (768, 1024), (1440, 900)

SignedIn = Callable[..., Page]


def free_port() -> int:
    """A port nobody listens on."""
    with closing(socket()) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(platform: Platform, port: int) -> Iterator[None]:
    """A real server of this installation for as long as the block lasts."""
    config = uvicorn.Config(create_app(platform), port=port, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.05)
    yield
    server.should_exit = True
    thread.join(10)
    platform.database.engine.dispose()


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Platform:
    """An installation with the demonstration state."""
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("browser"),
        base_url=f"http://127.0.0.1:{free_port()}",
        default_lang="en",
        staff_second_factor=False,  # as in the demonstration
    )
    platform = build_platform(settings)
    migrate(platform.database.engine)
    load_demo(platform)
    return platform


@pytest.fixture(scope="session")
def site(installation: Platform) -> Iterator[str]:
    """The address of the running server."""
    url = installation.settings.base_url
    with serving(installation, int(url.rpartition(":")[2])):
        yield url


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM:
        message = "Chromium is not installed: apt-get install chromium"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, site: str) -> Iterator[SignedIn]:
    """`visit("aizada", size=PHONE, script=False)`: a page of a signed-in person, or a visitor's.

    A script error or a refused script fails the test that caused it.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(who: str = "", size: tuple[int, int] = DESK, **options: Any) -> Page:
        script = options.pop("script", True)
        context = chromium.new_context(
            base_url=site,
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=script,
            locale=options.pop("locale", "en-GB"),
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        if who:
            context.add_cookies([{"name": "lang", "value": "en", "url": site}])
            page.goto("/sign-in")
            page.fill("[name=email]", f"{who}@example.org")
            page.fill("[name=password]", PASSWORD)
            follow(page.locator("main .btn-main"))
        return page

    yield open_page
    for context in contexts:
        context.close()
    refused = [text for text in complaints if "status of 4" not in text]
    assert not refused, refused


def follow(target: Locator) -> None:
    """Click what leads to another page, and wait for it.

    A bare click returns before the form is sent: what is asked next may come before its effect,
    and a `goto` aborts the sending.
    """
    with target.page.expect_navigation():
        target.click()


def accessibility_problems(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA, as "rule: element"."""
    page.evaluate(AXE)
    result = page.evaluate(
        """() => axe.run(document, {runOnly: {type: 'tag', values:
        ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}})"""
    )
    return [
        f"{found['id']}: {node['html'][:120]}"
        for found in result["violations"]
        for node in found["nodes"]
    ]
