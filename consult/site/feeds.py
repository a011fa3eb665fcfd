"""Feeds (Atom, RFC 4287) and calendars of drafts opened and reports published; their page."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from consult.accounts.queries import agencies, agency_by_code
from consult.db import text_in
from consult.errors import N_
from consult.files import unless_known
from consult.i18n.catalogues import LANGUAGES, translations
from consult.platform import Platform
from consult.procedure.calendars import DAY
from consult.procedure.deadlines import end_of, local_day
from consult.security import Db, Reader
from consult.site.calendars import Entry as Day
from consult.site.calendars import calendar_of
from consult.site.news import (
    Entry,
    Narrowed,
    Row,
    openings,
    reports,
    rounds_running,
    tag_uri,
    xml_text,
)
from consult.site.round_dates import round_dates
from consult.statistics.exports import ANY_ORIGIN, LICENCE
from consult.templating import environment
from consult.web import language_of, platform_of, render
from drafts.search.asking import ask
from drafts.search.interface import Query as SearchQuery

router = APIRouter()

ATOM = "application/atom+xml; charset=utf-8"
ICS = "text/calendar; charset=utf-8"
BEHIND = 90 * DAY  # what is over stays in a calendar so long
LONGEST_QUERY = 400  # characters of a search
MOST_FOUND = 500  # drafts that a search may narrow a feed to
HEADERS = {"Cache-Control": "public, max-age=300", "Vary": "Cookie, Accept-Language", **ANY_ORIGIN}
AgencyCode = Annotated[str, Query(alias="agency", max_length=20)]
FeedLang = Annotated[str, Query(alias="lang", max_length=2)]


@router.get("/feeds")
def list_feeds(request: Request, session: Db, _actor: Reader) -> Response:
    """What feeds there are, and what they are good for."""
    bodies = sorted(agencies(session).values(), key=lambda body: body.code)
    return render(request, "feeds/list.html", bodies=bodies)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of a feed or a calendar asks for; empty means any.

    `text` is the language a text must be in, `lang` that of the feed itself.
    """

    agency: str
    act_type: str
    topic: str
    q: str
    text: str
    lang: str

    def parts(self) -> dict[str, str]:
        """What narrows it, by the name of its parameter."""
        return {name: value for name, value in asdict(self).items() if value and name != "lang"}


async def asked(
    agency: AgencyCode = "",
    act_type: Annotated[str, Query(max_length=40)] = "",
    topic: Annotated[str, Query(max_length=40)] = "",
    q: Annotated[str, Query(max_length=LONGEST_QUERY)] = "",
    text: Annotated[str, Query(max_length=2)] = "",
    lang: FeedLang = "",
) -> Asked:
    """What the address asks for."""
    return Asked(agency, act_type, topic, q, text, lang)


Wanted = Annotated[Asked, Depends(asked)]


@router.get("/feeds/drafts.atom")
def drafts_feed(request: Request, session: Db, _actor: Reader, wanted: Wanted) -> Response:
    """Drafts opened for comment: of all agencies or of one, of a topic, a kind, a search."""
    narrowed = _narrowed(request, session, wanted)
    found = openings(session, base_of(request), spoken(request, wanted.lang), narrowed)
    return _feed(request, session, "drafts", found, wanted)


@router.get("/feeds/reports.atom")
def reports_feed(request: Request, session: Db, _actor: Reader, wanted: Wanted) -> Response:
    """Reports published, of all agencies or of one …"""
    narrowed = _narrowed(request, session, wanted)
    found = reports(session, base_of(request), spoken(request, wanted.lang), narrowed)
    return _feed(request, session, "reports", found, wanted)


@router.get("/feeds/drafts.ics")
def drafts_calendar(request: Request, session: Db, _actor: Reader, wanted: Wanted) -> Response:
    """When comments are taken, for the calendar of a phone: of all drafts or of those asked for."""
    platform, lang = platform_of(request), spoken(request, wanted.lang)
    narrowed = _narrowed(request, session, wanted)
    rows = rounds_running(session, narrowed, this_morning(platform) - BEHIND)
    say = translations(lang).gettext
    title = ": ".join(filter(None, (say(N_("Drafts")), _about(request, session, wanted))))
    return dates_answer(request, rows, lang, title, "drafts.ics")


