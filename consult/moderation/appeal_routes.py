"""Pages of appeals: an author's form, the oversight body's list, and its decision."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.errors import NotAllowed
from consult.forms import Form, Posted
from consult.law.queries import law_of
from consult.moderation.appealing import appeal, check_appealable, check_overseer, decide_appeal
from consult.moderation.appeals import (
    Case,
    Standing,
    act_to_appeal,
    appeal_by_id,
    appeals,
    removed_words,
)
from consult.moderation.forms import DecisionForm, WordsForm
from consult.moderation.models import ModerationAct
from consult.moderation.rules import APPEAL_MAX
from consult.security import Allow, Db
from consult.web import go, platform_of, render

router = APIRouter()

Author = Annotated[Actor, Depends(Allow("cabinet"))]
Overseer = Annotated[Actor, Depends(Allow("oversee"))]
RowId = Annotated[int | None, Query(ge=1, lt=2**31)]
PAGE = 30


@router.get("/comments/{comment_id}/appeal/{act_id}")
def appeal_form(
    request: Request, session: Db, actor: Author, comment_id: int, act_id: int
) -> Response:
    """The form to appeal against what was done about one's comment."""
    act, standing = _mine(request, session, actor, comment_id, act_id)
    if standing.appeal is not None:
        return go(f"/comments/{comment_id}", "You have appealed against this already.")
    return _appeal_page(request, session, act, standing, Form[WordsForm]())


@router.post("/comments/{comment_id}/appeal/{act_id}")
def post_appeal(
    request: Request, session: Db, actor: Author, posted: Posted, comment_id: int, act_id: int
) -> Response:
    """Take the appeal; the oversight body is told."""
    platform = platform_of(request)
    act, standing = _mine(request, session, actor, comment_id, act_id)
    form = Form[WordsForm](posted).check(WordsForm)
    if form.ok:
        with form.attempt(session):
            appeal(
                session,
                actor=actor,
                act=act,
                comment=act_to_appeal(session, act_id)[1],
                reason=form.value.reason,
                law=law_of(session, platform.pack),
                now=platform.clock(),
            )
    if not form.ok:
        return _appeal_page(request, session, act, standing, form)
    return go(f"/comments/{comment_id}", "Your appeal was sent. You will be told what is decided.")


def _mine(
    request: Request, session: Db, actor: Actor, comment_id: int, act_id: int
) -> tuple[ModerationAct, Standing]:
    act, comment = act_to_appeal(session, act_id)
    if comment.id != comment_id:
        raise NotAllowed("This is not your comment.")
    platform = platform_of(request)
    law, now = law_of(session, platform.pack), platform.clock()
    return act, check_appealable(session, actor=actor, act=act, comment=comment, law=law, now=now)


def _appeal_page(
    request: Request, session: Db, act: ModerationAct, standing: Standing, form: Form[WordsForm]
) -> Response:
    return render(
        request,
        "moderation/appeal.html",
        status=form.status,
        standing=standing,
        comment=act_to_appeal(session, act.id or 0)[1],
        form=form,
        limit=APPEAL_MAX,
    )


@router.get("/appeals")
def list_appeals(
    request: Request, session: Db, _actor: Overseer, show: str = "", before: RowId = None
) -> Response:
    """The appeals that wait, with the day each is due; or those decided."""
    law, decided = law_of(session, platform_of(request).pack), show == "decided"
    found = appeals(session, law, decided=decided, before=before, limit=PAGE)
    rows = found[:PAGE]
    return render(
        request,
        "moderation/appeals.html",
        rows=rows,
        show="decided" if decided else "",
        older=rows[-1].appeal.id if len(found) > PAGE else None,
    )


@router.get("/appeals/{appeal_id}")
def read_appeal(request: Request, session: Db, actor: Overseer, appeal_id: int) -> Response:
    """One appeal: the words, the act, the author's reason, and the form to decide."""
    return _case_page(request, session, actor, appeal_id, Form[DecisionForm]())


@router.post("/appeals/{appeal_id}")
def decide(
    request: Request, session: Db, actor: Overseer, posted: Posted, appeal_id: int
) -> Response:
    """Decide about an appeal, for a public reason."""
    platform = platform_of(request)
    case = _case(request, session, appeal_id)
    check_overseer(session, actor, case.appeal)
    form = Form[DecisionForm](posted).check(DecisionForm)
    if form.ok:
        with form.attempt(session):
            decide_appeal(
                session,
                actor=actor,
                row=case.appeal,
                decision=form.value.decision,
                reason=form.value.reason,
                now=platform.clock(),
            )
    if not form.ok:
        return _case_page(request, session, actor, appeal_id, form)
    return go("/appeals", "Decided. The author and the moderator are being told.")


def _case(request: Request, session: Db, appeal_id: int) -> Case:
    return appeal_by_id(session, law_of(session, platform_of(request).pack), appeal_id)


def _case_page(
    request: Request, session: Db, actor: Actor, appeal_id: int, form: Form[DecisionForm]
) -> Response:
    case = _case(request, session, appeal_id)
    try:
        check_overseer(session, actor, case.appeal)
        barred = ""
    except NotAllowed as refusal:
        barred = refusal.message
    return render(
        request,
        "moderation/appeal_case.html",
        status=form.status,
        case=case,
        barred=barred,
        words=() if barred else removed_words(session, case.act.id or 0),
        form=form,
        limit=APPEAL_MAX,
    )
