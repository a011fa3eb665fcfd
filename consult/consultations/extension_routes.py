"""The page on which an open discussion is made longer; its first dates are set in routes.py."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from consult.access import Actor, check_agency
from consult.consultations.actions import extend
from consult.consultations.forms import ExtensionForm, to_local, to_utc
from consult.consultations.queries import current_round, extensions_of
from consult.errors import Conflict
from consult.forms import Form, Posted
from consult.procedure.stages import Stage, Verb, check_allowed
from consult.security import Allow, Db
from consult.web import go, platform_of, render
from drafts.models import Draft
from drafts.queries import draft_for

router = APIRouter()

Preparer = Annotated[Actor, Depends(Allow("prepare"))]


@router.get("/desk/drafts/{draft_id}/extend")
def ask(request: Request, session: Db, actor: Preparer, draft_id: int) -> Response:
    """The form: until when, and why."""
    draft = _own(session, actor, draft_id)
    check_allowed(Stage(draft.stage), Verb.EXTEND)
    return _page(request, session, draft, Form[ExtensionForm]())


@router.post("/desk/drafts/{draft_id}/extend")
def extend_term(
    request: Request, session: Db, actor: Preparer, posted: Posted, draft_id: int
) -> Response:
    """Let the discussion close later; all who follow it or took part are told."""
    draft = _own(session, actor, draft_id)
    platform = platform_of(request)
    form = Form[ExtensionForm](posted).check(ExtensionForm)
    if form.ok:
        with form.attempt(session):
            extend(
                session,
                actor=actor,
                draft=draft,
                closes_at=to_utc(form.value.closes_at, platform.pack.tz),
                reason=form.value.reason,
                now=platform.clock(),
            )
    if not form.ok:
        return _page(request, session, draft, form)
    return go(f"/desk/drafts/{draft_id}", "The discussion closes later. All concerned are told.")


def _page(request: Request, session: Db, draft: Draft, form: Form[ExtensionForm]) -> Response:
    consultation = current_round(session, draft.id or 0)
    if consultation is None:
        raise Conflict("This discussion is closed.")
    if not form.raw:
        standing = to_local(consultation.closes_at, platform_of(request).pack.tz)
        form = Form[ExtensionForm]({"closes_at": standing})
    return render(
        request,
        "consultations/extend.html",
        status=form.status,
        draft=draft,
        consultation=consultation,
        extensions=extensions_of(session, consultation.id or 0),
        form=form,
    )


def _own(session: Db, actor: Actor, draft_id: int) -> Draft:
    draft = draft_for(session, draft_id, actor)
    check_agency(actor, "prepare", draft.agency_id)
    return draft
