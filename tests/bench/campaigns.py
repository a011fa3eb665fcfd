"""How well campaigns are found, how long it takes, and in how much memory: `--campaigns`.

A quarter of a million comments on one draft (million.py) are looked at as a whole, then some are
taken back and come again one by one, as the worker does it. Seconds are of computing (CPU): what
else the machine does is left out.
"""

import random
import resource
import tempfile
from datetime import timedelta
from pathlib import Path
from statistics import quantiles
from time import process_time

from sqlmodel import Session, col, select

from consult.campaigns.keeping import keep
from consult.campaigns.queries import counts, near
from consult.campaigns.reclustering import recluster
from consult.comments.models import Comment
from consult.db import Database
from consult.schema import migrate
from tests.bench import million
from tests.bench.letters import discussion
from tests.bench.report import table
from tests.bench.scoring import grouped, precision_and_recall

SHARES = (0, 5, 10, 15, 20, 25, 30, 35, 40)  # per cent of the words of each copy
ONE_BY_ONE = 300
DRAFT = 1


def measure(comments: int) -> str:
    """Two tables: how well, how fast."""
    return "\n\n".join((_quality(), _speed(comments)))


def _quality() -> str:
    """Many small campaigns, then some large ones; in each every copy has so many words changed."""
    rows = []
    for per_cent in SHARES:
        row = [f"{per_cent} %"]
        for campaigns, largest in ((300, 4), (40, 60)):
            letters = discussion(
                9, share=per_cent / 100, campaigns=campaigns, largest=largest, others=3000
            )
            row += [f"{share:.4f}" for share in precision_and_recall(letters, grouped(letters))]
        rows.append(tuple(row))
    head = (
        *("Words changed in each copy", "precision, of 2 to 4", "recall"),
        *("precision, of 2 to 60", "recall"),
    )
    return table(head, rows)


def _speed(comments: int) -> str:
    with tempfile.TemporaryDirectory(prefix="kenesh-bench-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'kenesh.db'}")
        migrate(database.engine)
        for _ in million.fill(database, comments=comments):
            pass
        rows = speeds(database)
        database.engine.dispose()
    return table((f"{comments:,} comments on one draft", ""), rows)


def speeds(database: Database) -> list[tuple[str, str]]:
    """What is done with a database that million.py has filled, and what it costs."""
    rows = []
    for name in ("all looked at, the first time", "all looked at again"):
        begun = process_time()
        recluster(database, DRAFT)
        rows.append((name, f"{process_time() - begun:.0f} s"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with database.reading() as session:
        found = counts(session, DRAFT)
        ids = session.exec(
            select(Comment.id).where(col(Comment.parent_id).is_(None), Comment.draft_id == DRAFT)
        ).all()
    rows.append(("most memory", f"{peak:,.0f} MB"))
    rows.append(("submissions, different texts", f"{found[0]:,}, {found[1]:,}"))
    chosen = random.Random(1).sample(list(ids), min(ONE_BY_ONE, len(ids)))
    for name, times in _one_by_one(database, chosen).items():
        cuts = quantiles(times, n=100)
        rows.append((f"{name}: half of them, 99 of 100", f"{cuts[49]:.1f} ms, {cuts[98]:.1f} ms"))
    return rows


def _one_by_one(database: Database, ids: list[int | None]) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {"a comment goes": [], "a comment comes": [], "near": []}
    for comment_id in ids:
        with database.writing() as session:
            comment = session.get_one(Comment, comment_id)
            for name, at in (("a comment goes", timedelta(days=1)), ("a comment comes", None)):
                comment.withdrawn_at = comment.created_at + at if at else None
                session.flush()
                times[name].append(_ms(session, comment))
            body = comment.body
        with database.reading() as session:
            begun = process_time()
            near(session, draft_id=DRAFT, body=f"{body} Ооба.")
            times["near"].append((process_time() - begun) * 1000)
    return times


def _ms(session: Session, comment: Comment) -> float:
    begun = process_time()
    keep(session, comment.id or 0)
    session.flush()
    return (process_time() - begun) * 1000
