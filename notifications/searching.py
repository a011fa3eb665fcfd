"""[pure] A search that can be followed: how it is kept, and what it asks again later."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from consult.errors import Invalid, NotFound
from consult.procedure.stages import Stage
from drafts.search.interface import Query
from drafts.search.syntax import LONGEST_QUERY

KEPT = ("agency", "act_type", "topic", "stage", "lang", "year")
# The stages that people are told of; a search that names none asks for what opens for comment.
TOLD = tuple(stage.value for stage in (Stage.OPEN, Stage.REPORTED, Stage.ADOPTED, Stage.REJECTED))
YEAR = re.compile(r"[12]\d{3}", re.ASCII)
WISHED = "wished:"
LONGEST_WISH = 3000


def kept_search(words: str, filters: Mapping[str, str]) -> str:
    """A search as it is kept: the same text whoever asks the same, in capitals or not.

    Raises Invalid if nothing is asked: whoever wants to hear of every draft follows them all.
    """
    asked = {"q": " ".join(words.casefold()[:LONGEST_QUERY].split())}
    asked |= {name: filters.get(name, "") for name in KEPT}
    asked = {name: value for name, value in asked.items() if value}
    if not asked or any("\0" in value for value in asked.values()):
        raise Invalid("Please enter what is to be looked for.", field="q")
    return json.dumps(asked, ensure_ascii=False, sort_keys=True)


def read_search(kept: str) -> dict[str, str]:
    """What a kept search asks: {"q": words, "topic": "health"}."""
    asked: dict[str, Any] = json.loads(kept)
    return {name: str(value) for name, value in asked.items()}


def wished(kept: str) -> str:
    """What stands in a link for a search that is not kept before the link was opened."""
    return WISHED + urlsafe_b64encode(kept.encode()).decode().rstrip("=")


def read_wished(target: str) -> str | None:
    """The search that such a target stands for; None for any other. Raises NotFound."""
    if not target.startswith(WISHED):
        return None
    code = target.removeprefix(WISHED)[:LONGEST_WISH]
    try:
        asked = read_search(urlsafe_b64decode(code + "=" * (-len(code) % 4)).decode())
        return kept_search(asked.pop("q", ""), asked)
    except (ValueError, AttributeError, RecursionError) as error:
        raise NotFound("There is nothing to follow here.") from error


def query_of(kept: str) -> tuple[str, Query]:
    """The stage a draft must come to, and what is asked of it then."""
    asked = read_search(kept)
    words, stage = asked.pop("q", ""), asked.pop("stage", TOLD[0])
    return stage, Query(words, filters={name: (value,) for name, value in asked.items()})


def search_path(kept: str) -> str:
    """Where its results are shown now."""
    return f"/search?{urlencode(read_search(kept))}"
