"""A plan that is in a spreadsheet already: looked at row by row, then added as a whole."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor
from consult.errors import TooLarge
from consult.forms import TOO_MUCH, Form, Posted
from consult.plans.actions import add_items
from consult.plans.desk_routes import chosen_agency, own_agencies
from consult.plans.forms import TableForm
from consult.plans.queries import titles_in_plan
from consult.plans.spreadsheet import ROWS_MAX, Table, Terms, read_table
from consult.platform import Platform
from consult.procedure.deadlines import local_day
from consult.security import Allow, Db
from consult.web import go, language_of, platform_of, render
from drafts.importing.encoding import decoded

router = APIRouter()

Planner = Annotated[Actor, Depends(Allow("publish"))]
BYTES_MAX = 1_000_000  # of a file: a plan of five hundred acts has a tenth of it


@router.get("/desk/plan/import")
def choose_table(request: Request, session: Db, actor: Planner) -> Response:
    """The form for a table."""
    return _table_page(request, session, actor, Form[TableForm](), None)


def _table_page(
    request: Request, session: Session, actor: Actor, form: Form[TableForm], table: Table | None
) -> Response:
    lang, official = language_of(request), platform_of(request).pack.languages
    return render(
        request,
        "plans/import.html",
        status=form.status,
        form=form,
        table=table,
        agencies=own_agencies(session, actor),
        lang_default=lang if lang in official else official[0],
        most=ROWS_MAX,
    )


@router.post("/desk/plan/import")
def read_plan(request: Request, session: Db, actor: Planner, posted: Posted) -> Response:
    """Show what a table says with every problem; add its items if there is none and it is asked.

    What was read stands in the page, to be put right there: the file is not needed again.
    """
    form, platform = Form[TableForm](posted).check(TableForm), platform_of(request)
    table: Table | None = None
    added = 0
    if form.ok:
        with form.attempt(session):
            form.raw["text"] = text = _text_of(form.value)
            agency_id = chosen_agency(session, actor, form.value.agency)
            terms = _terms(session, platform, agency_id)
            table = read_table(text, form.value.lang, terms)
            if table.ok and form.value.do == "add":
                entries, now = table.entries, platform.clock()
                add_items(
                    session,
                    actor=actor,
                    agency_id=agency_id,
                    entries=entries,
                    pack=platform.pack,
                    now=now,
                )
                added = len(entries)
    if not (form.ok and added):
        return _table_page(request, session, actor, form, table)
    return go("/desk/plan", "The table is in the plan. Only your agency sees it so far.")


def _text_of(typed: TableForm) -> str:
    """The file, or what was pasted. Raises Invalid and TooLarge."""
    if not typed.file or not typed.file.filename:
        return typed.text
    data = typed.file.file.read(BYTES_MAX + 1)
    if len(data) > BYTES_MAX:
        raise TooLarge(TOO_MUCH, field="file")
    return decoded(data)


def _terms(session: Session, platform: Platform, agency_id: int) -> Terms:
    pack = platform.pack
    return Terms(
        act_types=pack.act_types,
        topics=pack.topics,
        official=pack.languages,
        today=local_day(platform.clock(), pack.tz),
        known=titles_in_plan(session, agency_id),
    )
