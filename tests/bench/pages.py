"""What is measured: seven things people do, as requests. Nothing is sent from here."""

import random
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from consult.security import SIGN_IN_COOKIE
from tests.bench.data import LAWS, Filled
from tests.bench.words import LANG, WORDS

POSTS, VOTES = 1_000, 5_000  # different ones; more than are sent in one run of the benchmark
SEARCHES = 40


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: a visitor's, or with a cookie a signed-in person's; a form makes it a POST."""

    path: str
    token: str = ""
    form: tuple[tuple[str, str], ...] = ()
    htmx: bool = False

    @property
    def method(self) -> str:
        return "POST" if self.form else "GET"

    @property
    def body(self) -> str:
        return urlencode(self.form)

    def headers(self) -> dict[str, str]:
        """The headers that matter, as a browser sends them."""
        headers = {"Accept-Language": LANG}
        if self.token:
            headers["Cookie"] = f"{SIGN_IN_COOKIE}={self.token}"
        if self.htmx:
            headers["HX-Request"] = "true"
        if self.form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Sec-Fetch-Site"] = "same-origin"
        return headers

    def wire(self, *, gzip: bool, path: str = "") -> str:
        """The request as it goes over the wire, to `path` instead of its own if one is given."""
        headers = self.headers() | {"Host": "127.0.0.1", "Content-Length": str(len(self.body))}
        if gzip:
            headers["Accept-Encoding"] = "gzip"
        lines = [f"{self.method} {path or self.path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", self.body])


@dataclass(frozen=True, slots=True)
class Case:
    """A thing people do, and different requests that do it; the first stands for all."""

    name: str
    title: str
    asks: tuple[Ask, ...]
    status: str = "200"

    @property
    def reads(self) -> bool:
        return not self.asks[0].form


def discussion(draft_id: int, wid: str) -> str:
    """The address of a provision's page with its first twenty comments."""
    return f"/drafts/{draft_id}/provisions/{wid}"


def cases(filled: Filled) -> list[Case]:
    """The seven of the benchmark, the reading ones first."""
    law = f"/drafts/{filled.law}"
    text = f"a draft of 100 provisions, {LAWS[-1]:,} comments"
    return [
        Case("home", "home", (Ask("/"),)),
        Case("list", "list of 20 drafts", (Ask("/drafts"),)),
        Case("draft", text, (Ask(law),)),
        Case("talk", "20 comments of a provision", (Ask(discussion(filled.law, filled.wid)),)),
        Case("search", "search", _searches()),
        Case("comment", "posting a comment", _comments(filled), "303"),
        Case("vote", "voting", _votes(filled)),
    ]


def _searches() -> tuple[Ask, ...]:
    """One word and two, in turn; each stands in one to thirty per cent of the provisions."""
    rng = random.Random(1)
    texts = [" ".join(rng.sample(WORDS[20:600], 1 + n % 2)) for n in range(SEARCHES)]
    return tuple(Ask(f"/search?q={quote(text)}") for text in texts)


def _comments(filled: Filled) -> tuple[Ask, ...]:
    """By people in turn, on articles in turn, with the form of the page; no script."""
    rng = random.Random(2)

    def post(n: int) -> Ask:
        form = (
            ("body", " ".join(rng.choices(WORDS, k=40))),
            ("kind", "substantive"),
            ("stance", "neutral"),
            ("proposed", ""),
        )
        path = f"/drafts/{filled.law}/comments?wid={filled.wids[n % len(filled.wids)]}&text={LANG}"
        return Ask(path, filled.tokens[n % len(filled.tokens)], form)

    return tuple(post(n) for n in range(POSTS))


def _votes(filled: Filled) -> tuple[Ask, ...]:
    """Everybody on the articles nobody has voted on yet; by htmx, which gets a fragment back."""
    rng = random.Random(3)
    wids = filled.wids[-(VOTES // len(filled.tokens)) :]
    pairs = [(token, wid) for wid in wids for token in filled.tokens]
    return tuple(
        Ask(
            f"{discussion(filled.law, wid)}/vote",
            token,
            (("value", rng.choice(("1", "-1"))),),
            htmx=True,
        )
        for token, wid in pairs
    )
