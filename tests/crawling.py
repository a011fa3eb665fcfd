"""Walking through a site: by its links, and to the address of every row it holds."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from html import unescape
from itertools import islice, product
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from consult.exports.routes import NAMED
from consult.opendata.registry import RESOURCES
from consult.platform import Platform
from consult.schema import METADATA
from tests.client import Client
from tests.contracts.test_routes import routes

LINK = re.compile(r'\b(?:href|src|hx-get)="(/[^"#]*)')
SKIPPED = "/static/"
OF_ONE_ROUTE = 2  # addresses
SHOWING_COMMENTS = ("/comments/{comment_id}", "/report/{n}.{lang}.{code}", "/{name}")
OF_COMMENTS = 9  # addresses of a route that shows many different things
SHOWING_ALL = ("/api/v1/{resource}", "/api/v1/{resource}.csv")
Look = Callable[[str, Any], None]  # at an address, and what was answered

CHOSEN: dict[str, tuple[object, ...]] = {
    "at": (0,),
    "key_id": (1,),
    "kind": ("comments",),
    "lang": ("en",),
    "n": (1, 2),
    "new": (2,),
    "number": (0, 1, 2),
    "old": (1,),
    "resource": tuple(RESOURCES),
    "row": (1,),
    "part": ("pages-0", "drafts-0"),
    "token": ("x",),
    "wid": ("art_1", "art_2"),
    "year": (2026,),
}
ROWS = {  # parameters that are not called after their table
    "act_id": "moderation_act.id",
    "answer_id": "disposition.id",
    "beginning": "snapshot.sha256",
    "change_id": "provision_change.id",
    "code": "agency.code",
    "item_id": "plan_item.id",
    "note_id": "internal_note.id",
    "opinion_id": "council_opinion.id",
    "preview_id": "import_preview.id",
    "review_id": "practice_review.id",
    "report_id": "appeals_report.id",
    "row_id": "comparative_row.id",
    "suggestion_id": "group_suggestion.id",
}
HERE: dict[tuple[str, str], tuple[object, ...]] = {  # what else they mean in one place
    ("/admin/synonyms/", "code"): ("law",),
    ("/councils/", "code"): ("MOJ-C",),
    ("/desk/bodies/", "code"): ("JK",),
    ("/parliament/", "code"): ("JK",),
    ("/attachments/", "name"): ("planted.txt",),
    ("/open-data/dumps/", "day"): ("2026-09-07",),
    ("/open-data/dumps/", "name"): ("drafts.csv.gz",),
    ("/report/{n}", "code"): ("docx", "xlsx", "pdf", "html", "json", "csv"),
    ("/versions/{n}/", "name"): tuple(f"en{ending}" for ending in NAMED),
}


def addresses(platform: Platform, comments: tuple[int, ...]) -> list[str]:
    """Every page of the application for the rows there are, of each route so many at most.

    `comments` are those that matter most: they are looked at in this order, the first first.
    """
    with platform.database.reading() as session:
        found: list[str] = []
        for route in routes():
            if "GET" in route.methods:  # type: ignore[attr-defined]
                path = route.path.replace(":int}", "}")  # type: ignore[attr-defined]
                most = OF_COMMENTS if path.endswith(SHOWING_COMMENTS) else OF_ONE_ROUTE
                most = len(RESOURCES) if path in SHOWING_ALL else most
                found += islice(_filled_in(session, path, comments), most)
    return found


def _filled_in(session: Session, path: str, comments: tuple[int, ...]) -> Iterator[str]:
    names = re.findall(r"{(\w+)}", path)
    known = {"comment_id": comments, "subject_id": comments}
    for values in product(*(known.get(name) or _values(session, path, name) for name in names)):
        yield path.format(**dict(zip(names, values, strict=True)))


def _values(session: Session, path: str, name: str) -> tuple[object, ...]:
    for (place, parameter), values in HERE.items():
        if place in path and parameter == name:
            return values
    if name in CHOSEN:
        return CHOSEN[name]
    table, _, column = ROWS.get(name, f"{name.removesuffix('_id')}.id").partition(".")
    assert table in METADATA.tables, f"what {{{name}}} of {path} may be"
    query = text(f'SELECT {column} FROM "{table}" ORDER BY {column}')
    return tuple(session.execute(query).scalars())


def kind_of(url: str) -> str:
    """What pages are alike: the same but for numbers, provisions and chosen values."""
    path, _, query = url.partition("?")
    keys = ",".join(sorted(re.findall(r"(\w+)=[^&]", query)))
    path = re.sub(r"/provisions/[^/]+", "/provisions/W", path)
    return re.sub(r"\d+", "N", path) + "?" + keys


def ask(client: Client, url: str) -> Any:
    """What is answered; raises with the address of a page that breaks."""
    try:
        return client.http.get(url)
    except Exception as error:
        raise AssertionError(f"{url} breaks: {error!r}") from error


def follow_links(client: Client, start: str, look: Look, most: int = 1) -> Counter[str]:
    """Look at so many of every kind of page one can come to by links; returns the kinds."""
    seen: Counter[str] = Counter()
    waiting, known = [start], {start}
    while waiting:
        url = waiting.pop()
        if seen[kind_of(url)] >= most:
            continue
        seen[kind_of(url)] += 1
        answer = ask(client, url)
        look(url, answer)
        new = [unescape(link) for link in LINK.findall(answer.text)] if is_page(answer) else []
        if target := answer.headers.get("location", ""):
            new.append(target)
        new = [link for link in new if link not in known and not link.startswith(SKIPPED)]
        known.update(new)
        waiting += new
    return seen


def is_page(answer: Any) -> bool:
    """Whether it is HTML to be read here, rather than a file to be taken away."""
    kind = answer.headers.get("content-type", "")
    return bool(kind.startswith("text/html")) and "content-disposition" not in answer.headers
