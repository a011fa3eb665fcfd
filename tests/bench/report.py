"""What is printed: the numbers of this run beside the goals and beside the nearest platform."""

import os
import platform as machine
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version

from tests.bench.inside import Cost
from tests.bench.pages import Case

CEILING_SHARE = 0.25  # of the ceiling's requests per second, for pages that are read


@dataclass(frozen=True, slots=True)
class Peer:
    """A page of adhocracy-plus, and what was aimed at: a hundredth of its time."""

    cpu_ms: float
    queries: int
    goal_ms: float


# adhocracy-plus (Django), the nearest open platform, measured on two cores with a document of 100
# paragraphs and 5,000 comments: issue 2, section Benchmarks.
PEERS = {
    "draft": Peer(753, 143, 7),
    "talk": Peer(453, 783, 4),
    "list": Peer(107, 87, 3),
    "comment": Peer(70, 82, 5),
}
PEER_FIRST_VISIT = 1_200_000  # bytes; a tenth was aimed at


@dataclass(slots=True)
class Measured:
    """One side of a case: what all its slices came to."""

    seconds: float = 0.0
    cpu_ms: float = 0.0
    latencies: list[float] = field(default_factory=list)
    refused: int = 0  # answers with another status than the case's

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    @property
    def cpu(self) -> float:
        return self.cpu_ms / len(self.latencies)

    def percentile(self, share: float) -> float:
        """Milliseconds within which that share of the requests was answered."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(frozen=True, slots=True)
class Row:
    """A case with all that was found out about it."""

    case: Case
    cost: Cost
    site: Measured
    ceiling: Measured

    @property
    def ratio(self) -> float:
        return self.site.rate / self.ceiling.rate


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as they need to be; the first to the left, numbers to the right."""
    every = [head, *rows]
    widths = [max(len(row[n]) for row in every) for n in range(len(head))]

    def line(row: Sequence[str]) -> str:
        first, *others = (
            cell.ljust(w) if not n else cell.rjust(w)
            for n, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        return "  ".join((first, *others)).rstrip()

    return "\n".join([line(head), "  ".join("-" * w for w in widths), *map(line, rows)])


def conditions(database: str, processes: int, people: int, gzip: str) -> str:
    """On what, and how, it was measured."""
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("starlette", "jinja2", "sqlalchemy", "uvicorn")
    )
    return (
        f"Python {machine.python_version()}, {packages}\n"
        f"{os.cpu_count()} cores (load {os.getloadavg()[0]:.1f}), {database}; "
        f"{processes} server processes, {people} people at once, keep-alive, {gzip}"
    )


def speed(rows: Sequence[Row]) -> str:
    """Requests, latencies and CPU, beside the ceiling."""
    measured = ("req/s", "p50 ms", "p99 ms", "CPU ms", "queries")
    head = ("", *measured, "ceiling req/s", "CPU ms", "app/ceiling", "by CPU")
    lines = [
        (
            row.case.title,
            f"{row.site.rate:,.0f}",
            f"{row.site.percentile(0.5):.1f}",
            f"{row.site.percentile(0.99):.1f}",
            f"{row.site.cpu:.1f}",
            str(row.cost.queries),
            f"{row.ceiling.rate:,.0f}",
            f"{row.ceiling.cpu:.2f}",
            f"{row.ratio:.2f}{_mark(row)}",
            f"{row.ceiling.cpu / row.site.cpu:.2f}",
        )
        for row in rows
    ]
    return table(head, lines)


def _mark(row: Row) -> str:
    if not row.case.reads:
        return "  "
    return " ✓" if row.ratio >= CEILING_SHARE else " ✗"


def bytes_sent(rows: Sequence[Row]) -> str:
    """How heavy the pages are, alone and on a first visit."""
    head = ("kB", "page", "gzip", "first visit", "gzip")
    lines = []
    for row in rows:
        if row.case.reads:
            numbers = (
                row.cost.page.raw,
                row.cost.page.gzip,
                row.cost.visit.raw,
                row.cost.visit.gzip,
            )
            lines.append((row.case.title, *(f"{n / 1000:.1f}" for n in numbers)))
    return table(head, lines)


def beside_peer(rows: Sequence[Row]) -> str:
    """The same pages of adhocracy-plus."""
    head = ("", "adhocracy-plus", "Kenesh", "times less", "goal", "queries")
    lines = [
        (
            row.case.title,
            f"{peer.cpu_ms:.0f} ms",
            f"{row.site.cpu:.1f} ms",
            f"{peer.cpu_ms / row.site.cpu:.0f}",
            f"{peer.goal_ms:.0f} ms {'✓' if row.site.cpu <= peer.goal_ms else '✗'}",
            f"{peer.queries} : {row.cost.queries}",
        )
        for row in rows
        if (peer := PEERS.get(row.case.name))
    ]
    visit = next(row.cost.visit for row in rows if row.case.name == "draft")
    goal = PEER_FIRST_VISIT / 10
    for name, size in (("raw", visit.raw), ("gzip", visit.gzip)):
        lines.append(
            (
                f"first visit to the draft, {name}",
                f"{PEER_FIRST_VISIT / 1000:,.0f} kB",
                f"{size / 1000:.0f} kB",
                f"{PEER_FIRST_VISIT / size:.0f}",
                f"{goal / 1000:.0f} kB {'✓' if size <= goal else '✗'}",
                "",
            )
        )
    return table(head, lines)


def constancy(found: dict[str, dict[int, int]]) -> str:
    """Queries by the number of comments on the law: they must not grow.

    A page without comments asks less, since it has no replies and no answers to ask for.
    """
    numbers = sorted(next(iter(found.values())))
    head = ("queries by comments on the law", *(f"{n:,}" for n in numbers), "")
    lines = []
    for page, counts in found.items():
        none, *some = (counts[n] for n in numbers)
        constant = len(set(some)) == 1 and none <= some[0]
        verdict = "constant ✓" if constant else "grows ✗"
        lines.append((page, *(str(counts[n]) for n in numbers), verdict))
    return table(head, lines)


def refusals(rows: Sequence[Row]) -> list[str]:
    """What was answered otherwise than it should; then the numbers above mean little."""
    return [
        f"{row.case.title}: {side.refused} of {len(side.latencies)} answers were refusals"
        for row in rows
        for side in (row.site, row.ceiling)
        if side.refused
    ]
