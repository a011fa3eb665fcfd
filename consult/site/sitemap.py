"""For search engines: the sitemap (sitemaps.org) in parts, and robots.txt that leads to it."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Annotated
from xml.sax.saxutils import quoteattr

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse, Response, StreamingResponse

from consult.access import Actor
from consult.errors import NotFound
from consult.security import Allow, Db, Reader
from consult.site.feeds import base_of
from consult.site.mapped import Mapped, batches, parts
from consult.web import platform_of

router = APIRouter()

Taker = Annotated[Actor, Depends(Allow("read", "download"))]

XML = "application/xml; charset=utf-8"
BEGINNING = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
HEADERS = {"Cache-Control": "public, max-age=3600"}
PART = re.compile(r"(?P<kind>[a-z]{1,20})-(?P<n>[0-9]{1,5})")
# Pages of one person, and addresses without end: a search engine has nothing to find there.
NOT_FOR_ROBOTS = (
    *("/admin", "/cabinet", "/desk", "/following", "/oembed", "/search", "/sign-in"),
    *("/second-factor", "/subscribe", "/unsubscribe"),
)


@router.get("/robots.txt")
def robots(request: Request, _actor: Reader) -> Response:
    """What programs that read everything need not read, and where the list of the rest is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)]
    lines += ["", f"Sitemap: {base_of(request)}/sitemap.xml", ""]
    return PlainTextResponse("\n".join(lines), headers={"Cache-Control": "public, max-age=86400"})


@router.get("/sitemap.xml")
def index(request: Request, session: Db, _actor: Reader) -> Response:
    """The parts of the sitemap."""
    base_url = base_of(request)
    lines = [BEGINNING, f'<sitemapindex xmlns="{NAMESPACE}">\n']
    for part in parts(session):
        changed = f"<lastmod>{part.changed_at.isoformat()}</lastmod>" if part.changed_at else ""
        address = f"{base_url}/sitemaps/{part.kind}-{part.n}"
        lines.append(f"<sitemap><loc>{address}</loc>{changed}</sitemap>\n")
    lines.append("</sitemapindex>\n")
    return Response("".join(lines), media_type=XML, headers=HEADERS)


@router.get("/sitemaps/{part}")
def read_part(request: Request, _actor: Taker, part: str) -> Response:
    """Some thousands of addresses, sent while they are read. Raises NotFound."""
    found = PART.fullmatch(part)
    if found is None:
        raise NotFound("There is no such page.")
    read = batches(platform_of(request).database, found["kind"], int(found["n"]))
    first = next(read, None)
    if first is None:
        raise NotFound("There is no such page.")
    bodiless = request.scope.get("bodiless", False)  # only asked about: nothing more is read
    body = _written(() if bodiless else chain((first,), read), base_of(request))
    return StreamingResponse(body, media_type=XML, headers=HEADERS)


def _written(read: Iterable[list[Mapped]], base_url: str) -> Iterator[str]:
    yield (f'{BEGINNING}<urlset xmlns="{NAMESPACE}" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n')
    for mapped in read:
        yield "".join(_url(one, base_url) for one in mapped)
    yield "</urlset>\n"


def _url(one: Mapped, base_url: str) -> str:
    changed = f"<lastmod>{one.changed_at.isoformat()}</lastmod>" if one.changed_at else ""
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{lang}" href={quoteattr(base_url + path)}/>'
        for lang, path in (one.languages or {}).items()
    )
    return f"<url><loc>{base_url}{one.path}</loc>{changed}{others}</url>\n"
