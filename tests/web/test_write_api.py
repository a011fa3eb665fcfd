"""Writing by program: keys and their terms, comments, withdrawals and votes by key."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select

from consult.access import Role
from consult.accounts.actions import grant
from consult.accounts.keys import guard
from consult.accounts.keys import routes as key_routes
from consult.accounts.keys.models import ApiAnswer, ApiKey
from consult.accounts.keys.terms import Terms, terms
from consult.accounts.models import Person
from consult.audit.models import AuditEntry
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.limits.store import Limits
from consult.platform import Platform
from consult.privacy.forgetting import forget
from consult.privacy.leaving import Words
from consult.worker import drain
from drafts.models import Draft
from notifications.models import Mail, Message
from tests import factories
from tests.client import Client
from tests.conftest import TestClock
from tests.programs import ACCEPTED, KEY, Program, make


@pytest.fixture
def browser(platform: Platform) -> Client:
    """Aizada, who is signed in; a draft is under discussion."""
    with platform.database.writing() as session:
        factories.open_draft(session)
        person = factories.make_person(session)
        return Client(platform, factories.sign_in_token(session, person))


@pytest.fixture
def program(platform: Platform, browser: Client) -> Program:
    return Program(platform, make(browser))


def only(platform: Platform, table: Any) -> Any:
    with platform.database.reading() as session:
        return session.exec(select(table)).one()


def test_a_key_is_shown_once_and_only_a_hash_of_it_is_kept(
    platform: Platform, browser: Client, clock: TestClock
) -> None:
    key = make(browser)
    assert key not in browser.get("/cabinet/keys").text
    row = only(platform, ApiKey)
    assert key not in str(row.model_dump())
    assert (row.name, row.terms, row.used_on) == ("My script", 1, None)
    drain(platform, clock.now)
    with platform.database.reading() as session:
        assert session.exec(select(AuditEntry.action)).all() == ["key_made"]
        mails = select(Message.kind).join(Mail, Mail.message_id == Message.id)
        assert session.exec(mails).all() == ["key_made"]


def test_without_the_terms_there_is_no_key(platform: Platform, browser: Client) -> None:
    for lacking in ({}, {"version": "1"}, {"version": "9", "terms": "yes"}, {"terms": "yes"}):
        page = browser.post("/cabinet/keys", {"name": "Kept", **lacking}, status=422)
        assert 'value="Kept"' in page.text
        assert not KEY.search(page.text)
    with platform.database.reading() as session:
        assert not session.exec(select(ApiKey)).all()
    assert "Version 1" in Client(platform).get("/api-terms").text


def test_a_person_has_some_keys_and_not_hundreds(browser: Client) -> None:
    for n in range(5):
        make(browser, f"Script {n}")
    browser.post("/cabinet/keys", {"name": "One more", **ACCEPTED}, status=422)


def test_whoever_works_for_the_state_has_no_key(platform: Platform, browser: Client) -> None:
    with platform.database.writing() as session:
        olga = factories.make_person(session, "Olga", role=Role.OFFICER)
        officer = Client(platform, factories.sign_in_token(session, olga))
    assert "Make a key" not in officer.get("/cabinet/keys").text
    officer.post("/cabinet/keys", {"name": "x", **ACCEPTED}, status=403)


def test_a_comment_by_key_is_one_like_any_other(
    platform: Platform, browser: Client, program: Program, clock: TestClock
) -> None:
    answer = program.say(
        {
            "draft": 1,
            "provision": "art_2",
            "body": "Six days.",
            "stance": "oppose",
            "change": "replacement",
            "proposed": "It is open on six days.",
            "lang": "en",
        }
    )
    row = only(platform, Comment)
    assert (row.channel, row.wid, row.kind, row.stance) == ("api", "art_2", "wording", "oppose")
    assert answer["receipt"] == row.receipt
    assert answer["sha256"] == row.body_hash
    assert row.receipt in browser.get(f"/comments/{row.id}/receipt").text
    page = browser.get(f"/comments/{row.id}").text
    assert "By a program" in page
    drain(platform, clock.now)  # the receipt, the record, the duties: as of a comment on a page
    assert only(platform, ApiKey).used_on == clock.now.date()
    browser.post(f"/comments/{row.id}/edit", {"body": "Seven days.", "kind": "substantive"})


def test_the_cookie_of_a_browser_opens_nothing_here(platform: Platform, browser: Client) -> None:
    for said in ({"draft": 1, "body": "x"},):
        same = {"Sec-Fetch-Site": "same-origin"}
        answer = browser.http.post("/api/v1/comments", json=said, headers=same)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
    with platform.database.reading() as session:
        assert not session.exec(select(Comment)).all()


@pytest.mark.parametrize("said", ["", "kenesh_wrong", "kenesh_" + "x" * 43, "\xff"])
def test_a_wrong_key_is_not_taken_for_none(platform: Platform, said: str) -> None:
    headers = {b"Authorization": f"Bearer {said}".encode("latin-1")}
    answer = Client(platform).http.post("/api/v1/comments", json={}, headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 401
    assert ("This key is not valid" in answer.json()["detail"]) is bool(said)


def test_a_page_of_another_site_is_given_no_permission(program: Program) -> None:
    asking = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    answer = program.client.http.options("/api/v1/comments", headers=asking)
    assert "access-control-allow-headers" not in answer.headers
    assert "access-control-allow-methods" not in answer.headers
    program.say(status=403, Sec_Fetch_Site="cross-site", Origin="https://evil.example")


def ended(browser: Client, _platform: Platform, _clock: TestClock) -> None:
    browser.post("/cabinet/keys/1/end")


def forgotten(_browser: Client, platform: Platform, clock: TestClock) -> None:
    with platform.database.writing() as session:
        person = session.exec(select(Person).where(Person.name == "Aizada")).one()
        forget(session, person, words=Words.KEEP, by=None, now=clock.now, mail=False)


def new_password(browser: Client, _platform: Platform, _clock: TestClock) -> None:
    browser.post(
        "/cabinet/security/password",
        {"old_password": factories.PASSWORD, "password": "quite another long one 42"},
    )


@pytest.mark.parametrize("end", [ended, forgotten, new_password])
def test_a_key_ends_with_whatever_it_stands_on(
    platform: Platform,
    browser: Client,
    program: Program,
    clock: TestClock,
    end: Callable[[Client, Platform, TestClock], None],
) -> None:
    program.say()
    end(browser, platform, clock)
    program.say(status=401)
    assert "My script" not in browser.http.get("/cabinet/keys").text


def test_whoever_gets_a_role_writes_by_key_no_more(platform: Platform, program: Program) -> None:
    with platform.database.writing() as session:
        agency = session.get_one(Draft, 1).agency_id
        person = session.exec(select(Person).where(Person.name == "Aizada")).one()
        grant(session, person.id or 0, Role.OFFICER, agency, factories.START)
    program.say(status=403)


def test_new_terms_stop_a_key_until_they_are_accepted(
    browser: Client, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = Terms.model_validate(terms().model_dump() | {"version": 2})
    for module in (guard, key_routes):
        monkeypatch.setattr(module, "terms", lambda: newer)
    monkeypatch.setattr("consult.accounts.keys.actions.terms", lambda: newer)
    assert "The terms have changed" in program.say(status=403)["detail"]
    assert "rests until you accept" in browser.get("/cabinet/keys").text
    browser.post("/cabinet/keys/1/terms", {"version": "1", "terms": "yes"}, status=409)
    browser.post("/cabinet/keys/1/terms", {"version": "2"}, status=422)
    browser.post("/cabinet/keys/1/terms", {"version": "2", "terms": "yes"})
    program.say()


def test_nobody_ends_or_sees_the_key_of_another(platform: Platform, program: Program) -> None:
    with platform.database.writing() as session:
        bolot = factories.make_person(session, "Bolot")
        other = Client(platform, factories.sign_in_token(session, bolot))
    assert "My script" not in other.get("/cabinet/keys").text
    other.post("/cabinet/keys/1/end", status=404)
    other.post("/cabinet/keys/1/terms", ACCEPTED, status=404)


def test_the_same_request_is_done_once_and_answered_the_same(
    platform: Platform, program: Program, clock: TestClock
) -> None:
    said = {"draft": 1, "body": "Once."}
    first = program.say(said, Idempotency_Key="a-1")
    clock.forward(hours=1)
    assert program.say({"body": "Once.", "draft": 1}, Idempotency_Key="a-1") == first
    refusal = program.say(said | {"body": "Twice."}, status=422, Idempotency_Key="a-1")
    assert refusal["field"] == "Idempotency-Key"
    assert program.say(said | {"body": "Twice."}, Idempotency_Key="a-2")["id"] != first["id"]
    assert only(platform, ApiKey).used_on == clock.now.date()
    with platform.database.reading() as session:
        assert len(session.exec(select(Comment)).all()) == 2
        assert "Once" not in str(
            [row.model_dump() for row in session.exec(select(ApiAnswer)).all()]
        )


def test_a_refused_request_may_be_sent_again_corrected(program: Program) -> None:
    program.say({"draft": 1, "body": ""}, status=422, Idempotency_Key="b")
    program.say({"draft": 1, "body": "Now with words."}, Idempotency_Key="b")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"body": "x"}, "draft"),
        ({"draft": "1", "body": "x"}, "draft"),
        ({"draft": 10**12, "body": "x"}, "draft"),
        ({"draft": 1}, "body"),
        ({"draft": 1, "body": "  "}, "body"),
        ({"draft": 1, "body": "x" * 20_001}, "body"),
        ({"draft": 1, "body": "x", "kind": "rant"}, "kind"),
        ({"draft": 1, "body": "x", "stance": None}, "stance"),
        ({"draft": 1, "body": "x", "author": "Bolot"}, "author"),
        ({"draft": 1, "body": "x", "lang": "fr"}, "lang"),
        ({"draft": 1, "body": "x", "provision": "art_1", "quote": "not there"}, "quote"),
        ({"draft": 1, "body": "x", "mandate": "of all"}, "mandate"),
        ({"draft": 1, "body": "x", "change": "deletion"}, "change"),
        ({"draft": 1, "body": "x", "provision": "art_99"}, "provision"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(program: Program, said: Any, field: str) -> None:
    assert program.say(said, status=422)["field"] == field


def test_all_wrong_fields_are_named_at_once(program: Program) -> None:
    told = program.say({"draft": 0, "kind": "x", "more": 1}, status=422)
    assert {one["field"] for one in told["errors"]} == {"draft", "kind", "more", "body"}


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"draft": 99, "body": "x"}, 404),
        ({"draft": 1, "body": "x", "reply_to": 99}, 404),
        ({"draft": 1, "body": "x", "organisation": 7}, 409),
        ([1], 422),
        ("x", 422),
    ],
)
def test_what_is_not_there_is_refused(program: Program, said: Any, status: int) -> None:
    program.say(said, status=status)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"draft": ' + b"9" * 5000])
def test_what_is_no_json_is_refused(program: Program, body: bytes) -> None:
    headers = program.headers | {"content-type": "application/json"}
    answer = program.client.http.post("/api/v1/comments", content=body, headers=headers)
    assert answer.status_code == 422
    answer = program.client.http.post(
        "/api/v1/comments", data={"draft": 1}, headers=program.headers
    )
    assert answer.status_code == 415


def test_half_a_letter_is_refused_and_nul_left_out(platform: Platform, program: Program) -> None:
    headers = program.headers | {"content-type": "application/json"}
    for half in (b"\\ud800", b"x \\udfff", b"\\ude00\\ud83d"):
        body = b'{"draft": 1, "body": "' + half + b'"}'
        answer = program.client.http.post("/api/v1/comments", content=body, headers=headers)
        assert (answer.status_code, answer.json()["field"]) == (422, "body")
    body = b'{"draft": 1, "body": "a\\u0000b \\ud83d\\ude00", "\\ud800": "\\ud800"}'
    answer = program.client.http.post("/api/v1/comments", content=body, headers=headers)
    assert answer.status_code == 422
    body = b'{"draft": 1, "body": "a\\u0000b \\ud83d\\ude00"}'
    assert program.client.http.post("/api/v1/comments", content=body, headers=headers).is_success
    assert only(platform, Comment).body == "ab \U0001f600"


def test_after_the_closing_nothing_is_taken(platform: Platform, program: Program) -> None:
    with platform.database.writing() as session:
        factories.close_consultation(session, session.exec(select(Consultation)).one())
    program.say(status=403)


def test_whoever_writes_for_an_organisation_says_so(platform: Platform, clock: TestClock) -> None:
    with platform.database.writing() as session:
        factories.open_draft(session)
        person = factories.make_person(session, organisation="Union")
        browser = Client(platform, factories.sign_in_token(session, person))
    program = Program(platform, make(browser))
    program.say(status=409)
    program.say({"draft": 1, "body": "We object.", "organisation": 1, "mandate": "of the board"})
    assert only(platform, Comment).organisation_id == 1


def test_one_s_own_words_can_be_taken_back(platform: Platform, program: Program) -> None:
    said = program.say()
    with platform.database.writing() as session:
        bolot = factories.make_person(session, "Bolot")
        other = Client(platform, factories.sign_in_token(session, bolot))
    Program(platform, make(other)).send("DELETE", f"comments/{said['id']}", status=404)
    for _ in range(2):
        program.send("DELETE", f"comments/{said['id']}", status=204)
    assert only(platform, Comment).withdrawn_at is not None
    program.send("DELETE", "comments/99", status=404)


def test_a_vote_is_cast_changed_and_taken_back(platform: Platform, program: Program) -> None:
    said = program.say()
    for value, found in ((1, (1, 0)), (-1, (0, 1)), (0, (0, 0))):
        program.send("PUT", "votes", {"draft": 1, "provision": "art_1", "value": value}, status=204)
        with platform.database.reading() as session:
            draft = session.get_one(Draft, 1)
            assert factories.tally_of(session, draft, "art_1")[1:] == found
    program.send("PUT", "votes", {"comment": said["id"], "value": 1}, status=403)  # one's own
    unknown = {"draft": 1, "provision": "art_99", "value": 1}
    assert program.send("PUT", "votes", unknown, status=422)["field"] == "provision"
    for wrong in (
        {"value": 1},
        {"draft": 1, "value": 2},
        {"draft": 1, "comment": 1, "value": 1},
        {"comment": 1, "provision": "art_1", "value": 1},
    ):
        program.send("PUT", "votes", wrong, status=422)


@pytest.fixture
def pressed(platform: Platform) -> Iterator[Platform]:
    """The same with its limits switched on."""
    chosen = {"limits_enabled": True, "limits_store": "sqlite"}
    settings = platform.settings.model_copy(update=chosen)
    limited = replace(platform, settings=settings, limits=Limits(settings))
    yield limited
    limited.limits.close()


def test_all_keys_of_a_person_are_pressed_together(pressed: Platform, browser: Client) -> None:
    programs = [Program(pressed, make(browser, f"Script {n}")) for n in range(2)]
    for n in range(60):
        programs[n % 2].say({"draft": 1, "body": ""}, status=422)
    answer = programs[0].client.http.post(
        "/api/v1/comments", json={"draft": 1, "body": "x"}, headers=programs[0].headers
    )
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["content-type"] == "application/problem+json"
