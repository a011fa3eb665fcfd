"""The application in this process: the queries a page asks, the bytes it sends, its very answer."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.middleware.gzip import GZipMiddleware

from consult.app import create_app
from consult.platform import Platform
from tests.bench.ceiling import Answer
from tests.bench.data import Filled
from tests.bench.pages import Ask, Case, discussion
from tests.client import Client

STATIC = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes as they are, and as they go over the wire."""

    raw: int = 0
    gzip: int = 0

    def __add__(self, other: "Weight") -> "Weight":
        return Weight(self.raw + other.raw, self.gzip + other.gzip)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a page costs whatever the load; `visit` is the page with all it links to."""

    queries: int
    page: Weight
    visit: Weight
    answer: Answer


class Inside:
    """One installation, asked without a network."""

    def __init__(self, platform: Platform) -> None:
        self.client = Client(platform)  # counts the statements

    def cost(self, case: Case) -> Cost:
        """What the first request of a case costs."""
        ask = case.asks[0]
        queries, response = self._ask(ask)
        page = self._weigh(ask) if case.reads else Weight(len(response.content))
        visit = page
        for url in sorted(set(STATIC.findall(response.text))):
            visit += self._weigh(Ask(url))
        location = response.headers.get("location", "")
        answer = Answer(case.name, response.status_code, location, response.text)
        return Cost(queries, page, visit, answer)

    def queries_by_comments(self, filled: Filled) -> dict[str, dict[int, int]]:
        """{page: {comments on the law: queries}}"""
        pages: dict[str, Callable[[int], str]] = {
            "the draft": lambda law: f"/drafts/{law}",
            "20 comments of a provision": lambda law: discussion(law, filled.wid),
            "20 comments on the draft": lambda law: f"/drafts/{law}/discussion",
        }
        return {
            page: {n: self._ask(Ask(path(law)))[0] for n, law in filled.laws.items()}
            for page, path in pages.items()
        }

    def _ask(self, ask: Ask, encoding: str = "identity") -> tuple[int, Any]:
        self.client.statements.clear()
        headers = ask.headers() | {"Accept-Encoding": encoding}
        response = self.client.http.request(
            ask.method, ask.path, content=ask.body or None, headers=headers
        )
        return len(self.client.statements), response

    def _weigh(self, ask: Ask) -> Weight:
        raw, packed = (self._ask(ask, encoding)[1] for encoding in ("identity", "gzip"))
        return Weight(*(int(r.headers["content-length"]) for r in (raw, packed)))


def gzip_of(platform: Platform) -> dict[str, Any] | None:
    """How the application sets its gzip middleware; None if it has none."""
    known: dict[Any, dict[str, Any]] = {
        m.cls: m.kwargs for m in create_app(platform).user_middleware
    }
    return known.get(GZipMiddleware)
