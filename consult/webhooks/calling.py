"""Calling an address over the network, whoever may have typed it. No database: see sending.py."""

import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

import anyio
import httpx2

from consult.webhooks.rules import error_of, is_public

CONNECT_SECONDS = 5
WHOLE_SECONDS = 10
ANSWER_BYTES = 64 * 1024
TRIED_ADDRESSES = 3  # of one name, as long as none could be connected to

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One attempt: `url` as rules.read_url gave it."""

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it: the status, if there was one; a code of rules.ERRORS, "" if it was taken."""

    status: int | None
    error: str


async def resolve(host: str, port: int) -> Sequence[str]:
    """All IP addresses a name leads to, in the order in which to try them."""
    found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@cache
def trusted() -> ssl.SSLContext:
    """Checks certificates against the authorities that the system trusts; loaded once."""
    return ssl.create_default_context()


async def call(
    outgoing: Outgoing,
    *,
    allow_private: bool = False,
    resolve: Resolve = resolve,
    context: ssl.SSLContext | None = None,
) -> Answer:
    """Call once; whatever the other side does, this returns in time and raises nothing of its."""
    try:
        with anyio.fail_after(WHOLE_SECONDS):
            return await _call(outgoing, allow_private, resolve, context or trusted())
    except (TimeoutError, httpx2.TimeoutException):
        return Answer(None, "timed_out")
    except httpx2.ConnectError as failure:
        return Answer(None, "not_trusted" if _is_certificate(failure) else "not_reached")
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError):
        return Answer(None, "broken_off")


def _is_certificate(failure: BaseException | None) -> bool:
    while failure is not None:
        if isinstance(failure, ssl.SSLError):
            return True
        failure = failure.__cause__ or failure.__context__
    return False


async def _call(
    outgoing: Outgoing, allow_private: bool, resolve: Resolve, context: ssl.SSLContext
) -> Answer:
    """The name is resolved once, every address checked, and the connection made to a checked one.

    A second look-up, by the library, could be answered with another address (DNS rebinding).
    """
    url = httpx2.URL(outgoing.url)
    host = url.raw_host.decode("ascii")
    try:
        found = await resolve(host, url.port or (443 if url.scheme == "https" else 80))
    except (OSError, UnicodeError):
        found = ()
    if not found or not (allow_private or all(is_public(address) for address in found)):
        return Answer(None, "no_public_address")
    async with httpx2.AsyncClient(
        verify=context,
        trust_env=False,  # no proxy, no .netrc
        follow_redirects=False,
        timeout=httpx2.Timeout(WHOLE_SECONDS, connect=CONNECT_SECONDS),
    ) as client:
        *others, last = found[:TRIED_ADDRESSES]
        for address in others:
            with suppress(httpx2.ConnectError, httpx2.ConnectTimeout):  # nothing was sent yet
                return await _post(client, outgoing, url, address)
        return await _post(client, outgoing, url, last)


async def _post(
    client: httpx2.AsyncClient, outgoing: Outgoing, url: httpx2.URL, address: str
) -> Answer:
    """Post to one IP address. Name and certificate are those of the host that was asked for."""
    request = client.build_request(
        "POST",
        url.copy_with(host=address),
        content=outgoing.body,
        headers={**outgoing.headers, "Host": url.netloc.decode("ascii")},
        extensions={"sni_hostname": url.raw_host.decode("ascii")},
    )
    response = await client.send(request, stream=True)
    try:
        read = 0
        async for piece in response.aiter_raw():
            read += len(piece)
            if read >= ANSWER_BYTES:
                break
    finally:
        await response.aclose()
    return Answer(response.status_code, error_of(response.status_code))
