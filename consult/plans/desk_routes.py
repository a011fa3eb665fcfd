"""The plan at the desk: the list, and what an item says. What becomes of one: item_routes.py."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor, check_agency
from consult.accounts.models import Agency
from consult.accounts.queries import agencies
from consult.errors import Invalid, NotFound
from consult.forms import Form, Posted
from consult.plans import actions
from consult.plans.forms import ItemForm, PublishForm, WordingForm
from consult.plans.models import PlanItem
from consult.plans.queries import (
    DESK_LISTS,
    NO_ITEM,
    PlanFilter,
    cursor_of,
    item_by_id,
    plan_items,
)
from consult.plans.rules import REASON_MAX, SUMMARY_MAX, TITLE_MAX, State, Verb, allows
from consult.procedure.acts import publishable
from consult.procedure.deadlines import local_day
from consult.security import Allow, Db
from consult.web import go, platform_of, render
from drafts.models import Draft
from drafts.queries import draft_for

router = APIRouter()

Planner = Annotated[Actor, Depends(Allow("publish"))]
Cursor = Annotated[str, Query(max_length=30)]
DraftId = Annotated[int | None, Query(alias="draft", ge=1, lt=2**31)]
PAGE = 50
LIMITS = {"title": TITLE_MAX, "summary": SUMMARY_MAX, "reason": REASON_MAX}


def own_agencies(session: Session, actor: Actor) -> list[Agency]:
    """The agencies whose plan this person keeps."""
    held = actor.held_for(actions.RIGHT)
    every = agencies(session).values()
    return sorted((a for a in every if not held or a.id in held), key=lambda a: a.code)


def chosen_agency(session: Session, actor: Actor, wish: int | str) -> int:
    """The agency chosen, or the only one there is to choose. Raises Invalid."""
    mine = [agency.id or 0 for agency in own_agencies(session, actor)]
    chosen = int(wish) if wish else (mine[0] if len(mine) == 1 else 0)
    if chosen not in mine:
        raise Invalid("Please choose the agency.", field="agency")
    return chosen


@router.get("/desk/plan")
def desk_plan(
    request: Request,
    session: Db,
    actor: Planner,
    state: str = "open",
    after: Cursor = "",
    draft_id: DraftId = None,
) -> Response:
    """The plan of this person's agencies; with `draft`, to choose the item it carries out."""
    return _plan_page(request, session, actor, state, after, draft_id, Form[PublishForm]())


def _plan_page(
    request: Request,
    session: Db,
    actor: Actor,
    state: str,
    after: str,
    draft_id: int | None,
    form: Form[PublishForm],
) -> Response:
    platform = platform_of(request)
    draft = _own_draft(session, actor, draft_id)
    mine = {agency.id or 0: agency for agency in own_agencies(session, actor)}
    shown = "expected" if draft else (state if state in DESK_LISTS else "open")
    held = (draft.agency_id,) if draft else tuple(mine)
    wanted = PlanFilter(agencies=held, shown=shown)
    found = plan_items(session, wanted, after=after, limit=PAGE) if mine else []
    items = found[:PAGE]
    return render(
        request,
        "plans/desk.html",
        status=form.status,
        form=form,
        items=items,
        ready=[item.id for item in items if allows(State(item.state), Verb.PUBLISH)],
        bodies=mine,
        state=shown,
        draft=draft,
        today=local_day(platform.clock(), platform.pack.tz),
        after=cursor_of(items[-1]) if len(found) > PAGE else "",
    )


def _own_draft(session: Session, actor: Actor, draft_id: int | None) -> Draft | None:
    if draft_id is None:
        return None
    draft = draft_for(session, draft_id, actor)
    check_agency(actor, actions.RIGHT, draft.agency_id)
    return draft


@router.post("/desk/plan/publish")
def publish_items(request: Request, session: Db, actor: Planner, posted: Posted) -> Response:
    """Announce the items that were on the page."""
    form = Form[PublishForm](posted).check(PublishForm)
    platform = platform_of(request)
    if form.ok:
        with form.attempt(session):
            actions.publish(
                session,
                actor=actor,
                item_ids=form.value.items,
                pack=platform.pack,
                now=platform.clock(),
            )
    if not form.ok:
        return _plan_page(request, session, actor, "open", "", None, form)
    return go("/desk/plan", "Published: everybody can read it, and followers are told.")


@router.get("/desk/plan/new")
def new_item(request: Request, session: Db, actor: Planner) -> Response:
    """The form for an item."""
    return _edit_page(request, session, actor, None, Form[WordingForm]())


@router.post("/desk/plan/new")
def add_item(request: Request, session: Db, actor: Planner, posted: Posted) -> Response:
    """Put an item into the plan; only the agency sees it so far."""
    form = Form[ItemForm](posted).check(ItemForm)
    platform, item = platform_of(request), None
    if form.ok:
        with form.attempt(session):
            item = actions.add_item(
                session,
                actor=actor,
                agency_id=chosen_agency(session, actor, form.value.agency),
                wording=form.value.wording,
                month=form.value.month,
                pack=platform.pack,
                now=platform.clock(),
            )
    if item is None:
        return _edit_page(request, session, actor, None, form)
    return go(f"/desk/plan/{item.id}", "It is in the plan. Only your agency sees it so far.")


def _edit_page(
    request: Request, session: Session, actor: Actor, item: PlanItem | None, form: Form[Any]
) -> Response:
    mine = own_agencies(session, actor)
    bodies = [body for body in mine if item is None or body.id == item.agency_id]
    return render(
        request,
        "plans/edit.html",
        status=form.status,
        form=form,
        item=item,
        agencies=mine,
        acts=publishable(platform_of(request).pack.act_type, {body.kind for body in bodies}),
        limits=LIMITS,
    )


def own_item(session: Session, actor: Actor, item_id: int) -> PlanItem:
    """An item of an agency this person keeps the plan of; of others not even its being is told."""
    item = item_by_id(session, item_id)
    if not actor.may_for(actions.RIGHT, item.agency_id):
        raise NotFound(NO_ITEM)
    return item


@router.get("/desk/plan/{item_id}/edit")
def edit_page(request: Request, session: Db, actor: Planner, item_id: int) -> Response:
    """The form with what the item says."""
    item = own_item(session, actor, item_id)
    typed = {f"title_{lang}": text for lang, text in item.titles.items()}
    typed |= {f"summary_{lang}": text for lang, text in item.summaries.items()}
    typed |= {"act_type": item.act_type, "topic": item.topic}
    typed |= {"month": f"{item.expected_on:%Y-%m}"}
    return _edit_page(request, session, actor, item, Form[WordingForm](typed))


@router.post("/desk/plan/{item_id}/edit")
def edit(request: Request, session: Db, actor: Planner, posted: Posted, item_id: int) -> Response:
    """Say it otherwise; of a published item everybody can read what it said before."""
    item = own_item(session, actor, item_id)
    freely = allows(State(item.state), Verb.EDIT)
    model: type[WordingForm] = ItemForm if freely else WordingForm
    form = Form[WordingForm](posted).check(model)
    platform = platform_of(request)
    if form.ok:
        value = form.value
        with form.attempt(session):
            actions.edit_item(
                session,
                actor=actor,
                item_id=item_id,
                wording=value.wording,
                month=value.month if isinstance(value, ItemForm) else None,
                pack=platform.pack,
                now=platform.clock(),
            )
    if not form.ok:
        return _edit_page(request, session, actor, item, form)
    return go(f"/desk/plan/{item_id}", "Saved.")
