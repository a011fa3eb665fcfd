"""Pages for the dates of a consultation: set them, open at once, withdraw the draft."""

from datetime import datetime, time
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from consult.access import Actor, check_agency
from consult.consultations.actions import earliest_close, open_at_once, schedule, withdraw_draft
from consult.consultations.forms import AttributesForm, ScheduleForm, to_local, to_utc
from consult.consultations.queries import current_round
from consult.consultations.rules import Act, ActWith, last_minute
from consult.forms import Form, Posted
from consult.law.queries import Law, confirmation_of, law_of
from consult.platform import Platform
from consult.procedure.calendars import DAY
from consult.procedure.deadlines import local_day
from consult.procedure.stages import Stage, Verb, allows
from consult.security import Allow, Db
from consult.web import go, platform_of, render
from drafts.models import Draft
from drafts.queries import draft_for, latest_version

router = APIRouter()

Preparer = Annotated[Actor, Depends(Allow("prepare"))]

MORNING = time(9)  # when a discussion opens if nobody says otherwise


@router.get("/desk/drafts/{draft_id}/schedule")
def dates(
    request: Request,
    session: Db,
    actor: Preparer,
    draft_id: int,
    opens_at: Annotated[str, Query(max_length=40)] = "",
    exception: Annotated[str, Query(max_length=2000)] = "",
    attributes: Annotated[list[str] | None, Query(alias="attributes[]", max_length=50)] = None,
) -> Response:
    """The form for the dates; with `opens_at` it says the earliest closing for that opening."""
    draft = _own(session, actor, draft_id)
    platform = platform_of(request)
    tz = platform.pack.tz
    given = Form[ScheduleForm]({"opens_at": opens_at, "closes_at": opens_at}).check(ScheduleForm)
    standing = current_round(session, draft_id)
    if given.ok:
        act = ActWith(draft.act_type, attributes or [])
        form = _proposal(session, platform, act, given.value.term(tz)[0])
        form.raw["exception"] = exception
    elif standing and standing.opened_at is None:
        form = Form[ScheduleForm](
            {
                "opens_at": to_local(standing.opens_at, tz),
                "closes_at": to_local(standing.closes_at, tz),
                "exception": standing.exception_basis,
                "attributes[]": draft.attributes,
            }
        )
    else:
        form = _proposal(session, platform, draft, platform.clock())
    return _dates_page(request, session, draft, form)


def _proposal(session: Db, platform: Platform, act: Act, opening: datetime) -> Form[ScheduleForm]:
    """The dates nobody can object to: from that opening on, as long as the law asks for."""
    law = law_of(session, platform.pack)
    if opening <= platform.clock():
        opening = _next_morning(law, platform.clock())
    closing = last_minute(earliest_close(law, act, opening))
    dates = {"opens_at": to_local(opening, law.tz), "closes_at": to_local(closing, law.tz)}
    return Form[ScheduleForm](dates | {"attributes[]": act.attributes})


def _dates_page(request: Request, session: Db, draft: Draft, form: Form[ScheduleForm]) -> Response:
    """The form, with the earliest lawful closing for the opening and the act that stand in it."""
    platform = platform_of(request)
    pack, law = platform.pack, law_of(session, platform.pack)
    typed = Form[ScheduleForm]({**form.raw, "closes_at": form["opens_at"]}).check(ScheduleForm)
    opening = typed.value.term(pack.tz)[0] if typed.ok else platform.clock()
    if opening < platform.clock():
        opening = _next_morning(law, platform.clock())
    act = ActWith(draft.act_type, form.raw.get("attributes[]", []))
    earliest = earliest_close(law, act, opening)
    return render(
        request,
        "consultations/schedule.html",
        status=form.status,
        draft=draft,
        form=form,
        opening=opening,
        earliest=earliest,
        closing=last_minute(earliest),
        rule=pack.rules[earliest.rule_code],
        confirmation=confirmation_of(session, pack.rules[earliest.rule_code]),
        version=latest_version(session, draft.id or 0),
        new_round=allows(Stage(draft.stage), Verb.START_ROUND),
        scheduled=draft.stage == Stage.SCHEDULED,
    )


@router.post("/desk/drafts/{draft_id}/schedule")
def set_dates(
    request: Request, session: Db, actor: Preparer, posted: Posted, draft_id: int
) -> Response:
    """Set or move the dates; refused with the rule's citation when the term is too short."""
    draft = _own(session, actor, draft_id)
    platform = platform_of(request)
    form = Form[ScheduleForm](posted).check(ScheduleForm)
    if form.ok:
        opening, closing = form.value.term(platform.pack.tz)
        with form.attempt(session):
            schedule(
                session,
                actor=actor,
                draft=draft,
                opens_at=opening,
                closes_at=closing,
                exception=form.value.exception,
                law=law_of(session, platform.pack),
                now=platform.clock(),
                attributes=form.value.attributes,
            )
    if not form.ok:
        return _dates_page(request, session, draft, form)
    return go(f"/desk/drafts/{draft_id}", "The dates are set. The discussion opens by itself.")


@router.post("/desk/drafts/{draft_id}/open")
def open_now(
    request: Request, session: Db, actor: Preparer, posted: Posted, draft_id: int
) -> Response:
    """Open the discussion now, for the shortest lawful term of an act that is as was ticked."""
    draft = _own(session, actor, draft_id)
    platform = platform_of(request)
    open_at_once(
        session,
        actor=actor,
        draft=draft,
        law=law_of(session, platform.pack),
        now=platform.clock(),
        attributes=AttributesForm.model_validate(posted).attributes,
    )
    return go(f"/desk/drafts/{draft_id}", "The discussion is open.")


@router.post("/desk/drafts/{draft_id}/withdraw")
def withdraw(request: Request, session: Db, actor: Preparer, draft_id: int) -> Response:
    """Withdraw a draft nobody waits for an answer on."""
    draft = _own(session, actor, draft_id)
    withdraw_draft(session, actor=actor, draft=draft, now=platform_of(request).clock())
    return go(f"/desk/drafts/{draft_id}", "The draft is withdrawn.")


def _own(session: Db, actor: Actor, draft_id: int) -> Draft:
    draft = draft_for(session, draft_id, actor)
    check_agency(actor, "prepare", draft.agency_id)
    return draft


def _next_morning(law: Law, now: datetime) -> datetime:
    """The morning of the next working day."""
    tomorrow = local_day(now, law.tz) + DAY
    day = next(day.on for day in law.calendar.days_from(tomorrow) if day.working)
    return to_utc(datetime.combine(day, MORNING), law.tz)
