"""The conformance test of the exchange profile: a neighbour's own requests, clause by clause.

It speaks HTTP alone and knows nothing of this installation, so that it can be run against any. It
registers drafts under numbers that begin with "conformance-"; nothing it sends becomes public.
"""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2 as httpx

from consult.exchange.profile import CLAUSES

TEXT = (
    "Article 1. Subject\n\nThis text was sent by the conformance test.\n\n"
    "Article 2. Words\n\nIt may be withdrawn."
)
BROKEN = "<akomaNtoso><act></akomaNtoso>"


@dataclass(frozen=True, slots=True)
class Result:
    """Whether a clause holds; `said` is what was seen instead, "" where it does."""

    clause: str
    said: str = ""

    @property
    def holds(self) -> bool:
        return not self.said

    @property
    def words(self) -> str:
        return CLAUSES[self.clause]


@dataclass
class Neighbour:
    """A system that keeps to the profile: its requests, and what it remembers between them."""

    http: httpx.Client
    key: str
    act_type: str
    run: str = field(default_factory=lambda: secrets.token_hex(4))
    draft: int = 0

    def ask(
        self, method: str, path: str, said: Any = None, *, key: str | None = None, **headers: str
    ) -> httpx.Response:
        """One request; `key` instead of one's own, "" for none."""
        held = self.key if key is None else key
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        if held:
            told["Authorization"] = f"Bearer {held}"
        return self.http.request(method, f"/api/exchange/v1{path}", json=said, headers=told)

    def registration(self, n: int = 1) -> dict[str, Any]:
        """What a draft is registered with."""
        return {
            "number": f"conformance-{self.run}-{n}",
            "act_type": self.act_type,
            "lang": "en",
            "title": "A draft of the conformance test",
            "filename": "text.txt",
            "content": TEXT,
        }


class Broken(Exception):
    """What was seen is not what the clause says."""


