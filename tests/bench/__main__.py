"""The benchmark: `make bench`, or `python -m tests.bench [--quick] [--campaigns] …`.

Fills a fresh installation in a temporary folder (data.py), starts two processes of `consult serve`
and two of the ceiling (servers.py, ceiling.py), and lets people do what people do (pages.py) by a
client in a process of its own (load.py): a slice of the application, a slice of the ceiling, and
again, so that a noisy machine is noisy for both. Queries and bytes are counted in this process
(inside.py). Ratios within a run are what counts; the milliseconds are this machine's.
Then come large texts (large.py), how well comments hold on to their words (anchors.py) and how
campaigns are found (campaigns.py), how very many people are told (fanout.py) and how everything is
taken away as data (taking.py).
"""

import argparse
import sys
import tempfile
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path

from consult.app import build_platform
from consult.config import Settings
from consult.platform import Platform
from consult.schema import migrate
from tests.bench import anchors, campaigns, ceiling, data, fanout, large, report, stemming, taking
from tests.bench.inside import Inside, gzip_of
from tests.bench.load import MOST, Job, Result, run
from tests.bench.pages import Case, cases
from tests.bench.report import Measured, Row
from tests.bench.servers import Servers, postgres, serving

PROCESSES = 2
PEOPLE = 8
WARM_UP_SECONDS = 10.0  # at most
COMMENTS, QUICK_COMMENTS = 250_000, 20_000  # on the draft whose campaigns are looked for
FOLLOWERS, QUICK_FOLLOWERS = 200_000, 10_000


@dataclass(frozen=True, slots=True)
class Plan:
    """So many turns of application and ceiling, each so many seconds; before them some requests."""

    turns: int
    seconds: float
    warm_up: int


FULL = Plan(turns=3, seconds=2.5, warm_up=60)
QUICK = Plan(turns=1, seconds=1.0, warm_up=16)


class Side:
    """The application or the ceiling, at one case."""

    def __init__(self, servers: Servers, requests: list[str], status: str) -> None:
        self.servers = servers
        self.requests = requests
        self.status = status
        self.measured = Measured()

    def warm_up(self, most: int) -> None:
        """Let templates be compiled and connections be opened."""
        self._take_turn(WARM_UP_SECONDS, most)

    def measure(self, seconds: float) -> None:
        """One slice; what was asked before comes last, so that votes and comments are new ones."""
        cpu = self.servers.cpu_ms()
        result = self._take_turn(seconds)
        self.measured.cpu_ms += self.servers.cpu_ms() - cpu
        self.measured.seconds += result.seconds
        self.measured.latencies += result.latencies
        self.measured.refused += sum(
            n for status, n in result.statuses.items() if status != self.status
        )

    def _take_turn(self, seconds: float, most: int = MOST) -> Result:
        job = Job(self.servers.ports, self.requests, seconds, PEOPLE, most)
        result = run(job)
        asked = len(result.latencies) % len(self.requests)
        self.requests = self.requests[asked:] + self.requests[:asked]
        return result


def main() -> None:
    """Measure and print."""
    wish = _arguments()
    every = not (wish.texts or wish.campaigns or wish.stems or wish.notices or wish.taking)
    if every:
        _measure_pages(wish)
    if wish.texts or (every and not wish.quick):
        _say("measuring texts and anchors")
        print("\n" + "\n\n".join((large.measure(), anchors.measure())))
    if wish.campaigns or (every and not wish.quick):
        _say("measuring campaigns")
        print("\n" + campaigns.measure(QUICK_COMMENTS if wish.quick else COMMENTS))
    if wish.stems or (every and not wish.quick):
        _say("comparing stemmers")
        print("\n" + stemming.measure())
    if wish.notices or (every and not wish.quick):
        _say("telling everybody")
        print("\n" + fanout.measure(QUICK_FOLLOWERS if wish.quick else FOLLOWERS))
    if wish.taking or (every and not wish.quick):
        _say("taking everything away")
        print("\n" + taking.measure(QUICK_COMMENTS if wish.quick else COMMENTS))


