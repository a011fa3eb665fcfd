"""What a state has after ten years: drafts, provisions, comments, straight into a database.

Of a hundred drafts one is a large law that everybody talks about, the others are short; half of
them are in two languages. The same seed, the same rows. The words are in tongues.py.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from consult.accounts.models import Agency
from consult.comments.models import Comment
from consult.comments.rules import KINDS, STANCES, body_hash, receipt_number
from consult.consultations.models import Consultation, Tally
from consult.platform import Platform
from consult.procedure.stages import Stage
from drafts.models import Draft, DraftVersion, Provision
from drafts.storing import provision_rows
from drafts.tree import Node, Tree, identify
from tests.bench.data import add_people, put
from tests.bench.tongues import tongue

AGENCIES, PEOPLE = 60, 2_000
HUNDRED = 100
LARGE, SHORT = 50, 2  # articles
PROVISIONS, COMMENTS = 400, 350  # of a hundred drafts
TALKED = 200  # comments on the large one
WORDS, HEADING, SUMMARY, SAID = 100, 5, 30, 30  # words of each, more or less
TERM = timedelta(days=30)
BEGAN, ENDED = datetime(2016, 1, 11, 4, tzinfo=UTC), datetime(2026, 9, 1, 4, tzinfo=UTC)
STAGES = (Stage.REPORTED, Stage.ADOPTED, Stage.ADOPTED, Stage.REJECTED, Stage.ANSWERING)
TWO = (("ky", "ru"), ("ky", "ru"), ("ky", "ru"), ("ru", "ky"), ("kk", "ru"))
ONE = (("ru",), ("ru",), ("ky",), ("kk",), ("en",))
ARTICLE = {"ky": "{}-берене.", "ru": "Статья {}.", "kk": "{}-бап.", "en": "Article {}."}
Rows = list[dict[str, Any]]


def fill(platform: Platform, drafts: int, seed: int = 7) -> Iterator[int]:
    """Fill an empty, migrated database with so many drafts; yields how many there are so far."""
    rng = random.Random(seed)
    with platform.database.writing() as session:
        _agencies(session.connection())
        add_people(session.connection(), range(1, PEOPLE + 1), BEGAN)
    for first in range(1, drafts + 1, HUNDRED):
        last = min(first + HUNDRED, drafts + 1)
        made = _Hundred(platform, rng, range(first, last), drafts)
        with platform.database.writing() as session:
            made.put(session.connection())
        yield last - 1


def _agencies(connection: Connection) -> None:
    rows = [
        {
            "id": n,
            "code": f"A{n:02d}",
            "kind": "ministry",
            "names": {"ky": f"{n}-министрлик", "ru": f"Министерство {n}", "en": f"Ministry {n}"},
            "created_at": BEGAN,
        }
        for n in range(1, AGENCIES + 1)
    ]
    put(connection, Agency, rows)


class _Hundred:
    """The rows of a hundred drafts."""

    def __init__(self, platform: Platform, rng: random.Random, numbers: range, total: int) -> None:
        self.rng, self.total = rng, total
        self.topics, self.types = list(platform.pack.topics), list(platform.pack.act_types)
        self.rows: dict[type[Any], Rows] = {
            model: [] for model in (Draft, DraftVersion, Provision, Consultation, Comment, Tally)
        }
        wids = {n: self._draft(n) for n in numbers}
        large = numbers[0]
        for n in range(COMMENTS * len(numbers) // HUNDRED):
            draft_id = large if n < TALKED else rng.choice(numbers)
            self._comment((large - 1) * 10 + n + 1, draft_id, rng.choice(wids[draft_id]))
        self._tallies()

    def put(self, connection: Connection) -> None:
        for model, rows in self.rows.items():
            put(connection, model, rows)

    def _draft(self, n: int) -> list[str]:
        """A draft with its text and its round, all of the same number; returns its articles."""
        rng = self.rng
        langs = rng.choice(ONE if n % HUNDRED > HUNDRED // 2 + 2 or not n % HUNDRED else TWO)
        articles = LARGE if n % HUNDRED == 1 else SHORT
        at = BEGAN + (ENDED - BEGAN) * (n / self.total)
        named = {"id": n, "created_at": at, "published_at": at}
        titles = {lang: tongue(lang).text(rng, 8) for lang in langs}
        summaries = {lang: tongue(lang).text(rng, SUMMARY) for lang in langs}
        self.rows[Draft].append(
            {
                **named,
                "agency_id": min(rng.randint(1, AGENCIES), rng.randint(1, AGENCIES)),
                "act_type": rng.choice(self.types),
                "topic": rng.choice(self.topics),
                "titles": titles,
                "summaries": summaries,
                "stage": rng.choice(STAGES).value,
            }
        )
        self.rows[DraftVersion].append(
            {**named, "draft_id": n, "n": 1, "note": {}, "langs": list(langs)}
        )
        round_ = {"id": n, "draft_id": n, "version_id": n, "opens_at": at, "opened_at": at}
        ends = {"closes_at": at + TERM, "closed_at": at + TERM}
        self.rows[Consultation].append(round_ | ends)
        for lang in langs:
            rows = provision_rows(self._text(lang, articles), n)
            self.rows[Provision] += rows
        return [row["wid"] for row in rows]

    def _text(self, lang: str, articles: int) -> Tree:
        rng, said = self.rng, tongue(lang).text

        def article(n: int) -> Node:
            words = rng.randint(WORDS // 2, WORDS * 3 // 2)
            label = ARTICLE[lang].format(n)
            return Node("article", str(n), label, said(rng, HEADING), said(rng, words))

        return identify(Tree(lang, tuple(article(n + 1) for n in range(articles))))

    def _comment(self, comment_id: int, draft_id: int, wid: str) -> None:
        rng, version = self.rng, self.rows[DraftVersion][(draft_id - 1) % HUNDRED]
        lang = rng.choice(version["langs"])
        body = tongue(lang).text(rng, rng.randint(SAID // 3, SAID * 5 // 3))
        at = version["published_at"] + TERM * rng.random()
        self.rows[Comment].append(
            {
                "id": comment_id,
                "receipt": receipt_number(comment_id, at),
                "consultation_id": draft_id,
                "draft_id": draft_id,
                "version_id": draft_id,
                "wid": wid if rng.random() < 0.8 else "",
                "anchor_lang": lang,
                "author_id": rng.randint(1, PEOPLE),
                "kind": rng.choice(KINDS),
                "stance": rng.choice(STANCES),
                "lang": lang,
                "body": body,
                "body_hash": body_hash(body, ""),
                "created_at": at,
            }
        )

    def _tallies(self) -> None:
        counted: dict[tuple[int, str], int] = {}
        for one in self.rows[Comment]:
            place = (one["draft_id"], one["wid"])
            counted[place] = counted.get(place, 0) + 1
        self.rows[Tally] = [
            {"version_id": draft_id, "draft_id": draft_id, "wid": wid, "comments_n": n}
            for (draft_id, wid), n in counted.items()
        ]
