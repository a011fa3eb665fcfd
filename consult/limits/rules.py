"""[pure] Limits: kinds of requests, whose buckets they spend, proxies, what a refusal says.

The rates stand in limits.toml; how full the buckets are is kept by store.py.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from math import ceil
from typing import Any, Literal

from consult.errors import N_, DomainError

Whose = Literal["account", "browser", "entry", "name", "network", "site"]
Keys = Mapping[Whose, str]
FREE = "free"
KINDS = (
    "any",
    "read",
    "search",
    "download",
    "write",
    "key",
    "exchange",
    "upload",
    "sign_in",
    "code",
    "mail",
    "proof",
    "ticket",
)
NAMED = frozenset({"sign_in", "mail"})  # spend the buckets of the address that was entered
IPV6_PREFIX = 56  # what a provider gives one household (RIPE-690); each could use all of it

WAIT = N_("This is too much at once. Please wait {seconds} seconds and try again.")
WAIT_AND_SEND = N_("This is too much at once. Please wait {seconds} seconds and send it again.")
PROVE = N_("There are very many attempts just now. Please send this once more.")


@dataclass(frozen=True, slots=True)
class Limit:
    """`many` at once, regained evenly within `seconds`; `proves`: a proof opens it all the same."""

    kind: str
    whose: Whose
    many: int
    seconds: int
    proves: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """All limits by kind, and the beginnings ("POST /sign-in") that tell the kinds apart."""

    limits: Mapping[str, tuple[Limit, ...]]
    beginnings: tuple[tuple[str, str], ...]  # (beginning, kind)
    downloads_end_in: tuple[str, ...]


class Pressed(DomainError):
    """Too much at once: `limit` has room again after `seconds`; a proof may open it before."""

    status = 429

    def __init__(self, limit: Limit, seconds: int, *, posted: bool) -> None:
        sentence = WAIT_AND_SEND if posted else WAIT
        super().__init__(PROVE if limit.proves else sentence, seconds=seconds)
        self.limit = limit
        self.seconds = seconds

    @property
    def headers(self) -> dict[str, str]:
        """Retry-After (RFC 9110, 10.2.3), RateLimit (draft-ietf-httpapi-ratelimit-headers-10)."""
        limit = self.limit
        return {
            "Retry-After": str(self.seconds),
            "RateLimit-Policy": f'"{limit.kind}";q={limit.many};w={limit.seconds}',
            "RateLimit": f'"{limit.kind}";r=0;t={self.seconds}',
        }


def table_of(read: Mapping[str, Any]) -> Table:
    """The limits as limits.toml says them; raises ValueError for a kind or a number of no sense."""
    kinds: dict[str, Any] = dict(read["kinds"])
    ends = tuple(kinds.pop("downloads_end_in"))
    limits = {
        kind: tuple(
            Limit(kind, whose, said["many"], said["seconds"], said.get("over") == "prove")
            for whose, said in read[kind].items()
        )
        for kind in KINDS
    }
    if any(limit.many < 1 or limit.seconds < 1 for kept in limits.values() for limit in kept):
        raise ValueError("a limit lets at least one through, in at least one second")
    if unknown := set(kinds) - {FREE, *KINDS}:
        raise ValueError(f"unknown kinds of requests: {sorted(unknown)}")
    begin = tuple((beginning, kind) for kind, listed in kinds.items() for beginning in listed)
    return Table(limits, begin, ends)


def kind_of(table: Table, method: str, path: str, *, holds_file: bool) -> str:
    """Of which kind a request is, unless its route says so itself."""
    asked = f"{'GET' if method == 'HEAD' else method} {path}"
    for beginning, kind in table.beginnings:
        whole = beginning if beginning.endswith("/") else f"{beginning}/"
        if asked == beginning or asked.startswith(whole):
            return kind
    if method not in {"GET", "HEAD", "OPTIONS"}:
        return "upload" if holds_file else "write"
    return "download" if path.endswith(table.downloads_end_in) else "read"


def spent(table: Table, kind: str, keys: Keys) -> Iterator[Limit]:
    """The limits a request spends, the narrowest first.

    Who is signed in, or was so in this browser before, spends only their own: strangers can fill
    the others as they please and lock nobody out.
    """
    limits = table.limits[kind]
    own = [limit for limit in limits if limit.whose in {"account", "browser"}]
    mine = [limit for limit in own if keys.get(limit.whose)]
    if mine:
        yield mine[0]
        return
    yield from (limit for limit in limits if limit not in own and keys.get(limit.whose))


def wait_of(milliseconds: int | None, limit: Limit) -> int:
    """Whole seconds until there is room again, at least one."""
    waits = limit.seconds if milliseconds is None else ceil(milliseconds / 1000)
    return max(1, waits)


def trusted(listed: str) -> tuple[Any, ...]:
    """The networks of proxies, as a setting lists them: "10.0.0.0/8, ::1"; raises ValueError."""
    return tuple(ip_network(part.strip()) for part in listed.split(",") if part.strip())


def network_of(peer: str, forwarded: Sequence[str], proxies: Iterable[Any]) -> str:
    """The network a request comes from: an IPv4 address, the /56 of an IPv6 one.

    `forwarded` are the values of X-Forwarded-For. Each proxy adds at the right whom it heard, so
    the right-most that is no proxy of ours is the last one anybody trustworthy saw; what stands
    to its left may be invented. An IPv4 address is shared by many people as it is (providers put
    a town behind one), so no more of them are thrown together.
    """
    known = tuple(proxies)
    heard = [part.strip() for value in forwarded for part in value.split(",")]
    nearest = _address(peer)
    while heard and nearest is not None and any(nearest in network for network in known):
        before = _address(heard.pop())
        if before is None:
            break
        nearest = before
    if nearest is None:
        return "nowhere"  # a Unix socket, a test: one bucket for all of them
    if isinstance(nearest, IPv6Address):
        return str(IPv6Network((nearest, IPV6_PREFIX), strict=False))
    return str(nearest)


def _address(said: str) -> IPv4Address | IPv6Address | None:
    """An address without its port; None if it is none. IPv4 within IPv6 is IPv4."""
    said = said.removeprefix("[").partition("]")[0] if said.startswith("[") else said
    said = said.partition(":")[0] if said.count(":") == 1 else said
    try:
        address = ip_address(said.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def hidden(secret: str, value: str) -> str:
    """A key for `value` that tells nobody what it was: no address is kept with a bucket."""
    return hmac.new(secret.encode(), f"bucket:{value}".encode(), hashlib.sha256).hexdigest()[:32]


def sealed(secret: str, purpose: str, value: str) -> str:
    """`value` with a seal only this installation can make, for one purpose."""
    return f"{value}.{_seal(secret, purpose, value)}"


def unsealed(secret: str, purpose: str, token: str) -> str | None:
    """The value of a sealed token, or None if it was not sealed here for this purpose."""
    value, _, seal = token.rpartition(".")
    right = hmac.compare_digest(seal.encode(), _seal(secret, purpose, value).encode())
    return value if right else None


def _seal(secret: str, purpose: str, value: str) -> str:
    text = f"limits:{purpose}:{value}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]
