"""The installation that is measured: three laws alike but for their comments, and 200 drafts more.

Rows are inserted in bulk, as the actions would have left them; only the search index is built by
the application itself. Everything is drawn by a fixed seed, so that two runs measure the same.
The words are in words.py.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, text
from sqlmodel import SQLModel

from consult.accounts.models import Agency, Person, SignIn
from consult.accounts.secrets import token_hash
from consult.comments.models import Comment
from consult.comments.rules import KINDS, STANCES, body_hash, receipt_number
from consult.consultations.models import Consultation, Tally
from consult.platform import Platform
from consult.procedure.stages import Stage
from consult.votes.models import Vote
from consult.votes.rules import comment_target, version_target
from drafts.models import Draft, DraftVersion, Provision
from drafts.search.following import rebuild
from drafts.storing import provision_rows
from tests.bench.words import LANG, law_text, sentence

LAWS = (0, 500, 5_000)  # comments on each; the last is the one measured
ARTICLES = 100  # of each law, in ten chapters
PEOPLE, VOTES_EACH = 500, 20
OTHER_DRAFTS = 200
TERM = timedelta(days=30)
AFTER = (Stage.CLOSED, Stage.ANSWERING, Stage.REPORTED, Stage.ADOPTED)


@dataclass(slots=True)
class Filled:
    """What the load needs to know: draft ids by number of comments, a busy provision, cookies."""

    laws: dict[int, int] = field(default_factory=dict)
    wids: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)

    @property
    def law(self) -> int:
        return self.laws[LAWS[-1]]

    @property
    def wid(self) -> str:
        return self.wids[0]


def fill(platform: Platform) -> Filled:
    """Fill an empty, migrated database and build its search index."""
    rng = random.Random(2026)
    now = platform.clock().replace(microsecond=0)
    filled = Filled()
    with platform.database.writing() as session:
        connection = session.connection()
        filled.tokens = _people(connection, now)
        for comments in LAWS:
            draft_id = filled.laws[comments] = len(filled.laws) + 1
            filled.wids = add_draft(connection, rng, draft_id, now, timedelta(days=1), ARTICLES)
            _comments(connection, rng, draft_id, filled.wids, comments, now)
        for n in range(OTHER_DRAFTS):
            add_draft(connection, rng, len(LAWS) + n + 1, now, timedelta(days=2, hours=6 * n), 8)
        if platform.database.engine.dialect.name != "sqlite":
            set_sequences(connection)
    rebuild(platform)
    return filled


def put(connection: Connection, model: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    """Insert these rows."""
    if rows:
        connection.execute(insert(model), rows)


def add_agencies(connection: Connection, now: datetime) -> None:
    """The two agencies the drafts are of."""
    agencies = [(1, "MOJ", "Юстиция министрлиги"), (2, "MOE", "Билим министрлиги")]
    rows = [
        {"id": n, "code": code, "kind": "ministry", "names": {LANG: name}, "created_at": now}
        for n, code, name in agencies
    ]
    put(connection, Agency, rows)


def add_people(connection: Connection, numbers: Iterable[int], now: datetime) -> None:
    """Citizens with these numbers, as they are when they have confirmed their address."""
    people = [
        {
            "id": n,
            "email": f"citizen{n}@example.org",
            "name": f"Жаран {n}",
            "region": "Нарын",
            "lang": LANG,
            "password_hash": "none",
            "created_at": now,
            "email_confirmed_at": now,
        }
        for n in numbers
    ]
    put(connection, Person, people)


def _people(connection: Connection, now: datetime) -> list[str]:
    """Two agencies and five hundred signed-in citizens; returns their cookies."""
    add_agencies(connection, now)
    add_people(connection, range(1, PEOPLE + 1), now)
    tokens = [f"citizen-{n}" for n in range(1, PEOPLE + 1)]
    later = now + timedelta(days=1)
    signed_in = [
        {"token_hash": token_hash(token), "person_id": n, "created_at": now, "expires_at": later}
        for n, token in enumerate(tokens, start=1)
    ]
    put(connection, SignIn, signed_in)
    return tokens


def add_draft(
    connection: Connection,
    rng: random.Random,
    draft_id: int,
    now: datetime,
    age: timedelta,
    articles: int,
) -> list[str]:
    """A public draft with its text and its round (all of the same number); returns its articles.

    It is open for discussion until its term is over, then at one of the stages after it.
    """
    at, ends = now - age, now - age + TERM
    is_open = ends > now
    stage = Stage.OPEN if is_open else AFTER[draft_id % len(AFTER)]
    draft = {
        "id": draft_id,
        "agency_id": 1 + draft_id % 2,
        "act_type": "law",
        "topic": "",
        "titles": {LANG: sentence(rng, 7)},
        "summaries": {LANG: sentence(rng, 25)},
        "stage": stage.value,
        "created_at": at,
        "published_at": at,
    }
    put(connection, Draft, [draft])
    version = {
        "id": draft_id,
        "draft_id": draft_id,
        "n": 1,
        "note": {},
        "langs": [LANG],
        "created_at": at,
        "published_at": at,
    }
    put(connection, DraftVersion, [version])
    rows = provision_rows(law_text(rng, articles), draft_id)
    put(connection, Provision, rows)
    consultation = {
        "id": draft_id,
        "draft_id": draft_id,
        "version_id": draft_id,
        "round": 1,
        "opens_at": at,
        "closes_at": ends,
        "next_transition_at": ends if is_open else None,
        "opened_at": at,
        "closed_at": None if is_open else ends,
        "reported_at": now if stage is Stage.REPORTED else None,
        "exception_basis": "",
    }
    put(connection, Consultation, [consultation])
    return [row["wid"] for row in rows if row["kind"] == "article"]


def _comments(
    connection: Connection,
    rng: random.Random,
    draft_id: int,
    wids: list[str],
    total: int,
    now: datetime,
) -> None:
    """Comments, every tenth a reply, spread unevenly: a tenth of them on the first article.

    The newest comment on it and the newest on the whole draft are answered by a reply, so that
    each page measured has some.
    """
    places = [wids[0], "", *wids[1:]]
    first = draft_id * 100_000
    comments: list[dict[str, Any]] = []
    newest: dict[str, dict[str, Any]] = {}
    tally = {wid: {"comments_n": 0, "for_n": 0, "against_n": 0} for wid in places}
    for n in range(total):
        last = total - n <= 2
        wid = places[total - n - 1 if last else int(rng.random() ** 2 * len(places))]
        parent = newest.get(wid) if last or n % 10 == 9 else None
        comment = _comment(rng, first + n, draft_id, wid, parent, now)
        comments.append(comment)
        if parent:
            parent["replies_n"] += 1
        else:
            newest[wid] = comment
            tally[wid]["comments_n"] += 1
    votes = _votes(rng, draft_id, wids, comments, tally, now) if comments else []
    put(connection, Comment, [c for c in comments if c["parent_id"] is None])
    put(connection, Comment, [c for c in comments if c["parent_id"] is not None])
    put(connection, Vote, votes)
    rows = [
        {"version_id": draft_id, "draft_id": draft_id, "wid": wid, **counts}
        for wid, counts in tally.items()
        if any(counts.values())
    ]
    put(connection, Tally, rows)


def _comment(
    rng: random.Random,
    comment_id: int,
    draft_id: int,
    wid: str,
    parent: dict[str, Any] | None,
    now: datetime,
) -> dict[str, Any]:
    body = sentence(rng, 40)
    return {
        "id": comment_id,
        "receipt": receipt_number(comment_id, now),
        "consultation_id": draft_id,
        "draft_id": draft_id,
        "version_id": draft_id,
        "wid": wid,
        "anchor_lang": LANG if wid else "",
        "quote": "",
        "quote_prefix": "",
        "quote_suffix": "",
        "parent_id": parent["id"] if parent else None,
        "author_id": rng.randint(1, PEOPLE),
        "kind": rng.choice(KINDS),
        "stance": rng.choice(STANCES),
        "lang": LANG,
        "channel": "web",
        "body": body,
        "proposed": "",
        "body_hash": body_hash(body, ""),
        "created_at": now - timedelta(minutes=rng.randint(1, 1000)),
        "for_n": 0,
        "against_n": 0,
        "replies_n": 0,
    }


def _votes(
    rng: random.Random,
    draft_id: int,
    wids: list[str],
    comments: list[dict[str, Any]],
    tally: dict[str, dict[str, int]],
    now: datetime,
) -> list[dict[str, Any]]:
    """Each person votes on some articles and comments; what they cast is counted as the site would.

    The last tenth of the articles is left to the votes that are cast while it is measured.
    """
    things: list[tuple[str, dict[str, int]]] = [
        *((version_target(draft_id, wid), tally[wid]) for wid in wids[: len(wids) * 9 // 10]),
        *((comment_target(comment["id"]), comment) for comment in comments),
    ]
    votes = []
    for person in range(1, PEOPLE + 1):
        for target, counts in rng.sample(things, VOTES_EACH):
            value = rng.choice((1, -1))
            counts["for_n" if value == 1 else "against_n"] += 1
            votes.append(
                {
                    "person_id": person,
                    "draft_id": draft_id,
                    "target": target,
                    "value": value,
                    "cast_at": now,
                }
            )
    return votes


def set_sequences(connection: Connection) -> None:
    """PostgreSQL numbers the next rows after the ones whose numbers were given here."""
    for table in ("agency", "person", "draft", "draft_version", "consultation", "comment"):
        connection.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
        )
    connection.execute(text("ANALYZE"))
