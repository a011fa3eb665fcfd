"""The plan of law-making for everybody, and each act in it, with Follow buttons; as a feed."""

from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from jinja2 import Template
from sqlmodel import Session

from consult.accounts.models import Agency
from consult.accounts.queries import agencies, agency_by_code
from consult.db import text_in
from consult.files import unless_known
from consult.i18n.catalogues import translations
from consult.plans.actions import RIGHT
from consult.plans.models import PlanChange, PlanItem
from consult.plans.queries import (
    PlanFilter,
    cursor_of,
    expected,
    history,
    news,
    plan_filter,
    plan_items,
    public_draft,
    public_item,
    years,
)
from consult.plans.rules import State, Verb, allows
from consult.procedure.deadlines import local_day
from consult.security import Db, Reader
from consult.site.calendars import Entry
from consult.site.feeds import (
    ATOM,
    HEADERS,
    AgencyCode,
    FeedLang,
    base_of,
    calendar_answer,
    spoken,
    this_morning,
)
from consult.site.news import MOST, tag_uri, xml_text
from consult.statistics.exports import LICENCE
from consult.templating import environment
from consult.web import platform_of, render
from notifications.followed import PLAN, is_following

router = APIRouter()

ITEMS = 40
MOST_ITEMS = 500  # in a calendar
Cursor = Annotated[str, Query(max_length=30)]
Year = Annotated[str, Query(max_length=4, pattern=r"^(\d{4})?$")]


@router.get("/plan")
def read_plan(
    request: Request,
    session: Db,
    actor: Reader,
    agency: str = "",
    act_type: str = "",
    topic: str = "",
    year: Year = "",
    state: str = "expected",
    after: Cursor = "",
) -> Response:
    """What the agencies mean to propose, month by month, before any text exists."""
    platform = platform_of(request)
    wanted = plan_filter(session, agency, act_type, topic, year, state)
    found = plan_items(session, wanted, after=after, limit=ITEMS)
    shown, bodies = found[:ITEMS], agencies(session)
    return render(
        request,
        "plans/plan.html",
        months=[
            (month, list(items)) for month, items in groupby(shown, lambda item: item.expected_on)
        ],
        chosen={
            "agency": agency,
            "act_type": act_type,
            "topic": topic,
            "year": year,
            "state": wanted.shown,
        },
        bodies=bodies,
        years=years(session),
        today=local_day(platform.clock(), platform.pack.tz),
        after=cursor_of(shown[-1]) if len(found) > ITEMS else "",
        following="plan" if is_following(session, actor, "plan") else "",
    )


@router.get("/plan/{item_id}")
def read_item(request: Request, session: Db, actor: Reader, item_id: int) -> Response:
    """A planned act: when it is expected, what happened to it so far and why, or its text."""
    platform = platform_of(request)
    item, target = public_item(session, item_id), f"plan:{item_id}"
    return render(
        request,
        "plans/item.html",
        item=item,
        agency=session.get_one(Agency, item.agency_id),
        changes=history(session, item_id),
        draft=public_draft(session, item),
        can_follow=allows(State(item.state), Verb.FOLLOW),
        following=target if is_following(session, actor, target) else "",
        target=target,
        may_keep=actor.may_for(RIGHT, item.agency_id),
        today=local_day(platform.clock(), platform.pack.tz),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of a feed or a calendar of the plan asks for; `item` is one planned act."""

    agency: str
    act_type: str
    topic: str
    item: int
    lang: str

    def parts(self) -> dict[str, Any]:
        """What narrows it, by the name of its parameter."""
        return {name: value for name, value in asdict(self).items() if value and name != "lang"}

    def narrowed(self, session: Session) -> PlanFilter:
        """Raises NotFound for an agency there is not."""
        return plan_filter(session, self.agency, self.act_type, self.topic, "", "all")


async def asked(
    agency: AgencyCode = "",
    act_type: Annotated[str, Query(max_length=40)] = "",
    topic: Annotated[str, Query(max_length=40)] = "",
    item: Annotated[int, Query(ge=0, lt=2**31)] = 0,
    lang: FeedLang = "",
) -> Asked:
    """What the address asks for."""
    return Asked(agency, act_type, topic, item, lang)


Wanted = Annotated[Asked, Depends(asked)]


@router.get("/feeds/plan.ics")
def plan_calendar(request: Request, session: Db, _actor: Reader, wanted: Wanted) -> Response:
    """When the discussion of what is planned is to begin: the first day of its month."""
    platform, tongue = platform_of(request), spoken(request, wanted.lang)
    words = environment(tongue, platform.pack.tz).get_template("plans/day.txt")
    bodies = agencies(session)
    found = expected(session, wanted.narrowed(session), MOST_ITEMS, wanted.item)
    entries = [_day(row, bodies, words) for row in found]
    return calendar_answer(request, entries, translations(tongue).gettext(PLAN), "plan.ics")


def _day(row: tuple[PlanItem, int, datetime], bodies: dict[int, Agency], words: Template) -> Entry:
    """Its number rises with each change; what is no longer expected is cancelled."""
    item, changes, changed_at = row
    said = words.render(item=item, agency=bodies[item.agency_id])
    title, _, about = said.strip().partition("\n\n")
    return Entry(
        name=f"plan-{item.id}",
        n=changes,
        changed_at=changed_at,
        day=item.expected_on,
        title=title,
        about=about.strip(),
        url=f"/plan/{item.id}",
        status={"published": "TENTATIVE", "started": "CONFIRMED"}.get(item.state, "CANCELLED"),
    )


@router.get("/feeds/plan.atom")
def plan_feed(request: Request, session: Db, _actor: Reader, wanted: Wanted) -> Response:
    """What was announced, moved, dropped, or has a text by now: of all agencies or of one …"""
    platform, tongue = platform_of(request), spoken(request, wanted.lang)
    base_url = base_of(request)
    body = agency_by_code(session, wanted.agency) if wanted.agency else None
    found = news(session, wanted.narrowed(session), MOST, wanted.item)
    parts = wanted.parts()
    others = urlencode({key: value for key, value in parts.items() if key != "agency"})
    name = "/".join(filter(None, ("feeds/plan", wanted.agency, others, tongue)))
    feed: dict[str, Any] = {
        "id": tag_uri(base_url, name),
        "url": f"{base_url}/feeds/plan.atom?{urlencode({'lang': tongue} | parts)}",
        "updated": found[0][0].changed_at if found else this_morning(platform),
    }
    bodies = agencies(session)
    text = (
        environment(tongue, platform.pack.tz)
        .get_template("plans/feed.xml")
        .render(
            feed=feed,
            agency=body,
            entries=[_entry(row, bodies, base_url, tongue) for row in found],
            base_url=base_url,
            licence=LICENCE,
            pack=platform.pack,
            xml_text=xml_text,
        )
    )
    return unless_known(request, text.encode(), ATOM, HEADERS, feed["updated"])


def _entry(
    row: tuple[PlanChange, PlanItem], bodies: dict[int, Agency], base_url: str, lang: str
) -> dict[str, Any]:
    """One change. Its name holds its number, so that it stays whatever is said of the item."""
    change, item = row
    title, title_lang = text_in(item.titles, lang)
    return {
        "id": tag_uri(base_url, f"plan/{item.id}/change/{change.id}"),
        "url": f"{base_url}/plan/{item.id}",
        "title": xml_text(title),
        "title_lang": title_lang,
        "agency": xml_text(text_in(bodies[item.agency_id].names, lang)[0]),
        "act_type": item.act_type,
        "change": change,
        "reason": xml_text(change.reason),
    }
