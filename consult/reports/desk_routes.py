"""The page before publication: what is missing, what should be looked at; then all at once."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.answers.bench import Bench, open_bench
from consult.answers.forms import ApprovalForm
from consult.answers.review import readiness
from consult.answers.views import changeable
from consult.forms import Form
from consult.law.queries import law_of
from consult.procedure.stages import Stage, Verb, allows
from consult.reports.actions import publish_report
from consult.security import Allow, Db
from consult.web import go, platform_of, render

router = APIRouter()

AtDesk = Annotated[Actor, Depends(Allow("desk"))]
Publisher = Annotated[Actor, Depends(Allow("publish"))]


@router.get("/desk/consultations/{consultation_id}/report")
def before_publication(
    request: Request, session: Db, actor: AtDesk, consultation_id: int
) -> Response:
    """What is missing before the report can be published, and what should be looked at."""
    bench = open_bench(request, session, actor, consultation_id)
    return _gate_page(request, session, bench, Form())


def _gate_page(request: Request, session: Db, bench: Bench, form: Form[ApprovalForm]) -> Response:
    ready = readiness(session, bench.consultation)
    return render(
        request,
        "reports/gate.html",
        status=409 if form.errors else 200,
        bench=bench,
        form=form,
        ready=ready,
        places=dict(changeable(session, bench)) if ready.unexplained else {},
        may_publish=allows(Stage(bench.draft.stage), Verb.PUBLISH_REPORT),
    )


@router.post("/desk/consultations/{consultation_id}/report")
def publish(request: Request, session: Db, actor: Publisher, consultation_id: int) -> Response:
    """Publish all answers and the report at once."""
    bench = open_bench(request, session, actor, consultation_id)
    form = Form[ApprovalForm]()
    with form.attempt(session):
        publish_report(
            session,
            actor=actor,
            consultation=bench.consultation,
            draft=bench.draft,
            law=law_of(session, platform_of(request).pack),
            now=platform_of(request).clock(),
        )
    if not form.ok:
        return _gate_page(request, session, bench, form)
    address = f"/drafts/{bench.draft.id}/report/{bench.consultation.round}"
    return go(address, "The report is published. Everybody who commented is being told.")
