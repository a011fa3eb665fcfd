"""What no browser sends: answered as far as it can be understood, and never with a broken page."""

import re

import pytest

from consult.platform import Platform
from consult.security import SIGN_IN_COOKIE
from consult.web import FLASH_COOKIE, LANG_COOKIE
from tests.cast import Cast, unchanged
from tests.client import Client

FORGED = (
    f"{SIGN_IN_COOKIE}=guessed",
    f"{SIGN_IN_COOKIE}={'x' * 4000}",
    f"{LANG_COOKIE}=../../etc/passwd",
    f"{FLASH_COOKIE}=not base64 at all",
    f"{FLASH_COOKIE}=ezB9e3h9eyA=",  # {0}{x}{
    f"{FLASH_COOKIE}=/////w==",
)
NONSENSE = (
    ("Accept-Language", ";;;,,,=q;xx-;en-US-x-ü".encode()),
    ("Accept-Language", b"x" * 5000),
    ("Cookie", b"\xff\xfe; =; ;;sign_in"),
    ("Referer", b"http://[:::\xff"),
    ("HX-Request", b"maybe"),
    ("Accept-Encoding", b"gzip;q=x"),
    ("If-Modified-Since", b"never"),
    ("Range", b"bytes=9-1"),
)


@pytest.fixture
def people(platform: Platform) -> Cast:
    return Cast(platform)


def test_nul_bytes_and_halves_of_letters_are_left_out(people: Cast, platform: Platform) -> None:
    url, form = "/drafts/1/comments", b"body=one%00two%ED%A0%80three&kind=substantive"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    page = people["bolot"].follow(people["bolot"].post(url, content=form, headers=kind))
    assert "onetwo" in page.text
    parts = b'--x\r\nContent-Disposition: form-data; name="body"\r\n\r\none\\ud800two\r\n--x--\r\n'
    for charset in ("unicode_escape", "utf-7", "nonsense", "utf-16"):
        kind = {"Content-Type": f"multipart/form-data; boundary=x; charset={charset}"}
        answer = people["bolot"].http.post(url, content=parts, headers=kind)
        assert answer.status_code in {303, 422}, charset


def test_a_body_that_is_no_form_is_answered_like_an_empty_one(
    people: Cast, platform: Platform
) -> None:
    bodies = {
        "application/json": b'{"body": "Hello"}',
        "text/plain": b"body=Hello",
        "multipart/form-data": b"body=Hello",  # without a boundary
        "multipart/form-data; boundary=x": b"--x\r\nbroken",
        "application/x-www-form-urlencoded": b"&".join(b"a%d=1" % n for n in range(1100)),
    }
    with unchanged(platform):
        for kind, body in bodies.items():
            headers = {"Content-Type": kind, "Sec-Fetch-Site": "same-origin"}
            answer = people["bolot"].http.post("/drafts/1/comments", content=body, headers=headers)
            assert answer.status_code in {400, 422}, kind
            assert "<h1>" in answer.text


def test_a_file_where_words_belong_is_refused(people: Cast, platform: Platform) -> None:
    with unchanged(platform):
        people["bolot"].post("/drafts/1/comments", files={"body": ("a.txt", b"Hello")}, status=422)
        people["bolot"].post("/drafts/1/vote", files={"value": ("a.txt", b"1")}, status=422)


def test_a_forged_cookie_changes_nothing_one_can_see(people: Cast, platform: Platform) -> None:
    stranger = Client(platform)
    for cookie in FORGED:
        page = stranger.get("/drafts/1", headers={"Cookie": cookie}).text
        assert "Sign in" in page
        assert '<html lang="en">' in page


def test_nonsense_in_a_header_is_passed_over(people: Cast, platform: Platform) -> None:
    http = Client(platform).http
    for name, value in NONSENSE:
        assert http.get("/drafts/1", headers={name: value}).status_code == 200
        assert http.post("/drafts/1/vote", headers={name: value}).status_code == 303  # to sign in


def test_a_very_long_search_finds_what_its_beginning_finds(people: Cast) -> None:
    people["bolot"].get("/search", params={"q": "library " * 2000})


def test_signs_in_a_search_are_no_errors(people: Cast) -> None:
    for typed in ('"', "(", "a AND", "title:", "*", "?*", "м*", "[a TO", "a~9", "-", "NOT", "\\"):
        people["bolot"].get("/search", params={"q": typed})


def test_no_form_leads_away_from_the_site(people: Cast) -> None:
    for wish in ("https://evil.example", "//evil.example", "/\\evil.example", "/\r\nevil: a=b"):
        for url, form in (
            ("/language", {"lang": "ru"}),
            ("/follow", {"target": "draft:1"}),
            ("/unfollow", {"target": "draft:1"}),
        ):
            answer = people["aizada"].post(url, form | {"next": wish})
            assert re.match(r"/(?![/\\])", answer.headers["location"])
            assert "evil" not in answer.headers["location"]


def test_a_wrong_method_says_so(people: Cast) -> None:
    http = people["bolot"].http
    for method, url in (("GET", "/drafts/1/vote"), ("DELETE", "/drafts/1"), ("PUT", "/comments/1")):
        answer = http.request(method, url)
        assert answer.status_code == 405
        assert "<h1>" in answer.text
