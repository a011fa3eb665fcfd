"""A council as everybody sees it, and its members as an administrator keeps them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor
from consult.accounts.models import Agency
from consult.accounts.queries import agencies
from consult.councils.forms import MemberForm
from consult.councils.membership import add_member, end_membership
from consult.councils.queries import (
    council_by_code,
    councils_with,
    member_by_id,
    members_of,
    opinions_of,
)
from consult.councils.rules import FIELD_MAX, NAME_MAX
from consult.forms import Form, Posted
from consult.procedure.deadlines import local_day
from consult.security import Allow, Db, Reader
from consult.web import go, platform_of, render

router = APIRouter()

Administrator = Annotated[Actor, Depends(Allow("administer"))]
PAGE = 20


@router.get("/councils/{code}")
def read_council(
    request: Request,
    session: Db,
    actor: Reader,
    code: str,
    before: Annotated[int | None, Query(ge=1, lt=2**31)] = None,
) -> Response:
    """Its members, how it decides, its opinions."""
    council, platform = council_by_code(session, code), platform_of(request)
    own = [one.id or 0 for one in councils_with(session, actor.id)] if actor.id else []
    found = opinions_of(session, council, inside=own, before=before, limit=PAGE)
    today = local_day(platform.clock(), platform.pack.tz)
    rules = [rule for rule in platform.pack.deciding if rule.valid_from <= today]
    return render(
        request,
        "councils/council.html",
        council=council,
        body=agencies(session).get(council.parent_id or 0),
        members=members_of(session, council.id or 0),
        former=members_of(session, council.id or 0, former=True),
        rule=max(rules, key=lambda rule: rule.valid_from) if rules else None,
        entries=found[:PAGE],
        older=found[PAGE - 1].opinion.id if len(found) > PAGE else None,
        is_member=council.id in own,
    )


@router.get("/admin/councils/{code}")
def show_members(request: Request, session: Db, _actor: Administrator, code: str) -> Response:
    """The members of a council, and the form to add one."""
    return _page(request, session, council_by_code(session, code), Form[MemberForm]())


def _page(request: Request, session: Session, council: Agency, form: Form[MemberForm]) -> Response:
    return render(
        request,
        "councils/members.html",
        status=form.status,
        council=council,
        members=members_of(session, council.id or 0),
        form=form,
        limits={"name": NAME_MAX, "field": FIELD_MAX},
    )


@router.post("/admin/councils/{code}/members")
def add(request: Request, session: Db, actor: Administrator, posted: Posted, code: str) -> Response:
    """Add a member, who may act for the council from now on."""
    council = council_by_code(session, code)
    form = Form[MemberForm](posted).check(MemberForm)
    if form.ok:
        typed = form.value
        with form.attempt(session):
            add_member(
                session,
                actor=actor,
                council=council,
                email=typed.email,
                name=typed.name,
                field=typed.field,
                is_chair=bool(typed.chair),
                now=platform_of(request).clock(),
            )
    if not form.ok:
        return _page(request, session, council, form)
    return go(f"/admin/councils/{council.code}", "The member is added.")


@router.post("/admin/councils/{code}/members/{member_id}/end")
def end(request: Request, session: Db, actor: Administrator, code: str, member_id: int) -> Response:
    """End a membership; what the person said as a member stays."""
    council = council_by_code(session, code)
    member = member_by_id(session, council, member_id)
    end_membership(session, actor=actor, member=member, now=platform_of(request).clock())
    return go(f"/admin/councils/{council.code}", "The membership is ended.")
