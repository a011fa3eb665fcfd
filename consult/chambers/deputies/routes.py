"""Pages of deputies: the list of a body for everybody; its secretariat reads in and corrects."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor
from consult.accounts.models import Agency
from consult.adoption.forms import as_typed
from consult.chambers.bodies import body_by_code, check_secretary, may_record
from consult.chambers.deputies.actions import accounts_of, correct_deputy, take_deputies
from consult.chambers.deputies.forms import DeputyForm
from consult.chambers.deputies.models import Deputy
from consult.chambers.deputies.queries import deputies_of, deputy_by_id
from consult.chambers.deputies.reading import read_deputies
from consult.chambers.files import TableForm, file_in, table_typed
from consult.chambers.tables import Read
from consult.forms import Form, Posted
from consult.procedure.deadlines import local_day
from consult.security import Allow, Db, Reader
from consult.web import go, platform_of, render

router = APIRouter()

Secretary = Annotated[Actor, Depends(Allow("convene"))]
TYPED = ("name", "faction", "constituency", "since_on", "until_on")


@router.get("/parliament/{code}/deputies")
def list_deputies(
    request: Request,
    session: Db,
    actor: Reader,
    code: str,
    former: Annotated[str, Query(max_length=1)] = "",
) -> Response:
    """The deputies of a parliament or a kenesh: those in office, or those who were before."""
    body, platform = body_by_code(session, code), platform_of(request)
    today = local_day(platform.clock(), platform.pack.tz)
    return render(
        request,
        "chambers/deputies.html",
        body=body,
        deputies=deputies_of(session, body.id or 0, former=bool(former), today=today),
        former=bool(former),
        may_record=may_record(actor, body),
    )


@router.get("/desk/bodies/{code}/deputies")
def deputies_at_desk(request: Request, session: Db, actor: Secretary, code: str) -> Response:
    """The form that takes a list of deputies from a file."""
    return _list_page(request, session, actor, body_by_code(session, code), Form[TableForm](), None)


def _list_page(
    request: Request,
    session: Session,
    actor: Actor,
    body: Agency,
    form: Form[TableForm],
    read: Read | None,
) -> Response:
    check_secretary(actor, body.id or 0)
    platform = platform_of(request)
    today = local_day(platform.clock(), platform.pack.tz)
    return render(
        request,
        "chambers/deputies_desk.html",
        status=form.status if form.errors or not (read and read.problems) else 422,
        body=body,
        deputies=deputies_of(session, body.id or 0, former=False, today=today),
        form=form,
        read=read,
    )


@router.post("/desk/bodies/{code}/deputies")
def take_list(
    request: Request, session: Db, actor: Secretary, posted: Posted, code: str
) -> Response:
    """A list is read and shown first; sent again as it was read, it is taken."""
    body = body_by_code(session, code)
    check_secretary(actor, body.id or 0)
    form = Form[TableForm](table_typed(posted)).check(TableForm)
    read, taken = None, False
    if form.ok:
        with form.attempt(session):
            read = read_deputies(file_in(form))
            if form.value.sure and not read.problems:
                now = platform_of(request).clock()
                take_deputies(session, actor=actor, body=body, deputies=read.rows, now=now)
                taken = True
    if not taken:
        session.refresh(body)
        return _list_page(request, session, actor, body, form, read)
    return go(f"/parliament/{code}/deputies", "Saved.")


@router.get("/desk/deputies/{deputy_id}")
def deputy_at_desk(request: Request, session: Db, actor: Secretary, deputy_id: int) -> Response:
    """The form to put the entry of a deputy right."""
    deputy = deputy_by_id(session, deputy_id)
    typed = as_typed(deputy, *TYPED) | {"person": str(deputy.person_id or "")}
    return _deputy_page(request, session, actor, deputy, Form[DeputyForm](typed))


def _deputy_page(
    request: Request, session: Session, actor: Actor, deputy: Deputy, form: Form[DeputyForm]
) -> Response:
    check_secretary(actor, deputy.body_id)
    body = session.get_one(Agency, deputy.body_id)
    return render(
        request,
        "chambers/deputy_desk.html",
        status=form.status,
        deputy=deputy,
        body=body,
        form=form,
        accounts=[(one.id, one.email) for one in accounts_of(session, body)],
    )


@router.post("/desk/deputies/{deputy_id}")
def put_deputy_right(
    request: Request, session: Db, actor: Secretary, posted: Posted, deputy_id: int
) -> Response:
    """What is said of a deputy is put right."""
    deputy = deputy_by_id(session, deputy_id)
    form = Form[DeputyForm](posted).check(DeputyForm)
    if form.ok:
        with form.attempt(session):
            correct_deputy(
                session,
                actor=actor,
                deputy=deputy,
                said=form.value.said(),
                person_id=form.value.person,
                now=platform_of(request).clock(),
            )
    if not form.ok:
        session.refresh(deputy)
        return _deputy_page(request, session, actor, deputy, form)
    return go(f"/parliament/deputies/{deputy_id}", "Saved.")
