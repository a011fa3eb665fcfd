"""Search at the size of a state: `python -m tests.bench.national [--engine tantivy] [--drafts N]`.

Fills a database (national_data.py), has the application build its index, and asks a real server
for pages of search by all kinds of questions. `--folder` keeps the data for another run.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import func
from sqlmodel import Session, col, select

from consult.app import build_platform
from consult.comments.models import Comment
from consult.config import Settings
from consult.platform import Platform
from consult.schema import migrate
from drafts.models import Draft, DraftVersion, Provision
from drafts.search.analyzers import words
from drafts.search.indexing import documents_of
from tests.bench.load import Job, run
from tests.bench.national_data import AGENCIES, HUNDRED, fill
from tests.bench.pages import Ask
from tests.bench.report import table
from tests.bench.servers import Servers, serving
from tests.bench.tongues import COMMON

DRAFTS = {"tantivy": 100_000, "whoosh": 2_500}  # the latter some 20,000 documents
OF_A_KIND = 150  # different questions
WARM_UP = 20
UPDATES = 60
PEOPLE = 4  # at once, in the mix
PATIENCE = 120  # seconds for one kind
TELLING = 4  # letters of a word that somebody may ask for


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the installation, to draw questions from: whoever asks knows that it is there."""

    draft_id: int
    lang: str
    said: list[str]

    def word(self, rng: random.Random) -> str:
        return rng.choice([word for word in self.said if len(word) >= TELLING] or self.said)


@dataclass(slots=True)
class Kind:
    """Questions of one kind, and how long each took, in milliseconds."""

    name: str
    asks: list[str]
    took: list[float] = field(default_factory=list)
    cpu: float = 0.0  # of the server, for one

    def row(self) -> tuple[str, ...]:
        ordered = sorted(self.took)
        shares = (0.5, 0.95, 0.99)
        at = (ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in shares)
        figures = (*at, ordered[-1], self.cpu)
        return (self.name, f"{len(ordered):,}", *(f"{ms:.0f}" for ms in figures))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.national")
    parser.add_argument("--engine", choices=sorted(DRAFTS), default="tantivy")
    parser.add_argument("--drafts", type=int, help="how many; 100,000, with Whoosh 2,500")
    parser.add_argument("--folder", type=Path, help="where the data is, or is to be kept")
    wish = parser.parse_args()
    drafts = wish.drafts or DRAFTS[wish.engine]
    if wish.folder:
        _measure(wish.folder, wish.engine, drafts)
        return
    with tempfile.TemporaryDirectory(prefix="kenesh-national-") as name:
        _measure(Path(name), wish.engine, drafts)


def _measure(folder: Path, engine: str, drafts: int) -> None:
    os.environ |= {"CONSULT_SEARCH_ENGINE": engine, "CONSULT_DATA_DIR": str(folder)}
    os.environ |= {"CONSULT_EMBEDDED_WORKER": "false", "CONSULT_LIMITS_ENABLED": "false"}
    platform = build_platform(Settings())
    migrate(platform.database.engine)
    print(_filled(platform, drafts), flush=True)
    print(_rebuilt(platform, folder), flush=True)
    print(_updated(platform, drafts), flush=True)
    kinds = list(_kinds(platform, random.Random(1)))
    platform.database.engine.dispose()
    command, log = ["-m", "consult", "serve", "--port", "PORT"], folder / "site.log"
    with serving(command, processes=1, health="/healthz", log=log, env={}) as site:
        before, mapped_before = _memory(site)
        mixed = _asked(site, kinds)
        after, mapped = _memory(site)
    load = os.getloadavg()[0]
    more = mapped - mapped_before  # which the system takes away when it wants
    print(f"server: {before:.0f} MB of its own before, {after:.0f} after; load {load:.1f}")
    print(f"  of the index's files {more:.0f} MB more stand in memory")
    head = ("pages of search", "asked", "p50 ms", "p95 ms", "p99 ms", "worst ms", "CPU ms")
    print(table(head, [kind.row() for kind in (*kinds, mixed)]))


def _filled(platform: Platform, drafts: int) -> str:
    began = time.perf_counter()
    with platform.database.reading() as session:
        known = session.exec(select(func.count()).select_from(Draft)).one()
    if not known:
        for so_far in fill(platform, drafts):
            _say(f"filling: {so_far:,} drafts", end="\r")
    with platform.database.reading() as session:
        counts = [
            session.exec(select(func.count()).select_from(model)).one()
            for model in (Draft, Provision, Comment)
        ]
    took = "as kept" if known else f"{time.perf_counter() - began:.0f} s"
    return "{:,} drafts, {:,} provisions, {:,} comments ({})".format(*counts, took)


def _rebuilt(platform: Platform, folder: Path) -> str:
    """By the command, in a process of its own, whose memory the system knows."""
    _say("building the index")
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "consult", "reindex", "--fresh"])
    _, status, used = os.wait4(process.pid, 0)
    if status or platform.search.needs_rebuild():
        sys.exit("the index was not built")
    took = time.perf_counter() - began
    files = (path for path in folder.glob("index*/**/*") if path.is_file())
    size = sum(path.stat().st_size for path in files)
    cpu = used.ru_utime + used.ru_stime
    return (
        f"rebuild: {took / 60:.1f} min ({cpu / 60:.1f} min of CPU), {used.ru_maxrss / 1024:.0f} MB "
        f"at most, {size / 2**20:.0f} MB on disk; machine load {os.getloadavg()[0]:.1f}"
    )


