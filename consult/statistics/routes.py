"""The pages of the figures of all drafts, and of what each figure means.

Those that compare agencies or years: comparing_routes.py.
"""

from datetime import date
from typing import Annotated, Any

from babel.dates import format_skeleton
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from consult.accounts.demographics.choices import fixed_choices
from consult.db import text_in
from consult.i18n.catalogues import LOCALES
from consult.security import Db, Reader
from consult.statistics import charts, exports
from consult.statistics.asked import Asked, Chosen, chosen
from consult.statistics.counting import years_with_drafts
from consult.statistics.facts.ground import Ground
from consult.statistics.metrics import chapters, metrics
from consult.statistics.overall import Overall, overall_figures, silent_drafts
from consult.statistics.rules import EARLIER, FEW, LEAST, percent
from consult.web import language_of, platform_of, render

router = APIRouter()

Narrowed = Annotated[Asked, Query()]


def chart_tools() -> dict[str, Any]:
    """What a template needs to draw figures."""
    return {
        "metrics": metrics(),
        "chapters": chapters(),
        "percent": percent,
        "bars": charts.bars,
        "columns": charts.columns,
        "lines": charts.lines,
        "stacked": charts.stacked,
        "least": LEAST,
        "told": fixed_choices(),
        "few": FEW,
    }


def filters(request: Request, session: Db, found: Chosen) -> dict[str, Any]:
    """What a template needs to offer the filters of a page of figures."""
    pack = platform_of(request).pack
    return {
        "asked": found.asked,
        "agency": found.agency,
        "bodies": found.by_code,
        "topics": pack.topics,
        "act_types": pack.act_types,
        "years": years_with_drafts(session, pack.tz)[::-1],
    }


def _count(request: Request, session: Db, found: Chosen) -> Overall:
    platform = platform_of(request)
    now = platform.clock()
    return overall_figures(session, found.scope, found.codes, pack=platform.pack, now=now)


@router.get("/statistics")
def overview(request: Request, session: Db, _actor: Reader, asked: Narrowed) -> Response:
    """The figures of all drafts, or of those of an agency, a year, a topic, a kind of act."""
    platform = platform_of(request)
    found = chosen(session, asked, platform.pack)
    overall = _count(request, session, found)
    ground = Ground(found.scope, platform.pack, platform.clock())
    silent = silent_drafts(session, ground)
    return render(
        request,
        "statistics/overview.html",
        f=overall.figures,
        rows=overall.agencies,
        as_of=overall.as_of,
        months=_months(overall, language_of(request)),
        silent=[(draft, found.bodies[draft.agency_id]) for draft in silent],
        **filters(request, session, found),
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
def overview_json(request: Request, session: Db, _actor: Reader, asked: Narrowed) -> Response:
    """The same as JSON."""
    platform = platform_of(request)
    found = chosen(session, asked, platform.pack)
    overall = _count(request, session, found)
    return exports.json_answer(
        exports.envelope(
            platform.settings.base_url, f"/statistics.json{asked.data}", platform.clock()
        )
        | {name: value or None for name, value in asked.model_dump().items()}
        | {
            "agencies": {body.code: body.names for body in found.bodies.values()},
            "counted_at": overall.as_of.isoformat(),
            "figures": exports.figures_json(overall.figures),
        }
    )


@router.get("/statistics.csv")
def overview_csv(request: Request, session: Db, _actor: Reader, asked: Narrowed) -> Response:
    """The same as CSV."""
    found = chosen(session, asked, platform_of(request).pack)
    overall = _count(request, session, found)
    lang = language_of(request)
    names = {body.code: text_in(body.names, lang)[0] for body in found.bodies.values()}
    filename = "-".join(["kenesh", *(value.lower() for value in asked.narrowed.values())])
    return exports.csv_answer(filename, overall.figures, {"agency": names})


@router.get("/statistics/definitions")
def definitions(request: Request, _actor: Reader) -> Response:
    """What every figure means."""
    return render(request, "statistics/definitions.html", chapters=chapters(), least=LEAST)


@router.get("/statistics/definitions.json")
def definitions_json(request: Request, _actor: Reader) -> Response:
    """The registry of figures as JSON, in all languages."""
    platform = platform_of(request)
    path = "/statistics/definitions.json"
    return exports.json_answer(
        exports.envelope(platform.settings.base_url, path, platform.clock())
        | {"least": LEAST, "metrics": [exports.metric_json(m) for m in metrics().values()]}
    )
