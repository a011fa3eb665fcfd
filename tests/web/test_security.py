"""What every answer carries, and what no answer gives away."""

import re
from typing import Any

import pytest
from fastapi.responses import Response
from sqlmodel import select
from starlette.testclient import TestClient

from consult.accounts.models import SignIn
from consult.app import build_platform, create_app
from consult.config import Settings
from consult.platform import Platform
from consult.security import SIGN_IN_COOKIE, Db, Reader
from consult.templating import static_url
from consult.web import FLASH_COOKIE, LANG_COOKIE
from tests.client import Client
from tests.conftest import TestClock
from tests.factories import PASSWORD, make_agency, make_person, open_draft, sign_in_token

SECRET = "postgresql://user:hunter2@db/kenesh"


def break_(session: Db, _actor: Reader) -> Response:
    """A page with a mistake in it."""
    make_agency(session)
    raise LookupError(SECRET)


@pytest.fixture
def browser(platform: Platform) -> TestClient:
    """Talks to the application, which has a page that breaks, and shows what a person would see."""
    app = create_app(platform)
    app.add_api_route("/test/break.json", break_, methods=["GET", "POST"])
    return TestClient(app, raise_server_exceptions=False, follow_redirects=False)


@pytest.fixture
def production(platform: Platform, clock: TestClock) -> Any:
    settings = Settings(
        **platform.settings.model_dump()
        | {"environment": "production", "secret_key": "a real secret"}
    )
    platform = build_platform(settings, clock)
    yield platform
    platform.database.engine.dispose()


def test_every_kind_of_answer_carries_the_same_armour(
    browser: TestClient, platform: Platform
) -> None:
    answers = {
        "page": browser.get("/"),
        "piece": browser.get("/", headers={"HX-Request": "true"}),
        "json": browser.get("/healthz"),
        "redirect": browser.get("/cabinet"),
        "not found": browser.get("/nothing/here"),
        "wrong address": browser.get("/drafts/x"),
        "wrong method": browser.get("/sign-out"),
        "refused form": browser.post("/sign-in", headers={"Origin": "https://evil.example"}),
        "form with errors": browser.post("/sign-in"),
        "static file": browser.get(static_url("app.js")),
        "missing file": browser.get("/static/none.js"),
        "broken page": browser.get("/test/break.json"),
    }
    for kind, answer in answers.items():
        headers = answer.headers
        policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
        assert policy["default-src"] == "'none'", kind
        assert policy["script-src"] == policy["style-src"] == "'self'", kind
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'", kind
        assert policy["form-action"] == "'self'", kind
        assert "unsafe" not in headers["content-security-policy"], kind
        assert headers["x-content-type-options"] == "nosniff", kind
        assert headers["referrer-policy"] == "same-origin", kind
        assert headers["cache-control"], kind
        assert "server" not in headers, kind


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_nobody_foresaw_is_a_plain_page_that_gives_nothing_away(
    browser: TestClient, platform: Platform, method: str
) -> None:
    russian = {"Cookie": f"{LANG_COOKIE}=ru"}
    answer = browser.request(method, "/test/break.json", headers=russian)
    assert answer.status_code == 500
    assert '<html lang="ru">' in answer.text
    for secret in (SECRET, "LookupError", "Traceback", ".py"):
        assert secret not in answer.text
    assert not re.search(r"<script|style=", answer.text)
    with platform.database.reading() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM agency").scalar() == 0


def test_a_database_that_is_away_is_a_plain_page_too(
    platform: Platform, tmp_path: Any, clock: TestClock
) -> None:
    settings = platform.settings.model_dump() | {"database_url": f"sqlite:///{tmp_path}/none/x.db"}
    without = build_platform(Settings(**settings), clock)
    browser = TestClient(create_app(without), raise_server_exceptions=False)
    assert browser.get("/").status_code == 500
    assert "sqlite" not in browser.get("/").text.casefold()
    assert browser.get("/healthz").status_code == 503
    assert browser.get("/about").status_code == 200  # needs no database


