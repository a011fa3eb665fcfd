"""Pages of suggested groups: what the machine proposes, and a person's decision."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.answers.bench import Bench, open_bench
from consult.answers.models import Issue
from consult.forms import Form, Posted
from consult.grouping.actions import ask_for_suggestions, dismiss_suggestion, take_suggestion
from consult.grouping.forms import TakeForm
from consult.grouping.queries import PAGE, open_suggestions, suggestion_by_id
from consult.security import Allow, Db
from consult.web import go, platform_of, render

router = APIRouter()

AtDesk = Annotated[Actor, Depends(Allow("desk"))]
Officer = Annotated[Actor, Depends(Allow("answer"))]
PageNumber = Annotated[int, Query(ge=1, le=1000)]


@router.get("/desk/consultations/{consultation_id}/suggestions")
def suggestions(
    request: Request, session: Db, actor: AtDesk, consultation_id: int, page: PageNumber = 1
) -> Response:
    """Comments that look as if they raised one point, to be grouped or not."""
    bench = open_bench(request, session, actor, consultation_id)
    return _page(request, session, actor, bench, page, Form[TakeForm](), 0)


def _page(
    request: Request,
    session: Db,
    actor: Actor,
    bench: Bench,
    page: int,
    form: Form[TakeForm],
    at: int,
) -> Response:
    """`at` is the suggestion whose form has errors to show."""
    found = open_suggestions(session, bench.id, page)
    return render(
        request,
        "grouping/suggestions.html",
        status=form.status,
        bench=bench,
        form=form,
        at=at,
        proposals=found[:PAGE],
        page=page,
        more=len(found) > PAGE,
        can_group=bench.takes_answers(actor),
    )


@router.post("/desk/consultations/{consultation_id}/suggestions")
def look_again(request: Request, session: Db, actor: Officer, consultation_id: int) -> Response:
    """Have the comments looked through again."""
    bench = open_bench(request, session, actor, consultation_id)
    ask_for_suggestions(
        session,
        actor=actor,
        consultation=bench.consultation,
        draft=bench.draft,
        now=platform_of(request).clock(),
    )
    return go(
        f"{bench.url}/suggestions",
        "The comments are being looked through. Reload this page in a moment.",
    )


@router.post("/desk/consultations/{consultation_id}/suggestions/{suggestion_id}")
def take(
    request: Request,
    session: Db,
    actor: Officer,
    posted: Posted,
    consultation_id: int,
    suggestion_id: int,
    page: PageNumber = 1,
) -> Response:
    """Make the group."""
    bench = open_bench(request, session, actor, consultation_id)
    form = Form[TakeForm](posted).check(TakeForm)
    issue: Issue | None = None
    if form.ok:
        with form.attempt(session):
            issue = take_suggestion(
                session,
                actor=actor,
                consultation=bench.consultation,
                draft=bench.draft,
                suggestion=suggestion_by_id(session, bench.id, suggestion_id),
                left_out=form.value.left_out,
                title=form.value.title,
                now=platform_of(request).clock(),
            )
    if issue is None:
        return _page(request, session, actor, bench, page, form, suggestion_id)
    return go(f"{bench.url}/groups/{issue.id}", "These comments now get one answer together.")


@router.post("/desk/consultations/{consultation_id}/suggestions/{suggestion_id}/dismiss")
def dismiss(
    request: Request, session: Db, actor: Officer, consultation_id: int, suggestion_id: int
) -> Response:
    """Say that they do not raise one point."""
    bench = open_bench(request, session, actor, consultation_id)
    dismiss_suggestion(
        session,
        actor=actor,
        consultation=bench.consultation,
        draft=bench.draft,
        suggestion=suggestion_by_id(session, bench.id, suggestion_id),
        now=platform_of(request).clock(),
    )
    return go(f"{bench.url}/suggestions", "They stay apart, and are not proposed again.")
