"""A reference receiver of webhooks: says of each call whether its signature is right.

For whoever writes a system: it keeps nothing but the ids it has seen, and only while it runs.
"""

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer

from standardwebhooks import Webhook as Signer
from standardwebhooks import WebhookVerificationError

MOST = 1_000_000  # bytes of a call


def judge(secret: str, headers: dict[str, str], body: bytes, seen: set[str]) -> tuple[int, str]:
    """The status to answer with, and what to say of a call; `seen` gets its id."""
    try:
        Signer(secret).verify(body.decode(), headers)
    except (WebhookVerificationError, ValueError) as error:
        return 400, f"refused: {error}"
    name = headers["webhook-id"]
    if name in seen:
        return 204, f"{name}: seen before"
    seen.add(name)
    told = json.loads(body)
    return 204, f"{name}: {told['type']} {json.dumps(told['data'], ensure_ascii=False)}"


def serve(port: int, secret: str, say: Callable[[str], None]) -> HTTPServer:
    """A server that is ready to take calls; port 0 takes any that is free."""
    seen: set[str] = set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = min(int(self.headers.get("content-length") or 0), MOST)
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, said = judge(secret, headers, self.rfile.read(length), seen)
            say(said)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Calls are said in our own words."""

    return HTTPServer(("127.0.0.1", port), Handler)
