"""How long it takes to take everything away, and how much memory: `--taking`.

A table of all comments by a real server, as it is and packed, while somebody else reads pages; then
all the files of a night, in a process of their own.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path
from threading import Event, Thread

from consult.db import Database
from consult.schema import migrate
from tests.bench import million
from tests.bench.report import table
from tests.bench.servers import HOST, serving

PIECE = 1 << 16  # bytes
PAUSE = 0.2  # seconds between two pages
PACKED = {"Accept-Encoding": "gzip"}
READER = "/drafts"  # what somebody else reads meanwhile
HEAD = (
    *("What", "rows", "MB", "seconds", "of CPU", "memory before, MB", "its peak"),
    "slowest page meanwhile, s",
)


def measure(comments: int) -> str:
    """A table: each row one way to take all of it."""
    with tempfile.TemporaryDirectory(prefix="kenesh-bench-") as name:
        folder = Path(name)
        database = Database(f"sqlite:///{folder / 'kenesh.db'}")
        migrate(database.engine)
        for _ in million.fill(database, comments=comments):
            pass
        database.engine.dispose()
        env = {
            "CONSULT_DATA_DIR": name,
            "CONSULT_EMBEDDED_WORKER": "false",
            "CONSULT_LIMITS_ENABLED": "false",
        }
        rows = []
        for what, headers in (("comments.csv", {}), ("comments.csv, gzip", PACKED)):
            command = ("-m", "consult", "serve", "--port", "PORT")
            log = folder / "serve.log"
            with serving(command, processes=1, health="/healthz", log=log, env=env) as site:
                _get(site.ports[0], READER, {})
                before, cpu = _peak_mb(site.pids[0]), site.cpu_ms()
                *taken, slowest = _take(site.ports[0], "/api/v1/comments.csv", headers)
                used = (site.cpu_ms() - cpu) / 1000
                rows.append((what, *taken, used, before, _peak_mb(site.pids[0]), slowest))
        for forms in (("jsonl", "csv"), ("parquet",)):
            rows.append(_dump(folder, env, forms))
    return table(HEAD, [tuple(map(_said, row)) for row in rows])


def _take(port: int, path: str, headers: dict[str, str]) -> tuple[int, float, float, float]:
    """Lines, MB, seconds of an answer; how long the slowest page took that was read meanwhile."""
    done, waits = Event(), [0.0]

    def read() -> None:
        while not done.is_set():
            waits.append(_get(port, READER, {})[2])
            done.wait(PAUSE)

    reader = Thread(target=read)
    reader.start()
    try:
        lines, size, seconds = _get(port, path, headers)
    finally:
        done.set()
        reader.join()
    return lines, size / 1e6, seconds, max(waits)


def _get(port: int, path: str, headers: dict[str, str]) -> tuple[int, int, float]:
    began, lines, size = time.monotonic(), 0, 0
    connection = HTTPConnection(HOST, port, timeout=600)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    assert answer.status == 200, answer.status
    while piece := answer.read(PIECE):
        lines, size = lines + piece.count(b"\r\n"), size + len(piece)
    connection.close()
    return lines, size, time.monotonic() - began


def _peak_mb(pid: int) -> float:
    """The most memory a process ever had; see proc_pid_status(5)."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found.group(1)) / 1e3


def _dump(folder: Path, env: dict[str, str], forms: tuple[str, ...]) -> tuple[object, ...]:
    out = folder / "-".join(forms)
    wished = [part for form in forms for part in ("--format", form)]
    began = time.monotonic()
    command = [sys.executable, "-m", "consult", "dump", "--out", str(out), *wished]
    process = subprocess.Popen(command, env=os.environ | env, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0, said
    size = sum(path.stat().st_size for path in out.iterdir()) / 1e6
    rows = int(said.partition(" ")[0].replace(",", ""))
    return (
        *(f"consult dump, {' and '.join(forms)}", rows, size),
        *(time.monotonic() - began, used.ru_utime + used.ru_stime, None),
        *(used.ru_maxrss / 1e3, None),
    )


def _said(value: object) -> str:
    if value is None:
        return ""
    return (
        f"{value:,.1f}"
        if isinstance(value, float)
        else f"{value:,}"
        if isinstance(value, int)
        else str(value)
    )