def dates_answer(
    request: Request, rows: Sequence[Row], lang: str, title: str, filename: str
) -> Response:
    """The calendar of some rounds, unless the program has it already."""
    platform = platform_of(request)
    words = environment(lang, platform.pack.tz).get_template("feeds/round.txt")
    entries = [entry for row in rows for entry in round_dates(row, words, platform.pack.tz)]
    return calendar_answer(request, entries, title, filename)


def calendar_answer(
    request: Request, entries: Sequence[Day], title: str, filename: str
) -> Response:
    """A calendar, unless the program has it already."""
    content = calendar_of(title, entries, base_of(request))
    named = HEADERS | {"Content-Disposition": f'inline; filename="{filename}"'}
    changed_at = max((entry.changed_at for entry in entries), default=None)
    return unless_known(request, content, ICS, named, changed_at)


def base_of(request: Request) -> str:
    return platform_of(request).settings.base_url.rstrip("/")


def spoken(request: Request, wish: str) -> str:
    """The language asked for in the address; a reader of feeds sends no cookie."""
    return wish if wish in LANGUAGES else language_of(request)


def _narrowed(request: Request, session: Db, wanted: Asked) -> Narrowed:
    """Raises NotFound for an agency there is not."""
    agency = agency_by_code(session, wanted.agency) if wanted.agency else None
    ids = None
    if wanted.q or wanted.text:
        filters = {"lang": (wanted.text,)} if wanted.text else {}
        query = SearchQuery(wanted.q, spoken(request, wanted.lang), filters, limit=MOST_FOUND)
        ids = tuple(hit.draft_id for hit in ask(session, platform_of(request), query).hits)
    return Narrowed(agency.id if agency else None, wanted.act_type, wanted.topic, ids)


def _about(request: Request, session: Db, wanted: Asked) -> str:
    """What a feed is narrowed to, in words."""
    pack, lang = platform_of(request).pack, spoken(request, wanted.lang)
    named = (pack.act_types.get(wanted.act_type), pack.topics.get(wanted.topic))
    words = [f"«{wanted.q}»"] if wanted.q else []
    if wanted.agency:
        words.append(text_in(agency_by_code(session, wanted.agency).names, lang)[0])
    return xml_text(", ".join([*words, *(one.in_language(lang) for one in named if one)]))


def _feed(
    request: Request, session: Db, name: str, entries: list[Entry], wanted: Asked
) -> Response:
    """The document. Its name holds its language: one in another language is another feed."""
    platform, lang, base_url = platform_of(request), spoken(request, wanted.lang), base_of(request)
    parts = wanted.parts()
    query = urlencode(({"lang": lang} if wanted.lang else {}) | parts)
    others = urlencode({key: value for key, value in parts.items() if key != "agency"})
    own: dict[str, Any] = {
        "id": tag_uri(
            base_url, "/".join(filter(None, ("feeds", name, wanted.agency, others, lang)))
        ),
        "url": f"{base_url}/feeds/{name}.atom" + (f"?{query}" if query else ""),
        "page": f"{base_url}/{'search' if 'q' in parts else 'drafts'}?{urlencode(parts)}".rstrip(
            "?"
        ),
        "updated": entries[0].at if entries else this_morning(platform),
    }
    template = environment(lang, ZoneInfo(platform.pack.timezone)).get_template("feeds/feed.xml")
    text = template.render(
        feed=own,
        kind=name,
        entries=entries,
        about=_about(request, session, wanted),
        base_url=base_url,
        licence=LICENCE,
        pack=platform.pack,
        xml_text=xml_text,
    )
    return unless_known(request, text.encode(), ATOM, HEADERS, own["updated"])


def this_morning(platform: Platform) -> datetime:
    """When a feed without entries was last changed, as it says: the same all day long."""
    tz = platform.pack.tz
    return end_of(local_day(platform.clock(), tz) - DAY, tz)
