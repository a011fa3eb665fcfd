"""Pages of roll-calls: a secretariat publishes one; how a deputy votes, as a page and data."""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor
from consult.accounts.models import Agency
from consult.chambers.bills.models import Reading
from consult.chambers.bills.queries import amendments_of, reading_by_id, registered
from consult.chambers.bodies import check_secretary, may_record
from consult.chambers.deputies.queries import deputy_by_id, seats_of
from consult.chambers.files import TableForm, file_in, table_typed
from consult.chambers.tables import Read
from consult.chambers.voting.actions import publish_roll_call
from consult.chambers.voting.queries import (
    count_votes_of,
    roll_call_by_id,
    roll_calls_at,
    votes_in,
    votes_of,
)
from consult.chambers.voting.reading import Setting, read_roll_call
from consult.chambers.voting.rules import tallied
from consult.forms import Form, Posted
from consult.security import Allow, Db, Reader
from consult.spreadsheets import csv_text
from consult.web import go, platform_of, render
from drafts.models import Draft
from drafts.queries import draft_for

router = APIRouter()

Secretary = Annotated[Actor, Depends(Allow("convene"))]
Before = Annotated[int, Query(ge=0, lt=2**31)]
PAGE = 30
COLUMNS = ("deputy", "faction", "vote", "voted_at")


@router.get("/desk/readings/{reading_id}/votes")
def votes_at_desk(request: Request, session: Db, actor: Secretary, reading_id: int) -> Response:
    """The form that takes a roll-call from a file."""
    reading = reading_by_id(session, reading_id)
    return _votes_page(request, session, actor, reading, Form[TableForm](), None)


def _votes_page(
    request: Request,
    session: Session,
    actor: Actor,
    reading: Reading,
    form: Form[TableForm],
    read: Read | None,
) -> Response:
    bill = registered(session, reading.draft_id)
    check_secretary(actor, bill.body_id)
    body = session.get_one(Agency, bill.body_id)
    seats = seats_of(session, bill.body_id)
    good = read is not None and not read.problems  # else its rows may be no ballots
    votes = [(one.faction, one.choice, 1) for one in read.rows] if read and good else []
    return render(
        request,
        "chambers/votes_desk.html",
        status=form.status if form.errors or not (read and read.problems) else 422,
        draft=session.get_one(Draft, reading.draft_id),
        reading=reading,
        body=body,
        known=len(seats),
        amendments=amendments_of(session, reading.draft_id),
        called=roll_calls_at(session, [reading.id or 0]).get(reading.id or 0, []),
        form=form,
        read=read,
        names={seat.id: seat.name for seat in seats},
        factions=tallied(votes),
    )


@router.post("/desk/readings/{reading_id}/votes")
def take_votes(
    request: Request, session: Db, actor: Secretary, posted: Posted, reading_id: int
) -> Response:
    """A file is read and shown first; sent again as it was read, it is published."""
    reading, platform = reading_by_id(session, reading_id), platform_of(request)
    bill = registered(session, reading.draft_id)
    check_secretary(actor, bill.body_id)
    form = Form[TableForm](table_typed(posted)).check(TableForm)
    read = roll_call = None
    if form.ok:
        typed, seats = form.value, seats_of(session, bill.body_id)
        with form.attempt(session):
            setting = Setting(seats, reading.held_on, platform.pack.tz)
            read = read_roll_call(file_in(form).decode(), setting)
            if typed.sure and not read.problems:
                roll_call = publish_roll_call(
                    session,
                    actor=actor,
                    draft=draft_for(session, reading.draft_id, actor),
                    reading=reading,
                    ballots=read.rows,
                    amendment_id=typed.amendment,
                    why=typed.why,
                    now=platform.clock(),
                )
    if roll_call is None:
        session.refresh(reading)
        return _votes_page(request, session, actor, reading, form, read)
    return go(
        f"/drafts/{reading.draft_id}/parliament/readings/{reading.n}",
        "The roll-call is public. Everybody who follows the bill is being told.",
    )


@router.get("/roll-calls/{roll_call_id}.csv")
def roll_call_csv(session: Db, actor: Reader, roll_call_id: int) -> Response:
    """How everybody voted, for a spreadsheet: it can be read in again as it is."""
    roll_call = roll_call_by_id(session, roll_call_id)
    draft_for(session, roll_call.draft_id, actor)
    name = f"roll-call-{roll_call_id}.csv"
    return Response(
        csv_text(COLUMNS, _rows(session, roll_call_id)),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


@router.get("/roll-calls/{roll_call_id}.json")
def roll_call_json(session: Db, actor: Reader, roll_call_id: int) -> dict[str, Any]:
    """The same as JSON."""
    roll_call = roll_call_by_id(session, roll_call_id)
    draft_for(session, roll_call.draft_id, actor)
    reading = reading_by_id(session, roll_call.reading_id)
    return {
        "draft": roll_call.draft_id,
        "reading": reading.n,
        "held_on": reading.held_on.isoformat(),
        "amendment": roll_call.amendment_id,
        "votes": [dict(zip(COLUMNS, row, strict=True)) for row in _rows(session, roll_call_id)],
    }


def _rows(session: Session, roll_call_id: int) -> Iterator[tuple[str, ...]]:
    for one in votes_in(session, roll_call_id):
        at = one.vote.voted_at.isoformat() if one.vote.voted_at else ""
        yield one.deputy.name, one.vote.faction, one.vote.choice, at


@router.get("/parliament/deputies/{deputy_id}.csv")
def deputy_csv(session: Db, _actor: Reader, deputy_id: int) -> Response:
    """How a deputy voted, for a spreadsheet."""
    deputy_by_id(session, deputy_id)
    rows = (
        (
            *(one.draft.id, one.reading.n, one.reading.held_on.isoformat()),
            *(one.amendment.number if one.amendment else "", one.vote.choice),
        )
        for one in votes_of(session, deputy_id)
    )
    return Response(
        csv_text(("draft", "reading", "held_on", "amendment", "vote"), rows),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="deputy-{deputy_id}.csv"'},
    )


@router.get("/parliament/deputies/{deputy_id}")
def read_deputy(
    request: Request, session: Db, actor: Reader, deputy_id: int, before: Before = 0
) -> Response:
    """A deputy, and how they voted."""
    deputy = deputy_by_id(session, deputy_id)
    body = session.get_one(Agency, deputy.body_id)
    found = votes_of(session, deputy_id, before=before, limit=PAGE)
    return render(
        request,
        "chambers/deputy.html",
        deputy=deputy,
        body=body,
        votes=found[:PAGE],
        older=found[PAGE - 1].vote.roll_call_id if len(found) > PAGE else None,
        counts=count_votes_of(session, deputy_id),
        is_own=actor.id is not None and deputy.person_id == actor.id,
        may_record=may_record(actor, body),
    )
