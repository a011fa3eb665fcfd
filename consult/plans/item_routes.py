"""One item of the plan at the desk: its page, and what becomes of it."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor
from consult.accounts.models import Agency
from consult.forms import Form, Posted
from consult.plans import actions
from consult.plans.desk_routes import LIMITS, own_item
from consult.plans.forms import LinkForm, MoveForm, ReasonForm
from consult.plans.queries import drafts_to_link, history
from consult.plans.rules import Verb
from consult.procedure.deadlines import local_day
from consult.security import Allow, Db
from consult.web import go, platform_of, render
from drafts.models import Draft

router = APIRouter()

Planner = Annotated[Actor, Depends(Allow("publish"))]


@router.get("/desk/plan/{item_id}")
def desk_item(request: Request, session: Db, actor: Planner, item_id: int) -> Response:
    """One item: its facts, its history, and what can be done with it."""
    return _item_page(request, session, actor, item_id)


def _item_page(
    request: Request,
    session: Session,
    actor: Actor,
    item_id: int,
    verb: Verb | None = None,
    form: Form[Any] | None = None,
) -> Response:
    """`form` is the one of `verb`, with its errors; the page has a form for each verb."""
    platform = platform_of(request)
    item = own_item(session, actor, item_id)
    return render(
        request,
        "plans/desk_item.html",
        status=form.status if form else 200,
        item=item,
        agency=session.get_one(Agency, item.agency_id),
        changes=history(session, item_id),
        drafts=drafts_to_link(session, item.agency_id),
        draft=session.get(Draft, item.draft_id) if item.draft_id else None,
        may=actions.may_do(actor, item),
        today=local_day(platform.clock(), platform.pack.tz),
        forms={verb.value: form} if verb else {},
        limits=LIMITS,
    )


@router.post("/desk/plan/{item_id}/publish")
def publish(request: Request, session: Db, actor: Planner, item_id: int) -> Response:
    """Announce one item."""
    form, platform = Form[Any](), platform_of(request)
    with form.attempt(session):
        actions.publish(
            session, actor=actor, item_ids=[item_id], pack=platform.pack, now=platform.clock()
        )
    if not form.ok:
        return _item_page(request, session, actor, item_id, Verb.PUBLISH, form)
    return go(_page(item_id), "Published: everybody can read it, and followers are told.")


@router.post("/desk/plan/{item_id}/discard")
def discard(session: Db, actor: Planner, item_id: int) -> Response:
    """Take away what was never public."""
    actions.discard_item(session, actor=actor, item_id=item_id)
    return go("/desk/plan", "Discarded.")


@router.post("/desk/plan/{item_id}/move")
def move(request: Request, session: Db, actor: Planner, posted: Posted, item_id: int) -> Response:
    """Expect it in another month."""
    form = _expected(request, session, actor, posted, item_id, actions.move)
    if not form.ok:
        return _item_page(request, session, actor, item_id, Verb.MOVE, form)
    return go(_page(item_id), "Moved: the page says why, and followers are told.")


@router.post("/desk/plan/{item_id}/drop")
def drop(request: Request, session: Db, actor: Planner, posted: Posted, item_id: int) -> Response:
    """Plan it no longer."""
    form = Form[ReasonForm](posted).check(ReasonForm)
    if form.ok:
        with form.attempt(session):
            actions.drop(
                session,
                actor=actor,
                item_id=item_id,
                reason=form.value.reason,
                now=platform_of(request).clock(),
            )
    if not form.ok:
        return _item_page(request, session, actor, item_id, Verb.DROP, form)
    return go(_page(item_id), "Dropped: the page says why, and followers are told.")


@router.post("/desk/plan/{item_id}/resume")
def resume(request: Request, session: Db, actor: Planner, posted: Posted, item_id: int) -> Response:
    """Plan it again."""
    form = _expected(request, session, actor, posted, item_id, actions.resume)
    if not form.ok:
        return _item_page(request, session, actor, item_id, Verb.RESUME, form)
    return go(_page(item_id), "It is in the plan again, and followers are told.")


def _expected(
    request: Request,
    session: Session,
    actor: Actor,
    posted: dict[str, Any],
    item_id: int,
    act: Callable[..., None],
) -> Form[MoveForm]:
    """Move or resume an item: to a month, with a reason; returns the form, with its errors."""
    form, platform = Form[MoveForm](posted).check(MoveForm), platform_of(request)
    if form.ok:
        with form.attempt(session):
            act(
                session,
                actor=actor,
                item_id=item_id,
                month=form.value.month,
                reason=form.value.reason,
                pack=platform.pack,
                now=platform.clock(),
            )
    return form


@router.post("/desk/plan/{item_id}/link")
def link(request: Request, session: Db, actor: Planner, posted: Posted, item_id: int) -> Response:
    """Say which draft carries it out."""
    form = Form[LinkForm](posted).check(LinkForm)
    if form.ok:
        with form.attempt(session):
            actions.link_draft(
                session,
                actor=actor,
                item_id=item_id,
                draft_id=form.value.draft or None,
                now=platform_of(request).clock(),
            )
    if not form.ok:
        return _item_page(request, session, actor, item_id, Verb.LINK, form)
    return go(_page(item_id), "Saved.")


def _page(item_id: int) -> str:
    return f"/desk/plan/{item_id}"
