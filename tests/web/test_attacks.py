"""What somebody tries who means no good, against every route at once.

One feature's own defences are tested with it; here are those that no feature may forget.
"""

from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest

from consult.accounts.models import Person
from consult.platform import Platform
from consult.security import CROSS_SITE_PATHS
from consult.templating import static_url
from tests.cast import unchanged
from tests.client import Client
from tests.conftest import TestClock
from tests.crawling import addresses
from tests.factories import PASSWORD
from tests.filled import Filled, make_filled
from tests.web.test_access import address, doors
from tests.web.test_bad_input import FOREIGN

ALONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HERE = "https://kenesh.example"
ELSEWHERE = (
    "//evil.example",
    "///evil.example",
    "////evil.example/%2f..",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\nLocation: https://evil.example",
    "\t//evil.example",
    " //evil.example",
    "https://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "evil.example",
    "@evil.example",
    "/\u2028/evil.example",
    "/\0/evil.example",
    "?//evil.example",
)
PUBLIC = {"read", "join", "brief", "develop"}


@pytest.fixture
def filled(platform: Platform, clock: TestClock) -> Filled:
    return make_filled(platform, clock)


def where_a_browser_goes(location: str) -> str:
    """The host a redirect leads to: browsers drop tabs and lines, and read \\ as /."""
    read = location.strip("\x00 ").translate({9: None, 10: None, 13: None}).replace("\\", "/")
    return urlsplit(urljoin(f"{HERE}/cabinet/page", read)).netloc


# --- redirects


@ALONE
def test_no_route_leads_to_another_site_by_what_it_is_asked(filled: Filled) -> None:
    """`next` in the address and in the form, and the page a form stood on."""
    browsers = [filled.browser("everybody"), filled.browser("")]
    wrong = []
    for browser in browsers:
        for wish in ELSEWHERE:
            for path in ("/sign-in", "/second-factor", "/second-factor/app", "/eid", "/sign-out"):
                for answer in (
                    browser.http.get(path, params={"next": wish, "back": wish, "url": wish}),
                    _posted(browser, "/language", {"lang": "ru", "next": wish}),
                ):
                    wrong += _leads_away(path, wish, answer)
    form = {"email": "x@example.org", "password": PASSWORD}
    for wish in ELSEWHERE:
        wrong += _leads_away(
            "sign-in", wish, _posted(browsers[1], "/sign-in", form | {"next": wish})
        )
        wrong += _leads_away("referer", wish, _posted(browsers[1], "/drafts/1/vote", {}, wish))
    assert not wrong


def _posted(browser: Client, path: str, form: dict[str, str], referer: str = "") -> Any:
    headers = {"Sec-Fetch-Site": "same-origin"}
    if referer.isascii() and referer.isprintable():
        headers["Referer"] = f"{HERE}{referer}"
    return browser.http.post(path, data=form, headers=headers)


def _leads_away(path: str, wish: str, answer: Any) -> list[tuple[str, str, str]]:
    location = answer.headers.get("location", "/")
    away = where_a_browser_goes(location) not in {urlsplit(HERE).netloc, "testserver"}
    return [(path, wish, location)] if away or answer.status_code >= 500 else []


# --- forms of other sites


@ALONE
@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_no_form_of_another_site_is_taken_by_any_route(
    filled: Filled, headers: dict[str, str]
) -> None:
    browser = filled.browser("everybody")
    taken = []
    with unchanged(filled.platform):
        for method, path, _ in doors():
            if method != "GET" and not path.startswith(CROSS_SITE_PATHS):
                answer = browser.http.request(method, address(path, {}), headers=headers)
                if answer.status_code != 403 or answer.headers.get("set-cookie"):
                    taken.append((method, path, answer.status_code))
    assert not taken


def test_what_may_be_sent_from_elsewhere_is_for_mail_programs_alone() -> None:
    assert set(CROSS_SITE_PATHS) <= {"/unsubscribe/", "/bounces"}


