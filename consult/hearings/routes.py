"""Hearings at the desk: announced, changed, called off, written up. Public: site/hearings.py."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor, check_agency
from consult.accounts.models import Agency
from consult.errors import Invalid
from consult.forms import Form, Posted
from consult.hearings import actions
from consult.hearings.actions import RIGHT
from consult.hearings.forms import HearingForm, MinutesForm, ReasonForm, as_typed
from consult.hearings.models import Hearing
from consult.hearings.queries import (
    HearingFilter,
    agencies_of,
    count_seats,
    draft_ids_of,
    drafts_of,
    drafts_to_hear,
    guests,
    hearing_by_id,
    hearings,
    newest_rounds,
)
from consult.hearings.rules import (
    ABOUT_MAX,
    ACCESS_MAX,
    LINK_MAX,
    MINUTES_MAX,
    PLACE_MAX,
    REASON_MAX,
    TITLE_MAX,
    check_to_come,
)
from consult.procedure.deadlines import local_day
from consult.security import Allow, Db
from consult.web import go, platform_of, render

router = APIRouter()

Officer = Annotated[Actor, Depends(Allow("convene"))]
After = Annotated[int, Query(ge=0, lt=2**31)]
DraftId = Annotated[int | None, Query(alias="draft", ge=1, lt=2**31)]
PAGE = 50
LIMITS = {
    "title": TITLE_MAX,
    "about": ABOUT_MAX,
    "access": ACCESS_MAX,
    "minutes": MINUTES_MAX,
    "place": PLACE_MAX,
    "link": LINK_MAX,
    "reason": REASON_MAX,
}


@router.get("/desk/hearings")
def desk_hearings(
    request: Request, session: Db, actor: Officer, state: str = "coming", after: After = 0
) -> Response:
    """The hearings of this person's agencies: those to come, or those that are over."""
    mine = {agency.id or 0: agency for agency in agencies_of(session, actor, RIGHT)}
    wanted = HearingFilter(tuple(mine), past=state == "past")
    now = platform_of(request).clock()
    found = hearings(session, wanted, now, after=after, limit=PAGE) if mine else []
    shown = found[:PAGE]
    return render(
        request,
        "hearings/desk.html",
        items=shown,
        bodies=mine,
        state="past" if wanted.past else "coming",
        after=shown[-1].id if len(found) > PAGE else 0,
    )


@router.get("/desk/hearings/new")
def new_hearing(
    request: Request, session: Db, actor: Officer, draft_id: DraftId = None
) -> Response:
    """The form of an announcement; `draft` is what it is to be about."""
    typed = {"drafts[]": [str(draft_id)]} if draft_id else {}
    return _edit_page(request, session, actor, None, Form[HearingForm](typed))


@router.post("/desk/hearings/new")
def announce(request: Request, session: Db, actor: Officer, posted: Posted) -> Response:
    """Announce it; refused, the form comes back with everything that was typed."""
    platform, hearing = platform_of(request), None
    form = Form[HearingForm](posted).check(HearingForm)
    if form.ok:
        with form.attempt(session):
            hearing = actions.announce(
                session,
                actor=actor,
                agency_id=_chosen(session, actor, form.value.agency),
                said=form.value.said(platform.pack.tz),
                pack=platform.pack,
                now=platform.clock(),
            )
    if hearing is None:
        return _edit_page(request, session, actor, None, form)
    return go(_page(hearing), "Announced: everybody can read it, and followers are told.")


def _chosen(session: Session, actor: Actor, wish: int | str) -> int:
    """The agency chosen, or the only one there is to choose. Raises Invalid."""
    mine = [agency.id or 0 for agency in agencies_of(session, actor, RIGHT)]
    chosen = int(wish) if wish else (mine[0] if len(mine) == 1 else 0)
    if chosen not in mine:
        raise Invalid("Please choose the agency.", field="agency")
    return chosen


def _page(hearing: Hearing) -> str:
    return f"/desk/hearings/{hearing.id}"


def _edit_page(
    request: Request,
    session: Session,
    actor: Actor,
    hearing: Hearing | None,
    form: Form[HearingForm],
) -> Response:
    platform = platform_of(request)
    mine = agencies_of(session, actor, RIGHT)
    bodies = [hearing.agency_id] if hearing else [agency.id or 0 for agency in mine]
    linked = draft_ids_of(session, hearing.id or 0) if hearing else []
    return render(
        request,
        "hearings/edit.html",
        status=form.status,
        form=form,
        hearing=hearing,
        agencies=mine,
        drafts=drafts_to_hear(session, bodies, linked),
        today=local_day(platform.clock(), platform.pack.tz),
        limits=LIMITS,
    )


def _own(session: Session, actor: Actor, hearing_id: int) -> Hearing:
    hearing = hearing_by_id(session, hearing_id)
    check_agency(actor, RIGHT, hearing.agency_id)
    return hearing


