"""Feeds (Atom, RFC 4287) of drafts opened and reports published, and the page that lists them."""

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from consult.accounts.models import Agency
from consult.accounts.queries import agencies, agency_by_code
from consult.files import unless_known
from consult.i18n.catalogues import LANGUAGES
from consult.platform import Platform
from consult.procedure.calendars import DAY
from consult.procedure.deadlines import end_of, local_day
from consult.security import Db, Reader
from consult.site.news import Entry, openings, reports, tag_uri, xml_text
from consult.statistics.exports import ANY_ORIGIN, LICENCE
from consult.templating import environment
from consult.web import language_of, platform_of, render

router = APIRouter()

ATOM = "application/atom+xml; charset=utf-8"
HEADERS = {"Cache-Control": "public, max-age=300", "Vary": "Cookie, Accept-Language", **ANY_ORIGIN}
AgencyCode = Annotated[str, Query(alias="agency", max_length=20)]
FeedLang = Annotated[str, Query(alias="lang", max_length=2)]


@router.get("/feeds")
def list_feeds(request: Request, session: Db, _actor: Reader) -> Response:
    """What feeds there are, and what they are good for."""
    bodies = sorted(agencies(session).values(), key=lambda body: body.code)
    return render(request, "feeds/list.html", bodies=bodies)


@router.get("/feeds/drafts.atom")
def drafts_feed(
    request: Request, session: Db, _actor: Reader, agency: AgencyCode = "", lang: FeedLang = ""
) -> Response:
    """Drafts opened for comment, of all agencies or of one."""
    body = agency_by_code(session, agency) if agency else None
    found = openings(session, _base_url(request), _lang(request, lang), body.id if body else None)
    return _feed(request, "drafts", found, body, lang)


@router.get("/feeds/reports.atom")
def reports_feed(
    request: Request, session: Db, _actor: Reader, agency: AgencyCode = "", lang: FeedLang = ""
) -> Response:
    """Reports published, of all agencies or of one."""
    body = agency_by_code(session, agency) if agency else None
    found = reports(session, _base_url(request), _lang(request, lang), body.id if body else None)
    return _feed(request, "reports", found, body, lang)


def _base_url(request: Request) -> str:
    return platform_of(request).settings.base_url.rstrip("/")


def _lang(request: Request, wish: str) -> str:
    """The language asked for in the address; a reader of feeds sends no cookie."""
    return wish if wish in LANGUAGES else language_of(request)


def _feed(
    request: Request, name: str, entries: list[Entry], agency: Agency | None, wish: str
) -> Response:
    """The document. Its name holds its language: one in another language is another feed."""
    platform, lang, base_url = platform_of(request), _lang(request, wish), _base_url(request)
    chosen = {"lang": wish and lang, "agency": agency.code if agency else ""}
    query = urlencode({key: value for key, value in chosen.items() if value})
    own: dict[str, Any] = {
        "id": tag_uri(base_url, "/".join(filter(None, ("feeds", name, chosen["agency"], lang)))),
        "url": f"{base_url}/feeds/{name}.atom" + (f"?{query}" if query else ""),
        "updated": entries[0].at if entries else this_morning(platform),
    }
    template = environment(lang, ZoneInfo(platform.pack.timezone)).get_template("feeds/feed.xml")
    text = template.render(
        feed=own,
        kind=name,
        entries=entries,
        agency=agency,
        base_url=base_url,
        licence=LICENCE,
        pack=platform.pack,
        xml_text=xml_text,
    )
    return unless_known(request, text.encode(), ATOM, HEADERS)


def this_morning(platform: Platform) -> datetime:
    """When a feed without entries was last changed, as it says: the same all day long."""
    tz = platform.pack.tz
    return end_of(local_day(platform.clock(), tz) - DAY, tz)
