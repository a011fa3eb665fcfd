"""Pages that set agencies beside one another, and years one after another; the same as files."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import Field

from consult.errors import NotFound
from consult.security import Db, Reader
from consult.statistics import exports
from consult.statistics.asked import Asked, AskedOfAgencies, Chosen, chosen
from consult.statistics.comparing import (
    IN_SUMMARY,
    SUMMARY,
    Comparison,
    Trend,
    compare,
    in_order,
    trend,
)
from consult.statistics.counting import years_with_drafts
from consult.statistics.metrics import Metric, chapters, metrics
from consult.statistics.routes import chart_tools, filters
from consult.web import platform_of, render

router = APIRouter()


class AskedAgencies(AskedOfAgencies):
    """`show` is a chapter; `sort` the code of a figure, with "-" before it the other way round."""

    show: str = Field(default="", max_length=20)
    sort: str = Field(default="", max_length=41)


Agencies = Annotated[AskedAgencies, Query()]
AgencyData = Annotated[AskedOfAgencies, Query()]
Narrowed = Annotated[Asked, Query()]


def columns_of(show: str) -> list[Metric]:
    """The figures of a chapter, or of the summary; raises NotFound."""
    if show in {"", SUMMARY}:
        return [metrics()[code] for code in IN_SUMMARY]
    if show not in chapters():
        raise NotFound("Nothing was found here.")
    return [m for m in chapters()[show].metric if not m.code.startswith("voices")]


def _chosen(request: Request, session: Db, asked: Asked) -> Chosen:
    """Without a year, the last one that has a draft: agencies are compared for a year."""
    pack = platform_of(request).pack
    if not asked.year and "year" not in request.query_params:
        years = years_with_drafts(session, pack.tz)
        asked = asked.model_copy(update={"year": str(years[-1]) if years else ""})
    return chosen(session, asked, pack)


def _compared(request: Request, session: Db, found: Chosen) -> Comparison:
    platform = platform_of(request)
    now = platform.clock()
    return compare(session, found.scope, found.codes, pack=platform.pack, now=now)


@router.get("/statistics/agencies")
def agencies_page(request: Request, session: Db, _actor: Reader, asked: Agencies) -> Response:
    """The agencies side by side: what there was, beside what it was worth."""
    columns = columns_of(asked.show)
    found = _chosen(request, session, asked)
    compared = _compared(request, session, found)
    sort = metrics().get(asked.sort.removeprefix("-"))
    known = [metric for metric in columns if metric.code in compared.figures]
    rows = list(compared.agencies)
    if sort is not None and rows and sort.code in rows[0][1]:
        rows = in_order(rows, sort, reverse=asked.sort.startswith("-"))
    return render(
        request,
        "statistics/agencies.html",
        f=compared.figures,
        rows=rows,
        as_of=compared.as_of,
        cols=[metric for metric in known if not rows or metric.code in rows[0][1]],
        **filters(request, session, found),
        **chart_tools(),
    )


def _source(request: Request, page: str, found: Chosen) -> dict[str, Any]:
    """What a file says of itself, and what it was narrowed to."""
    platform = platform_of(request)
    path = f"/statistics/{page}.json{found.asked.data}"
    asked = {name: value or None for name, value in found.asked.codes.items()}
    return exports.envelope(platform.settings.base_url, path, platform.clock()) | asked


@router.get("/statistics/agencies.json")
def agencies_json(request: Request, session: Db, _actor: Reader, asked: AgencyData) -> Response:
    """The same as JSON, with all figures."""
    found = _chosen(request, session, asked)
    compared = _compared(request, session, found)
    rows = [
        {"code": code, "names": found.by_code[code].names, "figures": exports.figures_json(own)}
        for code, own in compared.agencies
    ]
    return exports.json_answer(
        _source(request, "agencies", found)
        | {"counted_at": compared.as_of.isoformat()}
        | {"figures": exports.figures_json(compared.figures), "agencies": rows}
    )


@router.get("/statistics/agencies.csv")
def agencies_csv(request: Request, session: Db, _actor: Reader, asked: AgencyData) -> Response:
    """The same as CSV: a line an agency and figure; an empty agency is all together."""
    found = _chosen(request, session, asked)
    compared = _compared(request, session, found)
    rows = [("", compared.figures), *compared.agencies]
    filename = f"kenesh-agencies-{found.asked.year or 'all'}"
    return exports.compared_csv(filename, "agency", rows)


def _trend(request: Request, session: Db, found: Chosen) -> Trend:
    platform = platform_of(request)
    now = platform.clock()
    return trend(session, found.scope, found.codes, pack=platform.pack, now=now)


@router.get("/statistics/years")
def years_page(request: Request, session: Db, _actor: Reader, asked: Narrowed) -> Response:
    """Year after year: of all agencies or of one; and whose figures fell two years running."""
    asked = asked.model_copy(update={"year": ""})
    found = chosen(session, asked, platform_of(request).pack)
    told = _trend(request, session, found)
    first = next(iter(told.years.values()), {})
    return render(
        request,
        "statistics/years.html",
        by_year=told.years,
        falls=told.falls,
        as_of=told.as_of,
        cols=[m for c in chapters().values() for m in c.metric if m.code in first],
        **filters(request, session, found),
        **chart_tools(),
    )


@router.get("/statistics/years.json")
def years_json(request: Request, session: Db, _actor: Reader, asked: Narrowed) -> Response:
    """The same as JSON."""
    asked = asked.model_copy(update={"year": ""})
    found = chosen(session, asked, platform_of(request).pack)
    told = _trend(request, session, found)
    falls = [
        {
            "agency": fall.agency,
            "figure": fall.metric.code,
            "years": list(fall.years),
            "values": [figure.value for figure in fall.values],
        }
        for fall in told.falls
    ]
    years = [{"year": y, "figures": exports.figures_json(own)} for y, own in told.years.items()]
    told_at = {"counted_at": told.as_of.isoformat()}
    return exports.json_answer(
        _source(request, "years", found) | told_at | {"years": years, "falls": falls}
    )


@router.get("/statistics/years.csv")
def years_csv(request: Request, session: Db, _actor: Reader, asked: Narrowed) -> Response:
    """The same as CSV: a line a year and figure."""
    asked = asked.model_copy(update={"year": ""})
    found = chosen(session, asked, platform_of(request).pack)
    rows = [(str(year), own) for year, own in _trend(request, session, found).years.items()]
    return exports.compared_csv("kenesh-years", "year", rows)
