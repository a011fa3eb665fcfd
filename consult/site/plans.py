"""One planned act for everybody, with its Follow button; what happened in the plan as a feed."""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from consult.accounts.models import Agency
from consult.accounts.queries import agencies, agency_by_code
from consult.db import text_in
from consult.files import unless_known
from consult.i18n.catalogues import LANGUAGES
from consult.plans.actions import RIGHT
from consult.plans.models import PlanChange, PlanItem
from consult.plans.queries import history, news, public_draft, public_item
from consult.plans.rules import State, Verb, allows
from consult.procedure.deadlines import local_day
from consult.security import Db, Reader
from consult.site.feeds import ATOM, HEADERS, AgencyCode, FeedLang, this_morning
from consult.site.news import MOST, tag_uri, xml_text
from consult.statistics.exports import LICENCE
from consult.templating import environment
from consult.web import language_of, platform_of, render
from notifications.queries import is_following

router = APIRouter()


@router.get("/plan/{item_id}")
def read_item(request: Request, session: Db, actor: Reader, item_id: int) -> Response:
    """A planned act: when it is expected, what happened to it so far and why, or its text."""
    platform = platform_of(request)
    item = public_item(session, item_id)
    return render(
        request,
        "plans/item.html",
        item=item,
        agency=session.get_one(Agency, item.agency_id),
        changes=history(session, item_id),
        draft=public_draft(session, item),
        can_follow=allows(State(item.state), Verb.FOLLOW),
        following=is_following(session, actor, f"plan:{item_id}"),
        may_keep=actor.may_for(RIGHT, item.agency_id),
        today=local_day(platform.clock(), platform.pack.tz),
    )


@router.get("/feeds/plan.atom")
def plan_feed(
    request: Request, session: Db, _actor: Reader, agency: AgencyCode = "", lang: FeedLang = ""
) -> Response:
    """What was announced, moved, dropped, or has a text by now: of all agencies or of one."""
    platform = platform_of(request)
    body = agency_by_code(session, agency) if agency else None
    spoken = lang if lang in LANGUAGES else language_of(request)
    base_url = platform.settings.base_url.rstrip("/")
    found = news(session, body.id if body else None, MOST)
    query = urlencode({"lang": spoken} | ({"agency": body.code} if body else {}))
    name = "/".join(filter(None, ("feeds/plan", body.code if body else "", spoken)))
    feed: dict[str, Any] = {
        "id": tag_uri(base_url, name),
        "url": f"{base_url}/feeds/plan.atom?{query}",
        "updated": found[0][0].changed_at if found else this_morning(platform),
    }
    bodies = agencies(session)
    text = (
        environment(spoken, platform.pack.tz)
        .get_template("plans/feed.xml")
        .render(
            feed=feed,
            agency=body,
            entries=[_entry(row, bodies, base_url, spoken) for row in found],
            base_url=base_url,
            licence=LICENCE,
            pack=platform.pack,
            xml_text=xml_text,
        )
    )
    return unless_known(request, text.encode(), ATOM, HEADERS)


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
