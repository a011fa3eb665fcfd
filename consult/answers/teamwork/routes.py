"""Pages of teamwork: the notes on a comment or a group, the templates of an agency."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.answers.bench import Bench, Subject, open_bench
from consult.answers.queries import issue_by_id
from consult.answers.rules import OUTCOMES, REASON_MAX
from consult.answers.teamwork.actions import (
    archive_template,
    delete_note,
    write_note,
    write_template,
)
from consult.answers.teamwork.forms import NoteForm, TemplateForm
from consult.answers.teamwork.queries import (
    note_by_id,
    notes_on,
    served,
    template_by_id,
    templates_of,
)
from consult.answers.teamwork.rules import TITLE_MAX
from consult.comments.queries import comment_by_id
from consult.errors import NotFound
from consult.forms import Form, Posted
from consult.security import Allow, Db
from consult.web import go, language_of, platform_of, render

router = APIRouter()

AtDesk = Annotated[Actor, Depends(Allow("desk"))]
Officer = Annotated[Actor, Depends(Allow("answer"))]


Kind = Literal["comments", "groups"]


@router.get("/desk/consultations/{consultation_id}/{kind}/{subject_id}/notes")
def notes(
    request: Request,
    session: Db,
    actor: AtDesk,
    consultation_id: int,
    kind: Kind,
    subject_id: int,
) -> Response:
    """What colleagues noted about a comment or a group."""
    bench = open_bench(request, session, actor, consultation_id)
    return _notes_page(request, session, bench, _about(session, bench, kind, subject_id), Form())


@router.post("/desk/consultations/{consultation_id}/{kind}/{subject_id}/notes")
def note(
    request: Request,
    session: Db,
    actor: AtDesk,
    posted: Posted,
    consultation_id: int,
    kind: Kind,
    subject_id: int,
) -> Response:
    """Leave a note about a comment or a group."""
    bench = open_bench(request, session, actor, consultation_id)
    subject = _about(session, bench, kind, subject_id)
    form = Form[NoteForm](posted).check(NoteForm)
    if form.ok:
        with form.attempt(session):
            write_note(
                session,
                actor=actor,
                draft=bench.draft,
                comment_id=subject.comment_id,
                issue_id=subject.issue_id,
                body=form.value.body,
                now=platform_of(request).clock(),
            )
    if not form.ok:
        return _notes_page(request, session, bench, subject, form)
    return go(f"{bench.url}/{subject.path}", "The note is kept. Only colleagues see it.")


@router.post("/desk/consultations/{consultation_id}/notes/{note_id}/delete")
def unnote(
    request: Request, session: Db, actor: AtDesk, consultation_id: int, note_id: int
) -> Response:
    """Delete one's own note."""
    bench = open_bench(request, session, actor, consultation_id)
    row = note_by_id(session, bench.id, note_id)
    subject = Subject(row.comment_id, row.issue_id)
    delete_note(session, actor=actor, draft=bench.draft, note=row)
    return go(f"{bench.url}/{subject.path}", "The note is deleted.")


def _about(session: Db, bench: Bench, kind: Kind, subject_id: int) -> Subject:
    """The comment or group of this consultation; raises NotFound."""
    if kind == "groups":
        return Subject(issue_id=issue_by_id(session, bench.id, subject_id).id)
    comment = comment_by_id(session, subject_id)
    if comment.consultation_id != bench.id:
        raise NotFound("There is no such comment.")
    return Subject(comment_id=comment.id)


def _notes_page(
    request: Request, session: Db, bench: Bench, subject: Subject, form: Form[NoteForm]
) -> Response:
    return render(
        request,
        "answers/notes.html",
        status=form.status,
        bench=bench,
        subject=subject,
        form=form,
        notes=notes_on(session, subject.comment_ids, subject.issue_ids),
    )


@router.get("/desk/templates")
def templates(request: Request, session: Db, actor: AtDesk) -> Response:
    """The wordings that answers of one's agencies may begin with, and the form for another."""
    return _templates_page(request, session, actor, Form({"lang": language_of(request)}))


def _templates_page(
    request: Request, session: Db, actor: Actor, form: Form[TemplateForm]
) -> Response:
    bodies = served(session, actor)
    return render(
        request,
        "answers/templates.html",
        status=form.status,
        form=form,
        bodies=bodies,
        templates=templates_of(session, list(bodies)),
        outcomes=OUTCOMES,
        reason_max=REASON_MAX,
        title_max=TITLE_MAX,
    )


@router.post("/desk/templates")
def keep_template(request: Request, session: Db, actor: Officer, posted: Posted) -> Response:
    """Keep a wording for one's agency."""
    form = Form[TemplateForm](posted).check(TemplateForm)
    if form.ok:
        typed = form.value
        with form.attempt(session):
            write_template(
                session,
                actor=actor,
                agency_id=typed.agency,
                title=typed.title,
                outcome=typed.outcome,
                lang=typed.lang,
                reason=typed.reason,
                now=platform_of(request).clock(),
            )
    if not form.ok:
        return _templates_page(request, session, actor, form)
    return go("/desk/templates", "The template is kept.")


@router.post("/desk/templates/{template_id}/archive")
def drop_template(request: Request, session: Db, actor: Officer, template_id: int) -> Response:
    """Offer a wording no longer."""
    template = template_by_id(session, template_id)
    archive_template(session, actor=actor, template=template, now=platform_of(request).clock())
    return go("/desk/templates", "The template is not offered any more.")
