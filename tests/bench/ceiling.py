"""The ceiling: what bare Starlette and Jinja2 reach with the very same bytes and no database.

    python -m tests.bench.ceiling PORT answers.json

A page of the application is taken down and cut at its words: each piece is a run of markup and
the text that follows it. One template, a loop over the pieces, puts it together again: the markup
passes as it is, the text is escaped anew, so Jinja2 writes the same bytes with about as many
turns, lookups and escapes as a page of that length needs. It is a high ceiling on purpose: the
pieces lie ready as Python strings; nothing is translated, counted, formatted or called (no macro,
no filter); there is no session, no guard, no header of ours. No page of an application can reach
it. A form post reads the form and answers what the application answered.

Served as the application is: the same number of uvicorn processes with the same settings, and its
own gzip middleware with its own numbers. Knows nothing of Kenesh.
"""

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from html import unescape
from pathlib import Path
from typing import Any

import uvicorn
from jinja2 import Environment
from markupsafe import Markup, escape
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

TEMPLATE = "{% for markup, words in pieces %}{{ markup }}{{ words }}{% endfor %}"
PIECE = re.compile(r"((?:<[^>]*>|\s+)*)([^<]*)")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the application, to be given again under /`name`."""

    name: str
    status: int
    location: str
    body: str


def save(folder: Path, answers: Sequence[Answer], gzip: dict[str, Any] | None) -> Path:
    """Write down what is to be served; `gzip` is how the middleware is set, None for no gzip."""
    path = folder / "answers.json"
    path.write_text(json.dumps({"gzip": gzip, "answers": [asdict(a) for a in answers]}), "utf-8")
    return path


def pieces(page: str) -> list[tuple[Markup, str]]:
    """A page cut into (markup, text to be escaped); put together it is the page, byte by byte."""
    cut: list[tuple[Markup, str]] = []
    for markup, words in PIECE.findall(page):
        plain = unescape(words)
        if str(escape(plain)) == words:
            cut.append((Markup(markup), plain))
        else:  # an entity that Jinja2 would write otherwise
            cut.append((Markup(markup + words), ""))
    return cut


def create(answers: Sequence[Answer], gzip: dict[str, Any] | None) -> Starlette:
    """The bare application."""
    template = Environment(autoescape=True).from_string(TEMPLATE)
    known = {answer.name: answer for answer in answers}
    cut = {answer.name: pieces(answer.body) for answer in answers}
    for name, answer in known.items():
        assert template.render(pieces=cut[name]) == answer.body, name

    async def give(request: Request) -> Response:
        name = request.path_params["name"]
        answer = known[name]
        if request.method == "POST":
            await request.form()
        if answer.location:
            return RedirectResponse(answer.location, answer.status)
        return HTMLResponse(template.render(pieces=cut[name]), answer.status)

    app = Starlette(routes=[Route("/{name}", give, methods=["GET", "POST"])])
    if gzip is not None:
        app.add_middleware(GZipMiddleware, **gzip)
    return app


def main(port: int, path: Path) -> None:
    """Serve what was saved."""
    saved = json.loads(path.read_text("utf-8"))
    app = create([Answer(**answer) for answer in saved["answers"]], saved["gzip"])
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
