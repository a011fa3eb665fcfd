"""The demonstration as it is written in scenario.toml: its shape, nothing of how it is played."""

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).parent


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Agency(_Part):
    code: str
    kind: str
    names: dict[str, str]


class Held(_Part):
    role: str
    agency: str = ""


class Person(_Part):
    key: str
    name: str
    email: str
    lang: str
    kind: str = "person"
    organisation: str = ""
    region: str = ""
    roles: tuple[Held, ...] = ()


class Row(_Part):
    """A row of a comparative table; only a `place` is a heading."""

    place: str = ""
    current: str = ""
    proposed: str = ""
    reason: str = ""
    wid: str = ""


class Version(_Part):
    """A text, imported on `day`; files by language, under drafts/; its table by language."""

    n: int
    day: float
    note: dict[str, str] = {}
    files: dict[str, str]
    table: dict[str, tuple[Row, ...]] = {}


class Term(_Part):
    opens_day: float
    closes_day: float
    version: int = 1
    exception: str = ""


class Draft(_Part):
    slug: str
    agency: str
    act_type: str
    attributes: list[str] = []
    topic: str
    langs: tuple[str, ...]
    stage: str
    titles: dict[str, str]
    summaries: dict[str, str] = {}
    consultation: Term | None = None
    versions: tuple[Version, ...]


class Comment(_Part):
    key: str
    draft: str
    author: str
    day: float
    lang: str
    provision: str = ""
    quote: str = ""
    kind: str
    stance: str
    text: str
    proposed: str = ""
    reply_to: str = ""
    votes_for: int = 0
    votes_against: int = 0


class Issue(_Part):
    key: str
    draft: str
    title: str
    summary: str = ""
    comments: tuple[str, ...]


class Disposition(_Part):
    draft: str
    issue: str = ""
    comment: str = ""
    outcome: str
    reason: str = ""
    changed: str = ""
    state: str


class Votes(_Part):
    draft: str
    provision: str = ""
    up: int
    down: int


class Scenario(_Part):
    """The whole demonstration."""

    agency: tuple[Agency, ...]
    person: tuple[Person, ...]
    draft: tuple[Draft, ...]
    comment: tuple[Comment, ...]
    issue: tuple[Issue, ...]
    disposition: tuple[Disposition, ...]
    vote: tuple[Votes, ...]


@cache
def load_scenario() -> Scenario:
    """The demonstration that is shipped."""
    return Scenario.model_validate(tomllib.loads((FOLDER / "scenario.toml").read_text("utf-8")))
