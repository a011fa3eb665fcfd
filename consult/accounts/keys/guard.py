"""The door for programs: who asks is told by a key alone, never by the cookie of a browser."""

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from consult.access import VISITOR, Actor
from consult.accounts.keys.actions import see
from consult.accounts.keys.queries import holder_of
from consult.accounts.keys.terms import terms
from consult.errors import N_, NotAllowed
from consult.pressure import count
from consult.procedure.deadlines import local_day
from consult.security import Allow
from consult.web import SignInNeeded, platform_of


class ByKey(Allow):
    """Dependency of a route for programs: the right it needs, held by whoever the key stands for.

    A page of another site can make a browser send cookies, but no Authorization header: that takes
    a permission (CORS) which is never given for writing.
    """

    needed = N_("This needs a key. Send it in a header: Authorization: Bearer kenesh_…")
    refused = N_("This key is not valid: it may have been ended.")

    async def __call__(self, request: Request) -> Actor:
        try:
            actor = await super().__call__(request)
        except SignInNeeded:
            raise SignInNeeded(self.refused if sent_key(request) else self.needed) from None
        await count(request, actor, "key")  # beside what they send as a person
        return actor

    async def identify(self, request: Request) -> Actor:
        key = sent_key(request)
        return await run_in_threadpool(_look_up, request, key) if key else VISITOR


def sent_key(request: Request) -> str:
    """The key a program sent, "" if it sent none."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.casefold() == "bearer" else ""


def _look_up(request: Request, key: str) -> Actor:
    platform = platform_of(request)
    today = local_day(platform.clock(), platform.pack.tz)
    with platform.database.reading() as session:
        found = holder_of(session, key)
    if found is None:
        return VISITOR
    row, actor = found
    if row.terms != terms().version:
        raise NotAllowed(
            "The terms have changed. This key rests until you accept them: {address}",
            address=f"{platform.settings.base_url.rstrip('/')}/cabinet/keys",
        )
    if row.used_on != today:
        with platform.database.writing() as session:
            see(session, row.id or 0, today)
    request.state.api_key_id = row.id
    return actor
