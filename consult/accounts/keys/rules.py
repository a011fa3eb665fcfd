"""[pure] Rules of keys: how one looks, how many somebody has, what a repeated request is."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from consult.access import Actor, Role
from consult.accounts.rules import clean_line
from consult.errors import Conflict, Invalid

PREFIX = "kenesh_"  # so that whoever finds one in a file knows what it opens
MOST_OF_ONE = 5
NAME_MAX = 60  # characters
REPEAT_MAX = 255  # characters of an Idempotency-Key
REPEAT_HEADER = "Idempotency-Key"
# Whoever works for the state does so on the pages, with a second factor; never by a key.
ROLES = frozenset({Role.VISITOR, Role.CITIZEN, Role.ORGANISATION})


def clean_name(typed: str) -> str:
    """What a person calls a key, to know it again; raises Invalid."""
    name = clean_line(typed)
    if not name:
        raise Invalid("Please fill this in.", field="name")
    if len(name) > NAME_MAX:
        raise Invalid("This is too long: at most {most} characters.", field="name", most=NAME_MAX)
    return name


def check_not_too_many(keys: int) -> None:
    """Raise Conflict for whoever has as many as one may have."""
    if keys >= MOST_OF_ONE:
        raise Conflict(
            "You cannot have more than {most} keys. End one of them first.",
            field="name",
            most=MOST_OF_ONE,
        )


def check_terms(accepted: int, current: int) -> None:
    """Raise Conflict for whoever accepts terms that are not those in force."""
    if accepted != current:
        raise Conflict("The terms have changed meanwhile. Please read them again.", field="terms")


def as_program(actor: Actor) -> Actor:
    """What a person may do by a key: what a citizen may, and nothing of their other roles."""
    return Actor(
        id=actor.id,
        name=actor.name,
        lang=actor.lang,
        region=actor.region,
        organisation=actor.organisation,
        organisation_id=actor.organisation_id,
        roles=actor.roles & ROLES,
        is_identified=actor.is_identified,
    )


def check_repeat_key(text: str) -> str:
    """An Idempotency-Key; raises Invalid for one that could not be kept as it is."""
    if not (0 < len(text) <= REPEAT_MAX and text.isascii() and text.isprintable()):
        raise Invalid(
            "The Idempotency-Key must be of 1 to {most} printable ASCII characters.",
            field=REPEAT_HEADER,
            most=REPEAT_MAX,
        )
    return text


def asked_hash(method: str, path: str, sent: Mapping[str, Any]) -> str:
    """The fingerprint of a request, whatever the order of its fields."""
    said = json.dumps([method, path, sent], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(said.encode()).hexdigest()
