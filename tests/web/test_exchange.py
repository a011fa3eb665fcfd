"""Systems of agencies register drafts, fetch comments and send answers, by a permitted key."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlmodel import func, select

from consult.accounts.models import Grant
from consult.audit.models import AuditEntry
from consult.exchange.models import ExchangeAnswer, ExchangeSystem
from consult.platform import Platform
from drafts.models import Draft, ImportPreview
from tests import factories
from tests.client import Client
from tests.conftest import START, TestClock
from tests.exchanging import HOME, TEXT, Agency, System
from tests.factories import close_consultation, make_comment


@pytest.fixture
def agency(platform: Platform) -> Agency:
    return Agency(platform)


@pytest.fixture
def system(agency: Agency) -> System:
    return agency.permitted()


def count(platform: Platform, table: Any) -> int:
    with platform.database.reading() as session:
        return session.exec(select(func.count()).select_from(table)).one()


# The key.


def test_a_system_works_only_once_a_second_person_has_permitted_it(
    platform: Platform, agency: Agency
) -> None:
    system = agency.named()
    assert "second person" in system.send("GET", "/drafts", status=403)["detail"]
    assert "/permit" not in agency.olga.get(HOME).text
    agency.olga.post(f"{HOME}/1/permit", status=403)
    agency.nurlan.post(f"{HOME}/1/permit")
    agency.nurlan.post(f"{HOME}/1/permit", status=409)
    assert system.send("GET", "/drafts", status=200) == {"drafts": [], "next": None}
    agency.nurlan.post(f"{HOME}/1/end")
    system.send("GET", "/drafts", status=401)
    with platform.database.reading() as session:
        noted = session.exec(select(AuditEntry.action).order_by(AuditEntry.id)).all()  # type: ignore[arg-type]
        row = session.exec(select(ExchangeSystem)).one()
    assert noted[-3:] == ["system_made", "system_permitted", "system_ended"]
    assert system.key not in str(row.model_dump())


def test_without_a_key_that_is_valid_nothing_is_told(platform: Platform, agency: Agency) -> None:
    for key in ("", "kenesh_x_none"):
        assert System(platform, key).send("GET", "/drafts", status=401)["status"] == 401
    assert agency.olga.http.get("/api/exchange/v1/drafts").status_code == 401  # a cookie is no key


def test_a_system_ends_with_the_office_of_whoever_named_it(
    platform: Platform, agency: Agency, system: System
) -> None:
    with platform.database.writing() as session:
        for held in session.exec(select(Grant).where(Grant.person_id == agency.officer_id)).all():
            session.delete(held)
    assert "officer" in system.send("GET", "/drafts", status=403)["detail"]


def test_a_system_sees_nothing_of_another_agency(platform: Platform, system: System) -> None:
    others = Agency(platform, "MOH").permitted()
    draft = system.register()["draft"]
    for path in ("", "/comments", "/duties"):
        others.send("GET", f"/drafts/{draft}{path}", status=404)
    said = {"outcome": "answered", "reason": "It is so indeed.", "lang": "en"}
    others.send("PUT", f"/drafts/{draft}/answers/K-1", said, status=404)
    others.send(
        "PUT", f"/drafts/{draft}/text", {"lang": "en", "content": TEXT}, status=404, If_Match="x"
    )
    assert others.register()["draft"] != draft  # the same number in other books


def test_a_system_of_a_closed_agency_is_seen_and_can_be_ended(
    platform: Platform, agency: Agency, system: System
) -> None:
    with platform.database.writing() as session:
        session.get_one(factories.Agency, agency.id).closed_on = START.date()
    page = agency.olga.get(HOME).text
    assert "Papers" in page
    assert "Make the key" not in page
    agency.olga.post(HOME, {"title": "Another"}, status=422)
    agency.olga.post(f"{HOME}/1/end")
    system.send("GET", "/drafts", status=401)


# Drafts.


def test_a_registered_draft_waits_for_an_officer_and_is_found_by_its_number(
    agency: Agency, system: System
) -> None:
    told = system.register()
    assert (told["version"], told["coverage"], told["number"]) == (1, 1, "17-2/45")
    (found,) = system.send("GET", "/drafts?number=17-2/45", status=200)["drafts"]
    assert (found["draft"], found["stage"], found["published"]) == (told["draft"], "draft", False)
    assert "On L" in agency.olga.get(f"/desk/drafts/{told['draft']}").text
    assert system.client.http.get(f"/drafts/{told['draft']}").status_code == 404


def test_the_same_request_again_makes_nothing_new(platform: Platform, system: System) -> None:
    assert system.register() == system.register()
    assert count(platform, Draft) == 1
    assert system.register("18", key="17-2/45", status=422)["field"] == "Idempotency-Key"
    said = {"number": "19", "act_type": "law", "lang": "en", "content": TEXT, "title": "On L"}
    assert system.send("POST", "/drafts", said, status=422)["field"] == "Idempotency-Key"
    assert count(platform, Draft) == 1


@pytest.mark.parametrize(
    ("wrong", "status", "field"),
    [
        ({"act_type": "spell"}, 422, "act_type"),
        ({"topic": "dragons"}, 422, "topic"),
        ({"lang": "de"}, 422, "lang"),
        ({"number": "<17>"}, 422, "number"),
        ({"number": "17-2/45"}, 409, "number"),
        ({"content": ""}, 422, "content"),
        ({"content": "%%%", "encoding": "base64"}, 422, "content"),
        ({"filename": "a.xml", "content": "<akomaNtoso><act></akomaNtoso>"}, 415, "content"),
        ({"filename": "a.doc", "content": "x"}, 415, "content"),
        ({"colour": "green"}, 422, "colour"),
        ({"title": "t" * 501}, 422, "title"),
    ],
    ids=str,
)
def test_what_is_refused_leaves_nothing_behind(
    platform: Platform, system: System, wrong: dict[str, Any], status: int, field: str
) -> None:
    system.register()
    told = system.register("20", key="new", status=status, **wrong)
    if field:
        assert told["field"] == field
    assert (count(platform, Draft), count(platform, ImportPreview)) == (1, 0)
    assert count(platform, ExchangeAnswer) == 1


def test_a_file_of_any_format_comes_in_base64(system: System) -> None:
    with system.client.platform.database.writing() as session:
        made = factories.make_draft(session, factories.make_agency(session, "SRC"))
        factories.open_consultation(session, made)
    file = system.client.http.get("/drafts/1/versions/1/en.akn.xml")
    assert file.status_code == 200
    content = base64.b64encode(file.content).decode()
    told = system.register(encoding="base64", filename="act.xml", content=content)
    assert told["provisions"] == 2


def test_a_text_is_replaced_only_by_whoever_knows_the_newest(system: System) -> None:
    path = f"/drafts/{system.register()['draft']}"
    said = {"lang": "en", "content": TEXT + "\n\nArticle 3. Money\n\nIt is free."}
    assert system.send("PUT", f"{path}/text", said, status=428)["field"] == "If-Match"
    system.send("GET", path, status=200)
    tag = system.tag
    assert system.send("PUT", f"{path}/text", said, status=200, If_Match=tag)["version"] == 1
    words = "Статья 1. Предмет\n\nЕсть.\n\nСтатья 2. Часы\n\nДа.\n\nСтатья 3. Деньги\n\nНет."
    russian = {"lang": "ru", "content": words, "title": "О библиотеках"}
    system.send("PUT", f"{path}/text", russian, status=200, If_Match=system.tag)
    assert system.send("PUT", f"{path}/text", said, status=412, If_Match=tag)["field"] == "If-Match"
    assert system.send("GET", path, status=200)["langs"] == ["en", "ru"]


def test_a_text_that_was_corrected_meanwhile_is_not_overwritten(system: System) -> None:
    path = f"/drafts/{system.register()['draft']}"
    said = {"lang": "en", "content": TEXT.replace("village", "town"), "title": "On L"}
    system.send("GET", path, status=200)
    tag = system.tag
    assert system.send("PUT", f"{path}/text", said, status=200, If_Match=tag)["version"] == 1
    corrected = system.tag
    assert corrected != tag
    system.send("PUT", f"{path}/text", {**said, "content": TEXT}, status=412, If_Match=tag)
    system.send("GET", path, status=200)
    assert system.tag == corrected


def at_once(system: System, path: str, said: dict[str, Any], tag: str) -> list[int]:
    """The statuses of two requests that know the same."""
    head = {"Authorization": f"Bearer {system.key}", "If-Match": tag}
    with ThreadPoolExecutor(2) as pool:
        clients = [Client(system.client.platform).http for _ in range(2)]
        sent = [
            pool.submit(one.put, f"/api/exchange/v1{path}", json=said, headers=head)
            for one in clients
        ]
        return sorted(one.result().status_code for one in sent)


def test_of_two_who_replace_a_text_at_once_the_second_is_refused(system: System) -> None:
    path = f"/drafts/{system.register()['draft']}"
    said = {"lang": "en", "content": TEXT.replace("village", "town"), "title": "On L"}
    system.send("GET", path, status=200)
    assert at_once(system, f"{path}/text", said, system.tag) == [200, 412]


# Comments and answers.


@pytest.fixture
def discussed(platform: Platform, agency: Agency, clock: TestClock) -> list[str]:
    """A draft of the agency after its discussion; the receipts of what was said."""
    with platform.database.writing() as session:
        owner = session.get_one(factories.Agency, agency.id)
        draft = factories.make_draft(session, owner)
        term = factories.open_consultation(session, draft)
        people = [factories.make_person(session, name) for name in ("Aizada", "Bakyt", "Chyngyz")]
        said = [make_comment(session, draft, author=person, wid="art_1") for person in people]
        close_consultation(session, term)
        return [one.receipt for one in said]


def test_comments_come_page_by_page_and_each_once(system: System, discussed: list[str]) -> None:
    seen, after = [], 0
    while after is not None:
        page = system.send("GET", f"/drafts/1/comments?limit=2&after={after}", status=200)
        seen += page["comments"]
        after = page["next"]
    assert [one["receipt"] for one in seen] == discussed
    assert {one["wid"] for one in seen} == {"art_1"}
    assert all(one["provision"] and one["answer"] is None for one in seen)
    assert "example.org" not in str(seen)


def test_an_answer_waits_for_a_second_person_on_the_site(
    agency: Agency, system: System, discussed: list[str]
) -> None:
    path = f"/drafts/1/answers/{discussed[0]}"
    said = {"outcome": "rejected", "reason": "The budget of this year has no money.", "lang": "en"}
    assert system.send("PUT", path, said, status=200) == {
        "state": "submitted",
        "outcome": "rejected",
    }
    tag = system.tag
    assert "no money" in agency.nurlan.get("/desk/consultations/1/approvals").text
    assert system.send("PUT", path, said, status=428)["field"] == "If-Match"
    assert system.send("PUT", path, said, status=412, If_Match='"x"')["field"] == "If-Match"
    system.send(
        "PUT", path, said | {"reason": "There is no money at all."}, status=200, If_Match=tag
    )
    told = system.send("GET", "/drafts/1/comments", status=200)["comments"][0]
    assert told["answer"]["state"] == "submitted"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"outcome": "maybe"}, "outcome"), ({"reason": ""}, "reason"), ({"changed_wid": "art_9"}, "")],
    ids=str,
)
def test_an_answer_that_breaks_a_rule_is_not_kept(
    system: System, discussed: list[str], wrong: dict[str, str], field: str
) -> None:
    said = {
        "outcome": "accepted",
        "reason": "It is so indeed.",
        "lang": "en",
        "changed_wid": "art_1",
    }
    if "reason" in wrong:
        said["outcome"] = "rejected"
    told = system.send("PUT", f"/drafts/1/answers/{discussed[0]}", said | wrong, status=422)
    assert not field or told["field"] == field
    assert system.send("GET", "/drafts/1/comments", status=200)["comments"][0]["answer"] is None


def test_comments_are_grouped_and_answered_at_once(system: System, discussed: list[str]) -> None:
    said = {"title": "Sundays", "receipts": discussed[:2]}
    made = system.send("POST", "/drafts/1/groups", said, status=201, Idempotency_Key="g")
    again = system.send("POST", "/drafts/1/groups", said, status=201, Idempotency_Key="g")
    assert made == again
    answer = {"outcome": "rejected", "reason": "The budget has no money.", "lang": "en"}
    path = f"/drafts/1/groups/{made['group']}/answer"
    assert system.send("PUT", path, answer, status=200)["state"] == "submitted"
    told = system.send("GET", "/drafts/1/comments", status=200)["comments"]
    assert [one["group"] for one in told] == [made["group"], made["group"], None]
    assert [one["answer"] for one in told] == [None, None, None]
    told_of_group = [one["group_answer"] for one in told]
    assert told_of_group[0]["state"] == told_of_group[1]["state"] == "submitted"
    assert told_of_group[2] is None
    system.send("PUT", path, answer, status=428)
    tag = f'"{told_of_group[0]["tag"]}"'
    system.send("PUT", path, answer, status=200, If_Match=tag)
    system.send("PUT", path, answer, status=412, If_Match='"x"')
    unknown = said | {"receipts": [discussed[0], "K-0"]}
    system.send("POST", "/drafts/1/groups", unknown, status=404, Idempotency_Key="h")
    system.send("PUT", "/drafts/1/groups/99/answer", answer, status=404)


@pytest.mark.parametrize("receipt", ["K-\0", "K-\ud800", "K" * 41, ""], ids=ascii)
def test_what_no_receipt_can_be_is_refused(
    system: System, discussed: list[str], receipt: str
) -> None:
    said = {"title": "Sundays", "receipts": [discussed[0], receipt]}
    sent = json.dumps(said).encode()
    head = {"Authorization": f"Bearer {system.key}", "Idempotency-Key": "z"}
    head["Content-Type"] = "application/json"
    path = "/api/exchange/v1/drafts/1/groups"
    answer = system.client.http.post(path, content=sent, headers=head)
    assert (answer.status_code, answer.json()["field"]) == (422, "receipts")


def test_of_two_who_replace_an_answer_at_once_the_second_is_refused(
    system: System, discussed: list[str], clock: TestClock
) -> None:
    path = f"/drafts/1/answers/{discussed[0]}"
    said = {"outcome": "rejected", "reason": "The budget has no money.", "lang": "en"}
    system.send("PUT", path, said, status=200)
    clock.forward(minutes=1)
    assert at_once(system, path, said | {"reason": "It has none."}, system.tag) == [200, 412]


def test_duties_are_told_with_their_days(system: System, discussed: list[str]) -> None:
    assert discussed
    assert isinstance(system.send("GET", "/drafts/1/duties", status=200)["duties"], list)


# Pages.


def test_the_profile_stands_in_numbered_clauses_for_everybody(agency: Agency) -> None:
    page = agency.olga.get("/open-data/exchange").text
    assert all(f'id="c{number}"' in page for number in ("1.1", "2.3", "3.5", "4.4", "5.2"))


def test_an_agency_has_at_most_five_systems(agency: Agency) -> None:
    for _ in range(5):
        agency.named()
    page = agency.olga.post(HOME, {"title": "Sixth"}, status=422)
    assert "more than 5 systems" in page.text
    assert "Sixth" in page.text
    agency.olga.post(HOME, {"title": "   "}, status=422)
