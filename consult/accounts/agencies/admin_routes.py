"""The administrator's page of one agency: rename it, move it, close it."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from consult.access import Actor
from consult.accounts.agencies.actions import end, move, rename, undo_rename
from consult.accounts.agencies.queries import agency_page, renamed_on, tree
from consult.accounts.agencies.rules import BASIS_MAX, check_closing
from consult.accounts.queries import agency_by_code
from consult.forms import Form, Number, Posted
from consult.i18n.catalogues import LANGUAGES
from consult.procedure.deadlines import local_day
from consult.security import Allow, Db
from consult.web import go, platform_of, render

router = APIRouter()

Administrator = Annotated[Actor, Depends(Allow("administer"))]
Basis = Annotated[str, Field(max_length=BASIS_MAX)]
Name = Annotated[str, Field(max_length=200)]


class RenameForm(BaseModel):
    """Other names from a day on, in all languages it has a name in."""

    name_ky: Name = ""
    name_ru: Name = ""
    name_kk: Name = ""
    name_en: Name = ""
    on: date
    basis: Basis = ""

    @property
    def names(self) -> dict[str, str]:
        """The names by language."""
        return {lang: str(getattr(self, f"name_{lang}")) for lang in LANGUAGES}


class MoveForm(BaseModel):
    """The agency it belongs to, or none."""

    parent: Number | Literal[""] = ""


class EndForm(BaseModel):
    """Who takes over, from which day, by which act; its code, typed once more."""

    successors: list[Number] = Field(default=[], alias="successors[]", max_length=100)
    on: date
    basis: Basis = ""
    typed: str = ""


@router.get("/admin/agencies/{code}")
def show_agency(request: Request, session: Db, _actor: Administrator, code: str) -> Response:
    """One agency with what may be done to it."""
    return _page(request, session, code, Form[MoveForm](), "")


def _page(request: Request, session: Db, code: str, form: Form[Any], which: str) -> Response:
    platform = platform_of(request)
    page = agency_page(session, code)
    today, tz = local_day(platform.clock(), platform.pack.tz), platform.pack.tz
    return render(
        request,
        "admin/agency.html",
        status=form.status,
        page=page,
        bodies=[agency for _, agency in tree(session)[0]],
        form=form,
        which=which,
        today=today,
        can_undo=renamed_on(session, page.agency.id or 0, today, tz) is not None,
    )


@router.post("/admin/agencies/{code}/rename")
def post_rename(
    request: Request, session: Db, actor: Administrator, posted: Posted, code: str
) -> Response:
    """Give it other names; those it had are kept."""
    platform, agency = platform_of(request), agency_by_code(session, code)
    form = Form[RenameForm](posted).check(RenameForm)
    if form.ok:
        with form.attempt(session):
            rename(
                session,
                actor=actor,
                agency_id=agency.id or 0,
                names=form.value.names,
                on=form.value.on,
                basis=form.value.basis,
                tz=platform.pack.tz,
                now=platform.clock(),
            )
    if not form.ok:
        return _page(request, session, code, form, "rename")
    return go(f"/admin/agencies/{code}", "The agency has its new name.")


@router.post("/admin/agencies/{code}/undo")
def post_undo(request: Request, session: Db, actor: Administrator, code: str) -> Response:
    """Take back a name that was entered by mistake today."""
    platform, agency = platform_of(request), agency_by_code(session, code)
    undo_rename(
        session,
        actor=actor,
        agency_id=agency.id or 0,
        tz=platform.pack.tz,
        now=platform.clock(),
    )
    return go(f"/admin/agencies/{code}", "The new name is taken back.")


@router.post("/admin/agencies/{code}/move")
def post_move(
    request: Request, session: Db, actor: Administrator, posted: Posted, code: str
) -> Response:
    """Put it beneath another agency, or beneath none."""
    agency = agency_by_code(session, code)
    form = Form[MoveForm](posted).check(MoveForm)
    if form.ok:
        with form.attempt(session):
            move(
                session,
                actor=actor,
                agency_id=agency.id or 0,
                parent_id=form.value.parent or None,
                now=platform_of(request).clock(),
            )
    if not form.ok:
        return _page(request, session, code, form, "move")
    return go(f"/admin/agencies/{code}", "The agency is moved.")


@router.post("/admin/agencies/{code}/end")
def post_end(
    request: Request, session: Db, actor: Administrator, posted: Posted, code: str
) -> Response:
    """Close it; others take over."""
    platform, agency = platform_of(request), agency_by_code(session, code)
    form = Form[EndForm](posted).check(EndForm)
    if form.ok:
        with form.attempt(session):
            check_closing(form.value.typed, agency.code)
            end(
                session,
                actor=actor,
                agency_id=agency.id or 0,
                successor_ids=form.value.successors,
                on=form.value.on,
                basis=form.value.basis,
                tz=platform.pack.tz,
                now=platform.clock(),
            )
    if not form.ok:
        return _page(request, session, code, form, "end")
    return go(f"/admin/agencies/{code}", "The agency is closed, and others have taken over.")
