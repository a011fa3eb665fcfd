"""Pages of sittings and of reports on appeals: for everybody, and for the secretariat."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor
from consult.accounts.models import Agency
from consult.chambers.bodies import body_by_code, check_secretary, may_record
from consult.chambers.sittings.actions import (
    add_item,
    publish_appeals,
    publish_sitting,
    record_sitting,
    remove_item,
)
from consult.chambers.sittings.forms import AppealsForm, ItemForm, ResultsForm, SittingForm
from consult.chambers.sittings.models import Sitting
from consult.chambers.sittings.queries import (
    appeals_report_by_id,
    appeals_reports_of,
    items_of,
    sitting_by_id,
    sittings_of,
)
from consult.chambers.sittings.rules import RESULT_MAX, TEXT_MAX
from consult.forms import Form, Posted
from consult.procedure.stages import Stage
from consult.security import Allow, Db, Reader
from consult.web import go, language_of, platform_of, render
from drafts.queries import drafts_at

router = APIRouter()

Secretary = Annotated[Actor, Depends(Allow("convene"))]
Before = Annotated[int, Query(ge=0, lt=2**31)]
PAGE = 20
DESK = "/desk/bodies/{code}"
Forms = dict[str, Form[Any]]


@router.get("/parliament/{code}/sittings")
def list_sittings(
    request: Request, session: Db, actor: Reader, code: str, before: Before = 0
) -> Response:
    """The sittings of a body with their results, and its reports on appeals."""
    body = body_by_code(session, code)
    found = sittings_of(session, body.id or 0, before=before, limit=PAGE)
    return render(
        request,
        "chambers/sittings.html",
        body=body,
        sittings=found[:PAGE],
        older=found[PAGE - 1].id if len(found) > PAGE else None,
        reports=[] if before else appeals_reports_of(session, body.id or 0),
        may_record=may_record(actor, body),
    )


@router.get("/parliament/sittings/{sitting_id}")
def read_sitting(request: Request, session: Db, actor: Reader, sitting_id: int) -> Response:
    """What was on the agenda of a sitting and what came of it, once that is public."""
    sitting = sitting_by_id(session, sitting_id)
    body = session.get_one(Agency, sitting.body_id)
    return render(
        request,
        "chambers/sitting.html",
        sitting=sitting,
        body=body,
        items=items_of(session, sitting_id) if sitting.published_at else [],
        may_record=may_record(actor, body),
    )


@router.get("/parliament/appeals/{report_id}")
def read_appeals(request: Request, session: Db, _actor: Reader, report_id: int) -> Response:
    """What people wrote to a body in a period, and what became of it."""
    report = appeals_report_by_id(session, report_id)
    return render(
        request,
        "chambers/appeals.html",
        report=report,
        body=session.get_one(Agency, report.body_id),
    )


@router.get(f"{DESK}/sittings")
def sittings_at_desk(request: Request, session: Db, actor: Secretary, code: str) -> Response:
    """The forms to say that a body sat, and to publish what it considered of appeals."""
    return _body_page(request, session, actor, body_by_code(session, code), {})


def _body_page(
    request: Request, session: Session, actor: Actor, body: Agency, refused: Forms
) -> Response:
    check_secretary(actor, body.id or 0)
    lang = {"lang": language_of(request)}
    forms: Forms = {"sitting": Form[SittingForm](lang), "appeals": Form[AppealsForm](lang)}
    return render(
        request,
        "chambers/sittings_desk.html",
        status=next((form.status for form in refused.values()), 200),
        body=body,
        sittings=sittings_of(session, body.id or 0, limit=PAGE)[:PAGE],
        bills=drafts_at(session, (Stage.IN_PARLIAMENT,)),
        forms=forms | refused,
        refused=next(iter(refused), ""),
        text_max=TEXT_MAX,
    )


@router.post(f"{DESK}/sittings")
def take_sitting(
    request: Request, session: Db, actor: Secretary, posted: Posted, code: str
) -> Response:
    """A body sat; its results are owed from now on."""
    body, platform = body_by_code(session, code), platform_of(request)
    form = Form[SittingForm](posted).check(SittingForm)
    sitting = None
    if form.ok:
        with form.attempt(session):
            sitting = record_sitting(
                session,
                actor=actor,
                body=body,
                said=form.value.said(),
                tz=platform.pack.tz,
                now=platform.clock(),
            )
    if sitting is None:
        return _body_page(request, session, actor, body, {"sitting": form})
    return go(f"/desk/sittings/{sitting.id}", "Saved. Now add what was on the agenda.")


@router.post(f"{DESK}/appeals")
def take_appeals(
    request: Request, session: Db, actor: Secretary, posted: Posted, code: str
) -> Response:
    """A report on the appeals of a period becomes public."""
    body, platform = body_by_code(session, code), platform_of(request)
    form = Form[AppealsForm](posted).check(AppealsForm)
    report = None
    if form.ok:
        with form.attempt(session):
            report = publish_appeals(
                session,
                actor=actor,
                body=body,
                said=form.value.said(),
                tz=platform.pack.tz,
                now=platform.clock(),
            )
    if report is None:
        return _body_page(request, session, actor, body, {"appeals": form})
    return go(f"/parliament/appeals/{report.id}", "The report is public.")


@router.get("/desk/sittings/{sitting_id}")
def sitting_at_desk(request: Request, session: Db, actor: Secretary, sitting_id: int) -> Response:
    """The agenda of a sitting, with the forms to add to it and to publish the results."""
    return _sitting_page(request, session, actor, sitting_by_id(session, sitting_id), {})


def _sitting_page(
    request: Request, session: Session, actor: Actor, sitting: Sitting, refused: Forms
) -> Response:
    check_secretary(actor, sitting.body_id)
    forms: Forms = {"item": Form[ItemForm](), "results": Form[ResultsForm]()}
    return render(
        request,
        "chambers/sitting_desk.html",
        status=next((form.status for form in refused.values()), 200),
        sitting=sitting,
        body=session.get_one(Agency, sitting.body_id),
        items=items_of(session, sitting.id or 0),
        forms=forms | refused,
        limits={"result": RESULT_MAX, "results": TEXT_MAX},
    )


@router.post("/desk/sittings/{sitting_id}/items")
def take_item(
    request: Request, session: Db, actor: Secretary, posted: Posted, sitting_id: int
) -> Response:
    """An item of the agenda."""
    sitting = sitting_by_id(session, sitting_id)
    form = Form[ItemForm](posted).check(ItemForm)
    if form.ok:
        with form.attempt(session):
            add_item(session, actor=actor, sitting=sitting, said=form.value.said())
    if not form.ok:
        session.refresh(sitting)
        return _sitting_page(request, session, actor, sitting, {"item": form})
    return go(f"/desk/sittings/{sitting_id}", "Saved.")


@router.post("/desk/sittings/{sitting_id}/items/{item_id}/remove")
def take_item_out(session: Db, actor: Secretary, sitting_id: int, item_id: int) -> Response:
    """An item was entered wrongly."""
    sitting = sitting_by_id(session, sitting_id)
    remove_item(session, actor=actor, sitting=sitting, item_id=item_id)
    return go(f"/desk/sittings/{sitting_id}", "Removed.")


@router.post("/desk/sittings/{sitting_id}/publish")
def publish_results(
    request: Request, session: Db, actor: Secretary, posted: Posted, sitting_id: int
) -> Response:
    """The results become public."""
    sitting = sitting_by_id(session, sitting_id)
    form = Form[ResultsForm](posted).check(ResultsForm)
    if form.ok:
        with form.attempt(session):
            publish_sitting(
                session,
                actor=actor,
                sitting=sitting,
                results=form.value.results,
                url=form.value.url,
                now=platform_of(request).clock(),
            )
    if not form.ok:
        session.refresh(sitting)
        return _sitting_page(request, session, actor, sitting, {"results": form})
    return go(f"/parliament/sittings/{sitting_id}", "The results are public.")
