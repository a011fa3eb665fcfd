"""The commands for neighbours, run against a server: the profile clause by clause, calls judged."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx2 as httpx
import pytest
import uvicorn
from standardwebhooks import Webhook as Signer
from typer.testing import CliRunner

from consult.app import create_app
from consult.cli.main import app
from consult.exchange.conformance import STEPS, run
from consult.exchange.profile import CLAUSES
from consult.exchange.receiver import serve
from consult.platform import Platform
from tests.exchanging import Agency, System

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOT_BY_PROGRAM = {"4.3", "5.1", "5.2"}  # a public draft is needed; the receiver; see test_exchange


@contextmanager
def served(platform: Platform) -> Iterator[str]:
    """The address of a real server of this installation."""
    config = uvicorn.Config(create_app(platform), port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        pass
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture
def system(platform: Platform) -> System:
    return Agency(platform).permitted()


@ON_SQLITE
def test_this_site_keeps_to_every_clause_that_a_program_can_try(
    platform: Platform, system: System
) -> None:
    with served(platform) as url:
        ran = CliRunner().invoke(app, ["conformance", "--url", url, "--key", system.key, "--json"])
    assert ran.exit_code == 0, ran.output
    told = json.loads(ran.output)["clauses"]
    assert [one["clause"] for one in told] == [clause for clause, _ in STEPS]
    assert {one["clause"] for one in told} | NOT_BY_PROGRAM == set(CLAUSES)


@ON_SQLITE
def test_what_does_not_hold_is_named_by_its_clause(platform: Platform, system: System) -> None:
    args = ["conformance", "--act-type", "spell", "--key", system.key, "--url"]
    with served(platform) as url:
        ran = CliRunner().invoke(app, [*args, url])
    assert ran.exit_code == 1
    assert "BROKEN 3.1" in ran.output
    assert "holds  1.2" in ran.output
    ran = CliRunner().invoke(app, [*args, "http://127.0.0.1:9"])
    assert ran.exit_code == 1
    assert "ConnectError" in ran.output


@pytest.mark.parametrize("answer", [[], None, {}, {"drafts": None, "draft": 1, "coverage": "x"}])
def test_an_answer_of_another_shape_is_named_and_ends_nothing(answer: Any) -> None:
    def served(request: httpx.Request) -> httpx.Response:
        return httpx.Response(201 if request.method == "POST" else 200, json=answer)

    with httpx.Client(base_url="http://x", transport=httpx.MockTransport(served)) as http:
        results = list(run(http, "key", "law"))
    assert [one.clause for one in results] == [clause for clause, _ in STEPS]
    assert not any(one.holds for one in results if one.clause in {"1.2", "2.1", "3.1", "3.4"})


def test_the_receiver_believes_only_calls_that_are_signed_and_new() -> None:
    said: list[str] = []
    with serve(0, SECRET, said.append) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/"
        body = json.dumps({"type": "webhook.trial", "data": {"draft_id": 7}})
        now = datetime.now(UTC)
        headers = {
            "webhook-id": "msg_1",
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Signer(SECRET).sign("msg_1", now, body),
        }
        answers = [
            httpx.post(url, content=body, headers=headers),
            httpx.post(url, content=body, headers=headers),
            httpx.post(url, content=body + " ", headers=headers),
            httpx.post(url, content=body, headers=headers | {"webhook-timestamp": "1"}),
            httpx.post(url, content=body),
        ]
        server.shutdown()
    assert [one.status_code for one in answers] == [204, 204, 400, 400, 400]
    assert said[:2] == ['msg_1: webhook.trial {"draft_id": 7}', "msg_1: seen before"]
