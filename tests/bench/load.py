"""The load: a keep-alive HTTP/1.1 client on bare sockets, run as a process of its own.

    python -m tests.bench.load < job.json > result.json

Bounded in requests and seconds, and it speaks to 127.0.0.1 only. It parses no more of an answer
than it must to find its end, so that it takes little from the servers it shares the machine with.
Knows nothing of Kenesh.
"""

import asyncio
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import count
from time import perf_counter

HOST = "127.0.0.1"
GRACE_SECONDS = 30  # for the last answers, after the time is up
MOST = 50_000  # requests in one job


@dataclass(frozen=True, slots=True)
class Job:
    """Send `requests` (whole, as they go over the wire) in turn until `seconds` or `most` is over.

    There are `connections` people at work; each goes to the `ports` in turn, as nginx would.
    """

    ports: Sequence[int]
    requests: Sequence[str]
    seconds: float
    connections: int = 8
    most: int = MOST


@dataclass(slots=True)
class Result:
    """What came of it: seconds from the first byte to the last, milliseconds of each request."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)

    @property
    def done(self) -> int:
        return len(self.latencies)


def run(job: Job) -> Result:
    """Do the job in another process."""
    answer = subprocess.run(
        [sys.executable, "-m", "tests.bench.load"],
        input=json.dumps(asdict(job)),
        capture_output=True,
        text=True,
        timeout=job.seconds + GRACE_SECONDS,
        check=False,
    )
    if answer.returncode:
        sys.exit(f"the load failed:\n{answer.stderr}")
    return Result(**json.loads(answer.stdout))


class Connection(asyncio.Protocol):
    """One kept-alive connection: a request, its answer, the next request."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport
        self.buffer = b""
        self.answer: asyncio.Future[str]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if hasattr(self, "answer") and not self.answer.done():
            self.answer.set_exception(exc or ConnectionError("the server hung up"))

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if found and len(body) >= _length(head):
            self.buffer = b""
            self.answer.set_result(head[9:12].decode())

    def ask(self, request: bytes) -> asyncio.Future[str]:
        """Send a request; the future gives the status of its answer."""
        self.answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self.answer


def _length(head: bytes) -> int:
    """How long the body is; every answer measured here says so."""
    _, found, rest = head.lower().partition(b"\r\ncontent-length: ")
    return int(rest.partition(b"\r\n")[0]) if found else 0


async def _work(job: Job) -> Result:
    requests = [request.encode("latin-1") for request in job.requests]
    numbers, result, statuses = count(), Result(), Counter[str]()
    loop = asyncio.get_running_loop()
    started = perf_counter()

    async def person(first: int) -> None:
        lines = [(await loop.create_connection(Connection, HOST, port))[1] for port in job.ports]
        for turn in count(first):
            n = next(numbers)
            if n >= job.most or perf_counter() - started >= job.seconds:
                break
            begun = perf_counter()
            statuses[await lines[turn % len(lines)].ask(requests[n % len(requests)])] += 1
            result.latencies.append((perf_counter() - begun) * 1000)
        for line in lines:
            line.transport.close()

    await asyncio.gather(*(person(n) for n in range(job.connections)))
    result.seconds, result.statuses = perf_counter() - started, dict(statuses)
    return result


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(_work(Job(**json.load(sys.stdin)))))))
