"""Webhooks in the cabinet, and the page that says what they hold."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import pytest
from sqlmodel import select

from consult.platform import Platform
from consult.webhooks.models import Webhook
from consult.webhooks.rules import KINDS
from consult.worker import drain
from tests.cast import Cast, unchanged
from tests.client import Client
from tests.conftest import START
from tests.hooked import Hooked, answering, listening

HOME = "/cabinet/webhooks"


@pytest.fixture
def people(platform: Platform) -> Cast:
    return Cast(platform)


@pytest.fixture
def server() -> Iterator[Hooked]:
    with listening() as server:
        yield server


def test_the_secret_is_shown_once_and_kept_by_nobody(people: Cast) -> None:
    aizada = people["aizada"]
    assert "No address is called yet" in aizada.get(HOME).text
    kinds = ["report.published", "consultation.opened"]
    form = {"url": "https://example.org/hook", "kinds[]": kinds}
    added = aizada.post(HOME, form, status=200)
    assert re.search(r"whsec_[\w+/]{43}=", unescape(added.text))
    assert added.headers["cache-control"] == "no-store"
    page = aizada.get(HOME).text
    assert "whsec_" not in page
    assert "https://example.org/hook" in page
    renewed = aizada.post(f"{HOME}/1/secret", status=200)
    assert "This is the new secret" in renewed.text
    assert re.search(r"whsec_[\w+/]{43}=", unescape(renewed.text))
    assert renewed.headers["cache-control"] == "no-store"
    with people.platform.database.reading() as session:
        kept = session.exec(select(Webhook)).one()
    assert kept.kinds == ["consultation.opened", "report.published"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://example.org/",
        "https://127.0.0.1/",
        "https://[::ffff:10.0.0.1]/",
        "https://example.org/\r\nX: y",
        "https://example.org/<script>alert(1)</script> ",
        f"https://example.org/{'x' * 5000}",
    ],
)
def test_an_address_that_may_not_be_called_comes_back_with_the_reason(
    people: Cast, platform: Platform, url: str
) -> None:
    aizada = people["aizada"]
    if "<" in url:  # is no refusal: it is kept in another form, and shown as text
        assert "<script>alert" not in aizada.post(HOME, {"url": url}, status=200).text
        return
    with unchanged(platform):
        page = aizada.post(HOME, {"url": url, "kinds[]": [KINDS[0]]}, status=422).text
    assert "There is a problem" in page
    assert f'value="{KINDS[0]}" checked' in page
    with unchanged(platform):
        aizada.post(HOME, {"url": "https://example.org/", "kinds[]": ["nonsense"]}, status=422)


def test_others_neither_see_nor_end_what_is_mine(people: Cast, platform: Platform) -> None:
    people["aizada"].post(HOME, {"url": "https://example.org/mine"}, status=200)
    bolot = people["bolot"]
    assert "example.org" not in bolot.get(HOME).text
    with unchanged(platform):
        bolot.post(f"{HOME}/1/end", status=404)
        bolot.post(f"{HOME}/1/trial", status=404)
        bolot.post(f"{HOME}/9999999999/trial", status=404)


def test_a_trial_call_is_made_and_what_came_of_it_is_shown(
    people: Cast, platform: Platform, server: Hooked
) -> None:
    settings = platform.settings.model_copy(update={"webhooks_allow_private": True})
    site = replace(platform, settings=settings)
    people["aizada"].post(HOME, {"url": "https://example.org/hook"}, status=200)
    with platform.database.writing() as session:
        webhook = session.exec(select(Webhook)).one()
        webhook.url = server.url
        session.add(webhook)
    aizada = people["aizada"]
    page = aizada.follow(aizada.post(f"{HOME}/1/trial")).text
    assert "on its way" in page
    server.behave = answering(500)
    drain(site, START)
    assert "It refused the call. (500)" in " ".join(aizada.get(HOME).text.split())
    aizada.follow(aizada.post(f"{HOME}/1/end"))
    assert "127.0.0.1" not in aizada.get(HOME).text


def test_what_a_call_holds_is_public(platform: Platform) -> None:
    page = Client(platform).get("/webhooks/events").text
    for kind in KINDS:
        assert f"<code>{kind}</code>" in page
    assert "webhook-signature" in page
