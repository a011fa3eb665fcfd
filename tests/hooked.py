"""A real server on this machine that webhooks call in the tests, and that behaves as it is told."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread

Behaviour = Callable[[socket.socket, Event], None]


@dataclass
class Taken:
    """A request as it came."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Hooked:
    """The server. `behave` answers each request, `over` is set when the test is over."""

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    connected: int = 0
    behave: Behaviour = lambda connection, _over: connection.sendall(answer(200))
    over: Event = field(default_factory=Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"


def answer(status: int, *headers: str, body: bytes = b"") -> bytes:
    """A whole answer, as bytes."""
    lines = (f"HTTP/1.1 {status} Said", *headers, f"Content-Length: {len(body)}", "", "")
    return "\r\n".join(lines).encode() + body


def answering(status: int, *headers: str) -> Behaviour:
    return lambda connection, _over: connection.sendall(answer(status, *headers))


def silent(_connection: socket.socket, over: Event) -> None:
    over.wait(30)


def dripping(connection: socket.socket, over: Event) -> None:
    """A byte of the headers now and then: each read is in time, the whole never ends."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not over.wait(0.1):
        connection.sendall(b"x")


def endless(connection: socket.socket, over: Event) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
    while not over.is_set():
        connection.sendall(b"x" * 65536)


def breaking_off(connection: socket.socket, _over: Event) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf of")


def nonsense(connection: socket.socket, _over: Event) -> None:
    connection.sendall(b"\0\xff SSH-2.0-OpenSSH\r\n\r\n")


@contextmanager
def listening(context: ssl.SSLContext | None = None) -> Iterator[Hooked]:
    """The server, for as long as the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        hooked = Hooked(server.getsockname()[1])
        thread = Thread(target=_serve, args=(server, hooked, context), daemon=True)
        thread.start()
        yield hooked
        hooked.over.set()
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
    thread.join(timeout=5)


def _serve(server: socket.socket, hooked: Hooked, context: ssl.SSLContext | None) -> None:
    threads = []
    while not hooked.over.is_set():
        try:
            connection, _ = server.accept()
        except OSError:
            break
        hooked.connected += 1
        threads.append(Thread(target=_attend, args=(connection, hooked, context), daemon=True))
        threads[-1].start()
    for thread in threads:
        thread.join(timeout=5)


def _attend(plain: socket.socket, hooked: Hooked, context: ssl.SSLContext | None) -> None:
    with plain, suppress(OSError):
        plain.settimeout(20)
        if context is None:
            _answer(plain, hooked)
            return
        with context.wrap_socket(plain, server_side=True) as connection:
            _answer(connection, hooked)


def _answer(connection: socket.socket, hooked: Hooked) -> None:
    with connection.makefile("rb") as reading:
        line = reading.readline().decode().strip()
        headers = {}
        while (header := reading.readline().decode("latin-1").strip()) != "":
            name, _, value = header.partition(":")
            headers[name.lower()] = value.strip()
        body = reading.read(int(headers.get("content-length", 0)))
    hooked.taken.append(Taken(line, headers, body))
    hooked.behave(connection, hooked.over)
