"""Pages for importing a text: choose a file, look at what was read, take it over or discard it."""

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
from drafts.actions import check_kind, has_public_title, keep_preview, take_over
from drafts.forms import NOTE_MAX, SUMMARY_MAX, TITLE_MAX, ImportForm, TakeOverForm
from drafts.importing.preview import Preview, import_bytes
from drafts.models import Draft, ImportPreview
from drafts.queries import draft_for, preview_for, text_of
from drafts.tree import Node, Tree, has_heading, heading_levels

router = APIRouter()

Preparer = Annotated[Actor, Depends(Allow("prepare"))]
TOP_LEVEL = 3  # of the headings of the text, below the page's own
DraftId = Annotated[int | None, Query(alias="draft")]


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
    """The agencies this person may import for."""
    held = actor.held_for("prepare")
    every = agencies(session).values()
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
    preview, status = _read(request, form, new=draft_id is None)
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
                now=platform_of(request).clock(),
            )
    if row is None:
        return _import_page(request, session, actor, draft, form, status)
    return go(f"/desk/import/{row.id}", "This is what was read. Nothing is taken over yet.")


def _read(request: Request, form: Form[ImportForm], *, new: bool) -> tuple[Preview | None, int]:
    """What is in the file, or None and the status to answer with; errors go into the form."""
    if not form.ok:
        return None, 422
    try:
        if new:
            check_kind(platform_of(request).pack, form.value.act_type, form.value.topic)
        return _parse(form.value), 422
    except DomainError as refusal:
        field = refusal.field or "file"
        form.errors.append(FieldError(field, refusal.message, refusal.params))
        return None, refusal.status


def _parse(typed: ImportForm) -> Preview:
    if not typed.file.filename:
        raise Invalid("Please choose a file.", field="file")
    return import_bytes(typed.file.file.read(), typed.file.filename, typed.lang, typed.tracked)


def _agency_id(session: Session, actor: Actor, typed: ImportForm) -> int:
    """The agency chosen, or the only one there is to choose."""
    mine = [agency.id or 0 for agency in _agencies(session, actor)]
    chosen = typed.agency or (mine[0] if len(mine) == 1 else 0)
    if chosen not in mine:
        raise Invalid("Please choose the agency.", field="agency")
    return chosen


@router.get("/desk/import/{preview_id}")
def look(request: Request, session: Db, actor: Preparer, preview_id: str) -> Response:
    """What was read: the text as it will look, what was counted, what is doubtful."""
    preview = preview_for(session, preview_id, actor)
    return _preview_page(request, session, preview, Form[TakeOverForm]())


def _preview_page(
    request: Request, session: Session, preview: ImportPreview, form: Form[TakeOverForm]
) -> Response:
    tree = text_of(preview)
    draft = session.get(Draft, preview.draft_id) if preview.draft_id else None
    return render(
        request,
        "drafts/preview.html",
        status=form.status,
        preview=preview,
        form=form,
        outline=_outline(tree),
        counts=tree.counts(),
        draft=draft,
        title_stays=draft is not None and has_public_title(draft, preview.lang),
        agency=session.get_one(Agency, preview.agency_id),
        limits={"title": TITLE_MAX, "note": NOTE_MAX},
    )


def _outline(tree: Tree) -> list[tuple[Node, int]]:
    """Every provision with the level of its heading."""
    placed = list(tree.walk_deep())
    headed = ((depth, has_heading(n.kind, n.label, n.heading)) for n, depth in placed)
    levels = heading_levels(headed, TOP_LEVEL)
    return [(node, level) for (node, _), level in zip(placed, levels, strict=True)]


@router.post("/desk/import/{preview_id}")
def take(
    request: Request, session: Db, actor: Preparer, posted: Posted, preview_id: str
) -> Response:
    """Make a draft, a version or a language of what was read."""
    preview = preview_for(session, preview_id, actor)
    platform = platform_of(request)
    form = Form[TakeOverForm](posted).check(TakeOverForm)
    draft_id = 0
    if form.ok:
        with form.attempt(session):
            preview.title = form.value.title
            version = take_over(
                session,
                actor=actor,
                preview=preview,
                pack=platform.pack,
                note=form.value.note,
                now=platform.clock(),
            )
            draft_id = version.draft_id
    if not form.ok:
        return _preview_page(request, session, preview, form)
    return go(f"/desk/drafts/{draft_id}", "The text is taken over.")


@router.post("/desk/import/{preview_id}/discard")
def discard(session: Db, actor: Preparer, preview_id: str) -> Response:
    """Forget what was read."""
    session.delete(preview_for(session, preview_id, actor))
    return go("/desk", "The text was discarded.")