def expect(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The JSON of an answer with this status; raises Broken."""
    if answer.status_code != status:
        raise Broken(f"{status} was expected, not {answer.status_code}: {answer.text[:200]}")
    told: dict[str, Any] = answer.json()
    if status >= 400 and answer.headers["content-type"] != "application/problem+json":
        raise Broken("A refusal has to be application/problem+json.")
    return told


def _key(one: Neighbour) -> None:
    expect(one.ask("GET", "/drafts"), 200)


def _no_key(one: Neighbour) -> None:
    expect(one.ask("GET", "/drafts", key=""), 401)
    expect(one.ask("GET", "/drafts", key="kenesh_x_none"), 401)


def _of_others(one: Neighbour) -> None:
    expect(one.ask("GET", f"/drafts/{2**31 - 1}"), 404)


def _unknown_field(one: Neighbour) -> None:
    sent = one.registration() | {"colour": "green"}
    told = expect(one.ask("POST", "/drafts", sent, Idempotency_Key=f"{one.run}-f"), 422)
    if told.get("field") != "colour":
        raise Broken("The field that is not known has to be named.")


def _refusals(one: Neighbour) -> None:
    sent = one.registration() | {"act_type": "no_such_type"}
    told = expect(one.ask("POST", "/drafts", sent, Idempotency_Key=f"{one.run}-r"), 422)
    if told.get("field") != "act_type":
        raise Broken("The field that is wrong has to be named.")
    found = expect(one.ask("GET", f"/drafts?number={sent['number']}"), 200)
    if found["drafts"]:
        raise Broken("Something of a refused request was kept.")


def _register(one: Neighbour) -> None:
    told = expect(one.ask("POST", "/drafts", one.registration(), Idempotency_Key=one.run), 201)
    one.draft = told["draft"]
    if told["coverage"] != 1 or told["provisions"] < 2:
        raise Broken("The text was not read whole.")
    if expect(one.ask("GET", f"/drafts/{one.draft}"), 200)["published"]:
        raise Broken("A registered draft must not be public by itself.")


def _repeat(one: Neighbour) -> None:
    again = one.ask("POST", "/drafts", one.registration(), Idempotency_Key=one.run)
    if expect(again, 201)["draft"] != one.draft:
        raise Broken("The same request made another draft.")
    expect(one.ask("POST", "/drafts", one.registration(2), Idempotency_Key=one.run), 422)
    expect(one.ask("POST", "/drafts", one.registration(2)), 422)


def _taken_number(one: Neighbour) -> None:
    sent = one.ask("POST", "/drafts", one.registration(), Idempotency_Key=f"{one.run}-t")
    expect(sent, 409)


def _unreadable(one: Neighbour) -> None:
    sent = one.registration(3) | {"filename": "text.xml", "content": BROKEN}
    answer = one.ask("POST", "/drafts", sent, Idempotency_Key=f"{one.run}-u")
    told = expect(answer, 415 if answer.status_code == 415 else 422)
    if told.get("field") != "content":
        raise Broken("The field that is wrong has to be named.")


def _by_number(one: Neighbour) -> None:
    number = one.registration()["number"]
    found = expect(one.ask("GET", f"/drafts?number={number}"), 200)["drafts"]
    if [each["draft"] for each in found] != [one.draft]:
        raise Broken("The draft is not found by its number.")


def _text(one: Neighbour) -> None:
    path = f"/drafts/{one.draft}"
    sent = {"lang": "en", "content": TEXT + "\n\nArticle 3. More\n\nIt may grow."}
    expect(one.ask("PUT", f"{path}/text", sent), 428)
    expect(one.ask("PUT", f"{path}/text", sent, If_Match='"another"'), 412)
    tag = one.ask("GET", path).headers["etag"]
    expect(one.ask("PUT", f"{path}/text", sent, If_Match=tag), 200)


def _comments(one: Neighbour) -> None:
    told = expect(one.ask("GET", f"/drafts/{one.draft}/comments"), 200)
    if told != {"comments": [], "next": None}:
        raise Broken("A draft that is not public has no comments.")


def _answer(one: Neighbour) -> None:
    sent = {"outcome": "rejected", "reason": "It is said in article 2.", "lang": "en"}
    expect(one.ask("PUT", f"/drafts/{one.draft}/answers/K-0000-000000", sent), 404)


def _group(one: Neighbour) -> None:
    sent = {"title": "Words", "receipts": ["K-0000-000000"]}
    key = f"{one.run}-g"
    expect(one.ask("POST", f"/drafts/{one.draft}/groups", sent, Idempotency_Key=key), 404)


def _duties(one: Neighbour) -> None:
    if not isinstance(expect(one.ask("GET", f"/drafts/{one.draft}/duties"), 200)["duties"], list):
        raise Broken("Duties come as a list.")


# In this order: later steps use what earlier ones made. What takes a public draft with comments
# (4.2, 4.3) is tried by the tests of the site itself, and calls (5) by `consult receiver`.
STEPS: tuple[tuple[str, Callable[[Neighbour], None]], ...] = (
    ("1.1", _key),
    ("1.2", _no_key),
    ("1.3", _of_others),
    ("2.1", _unknown_field),
    ("2.2", _refusals),
    ("3.1", _register),
    ("2.3", _repeat),
    ("3.2", _taken_number),
    ("3.3", _unreadable),
    ("3.4", _by_number),
    ("3.5", _text),
    ("4.1", _comments),
    ("4.2", _answer),
    ("4.4", _group),
    ("4.5", _duties),
)


def run(http: httpx.Client, key: str, act_type: str) -> Iterator[Result]:
    """Go through the profile; each clause is told as soon as it is known."""
    one = Neighbour(http, key, act_type)
    for clause, step in STEPS:
        try:
            step(one)
        except Broken as broken:
            yield Result(clause, str(broken))
        except (httpx.HTTPError, ValueError, LookupError, TypeError, AttributeError) as error:
            yield Result(clause, f"{type(error).__name__}: {error}")
        else:
            yield Result(clause)
