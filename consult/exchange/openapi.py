"""The exchange profile as OpenAPI 3.1, for programs. Its words for people: profile.py."""

from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import models_json_schema

from consult.exchange.forms import AnswerSent, DraftSent, GroupSent, TextSent
from consult.exchange.profile import VERSION

NUMBER = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
TEXT = {"type": "string"}
OBJECT = {"type": "object"}
PROBLEM = {"$ref": "#/components/responses/Problem"}
CODES = ("400", "401", "403", "404", "409", "412", "413", "415", "422", "428", "429")
REFUSALS = dict.fromkeys(CODES, PROBLEM)
REPEAT = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[!-~]+$"},
}
IF_MATCH = {"name": "If-Match", "in": "header", "required": False, "schema": TEXT}
AFTER = {
    "name": "after",
    "in": "query",
    "description": "The `next` of the page before.",
    "schema": {"type": "integer", "minimum": 0, "maximum": 2**31 - 1},
}
LIMIT = {
    "name": "limit",
    "in": "query",
    "schema": {"type": "integer", "minimum": 1, "maximum": 500, "default": 100},
}


def _path(name: str, schema: Mapping[str, Any] = NUMBER) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": dict(schema)}


def _holds(fields: Mapping[str, Any]) -> dict[str, Any]:
    """An answer that has these fields for certain."""
    schema = {"type": "object", "required": list(fields), "properties": dict(fields)}
    return {"description": "Done.", "content": {"application/json": {"schema": schema}}}


def _takes(model: type) -> dict[str, Any]:
    ref = {"$ref": f"#/components/schemas/{model.__name__}"}
    return {"required": True, "content": {"application/json": {"schema": ref}}}


def _operation(
    name: str,
    summary: str,
    status: str,
    fields: Mapping[str, Any],
    *parameters: Mapping[str, Any],
    takes: type | None = None,
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": name,
        "summary": summary,
        "security": [{"key": []}],
        "parameters": [dict(one) for one in parameters],
        "responses": {status: _holds(fields), **REFUSALS},
    }
    return told | ({"requestBody": _takes(takes)} if takes else {})


LIST = {"type": "array", "items": OBJECT}
NEXT = {"type": ["integer", "null"]}
TAKEN = {"version": NUMBER, "provisions": {"type": "integer"}, "coverage": {"type": "number"}}
STATE = {"state": TEXT, "outcome": TEXT}
DRAFT, RECEIPT = _path("draft"), _path("receipt", {**TEXT, "maxLength": 40})
PATHS: Mapping[str, Any] = {
    "/drafts": {
        "get": _operation(
            "drafts",
            "Drafts of the agency",
            "200",
            {"drafts": LIST, "next": NEXT},
            {"name": "number", "in": "query", "schema": {**TEXT, "maxLength": 60}},
            AFTER,
            LIMIT,
        ),
        "post": _operation(
            "register",
            "Register a draft",
            "201",
            {"draft": NUMBER, "number": TEXT, "url": TEXT, **TAKEN},
            REPEAT,
            takes=DraftSent,
        ),
    },
    "/drafts/{draft}": {
        "get": _operation("draft", "How far a draft has come", "200", {"draft": NUMBER}, DRAFT)
    },
    "/drafts/{draft}/text": {
        "put": _operation(
            "text",
            "Send a text",
            "200",
            {"draft": NUMBER, **TAKEN},
            DRAFT,
            IF_MATCH,
            takes=TextSent,
        )
    },
    "/drafts/{draft}/comments": {
        "get": _operation(
            "comments",
            "Public comments",
            "200",
            {"comments": LIST, "next": NEXT},
            DRAFT,
            AFTER,
            LIMIT,
        )
    },
    "/drafts/{draft}/answers/{receipt}": {
        "put": _operation(
            "answer", "Answer a comment", "200", STATE, DRAFT, RECEIPT, IF_MATCH, takes=AnswerSent
        )
    },
    "/drafts/{draft}/groups": {
        "post": _operation(
            "group",
            "Put comments together",
            "201",
            {"group": NUMBER, "url": TEXT},
            DRAFT,
            REPEAT,
            takes=GroupSent,
        )
    },
    "/drafts/{draft}/groups/{group}/answer": {
        "put": _operation(
            "answer_group",
            "Answer a group",
            "200",
            STATE,
            DRAFT,
            _path("group"),
            IF_MATCH,
            takes=AnswerSent,
        )
    },
    "/drafts/{draft}/duties": {
        "get": _operation("duties", "What is owed", "200", {"duties": LIST}, DRAFT)
    },
}
PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": TEXT,
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": TEXT,
        "field": TEXT,
        "errors": LIST,
    },
}


def document(base_url: str) -> dict[str, Any]:
    """The whole description, for an installation at this address."""
    models = [(one, "validation") for one in (DraftSent, TextSent, AnswerSent, GroupSent)]
    _, made = models_json_schema(models, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Kenesh: exchange profile", "version": VERSION},
        "servers": [{"url": f"{base_url}/api/exchange/v1"}],
        "externalDocs": {"url": f"{base_url}/open-data/exchange"},
        "paths": dict(PATHS),
        "components": {
            "schemas": {**made["$defs"], "Problem": PROBLEM_SCHEMA},
            "responses": {"Problem": {"description": "Why not (RFC 9457).", "content": content}},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }
