"""Feeds of duties: a calendar (ICS) and Atom of each agency, and what is overdue in all."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from jinja2 import Environment

from consult.accounts.models import Agency
from consult.accounts.queries import agencies, agency_by_code
from consult.db import text_in
from consult.errors import N_
from consult.files import unless_known
from consult.law.queries import Law, law_of
from consult.obligations.keeping.ladder import told_until
from consult.obligations.registers.listing import overdue_in_public
from consult.obligations.registers.published import NEWS, falling_due, told_lately
from consult.procedure.calendars import DAY
from consult.procedure.deadlines import end_of, local_day
from consult.security import Db, Reader
from consult.site.duty_calendar import Almanac, calendar_of
from consult.site.duty_news import News, listed, told
from consult.site.feeds import ATOM, HEADERS, ICS, FeedLang, base_of, spoken, this_morning
from consult.site.news import tag_uri, xml_text
from consult.statistics.exports import LICENCE
from consult.templating import environment
from consult.web import platform_of

router = APIRouter()

AHEAD, BEHIND = 400 * DAY, 90 * DAY  # the days a calendar holds


@router.get("/agencies/{code}/duties.ics")
def agency_calendar(
    request: Request, session: Db, _actor: Reader, code: str, lang: FeedLang = ""
) -> Response:
    """What falls due in an agency, for the calendar of a phone or a desk."""
    body, (law, now) = agency_by_code(session, code), _law_and_now(request, session)
    today = local_day(now, law.tz)
    window = end_of(today - BEHIND - DAY, law.tz), end_of(today + AHEAD, law.tz)
    env = _environment(request, law, lang)
    translate: Any = env.globals["translate"]
    almanac = Almanac(
        f"{translate('Duties')}: {text_in(body.names, spoken(request, lang))[0]}",
        *(spoken(request, lang), base_of(request), env.get_template("feeds/duty.txt")),
    )
    content = calendar_of(falling_due(session, body.id or 0, *window), almanac, law)
    return _answer(request, content, ICS, f"duties-{body.code}.ics")


@router.get("/agencies/{code}/duties.atom")
def agency_feed(
    request: Request, session: Db, _actor: Reader, code: str, lang: FeedLang = ""
) -> Response:
    """What happened to the duties of an agency: due dates set and moved, done, late."""
    body, (law, now) = agency_by_code(session, code), _law_and_now(request, session)
    base_url = base_of(request)
    said = told_lately(session, body.id or 0, now)
    entries = [told(one, body, law, base_url) for one in said]
    page = f"/agencies/{body.code}/duties"
    return _feed(request, law, lang, page, entries, page, body)


@router.get("/feeds/overdue.atom")
def overdue_feed(request: Request, session: Db, _actor: Reader, lang: FeedLang = "") -> Response:
    """What came onto the public list of overdue duties, of all agencies, and is still there."""
    law, now = _law_and_now(request, session)
    until, bodies = told_until(law.pack.duty, now, law.calendar, law.tz), agencies(session)
    found = overdue_in_public(session, until, now, newest_first=True, limit=4 * NEWS)
    base_url = base_of(request)
    entries = [listed(one, bodies[one.obligation.agency_id], law, base_url) for one in found]
    entries = sorted(entries, key=lambda entry: entry.at, reverse=True)[:NEWS]
    return _feed(request, law, lang, "/feeds/overdue", entries, "/overdue", None)


def _law_and_now(request: Request, session: Db) -> tuple[Law, datetime]:
    platform = platform_of(request)
    return law_of(session, platform.pack), platform.clock()


def _environment(request: Request, law: Law, wish: str) -> Environment:
    return environment(spoken(request, wish), law.tz)


def _feed(
    request: Request,
    law: Law,
    wish: str,
    path: str,
    entries: Sequence[News],
    page: str,
    agency: Agency | None,
) -> Response:
    """The document. Its name holds its language: one in another language is another feed."""
    lang, base_url = spoken(request, wish), base_of(request)
    env = _environment(request, law, wish)
    translate: Any = env.globals["translate"]
    title = translate(N_("Overdue duties")) if agency is None else translate(N_("Duties"))
    text = env.get_template("feeds/duties.xml").render(
        feed={
            "id": tag_uri(base_url, f"{path.removeprefix('/')}/{lang}"),
            "url": f"{base_url}{path}.atom" + (f"?lang={lang}" if wish else ""),
            "page": base_url + page,
            "title": f"{title}: {text_in(agency.names, lang)[0]}" if agency else title,
            "updated": entries[0].at if entries else this_morning(platform_of(request)),
        },
        entries=entries,
        base_url=base_url,
        licence=LICENCE,
        xml_text=xml_text,
    )
    return _answer(request, text.encode(), ATOM)


def _answer(request: Request, content: bytes, media_type: str, filename: str = "") -> Response:
    named = {"Content-Disposition": f'inline; filename="{filename}"'} if filename else {}
    return unless_known(request, content, media_type, HEADERS | named)
