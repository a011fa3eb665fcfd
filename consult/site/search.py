"""The pages of search: the whole site, one draft; the same as JSON; the box in a browser's bar."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response

from consult.accounts.models import Agency
from consult.accounts.queries import agencies
from consult.db import text_in
from consult.security import Db, Reader
from consult.site.asking import offer
from consult.site.drafts import draft_context, open_page
from consult.site.found import Found, found
from consult.site.searching import LONGEST_QUERY, OPTIONS, PAGE, Asked
from consult.statistics.exports import ANY_ORIGIN, LICENCE
from consult.templating import static_url
from consult.web import language_of, platform_of, render, template_text
from drafts.search.asking import ask
from drafts.search.interface import UNITS, Page, Unit
from drafts.search.synonyms.queries import thesaurus_of

router = APIRouter()

DEEPEST = 1000  # what is found behind so many is found by asking for more words
DESCRIPTION = "application/opensearchdescription+xml"


async def asked(
    q: str = "",
    unit: str = "",
    agency: str = "",
    act_type: str = "",
    stage: str = "",
    topic: str = "",
    lang: str = "",
    year: str = "",
    kind: str = "",
    stance: str = "",
    sort: str = "best",
    also: str = "",
    offset: Annotated[int, Query(ge=0, le=DEEPEST)] = 0,
) -> Asked:
    """What the address asks for; what nobody offers is as usual."""
    chosen = {"agency": agency, "act_type": act_type, "stage": stage, "topic": topic}
    chosen |= {"lang": lang, "year": year, "kind": kind, "stance": stance}
    return Asked(
        q=q[:LONGEST_QUERY].strip(),
        unit=next((one for one in UNITS if one == unit), UNITS[0]),
        sort="newest" if sort == "newest" else "best",
        chosen=chosen,
        also=also != "no",
        offset=offset,
    )


Wanted = Annotated[Asked, Depends(asked)]


@router.get("/search")
def search(request: Request, session: Db, actor: Reader, wanted: Wanted) -> Response:
    """Drafts, provisions and comments by their words, in any of the languages."""
    platform, bodies, lang = platform_of(request), agencies(session), language_of(request)
    page, rows = _answer(request, session, wanted, bodies)
    offered = None
    if wanted.unit != "comment":
        chosen = wanted.filters
        offered = offer(
            session, actor, platform.pack, bodies, lang=lang, words=wanted.q, chosen=chosen
        )
    return render(
        request,
        "site/search.html",
        **_context(request, session, wanted, page, rows),
        agency_names={body.code: body.names for body in bodies.values()},
        offer=offered,
    )


@router.get("/search.json")
def search_json(request: Request, session: Db, _actor: Reader, wanted: Wanted) -> Response:
    """The same for programs."""
    platform = platform_of(request)
    base_url = platform.settings.base_url.rstrip("/")
    page, rows = _answer(request, session, wanted, agencies(session))
    further = wanted.offset + PAGE
    document = {
        "url": base_url + wanted.url(path="/search.json", offset=wanted.offset),
        "generated_at": platform.clock().isoformat(),
        "licence": LICENCE,
        "query": wanted.q,
        "lost": page.lost,
        "corrected": page.corrected,
        "meant": page.meant,
        "also": page.also,
        "unit": wanted.unit,
        "total": page.total,
        "facets": wanted.counts(page),
        "results": [_row(row, base_url) for row in rows],
        "next": base_url + wanted.url(path="/search.json", offset=further)
        if further < min(page.total, DEEPEST + PAGE)
        else None,
    }
    return JSONResponse(document, headers=ANY_ORIGIN)


def _row(row: Found, base_url: str) -> dict[str, Any]:
    hit = row.hit
    return {
        "unit": hit.kind,
        "url": base_url + row.url,
        "draft": hit.draft_id,
        "title": hit.title or text_in(row.draft.titles, hit.lang)[0],
        "stage": row.draft.stage,
        "agency": row.agency.code,
        "lang": hit.lang,
        "wid": hit.wid,
        "heading": hit.heading,
        "place": row.place,
        "comment": hit.comment_id or None,
        "at": row.at.isoformat() if row.at else None,
        "text": "".join(text for text, _ in row.snippet),
        "marked": [text for text, is_asked in row.snippet if is_asked],
        "matches": hit.matches,
    }


@router.get("/drafts/{draft_id}/search")
def search_draft(
    request: Request, session: Db, actor: Reader, draft_id: int, wanted: Wanted
) -> Response:
    """What stands where in one draft, and what was said of it: provisions and comments."""
    head = open_page(request, session, draft_id, actor)
    unit: Unit = "comment" if wanted.unit == "comment" else "provision"
    wanted = replace(wanted, unit=unit, draft_id=draft_id)
    bodies = agencies(session)
    page, rows = _answer(request, session, wanted, bodies) if wanted.q else (Page(), [])
    return render(
        request,
        "site/inside.html",
        **draft_context(request, head, "search"),
        **_context(request, session, wanted, page, rows),
        agency_names={},
        offer=None,
    )


@router.get("/opensearch.xml")
def describe(request: Request, _actor: Reader) -> Response:
    """What a browser needs to search here from its own bar (OpenSearch 1.1)."""
    base_url = platform_of(request).settings.base_url.rstrip("/")
    icon = static_url("favicon.svg")
    text = template_text(request, "site/opensearch.xml", base_url=base_url, icon=icon)
    headers = {"Cache-Control": "public, max-age=86400", "Vary": "Cookie, Accept-Language"}
    return Response(text, media_type=DESCRIPTION, headers=headers)


def _answer(
    request: Request, session: Db, wanted: Asked, bodies: Mapping[int, Agency]
) -> tuple[Page, list[Found]]:
    query = wanted.query(language_of(request))
    page = ask(session, platform_of(request), query, widened=wanted.also)
    return page, found(session, page.hits, bodies)


def _context(
    request: Request, session: Db, wanted: Asked, page: Page, rows: list[Found]
) -> dict[str, Any]:
    further = wanted.offset + PAGE
    return {
        "asked": wanted,
        "found": page,
        "rows": rows,
        "totals": _totals(request, session, wanted, page),
        "options": wanted.options(page),
        "most": OPTIONS,
        "newer": wanted.url(offset=max(wanted.offset - PAGE, 0)) if wanted.offset else "",
        "older": wanted.url(offset=further) if further < min(page.total, DEEPEST + PAGE) else "",
    }


def _totals(request: Request, session: Db, wanted: Asked, page: Page) -> Mapping[Unit | None, int]:
    """How many there are of each unit, by the words that were looked for in the end.

    Where nothing is found for what it is narrowed to, how many there are otherwise (None).
    While the index is lost nobody knows: none is not 0.
    """
    if page.lost or (wanted.draft_id and not wanted.q):
        return {}
    text = page.corrected or wanted.q
    also = thesaurus_of(session).also(text) if wanted.also else {}

    def total(other: Asked) -> int:
        query = replace(other.query(language_of(request), limit=0), also=also)
        return platform_of(request).search.search(query).total

    totals: dict[Unit | None, int] = {
        unit: page.total if unit == wanted.unit else total(wanted.but(q=text, unit=unit))
        for unit in wanted.units
    }
    if wanted.filters and not page.total:
        totals[None] = total(wanted.unfiltered)
    return totals
