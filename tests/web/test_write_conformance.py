"""Writing by program is answered as the description of the API says, whatever is sent."""

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

from consult.platform import Platform
from tests import factories
from tests.client import Client
from tests.programs import Program, make

CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whatever_the_description_allows_is_answered_as_it_says(platform: Platform) -> None:
    with platform.database.writing() as session:
        factories.open_draft(session)
        token = factories.sign_in_token(session, factories.make_person(session))
    program = Program(platform, make(Client(platform, token)))
    http = program.client.http
    document = http.get("/api/v1/openapi.json").json()
    written = {
        path: {method: said for method, said in item.items() if method != "get"}
        for path, item in document["paths"].items()
    }
    found = schemathesis.openapi.from_dict(document | {"paths": written})
    asked = set()
    for one in found.get_all_operations():
        operation: Any = one.ok()  # type: ignore[union-attr] # raises what is wrong with it
        asked.add((operation.method, operation.path))

        @settings(
            max_examples=25,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            database=None,
            deadline=None,
            derandomize=True,
        )
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            headers = {**(case.headers or {}), **program.headers}
            body = {} if case.method == "DELETE" else {"json": case.body}
            answer = http.request(case.method, case.formatted_path, headers=headers, **body)
            case.validate_response(answer, checks=CHECKS)

        ask()
    assert asked == {
        ("post", "/api/v1/comments"),
        ("delete", "/api/v1/comments/{row}"),
        ("put", "/api/v1/votes"),
    }
