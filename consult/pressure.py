"""Limits at the door: which buckets a request spends, and the page for whoever must wait.

What was typed comes back on that page, to be sent again. The rules stand in consult/limits.
"""

import secrets
from typing import Any

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from consult.access import Actor
from consult.errors import DomainError
from consult.forms import ReadForm
from consult.limits import challenge
from consult.limits.rules import (
    FREE,
    NAMED,
    Keys,
    Pressed,
    Whose,
    hidden,
    kind_of,
    network_of,
    sealed,
    unsealed,
)
from consult.limits.store import IN_MEMORY
from consult.web import platform_of, render, show_error, wants_fragment

KNOWN_COOKIE = "known"
KNOWN_FOR = 400 * 24 * 60 * 60  # seconds: as long as browsers keep a cookie (RFC 6265bis)
PROOFS = ("altcha", "ticket")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_READING = ReadForm(8, lambda settings: settings.max_upload_mb)
# Not the threads of requests: those may all be busy when it matters most.
_COUNTING = CapacityLimiter(4)
# Nor these: who shows a proof may have to wait for SQLite's one writer.
_PROVING = CapacityLimiter(4)


def count_at_the_door(request: Request) -> None:
    """Count a request before anybody is looked up for it; raises Pressed."""
    platform = platform_of(request)
    if platform.limits.enabled:
        network: Keys = {"network": _network(request)}
        platform.limits.spend("any", network, platform.clock(), posted=_posts(request))


async def count(request: Request, actor: Actor, kind: str = "") -> None:
    """Count a request against what it is and whose it is; raises Pressed.

    `kind` is what its route says it is; else it is told by method and path.
    """
    limits = platform_of(request).limits
    if not limits.enabled:
        return
    kind = kind or _kind(request)
    if kind == FREE:
        return
    keys: dict[Whose, str] = {"network": _network(request), "site": "all"}
    if actor.id is not None:
        keys["account"] = str(actor.id)
    proved = False
    if kind in NAMED and _posts(request) and not _holds_file(request):
        keys |= await _entered(request, actor)
        proved = await _prove(request, kind, keys)
    await _spend(request, kind, keys, proved=proved)


async def _spend(request: Request, kind: str, keys: Keys, *, proved: bool) -> None:
    platform = platform_of(request)

    def spend() -> None:
        now = platform.clock()
        platform.limits.spend(kind, keys, now, posted=_posts(request), proved=proved)

    if kind in IN_MEMORY:
        spend()
    else:
        await run_sync(spend, limiter=_COUNTING)


async def _entered(request: Request, actor: Actor) -> dict[Whose, str]:
    """The keys of the address that was entered (or of the link that was opened)."""
    secret = platform_of(request).settings.secret_key
    typed = await _typed(request)
    name = hidden(secret, str(typed.get("email") or request.url.path).strip().casefold())
    keys: dict[Whose, str] = {"name": name, "entry": f"{name} {_network(request)}"}
    known = unsealed(secret, KNOWN_COOKIE, request.cookies.get(KNOWN_COOKIE, ""))
    if known is not None:
        browser, person_id, names = known.split(".")
        if names == name or person_id == str(actor.id):
            keys["browser"] = browser
    return keys


async def _prove(request: Request, kind: str, keys: Keys) -> bool:
    platform = platform_of(request)
    proof = challenge.proof_in(
        platform.settings.secret_key, kind, await _typed(request), platform.clock()
    )
    if proof is None:
        return False
    await _spend(request, "proof", {"network": keys["network"]}, proved=False)

    def spend() -> bool:
        with platform.database.writing() as session:
            return challenge.spend(session, proof)

    return await run_sync(spend, limiter=_PROVING)