def _updated(platform: Platform, drafts: int) -> str:
    """One draft after another is replaced by itself, as after a change."""
    rng, took = random.Random(3), []
    with platform.database.reading() as session:
        for _ in range(UPDATES):
            draft_id = rng.randint(1, drafts)
            documents = list(documents_of(session, draft_id))
            began = time.perf_counter()
            platform.search.replace({f"draft:{draft_id}": documents})
            took.append((time.perf_counter() - began) * 1000)
    took.sort()
    return f"update of a draft: p50 {took[len(took) // 2]:.0f} ms, worst {took[-1]:.0f} ms"


def _kinds(platform: Platform, rng: random.Random) -> Iterator[Kind]:
    with platform.database.reading() as session:
        texts, comments = list(_texts(session, rng)), list(_comments(session, rng))
        large = session.exec(select(func.max(Draft.id))).one() or 1

    def kind(name: str, texts: Sequence[Text], of: str = "q", path: str = "", **more: str) -> Kind:
        asks = []
        for text in texts:
            query = {"q": QUESTIONS[of](text, rng), **more}
            asks.append(f"{path.format(text.draft_id) or '/search'}?{urlencode(query)}")
        return Kind(name, asks)

    yield kind("a word", texts)
    yield Kind("a very common word", [f"/search?{urlencode({'q': word})}" for word in _common()])
    yield kind("two words", texts, "two")
    yield kind("a phrase", texts, "phrase")
    yield kind("a beginning*", texts, "prefix")
    yield kind("title:word", texts, "title")
    yield kind("a word, of one agency", texts, agency=f"A{rng.randint(1, AGENCIES):02d}")
    yield kind("a word, of one year, newest first", texts, year="2024", sort="newest")
    yield kind("provisions", texts, unit="provision")
    yield kind("comments", comments, unit="comment")
    yield kind("comments by stance", comments, unit="comment", stance="oppose")
    yield kind("with a typing error", texts, "typo")
    laws = [text for text in texts if text.draft_id % HUNDRED == 1 and text.draft_id <= large]
    yield kind("inside a large draft", laws, path="/drafts/{}/search")
    yield kind("page 20 of a word", texts, offset="380")


def _two(text: Text, rng: random.Random) -> str:
    return f"{text.word(rng)} {text.word(rng)}"


def _phrase(text: Text, rng: random.Random) -> str:
    at = rng.randrange(max(1, len(text.said) - 2))
    return f'"{" ".join(text.said[at : at + 2 + rng.randrange(2)])}"'


def _typo(text: Text, rng: random.Random) -> str:
    word = text.word(rng)
    at = rng.randrange(1, len(word) - 1) if len(word) > 2 else 0
    return word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]


QUESTIONS = {
    "q": lambda text, rng: text.word(rng),
    "two": _two,
    "phrase": _phrase,
    "prefix": lambda text, rng: f"{text.word(rng)[:TELLING]}*",
    "title": lambda text, rng: f"title:{text.word(rng)}",
    "typo": _typo,
}


def _texts(session: Session, rng: random.Random) -> Iterator[Text]:
    """Provisions from all over; of large laws, which have most of them, more than of others."""
    most = session.exec(select(func.max(Provision.id))).one() or 1
    query = select(DraftVersion.draft_id, Provision.lang, Provision.text).join(
        DraftVersion, col(DraftVersion.id) == col(Provision.version_id)
    )
    for n in (rng.randint(1, most) for _ in range(OF_A_KIND)):
        for draft_id, lang, text in session.exec(query.where(Provision.id == n)).all():
            yield Text(draft_id, lang, words(text))


def _comments(session: Session, rng: random.Random) -> Iterator[Text]:
    ids = session.exec(select(Comment.id)).all()
    chosen = col(Comment.id).in_(rng.sample(ids, min(OF_A_KIND, len(ids))))
    for comment in session.exec(select(Comment).where(chosen)).all():
        yield Text(comment.draft_id, comment.lang, words(comment.body))


def _common() -> list[str]:
    """The words that stand in most of the texts."""
    return [word for said in COMMON.values() for word in said.split()[:12]]


def _asked(site: Servers, kinds: Sequence[Kind]) -> Kind:
    """Each kind by one person alone, then all of them mixed by some at once."""
    _ask(site, Kind("", kinds[0].asks[:WARM_UP]), 1)
    for kind in kinds:
        _say(kind.name)
        _ask(site, kind, 1)
    every = [ask for kind in kinds for ask in kind.asks]
    random.Random(5).shuffle(every)
    mixed = Kind(f"all of these, {PEOPLE} people at once", every)
    _ask(site, mixed, PEOPLE)
    return mixed


def _ask(site: Servers, kind: Kind, people: int) -> None:
    requests = [Ask(path).wire(gzip=False) for path in kind.asks]
    before = site.cpu_ms()
    result = run(Job(site.ports, requests, PATIENCE, people, len(requests)))
    if set(result.statuses) != {"200"}:
        sys.exit(f"not all was answered: {result.statuses}, such as {kind.asks[0]}")
    kind.took, kind.cpu = result.latencies, (site.cpu_ms() - before) / len(result.latencies)


def _memory(site: Servers) -> tuple[float, float]:
    """Megabytes of the server: its own, and those of files it reads; see proc_pid_status(5)."""
    lines = Path(f"/proc/{site.pids[0]}/status").read_text().splitlines()
    told = dict(line.split(":") for line in lines if line.startswith("Rss"))
    own, files = (int(told[name].split()[0]) / 1024 for name in ("RssAnon", "RssFile"))
    return own, files


def _say(text: str, end: str = "\n") -> None:
    print(f"… {text}", end=end, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
