"""Pages for importing a text: a file is chosen and read; the rest of it is in correcting/."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor, check_agency
from consult.accounts.models import Agency
from consult.errors import DomainError, Invalid
from consult.forms import FieldError, Form, Posted
from consult.procedure.acts import ActType, check_body, check_file_begins, publishable
from consult.security import Allow, Db
from consult.web import go, language_of, platform_of, render
from drafts.actions import check_kind, keep_preview
from drafts.beginning import bodies_for, chosen_body
from drafts.forms import SUMMARY_MAX, TITLE_MAX, ImportForm
from drafts.importing.preview import Preview, import_bytes
from drafts.importing.table.reading import check_table
from drafts.models import Draft, ImportPreview
from drafts.queries import draft_for

router = APIRouter()

Preparer = Annotated[Actor, Depends(Allow("prepare"))]
DraftId = Annotated[int | None, Query(alias="draft", ge=1, lt=2**31)]


@router.get("/desk/import")
def choose_file(
    request: Request, session: Db, actor: Preparer, draft_id: DraftId = None
) -> Response:
    """The form for a file: of a new draft, or of a version or language of one there is."""
    draft = _own(session, actor, draft_id)
    return _import_page(request, session, actor, draft, Form[ImportForm]())


def _own(session: Session, actor: Actor, draft_id: int | None) -> Draft | None:
    if draft_id is None:
        return None
    draft = draft_for(session, draft_id, actor)
    check_agency(actor, "prepare", draft.agency_id)
    return draft


def _import_page(
    request: Request,
    session: Session,
    actor: Actor,
    draft: Draft | None,
    form: Form[ImportForm],
    status: int = 200,
) -> Response:
    bodies = bodies_for(session, actor)
    return render(
        request,
        "drafts/import.html",
        status=status,
        form=form,
        draft=draft,
        agencies=bodies,
        acts=publishable(platform_of(request).pack.act_type, {body.kind for body in bodies}),
        lang_default=language_of(request),
        limits={"title": TITLE_MAX, "summary": SUMMARY_MAX},
        most_mb=platform_of(request).settings.max_upload_mb,
    )


@router.post("/desk/import")
def read_file(
    request: Request, session: Db, actor: Preparer, posted: Posted, draft_id: DraftId = None
) -> Response:
    """Read a file and keep the preview.

    Reading comes before the first statement: it may take seconds, and a writing transaction
    would keep everybody else waiting meanwhile.
    """
    form = Form[ImportForm](posted).check(ImportForm)
    data = form.value.file.file.read() if form.ok else b""
    preview, status = _read(request, form, data, draft_id)
    draft = _own(session, actor, draft_id)
    row: ImportPreview | None = None
    if preview is not None:
        with form.attempt(session):
            row = keep_preview(
                session,
                actor=actor,
                preview=preview,
                agency_id=draft.agency_id if draft else _body(request, session, actor, form.value),
                draft=draft,
                facts=form.value.facts,
                file=data,
                now=platform_of(request).clock(),
            )
    if row is None:
        return _import_page(request, session, actor, draft, form, status)
    return go(f"/desk/import/{row.id}", "This is what was read. Nothing is taken over yet.")


def _read(
    request: Request, form: Form[ImportForm], data: bytes, draft_id: int | None
) -> tuple[Preview | None, int]:
    """What is in the file, or None and the status to answer with; errors go into the form."""
    if not form.ok:
        return None, 422
    try:
        act = _act(request, form.value, draft_id)
        return _parse(form.value, data, act, new=draft_id is None), 422
    except DomainError as refusal:
        field = refusal.field or "file"
        form.errors.append(FieldError(field, refusal.message, refusal.params))
        return None, refusal.status


def _act(request: Request, typed: ImportForm, draft_id: int | None) -> ActType | None:
    """The kind of act that is read: as chosen, or that of the draft. Raises Invalid."""
    platform = platform_of(request)
    if draft_id is None:
        check_kind(platform.pack, typed.act_type, typed.topic)
        return platform.pack.acts[typed.act_type]
    with platform.database.reading() as session:
        draft = session.get(Draft, draft_id)
        return platform.pack.acts.get(draft.act_type) if draft else None


def _parse(typed: ImportForm, data: bytes, act: ActType | None, *, new: bool) -> Preview:
    if not typed.file.filename:
        raise Invalid("Please choose a file.", field="file")
    if new and act:
        check_file_begins(act)
        check_table(act, typed.file.filename)
    return import_bytes(data, typed.file.filename, typed.lang, typed.tracked, act)


def _body(request: Request, session: Session, actor: Actor, typed: ImportForm) -> int:
    """The agency that a draft is begun for; one that may publish such an act. Raises Invalid."""
    body_id = chosen_body(session, actor, typed.agency)
    kind = session.get_one(Agency, body_id).kind
    check_body(platform_of(request).pack.acts[typed.act_type], kind)
    return body_id
