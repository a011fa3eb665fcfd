"""The demonstration as it is written under story/: its shape, nothing of how it is played."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).parent


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Agency(_Part):
    code: str
    kind: str
    names: dict[str, str]
    parent: str = ""


class Held(_Part):
    role: str
    agency: str = ""


class Person(_Part):
    key: str
    name: str
    email: str
    lang: str
    organisation: str = ""  # which they manage; `number` is that of its registration
    number: str = ""
    member_of: str = ""  # the key of who manages the organisation they may speak for
    mandate: str = ""
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


class Outcome(_Part):
    """The act that became of a draft; days from the start, `version` its final text."""

    day: float
    number: str
    decided_day: float
    in_force_day: float
    url: str
    version: int


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
    outcome: Outcome | None = None
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


class CalendarYear(_Part):
    day: float
    document: str


class PlanItem(_Part):
    """An item of the plan; months count from that of loading, `draft` is what became of it."""

    key: str
    agency: str
    act_type: str
    topic: str
    day: float
    month: int
    titles: dict[str, str]
    summaries: dict[str, str] = {}
    draft: str = ""
    moved_day: float | None = None
    moved_month: int = 0
    dropped_day: float | None = None
    reason: str = ""


class Extension(_Part):
    """More time for a duty, by so many units of its rule; without `approved_day` it waits."""

    draft: str
    duty: str
    day: float
    extra: int
    basis: str
    reason: str
    approved_day: float | None = None


class Reports(_Part):
    """How recurrent reports are handed in; `expected_in` is in working days."""

    late: tuple[str, ...]
    document: str
    delay_day: float
    expected_in: int
    reason: str


class Progress(_Part):
    """A step of what was accepted in answer to a comment."""

    comment: str
    day: float
    state: str
    note: str = ""
    evidence: str = ""


class Signatures(_Part):
    """People who make a comment their own as well."""

    comment: str
    day: float
    people: tuple[str, ...]


class Entry(_Part):
    """What came on paper, by mail or at a hearing, entered on `day`."""

    key: str
    draft: str
    channel: str
    day: float
    received_day: float
    reference: str
    hearing: str = ""  # the key of one that was announced
    name: str
    region: str = ""
    contact: str = ""
    lang: str
    provision: str = ""
    kind: str
    stance: str
    text: str


class PaperPart(_Part):
    """A part of a position paper."""

    wid: str
    kind: str
    text: str


class Paper(_Part):
    """One paper about several provisions."""

    author: str
    draft: str
    day: float
    title: str
    mandate: str = ""
    lang: str
    part: tuple[PaperPart, ...]


class Hiding(_Part):
    """A comment that was hidden, the appeal of its author, and the decision."""

    key: str
    author: str
    draft: str
    day: float
    lang: str
    kind: str = "substantive"
    stance: str = "oppose"
    text: str
    hidden_day: float
    reason: str
    note: str
    appeal_day: float
    appeal: str
    decided_day: float
    decision: str
    decision_reason: str


class Redaction(_Part):
    """A comment from which somebody's personal data was taken."""

    key: str
    author: str
    draft: str
    day: float
    lang: str
    kind: str
    stance: str
    text: str
    words: tuple[str, ...]
    redacted_day: float
    note: str


class Ratings(_Part):
    """Who says that the answer to a comment met their point, and who that it did not."""

    comment: str
    day: float
    met: tuple[str, ...]
    not_met: tuple[str, ...]


class Contest(_Part):
    """An answer that was contested, and what `by` decided."""

    comment: str
    author: str
    day: float
    reason: str
    decided_day: float
    by: str
    outcome: str
    decision: str
    lang: str


class Template(_Part):
    """A wording the officers of an agency begin answers with."""

    agency: str
    title: str
    outcome: str
    lang: str
    reason: str
    day: float


class Note(_Part):
    """A remark for colleagues about a comment."""

    comment: str
    day: float
    text: str


class Referral(_Part):
    """A bill that a deputy brings before a committee."""

    committee: str
    draft: str
    day: float
    by: str


class Question(_Part):
    """A question to the public; `answers` are the options chosen by one citizen after another, or
    what they `said` in words."""

    kind: str
    words: dict[str, str]
    options: tuple[dict[str, str], ...] = ()
    answers: tuple[tuple[int, ...], ...] = ()
    said: tuple[str, ...] = ()


class Poll(_Part):
    """What is asked in the round of a draft."""

    draft: str
    question: tuple[Question, ...]


class Scenario(_Part):
    """The whole demonstration."""

    agency: tuple[Agency, ...]
    person: tuple[Person, ...]
    draft: tuple[Draft, ...]
    comment: tuple[Comment, ...]
    issue: tuple[Issue, ...]
    disposition: tuple[Disposition, ...]
    vote: tuple[Votes, ...]
    calendar: tuple[CalendarYear, ...]
    plan: tuple[PlanItem, ...]
    extension: tuple[Extension, ...]
    reports: Reports
    progress: tuple[Progress, ...]
    signature: tuple[Signatures, ...]
    entry: tuple[Entry, ...]
    paper: tuple[Paper, ...]
    hiding: tuple[Hiding, ...]
    redaction: tuple[Redaction, ...]
    rating: tuple[Ratings, ...]
    contest: tuple[Contest, ...]
    template: tuple[Template, ...]
    note: tuple[Note, ...]
    referral: tuple[Referral, ...]
    poll: tuple[Poll, ...]


@cache
def load_scenario() -> Scenario:
    """The demonstration that is shipped."""
    told: dict[str, Any] = {}
    for path in sorted((FOLDER / "story").glob("*.toml")):
        for name, parts in tomllib.loads(path.read_text("utf-8")).items():
            told[name] = [*told.get(name, []), *parts] if isinstance(parts, list) else parts
    return Scenario.model_validate(told)
