"""Pages on which an officer answers: one comment, or a group, one after another."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.answers.actions import decide, drop_answer
from consult.answers.bench import Bench, Subject, open_bench
from consult.answers.detector import Twins, twins_of
from consult.answers.forms import AnswerForm, WorkQuery
from consult.answers.models import Disposition, Issue
from consult.answers.queries import answer_by_id, answer_to, issue_by_id
from consult.answers.rules import OUTCOMES, REASON_MAX
from consult.answers.teamwork.queries import notes_on, offered
from consult.answers.views import around, changeable, passage
from consult.answers.worklist import (
    WorkFilter,
    WorkRow,
    count_work,
    list_work,
    next_unanswered,
    similar,
    with_words,
    work_row,
)
from consult.comments.models import Comment
from consult.errors import N_, NotFound
from consult.forms import Form, Number, Posted
from consult.security import Allow, Db
from consult.web import go, platform_of, render

router = APIRouter()

AtDesk = Annotated[Actor, Depends(Allow("desk"))]
Officer = Annotated[Actor, Depends(Allow("answer"))]
Narrowed = Annotated[WorkQuery, Query()]
TemplateId = Annotated[Number | None, Query(alias="template")]

SENT = N_("Sent for approval. Here is the next comment without an answer.")
SAVED = N_("Saved. Here is the next comment without an answer.")
DONE = N_("Kept. Nothing in this list is left without an answer.")


@router.get("/desk/consultations/{consultation_id}/comments/{comment_id}")
def comment_to_answer(
    request: Request,
    session: Db,
    actor: AtDesk,
    consultation_id: int,
    comment_id: int,
    wanted: Narrowed,
    template_id: TemplateId = None,
) -> Response:
    """One comment with what it is about, similar ones, and the form for its answer."""
    bench = open_bench(request, session, actor, consultation_id)
    row = _owed(session, bench, comment_id)
    desk = _Desk(request, session, actor, bench, wanted, Subject(comment_id), [row])
    return _comment_page(desk, row, desk.fresh_form(template_id))


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
    desk = _Desk(request, session, actor, bench, wanted, Subject(comment_id), [row])
    form = Form[AnswerForm](posted).check(AnswerForm)
    answer = desk.decide(form)
    return desk.go_on(answer, row.comment) if answer else _comment_page(desk, row, form)


@router.get("/desk/consultations/{consultation_id}/groups/{issue_id}")
def group_to_answer(
    request: Request,
    session: Db,
    actor: AtDesk,
    consultation_id: int,
    issue_id: int,
    wanted: Narrowed,
    template_id: TemplateId = None,
) -> Response:
    """A group of comments and the form for the answer all of them get."""
    bench = open_bench(request, session, actor, consultation_id)
    issue = issue_by_id(session, bench.id, issue_id)
    rows = list_work(session, bench.id, bench.lang, WorkFilter(issue=issue_id))
    desk = _Desk(request, session, actor, bench, wanted, Subject(issue_id=issue_id), rows)
    return _group_page(desk, issue, desk.fresh_form(template_id))


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
    rows = list_work(session, bench.id, bench.lang, WorkFilter(issue=issue_id))
    desk = _Desk(request, session, actor, bench, wanted, Subject(issue_id=issue_id), rows)
    form = Form[AnswerForm](posted).check(AnswerForm)
    answer = desk.decide(form)
    return desk.go_on(answer, None) if answer else _group_page(desk, issue, form)


@router.post("/desk/consultations/{consultation_id}/answers/{answer_id}/drop")
def drop(
    request: Request, session: Db, actor: Officer, consultation_id: int, answer_id: int
) -> Response:
    """Take an answer back before it is approved."""
    bench = open_bench(request, session, actor, consultation_id)
    answer = answer_by_id(session, bench.id, answer_id)
    place = Subject(answer.comment_id, answer.issue_id).path
    drop_answer(
        session,
        actor=actor,
        consultation=bench.consultation,
        draft=bench.draft,
        disposition=answer,
    )
    return go(f"{bench.url}/{place}", "The answer was taken back.")


def _owed(session: Db, bench: Bench, comment_id: int) -> WorkRow:
    row = work_row(session, bench.id, comment_id)
    if row is None:
        raise NotFound("No answer is owed to this comment: it was withdrawn, hidden or never made.")
    return row


class _Desk:
    """An officer before one comment or one group: its form, its answer, and what comes next."""

    def __init__(
        self,
        request: Request,
        session: Db,
        actor: Actor,
        bench: Bench,
        wanted: WorkQuery,
        subject: Subject,
        rows: list[WorkRow],
    ) -> None:
        self.request, self.session, self.actor = request, session, actor
        self.bench, self.wanted, self.subject, self.rows = bench, wanted, subject, rows
        self.own = answer_to(session, comment_id=subject.comment_id, issue_id=subject.issue_id)
        self.templates = offered(session, bench.draft.agency_id)
        self.asks = False

    def fresh_form(self, template_id: int | None) -> Form[AnswerForm]:
        """What stands already, or what is likely to be meant, with the words of a template."""
        first = self.rows[0].comment if self.rows else None
        values: dict[str, Any] = {
            "lang": first.lang if first else self.bench.lang,
            "changed_wid": first.wid if first else "",
            "seen": "",
        }
        if self.own is not None:
            fields = ("outcome", "reason", "lang", "changed_wid")
            values = {name: getattr(self.own, name) for name in fields} | {"seen": self.own.mark}
        for template in self.templates:
            if template.id == template_id:
                values |= {name: getattr(template, name) for name in ("outcome", "reason", "lang")}
                values["template"] = template.id
        return Form[AnswerForm](values)

    def decide(self, form: Form[AnswerForm]) -> Disposition | None:
        """The answer as typed, kept; None when there are errors to show, or something to ask.

        A reason that answers unlike things already is sent once the writer has seen that it does.
        """
        if not form.ok:
            return None
        typed = form.value
        if typed.then == "submit":
            twins = self.twins(typed.reason)
            self.asks = twins.is_template and len(twins.answers) > typed.known
        if self.asks:
            return None
        with form.attempt(self.session):
            return decide(
                self.session,
                actor=self.actor,
                consultation=self.bench.consultation,
                draft=self.bench.draft,
                comment_id=self.subject.comment_id,
                issue_id=self.subject.issue_id,
                outcome=typed.outcome,
                reason=typed.reason,
                lang=typed.lang,
                changed_wid=typed.changed_wid,
                submit=typed.then == "submit",
                seen=typed.seen,
                now=platform_of(self.request).clock(),
            )
        return None

    def twins(self, reason: str) -> Twins:
        return twins_of(
            self.session,
            self.bench.id,
            reason,
            comment_id=self.subject.comment_id,
            issue_id=self.subject.issue_id,
        )

    def render(self, template: str, form: Form[AnswerForm], **more: Any) -> Response:
        reason = str(form["reason"])
        return render(
            self.request,
            template,
            status=422 if self.asks else form.status,
            bench=self.bench,
            subject=self.subject,
            wanted=self.wanted,
            own=self.own,
            form=form,
            asks=self.asks,
            twins=self.twins(reason) if reason else None,
            templates=self.templates,
            notes=notes_on(self.session, self.subject.comment_ids, self.subject.issue_ids),
            outcomes=OUTCOMES,
            changeable=changeable(self.session, self.bench),
            can_answer=self.bench.takes_answers(self.actor),
            reason_max=REASON_MAX,
            **more,
        )

    def next_url(self, after: Comment | None) -> str:
        """The next comment without an answer, within what the officer works through; "" if none."""
        at, wanted = self.bench.id, self.wanted
        found = with_words(self.session, at, wanted.filter, wanted.words)
        place = next_unanswered(self.session, at, self.bench.lang, found, after)
        if place is None:
            return ""
        comment_id, issue_id = place
        path = Subject(issue_id=issue_id) if issue_id else Subject(comment_id)
        return f"{self.bench.url}/{path.path}{wanted.address()}"

    def go_on(self, answer: Disposition, after: Comment | None) -> Response:
        following = self.next_url(after)
        if not following:
            return go(self.bench.url + self.wanted.address(status=""), DONE)
        said = SENT if answer.state == "submitted" else SAVED
        return go(following, said)


def _comment_page(desk: _Desk, row: WorkRow, form: Form[AnswerForm]) -> Response:
    session, bench = desk.session, desk.bench
    return desk.render(
        "answers/comment.html",
        form,
        row=row,
        passage=passage(session, bench, row.comment),
        around=around(session, bench, desk.actor, row),
        similar=similar(session, row),
        issue=issue_by_id(session, bench.id, row.issue_id) if row.issue_id else None,
        next_url=desk.next_url(row.comment),
    )


def _group_page(desk: _Desk, issue: Issue, form: Form[AnswerForm]) -> Response:
    members = WorkFilter(issue=issue.id)
    return desk.render(
        "answers/group.html",
        form,
        issue=issue,
        rows=desk.rows,
        total=count_work(desk.session, desk.bench.id, members).found,
    )