def _measure_pages(wish: argparse.Namespace) -> None:
    plan = QUICK if wish.quick else FULL
    with tempfile.TemporaryDirectory(prefix="kenesh-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        url, database = stack.enter_context(postgres(folder)) if wish.postgres else ("", 0)
        platform = _installation(folder, url)
        stack.callback(platform.database.engine.dispose)
        _say("filling the database, building the index")
        filled = data.fill(platform)
        _say("counting queries and bytes")
        inside, chosen = Inside(platform), cases(filled)
        costs = {case.name: inside.cost(case) for case in chosen}
        growth = inside.queries_by_comments(filled)
        gzip = gzip_of(platform) if wish.gzip else None
        answers = ceiling.save(folder, [cost.answer for cost in costs.values()], gzip)
        site = stack.enter_context(_site(platform, database))
        bare = stack.enter_context(_ceiling(answers, chosen[0]))
        rows = []
        for case in chosen:
            _say(f"measuring: {case.title}")
            rows.append(Row(case, costs[case.name], *_measure(case, site, bare, plan, wish.gzip)))
        how = f"gzip level {gzip.get('compresslevel')} on both sides" if gzip else "no gzip"
        kind = "PostgreSQL, its CPU counted too" if database else "SQLite"
        _print(rows, growth, report.conditions(kind, PROCESSES, PEOPLE, how))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--quick", action="store_true", help="one short turn of each")
    parser.add_argument("--texts", action="store_true", help="only texts and anchors, no pages")
    parser.add_argument("--campaigns", action="store_true", help="only how campaigns are found")
    parser.add_argument("--stems", action="store_true", help="only what the stemmers are worth")
    parser.add_argument("--notices", action="store_true", help="only how very many are told")
    parser.add_argument("--taking", action="store_true", help="only how all is taken as data")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own")
    parser.add_argument(
        "--no-gzip", dest="gzip", action="store_false", help="ask for pages as they are"
    )
    return parser.parse_args()


def _say(text: str) -> None:
    print(f"… {text}", file=sys.stderr, flush=True)


def _installation(folder: Path, url: str) -> Platform:
    settings = Settings(data_dir=folder / "var", database_url=url, embedded_worker=False)
    platform = build_platform(settings)
    migrate(platform.database.engine)
    return platform


def _site(platform: Platform, database: int) -> AbstractContextManager[Servers]:
    settings = platform.settings
    env = {
        "CONSULT_DATA_DIR": str(settings.data_dir),
        "CONSULT_DATABASE_URL": settings.database_url,
        "CONSULT_EMBEDDED_WORKER": "false",
    }
    return serving(
        ["-m", "consult", "serve", "--port", "PORT"],
        processes=PROCESSES,
        health="/healthz",
        log=settings.data_dir / "site.log",
        env=env,
        also=[database] if database else [],
    )


def _ceiling(answers: Path, first: Case) -> AbstractContextManager[Servers]:
    return serving(
        ["-m", "tests.bench.ceiling", "PORT", str(answers)],
        processes=PROCESSES,
        health=f"/{first.name}",
        log=answers.with_suffix(".log"),
        env={},
    )


def _measure(
    case: Case, site: Servers, bare: Servers, plan: Plan, gzip: bool
) -> tuple[Measured, Measured]:
    """The application and the ceiling in turns."""
    sides = (
        Side(site, [ask.wire(gzip=gzip) for ask in case.asks], case.status),
        Side(bare, [ask.wire(gzip=gzip, path=f"/{case.name}") for ask in case.asks], case.status),
    )
    for side in sides:
        side.warm_up(plan.warm_up)
    for _ in range(plan.turns):
        for side in sides:
            side.measure(plan.seconds)
    return sides[0].measured, sides[1].measured


def _print(rows: list[Row], growth: dict[str, dict[int, int]], conditions: str) -> None:
    parts = [
        conditions,
        report.speed(rows),
        report.beside_peer(rows),
        report.bytes_sent(rows),
        report.constancy(growth),
    ]
    print("\n\n".join(parts))
    if refusals := report.refusals(rows):
        sys.exit("\n".join(refusals))


if __name__ == "__main__":
    main()
