"""Hearings for everybody: what is to come, one of them, coming to it; as entries of calendars."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor
from consult.accounts.models import Agency
from consult.accounts.queries import agencies, agency_by_code
from consult.db import text_in
from consult.errors import N_
from consult.forms import Form, Posted
from consult.hearings.actions import RIGHT, leave, register
from consult.hearings.forms import GuestForm
from consult.hearings.models import Hearing
from consult.hearings.queries import (
    HearingFilter,
    count_seats,
    drafts_of,
    hearing_by_id,
    hearings,
    history,
    in_calendar,
    seat_of,
    totals,
)
from consult.hearings.rules import NEEDS_MAX, State, takes_people
from consult.i18n.catalogues import translations
from consult.intake.queries import contributions, count_contributions
from consult.security import Allow, Db, Reader
from consult.site.calendars import Entry
from consult.site.feeds import AgencyCode, FeedLang, calendar_answer, spoken
from consult.templating import environment
from consult.web import go, language_of, platform_of, render

router = APIRouter()

PAGE = 20
HEARINGS = N_("Hearings")
STATUS = {State.CALLED_OFF.value: "CANCELLED"}
After = Annotated[int, Query(ge=0, lt=2**31)]
Guest = Annotated[Actor, Depends(Allow("attend"))]
Leaver = Annotated[Actor, Depends(Allow("cabinet"))]


@router.get("/hearings")
def list_hearings(
    request: Request,
    session: Db,
    _actor: Reader,
    agency: AgencyCode = "",
    state: str = "coming",
    after: After = 0,
) -> Response:
    """Hearings and live sessions: those to come, the next first; those that are over."""
    body = agency_by_code(session, agency) if agency else None
    wanted = HearingFilter((body.id or 0,) if body else (), past=state == "past")
    found = hearings(session, wanted, platform_of(request).clock(), after=after, limit=PAGE)
    shown = found[:PAGE]
    return render(
        request,
        "hearings/list.html",
        items=shown,
        drafts=drafts_of(session, [one.id or 0 for one in shown]),
        bodies=agencies(session),
        totals=totals(session, body.id if body else None),
        contributions=count_contributions(session, body.id if body else None),
        agency=agency,
        state="past" if wanted.past else "coming",
        after=shown[-1].id if len(found) > PAGE else 0,
    )


@router.get("/hearings.ics")
def all_entries(
    request: Request, session: Db, _actor: Reader, agency: AgencyCode = "", lang: FeedLang = ""
) -> Response:
    """The hearings of all agencies, or of one, for the calendar of a phone."""
    body = agency_by_code(session, agency) if agency else None
    found = in_calendar(session, body.id if body else None, platform_of(request).clock())
    return _calendar(request, session, found, spoken(request, lang), body)


@router.get("/hearings/{hearing_id}")
def read_hearing(
    request: Request, session: Db, actor: Reader, hearing_id: int, after: After = 0
) -> Response:
    """One hearing: when and where, how to take part, what was said."""
    hearing = hearing_by_id(session, hearing_id)
    seat = seat_of(session, hearing_id, actor.id)
    lang = seat.lang if seat else language_of(request)
    typed: dict[str, Any] = {"lang": lang}
    if seat:
        typed |= {"speaks": "yes" if seat.speaks else "", "needs": seat.needs}
    return _page(request, session, actor, hearing, Form[GuestForm](typed), after)


def _page(
    request: Request,
    session: Session,
    actor: Actor,
    hearing: Hearing,
    form: Form[GuestForm],
    after: int = 0,
) -> Response:
    id_, now = hearing.id or 0, platform_of(request).clock()
    said = contributions(session, id_, after=after, limit=PAGE)
    coming, waiting = count_seats(session, id_)
    return render(
        request,
        "hearings/hearing.html",
        status=form.status,
        hearing=hearing,
        agency=session.get_one(Agency, hearing.agency_id),
        drafts=drafts_of(session, [id_]).get(id_, []),
        changes=history(session, id_),
        seat=seat_of(session, id_, actor.id),
        coming=coming,
        waiting=waiting,
        takes_people=takes_people(hearing.state, hearing.register_until, now),
        is_to_come=hearing.state == State.ANNOUNCED.value and now < hearing.starts_at,
        may_convene=actor.may(RIGHT) and actor.may_for(RIGHT, hearing.agency_id),
        said=said[:PAGE],
        after=said[PAGE - 1].comment.id if len(said) > PAGE else 0,
        form=form,
        limit=NEEDS_MAX,
    )


@router.post("/hearings/{hearing_id}/register")
def post_registration(
    request: Request, session: Db, actor: Guest, posted: Posted, hearing_id: int
) -> Response:
    """Take a seat, or a place among those who wait."""
    hearing, form = hearing_by_id(session, hearing_id), Form[GuestForm](posted).check(GuestForm)
    if form.ok:
        wish, now = form.value.wish, platform_of(request).clock()
        with form.attempt(session):
            register(session, actor=actor, hearing_id=hearing_id, wish=wish, now=now)
    if not form.ok:
        return _page(request, session, actor, hearing, form)
    return go(f"/hearings/{hearing_id}", "You are registered. You can take it back on this page.")


@router.post("/hearings/{hearing_id}/leave")
def post_leaving(request: Request, session: Db, actor: Leaver, hearing_id: int) -> Response:
    """Take one's registration back."""
    leave(session, actor=actor, hearing_id=hearing_id, now=platform_of(request).clock())
    return go(f"/hearings/{hearing_id}", "Your registration is taken back.")


@router.get("/hearings/{hearing_id}/calendar.ics")
def one_entry(
    request: Request, session: Db, _actor: Reader, hearing_id: int, lang: FeedLang = ""
) -> Response:
    """One hearing for a calendar; moved or called off, its entry follows."""
    found = hearing_by_id(session, hearing_id)
    return _calendar(request, session, [found], spoken(request, lang), None)


def _calendar(
    request: Request, session: Session, found: Sequence[Hearing], lang: str, body: Agency | None
) -> Response:
    words = environment(lang, platform_of(request).pack.tz).get_template("hearings/entry.txt")
    bodies = agencies(session)
    entries = [
        _entry(one, words.render(hearing=one, agency=bodies[one.agency_id])) for one in found
    ]
    name = translations(lang).gettext(HEARINGS)
    title = f"{name}: {text_in(body.names, lang)[0]}" if body else name
    return calendar_answer(request, entries, title, "hearings.ics")


def _entry(hearing: Hearing, words: str) -> Entry:
    title, _, about = words.strip().partition("\n\n")
    return Entry(
        name=f"hearing-{hearing.id}",
        n=hearing.n,
        changed_at=hearing.changed_at,
        day=hearing.starts_at.date(),
        title=title,
        about=about.strip(),
        url=f"/hearings/{hearing.id}",
        status=STATUS.get(hearing.state, "CONFIRMED"),
        lasts=(hearing.starts_at, hearing.ends_at),
        place=hearing.place or hearing.link,
    )