@router.get("/desk/hearings/{hearing_id}")
def desk_hearing(
    request: Request, session: Db, actor: Officer, hearing_id: int, after: After = 0
) -> Response:
    """One hearing: who comes and what they need, and what can be done with it."""
    hearing = _own(session, actor, hearing_id)
    found = guests(session, hearing_id, after=after, limit=PAGE)
    coming, waiting = count_seats(session, hearing_id)
    drafts = drafts_of(session, [hearing_id]).get(hearing_id, [])
    return render(
        request,
        "hearings/desk_hearing.html",
        hearing=hearing,
        agency=session.get_one(Agency, hearing.agency_id),
        drafts=drafts,
        rounds=newest_rounds(session, [draft.id or 0 for draft in drafts]),
        guests=found[:PAGE],
        after=found[PAGE - 1].seat.id if len(found) > PAGE else 0,
        coming=coming,
        waiting=waiting,
    )


@router.get("/desk/hearings/{hearing_id}/edit")
def edit_page(request: Request, session: Db, actor: Officer, hearing_id: int) -> Response:
    """The form with what is announced."""
    hearing, platform = _own(session, actor, hearing_id), platform_of(request)
    check_to_come(hearing.state, hearing.starts_at, platform.clock())
    typed = as_typed(hearing, draft_ids_of(session, hearing_id), platform.pack.tz)
    return _edit_page(request, session, actor, hearing, Form[HearingForm](typed))


@router.post("/desk/hearings/{hearing_id}/edit")
def edit(
    request: Request, session: Db, actor: Officer, posted: Posted, hearing_id: int
) -> Response:
    """Say it otherwise; everybody can read what it said before, and why."""
    hearing, platform = _own(session, actor, hearing_id), platform_of(request)
    form = Form[HearingForm](posted).check(HearingForm)
    if form.ok:
        with form.attempt(session):
            actions.change(
                session,
                actor=actor,
                hearing_id=hearing_id,
                said=form.value.said(platform.pack.tz),
                reason=form.value.reason,
                pack=platform.pack,
                now=platform.clock(),
            )
    if not form.ok:
        return _edit_page(request, session, actor, hearing, form)
    return go(_page(hearing), "Changed: the page says why, and whoever registered is told.")


@router.get("/desk/hearings/{hearing_id}/call-off")
def call_off_page(request: Request, session: Db, actor: Officer, hearing_id: int) -> Response:
    """The form to say why it does not take place."""
    hearing = _own(session, actor, hearing_id)
    check_to_come(hearing.state, hearing.starts_at, platform_of(request).clock())
    return _act_page(request, "call_off", hearing, Form[ReasonForm]())


@router.post("/desk/hearings/{hearing_id}/call-off")
def call_off(
    request: Request, session: Db, actor: Officer, posted: Posted, hearing_id: int
) -> Response:
    """Call it off."""
    hearing, form = _own(session, actor, hearing_id), Form[ReasonForm](posted).check(ReasonForm)
    if form.ok:
        why, now = form.value.reason, platform_of(request).clock()
        with form.attempt(session):
            actions.call_off(session, actor=actor, hearing_id=hearing_id, reason=why, now=now)
    if not form.ok:
        return _act_page(request, "call_off", hearing, form)
    return go(_page(hearing), "Called off: the page says why, and whoever registered is told.")


def _act_page(request: Request, act: str, hearing: Hearing, form: Form[Any]) -> Response:
    return render(
        request,
        f"hearings/{act}.html",
        status=form.status,
        form=form,
        hearing=hearing,
        limits=LIMITS,
    )


@router.get("/desk/hearings/{hearing_id}/minutes")
def minutes_page(request: Request, session: Db, actor: Officer, hearing_id: int) -> Response:
    """The form of the minutes, with what is published already."""
    hearing = _own(session, actor, hearing_id)
    typed = {f"minutes_{lang}": text for lang, text in hearing.minutes.items()}
    typed |= {"came": str(hearing.came)} if hearing.came is not None else {}
    return _act_page(request, "minutes", hearing, Form[MinutesForm](typed))


@router.post("/desk/hearings/{hearing_id}/minutes")
def publish_minutes(
    request: Request, session: Db, actor: Officer, posted: Posted, hearing_id: int
) -> Response:
    """Publish them."""
    hearing, platform = _own(session, actor, hearing_id), platform_of(request)
    form = Form[MinutesForm](posted).check(MinutesForm)
    if form.ok:
        with form.attempt(session):
            actions.publish_minutes(
                session,
                actor=actor,
                hearing_id=hearing_id,
                minutes=form.value.minutes,
                came=form.value.came,
                reason=form.value.reason,
                pack=platform.pack,
                now=platform.clock(),
            )
    if not form.ok:
        return _act_page(request, "minutes", hearing, form)
    return go(_page(hearing), "The minutes are published, and followers are told.")
