"""The door for systems of agencies: who asks is told by the key of a system alone."""

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from consult.access import VISITOR, Actor
from consult.accounts.keys.guard import sent_key
from consult.errors import N_
from consult.exchange.actions import see
from consult.exchange.queries import holder_of
from consult.pressure import count
from consult.procedure.deadlines import local_day
from consult.security import Allow
from consult.web import SignInNeeded, platform_of


class BySystem(Allow):
    """Dependency of a route for systems: the right it needs, as an officer of their agency."""

    needed = N_(
        "This needs the key of a system of an agency. "
        "Send it in a header: Authorization: Bearer kenesh_x_…"
    )
    refused = N_("This key is not valid: it may have been ended.")

    async def __call__(self, request: Request) -> Actor:
        try:
            actor = await super().__call__(request)
        except SignInNeeded:
            raise SignInNeeded(self.refused if sent_key(request) else self.needed) from None
        await count(request, actor, "exchange")
        return actor

    async def identify(self, request: Request) -> Actor:
        key = sent_key(request)
        return await run_in_threadpool(_look_up, request, key) if key else VISITOR


def base_url(request: Request) -> str:
    """The address of this site, without a slash at its end."""
    return platform_of(request).settings.base_url.rstrip("/")


def _look_up(request: Request, key: str) -> Actor:
    platform = platform_of(request)
    today = local_day(platform.clock(), platform.pack.tz)
    with platform.database.reading() as session:
        found = holder_of(session, key)
    if found is None:
        return VISITOR
    row, actor = found
    if row.used_on != today:
        with platform.database.writing() as session:
            see(session, row.id or 0, today)
    request.state.exchange_system = row
    return actor
