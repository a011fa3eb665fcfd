"""How long the figures take: `python -m tests.bench.figures ADDRESS`, a file of SQLite or a URL.

A state of 2,000 drafts over four years and 100,000 comments with votes, answers and duties is
written into the empty database, and each page's figures are counted five times.
"""

import random
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, Engine, event, text

from consult.accounts.models import Agency, Person
from consult.answers.models import Disposition
from consult.answers.rules import OUTCOMES
from consult.comments.models import Comment
from consult.comments.rules import CHANNELS, KINDS, STANCES
from consult.consultations.models import Consultation
from consult.db import Database
from consult.obligations.models import Obligation
from consult.procedure.packs import load_pack
from consult.schema import migrate
from consult.statistics.comparing import compare, trend
from consult.statistics.overall import overall_figures
from consult.statistics.scope import Scope
from consult.votes.models import Vote
from drafts.models import Draft, DraftVersion
from tests.bench.data import put

DRAFTS, COMMENTS, VOTES, PEOPLE, BODIES = 2_000, 100_000, 120_000, 25_000, 40
BEGINS, NOW = datetime(2023, 1, 10, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
AT_ONCE, TIMES = 5_000, 5
PACK = load_pack("kg")
TOPICS, ACTS = list(PACK.topics), list(PACK.act_types)


def fill(connection: Connection, rng: random.Random) -> None:
    """The state; each draft has one round, and the first draft the most comments."""
    starts = [BEGINS + timedelta(hours=16 * n) for n in range(DRAFTS)]
    weights = [1 / (n % 200 + 1) for n in range(DRAFTS)]
    drafts = rng.choices(range(1, DRAFTS + 1), weights, k=COMMENTS)
    _in_batches(connection, Agency, map(_agency, range(1, BODIES + 1)))
    _in_batches(connection, Person, map(_person, range(1, PEOPLE + 1)))
    for model, make in ((Draft, _draft), (DraftVersion, _version), (Consultation, _round)):
        _in_batches(connection, model, (make(n, starts[n - 1]) for n in range(1, DRAFTS + 1)))
    said = ((n, draft, starts[draft - 1], rng) for n, draft in enumerate(drafts, 1))
    _in_batches(connection, Comment, (_comment(*each) for each in said))
    answered = ((n, draft, rng) for n, draft in enumerate(drafts, 1) if n % 10 < 7)
    _in_batches(connection, Disposition, (_answer(*each) for each in answered))
    _in_batches(connection, Vote, (_vote(n, starts, rng) for n in range(1, VOTES + 1)))
    _in_batches(connection, Obligation, (_duty(n, starts) for n in range(4 * DRAFTS)))


def _in_batches(connection: Connection, model: Any, rows: Iterator[dict[str, Any]]) -> None:
    while some := list(islice(rows, AT_ONCE)):
        put(connection, model, some)


def _agency(n: int) -> dict[str, Any]:
    return {"id": n, "code": f"A{n}", "kind": "ministry", "names": {}, "created_at": BEGINS}


def _person(n: int) -> dict[str, Any]:
    own = {"email": f"p{n}@example.org", "name": "P", "lang": "ky", "password_hash": "-"}
    return {"id": n, **own, "created_at": BEGINS, "verified_at": BEGINS if n % 3 else None}


def _draft(n: int, at: datetime) -> dict[str, Any]:
    about = {"topic": TOPICS[n % len(TOPICS)], "act_type": ACTS[n % len(ACTS)], "titles": {}}
    own = {"id": n, "agency_id": n % BODIES + 1, "stage": "reported", **about}
    return {**own, "attributes": [], "summaries": {}, "created_at": at, "published_at": at}


def _version(n: int, at: datetime) -> dict[str, Any]:
    return {"id": n, "draft_id": n, "n": 1, "langs": ["ky"], "created_at": at, "published_at": at}


def _round(n: int, at: datetime) -> dict[str, Any]:
    closes = at + timedelta(days=30 + n % 5)
    dates = {"opens_at": at, "opened_at": at, "closes_at": closes, "closed_at": closes}
    ends = {"reported_at": closes + timedelta(days=20), "minimum_at": at + timedelta(days=30)}
    return {"id": n, "draft_id": n, "version_id": n, "round": 1, **dates, **ends}


def _comment(n: int, draft: int, at: datetime, rng: random.Random) -> dict[str, Any]:
    place = {"consultation_id": draft, "draft_id": draft, "version_id": draft}
    kind = {"kind": KINDS[n % 4], "stance": STANCES[n % 3], "channel": CHANNELS[n % 7 // 6]}
    words = {"lang": ("ky", "ru")[n % 2], "body": f"Comment {n}", "body_hash": "-", **kind}
    when = at + timedelta(minutes=rng.randrange(40_000))
    answered = at + timedelta(days=40 + n % 40)
    who = {"author_id": rng.randrange(PEOPLE) + 1, "created_at": when, "answered_at": answered}
    return {"id": n, "receipt": str(n), **place, **words, **who}


def _answer(n: int, draft: int, rng: random.Random) -> dict[str, Any]:
    reason = f"Reason {rng.randrange(20_000)}."
    changed = {"changed_wid": f"art_{n % 9}", "text_before": "a", "text_after": "ab"[n % 2]}
    words = {"outcome": OUTCOMES[n % 7], "reason": reason, "lang": "ky", **changed}
    own = {"state": "published", "drafted_by": 1, "drafted_at": BEGINS}
    return {"id": n, "consultation_id": draft, "comment_id": n, **words, **own}


def _vote(n: int, starts: list[datetime], rng: random.Random) -> dict[str, Any]:
    draft = rng.randrange(DRAFTS) + 1
    at, value = starts[draft - 1] + timedelta(days=3), 1 if n % 3 else -1
    own = {"person_id": n % PEOPLE + 1, "value": value, "is_identified": n % 2 == 0}
    return {"draft_id": draft, "target": f"version:{draft}#a{n}", **own, "cast_at": at}


def _duty(n: int, starts: list[datetime]) -> dict[str, Any]:
    draft, duty = n // 4 + 1, ("start_notice", "answer", "report", "decision")[n % 4]
    due = starts[draft - 1] + timedelta(days=60)
    done = due + timedelta(days=5 - n % 20)
    ends = {"state": "fulfilled", "due_at": due, "fulfilled_at": done}
    owed = {"agency_id": draft % BODIES + 1, "draft_id": draft, "consultation_id": draft}
    return {"key": str(n), "duty": duty, "rule_code": "r", **owed, **ends}


def measure(database: Database) -> None:
    """What each page counts: seconds (the best and the worst) and queries."""
    codes = {n: f"A{n}" for n in range(1, BODIES + 1)}
    year = Scope.of_year(2025)
    with database.reading() as session:
        given: dict[str, Any] = {"pack": PACK, "now": NOW}
        pages: dict[str, Callable[[], object]] = {
            "all": lambda: overall_figures(session, Scope(), codes, **given),
            "a year": lambda: overall_figures(session, year, codes, **given),
            "an agency": lambda: overall_figures(session, Scope(agency_id=7), codes, **given),
            "agencies of a year": lambda: compare(session, year, codes, **given),
            "years": lambda: trend(session, Scope(), codes, **given),
        }
        for name, count in pages.items():
            taken, asked = _timed(database.engine, count)
            print(f"{name:<20} {min(taken):6.2f} s – {max(taken):6.2f} s, {asked} queries")


def _timed(engine: Engine, count: Callable[[], object]) -> tuple[list[float], int]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    taken = []
    for _ in range(TIMES):
        begun = perf_counter()
        count()
        taken.append(perf_counter() - begun)
    event.remove(engine, "before_cursor_execute", note)
    return taken, len(asked) // TIMES


def main() -> None:
    address = sys.argv[1]
    database = Database(address if "://" in address else f"sqlite:///{address}")
    migrate(database.engine)
    with database.engine.execution_options(writes=True).begin() as connection:
        fill(connection, random.Random(7))
        if connection.dialect.name == "postgresql":  # it does so by itself, in time
            connection.execute(text("ANALYZE"))
    measure(database)


if __name__ == "__main__":
    main()
