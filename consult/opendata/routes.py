"""The read API: everything public, page by page or whole, and its description."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from consult.files import unless_known
from consult.opendata import openapi
from consult.opendata.asking import allowed, read, written_key
from consult.opendata.reading import PIECE, Page, context_of, one, page
from consult.opendata.registry import RESOURCES, resource_of
from consult.opendata.resource import Asked, Context, Resource
from consult.opendata.writing import LICENCE, LINES, TABLE, Form, as_json
from consult.opendata.writing_api import MORE
from consult.platform import Platform
from consult.security import Db, Reader
from consult.web import platform_of

router = APIRouter()

ANY_SITE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link",
    "Cache-Control": "public, no-cache",  # what is taken back must be gone at once
}
# Whoever takes everything never holds the threads that pages are answered in.
_TAKING = CapacityLimiter(2)


def base_url(request: Request) -> str:
    """The public address of the site."""
    return platform_of(request).settings.base_url.rstrip("/")


@router.get("/api/v1")
def contents(request: Request, _actor: Reader) -> Response:
    """What there is."""
    base = f"{base_url(request)}/api/v1"
    found = [
        {
            "name": one.name,
            "title": one.title,
            "meaning": one.meaning,
            "licence": licence_of(one),
            "url": f"{base}/{one.name}",
            "csv": f"{base}/{one.name}.csv",
            "jsonl": f"{base}/{one.name}.jsonl",
        }
        for one in RESOURCES.values()
    ]
    about = {"documentation": f"{base_url(request)}/open-data", "openapi": f"{base}/openapi.json"}
    return _document(request, {**about, "resources": found})


@router.get("/api/v1/openapi.json")
def description(request: Request, _actor: Reader) -> Response:
    """The description of all this for programs."""
    base = base_url(request)
    return _document(request, openapi.document(RESOURCES.values(), base, allowed, MORE))


@router.get("/api/v1/{resource}.csv")
async def as_table(request: Request, _actor: Reader, resource: str) -> Response:
    """All rows as a table."""
    return await _streamed(request, resource_of(resource), TABLE)


@router.get("/api/v1/{resource}.jsonl")
async def as_lines(request: Request, _actor: Reader, resource: str) -> Response:
    """All rows, each a line of JSON."""
    return await _streamed(request, resource_of(resource), LINES)


@router.get("/api/v1/{resource}")
def as_page(request: Request, session: Db, _actor: Reader, resource: str) -> Response:
    """Some rows, and where it goes on."""
    taken, platform = resource_of(resource), platform_of(request)
    said = request.query_params.multi_items()
    asked = read(session, taken, said, platform.pack.tz, paged=True)
    found = page(session, taken, asked, context_of(session, platform))
    names = [column.name for column in asked.columns]
    following = None
    if found.after:
        query = request.url.include_query_params(after=written_key(found.after)).query
        following = f"{base_url(request)}/api/v1/{taken.name}?{query}"
    told = {
        "resource": taken.name,
        "licence": licence_of(taken),
        "next": following,
        "data": [dict(zip(names, row, strict=True)) for row in found.rows],
    }
    return _document(request, told, following)


@router.get("/api/v1/{resource}/{row}")
def as_row(request: Request, session: Db, _actor: Reader, resource: str, row: str) -> Response:
    """One row."""
    taken = resource_of(resource)
    return _document(request, one(session, taken, row, context_of(session, platform_of(request))))


def licence_of(resource: Resource) -> dict[str, str]:
    """What may be done with the rows of a resource."""
    return {"rights": resource.rights} if resource.rights else LICENCE


def _document(request: Request, told: dict[str, Any], following: str | None = None) -> Response:
    links = {"describedby": f"{base_url(request)}/open-data", "next": following}
    said = ", ".join(f'<{url}>; rel="{rel}"' for rel, url in links.items() if url)
    return unless_known(request, as_json(told), "application/json", {**ANY_SITE, "Link": said})


async def _streamed(request: Request, resource: Resource, form: Form) -> Response:
    """All rows, read and written piece by piece.

    Each piece is a transaction of its own: however slowly it is fetched, nothing is held open, and
    what changes meanwhile is read as it then is. The files of the night are of one moment.
    """
    platform, said = platform_of(request), request.query_params.multi_items()

    def begin() -> tuple[Asked, Context]:
        with platform.database.reading() as session:
            asked = read(session, resource, said, platform.pack.tz, paged=False)
            return replace(asked, limit=PIECE), context_of(session, platform)

    asked, context = await run_sync(begin, limiter=_TAKING)
    first = await _piece(platform, resource, asked, context)
    bodiless = request.scope.get("bodiless", False)

    async def written() -> AsyncIterator[bytes]:
        yield form.begins(asked.columns).encode()
        found = first
        while not bodiless:
            yield await run_sync(_written, form, asked, found, limiter=_TAKING)
            if not found.after:
                return
            found = await _piece(platform, resource, replace(asked, after=found.after), context)

    name = f'attachment; filename="{resource.name}.{form.ending}"'
    headers = {**ANY_SITE, "Content-Disposition": name}
    return StreamingResponse(written(), media_type=form.media_type, headers=headers)


async def _piece(platform: Platform, resource: Resource, asked: Asked, context: Context) -> Page:
    def reading() -> Page:
        with platform.database.reading() as session:
            return page(session, resource, asked, context)

    return await run_sync(reading, limiter=_TAKING)


def _written(form: Form, asked: Asked, found: Page) -> bytes:
    return form.rows(asked.columns, found.rows).encode()
