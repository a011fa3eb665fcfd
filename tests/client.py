"""A browser without a screen: every answer it gets is checked (html_rules), and what it cost.

A GET must change nothing; a page must keep to its budget of queries; a form post sends what a
browser would, so that the cross-site check is always in play.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from fastapi import FastAPI
from sqlalchemy import event
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from consult.app import create_app
from consult.platform import Platform
from consult.security import SIGN_IN_COOKIE
from tests.html_rules import problems_of_fragment, problems_of_page

QUERY_BUDGET = 20
WRITES = ("INSERT", "UPDATE", "DELETE")


class Application:
    """Serves one installation; built once for all of them, since reading the routes is slow."""

    built: ClassVar[dict[str, FastAPI]] = {}

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        kind = platform.settings.environment
        if kind not in self.built:
            self.built[kind] = create_app(platform)
        self.app = self.built[kind]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.app.state.platform = self.platform
        await self.app(scope, receive, send)


class Client:
    """Talks to one installation as one person."""

    def __init__(self, platform: Platform, token: str = "") -> None:
        self.platform = platform
        self.http = TestClient(
            Application(platform), base_url="http://testserver", follow_redirects=False
        )
        if token:
            prefix = "__Host-" if platform.settings.is_production else ""
            self.http.cookies.set(prefix + SIGN_IN_COOKIE, token)
        self.statements: list[str] = []

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """Only while an answer is awaited: the engine outlives the test."""
        self.statements.clear()
        what = (self.platform.database.engine, "before_cursor_execute", self._note)
        event.listen(*what)
        try:
            yield
        finally:
            event.remove(*what)

    def _note(self, _c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        ignored = ("PRAGMA", "SAVEPOINT", "RELEASE", "ROLLBACK")
        if statement != "BEGIN" and not statement.startswith(ignored):
            self.statements.append(statement)

    def get(self, url: str, *, status: int = 200, budget: int = QUERY_BUDGET, **more: Any) -> Any:
        """GET a page and check it; follows no redirect."""
        with self._noting():
            response = self.http.get(url, **more)
        assert response.status_code == status, (
            f"{url}: {response.status_code} {response.text[:600]}"
        )
        written = [s for s in self.statements if s.lstrip().upper().startswith(WRITES)]
        assert not written, f"GET {url} writes: {written}"
        assert len(self.statements) <= budget, f"GET {url}: {len(self.statements)} queries"
        self._check(
            url, response, fragment="hx-request" in {k.lower() for k in more.get("headers", {})}
        )
        return response

    def post(
        self, url: str, data: dict[str, Any] | None = None, *, status: int = 303, **more: Any
    ) -> Any:
        """POST a form as a page of this site would; 303 is what a success answers."""
        headers = {"Sec-Fetch-Site": "same-origin", **more.pop("headers", {})}
        with self._noting():
            response = self.http.post(url, data=data or {}, headers=headers, **more)
        assert response.status_code == status, (
            f"{url}: {response.status_code} {response.text[:600]}"
        )
        self._check(url, response, fragment="HX-Request" in headers)
        return response

    def follow(self, response: Any, **more: Any) -> Any:
        """GET where a redirect leads."""
        return self.get(response.headers["location"], **more)

    @staticmethod
    def _check(url: str, response: Any, *, fragment: bool) -> None:
        if not response.headers.get("content-type", "").startswith("text/html"):
            return
        check = problems_of_fragment if fragment else problems_of_page
        assert not (problems := check(response.text)), f"{url}: {problems}"
        assert "default-src 'none'" in response.headers["content-security-policy"]
