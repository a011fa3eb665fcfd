"""Pages of the second person, who approves answers or gives them back. Publishing: reports/."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.accounts.queries import names_of
from consult.answers.actions import approve, as_seen, give_back
from consult.answers.bench import Bench, open_bench
from consult.answers.forms import ApprovalForm
from consult.answers.models import Disposition
from consult.answers.review import PAGE, awaiting, count_awaiting
from consult.answers.rules import same_reasons
from consult.answers.views import Pieces, difference
from consult.forms import Form, Posted
from consult.procedure.stages import Stage, Verb, allows
from consult.security import Allow, Db
from consult.web import go, platform_of, render

router = APIRouter()

AtDesk = Annotated[Actor, Depends(Allow("desk"))]
Approver = Annotated[Actor, Depends(Allow("approve"))]
Publisher = Annotated[Actor, Depends(Allow("publish"))]
PageNumber = Annotated[int, Query(ge=1, le=100_000)]


@router.get("/desk/consultations/{consultation_id}/approvals")
def approvals(
    request: Request, session: Db, actor: AtDesk, consultation_id: int, page: PageNumber = 1
) -> Response:
    """The answers that wait for a second person."""
    bench = open_bench(request, session, actor, consultation_id)
    return _approvals_page(request, session, bench, Form[ApprovalForm](), page)


def _approvals_page(
    request: Request, session: Db, bench: Bench, form: Form[ApprovalForm], page: int = 1
) -> Response:
    subjects = awaiting(session, bench.id, page)
    rows = [subject.disposition for subject in subjects]
    reasons = {row.id or 0: row.reason for row in rows}
    total = count_awaiting(session, [bench.id]).get(bench.id, 0)
    return render(
        request,
        "answers/approvals.html",
        status=form.status,
        bench=bench,
        form=form,
        subjects=subjects,
        total=total,
        page=page,
        more=total > page * PAGE,
        writers=names_of(session, {subject.disposition.drafted_by for subject in subjects}),
        twins={id_ for ids in same_reasons(reasons) for id_ in ids},
        changes={row.id: _change(row) for row in rows},
        can_approve=allows(Stage(bench.draft.stage), Verb.APPROVE),
    )


def _change(row: Disposition) -> Pieces | None:
    """How the provision an answer names has changed so far, if it has."""
    changed = row.text_before != row.text_after
    return difference(row.text_before, row.text_after) if changed else None


@router.post("/desk/consultations/{consultation_id}/approvals")
def approve_chosen(
    request: Request, session: Db, actor: Approver, posted: Posted, consultation_id: int
) -> Response:
    """Let the chosen answers stand: all of them, or none if one is no longer as it was seen."""
    bench = open_bench(request, session, actor, consultation_id)
    form = Form[ApprovalForm](posted).check(ApprovalForm)
    if form.ok:
        now = platform_of(request).clock()
        with form.attempt(session):
            for answer in as_seen(session, bench.consultation, form.value.marks):
                approve(session, actor=actor, draft=bench.draft, disposition=answer, now=now)
    if not form.ok:
        return _approvals_page(request, session, bench, form)
    return go(f"{bench.url}/approvals", "Approved.")


@router.post("/desk/consultations/{consultation_id}/approvals/return")
def return_chosen(
    request: Request, session: Db, actor: Approver, posted: Posted, consultation_id: int
) -> Response:
    """Give the chosen answers back to who wrote them, with a note."""
    bench = open_bench(request, session, actor, consultation_id)
    form = Form[ApprovalForm](posted).check(ApprovalForm)
    if form.ok:
        note = form.value.note
        with form.attempt(session):
            for answer in as_seen(session, bench.consultation, form.value.marks):
                give_back(session, actor=actor, draft=bench.draft, disposition=answer, note=note)
    if not form.ok:
        return _approvals_page(request, session, bench, form)
    return go(f"{bench.url}/approvals", "Returned with your note.")
