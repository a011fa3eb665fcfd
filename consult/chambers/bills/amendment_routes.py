"""Pages of a secretariat about the amendments of a bill: entering, reading a table, deciding."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor
from consult.adoption.forms import as_typed
from consult.chambers.bills.amending import (
    decide_amendment,
    enter_amendment,
    ground_of,
    take_amendments,
)
from consult.chambers.bills.forms import AmendmentForm, DecideForm
from consult.chambers.bills.models import Amendment
from consult.chambers.bills.queries import amendment_by_id, amendments_of, registered
from consult.chambers.bills.reading import read_amendments
from consult.chambers.bills.rules import DECISIONS
from consult.chambers.bodies import check_secretary
from consult.chambers.deputies.queries import deputies_by_id
from consult.chambers.files import TableForm, file_in, table_typed
from consult.chambers.rules import WORDS_MAX
from consult.chambers.tables import Read
from consult.forms import Form, Posted
from consult.security import Allow, Db
from consult.web import go, language_of, platform_of, render
from drafts.models import Draft
from drafts.queries import draft_for
from drafts.versions.diffing import word_pieces

router = APIRouter()

Secretary = Annotated[Actor, Depends(Allow("convene"))]
After = Annotated[int, Query(ge=0, lt=2**31)]
BASE = "/desk/drafts/{draft_id}/amendments"
PAGE = 50
Forms = dict[str, Form[Any]]


@router.get(BASE)
def amendments_at_desk(
    request: Request, session: Db, actor: Secretary, draft_id: int, after: After = 0
) -> Response:
    """The amendments of a bill, with the forms to enter one or to read a table of them."""
    draft = draft_for(session, draft_id, actor)
    return _list_page(request, session, actor, draft, {}, after=after)


def _list_page(
    request: Request,
    session: Session,
    actor: Actor,
    draft: Draft,
    refused: Forms,
    *,
    after: int = 0,
    read: Read | None = None,
) -> Response:
    bill, lang = registered(session, draft.id or 0), language_of(request)
    check_secretary(actor, bill.body_id)
    ground = ground_of(session, draft, bill.body_id, lang)
    found = amendments_of(session, draft.id or 0, after=after, limit=PAGE)
    forms: Forms = {
        "amendment": Form[AmendmentForm]({"lang": ground.lang}),
        "table": Form[TableForm](),
    }
    return render(
        request,
        "chambers/amendments_desk.html",
        status=422
        if read and read.problems
        else max((f.status for f in refused.values()), default=200),
        draft=draft,
        shown=found[:PAGE],
        more=found[PAGE - 1].amendment.id if len(found) > PAGE else None,
        ground=ground,
        seats=sorted(ground.seats, key=lambda seat: seat.name),
        forms=forms | refused,
        refused=next(iter(refused), ""),
        read=read,
    )


@router.post(BASE)
def take_amendment(
    request: Request, session: Db, actor: Secretary, posted: Posted, draft_id: int
) -> Response:
    """An amendment came in."""
    draft = draft_for(session, draft_id, actor)
    form = Form[AmendmentForm](posted).check(AmendmentForm)
    row = None
    if form.ok:
        with form.attempt(session):
            row = enter_amendment(
                session,
                actor=actor,
                draft=draft,
                said=form.value.said(),
                now=platform_of(request).clock(),
            )
    if row is None:
        session.refresh(draft)
        return _list_page(request, session, actor, draft, {"amendment": form})
    return go(f"/desk/amendments/{row.id}", "Saved.")


@router.post(f"{BASE}/table")
def take_table(
    request: Request, session: Db, actor: Secretary, posted: Posted, draft_id: int
) -> Response:
    """A table is read and shown first; sent again as it was read, it is taken."""
    draft = draft_for(session, draft_id, actor)
    bill = registered(session, draft_id)
    check_secretary(actor, bill.body_id)
    form = Form[TableForm](table_typed(posted)).check(TableForm)
    read, taken = None, 0
    if form.ok:
        with form.attempt(session):
            ground = ground_of(session, draft, bill.body_id, language_of(request))
            read = read_amendments(file_in(form), ground)
            if form.value.sure and not read.problems:
                now = platform_of(request).clock()
                taken = take_amendments(session, actor=actor, draft=draft, lines=read.rows, now=now)
    if not taken:
        session.refresh(draft)
        return _list_page(request, session, actor, draft, {"table": form}, read=read)
    return go(f"/desk/drafts/{draft_id}/amendments", "Saved.")


@router.get("/desk/amendments/{amendment_id}")
def amendment_at_desk(
    request: Request, session: Db, actor: Secretary, amendment_id: int
) -> Response:
    """One amendment, with the form that says what was decided."""
    amendment = amendment_by_id(session, amendment_id)
    typed = as_typed(amendment, "decision", "conclusion", "reason")
    return _amendment_page(request, session, actor, amendment, Form[DecideForm](typed))


def _amendment_page(
    request: Request, session: Session, actor: Actor, amendment: Amendment, form: Form[DecideForm]
) -> Response:
    check_secretary(actor, registered(session, amendment.draft_id).body_id)
    deputies = deputies_by_id(session, [amendment.deputy_id])
    return render(
        request,
        "chambers/amendment_desk.html",
        status=form.status,
        draft=session.get_one(Draft, amendment.draft_id),
        amendment=amendment,
        deputy=deputies.get(amendment.deputy_id or 0),
        pieces=word_pieces(amendment.current, amendment.proposed),
        form=form,
        decisions=DECISIONS,
        words_max=WORDS_MAX,
    )


@router.post("/desk/amendments/{amendment_id}")
def decide(
    request: Request, session: Db, actor: Secretary, posted: Posted, amendment_id: int
) -> Response:
    """What the committee concluded, and what was decided."""
    amendment = amendment_by_id(session, amendment_id)
    form = Form[DecideForm](posted).check(DecideForm)
    if form.ok:
        with form.attempt(session):
            decide_amendment(
                session,
                actor=actor,
                draft=draft_for(session, amendment.draft_id, actor),
                amendment=amendment,
                said=form.value.said(),
                why=form.value.why,
                now=platform_of(request).clock(),
            )
    if not form.ok:
        session.refresh(amendment)
        return _amendment_page(request, session, actor, amendment, form)
    return go(f"/desk/drafts/{amendment.draft_id}/amendments", "Saved.")
