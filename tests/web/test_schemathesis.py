"""Every address that takes a question, asked by a machine: nothing breaks, JSON is what it says.

The schema is what FastAPI reads off the routes; what the documents hold is added here.
"""

import json
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

from consult.app import create_app
from consult.platform import Platform
from tests.client import Client
from tests.conftest import TestClock
from tests.filled import make_filled

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

OF_A_DOCUMENT, OF_A_PAGE = 8, 3  # requests
TEXT, COUNT, LIST, OBJECT = "string", "integer", "array", "object"
SOURCE = {"url": TEXT, "generated_at": TEXT}
FIGURES = SOURCE | {"licence": OBJECT, "definitions": TEXT, "figures": OBJECT}
PAGED = {"per_page": COUNT}
# What each JSON document holds for certain, by its address.
DOCUMENTS: dict[str, dict[str, str]] = {
    "/healthz": {"ok": "boolean"},
    "/drafts/{draft_id}/comparison/{old}/{new}.json": {
        "draft": COUNT,
        "from": COUNT,
        "to": COUNT,
        "lang": TEXT,
        "operations": OBJECT,
        "changed": LIST,
    },
    "/drafts/{draft_id}/campaigns.json": PAGED
    | {"submissions": COUNT, "distinct": COUNT, "clusters": LIST},
    "/drafts/{draft_id}/campaigns/{number}.json": PAGED
    | {"id": COUNT, "medoid": OBJECT, "submissions": COUNT, "distinct": COUNT, "texts": LIST},
    "/drafts/{draft_id}/figures.json": FIGURES | {"draft": OBJECT, "provisions": OBJECT},
    "/drafts/{draft_id}/brief.json": FIGURES
    | {"draft": OBJECT, "rounds": LIST, "issues": LIST, "changes": LIST, "duties": LIST},
    "/drafts/{draft_id}/poll.json": SOURCE
    | {"licence": OBJECT, "draft": COUNT, "least": COUNT, "polls": LIST},
    "/parliament/{code}.json": SOURCE
    | {"licence": OBJECT, "committee": TEXT, "names": OBJECT, "bills": LIST},
    "/roll-calls/{roll_call_id}.json": {
        "draft": COUNT,
        "reading": COUNT,
        "held_on": TEXT,
        "votes": LIST,
    },
    "/record/head.json": {"heads": LIST},
    "/record/entries.json": {"entries": LIST},
    "/record/proof.json": {"heads": LIST, "entries": LIST},
    "/record/consistency.json": {"heads": LIST, "path": LIST},
    "/comments/{comment_id}/receipt.json": {"receipt": TEXT, "heads": LIST, "entries": LIST},
    "/moderation/log.json": SOURCE | {"acts": LIST, "stances": OBJECT},
    "/search.json": SOURCE
    | {"licence": OBJECT, "query": TEXT, "unit": TEXT, "total": COUNT, "facets": OBJECT}
    | {"results": LIST, "corrected": TEXT, "meant": TEXT, "also": LIST},
    "/statistics.json": FIGURES | {"agencies": OBJECT},
    "/statistics/agencies.json": FIGURES | {"agencies": LIST},
    "/statistics/years.json": SOURCE
    | {"licence": OBJECT, "definitions": TEXT, "years": LIST, "falls": LIST},
    "/statistics/snapshots.json": SOURCE | {"snapshots": LIST},
    "/statistics/snapshots/{beginning}.json": {"kind": TEXT, "made_at": TEXT, "content": OBJECT},
    "/openness.json": SOURCE | {"years": LIST},
    "/indicators.json": SOURCE | {"indicators": LIST},
    "/statistics/definitions.json": SOURCE | {"metrics": LIST},
    "/open-data/dictionary.json": {"resources": LIST},
    "/api/v1/openapi.json": {"openapi": TEXT, "info": OBJECT, "paths": OBJECT},
    "/api/exchange/v1/openapi.json": {"openapi": TEXT, "info": OBJECT, "paths": OBJECT},
}
REFUSAL = {"type": OBJECT, "required": ["error"], "properties": {"error": {"type": TEXT}}}
REFUSALS = ("404", "409", "422")
NUMBERS = [0, 1, 2, 3, 14, 10**6]  # of rows: some are there


def described(app: Any) -> dict[str, Any]:
    """The OpenAPI document of what can be got; of JSON with what it holds."""
    document: dict[str, Any] = json.loads(json.dumps(app.openapi()))
    paths = {
        path: item["get"]
        for path, item in document["paths"].items()
        if "get" in item and (path in DOCUMENTS or ".json" in path or _is_asked(item["get"]))
    }
    for path, operation in paths.items():
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "path" and parameter["schema"].get("type") == COUNT:
                parameter["schema"]["enum"] = NUMBERS
        if path in DOCUMENTS:
            operation["responses"] = _responses(DOCUMENTS[path])
    return document | {"paths": {path: {"get": item} for path, item in paths.items()}}


def _is_asked(operation: dict[str, Any]) -> bool:
    """Whether there is more to its address than the path, of which test_crawl.py knows all."""
    return any(parameter["in"] == "query" for parameter in operation.get("parameters", ()))


def _responses(fields: dict[str, str]) -> dict[str, Any]:
    properties = {name: {"type": kind} for name, kind in fields.items()}
    shape = {"type": OBJECT, "required": list(fields), "properties": properties}
    shapes = {"200": shape, **dict.fromkeys(REFUSALS, REFUSAL)}
    return {
        status: {"description": status, "content": {"application/json": {"schema": said}}}
        for status, said in shapes.items()
    }


def _ask(client: Client, operation: Any, path: str) -> None:
    """Some requests of one route, made up, but fit for what it says it takes."""
    checks: list[Any] = [not_a_server_error]
    if path in DOCUMENTS:
        checks += [
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
        ]

    @settings(
        max_examples=OF_A_DOCUMENT if path in DOCUMENTS else OF_A_PAGE,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
        deadline=None,
        derandomize=True,
    )
    @given(case=operation.as_strategy())
    def one(case: Any) -> None:
        answer = client.http.get(case.formatted_path, params=case.query)
        case.validate_response(answer, checks=checks)

    one()


def test_nothing_breaks_and_every_document_holds_what_it_says(
    platform: Platform, clock: TestClock
) -> None:
    client = make_filled(platform, clock).browser("everybody")
    document = described(create_app(platform))
    schema = schemathesis.openapi.from_dict(document)
    asked = set()
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr] # raises what is wrong with it
        asked.add(operation.path)
        _ask(client, operation, operation.path)
    assert set(DOCUMENTS) <= asked
    assert {path for path in asked if path.endswith(".json")} <= set(DOCUMENTS)
