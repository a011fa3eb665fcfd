"""What happens to one draft, as a feed (Atom) and as a calendar of its dates."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import VISITOR
from consult.accounts.models import Agency
from consult.adoption.queries import outcome_of
from consult.consultations.queries import extensions_of, rounds_by_draft
from consult.db import text_in
from consult.files import unless_known
from consult.security import Db, Reader
from consult.site.feeds import ATOM, HEADERS, FeedLang, base_of, dates_answer, spoken
from consult.site.news import tag_uri, xml_text
from consult.statistics.exports import LICENCE
from consult.templating import environment
from consult.web import platform_of
from drafts.models import Draft
from drafts.queries import draft_for, versions

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened to a draft. `name` stays for ever; `path` leads to it."""

    name: str
    what: str
    at: datetime
    path: str
    n: int = 0
    until: datetime | None = None
    reason: str = ""


@router.get("/drafts/{draft_id}/news.atom")
def draft_feed(
    request: Request, session: Db, _actor: Reader, draft_id: int, lang: FeedLang = ""
) -> Response:
    """Versions, rounds, reports, the outcome: the newest first."""
    draft = draft_for(session, draft_id, VISITOR)  # a reader of feeds is nobody in particular
    platform, tongue, base_url = platform_of(request), spoken(request, lang), base_of(request)
    found = sorted(happened(session, draft), key=lambda one: (one.at, one.name), reverse=True)
    title, title_lang = text_in(draft.titles, tongue)
    feed: dict[str, Any] = {
        "id": tag_uri(base_url, f"drafts/{draft_id}/news/{tongue}"),
        "url": f"{base_url}/drafts/{draft_id}/news.atom" + (f"?lang={tongue}" if lang else ""),
        "page": f"{base_url}/drafts/{draft_id}",
        "updated": found[0].at,
        "title": xml_text(title),
        "title_lang": title_lang,
    }
    text = (
        environment(tongue, platform.pack.tz)
        .get_template("feeds/draft.xml")
        .render(
            feed=feed,
            entries=found,
            names=[tag_uri(base_url, f"drafts/{draft_id}/{one.name}") for one in found],
            agency=session.get_one(Agency, draft.agency_id),
            base_url=base_url,
            licence=LICENCE,
            xml_text=xml_text,
        )
    )
    return unless_known(request, text.encode(), ATOM, HEADERS, found[0].at)


@router.get("/drafts/{draft_id}/dates.ics")
def draft_calendar(
    request: Request, session: Db, _actor: Reader, draft_id: int, lang: FeedLang = ""
) -> Response:
    """When its discussions begin and end, for the calendar of a phone."""
    draft = draft_for(session, draft_id, VISITOR)
    agency, tongue = session.get_one(Agency, draft.agency_id), spoken(request, lang)
    rows = [(one, draft, agency) for one in reversed(rounds_by_draft(session, draft_id))]
    title = text_in(draft.titles, tongue)[0]
    return dates_answer(request, rows, tongue, title, f"draft-{draft_id}.ics")


def happened(session: Session, draft: Draft) -> Iterator[Happening]:
    """What happened to a public draft, in no order."""
    here = f"/drafts/{draft.id}"
    for version in versions(session, draft.id or 0):
        if version.published_at:
            path = f"{here}?version={version.n}"
            yield Happening(
                f"version/{version.n}", "version", version.published_at, path, version.n
            )
    for one in rounds_by_draft(session, draft.id or 0):
        n, until = one.round, one.closes_at
        if one.opened_at:
            yield Happening(f"opening/{n}", "opening", one.opened_at, here, n, until)
        for moved in extensions_of(session, one.id or 0):
            yield Happening(
                f"extension/{moved.id}",
                *("extension", moved.extended_at, here, n),
                until=moved.new_closes_at,
                reason=moved.reason,
            )
        if one.closed_at:
            yield Happening(f"closing/{n}", "closing", one.closed_at, f"{here}/discussion", n)
        if one.reported_at:
            yield Happening(f"report/{n}", "report", one.reported_at, f"{here}/report/{n}", n)
    if outcome := outcome_of(session, draft.id or 0):
        path = f"{here}/after"
        yield Happening("outcome", outcome.outcome, outcome.recorded_at, path)
