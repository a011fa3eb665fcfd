"""[pure] What the description of the API (openapi.py) says of writing. The routes: consult/site."""

from collections.abc import Mapping
from typing import Any

from consult.comments.rules import CHANGES, KINDS, MANDATE_MAX, STANCES

NUMBER = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
TEXT = {"type": "string"}
LANGUAGE = {"type": "string", "enum": ["ky", "ru", "kk", "en"]}
PROBLEM = {"$ref": "#/components/responses/Problem"}
REFUSALS = dict.fromkeys(("400", "401", "403", "404", "409", "413", "415", "422", "429"), PROBLEM)
BY_KEY: list[dict[str, list[str]]] = [{"key": []}]
ONLY = {"type": "object", "additionalProperties": False}


def _or_null(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"anyOf": [dict(schema), {"type": "null"}]}


def _said(schema: Mapping[str, Any], meaning: str) -> dict[str, Any]:
    return {**schema, "description": meaning}


SCHEMAS: Mapping[str, Any] = {
    "CommentSent": {
        **ONLY,
        "required": ["draft", "body"],
        "properties": {
            "draft": _said(NUMBER, "The draft: drafts.id."),
            "provision": _said(
                {**TEXT, "maxLength": 200},
                "The provision (provisions.wid); empty: the draft as a whole.",
            ),
            "reply_to": _said(_or_null(NUMBER), "The comment it replies to: comments.id."),
            "quote": _said(TEXT, "Words of the provision that it is about."),
            "quote_start": _said(
                _or_null({"type": "integer", "minimum": 0, "maximum": 99_999_999}),
                "At which character of the provision they begin, if they stand there twice.",
            ),
            "quote_lang": _said(_or_null(LANGUAGE), "The language of the text it is about."),
            "body": _said(TEXT, "What is said."),
            "kind": {"enum": [*KINDS], "default": "substantive"},
            "stance": {"enum": [*STANCES], "default": "neutral"},
            "change": _said(
                {"enum": [*CHANGES]},
                "What `proposed` does to the text; empty: it replaces, if there are any words.",
            ),
            "proposed": _said(TEXT, "The wording proposed; none for a deletion."),
            "mandate": _said(
                {**TEXT, "maxLength": MANDATE_MAX}, "On whose behalf an organisation speaks."
            ),
            "organisation": _said(
                _or_null(NUMBER),
                "The organisation you write for at present; null where you write for yourself.",
            ),
            "lang": _said(_or_null(LANGUAGE), "The language of the comment; else your own."),
        },
    },
    "Receipt": {
        "type": "object",
        "required": ["id", "draft", "receipt", "created_at", "sha256", "url", "receipt_url"],
        "properties": {
            "id": NUMBER,
            "draft": NUMBER,
            "receipt": _said(TEXT, "The number of the receipt."),
            "created_at": {"type": "string", "format": "date-time"},
            "sha256": _said(TEXT, "The fingerprint of the words, as the public record has it."),
            "url": {"type": "string", "format": "uri"},
            "receipt_url": {"type": "string", "format": "uri"},
        },
    },
    "VoteSent": {
        **ONLY,
        "required": ["value"],
        "properties": {
            "draft": _said(_or_null(NUMBER), "The draft: drafts.id."),
            "provision": _said({**TEXT, "maxLength": 200}, "A provision of it."),
            "comment": _said(_or_null(NUMBER), "Or a comment: comments.id."),
            "value": _said({"enum": [1, 0, -1]}, "For, none (taken back), against."),
        },
    },
}
SECURITY_SCHEMES: Mapping[str, Any] = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "A key of a person who accepted the terms (/api-terms): /cabinet/keys.",
    }
}


def _body(schema: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"required": True, "content": content}


PATHS: Mapping[str, Any] = {
    "/api/v1/comments": {
        "post": {
            "operationId": "comment",
            "tags": ["writing"],
            "summary": "Comment on a draft",
            "description": (
                "In the name of whoever the key stands for; rules, limits and moderation are those "
                "of the pages. Comments sent so are marked: channel `api`. With the header "
                "Idempotency-Key the same request is done once and answered the same for some days."
                " What is no JSON is answered 422, as is a field that is wrong, which is named."
            ),
            "security": BY_KEY,
            "parameters": [
                {
                    "name": "Idempotency-Key",
                    "in": "header",
                    "required": False,
                    "schema": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": 255,
                        "pattern": r"^[!-~]+$",
                    },
                }
            ],
            "requestBody": _body("CommentSent"),
            "responses": {
                "201": {
                    "description": "The receipt.",
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Receipt"}}
                    },
                },
                **REFUSALS,
            },
        }
    },
    "/api/v1/comments/{row}": {
        "delete": {
            "operationId": "withdraw",
            "tags": ["writing"],
            "summary": "Withdraw one's comment",
            "security": BY_KEY,
            "parameters": [{"name": "row", "in": "path", "required": True, "schema": NUMBER}],
            "responses": {"204": {"description": "It is withdrawn."}, **REFUSALS},
        }
    },
    "/api/v1/votes": {
        "put": {
            "operationId": "vote",
            "tags": ["writing"],
            "summary": "Vote, change one's vote, or take it back",
            "description": "On a draft, on a provision of the text under discussion, or a comment.",
            "security": BY_KEY,
            "requestBody": _body("VoteSent"),
            "responses": {"204": {"description": "The vote stands."}, **REFUSALS},
        }
    },
}
MORE: Mapping[str, Mapping[str, Any]] = {
    "paths": PATHS,
    "schemas": SCHEMAS,
    "securitySchemes": SECURITY_SCHEMES,
}