# --- headers


@ALONE
@pytest.mark.parametrize("who", ["", "everybody"])
def test_every_answer_forbids_scripts_that_are_not_ours_and_readers_that_are_not(
    filled: Filled, who: str
) -> None:
    """Pages, files to take away, redirects, refusals. Open data may be read from anywhere."""
    browser, foreign = filled.browser(who), {"Origin": "https://evil.example"}
    for url in addresses(filled.platform, tuple(filled.scene.comments.values())):
        if url.startswith("/dev/"):  # mails with their own styles, while trying things out
            continue
        said = browser.http.get(url, headers=foreign).headers
        assert "default-src 'none'" in said["content-security-policy"], url
        assert "unsafe" not in said["content-security-policy"], url
        framed = " frame-ancestors *" if url.startswith("/embed/") else ""  # it is made for that
        assert "*" not in said["content-security-policy"].replace(framed, ""), url
        assert said["x-content-type-options"] == "nosniff", url
        assert "access-control-allow-credentials" not in said, url
        if url.startswith(("/cabinet", "/desk", "/admin")):
            assert "access-control-allow-origin" not in said, url


@ALONE
def test_what_is_not_changed_wrong_or_too_much_carries_the_same_headers(filled: Filled) -> None:
    http = filled.browser("").http
    page = http.get("/feeds/drafts.atom")
    known = {"If-None-Match": page.headers["etag"]}
    answers = {
        304: http.get("/feeds/drafts.atom", headers=known),
        405: http.put("/", headers={"Sec-Fetch-Site": "same-origin"}),
        413: http.post(
            "/sign-in", content=b"x" * 4_000_000, headers={"Sec-Fetch-Site": "same-origin"}
        ),
    }
    static = http.get(static_url("app.js"))
    kept = http.get(static_url("app.js"), headers={"If-None-Match": static.headers["etag"]})
    assert kept.status_code == 304
    for status, answer in (*answers.items(), (304, kept), (200, http.head("/"))):
        assert answer.status_code == status
        assert "default-src 'none'" in answer.headers["content-security-policy"], status
        assert answer.headers["x-content-type-options"] == "nosniff", status


@ALONE
def test_what_is_behind_a_door_is_kept_by_no_cache_on_the_way(filled: Filled) -> None:
    browser = filled.browser("everybody")
    of_programs = "/api/v1/"  # a key opens it, and what is read there is public
    doors_shut = {path for _, path, right in doors() if right not in PUBLIC}
    doors_shut = {path for path in doors_shut if not path.startswith(of_programs)}
    for path in sorted(doors_shut):
        said = browser.http.get(address(path, {"draft_id": 1, "comment_id": 1})).headers
        kept = said["cache-control"]
        assert "private" in kept or "no-store" in kept, path
        assert "public" not in kept, path


@ALONE
def test_signing_out_empties_what_the_browser_kept_of_private_pages(filled: Filled) -> None:
    """On a shared telephone the next one must not go back to it."""
    answer = _posted(filled.browser("citizen"), "/sign-out", {})
    assert answer.headers["clear-site-data"] == '"cache"'


# --- what a stranger learns of accounts


@ALONE
@pytest.mark.parametrize("path", ["/forgot", "/register", "/sign-in"])
def test_nothing_tells_a_known_address_from_an_unknown_one(filled: Filled, path: str) -> None:
    with filled.platform.database.reading() as session:
        known = session.get_one(Person, filled.ids["citizen"]).email
    form = {"name": "X", "password": "a wrong long password", "kind": "person", "lang": "en"}
    answers = []
    for email in (known, "nobody.at.all@example.org"):
        answer = _posted(Client(filled.platform), path, form | {"email": str(email)})
        shown = answer.text.replace(str(email), "")
        answers.append((answer.status_code, answer.headers.get("location"), shown))
    assert answers[0] == answers[1]
