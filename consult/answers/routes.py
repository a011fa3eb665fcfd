"""Pages of the officer who answers: the list of comments, groups, one answer after another.

Approval is in release_routes.py, publication and the report are consult/reports.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.answers import release_routes
from consult.answers.actions import decide, drop_answer, group_comments, ungroup
from consult.answers.bench import Bench, open_bench
from consult.answers.forms import AnswerForm, GroupForm, WorkQuery
from consult.answers.models import Disposition, Issue
from consult.answers.queries import answer_by_id, answer_to, issue_by_id, issues_of, same_reason
from consult.answers.rules import OUTCOMES, REASON_MAX
from consult.answers.views import changeable, passage
from consult.answers.worklist import (
    PAGE,
    STATUSES,
    WorkFilter,
    WorkRow,
    count_work,
    found_ids,
    list_work,
    next_unanswered,
    similar,
    work_row,
)
from consult.comments.models import Comment
from consult.comments.rules import KINDS
from consult.errors import N_, NotFound
from consult.forms import Form, Posted
from consult.security import Allow, Db
from consult.web import go, platform_of, render

router = APIRouter()
router.include_router(release_routes.router)

AtDesk = Annotated[Actor, Depends(Allow("desk"))]
Officer = Annotated[Actor, Depends(Allow("answer"))]
Narrowed = Annotated[WorkQuery, Query()]

SENT = N_("Sent for approval. Here is the next comment without an answer.")
SAVED = N_("Saved. Here is the next comment without an answer.")
TWIN = N_("Kept. The same reason stands in another answer: check that it fits both comments.")
DONE = N_("Kept. Nothing in this list is left without an answer.")


@router.get("/desk/consultations/{consultation_id}")
def working_list(
    request: Request, session: Db, actor: AtDesk, consultation_id: int, wanted: Narrowed
) -> Response:
    """The comments of a consultation, narrowed and counted."""
    bench = open_bench(request, session, actor, consultation_id)
    return _list_page(request, session, bench, wanted, Form[GroupForm]())


def _list_page(
    request: Request, session: Db, bench: Bench, wanted: WorkQuery, form: Form[GroupForm]
) -> Response:
    counts = count_work(session, bench.id, wanted.filter)
    return render(
        request,
        "answers/list.html",
        status=form.status,
        bench=bench,
        wanted=wanted,
        form=form,
        counts=counts,
        rows=list_work(session, bench.id, bench.lang, wanted.filter, wanted.page),
        issues=issues_of(session, bench.id),
        statuses=STATUSES,
        kinds=KINDS,
        more=counts.found > wanted.page * PAGE,
    )


@router.post("/desk/consultations/{consultation_id}/groups")
def regroup(
    request: Request,
    session: Db,
    actor: Officer,
    posted: Posted,
    consultation_id: int,
    wanted: Narrowed,
) -> Response:
    """Put the chosen comments into a group, or take them out of theirs."""
    bench = open_bench(request, session, actor, consultation_id)
    form = Form[GroupForm](posted).check(GroupForm)
    issue: Issue | None = None
    if form.ok:
        with form.attempt(session):
            issue = _regroup(request, session, actor, bench, form.value, wanted.filter)
    if not form.ok:
        return _list_page(request, session, bench, wanted, form)
    if issue is None:
        back = bench.url + wanted.address(page=wanted.page)
        return go(back, "The comments were taken out of their groups.")
    return go(f"{bench.url}/groups/{issue.id}", "These comments now get one answer together.")


def _regroup(
    request: Request,
    session: Db,
    actor: Actor,
    bench: Bench,
    typed: GroupForm,
    found: WorkFilter,
) -> Issue | None:
    chosen = found_ids(session, bench.id, found) if typed.everything else typed.comments
    if typed.then == "ungroup":
        ungroup(
            session,
            actor=actor,
            consultation=bench.consultation,
            draft=bench.draft,
            comment_ids=chosen,
            now=platform_of(request).clock(),
        )
        return None
    return group_comments(
        session,
        actor=actor,
        consultation=bench.consultation,
        draft=bench.draft,
        comment_ids=chosen,
        title=typed.title,
        issue_id=typed.issue or None,
        now=platform_of(request).clock(),
    )


@router.get("/desk/consultations/{consultation_id}/comments/{comment_id}")
def comment_to_answer(
    request: Request,
    session: Db,
    actor: AtDesk,
    consultation_id: int,
    comment_id: int,
    wanted: Narrowed,
) -> Response:
    """One comment with what it is about, similar ones, and the form for its answer."""
    bench = open_bench(request, session, actor, consultation_id)
    row = _owed(session, bench, comment_id)
    own = answer_to(session, comment_id=comment_id)
    return _comment_page(request, session, actor, bench, wanted, row, own, None)


@router.post("/desk/consultations/{consultation_id}/comments/{comment_id}")
def answer_comment(
    request: Request,
    session: Db,
    actor: Officer,
    posted: Posted,
    consultation_id: int,
    comment_id: int,
    wanted: Narrowed,
) -> Response:
    """Answer one comment, then on to the next without an answer."""
    bench = open_bench(request, session, actor, consultation_id)
    row = _owed(session, bench, comment_id)
    form = Form[AnswerForm](posted).check(AnswerForm)
    answer = _decide(request, session, actor, bench, form, comment_id=comment_id)
    if answer is None:
        own = answer_to(session, comment_id=comment_id)
        return _comment_page(request, session, actor, bench, wanted, row, own, form)
    return _go_on(session, bench, wanted, answer, row.comment)


@router.get("/desk/consultations/{consultation_id}/groups/{issue_id}")
def group_to_answer(
    request: Request,
    session: Db,
    actor: AtDesk,
    consultation_id: int,
    issue_id: int,
    wanted: Narrowed,
) -> Response:
    """A group of comments and the form for the answer all of them get."""
    bench = open_bench(request, session, actor, consultation_id)
    issue = issue_by_id(session, bench.id, issue_id)
    return _group_page(request, session, actor, bench, wanted, issue, None)


@router.post("/desk/consultations/{consultation_id}/groups/{issue_id}")
def answer_group(
    request: Request,
    session: Db,
    actor: Officer,
    posted: Posted,
    consultation_id: int,
    issue_id: int,
    wanted: Narrowed,
) -> Response:
    """Answer a whole group, then on to the next comment without an answer."""
    bench = open_bench(request, session, actor, consultation_id)
    issue = issue_by_id(session, bench.id, issue_id)
    form = Form[AnswerForm](posted).check(AnswerForm)
    answer = _decide(request, session, actor, bench, form, issue_id=issue_id)
    if answer is None:
        return _group_page(request, session, actor, bench, wanted, issue, form)
    return _go_on(session, bench, wanted, answer, None)


@router.post("/desk/consultations/{consultation_id}/answers/{answer_id}/drop")
def drop(
    request: Request, session: Db, actor: Officer, consultation_id: int, answer_id: int
) -> Response:
    """Take an answer back before it is approved."""
    bench = open_bench(request, session, actor, consultation_id)
    answer = answer_by_id(session, bench.id, answer_id)
    place = f"comments/{answer.comment_id}" if answer.comment_id else f"groups/{answer.issue_id}"
    drop_answer(
        session,
        actor=actor,
        consultation=bench.consultation,
        draft=bench.draft,
        disposition=answer,
    )
    return go(f"{bench.url}/{place}", "The answer was taken back.")


def _decide(
    request: Request,
    session: Db,
    actor: Actor,
    bench: Bench,
    form: Form[AnswerForm],
    *,
    comment_id: int | None = None,
    issue_id: int | None = None,
) -> Disposition | None:
    """The answer as typed, kept; None when the form has errors to show."""
    if not form.ok:
        return None
    typed = form.value
    with form.attempt(session):
        return decide(
            session,
            actor=actor,
            consultation=bench.consultation,
            draft=bench.draft,
            comment_id=comment_id,
            issue_id=issue_id,
            outcome=typed.outcome,
            reason=typed.reason,
            lang=typed.lang,
            changed_wid=typed.changed_wid,
            submit=typed.then == "submit",
            seen=typed.seen,
            now=platform_of(request).clock(),
        )
    return None


def _owed(session: Db, bench: Bench, comment_id: int) -> WorkRow:
    row = work_row(session, bench.id, comment_id)
    if row is None:
        raise NotFound("No answer is owed to this comment: it was withdrawn, hidden or never made.")
    return row


def _comment_page(
    request: Request,
    session: Db,
    actor: Actor,
    bench: Bench,
    wanted: WorkQuery,
    row: WorkRow,
    own: Disposition | None,
    form: Form[AnswerForm] | None,
) -> Response:
    following = next_unanswered(session, bench.id, bench.lang, wanted.filter, row.comment)
    return render(
        request,
        "answers/comment.html",
        status=form.status if form else 200,
        row=row,
        passage=passage(session, bench, row.comment),
        similar=similar(session, row),
        issue=issue_by_id(session, bench.id, row.issue_id) if row.issue_id else None,
        **_answer_context(session, actor, bench, wanted, own, form, [row]),
        next_url=_address(bench, wanted, following) if following else "",
    )


def _group_page(
    request: Request,
    session: Db,
    actor: Actor,
    bench: Bench,
    wanted: WorkQuery,
    issue: Issue,
    form: Form[AnswerForm] | None,
) -> Response:
    members = WorkFilter(issue=issue.id)
    rows = list_work(session, bench.id, bench.lang, members)
    own = answer_to(session, issue_id=issue.id)
    return render(
        request,
        "answers/group.html",
        status=form.status if form else 200,
        issue=issue,
        rows=rows,
        total=count_work(session, bench.id, members).found,
        **_answer_context(session, actor, bench, wanted, own, form, rows),
    )


def _answer_context(
    session: Db,
    actor: Actor,
    bench: Bench,
    wanted: WorkQuery,
    own: Disposition | None,
    form: Form[AnswerForm] | None,
    rows: list[WorkRow],
) -> dict[str, object]:
    """What the form for an answer needs: what stands already, or what is likely to be meant."""
    first = rows[0].comment if rows else None
    if form is None:
        values = {"lang": first.lang if first else bench.lang, "changed_wid": "", "seen": ""}
        if own is not None:
            fields = ("outcome", "reason", "lang", "changed_wid")
            values = {name: getattr(own, name) for name in fields} | {"seen": own.mark}
        elif first is not None:
            values["changed_wid"] = first.wid
        form = Form[AnswerForm](values)
    return {
        "bench": bench,
        "wanted": wanted,
        "own": own,
        "form": form,
        "twins": same_reason(session, own) if own else [],
        "outcomes": OUTCOMES,
        "changeable": changeable(session, bench),
        "can_answer": bench.takes_answers(actor),
        "reason_max": REASON_MAX,
    }


def _address(bench: Bench, wanted: WorkQuery, place: tuple[int, int]) -> str:
    """Where a comment is answered: on its own page, or on its group's."""
    comment_id, issue_id = place
    page = f"groups/{issue_id}" if issue_id else f"comments/{comment_id}"
    return f"{bench.url}/{page}{wanted.address()}"


def _go_on(
    session: Db, bench: Bench, wanted: WorkQuery, answer: Disposition, after: Comment | None
) -> Response:
    """To the next comment without an answer, within what the officer works through."""
    following = next_unanswered(session, bench.id, bench.lang, wanted.filter, after)
    if following is None:
        return go(bench.url + wanted.address(status=""), DONE)
    message = SENT if answer.state == "submitted" else SAVED
    if same_reason(session, answer):
        message = TWIN
    return go(_address(bench, wanted, following), message)
