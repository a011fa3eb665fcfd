"""[pure] What makes a version of a rule: everything in it that the law decides."""

import hashlib
import json
from typing import Any

from consult.procedure.deadlines import DeadlineRule

# What may be written better without changing the law: advice to the operator, where it was found.
ASIDE = frozenset({"note", "source", "proposed", "confirmed"})


def content(rule: DeadlineRule) -> dict[str, Any]:
    """A rule as plain values, from which `DeadlineRule.model_validate` makes it again."""
    return rule.model_dump(mode="json")


def fingerprint(rule: DeadlineRule) -> str:
    """A SHA-256 of what a rule says, in hexadecimal; equal for rules that say the same."""
    said = rule.model_dump(mode="json", exclude=set(ASIDE))
    for key, value in said.items():
        if isinstance(value, list):
            said[key] = sorted(value)
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
