"""The read API: all of it and nothing else, page by page and whole, as its description says."""

import csv
import json
import re
from collections.abc import Callable
from datetime import datetime
from io import StringIO
from itertools import product
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import update
from sqlmodel import Session, col, select

from consult.accounts.models import Person
from consult.answers.models import Issue
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.consultations.models import Consultation
from consult.opendata.registry import RESOURCES
from consult.platform import Platform
from consult.polls.models import PollAnswer, PollQuestion
from consult.polls.rules import LEAST
from consult.spreadsheets import BYTE_ORDER_MARK
from tests.client import Client
from tests.conftest import TestClock
from tests.crawling import addresses, ask, follow_links
from tests.filled import Filled, make_filled
from tests.web.test_crawl import NOT_LOOKED_AT, Planted

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
QUERIES = 4  # of a page: a filter by agency, the law, the rows; and one more for figures
WORDS = ("body", "proposed", "quote", "mandate", "who", "who_kind", "region", "organisation")
RUNNING = "What is asked now?"
OURS = re.compile(r"/api/v1|/open-data")


@pytest.fixture
def filled(platform: Platform, clock: TestClock) -> Filled:
    """With a report on every round that was discussed: groups and answers are public then."""
    filled = make_filled(platform, clock)
    with platform.database.writing() as session:
        rounds = col(Consultation.id).in_(select(Issue.consultation_id))
        session.execute(update(Consultation).where(rounds).values(reported_at=clock.now))
        ask_people(session, clock.now)
    return filled


def ask_people(session: Session, now: datetime) -> None:
    """Three questions beside a round that is over, one beside each that is open: all answered.

    One was answered by so few that nothing may be told of it.
    """
    for held in session.exec(select(Consultation).where(col(Consultation.opened_at).is_not(None))):
        kinds = ("single", "scale", "open") if held.closes_at <= now else ("single",)
        for position, kind in enumerate(kinds, start=3):
            options = [] if kind == "open" else [{"en": "Little"}, {"en": "Much"}]
            question = PollQuestion(
                consultation_id=held.id or 0,
                position=position,
                kind=kind,
                words={"en": RUNNING if held.closes_at > now else f"How is it ({kind})?"},
                options=options,
                set_at=now,
            )
            session.add(question)
            session.flush()
            for n in range(LEAST - (kind == "open")):
                words = "Only words." if kind == "open" else ""
                answer = {"choices": 1 + (n > 0), "words": words, "answered_at": now}
                session.add(PollAnswer(question_id=question.id or 0, **answer))


@pytest.fixture
def visitor(filled: Filled) -> Client:
    return filled.browser("")


def rows_of(client: Client, name: str, query: str = "") -> list[dict[str, Any]]:
    """All rows of a resource, as lines of JSON."""
    text = client.http.get(f"/api/v1/{name}.jsonl{query}").text
    return [json.loads(line) for line in text.split("\n") if line]


def paged(client: Client, address: str) -> list[dict[str, Any]]:
    """The same, page by page."""
    found = []
    following: str | None = address
    while following:
        answer = client.get(following, budget=QUERIES)
        told = answer.json()
        found += told["data"]
        following = told["next"]
        assert (f'<{following}>; rel="next"' in answer.headers["link"]) == bool(following)
        following = following and following.partition("8000")[2]
    return found


def test_pages_lines_table_and_single_rows_say_the_same(visitor: Client) -> None:
    for name, resource in RESOURCES.items():
        rows = rows_of(visitor, name)
        assert rows, f"the scene has no {name}: nothing is tested"
        assert paged(visitor, f"/api/v1/{name}?limit={max(2, len(rows) // 5)}") == rows
        table = visitor.get(f"/api/v1/{name}.csv").text
        assert table.startswith(BYTE_ORDER_MARK)
        lines = list(csv.reader(StringIO(table.removeprefix(BYTE_ORDER_MARK), newline="")))
        assert lines[0] == list(resource.names) == list(rows[0])
        assert len(lines) == len(rows) + 1
        keys = [":".join(str(row[part]) for part in resource.key) for row in rows]
        assert len(set(keys)) == len(keys)
        assert visitor.get(f"/api/v1/{name}/{keys[-1]}", budget=QUERIES).json() == rows[-1]


def test_values_are_what_their_columns_say(visitor: Client) -> None:
    for name, resource in RESOURCES.items():
        for row, column in product(rows_of(visitor, name), resource.columns):
            value = row[column.name]
            assert column.nullable or value is not None, (name, column.name)
            assert not column.values or value is None or value in column.values, column.name


