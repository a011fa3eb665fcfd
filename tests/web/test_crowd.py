"""Many at the same instant and few threads: everybody is answered, nobody waits for the stuck."""

import asyncio

import anyio.to_thread
import httpx2
from sqlmodel import select

from consult.app import create_app
from consult.platform import Platform
from consult.security import SIGN_IN_COOKIE
from consult.votes.models import Vote
from tests.factories import make_person, open_draft, sign_in_token

PEOPLE = 8


def test_writers_waiting_for_the_lock_do_not_keep_its_holder_from_committing(
    platform: Platform,
) -> None:
    with platform.database.writing() as session:
        draft = open_draft(session)
        people = [make_person(session, f"Person {n}") for n in range(PEOPLE)]
        tokens = [sign_in_token(session, person, platform.clock()) for person in people]

    async def vote(client: httpx2.AsyncClient, token: str) -> int:
        answer = await client.post(
            f"/drafts/{draft.id}/vote",
            data={"value": "1"},
            headers={"sec-fetch-site": "same-origin", "cookie": f"{SIGN_IN_COOKIE}={token}"},
        )
        return answer.status_code

    async def all_at_once() -> list[int]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = 1
        transport = httpx2.ASGITransport(app=create_app(platform))
        async with httpx2.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return await asyncio.gather(*(vote(client, token) for token in tokens))

    assert asyncio.run(all_at_once()) == [303] * PEOPLE
    with platform.database.reading() as session:
        assert len(session.exec(select(Vote)).all()) == PEOPLE
