"""oEmbed (https://oembed.com): what another site shows in place of an address of this one."""

import re
from typing import Annotated, Any, NamedTuple
from urllib.parse import parse_qs, quote, urlencode, urlsplit
from xml.etree import ElementTree

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from sqlmodel import Session

from consult.access import VISITOR
from consult.accounts.models import Agency
from consult.accounts.queries import agency_by_code
from consult.db import text_in
from consult.errors import DomainError, Invalid, NotFound
from consult.i18n.catalogues import LANGUAGES
from consult.security import Db, Reader
from consult.site.feeds import base_of
from consult.site.framing import AGENCY, DRAFT, Size, fitted, frame
from consult.site.news import xml_text
from consult.statistics.exports import ANY_ORIGIN
from consult.web import platform_of
from drafts.queries import draft_for

router = APIRouter()

KEPT_SECONDS = 3600
FORMATS = ("json", "xml")
PAGE = re.compile(
    r"/(?:embed/)?(?:drafts?/(?P<draft>[0-9]{1,9})(?![^/])|(?:agencies|agency)/(?P<code>[^/]+))"
)
HEADERS = {"Cache-Control": "public, max-age=3600", **ANY_ORIGIN}
Format = Annotated[str, Query(alias="format", json_schema_extra={"enum": [*FORMATS]})]
Pixels = Annotated[int | None, Query(ge=1, le=100_000)]


class NotImplementedFormat(DomainError):
    """oEmbed, 2.3.4: a format that is not spoken here."""

    status = 501


class Shown(NamedTuple):
    """What an address shows."""

    path: str
    title: str
    by: str
    by_path: str
    size: Size


def discovery(base_url: str, path: str, lang: str) -> str:
    """Where a program that reads a page learns how to show it elsewhere."""
    return f"{base_url}/oembed?{urlencode({'url': base_url + path, 'lang': lang})}"


@router.get("/oembed")
def oembed(
    request: Request,
    session: Db,
    _actor: Reader,
    url: Annotated[str, Query(max_length=2000)] = "",
    wanted: Format = "json",
    maxwidth: Pixels = None,
    maxheight: Pixels = None,
    lang: Annotated[str, Query(max_length=2)] = "",
) -> Response:
    """A frame with the draft or the agency an address of this site leads to.

    Raises Invalid for what is no address, NotFound for one that is not of this site.
    """
    if wanted not in FORMATS:
        raise NotImplementedFormat("This was not understood.")
    base_url = base_of(request)
    asked = _on_this_site(url, base_url)
    spoken = next(
        (code for code in (lang, *parse_qs(asked.query).get("lang", ())) if code in LANGUAGES),
        platform_of(request).settings.default_lang,
    )
    shown = _shown(session, asked.path, spoken)
    size = fitted(shown.size, maxwidth, maxheight)
    address = f"{base_url}/embed{shown.path}?lang={spoken}"
    answer: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "title": shown.title,
        "author_name": shown.by,
        "author_url": base_url + shown.by_path,
        "provider_name": "Kenesh",
        "provider_url": f"{base_url}/",
        "cache_age": KEPT_SECONDS,
        "html": frame(address, shown.title, size.width, size.height),
        "width": size.width,
        "height": size.height,
    }
    if wanted == "json":
        return JSONResponse(answer, headers=HEADERS)
    return Response(_as_xml(answer), media_type="text/xml; charset=utf-8", headers=HEADERS)


def _on_this_site(url: str, base_url: str) -> Any:
    try:
        asked, here = urlsplit(url), urlsplit(base_url)
        same = (asked.scheme, asked.hostname, asked.port) == (here.scheme, here.hostname, here.port)
    except ValueError:
        raise Invalid("This was not understood.", field="url") from None
    if not url:
        raise Invalid("Please fill this in.", field="url")
    if not asked.hostname:
        raise Invalid("This was not understood.", field="url")
    if not same or not asked.path.startswith(here.path):
        raise NotFound("There is no such page.")
    return asked._replace(path=asked.path.removeprefix(here.path))


def _shown(session: Session, path: str, lang: str) -> Shown:
    found = PAGE.match(path)
    if found is None:
        raise NotFound("There is no such page.")
    if found["code"]:
        agency = agency_by_code(session, found["code"])
        title = text_in(agency.names, lang)[0]
        place = quote(agency.code, safe="")
        return Shown(f"/agency/{place}", title, title, f"/agencies/{place}", AGENCY)
    draft = draft_for(session, int(found["draft"]), VISITOR)
    agency = session.get_one(Agency, draft.agency_id)
    return Shown(
        f"/draft/{draft.id}",
        text_in(draft.titles, lang)[0],
        text_in(agency.names, lang)[0],
        f"/agencies/{quote(agency.code, safe='')}",
        DRAFT,
    )


def _as_xml(answer: dict[str, Any]) -> bytes:
    root = ElementTree.Element("oembed")
    for name, value in answer.items():
        ElementTree.SubElement(root, name).text = xml_text(str(value))
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written