def know_browser(request: Request, response: Response, person_id: int, email: str) -> None:
    """Remember that somebody signed in with this browser: no stranger can spend its tries."""
    secret = platform_of(request).settings.secret_key
    name = hidden(secret, email.strip().casefold())
    value = sealed(secret, KNOWN_COOKIE, f"{secrets.token_hex(8)}.{person_id}.{name}")
    response.set_cookie(KNOWN_COOKIE, value, max_age=KNOWN_FOR, httponly=True, samesite="lax")


def knows_browser(request: Request, person_id: int) -> bool:
    """Whether this person was the last to sign in with this browser."""
    secret = platform_of(request).settings.secret_key
    known = unsealed(secret, KNOWN_COOKIE, request.cookies.get(KNOWN_COOKIE, ""))
    return known is not None and known.split(".")[1] == str(person_id)


async def show_pressed(request: Request, error: Pressed) -> Response:
    """Please wait; of a form, what was typed is on the page and can be sent from there."""
    if not _posts(request) or wants_fragment(request) or request.url.path.startswith("/api/"):
        response = show_error(request, error)
    else:
        response = await _again(request, error)
    response.headers.update(error.headers)
    response.headers["Cache-Control"] = "no-store"
    return response


async def _again(request: Request, error: Pressed) -> Response:
    typed = await _typed_or_nothing(request)
    proofs = await _proofs(request, error, typed) if error.limit.proves else {}
    kept = {name: _values(said) for name, said in typed.items() if name not in PROOFS}
    return render(
        request,
        "limits/again.html",
        status=error.status,
        error=error,
        action=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        fields=[(n, value) for n, said in kept.items() if not _is_secret(n) for value in said],
        secrets=[name for name, said in kept.items() if said and _is_secret(name)],
        files=[name for name, said in kept.items() if not said],
        **{"work": None, "ticket": "", "patience": 0, **proofs},
    )


async def _proofs(request: Request, error: Pressed, typed: dict[str, Any]) -> dict[str, Any]:
    """What opens the door: a calculation, and a ticket; one that waits already goes on waiting."""
    platform = platform_of(request)
    secret, now, kind = platform.settings.secret_key, platform.clock(), error.limit.kind
    ticket = str(typed.get("ticket", ""))
    left = challenge.seconds_left(secret, kind, ticket, now)
    work = challenge.new_challenge(secret, kind, now)
    if left:
        return {"work": work, "ticket": ticket, "patience": left}
    try:
        await _spend(request, "ticket", {"network": _network(request)}, proved=False)
    except Pressed as crowd:
        return {"work": work, "patience": crowd.seconds}
    ticket = challenge.new_ticket(secret, kind, now)
    return {"work": work, "ticket": ticket, "patience": int(challenge.PATIENCE.total_seconds())}


async def _typed(request: Request) -> dict[str, Any]:
    """What was posted; kept for whoever reads the form after us. Raises what ReadForm raises."""
    if not hasattr(request.state, "posted"):
        async for _ in _READING(request):
            pass
    posted: dict[str, Any] = request.state.posted
    return posted


async def _typed_or_nothing(request: Request) -> dict[str, Any]:
    """What was posted, as far as it can be read: too much, or no form, cannot be given back."""
    try:
        return await _typed(request)
    except (DomainError, HTTPException, ClientDisconnect):
        return {}


def _values(said: object) -> list[str]:
    several = said if isinstance(said, list) else [said]
    return [value for value in several if isinstance(value, str)]


def _is_secret(name: str) -> bool:
    """A password never comes back in a page."""
    return "password" in name


def _posts(request: Request) -> bool:
    return request.method not in SAFE_METHODS


def _holds_file(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("multipart/")


def _kind(request: Request) -> str:
    table = platform_of(request).limits.table
    path = request.url.path
    return kind_of(table, request.method, path, holds_file=_holds_file(request))


def _network(request: Request) -> str:
    peer = request.client.host if request.client else ""
    forwarded = request.headers.getlist("x-forwarded-for")
    return network_of(peer, forwarded, platform_of(request).limits.proxies)
