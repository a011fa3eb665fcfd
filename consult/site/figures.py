"""The figures of one draft and its brief for parliament, as pages, JSON and CSV."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.security import Allow, Db, Reader
from consult.site.drafts import draft_context, open_page
from consult.site.views import DraftPage
from consult.statistics import exports
from consult.statistics.brief import CHANGES, ISSUES, brief_of
from consult.statistics.queries import DraftFigures, draft_figures
from consult.statistics.routes import chart_tools
from consult.statistics.rules import excerpt, most_commented, most_disputed
from consult.web import platform_of, render
from drafts.queries import place_names, provisions

router = APIRouter()

Parliamentarian = Annotated[Actor, Depends(Allow("brief"))]
DISPUTED = 5  # provisions told of in the brief


@dataclass(frozen=True, slots=True)
class Names:
    """What the provisions of a draft are called, by wid; `here` are those of the shown text."""

    by_wid: Mapping[str, str]
    here: frozenset[str]


def _names(session: Db, page: DraftPage, wids: set[str]) -> Names:
    """One query, and another only where something was said about a provision that is gone."""
    named = place_names(provisions(session, page.version.id or 0, page.lang))
    here = frozenset(named)
    discussed = page.voted_version
    if not wids <= here and discussed.id != page.version.id:
        lang = page.lang if page.lang in discussed.langs else discussed.langs[0]
        named = place_names(provisions(session, discussed.id or 0, lang)) | named
    return Names(named, here)


def _wids(counts: DraftFigures) -> set[str]:
    return {place.wid for place in counts.places if place.wid}


def _counts(request: Request, session: Db, page: DraftPage) -> DraftFigures:
    platform = platform_of(request)
    tz, now = platform.pack.tz, platform.clock()
    return draft_figures(session, page.draft.id or 0, tz=tz, now=now, rounds=page.rounds)


@router.get("/drafts/{draft_id}/figures")
def read_figures(request: Request, session: Db, actor: Reader, draft_id: int) -> Response:
    """Who took part in a draft, what was said and voted, what became of it."""
    page = open_page(request, session, draft_id, actor)
    counts = _counts(request, session, page)
    over_time = counts.figures["comments"].by[counts.unit]
    return render(
        request,
        "statistics/draft.html",
        f=counts.figures,
        unit=counts.unit,
        over_time=[(date.fromisoformat(day), n or 0) for day, n in over_time.items()],
        commented=most_commented(counts.places),
        disputed=most_disputed(counts.places),
        duties=counts.duties,
        names=_names(session, page, _wids(counts)),
        **chart_tools(),
        **draft_context(request, page, "figures"),
    )


@router.get("/drafts/{draft_id}/figures.json")
def figures_json(request: Request, session: Db, actor: Reader, draft_id: int) -> Response:
    """The same as JSON."""
    page = open_page(request, session, draft_id, actor)
    counts = _counts(request, session, page)
    names = _names(session, page, _wids(counts))
    return exports.json_answer(
        _about(request, page, f"/drafts/{draft_id}/figures.json")
        | {
            "provisions": {wid: names.by_wid.get(wid, "") for wid in sorted(_wids(counts))},
            "figures": exports.figures_json(counts.figures),
        }
    )


@router.get("/drafts/{draft_id}/figures.csv")
def figures_csv(request: Request, session: Db, actor: Reader, draft_id: int) -> Response:
    """The same as CSV."""
    page = open_page(request, session, draft_id, actor)
    counts = _counts(request, session, page)
    labels = {"provision": _names(session, page, _wids(counts)).by_wid}
    return exports.csv_answer(f"kenesh-draft-{draft_id}", counts.figures, labels)


@router.get("/drafts/{draft_id}/brief")
def read_brief(request: Request, session: Db, actor: Parliamentarian, draft_id: int) -> Response:
    """One page on a bill for those who vote on it."""
    page = open_page(request, session, draft_id, actor)
    now = platform_of(request).clock()
    brief = brief_of(session, page.draft, page.rounds, law=page.law, now=now, whole=False)
    wids = _wids(brief.counts) | {change.wid for change in brief.changes}
    return render(
        request,
        "statistics/brief.html",
        brief=brief,
        f=brief.counts.figures,
        issues=brief.issues[:ISSUES],
        changes=brief.changes[:CHANGES],
        disputed=most_disputed(brief.counts.places, DISPUTED),
        excerpt=excerpt,
        names=_names(session, page, wids),
        **chart_tools(),
        **draft_context(request, page, "brief"),
    )


@router.get("/drafts/{draft_id}/brief.json")
def brief_json(request: Request, session: Db, actor: Parliamentarian, draft_id: int) -> Response:
    """The same as JSON, with nothing cut short."""
    page = open_page(request, session, draft_id, actor, head=False)
    now = platform_of(request).clock()
    brief = brief_of(session, page.draft, page.rounds, law=page.law, now=now)
    wids = _wids(brief.counts) | {change.wid for change in brief.changes}
    names = _names(session, page, wids)
    return exports.json_answer(
        _about(request, page, f"/drafts/{draft_id}/brief.json")
        | exports.brief_json(brief, names.by_wid)
    )


def _about(request: Request, page: DraftPage, path: str) -> dict[str, Any]:
    """What a file about a draft says of itself and of the draft."""
    platform = platform_of(request)
    base_url = platform.settings.base_url
    return exports.envelope(base_url, path, platform.clock()) | {
        "draft": {
            "id": page.draft.id,
            "url": f"{base_url.rstrip('/')}/drafts/{page.draft.id}",
            "titles": page.draft.titles,
            "agency": page.agency.code,
            "agency_names": page.agency.names,
            "act_type": page.draft.act_type,
            "stage": page.draft.stage,
        }
    }
