"""A program that writes here with a key, for the tests of what it may send."""

import re
from typing import Any

from consult.platform import Platform
from tests.client import Client

KEY = re.compile(r"<code>(kenesh_[\w-]{43})</code>")
ACCEPTED = {"version": "1", "terms": "yes"}


class Program:
    """What a program sends with a key; each answer is checked to be JSON, or nothing."""

    def __init__(self, platform: Platform, key: str = "") -> None:
        self.client = Client(platform)
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}

    def send(
        self, method: str, path: str, said: Any = None, *, status: int, **headers: str
    ) -> dict[str, Any]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.client.http.request(
            method, f"/api/v1/{path}", json=said, headers=self.headers | named
        )
        assert answer.status_code == status, answer.text
        assert "set-cookie" not in answer.headers
        if status >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
        told: dict[str, Any] = answer.json() if answer.content else {}
        return told

    def say(self, said: Any = None, *, status: int = 201, **more: Any) -> dict[str, Any]:
        words = {"draft": 1, "body": "Please open it on Sundays."}
        return self.send("POST", "comments", words if said is None else said, status=status, **more)


def make(browser: Client, name: str = "My script") -> str:
    page = browser.post("/cabinet/keys", {"name": name, **ACCEPTED}, status=200)
    assert page.headers["cache-control"] == "no-store"
    (key,) = KEY.findall(page.text)
    return key
