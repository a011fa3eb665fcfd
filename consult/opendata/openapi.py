"""[pure] The description of the API (OpenAPI 3.1), made from the registry. https://spec.openapis.org"""

from collections.abc import Iterable, Mapping
from typing import Any

from consult.opendata.columns import Column, Type
from consult.opendata.writing import LICENCE

TYPES: Mapping[Type, dict[str, Any]] = {
    Type.TEXT: {"type": "string"},
    Type.INTEGER: {"type": "integer"},
    Type.NUMBER: {"type": "number"},
    Type.BOOLEAN: {"type": "boolean"},
    Type.DATE: {"type": "string", "format": "date"},
    Type.INSTANT: {"type": "string", "format": "date-time"},
    Type.LIST: {"type": "array", "items": {"type": "string"}},
    Type.ADDRESS: {"type": "string", "format": "uri"},
}
PARAMETERS: Mapping[str, dict[str, Any]] = {
    "after": {
        "description": "The key of the last row that is known; better follow `next`.",
        "schema": {"type": "string", "maxLength": 120},
    },
    "limit": {
        "description": "How many rows a page has.",
        "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100},
    },
    "fields": {
        "description": "The fields that are wanted, with commas; all of them without it.",
        "schema": {"type": "string"},
    },
    "agency": {
        "description": "Only of this agency: agencies.code.",
        "schema": {"type": "string", "maxLength": 20},
    },
    "draft": {
        "description": "Only of this draft: drafts.id.",
        "schema": {"type": "integer", "minimum": 0, "maximum": 999_999_999},
    },
    "year": {
        "description": "Only of this year, where the law runs, by `{dated}`.",
        "schema": {"type": "integer", "minimum": 1990, "maximum": 2100},
    },
    "since": {
        "description": "Only since this day or instant (ISO 8601), by `{dated}`.",
        "schema": {"type": "string", "examples": ["2026-01-31", "2026-01-31T09:00:00Z"]},
    },
}
JSON, PROBLEM = "application/json", "application/problem+json"
ABOUT = (
    "Everything that the pages of this site show to everybody, as data: without an account or a "
    "key, from any site, without an end. Fields may be added; those that are there keep their "
    "names and their meaning. Instants are in UTC. Rows come in the order of their key; whoever "
    "follows `next` until it is null has seen each row once that was there all the time."
)


def schema_of(column: Column) -> dict[str, Any]:
    """A column as JSON Schema."""
    schema = {**TYPES[column.type], "description": column.meaning}
    if column.values:
        schema["enum"] = [*column.values]
    if column.nullable:
        schema["type"] = [schema["type"], "null"]
        if column.values:
            schema["enum"].append(None)
    return schema


def document(
    resources: Iterable[Any],
    base_url: str,
    asked: Any,
    more: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """The whole description. `asked(resource, paged)` names the parameters a resource takes.

    `more` are the parts of others: {"paths": …, "schemas": …, "securitySchemes": …}.
    """
    more = more or {}
    paths: dict[str, Any] = {"/api/v1": {"get": _contents()}}
    schemas: dict[str, Any] = {"Problem": _problem()}
    for resource in resources:
        paths |= _paths(resource, asked)
        schemas[schema_name(resource)] = _row(resource)
    for path, item in more.get("paths", {}).items():
        paths[path] = {**paths.get(path, {}), **item}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kenesh: open data",
            "version": "1",
            "description": ABOUT,
            "license": LICENCE,
        },
        "servers": [{"url": base_url}],
        "externalDocs": {"url": f"{base_url}/open-data"},
        "paths": paths,
        "components": {
            "schemas": {**schemas, **more.get("schemas", {})},
            "responses": {
                "Problem": {
                    "description": "Why there is no such answer (RFC 9457).",
                    "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
                }
            },
            "securitySchemes": dict(more.get("securitySchemes", {})),
        },
    }


def schema_name(resource: Any) -> str:
    """What the schema of a row is called: PlanItems."""
    return "".join(word.capitalize() for word in resource.name.split("-"))


def _row(resource: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "description": resource.meaning,
        "properties": {column.name: schema_of(column) for column in resource.columns},
    }


def _problem() -> dict[str, Any]:
    fields = {"type": "string", "title": "string", "status": "integer", "detail": "string"}
    properties = {name: {"type": kind} for name, kind in {**fields, "field": "string"}.items()}
    return {"type": "object", "required": [*fields], "properties": properties}


def _paths(resource: Any, asked: Any) -> dict[str, Any]:
    base, row = f"/api/v1/{resource.name}", {"$ref": _ref(resource)}
    rows = {
        "type": "object",
        "required": ["resource", "licence", "next", "data"],
        "properties": {
            "resource": {"const": resource.name},
            "licence": {"type": "object"},
            "next": {"type": ["string", "null"], "format": "uri", "description": "The next page."},
            "data": {"type": "array", "items": row},
        },
    }
    whole = {**row, "required": list(resource.names)}
    name = "_".join(resource.name.split("-"))
    paged = [_parameter(one, resource) for one in asked(resource, paged=True)]
    streamed = [_parameter(one, resource) for one in asked(resource, paged=False)]
    key = {"name": "row", "in": "path", "required": True, "schema": {"type": "string"}}
    key["description"] = f"{':'.join(resource.key)} of the row."
    csv = _got(f"{name}_csv", resource, streamed, "text/csv", {"type": "string"})
    lines = _got(f"{name}_jsonl", resource, streamed, "application/jsonl", {"type": "string"})
    return {
        base: {"get": _got(name, resource, paged, JSON, rows)},
        f"{base}.csv": {"get": {**csv, "summary": f"{resource.title}: all rows as CSV"}},
        f"{base}.jsonl": {"get": {**lines, "summary": f"{resource.title}: a line of JSON a row"}},
        f"{base}/{{row}}": {
            "get": {
                **_got(f"{name}_row", resource, [key], JSON, whole),
                "summary": f"{resource.title}: one row",
            }
        },
    }


def _ref(resource: Any) -> str:
    return f"#/components/schemas/{schema_name(resource)}"


def _parameter(name: str, resource: Any) -> dict[str, Any]:
    said = PARAMETERS[name]
    words = said["description"].replace("{dated}", resource.dated)
    return {"name": name, "in": "query", **said, "description": words}


def _got(
    name: str, resource: Any, parameters: list[Any], kind: str, schema: dict[str, Any]
) -> dict[str, Any]:
    """An operation; the texts of a table are not described further."""
    problem = {"$ref": "#/components/responses/Problem"}
    return {
        "operationId": name,
        "tags": [resource.name],
        "summary": resource.title,
        "description": resource.meaning,
        "parameters": parameters,
        "responses": {
            "200": {"description": resource.title, "content": {kind: {"schema": schema}}},
            "304": {"description": "It is still what `If-None-Match` names."},
            **dict.fromkeys(("404", "422", "429"), problem),
        },
    }


def _contents() -> dict[str, Any]:
    schema = {
        "type": "object",
        "required": ["resources"],
        "properties": {"resources": {"type": "array"}},
    }
    ok = {"description": "Everything there is.", "content": {JSON: {"schema": schema}}}
    return {"operationId": "contents", "summary": "What there is", "responses": {"200": ok}}
