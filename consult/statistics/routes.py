"""Pages of the figures of all drafts, and of what each figure means."""

from datetime import date
from typing import Any

from babel.dates import format_skeleton
from fastapi import APIRouter, Request
from fastapi.responses import Response

from consult.accounts.models import Agency
from consult.accounts.queries import agencies
from consult.db import text_in
from consult.errors import NotFound
from consult.i18n.catalogues import LOCALES
from consult.security import Db, Reader
from consult.statistics import charts, exports
from consult.statistics.metrics import metrics
from consult.statistics.overall import Overall, overall_figures, silent_drafts
from consult.statistics.rules import EARLIER, LEAST, percent
from consult.web import language_of, platform_of, render

router = APIRouter()


def chart_tools() -> dict[str, Any]:
    """What a template needs to draw figures."""
    return {
        "metrics": metrics(),
        "percent": percent,
        "bars": charts.bars,
        "columns": charts.columns,
        "least": LEAST,
    }


def _count(
    request: Request, session: Db, code: str
) -> tuple[Overall, Agency | None, dict[int, Agency]]:
    """The figures of all agencies or of one; raises NotFound for a code nobody has."""
    platform = platform_of(request)
    bodies = agencies(session)
    chosen = next((body for body in bodies.values() if body.code == code), None)
    if code and chosen is None:
        raise NotFound("There is no agency with the code {code}.", code=code)
    codes = {id_: body.code for id_, body in bodies.items() if chosen in (None, body)}
    overall = overall_figures(
        session,
        codes,
        agency_id=chosen.id if chosen else None,
        tz=platform.pack.tz,
        now=platform.clock(),
    )
    return overall, chosen, bodies


@router.get("/statistics")
def overview(request: Request, session: Db, _actor: Reader, agency: str = "") -> Response:
    """The figures of all drafts, or of one agency's."""
    overall, chosen, bodies = _count(request, session, agency)
    silent = silent_drafts(session, chosen.id if chosen else None)
    return render(
        request,
        "statistics/overview.html",
        f=overall.figures,
        rows=overall.rows,
        months=_months(overall, language_of(request)),
        silent=[(draft, bodies[draft.agency_id]) for draft in silent],
        agency=chosen,
        bodies={body.code: body for body in bodies.values()},
        **chart_tools(),
    )


def _months(overall: Overall, lang: str) -> list[tuple[str, int]]:
    """The comments by month, with the names of the months; "" for all that was earlier."""
    parts = overall.figures["comments"].by["month"]
    return [(month_name(month, lang), n or 0) for month, n in parts.items()]


def month_name(month: str, lang: str) -> str:
    """ "Sep 2026" for "2026-09"; "" for what was before the first month shown."""
    if month == EARLIER:
        return ""
    return format_skeleton("yMMM", date.fromisoformat(f"{month}-01"), locale=LOCALES[lang])


@router.get("/statistics.json")
def overview_json(request: Request, session: Db, _actor: Reader, agency: str = "") -> Response:
    """The same as JSON."""
    overall, chosen, bodies = _count(request, session, agency)
    platform = platform_of(request)
    path = "/statistics.json" + (f"?agency={chosen.code}" if chosen else "")
    return exports.json_answer(
        exports.envelope(platform.settings.base_url, path, platform.clock())
        | {
            "agency": chosen.code if chosen else None,
            "agencies": {body.code: body.names for body in bodies.values()},
            "figures": exports.figures_json(overall.figures),
        }
    )


@router.get("/statistics.csv")
def overview_csv(request: Request, session: Db, _actor: Reader, agency: str = "") -> Response:
    """The same as CSV."""
    overall, chosen, bodies = _count(request, session, agency)
    lang = language_of(request)
    names = {body.code: text_in(body.names, lang)[0] for body in bodies.values()}
    filename = f"kenesh-{chosen.code.lower()}" if chosen else "kenesh"
    return exports.csv_answer(filename, overall.figures, {"agency": names})


@router.get("/statistics/definitions")
def definitions(request: Request, _actor: Reader) -> Response:
    """What every figure means."""
    return render(request, "statistics/definitions.html", metrics=metrics(), least=LEAST)


@router.get("/statistics/definitions.json")
def definitions_json(request: Request, _actor: Reader) -> Response:
    """The registry of figures as JSON, in all languages."""
    platform = platform_of(request)
    path = "/statistics/definitions.json"
    return exports.json_answer(
        exports.envelope(platform.settings.base_url, path, platform.clock())
        | {"least": LEAST, "metrics": [exports.metric_json(m) for m in metrics().values()]}
    )
