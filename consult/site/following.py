"""What I follow and how often I am told of it: a page of the cabinet."""

from datetime import date, datetime
from functools import lru_cache
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global
from babel.languages import get_official_languages
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.errors import Invalid
from consult.forms import Form, Posted
from consult.procedure.deadlines import local_day
from consult.security import Allow, Db
from consult.site.own import counts
from consult.web import go, platform_of, render
from notifications.followed import choices_of, followed, subscriptions_of
from notifications.following import choose_mail, set_cadence, unfollow_all
from notifications.forms import Cadence
from notifications.rules import CATEGORIES, DIGESTS, slot_after, zone_of

router = APIRouter()

Owner = Annotated[Actor, Depends(Allow("cabinet"))]
PAGE = "/cabinet/following"
_NO_PLACES = ("Etc/", "SystemV/", "US/", "posix/", "right/")
_PLACES = {
    zone for zone in available_timezones() if "/" in zone and not zone.startswith(_NO_PLACES)
}


@lru_cache
def zones_for(country: str) -> tuple[list[str], list[str]]:
    """The time zones to choose from, by name: those where a language of the law's country is one of

    the state's too, for there most of whom it concerns live; then all others.
    """
    spoken = {*get_official_languages(country)}
    lands = get_global("territory_zones")
    near = {
        zone for land in lands if spoken & {*get_official_languages(land)} for zone in lands[land]
    }
    return sorted(near & _PLACES), sorted(_PLACES - near)


@router.get("/cabinet/following")
def following(request: Request, session: Db, actor: Owner) -> Response:
    """What I follow, with a way to stop; how often I get mail of what else concerns me."""
    platform = platform_of(request)
    here, now = platform.pack.timezone, platform.clock()
    near, far = zones_for(platform.pack.country)
    rows = subscriptions_of(session, actor.person_id)
    person, choices = choices_of(session, actor.person_id)
    return render(
        request,
        "cabinet/following.html",
        things=followed(session, platform.pack, [row.target for row in rows]),
        cadences={row.target: row.cadence for row in rows},
        categories=CATEGORIES,
        choices=choices,
        zone=person.zone,
        slots={one: _day(one, zone_of(person.zone, platform.pack.tz), now) for one in DIGESTS},
        zones=[("", here), *((zone, zone) for zone in near if zone != here)],
        zones_far=[(zone, zone) for zone in far if zone != here],
        counts=counts(session, actor.person_id),
    )


def _day(cadence: str, zone: ZoneInfo, now: datetime) -> date:
    """The day of the next digest, on the clock of its reader."""
    return local_day(slot_after(cadence, zone, now), zone)


@router.post("/cabinet/following/cadence")
def post_cadence(session: Db, actor: Owner, posted: Posted) -> Response:
    """How often to be told of one thing."""
    form = Form[Cadence](posted).check(Cadence)
    if not form.ok:
        raise Invalid("Please choose one of the options.", field="cadence")
    wish = form.value
    set_cadence(session, person_id=actor.person_id, target=wish.target, cadence=wish.cadence)
    return go(PAGE, "Saved.")


@router.post("/cabinet/following/stop-all")
def post_stop_all(session: Db, actor: Owner) -> Response:
    """Follow nothing any more."""
    unfollow_all(session, actor.person_id)
    return go(PAGE, "You follow nothing any more.")


@router.post("/cabinet/following/mail")
def post_choices(request: Request, session: Db, actor: Owner, posted: Posted) -> Response:
    """How often to get mail of each category, and in which zone the day begins."""
    choices = {name: str(posted[name]) for name in CATEGORIES if name in posted}
    zone = str(posted.get("zone", ""))
    platform, me = platform_of(request), actor.person_id
    choose_mail(
        session, platform.pack, person_id=me, choices=choices, zone=zone, now=platform.clock()
    )
    return go(PAGE, "Saved.")
