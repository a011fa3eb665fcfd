"""The administrator's pages: people and roles, agencies, background work. The law: lawbook.py."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from consult.access import GRANTED, Actor, Role
from consult.accounts.models import AGENCY_KINDS
from consult.accounts.queries import agencies
from consult.forms import Form, Number, Posted
from consult.i18n.catalogues import LANGUAGES
from consult.law.queries import confirmations, law_of
from consult.law.rules import unconfirmed_years
from consult.procedure.deadlines import local_day
from consult.security import Allow, Db
from consult.site.backstage import (
    FOUND_MAX,
    background_work,
    found_agency,
    give_role,
    holder,
    people_found,
    take_role,
    try_again,
)
from consult.web import go, platform_of, render
from drafts.search.following import lag_of, needs_rebuild

router = APIRouter()

Administrator = Annotated[Actor, Depends(Allow("administer"))]


class GrantForm(BaseModel):
    """A role and, unless it is held everywhere, the agency it is for."""

    role: Role
    agency: Number | Literal[""] = ""


class TakeForm(BaseModel):
    """Which grant is taken back."""

    grant: Number


class AgencyForm(BaseModel):
    """A body with its name in each language of the interface."""

    code: str = ""
    kind: str = ""
    name_ky: str = Field(default="", max_length=200)
    name_ru: str = Field(default="", max_length=200)
    name_kk: str = Field(default="", max_length=200)
    name_en: str = Field(default="", max_length=200)

    @property
    def names(self) -> dict[str, str]:
        """The names by language."""
        return {lang: str(getattr(self, f"name_{lang}")) for lang in LANGUAGES}


class AgainForm(BaseModel):
    """What to take up again: a delivery, a mail, or everything."""

    event: Number | None = None
    handler: str = ""
    mail: Number | None = None


@router.get("/admin")
def overview(request: Request, session: Db, _actor: Administrator) -> Response:
    """Whether this installation does its work: what waits, what was given up, what is not sure."""
    platform = platform_of(request)
    law = law_of(session, platform.pack)
    return render(
        request,
        "admin/overview.html",
        work=background_work(session),
        index_lost=needs_rebuild(platform),
        index_lag=lag_of(platform),
        unconfirmed=len(law.pack.rule) - len(confirmations(session, law.pack)),
        years=unconfirmed_years(law.calendar, local_day(platform.clock(), law.tz)),
    )


@router.get("/admin/people")
def people(
    request: Request,
    session: Db,
    _actor: Administrator,
    q: Annotated[str, Query(max_length=254)] = "",
) -> Response:
    """Those who hold a role, or whoever has an address like this."""
    return render(
        request,
        "admin/people.html",
        q=q,
        found=people_found(session, q.strip()),
        most=FOUND_MAX,
        bodies=agencies(session),
    )


@router.get("/admin/people/{person_id}")
def person(request: Request, session: Db, _actor: Administrator, person_id: int) -> Response:
    """One person: the roles they hold, and a form to give them another."""
    return _person_page(request, session, person_id, Form[GrantForm]())


def _person_page(
    request: Request, session: Db, person_id: int, form: Form[GrantForm] | Form[TakeForm]
) -> Response:
    return render(
        request,
        "admin/person.html",
        status=form.status,
        held=holder(session, person_id),
        bodies=agencies(session),
        roles=[role.value for role in GRANTED],
        form=form,
    )


@router.post("/admin/people/{person_id}/grant")
def grant_role(
    request: Request, session: Db, actor: Administrator, posted: Posted, person_id: int
) -> Response:
    """Give a person a role."""
    form = Form[GrantForm](posted).check(GrantForm)
    if form.ok:
        with form.attempt(session):
            give_role(
                session,
                actor=actor,
                person_id=person_id,
                role=form.value.role,
                agency_id=form.value.agency or None,
                now=platform_of(request).clock(),
            )
    if not form.ok:
        return _person_page(request, session, person_id, form)
    return go(f"/admin/people/{person_id}", "The role is given.")


@router.post("/admin/people/{person_id}/withdraw")
def withdraw_role(
    request: Request, session: Db, actor: Administrator, posted: Posted, person_id: int
) -> Response:
    """Take a role back."""
    form = Form[TakeForm](posted).check(TakeForm)
    if form.ok:
        with form.attempt(session):
            take_role(
                session,
                actor=actor,
                person_id=person_id,
                grant_id=form.value.grant,
                now=platform_of(request).clock(),
            )
    if not form.ok:
        return _person_page(request, session, person_id, form)
    return go(f"/admin/people/{person_id}", "The role is taken back.")


@router.get("/admin/agencies")
def list_agencies(request: Request, session: Db, _actor: Administrator) -> Response:
    """All bodies, and a form to add one."""
    return _agencies_page(request, session, Form[AgencyForm]())


def _agencies_page(request: Request, session: Db, form: Form[AgencyForm]) -> Response:
    bodies = sorted(agencies(session).values(), key=lambda body: body.code)
    return render(
        request,
        "admin/agencies.html",
        status=form.status,
        bodies=bodies,
        kinds=AGENCY_KINDS,
        form=form,
    )


@router.post("/admin/agencies")
def add_agency(request: Request, session: Db, actor: Administrator, posted: Posted) -> Response:
    """Add a body."""
    form = Form[AgencyForm](posted).check(AgencyForm)
    if form.ok:
        with form.attempt(session):
            found_agency(
                session,
                actor=actor,
                code=form.value.code,
                kind=form.value.kind,
                names=form.value.names,
                now=platform_of(request).clock(),
            )
    if not form.ok:
        return _agencies_page(request, session, form)
    return go("/admin/agencies", "The agency is added.")


@router.get("/admin/work")
def work(request: Request, session: Db, _actor: Administrator) -> Response:
    """Background work that was given up, with the reason of each."""
    return render(request, "admin/work.html", work=background_work(session))


@router.post("/admin/work")
def work_again(request: Request, session: Db, actor: Administrator, posted: Posted) -> Response:
    """Take up again what was given up."""
    wanted = Form[AgainForm](posted).check(AgainForm)
    if wanted.ok:
        try_again(
            session,
            actor=actor,
            now=platform_of(request).clock(),
            event_id=wanted.value.event,
            handler=wanted.value.handler,
            mail_id=wanted.value.mail,
        )
    return go("/admin/work", "It is tried again within a minute.")
