"""What people and programs send that no form would: a clear answer, and nothing half saved."""

import re
from typing import Any

import pytest
from sqlmodel import select

from consult.comments.models import Comment
from consult.platform import Platform
from consult.votes.models import Vote
from consult.worker import drain
from tests.cast import Cast, unchanged
from tests.client import Client
from tests.conftest import START
from tests.contracts.test_routes import routes
from tests.factories import (
    make_agency,
    make_person,
    open_draft,
    sign_in_token,
)

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}"
NO_IDS = ("9", "-1", "99999999999", "x", "1%00")
CURSORS = ("x", "1", "1_2_3", "nan_1", "inf_1", f"1e300_{'9' * 30}", "-1_-1", "%00", "9" * 40)
PAGED = (
    "/drafts?before=",
    "/drafts/1/discussion?after=",
    "/drafts/1/discussion?sort=supported&after=",
    "/drafts/1/provisions/art_1?after=",
    "/cabinet?before=",
    "/cabinet/notices?before=",
    "/obligations?after=",
)
CHANGING = (
    "/drafts/1/comments",
    "/drafts/1/vote",
    "/comments/1/withdraw",
    "/comments/1/edit",
    "/comments/1/reply",
    "/follow",
    "/sign-out",
    "/language",
)
FOREIGN = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
)


@pytest.fixture
def people(platform: Platform) -> Cast:
    return Cast(platform)


def comment_on(client: Client, body: str, status: int, **more: Any) -> str:
    url = "/drafts/1/comments?wid=art_1&text=en"
    page: str = client.post(url, {"body": body, **more}, status=status).text
    return page


# --- comments and votes


def test_a_comment_of_100_000_characters_is_refused_and_kept(
    people: Cast, platform: Platform
) -> None:
    body = "Өмүр бою ойлодум. " * 5_556
    with unchanged(platform):
        page = comment_on(people["bolot"], body, 422)
    assert body.strip() in page
    assert "at most 20000 are taken" in page


def test_script_is_shown_as_text_wherever_it_was_typed(platform: Platform) -> None:
    with platform.database.writing() as session:
        agency = make_agency(session)
        agency.names = {"en": f"Ministry {SCRIPT}"}
        draft = open_draft(session, (f"Wherever {SCRIPT} stands.",), agency=agency)
        draft.titles, draft.summaries = {"en": f"On {SCRIPT}"}, {"en": SCRIPT}
        person = make_person(session, "Evil", region=SCRIPT[:100], organisation=SCRIPT)
        token = sign_in_token(session, person)
    client = Client(platform, token)
    typed = {"quote": SCRIPT, "kind": "wording", "proposed": f"{SCRIPT}!", "stance": "neutral"}
    comment_on(client, SCRIPT, 303, **typed)
    client.post("/comments/1/reply", {"body": SCRIPT})
    drain(platform, START)
    pages = (
        "/",
        "/drafts",
        "/drafts/1",
        "/drafts/1/discussion",
        "/drafts/1/provisions/art_1",
        "/comments/1",
        "/comments/1/edit",
        "/comments/1/reply",
        "/cabinet",
        "/cabinet/notices",
    )
    for url in pages:
        page = client.get(url).text
        assert "<script>alert" not in page, url
        assert "<img src=x" not in page, url
        assert "49" not in re.findall(r"onerror=alert\(1\)&gt;(\S+)", page), url
    assert "&lt;script&gt;alert(1)" in client.get("/comments/1").text
    for url, param in (("/search", "q"), ("/drafts/1/provisions/art_1", "quote")):
        page = client.get(url, params={param: SCRIPT}).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
    for param in ("agency", "act_type", "stage", "topic", "lang", "before", "after", "sort"):
        for url in ("/search", "/drafts/1/discussion"):
            assert "<script>alert" not in client.http.get(url, params={param: SCRIPT}).text


def test_a_second_vote_adds_nothing(people: Cast, platform: Platform) -> None:
    for _ in range(2):
        people["bolot"].post("/drafts/1/vote", {"value": "1"})
    with platform.database.reading() as session:
        assert len(session.exec(select(Vote)).all()) == 1
    assert "Agree · 1" in people["aizada"].get("/drafts/1").text


