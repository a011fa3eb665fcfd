"""Pages of a secretariat about one bill: its registration, its readings, who spoke.

Amendments are in amendment_routes.py; the public page of a bill in consult/site/bill_page.py.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor
from consult.accounts.models import Agency
from consult.adoption.forms import as_typed
from consult.chambers.bills.actions import (
    correct_reading,
    correct_registration,
    record_reading,
    record_speech,
    register_bill,
    take_out_speech,
)
from consult.chambers.bills.forms import (
    ReadingForm,
    RegisterForm,
    SpeechForm,
    WhyForm,
    registration_typed,
)
from consult.chambers.bills.models import Reading
from consult.chambers.bills.queries import (
    count_amendments,
    count_speeches,
    reading_by_id,
    readings_of,
    registered,
    registration_of,
    speeches_at,
)
from consult.chambers.bills.rules import OUTCOMES, STANCES
from consult.chambers.bodies import bodies_of, check_secretary, committees_of
from consult.chambers.deputies.queries import seats_of
from consult.chambers.deputies.rules import in_office
from consult.chambers.rules import WORDS_MAX
from consult.errors import N_, NotAllowed
from consult.forms import Form, Posted
from consult.procedure.stages import Stage, Verb, allows
from consult.security import Allow, Db
from consult.web import go, language_of, platform_of, render
from drafts.models import Draft
from drafts.queries import draft_for

router = APIRouter()

Secretary = Annotated[Actor, Depends(Allow("convene"))]
BASE = "/desk/drafts/{draft_id}/parliament"
READING = ("held_on", "outcome", "note", "url")
Forms = dict[str, Form[Any]]


@router.get(BASE)
def bill_at_desk(request: Request, session: Db, actor: Secretary, draft_id: int) -> Response:
    """What is recorded of a bill, with the forms to record more."""
    return _bill_page(request, session, actor, draft_for(session, draft_id, actor), {})


def _bill_page(
    request: Request, session: Session, actor: Actor, draft: Draft, refused: Forms
) -> Response:
    """The page with its forms; those in `refused` keep what was typed."""
    bill, bodies = registration_of(session, draft.id or 0), bodies_of(session, actor)
    if bill is not None:
        check_secretary(actor, bill.body_id)
    if not bodies:
        raise NotAllowed("This is done by the secretariat of a parliament or a kenesh.")
    readings = readings_of(session, draft.id or 0)
    forms: Forms = {
        "registration": Form[RegisterForm](registration_typed(bill)),
        "reading": Form[ReadingForm]({"n": str(len(readings) + 1)}),
    }
    return render(
        request,
        "chambers/bill_desk.html",
        status=next((form.status for form in refused.values()), 200),
        draft=draft,
        bill=bill,
        bodies=bodies,
        committees=[one for body in bodies for one in committees_of(session, body.id or 0)],
        body=session.get_one(Agency, bill.body_id) if bill else None,
        readings=readings,
        spoke=count_speeches(session, draft.id or 0),
        amendments=count_amendments(session, draft.id or 0),
        forms=forms | refused,
        refused=next(iter(refused), ""),
        outcomes=OUTCOMES,
        may_record=allows(Stage(draft.stage), Verb.DELIBERATE),
        words_max=WORDS_MAX,
    )


@router.post(f"{BASE}/registration")
def register(
    request: Request, session: Db, actor: Secretary, posted: Posted, draft_id: int
) -> Response:
    """The draft was registered as a bill, or its registration is put right."""
    draft, platform = draft_for(session, draft_id, actor), platform_of(request)
    form = Form[RegisterForm](posted).check(RegisterForm)
    known = registration_of(session, draft_id)
    if form.ok:
        typed, now = form.value, platform.clock()
        about: dict[str, Any] = {"actor": actor, "draft": draft, "said": typed.said()}
        about |= {"tz": platform.pack.tz, "now": now}
        with form.attempt(session):
            if known is None:
                register_bill(session, **about)
            else:
                correct_registration(session, why=typed.why, **about)
    if not form.ok:
        session.refresh(draft)
        return _bill_page(request, session, actor, draft, {"registration": form})
    said = (
        N_("Corrected. What it was stays public.")
        if known
        else N_("Saved: the bill is registered.")
    )
    return go(f"/desk/drafts/{draft_id}/parliament", said)


@router.post(f"{BASE}/readings")
def take_reading(
    request: Request, session: Db, actor: Secretary, posted: Posted, draft_id: int
) -> Response:
    """A reading took place; who follows the bill is told."""
    draft, platform = draft_for(session, draft_id, actor), platform_of(request)
    form = Form[ReadingForm](posted).check(ReadingForm)
    reading = None
    if form.ok:
        with form.attempt(session):
            reading = record_reading(
                session,
                actor=actor,
                draft=draft,
                said=form.value.said(),
                tz=platform.pack.tz,
                now=platform.clock(),
            )
    if reading is None:
        session.refresh(draft)
        return _bill_page(request, session, actor, draft, {"reading": form})
    return go(
        f"/desk/readings/{reading.id}", "Saved. Everybody who follows the bill is being told."
    )


@router.get("/desk/readings/{reading_id}")
def reading_at_desk(request: Request, session: Db, actor: Secretary, reading_id: int) -> Response:
    """A reading, with the forms to put it right and to say who spoke."""
    return _reading_page(request, session, actor, reading_by_id(session, reading_id), {})


def _reading_page(
    request: Request, session: Session, actor: Actor, reading: Reading, refused: Forms
) -> Response:
    bill = registered(session, reading.draft_id)
    check_secretary(actor, bill.body_id)
    seats = [seat for seat in seats_of(session, bill.body_id) if in_office(seat, reading.held_on)]
    forms: Forms = {
        "corrected": Form[ReadingForm](as_typed(reading, *READING)),
        "speech": Form[SpeechForm]({"lang": language_of(request), "stance": "neutral"}),
        "taken": Form[WhyForm](),
    }
    return render(
        request,
        "chambers/reading_desk.html",
        status=next((form.status for form in refused.values()), 200),
        draft=session.get_one(Draft, reading.draft_id),
        reading=reading,
        speeches=speeches_at(session, reading.id or 0),
        seats=sorted(seats, key=lambda seat: seat.name),
        forms=forms | refused,
        refused=next(iter(refused), ""),
        outcomes=OUTCOMES,
        stances=STANCES,
        words_max=WORDS_MAX,
    )


@router.post("/desk/readings/{reading_id}")
def put_reading_right(
    request: Request, session: Db, actor: Secretary, posted: Posted, reading_id: int
) -> Response:
    """What was entered wrongly is put right, for a reason everybody can read."""
    reading, platform = reading_by_id(session, reading_id), platform_of(request)
    form = Form[ReadingForm](posted).check(ReadingForm)
    if form.ok:
        with form.attempt(session):
            correct_reading(
                session,
                actor=actor,
                draft=draft_for(session, reading.draft_id, actor),
                reading=reading,
                said=form.value.said(),
                why=form.value.why,
                tz=platform.pack.tz,
                now=platform.clock(),
            )
    if not form.ok:
        session.refresh(reading)
        return _reading_page(request, session, actor, reading, {"corrected": form})
    return go(f"/desk/readings/{reading_id}", "Corrected. What it was stays public.")


@router.post("/desk/readings/{reading_id}/speeches")
def take_speech(
    request: Request, session: Db, actor: Secretary, posted: Posted, reading_id: int
) -> Response:
    """Somebody spoke at this reading."""
    reading = reading_by_id(session, reading_id)
    form = Form[SpeechForm](posted).check(SpeechForm)
    if form.ok:
        with form.attempt(session):
            record_speech(
                session,
                actor=actor,
                draft=draft_for(session, reading.draft_id, actor),
                reading=reading,
                said=form.value.said(),
                now=platform_of(request).clock(),
            )
    if not form.ok:
        return _reading_page(request, session, actor, reading, {"speech": form})
    return go(f"/desk/readings/{reading_id}#speeches", "Saved.")


@router.post("/desk/readings/{reading_id}/speeches/{speech_id}/remove")
def remove_speech(
    request: Request,
    session: Db,
    actor: Secretary,
    posted: Posted,
    reading_id: int,
    speech_id: int,
) -> Response:
    """A speech was entered wrongly."""
    reading = reading_by_id(session, reading_id)
    form = Form[WhyForm](posted).check(WhyForm)
    if form.ok:
        with form.attempt(session):
            take_out_speech(
                session,
                actor=actor,
                draft=draft_for(session, reading.draft_id, actor),
                reading=reading,
                speech_id=speech_id,
                why=form.value.why,
                now=platform_of(request).clock(),
            )
    if not form.ok:
        return _reading_page(request, session, actor, reading, {"taken": form})
    return go(f"/desk/readings/{reading_id}#speeches", "Removed. The corrections say what it was.")
