"""Public pages of the law this installation counts by: the working calendar and the rules.

The administrator's pages, where both are entered and confirmed, are in consult/site/lawbook.py.
"""

from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import Response

from consult.law.queries import YearPage, confirmation_history, confirmations, law_of, year_page
from consult.law.writing import as_ics, as_table
from consult.procedure.deadlines import local_day
from consult.security import Db, Reader
from consult.web import go, language_of, platform_of, render

router = APIRouter()


@router.get("/rules")
def rules(request: Request, session: Db, _actor: Reader) -> Response:
    """Every rule this installation counts by, and whether it was confirmed on a document."""
    platform = platform_of(request)
    return render(
        request,
        "law/rules.html",
        confirmed=confirmations(session, platform.pack),
        history=confirmation_history(session, platform.pack),
    )


@router.get("/calendar")
def calendar(request: Request, _actor: Reader) -> Response:
    """The calendar of the current year."""
    platform = platform_of(request)
    return go(f"/calendar/{local_day(platform.clock(), platform.pack.tz).year}")


@router.get("/calendar/{year}.csv")
def calendar_table(request: Request, session: Db, _actor: Reader, year: int) -> Response:
    """The days of a year that are not as their week says, as a table."""
    page = _page(request, session, year)
    return _download(as_table(page.days), "text/csv", f"calendar-{year}.csv")


@router.get("/calendar/{year}.ics")
def calendar_file(request: Request, session: Db, _actor: Reader, year: int) -> Response:
    """The same days as a calendar to subscribe to."""
    platform, page = platform_of(request), _page(request, session, year)
    lang = language_of(request)
    content = as_ics(
        page.days,
        title=f"{platform.pack.names.in_language(lang)}, {year}",
        source=f"{platform.pack.code}@{urlsplit(platform.settings.base_url).hostname}",
        lang=lang,
        changed_at=page.changed_at,
    )
    return _download(content, "text/calendar", f"calendar-{year}.ics")


def _download(content: str | bytes, kind: str, filename: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{filename}"'}
    return Response(content, media_type=f"{kind}; charset=utf-8", headers=headers)


@router.get("/calendar/{year}")
def calendar_year(request: Request, session: Db, _actor: Reader, year: int) -> Response:
    """A year of the working calendar: which days are worked, which are not, and by what."""
    return render(request, "law/calendar.html", page=_page(request, session, year))


def _page(request: Request, session: Db, year: int) -> YearPage:
    law = law_of(session, platform_of(request).pack)
    return year_page(session, law, year, language_of(request))
