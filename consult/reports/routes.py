"""The published report of a consultation, as it stood when it was published: page and files."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from consult.access import Actor
from consult.answers.views import difference
from consult.errors import NotFound
from consult.files import File, file_made
from consult.i18n.catalogues import LANGUAGES
from consult.platform import Platform
from consult.polls.queries import questions_of
from consult.reports import desk_routes
from consult.reports.formats import DATA, FORMATS, Data, Format, edition_of
from consult.reports.models import Report
from consult.reports.queries import line_of_receipt, newest_report, page_of, report_of_round
from consult.reports.snapshot import Snapshot
from consult.reports.wording import DELETION, GONE, UNEXPLAINED, paper_of
from consult.security import Db, Reader
from consult.web import go, language_of, platform_of, render
from drafts.queries import draft_for

router = APIRouter()
router.include_router(desk_routes.router)

LINES = 100  # comments on a page of the report; all of them are one address further, for printing
BESIDE = 20  # changed provisions, and campaigns, on its first page
MOST = 1_000_000  # comments on one page


@router.get("/drafts/{draft_id}/report/{n}.{lang}.{code}")
async def report_file(
    request: Request, actor: Reader, draft_id: int, n: int, lang: str, code: str
) -> Response:
    """The report as a file in a language, made when it is asked for."""
    if lang not in LANGUAGES or code not in FORMATS:
        raise NotFound("There is no such page.")
    asked = (platform_of(request), actor, draft_id, n, FORMATS[code], lang)
    return await file_made(request, partial(_file, *asked))


@router.get("/drafts/{draft_id}/report/{n}.{code}")
async def report_data(
    request: Request, actor: Reader, draft_id: int, n: int, code: str
) -> Response:
    """The report as data for programs, in no language."""
    if code not in DATA:
        raise NotFound("There is no such page.")
    asked = (platform_of(request), actor, draft_id, n, DATA[code], "")
    return await file_made(request, partial(_file, *asked))


def _file(
    platform: Platform,
    actor: Actor,
    draft_id: int,
    n: int,
    form: Format | Data,
    lang: str,
    make: bool,
) -> File:
    with platform.database.reading() as session:
        draft_for(session, draft_id, actor)
        report = report_of_round(session, draft_id, n)
        made = edition_of(session, report, form, lang, platform, make=make)
    name = "-".join(filter(None, ("report", str(draft_id), str(n), lang)))
    file = f"{name}.{form.code}"
    return File(f'W/"{made.stamp}"', form.media_type, made.title, file, made.content)


@router.get("/drafts/{draft_id}/report")
def newest(session: Db, actor: Reader, draft_id: int) -> Response:
    """The report on the newest round that has one."""
    draft_for(session, draft_id, actor)
    _, n = newest_report(session, draft_id)
    return RedirectResponse(f"/drafts/{draft_id}/report/{n}", 302)


@router.get("/drafts/{draft_id}/report/{n}")
def report_page(
    request: Request,
    session: Db,
    actor: Reader,
    draft_id: int,
    n: int,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    everything: Annotated[bool, Query(alias="all")] = False,
    receipt: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """The report to read and to print; leads on to the comment with the receipt asked for."""
    draft = draft_for(session, draft_id, actor)
    report = report_of_round(session, draft_id, n)
    missing = ""
    if number := receipt.strip(" №\t").upper():
        try:
            return go(_place(session, report, f"/drafts/{draft_id}/report/{n}", number))
        except NotFound as error:
            missing = str(error.message)
    most = MOST if everything else LINES
    beside = MOST if everything else BESIDE if page == 1 else 0  # of changes, of campaigns
    start = 1 if everything else (page - 1) * LINES + 1
    shown, more = page_of(session, report, start=start, most=most, beside=beside)
    head, lang, platform = shown.head, language_of(request), platform_of(request)
    return render(
        request,
        "reports/report.html",
        status=404 if missing else 200,
        draft=draft,
        n=n,
        head=head,
        has_poll=bool(questions_of(session, [report.consultation_id])),
        paper=paper_of(Snapshot(head, ()), lang, pack=platform.pack, site=""),
        langs=[code for code in LANGUAGES if code in (*head.langs, lang)],
        formats=FORMATS.values(),
        gone=GONE,
        deletion=DELETION,
        unexplained=UNEXPLAINED,
        difference=difference,
        shown=shown,
        page=page,
        everything=everything,
        more=more,
        several=head.comments > LINES,
        asked=receipt,
        missing=missing,
    )


def _place(session: Session, report: Report, address: str, receipt: str) -> str:
    """Where in the report a comment stands; raises NotFound."""
    at = 1 + (line_of_receipt(session, report, receipt) - 1) // LINES
    return f"{address}{f'?page={at}' if at > 1 else ''}#{receipt}"
