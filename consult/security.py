"""The guard at the door: headers, the cross-site check, sessions and rights of a request."""

from collections.abc import AsyncIterator
from typing import Annotated
from urllib.parse import urlsplit

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import Depends, Request
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from consult.access import VISITOR, Actor
from consult.errors import NotAllowed, NotFound, SecondFactorNeeded
from consult.pressure import count, count_at_the_door
from consult.procedure.deadlines import local_day
from consult.web import SignInNeeded, platform_of, show_broken, show_error

SIGN_IN_COOKIE = "sign_in"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
NO_LETTER = b"%EF%BF%BD"  # U+FFFD, which HTML too puts in the place of a NUL
ID_DIGITS = 9  # fewer than an INTEGER column holds
CROSS_SITE_PATHS = ("/unsubscribe/",)  # RFC 8058: posted by the reader's mail provider
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


class Guard:
    """ASGI middleware: refuses foreign form posts, adds the security headers to every answer.

    The cross-site check needs no token: browsers say where a request comes from in
    Sec-Fetch-Site (Fetch Metadata, W3C) or, the older ones, in Origin. A client that sends
    neither is no browser and carries nobody's cookies by accident.
    """

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app = app
        self.headers = {
            "content-security-policy": CONTENT_SECURITY_POLICY,
            "x-content-type-options": "nosniff",
            "referrer-policy": "same-origin",
            "cross-origin-opener-policy": "same-origin",
            "permissions-policy": "camera=(), geolocation=(), microphone=()",
        }
        self.secure = secure
        if secure:
            self.headers["strict-transport-security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        # No database keeps a NUL: in the query of an address it is no letter that anybody knows.
        scope = {**scope, "query_string": scope["query_string"].replace(b"%00", NO_LETTER)}

        # Whatever can be read can be asked about (RFC 9110, 9.3.2); the routes need not know.
        bodiless = scope["method"] == "HEAD"
        if bodiless:
            scope = {**scope, "method": "GET", "bodiless": True}
        begun = False

        async def send_guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._add_headers(scope, message)
            elif bodiless:
                message = {**message, "body": b""}
            await send(message)

        if scope["method"] not in SAFE_METHODS and is_cross_site(
            scope["path"], Headers(scope=scope)
        ):
            refusal = NotAllowed("This form was sent from another site.")
            await show_error(Request(scope), refusal)(scope, receive, send_guarded)
            return
        try:
            await self.app(scope, receive, send_guarded)
        except Exception:
            if not begun:
                await show_broken(Request(scope))(scope, receive, send_guarded)
            raise  # to the server, which logs it

    def _add_headers(self, scope: Scope, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in self.headers.items():
            headers.setdefault(name, value)
        if self.secure:  # whoever sets a cookie need not think of it
            cookies = headers.getlist("set-cookie")
            del headers["set-cookie"]
            for cookie in cookies:
                marked = cookie if "; secure" in cookie.casefold() else f"{cookie}; Secure"
                headers.append("set-cookie", marked)
        named = scope["path"].startswith("/static/") and b"v=" in scope["query_string"]
        if named and message["status"] < 400:
            headers["cache-control"] = "public, max-age=31536000, immutable"
        else:
            headers.setdefault("cache-control", "private, no-cache")


def is_cross_site(path: str, headers: Headers) -> bool:
    """Whether a changing request comes from a page of another site."""
    if path.startswith(CROSS_SITE_PATHS):
        return False
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is not None and _host(origin) != headers.get("host")


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


class Allow:
    """Dependency that declares the right a route needs, and gives its actor.

    Every route has exactly one (a contract test walks them all), so none is open by oversight.
    `kind` is what its requests count as (limits.toml) where method and path do not tell.
    """

    needed = "Please sign in first."  # said to whoever is not known

    def __init__(self, right: str, kind: str = "") -> None:
        self.right = right
        self.kind = kind

    async def identify(self, request: Request) -> Actor:
        """Who asks: whoever is signed in with this browser."""
        return await _identify(request)

    async def __call__(self, request: Request) -> Actor:
        if not _can_exist(request):
            raise NotFound("There is no such page.")
        count_at_the_door(request)
        actor = await self.identify(request)
        request.state.actor = actor
        await count(request, actor, self.kind)
        if actor.may(self.right):
            return actor
        if actor.lacks_second_factor:
            raise SecondFactorNeeded("Please show your second factor first.")
        if actor.id is None:
            raise SignInNeeded(self.needed)
        raise NotAllowed("Your role does not allow this.")


def _can_exist(request: Request) -> bool:
    """Whether an address could name something: a database stumbles over NULs and endless ids."""
    parts = [str(part) for part in request.path_params.values()]
    endless = any(part.lstrip("-").isdecimal() and len(part) > ID_DIGITS for part in parts)
    return not (endless or "\0" in "".join(parts))


async def _identify(request: Request) -> Actor:
    token = sign_in_token(request)
    if not token:
        return VISITOR  # most readers: no query, no thread
    return await run_in_threadpool(_look_up, request, token)


def _look_up(request: Request, token: str) -> Actor:
    platform = platform_of(request)
    now = platform.clock()
    today = local_day(now, platform.pack.tz)
    with platform.database.reading() as session:
        actor = platform.identify(session, token, now)
        sent = request.method not in SAFE_METHODS and actor.id is not None
        is_first = sent and platform.unseen(session, token, today)
    if is_first:  # of this browser on this day
        with platform.database.writing() as session:
            platform.see(session, token, today)
    return actor


def sign_in_cookie(request: Request) -> str:
    """The name of the cookie. With the prefix (RFC 6265bis, 4.1.3.2) no other host can set it."""
    prefix = "__Host-" if platform_of(request).settings.is_production else ""
    return prefix + SIGN_IN_COOKIE


def sign_in_token(request: Request) -> str:
    """The token of the browser that asks; empty if it is not signed in."""
    return request.cookies.get(sign_in_cookie(request), "")


# Transactions are ended in threads of their own: those that requests run in may all be waiting for
# the very lock that a commit releases (any write in SQLite, one row in PostgreSQL).
_ENDING = CapacityLimiter(8)


async def _open_session(request: Request) -> AsyncIterator[Session]:
    """Returning commits before the answer leaves; raising rolls back. A GET never commits."""
    writes = request.method not in SAFE_METHODS
    session = platform_of(request).database.session(writes=writes)
    try:
        yield session
        if writes:
            await run_sync(session.commit, limiter=_ENDING)
    finally:
        await run_sync(session.close, limiter=_ENDING)


# scope="function": with the default scope the commit would come after the answer was sent.
Db = Annotated[Session, Depends(_open_session, scope="function")]
Reader = Annotated[Actor, Depends(Allow("read"))]
