"""Where a page may lead, what it may say once, and in which language: the rules beneath pages."""

import base64
from urllib.parse import urljoin, urlsplit

import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from consult.i18n.catalogues import LANGUAGES, choose_language
from consult.security import is_cross_site
from consult.web import FLASH_COOKIE, _read_flash, go, local_path

SITE = "https://kenesh.example"
TRICKY = st.text(st.sampled_from("/\\.:@?#%&= \t\n\r\0ab5;\u2028\u3002／＼"), max_size=12)


def landing(wish: str) -> str:
    """The address a browser ends at when it is led to a wish on this site."""
    return urljoin(f"{SITE}/drafts/1", local_path(wish))


@given(st.one_of(st.text(), TRICKY, TRICKY.map("/".__add__)))
def test_a_wish_never_leads_away_from_this_site(wish: str) -> None:
    assert urlsplit(landing(wish)).netloc == "kenesh.example"
    assert local_path(wish).startswith("/")
    assert not local_path(wish).startswith(("//", "/\\"))


@pytest.mark.parametrize(
    "wish",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "evil",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/ok\r\nSet-Cookie: a=b",
        "",
        " /drafts",
    ],
)
def test_a_wish_to_leave_is_not_followed(wish: str) -> None:
    assert local_path(wish, "/cabinet") == "/cabinet"


@given(st.text(st.characters(categories=["L", "N"]), max_size=20))
def test_a_place_on_this_site_is_kept(name: str) -> None:
    wish = f"/drafts/7?text=ky&q={name}#art_1"
    assert local_path(wish) == wish


def request_with(cookie: str) -> Request:
    header = f"{FLASH_COOKIE}={cookie}".encode("latin-1")
    return Request({"type": "http", "headers": [(b"cookie", header)]})


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_message_travels_to_the_next_page_whole(message: str) -> None:
    set_cookie = go("/", message).headers["set-cookie"]
    cookie = set_cookie.partition("=")[2].partition(";")[0]
    assert _read_flash(request_with(cookie.strip('"'))) == [message]


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=';,"\\')))
def test_a_message_nobody_sent_is_not_shown(garbage: str) -> None:
    shown = _read_flash(request_with(garbage))
    assert len(shown) <= 1
    if shown:  # it was base64 after all
        assert base64.urlsafe_b64decode(garbage).decode() == shown[0]


@pytest.mark.parametrize(
    ("wishes", "chosen"),
    [
        (("kk", "ru", "en"), "kk"),
        (("", "ru", "en"), "ru"),
        (("", "", "kk-KZ,ru;q=0.8,en;q=0.5"), "kk"),
        (("xx", "", "de-DE, RU;q=0.8"), "ru"),
        (("", "", "de, fr"), "ky"),
        (("", "", ""), "ky"),
    ],
)
def test_the_first_wish_that_is_a_language_of_the_site_counts(
    wishes: tuple[str, ...], chosen: str
) -> None:
    assert choose_language(*wishes, default="ky") == chosen


@given(st.lists(st.text(), max_size=4))
def test_whatever_is_wished_the_site_has_a_language(wishes: list[str]) -> None:
    assert choose_language(*wishes, default="ky") in LANGUAGES


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Sec-Fetch-Site": "same-site"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, True),
        ({"Sec-Fetch-Site": "nonsense"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Origin": SITE}, True),
        ({"Origin": SITE}, False),
        ({"Origin": "https://evil.example"}, True),
        ({"Origin": "https://kenesh.example.evil.example"}, True),
        ({"Origin": "null"}, True),
        ({"Origin": ""}, True),
        ({"Origin": "http://[broken"}, True),
        ({}, False),
    ],
)
def test_a_form_counts_only_from_a_page_of_this_site(
    headers: dict[str, str], refused: bool
) -> None:
    sent = Headers({"Host": "kenesh.example", **headers})
    assert is_cross_site("/drafts/1/comments", sent) == refused
    assert not is_cross_site("/unsubscribe/a-signed-link", sent)  # RFC 8058: sent by mail providers