def test_whatever_narrows_leaves_just_the_rows_it_is_about(visitor: Client) -> None:
    codes = {row["id"]: row["agency"] for row in rows_of(visitor, "drafts")}
    for name, resource in RESOURCES.items():
        rows = rows_of(visitor, name)
        if "agency" in resource.filters and "draft" in resource.names:
            code = next(iter(codes.values()))
            own = [row for row in rows if row.get("agency", codes.get(row["draft"])) == code]
            assert rows_of(visitor, name, f"?agency={code}") == own
        days = [row[resource.dated] for row in rows if resource.dated and row[resource.dated]]
        if days:
            year = int(days[0][:4])
            found = rows_of(visitor, name, f"?year={year}")
            assert found == [row for row in rows if (row[resource.dated] or "")[:4] == str(year)]
            since = rows_of(visitor, name, f"?since={max(days).replace('+', '%2B')}")
            assert 0 < len(since) <= len(found) or resource.column(resource.dated).type == "date"
    few = visitor.get("/api/v1/comments?fields=body,id&limit=1").json()["data"]
    assert [list(row) for row in few] == [["id", "body"]]


REFUSED = {
    "limit=0": "limit",
    "limit=1001": "limit",
    "limit=x": "limit",
    "after=x": "after",
    "fields=id,e-mail": "fields",
    "agencie=MOJ": "agencie",
    "agency=MOJ&agency=MOC": "agency",
    "draft=": "draft",
    "draft=-1": "draft",
    "year=26": "year",
    "since=yesterday": "since",
    "since=9999-12-31T23:59:59-23:00": "since",
    "since=0001-01-01": "since",
}


def test_what_is_not_understood_is_refused_by_its_name(visitor: Client) -> None:
    for query, field in REFUSED.items():
        answer = visitor.get(f"/api/v1/comments?{query}", status=422)
        assert answer.headers["content-type"] == "application/problem+json"
        told = answer.json()
        assert (told["status"], told["field"]) == (422, field)
        assert visitor.get(f"/api/v1/comments.csv?{query}", status=422).json()["field"] == field


def test_what_is_not_there_is_said_as_a_problem(visitor: Client) -> None:
    for path in (
        "/api/v1/people",
        "/api/v1/drafts/x",
        "/api/v1/votes/1",
        "/api/v2",
        "/api/v1/a.csv",
    ):
        answer = visitor.get(path, status=404)
        assert answer.headers["content-type"] == "application/problem+json", path
        assert answer.headers["access-control-allow-origin"] == "*"
    assert visitor.http.put("/api/v1/drafts").json()["status"] == 405


def test_what_was_fetched_is_not_sent_again_until_it_is_another(
    visitor: Client, filled: Filled
) -> None:
    answer = visitor.get("/api/v1/comments")
    known = {"If-None-Match": answer.headers["etag"]}
    assert visitor.get("/api/v1/comments", status=304, headers=known).content == b""
    with filled.platform.database.writing() as session:
        comment = session.exec(select(Comment).where(*public())).first()
        assert comment
        comment.for_n += 1
        session.add(comment)
    assert visitor.get("/api/v1/comments", headers=known).headers["etag"] != answer.headers["etag"]


def test_head_tells_the_same_and_sends_nothing(visitor: Client) -> None:
    for path in ("/api/v1/drafts", "/api/v1/drafts.csv", "/api/v1/openapi.json"):
        got, told = visitor.get(path), visitor.http.head(path)
        assert (told.status_code, told.content) == (200, b"")
        assert told.headers["content-type"] == got.headers["content-type"]
        assert told.headers["access-control-allow-origin"] == "*"


def test_a_comment_that_is_not_shown_says_only_that_and_why(
    visitor: Client, filled: Filled
) -> None:
    rows = {row["id"]: row for row in rows_of(visitor, "comments")}
    with filled.platform.database.reading() as session:
        comments = session.exec(select(Comment).order_by(col(Comment.id))).all()
    assert {row["gone"] for row in rows.values()} >= {None, "withdrawn", "hidden", "held"}
    for comment in comments:
        row = rows[comment.id or 0]
        assert (row["gone"] is None) == comment.is_public
        told = {name: value for name, value in row.items() if value is not None}
        if not comment.is_public:
            assert not set(WORDS) & set(told)
            assert "votes_for" not in told
    redacted = [row for row in rows.values() if row["redacted"]]
    assert redacted
    assert all("[personal data removed]" in row["body"] for row in redacted)


def test_who_is_forgotten_or_wishes_no_name_stands_nowhere(
    visitor: Client, filled: Filled, clock: TestClock
) -> None:
    with filled.platform.database.writing() as session:
        author = session.get_one(Person, filled.ids["citizen"])
        author.name, author.shown = "Zulfiya Unseen", "nothing"
        session.add(author)
    everything = [visitor.http.get(f"/api/v1/{name}.jsonl").text for name in RESOURCES]
    assert not any("Zulfiya" in text for text in everything)
    kinds = {row["who_kind"] for row in rows_of(visitor, "comments")}
    assert "nothing" in kinds
    with filled.platform.database.writing() as session:
        author = session.get_one(Person, filled.ids["citizen"])
        author.shown, author.forgotten_at = "name", clock.now
        session.add(author)
    assert "former" in {row["who_kind"] for row in rows_of(visitor, "comments")}
    assert not any("Zulfiya" in visitor.http.get(f"/api/v1/{name}.csv").text for name in RESOURCES)