def test_a_page_is_kept_by_nobody_and_a_file_with_its_fingerprint_by_everybody(
    browser: TestClient,
) -> None:
    url = static_url("app.js")
    assert browser.get("/").headers["cache-control"] == "private, no-cache"
    assert "immutable" in browser.get(url).headers["cache-control"]
    assert "immutable" not in browser.get(url.partition("?")[0]).headers["cache-control"]
    assert "immutable" not in browser.get("/static/none.js?v=1").headers["cache-control"]


def test_no_file_outside_the_folder_of_files_is_given_out(browser: TestClient) -> None:
    for path in ("../pyproject.toml", "..%2fpyproject.toml", "%2e%2e/consult/config.py", "css/"):
        assert browser.get(f"/static/{path}").status_code == 404


def test_every_page_names_only_files_that_are_there(browser: TestClient) -> None:
    files = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', browser.get("/").text))
    assert len(files) >= 8
    for url in files:
        assert browser.get(url).status_code == 200


def cookies_of(answer: Any) -> dict[str, str]:
    """The Set-Cookie lines of an answer by the name of the cookie."""
    return {line.partition("=")[0]: line for line in answer.headers.get_list("set-cookie")}


def sign_in(platform: Platform) -> Any:
    with platform.database.writing() as session:
        make_person(session)
    return Client(platform).post("/sign-in", {"email": "aizada@example.org", "password": PASSWORD})


def test_no_script_reads_a_cookie_and_no_other_site_sends_one(platform: Platform) -> None:
    signed_in = cookies_of(sign_in(platform))[SIGN_IN_COOKIE]
    chosen = cookies_of(Client(platform).post("/language", {"lang": "ru"}))[LANG_COOKIE]
    told = cookies_of(Client(platform).get("/cabinet", status=303))[FLASH_COOKIE]
    for line in (signed_in, chosen, told):
        assert "httponly" in line.casefold()
        assert "samesite=lax" in line.casefold()
        assert "secure" not in line.casefold()  # development is served without TLS


def test_in_production_everything_travels_encrypted(
    platform: Platform, production: Platform
) -> None:
    client = Client(production)
    for answer in (
        sign_in(production),
        client.post("/language", {"lang": "ru"}),
        client.get("/cabinet", status=303),
    ):
        for line in cookies_of(answer).values():
            assert "secure" in line.casefold()
    assert "max-age=31536000" in client.get("/").headers["strict-transport-security"]
    assert "strict-transport-security" not in Client(platform).get("/").headers


def test_production_does_not_start_with_the_secret_everybody_knows(platform: Platform) -> None:
    with pytest.raises(ValueError, match="CONSULT_SECRET_KEY"):
        Settings(environment="production")


def test_a_message_is_shown_once(platform: Platform) -> None:
    client = Client(platform)
    client.get("/cabinet", status=303)
    assert "Please sign in first." in client.get("/sign-in").text
    assert "Please sign in first." not in client.get("/sign-in").text


def test_a_sign_in_that_ran_out_or_ended_opens_nothing(
    platform: Platform, clock: TestClock
) -> None:
    with platform.database.writing() as session:
        token = sign_in_token(session, make_person(session))
    client = Client(platform, token)
    client.get("/cabinet")
    clock.forward(days=30)
    client.get("/cabinet", status=303)


def test_what_is_kept_of_a_sign_in_signs_nobody_in(platform: Platform) -> None:
    with platform.database.writing() as session:
        token = sign_in_token(session, make_person(session))
        kept = session.exec(select(SignIn)).one()
    assert token not in kept.model_dump().values()
    Client(platform, kept.token_hash).get("/cabinet", status=303)


def test_a_reader_without_an_account_gets_no_cookie(platform: Platform) -> None:
    with platform.database.writing() as session:
        open_draft(session)
    for url in ("/", "/drafts", "/drafts/1", "/search?q=library", "/sign-in"):
        assert not cookies_of(Client(platform).get(url))
