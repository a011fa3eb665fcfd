"""The exchange is answered as its description says, whatever a system sends."""

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

from consult.exchange.openapi import PATHS
from consult.platform import Platform
from tests import factories
from tests.conftest import TestClock
from tests.exchanging import Agency

CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whatever_the_description_allows_is_answered_as_it_says(
    platform: Platform, clock: TestClock
) -> None:
    agency = Agency(platform)
    system = agency.permitted()
    draft = system.register()["draft"]
    with platform.database.writing() as session:
        person = factories.make_person(session)
        row = session.get_one(factories.Draft, draft)
        factories.open_consultation(session, row, now=clock.now)
        factories.make_comment(session, row, person, now=clock.now)
    http = system.client.http
    document = http.get("/api/exchange/v1/openapi.json").json()
    paths = {f"/api/exchange/v1{path}": item for path, item in document["paths"].items()}
    found = schemathesis.openapi.from_dict(document | {"paths": paths, "servers": []})
    asked = set()
    for one in found.get_all_operations():
        operation: Any = one.ok()  # type: ignore[union-attr] # raises what is wrong with it
        asked.add((operation.method, operation.path))

        @settings(
            max_examples=15,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            database=None,
            deadline=None,
            derandomize=True,
        )
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            path = case.formatted_path
            if draft_asked := case.path_parameters.get("draft"):
                path = path.replace(f"/drafts/{draft_asked}", f"/drafts/{draft}", 1)
            headers = {**(case.headers or {}), "Authorization": f"Bearer {system.key}"}
            body = {} if case.method == "GET" else {"json": case.body}
            answer = http.request(case.method, path, params=case.query, headers=headers, **body)
            case.validate_response(answer, checks=CHECKS)

        ask()
    described = {(m, f"/api/exchange/v1{path}") for path, item in PATHS.items() for m in item}
    assert asked == described
