"""A database with as many comments as wished: `python -m tests.bench.million PATH --comments N`.

Rows stream into a fresh database (a file for SQLite, or an address) in batches: people, laws,
comments in threads, campaigns among them (letters.py), votes, and the counts of it all as the
actions would have left them. Nothing is kept in memory but a batch; the same seed, the same rows.
"""

import argparse
import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

from sqlalchemy import Connection

from consult.comments.models import Comment
from consult.comments.rules import KINDS, STANCES, body_hash, receipt_number, spot_of_reply
from consult.consultations.models import Tally
from consult.db import Database
from consult.schema import migrate
from consult.votes.models import Vote
from consult.votes.rules import comment_target
from tests.bench import letters
from tests.bench.data import (
    ARTICLES,
    TERM,
    add_agencies,
    add_draft,
    add_people,
    put,
    set_sequences,
)

AT_ONCE = 5_000  # comments of a transaction
PEOPLE_PER_COMMENT = 0.25
REPLIES, WITHDRAWN = 0.1, 0.01  # shares of the comments
VOTES = (0, 0, 0, 1, 1, 2, 4)  # on a comment, each as likely as the next
START = datetime(2026, 9, 7, 4, tzinfo=UTC)
Counts = dict[tuple[int, str], dict[str, int]]


class Million:
    """What is drawn on the way: people to write and vote, laws to write about, counts so far."""

    def __init__(self, connection: Connection, *, comments: int, drafts: int, seed: int) -> None:
        self.rng = random.Random(seed)
        self.total = comments
        self.people = max(50, int(comments * PEOPLE_PER_COMMENT))
        self.counts: Counts = defaultdict(lambda: {"comments_n": 0, "for_n": 0, "against_n": 0})
        add_agencies(connection, START)
        self.wids = {
            n: add_draft(connection, self.rng, n, START, timedelta(days=1), ARTICLES)
            for n in range(1, drafts + 1)
        }
        self.letters = {n: letters.stream(seed + n, comments) for n in self.wids}
        # The first law moves the most people: as in life, most drafts are hardly noticed.
        self.weights = [1 / n for n in self.wids]

    def batch(self, first: int, size: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Comments with these numbers, and the votes on them; replies are to one of the batch."""
        comments: list[dict[str, Any]] = []
        last: dict[int, dict[str, Any]] = {}
        by_id: dict[int, dict[str, Any]] = {}
        for comment_id in range(first, first + size):
            draft_id = self.rng.choices(list(self.wids), weights=self.weights)[0]
            parent = last.get(draft_id) if self.rng.random() < REPLIES else None
            comment = self._comment(comment_id, draft_id, parent)
            comments.append(comment)
            by_id[comment_id] = last[draft_id] = comment
            if parent:
                by_id[comment["root_id"]]["replies_n"] += 1
        return comments, [vote for comment in comments for vote in self._votes(comment)]

    def _comment(
        self, comment_id: int, draft_id: int, parent: dict[str, Any] | None
    ) -> dict[str, Any]:
        letter = next(self.letters[draft_id])
        wids = self.wids[draft_id]
        wid = parent["wid"] if parent else wids[int(self.rng.random() ** 2 * len(wids))]
        place = ("id", "parent_id", "root_id", "depth")
        spot = spot_of_reply(*(parent[key] for key in place)) if parent else None
        at = START + TERM * (comment_id / (self.total + 1)) * 0.9
        gone = self.rng.random() < WITHDRAWN
        if not parent and not gone:
            self.counts[draft_id, wid]["comments_n"] += 1
        return {
            "id": comment_id,
            "receipt": receipt_number(comment_id, at),
            "consultation_id": draft_id,
            "draft_id": draft_id,
            "version_id": draft_id,
            "wid": wid,
            "anchor_lang": "ky",
            "parent_id": spot.parent_id if spot else None,
            "root_id": spot.root_id if spot else None,
            "depth": spot.depth if spot else 0,
            "reply_to_id": spot.reply_to_id if spot else None,
            "author_id": self.rng.randint(1, self.people),
            "kind": self.rng.choice(KINDS),
            "stance": self.rng.choice(STANCES),
            "lang": letter.lang,
            "body": letter.body,
            "body_hash": body_hash(letter.body, ""),
            "created_at": at,
            "withdrawn_at": at + timedelta(hours=1) if gone else None,
            "for_n": 0,
            "against_n": 0,
            "disputed_n": 0,
            "replies_n": 0,
        }

    def _votes(self, comment: dict[str, Any]) -> Iterator[dict[str, Any]]:
        voters = self.rng.sample(range(1, self.people + 1), self.rng.choice(VOTES))
        for person in voters:
            value = self.rng.choice((1, 1, -1))
            comment["for_n" if value == 1 else "against_n"] += 1
            yield {
                "person_id": person,
                "draft_id": comment["draft_id"],
                "target": comment_target(comment["id"]),
                "value": value,
                "cast_at": comment["created_at"],
            }
        comment["disputed_n"] = min(comment["for_n"], comment["against_n"])

    def tallies(self) -> list[dict[str, Any]]:
        """What was counted, as rows."""
        return [
            {"version_id": draft_id, "draft_id": draft_id, "wid": wid, **counts}
            for (draft_id, wid), counts in self.counts.items()
        ]


def fill(database: Database, *, comments: int, drafts: int = 1, seed: int = 1) -> Iterator[int]:
    """Fill an empty, migrated database; yields after each batch how many rows were written."""
    with database.writing() as session:
        made = Million(session.connection(), comments=comments, drafts=drafts, seed=seed)
    for first in range(1, made.people + 1, AT_ONCE):
        last = min(first + AT_ONCE - 1, made.people)
        with database.writing() as session:
            add_people(session.connection(), range(first, last + 1), START)
        yield last - first + 1
    for first in range(1, comments + 1, AT_ONCE):
        rows, votes = made.batch(first, min(AT_ONCE, comments + 1 - first))
        with database.writing() as session:
            put(session.connection(), Comment, rows)
            put(session.connection(), Vote, votes)
        yield len(rows) + len(votes)
    with database.writing() as session:
        put(session.connection(), Tally, made.tallies())
        if database.engine.dialect.name != "sqlite":
            set_sequences(session.connection())


def main() -> None:
    """Fill and tell how fast."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.million")
    parser.add_argument("path", help="a new SQLite file, or the address of an empty database")
    parser.add_argument("--comments", type=int, default=1_000_000)
    parser.add_argument("--drafts", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    wish = parser.parse_args()
    database = Database(wish.path if "://" in wish.path else f"sqlite:///{wish.path}")
    migrate(database.engine)
    begun, rows = perf_counter(), 0
    for written in fill(database, comments=wish.comments, drafts=wish.drafts, seed=wish.seed):
        rows += written
        speed = rows / (perf_counter() - begun)
        print(f"\r{rows:,} rows, {speed:,.0f} a second", end="", file=sys.stderr, flush=True)
    print(f"\n{rows:,} rows in {perf_counter() - begun:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
