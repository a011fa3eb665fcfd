"""[pure] What stands in the record, and how: kinds of entries, their fields, canonical JSON, salts.

An entry's payload is canonical JSON: RFC 8785 for the values used here (objects with ASCII keys,
texts, whole numbers, true, false, null, lists): keys sorted, no spaces, UTF-8, and in a text only
quotes, backslashes and control characters escaped. It holds `kind` and `row` (of what it speaks),
`turn` (1 for the first entry about that row), `at` (when it was recorded), `facts` (the columns of
the row as they were then; times as ISO 8601 in UTC), `hashes` and `salt`.

No words and no people stand in it, only what nobody can guess from: `hashes` maps "words" (public
as long as the row is) and "private" (whose it is) to SHA-256(salt of that group ‖ canonical JSON of
the columns). The salt of a group is SHA-256(salt of the entry ‖ name of the group), so that one can
be shown without the other; `salt` is SHA-256(salt of the entry), so that nobody can put another in
its place. Without the salt of an entry its hashes mean nothing: so a person is forgotten.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

_ENCODE = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
).encode


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entry: the columns of its row that are said, and those that are only hashed.

    `more` are facts and words that are gathered from other rows (sources.py). `later` are facts
    that entries from before there was such a column do not say. `open_to_all`: its words are public
    for good, so that everybody is given their salt.
    """

    name: str
    facts: tuple[str, ...]
    words: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    open_to_all: bool = False


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "comment",
            facts=(
                *("receipt", "consultation_id", "draft_id", "version_id", "wid", "anchor_lang"),
                *(
                    "quote_start",
                    "parent_id",
                    "reply_to_id",
                    "root_id",
                    "depth",
                    "paper_id",
                    "kind",
                ),
                *("stance", "lang", "channel", "change", "created_at", "edited_at", "withdrawn_at"),
                *("disavowed_at", "held_at", "hidden_at", "redacted_at", "organisation_id"),
            ),
            words=("body", "proposed", "mandate", "quote", "quote_prefix", "quote_suffix"),
            private=("author_id", "body_hash"),  # who guesses cut words could test it by the hash
            later=("organisation_id",),
        ),
        Kind(  # an earlier wording of a comment
            "wording",
            facts=("comment_id", "kind", "stance", "change", "replaced_at"),
            words=("body", "proposed", "mandate"),
        ),
        Kind(
            "version",
            facts=("draft_id", "n", "langs", "created_at", "published_at"),
            words=("titles", "summaries", "note"),
            more=("texts",),
            open_to_all=True,
        ),
        Kind(
            "answer",
            facts=(
                *("consultation_id", "issue_id", "comment_id", "outcome", "lang", "changed_wid"),
                *("state", "drafted_at", "approved_at", "published_at"),
            ),
            words=("reason", "text_before", "text_after"),
            private=("drafted_by", "approved_by"),
            open_to_all=True,
        ),
        Kind(
            "report",
            facts=("consultation_id", "published_at"),
            words=("content",),
            private=("published_by",),
            more=("lines",),
        ),
        Kind(
            "duty",
            facts=(
                *("key", "duty", "subject", "rule_code", "rule_version_id", "agency_id"),
                *("draft_id", "consultation_id", "state", "due_at", "extra", "preliminary"),
                *("expected_on", "fulfilled_at"),
            ),
            private=("officer_id",),
            more=("lines", "ledger"),
        ),
        Kind(  # a question beside a draft, once its round is over, with what may be told of it
            "poll",
            facts=("consultation_id", "position", "kind", "set_at"),
            words=("words", "options"),
            private=("set_by",),
            more=("result",),
            open_to_all=True,
        ),
        Kind(
            "moderation",
            facts=(
                *("draft_id", "comment_id", "problem_id", "answer_id", "subject"),
                *("act", "acted_at"),
            ),
            words=("reason", "note"),
            private=("actor_id",),
            later=("answer_id", "subject"),
            open_to_all=True,
        ),
        Kind(  # what people propose; who supports it is counted, and stands nowhere
            "proposal",
            facts=(
                *("kind", "level", "agency_id", "draft_id", "wid", "topic", "lang", "created_at"),
                *("needed", "counts", "gathers_until", "supported_at", "answered_at"),
                *("withdrawn_at", "hidden_at", "joined_to", "joined_at", "led_to", "led_at"),
            ),
            words=("title", "body", "wanted"),
            private=("author_id", "joined_by", "led_by"),
        ),
        Kind(
            "proposal_answer",
            facts=("proposal_id", "outcome", "lang", "state", "drafted_at", "published_at"),
            words=("reason",),
            private=("drafted_by", "approved_by"),
            open_to_all=True,
        ),
        Kind(  # what a body is asked; who wants to know too is counted, and stands nowhere
            "question",
            facts=(
                *("kind", "agency_id", "council_id", "draft_id", "lang", "organisation_id"),
                *("asked_at", "answered_at", "met", "rated_at", "withdrawn_at", "hidden_at"),
            ),
            words=("title", "body"),
            private=("author_id",),
        ),
        Kind(
            "question_answer",
            facts=("question_id", "lang", "state", "drafted_at", "published_at"),
            words=("body",),
            private=("drafted_by", "approved_by"),
            open_to_all=True,
        ),
        Kind(  # to whom a question was passed on
            "question_move",
            facts=("question_id", "from_agency_id", "to_agency_id", "lang", "moved_at"),
            words=("reason",),
            private=("moved_by",),
            open_to_all=True,
        ),
        Kind(  # how somebody found an act to be when it was applied
            "problem",
            facts=(
                *("draft_id", "wid", "kind", "lang", "organisation_id", "created_at"),
                *("answer_lang", "answered_at", "follows", "follows_link", "hidden_at"),
            ),
            words=("body", "answer", "hidden_reason"),
            private=("author_id", "answered_by", "hidden_by"),
        ),
        Kind(  # what an agency concludes of a year of an act
            "review",
            facts=(
                *("draft_id", "n", "since_on", "until_on", "begun_at", "overall", "lang"),
                *("written_at", "published_at"),
            ),
            words=("words", "figures"),
            private=("written_by", "published_by"),
            more=("findings",),
            open_to_all=True,
        ),
        Kind(
            "hearing",
            facts=(
                *("agency_id", "kind", "state", "n", "starts_at", "ends_at", "register_until"),
                *("seats", "announced_at", "changed_at", "held_at", "came", "minutes_at"),
            ),
            words=("titles", "abouts", "access", "place", "link", "reason", "minutes"),
            private=("announced_by", "minutes_by"),
            more=("drafts",),
            open_to_all=True,
        ),
        Kind(  # a bill in parliament or a kenesh
            "bill",
            facts=(
                *("draft_id", "body_id", "number", "registered_on", "committee_id"),
                "recorded_at",
            ),
            words=("corrections",),
            private=("recorded_by",),
            open_to_all=True,
        ),
        Kind(
            "reading",
            facts=("draft_id", "n", "held_on", "outcome", "url", "recorded_at"),
            words=("note", "corrections"),
            private=("recorded_by",),
            open_to_all=True,
        ),
        Kind(
            "amendment",
            facts=("draft_id", "number", "wid", "lang", "deputy_id", "decision", "recorded_at"),
            words=(
                *("place", "current", "proposed", "author", "conclusion", "reason"),
                "corrections",
            ),
            private=("recorded_by",),
            open_to_all=True,
        ),
        Kind(
            "roll_call",
            facts=("draft_id", "reading_id", "amendment_id", "recorded_at"),
            words=("corrections",),
            private=("recorded_by",),
            more=("votes",),
            open_to_all=True,
        ),
        Kind(
            "sitting",
            facts=("body_id", "held_on", "lang", "url", "recorded_at", "published_at"),
            words=("title", "results"),
            private=("recorded_by", "published_by"),
            more=("items",),
            open_to_all=True,
        ),
        Kind(
            "appeals_report",
            facts=("body_id", "since_on", "until_on", "lang", "url", "published_at"),
            words=("text", "counts"),
            private=("published_by",),
            open_to_all=True,
        ),
        Kind(  # of a council, once its members have voted
            "opinion",
            facts=(
                *("draft_id", "version_id", "agency_id", "state", "asked_at", "lang"),
                *("conclusion", "drafted_by", "drafted_at", "put_at", "closed_by", "closed_at"),
            ),
            words=("words", "points", "terms"),
            private=("asked_by",),
            open_to_all=True,
        ),
        Kind(
            "opinion_vote",
            facts=("opinion_id", "member_id", "vote", "dissent_lang", "voted_at"),
            words=("dissent",),
            open_to_all=True,
        ),
        Kind(
            "opinion_answer",
            facts=("opinion_id", "lang", "taken", "written_at", "published_at"),
            words=("text",),
            private=("written_by", "published_by"),
            open_to_all=True,
        ),
        Kind(
            "appeal",
            facts=("act_id", "comment_id", "appealed_at", "decision", "decided_at"),
            words=("reason", "decision_reason"),
            private=("person_id", "decided_by"),
        ),
        Kind(
            "contest",
            facts=(
                *("draft_id", "comment_id", "disposition_id", "contested_at", "outcome"),
                *("decision_lang", "decided_at"),
            ),
            words=("reason", "decision"),
            private=("decided_by",),
        ),
    )
}
BEGUN = "begun"  # the record begins: whatever was there before stands in the entries before this
FORGOTTEN = (
    "forgotten"  # the salts of the entries it names were deleted, so that verification knows
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A row as it is now. `hidden` maps a group ("words", "private") to what is only hashed."""

    kind: str
    row: int
    facts: dict[str, Any]
    hidden: dict[str, dict[str, Any]]


def canonical(value: Any) -> bytes:
    """The one way to write a value down, as bytes; raises ValueError for what has none."""
    return _ENCODE(value).encode()


def plain(value: Any) -> Any:
    """A column as it stands in JSON: instants in UTC, days, everything else as it is."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def group_salt(salt: bytes, group: str) -> bytes:
    """The salt of one group of an entry's hashes, which can be shown without the others."""
    return sha256(salt + group.encode()).digest()


def hidden_hash(salt: bytes, group: str, value: Mapping[str, Any]) -> str:
    """What the record says of something it does not say."""
    return sha256(group_salt(salt, group) + canonical(value)).hexdigest()


def said_in(payload: str) -> dict[str, Any]:
    """What an entry says; no facts at all if somebody made it unreadable."""
    try:
        said = json.loads(payload)
    except ValueError:
        said = None
    readable = isinstance(said, dict) and isinstance(said.get("facts"), dict)
    return said if readable else {"facts": {}, "hashes": {}}


def same(entry: Mapping[str, Any], salt: bytes | None, now: Snapshot) -> str:
    """What of a row differs from its last entry: "", "facts", or the name of a group.

    Without a salt (it was forgotten) nobody can tell for the groups.
    """
    said, later = entry["facts"], KINDS[now.kind].later
    facts = {name: value for name, value in now.facts.items() if name in said or name not in later}
    if said != json.loads(canonical(facts)):
        return "facts"
    if salt is not None:
        for group, value in now.hidden.items():
            if entry.get("hashes", {}).get(group) != hidden_hash(salt, group, value):
                return group
    return ""


def payload(now: Snapshot, turn: int, salt: bytes | None, at: datetime) -> str:
    """An entry as it is written into the record."""
    value: dict[str, Any] = {
        "kind": now.kind,
        "row": now.row,
        "turn": turn,
        "at": plain(at),
        "facts": now.facts,
    }
    if salt is not None:
        hashes = {group: hidden_hash(salt, group, said) for group, said in now.hidden.items()}
        value |= {"hashes": hashes, "salt": sha256(salt).hexdigest()}
    return canonical(value).decode()