def test_a_vote_that_is_none_is_refused(people: Cast, platform: Platform) -> None:
    with unchanged(platform):
        for value in ("2", "", "1.0", "one", "-2", "１"):
            people["bolot"].post("/drafts/1/vote", {"value": value}, status=422)


def test_after_the_end_no_vote_and_no_comment_is_saved(
    people: Cast, platform: Platform, clock: Any
) -> None:
    clock.forward(days=90)  # and no worker has closed it yet
    with platform.database.writing() as session:
        token = sign_in_token(session, make_person(session, "Late"), clock())
    late = Client(platform, token)
    with unchanged(platform):
        late.post("/drafts/1/vote", {"value": "1"}, status=403)
        late.post("/comments/1/vote", {"value": "1"}, status=403)
        assert "Too late." in comment_on(late, "Too late.", 403), "nothing typed is lost"


def test_a_form_from_another_site_does_nothing(people: Cast, platform: Platform) -> None:
    http = people["aizada"].http
    with unchanged(platform):
        for url in CHANGING:
            for headers in FOREIGN:
                answer = http.post(url, data={"body": "x", "value": "1"}, headers=headers)
                assert answer.status_code == 403, (url, headers)
                assert "another site" in answer.text
                assert not answer.headers.get("set-cookie")
    people["aizada"].get("/cabinet")  # still signed in


# --- what was guessed


def test_a_draft_in_preparation_does_not_exist_for_others(people: Cast, platform: Platform) -> None:
    with unchanged(platform):
        for name in ("aizada", "damir"):
            for page in ("", "/discussion", "/comparison", "/term", "/provisions/art_1"):
                people[name].get(f"/drafts/2{page}", status=404)
        for action in ("comments", "vote", "provisions/art_1/vote"):
            people["bolot"].post(f"/drafts/2/{action}", {"body": "x", "value": "1"}, status=404)
        people["bolot"].post("/follow", {"target": "draft:2"}, status=404)


def test_nobody_edits_or_withdraws_the_words_of_another(people: Cast, platform: Platform) -> None:
    with unchanged(platform):
        people["bolot"].get("/comments/1/edit", status=404)
        people["bolot"].post("/comments/1/edit", {"body": "Mine now."}, status=404)
        people["bolot"].post("/comments/1/withdraw", status=404)
    with platform.database.reading() as session:
        comment = session.get_one(Comment, 1)
    assert (comment.body, comment.withdrawn_at) == ("Please think of the children too.", None)


@pytest.mark.parametrize("name", ["bolot", "azamat"])
def test_an_id_that_cannot_be_is_not_there_on_any_page(
    people: Cast, platform: Platform, name: str
) -> None:
    http = people[name].http
    numbered = [route for route in routes() if "_id}" in route.path]  # type: ignore[attr-defined]
    same_site = {"Sec-Fetch-Site": "same-origin"}
    with unchanged(platform):
        for route in numbered:
            for guess in NO_IDS:
                path = re.sub(r"\{\w*_id\}", guess, route.path)  # type: ignore[attr-defined]
                path = re.sub(r"\{\w+\}", "1", path)
                for method in route.methods:  # type: ignore[attr-defined]
                    status = http.request(method, path, headers=same_site).status_code
                    keyless = path.startswith("/api/") and status == 401
                    assert keyless or status in {403, 404, 422}, f"{method} {path}: {status}"


def test_a_passage_or_version_that_is_not_there_is_not_found(people: Cast) -> None:
    reader = people["bolot"]
    for guess in ("art_9", "1", "%00", "' OR 1=1 --", "..%2F..%2Fetc", "א" * 300):
        reader.get(f"/drafts/1/provisions/{guess}", status=404)
        reader.post(f"/drafts/1/provisions/{guess}/vote", {"value": "1"}, status=404)
    for version in ("99", "0", "-1", "9" * 30, "x"):
        reader.get(f"/drafts/1?version={version}", status=404)


def test_a_wrong_cursor_shows_a_page_all_the_same(people: Cast) -> None:
    for url in PAGED:
        for cursor in CURSORS:
            status = people["aizada"].http.get(url + cursor).status_code
            assert status in {200, 404}, url + cursor
