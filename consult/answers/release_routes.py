"""Pages of the second person, who approves answers or gives them back. Publishing: reports/."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.accounts.queries import names_of
from consult.answers.actions import approve, as_seen, give_back
from consult.answers.bench import Bench, open_bench
from consult.answers.detector import shared_reasons
from consult.answers.forms import ApprovalForm
from consult.answers.models import Disposition
from consult.answers.review import PAGE, Subject, awaiting, awaiting_outcomes
from consult.answers.rules import OUTCOMES
from consult.answers.teamwork.queries import Note, notes_on
from consult.answers.views import Pieces, difference
from consult.forms import Form, Posted
from consult.procedure.stages import Stage, Verb, allows
from consult.security import Allow, Db
from consult.web import go, platform_of, render

router = APIRouter()

AtDesk = Annotated[Actor, Depends(Allow("desk"))]
Approver = Annotated[Actor, Depends(Allow("approve"))]
Outcome = Annotated[str, Query(max_length=20)]
PageNumber = Annotated[int, Query(ge=1, le=100_000)]


@router.get("/desk/consultations/{consultation_id}/approvals")
def approvals(
    request: Request,
    session: Db,
    actor: AtDesk,
    consultation_id: int,
    outcome: Outcome = "",
    page: PageNumber = 1,
) -> Response:
    """The answers that wait for a second person, of one outcome or all."""
    bench = open_bench(request, session, actor, consultation_id)
    return _approvals_page(request, session, bench, Form[ApprovalForm](), outcome, page)


def _approvals_page(
    request: Request,
    session: Db,
    bench: Bench,
    form: Form[ApprovalForm],
    outcome: str,
    page: int = 1,
) -> Response:
    subjects = awaiting(session, bench.id, page, outcome)
    rows = [subject.disposition for subject in subjects]
    waiting = awaiting_outcomes(session, bench.id)
    total = waiting[outcome] if outcome else waiting.total()
    return render(
        request,
        "answers/approvals.html",
        status=form.status,
        bench=bench,
        form=form,
        subjects=subjects,
        total=total,
        outcome=outcome,
        outcomes=[(code, waiting[code]) for code in OUTCOMES if waiting[code] or code == outcome],
        all_n=waiting.total(),
        page=page,
        more=total > page * PAGE,
        writers=names_of(session, {subject.disposition.drafted_by for subject in subjects}),
        shared=shared_reasons(session, bench.id, rows),
        notes=_notes(session, subjects),
        changes={row.id: _change(row) for row in rows},
        can_approve=allows(Stage(bench.draft.stage), Verb.APPROVE),
    )


def _notes(session: Db, subjects: Sequence[Subject]) -> dict[int | None, list[Note]]:
    """What colleagues noted about what is answered, by answer."""
    rows = [subject.disposition for subject in subjects]
    found = notes_on(
        session,
        {row.comment_id for row in rows if row.comment_id},
        {row.issue_id for row in rows if row.issue_id},
    )
    subject_of = {(row.comment_id, row.issue_id): row.id for row in rows}
    notes: dict[int | None, list[Note]] = defaultdict(list)
    for note in found:
        notes[subject_of[note.row.comment_id, note.row.issue_id]].append(note)
    return notes


def _change(row: Disposition) -> Pieces | None:
    """How the provision an answer names has changed so far, if it has."""
    changed = row.text_before != row.text_after
    return difference(row.text_before, row.text_after) if changed else None


@router.post("/desk/consultations/{consultation_id}/approvals")
def approve_chosen(
    request: Request,
    session: Db,
    actor: Approver,
    posted: Posted,
    consultation_id: int,
    outcome: Outcome = "",
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
        return _approvals_page(request, session, bench, form, outcome)
    return go(_address(bench, outcome), "Approved.")


@router.post("/desk/consultations/{consultation_id}/approvals/return")
def return_chosen(
    request: Request,
    session: Db,
    actor: Approver,
    posted: Posted,
    consultation_id: int,
    outcome: Outcome = "",
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
        return _approvals_page(request, session, bench, form, outcome)
    return go(_address(bench, outcome), "Returned with your note.")


def _address(bench: Bench, outcome: str) -> str:
    return f"{bench.url}/approvals" + (f"?{urlencode({'outcome': outcome})}" if outcome else "")