def test_a_poll_is_told_once_it_is_over_and_of_few_people_nothing(
    visitor: Client, filled: Filled
) -> None:
    rows = rows_of(visitor, "polls")
    with filled.platform.database.reading() as session:
        running = session.exec(
            select(PollQuestion.id).where(col(PollQuestion.words)["en"].as_string() == RUNNING)
        ).all()
    assert running
    assert not set(running) & {row["question"] for row in rows}
    visitor.get(f"/api/v1/polls/{running[0]}:0", status=404)
    assert "Only words" not in json.dumps(rows)
    asked = [row for row in rows if (row["words_en"] or "").startswith("How is it")]
    first = [row for row in asked if row["draft"] == asked[0]["draft"]]
    told: dict[str, list[Any]] = {"single": [], "scale": [], "open": []}
    for row in first:
        told[row["kind"]].append((row["option"], row["option_en"], row["people"]))
    assert told == {
        "single": [(0, None, 5), (1, "Little", 1), (2, "Much", 4)],
        "scale": [
            *[(0, None, 5), (1, "Little", 1), (2, None, 4)],
            *[(3, None, 0), (4, None, 0), (5, "Much", 0)],
        ],
        "open": [(0, None, None)],
    }
    polls = visitor.get(f"/drafts/{first[0]['draft']}/poll.json").json()["polls"]
    results = next(poll["results"] for poll in polls if poll["round"] == first[0]["round"])
    assert [one["people"] for one in results][-3:] == [5, 5, None]


@SQLITE
def test_nothing_is_in_it_that_no_public_page_shows(filled: Filled) -> None:
    planted, visitor = Planted(filled), filled.browser("")
    shown: set[str] = set()

    def look(url: str, answer: Any) -> None:
        if not OURS.match(url):
            shown.update(planted.in_(answer))

    comments = tuple(filled.scene.comments.values())
    for url in addresses(filled.platform, comments):
        if not NOT_LOOKED_AT.search(url):
            look(url, ask(visitor, url))
    follow_links(visitor, "/", look, most=3)
    found: dict[str, set[str]] = {
        name: planted.in_(visitor.http.get(f"/api/v1/{name}.jsonl")) for name in RESOURCES
    }
    assert sum(map(len, found.values())) > 15
    assert {name: labels - shown for name, labels in found.items() if labels - shown} == {}


@SQLITE
def test_the_api_answers_as_its_description_says(visitor: Client) -> None:
    document = visitor.get("/api/v1/openapi.json").json()
    for (
        name,
        resource,
    ) in RESOURCES.items():  # numbers of rows that are there, and some that are not
        key = document["paths"][f"/api/v1/{name}/{{row}}"]["get"]["parameters"][0]
        row = rows_of(visitor, name)[0]
        key["schema"]["enum"] = [":".join(str(row[part]) for part in resource.key), "0", "x"]
    schema = schemathesis.openapi.from_dict(document)
    schema.validate()
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr] # raises what is wrong with it
        if operation.method.upper() == "GET":
            _tried(visitor, operation)()


def _tried(visitor: Client, operation: Any) -> Callable[[], None]:
    @settings(
        max_examples=4,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
        deadline=None,
        derandomize=True,
    )
    @given(case=operation.as_strategy())
    def one(case: Any) -> None:
        answer = visitor.http.get(case.formatted_path, params=case.query)
        checks: list[Any] = [
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
        ]
        case.validate_response(answer, checks=checks)

    return one


def test_the_pages_name_every_resource_and_every_field(visitor: Client) -> None:
    page, dictionary = visitor.get("/open-data").text, visitor.get("/open-data/dictionary").text
    for name, resource in RESOURCES.items():
        assert f'href="/api/v1/{name}.csv"' in page
        assert all(f"<code>{column.name}</code>" in dictionary for column in resource.columns)
    table = visitor.get("/open-data/dictionary.csv").text
    fields = sum(len(resource.columns) for resource in RESOURCES.values())
    assert len(table.splitlines()) == fields + 1
    told = visitor.get("/open-data/dictionary.json").json()["resources"]
    assert [one["name"] for one in told] == list(RESOURCES)
    listed = visitor.get("/open-data/catalog.jsonld").json()["dcat:dataset"]
    assert [one["dct:identifier"] for one in listed] == list(RESOURCES)
