"""Pages for importing a text: a file is chosen and read; the rest of it is in correcting/."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor, check_agency
from consult.accounts.models import Agency
from consult.accounts.queries import agencies
from consult.errors import DomainError, Invalid
from consult.forms import FieldError, Form, Posted
from consult.security import Allow, Db
from consult.web import go, language_of, platform_of, render
from drafts.actions import check_kind, keep_preview
from drafts.forms import SUMMARY_MAX, TITLE_MAX, ImportForm
from drafts.importing.preview import Preview, import_bytes
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
    return render(
        request,
        "drafts/import.html",
        status=status,
        form=form,
        draft=draft,
        agencies=_agencies(session, actor),
        lang_default=language_of(request),
        limits={"title": TITLE_MAX, "summary": SUMMARY_MAX},
        most_mb=platform_of(request).settings.max_upload_mb,
    )


def _agencies(session: Session, actor: Actor) -> list[Agency]:
    """The agencies this person may import for: one that was closed begins no draft."""
    held = actor.held_for("prepare")
    every = [one for one in agencies(session).values() if one.closed_on is None]
    return sorted((a for a in every if not held or a.id in held), key=lambda a: a.code)


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
    preview, status = _read(request, form, data, new=draft_id is None)
    draft = _own(session, actor, draft_id)
    row: ImportPreview | None = None
    if preview is not None:
        with form.attempt(session):
            row = keep_preview(
                session,
                actor=actor,
                preview=preview,
                agency_id=draft.agency_id if draft else _agency_id(session, actor, form.value),
                draft=draft,
                facts=form.value.facts,
                file=data,
                now=platform_of(request).clock(),
            )
    if row is None:
        return _import_page(request, session, actor, draft, form, status)
    return go(f"/desk/import/{row.id}", "This is what was read. Nothing is taken over yet.")


def _read(
    request: Request, form: Form[ImportForm], data: bytes, *, new: bool
) -> tuple[Preview | None, int]:
    """What is in the file, or None and the status to answer with; errors go into the form."""
    if not form.ok:
        return None, 422
    try:
        if new:
            check_kind(platform_of(request).pack, form.value.act_type, form.value.topic)
        return _parse(form.value, data), 422
    except DomainError as refusal:
        field = refusal.field or "file"
        form.errors.append(FieldError(field, refusal.message, refusal.params))
        return None, refusal.status


def _parse(typed: ImportForm, data: bytes) -> Preview:
    if not typed.file.filename:
        raise Invalid("Please choose a file.", field="file")
    return import_bytes(data, typed.file.filename, typed.lang, typed.tracked)


def _agency_id(session: Session, actor: Actor, typed: ImportForm) -> int:
    """The agency chosen, or the only one there is to choose."""
    mine = [agency.id or 0 for agency in _agencies(session, actor)]
    chosen = typed.agency or (mine[0] if len(mine) == 1 else 0)
    if chosen not in mine:
        raise Invalid("Please choose the agency.", field="agency")
    return chosen
