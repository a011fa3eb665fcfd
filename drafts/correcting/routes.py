"""Pages for a text that was read: look, correct, undo, read again, take over, discard."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor
from consult.errors import Conflict, DomainError, NotFound
from consult.forms import FieldError, Form, Posted
from consult.security import Allow, Db
from consult.web import go, platform_of
from drafts.actions import take_over
from drafts.correcting.actions import (
    correct,
    discard,
    held_preview,
    replace_by,
    undo,
)
from drafts.correcting.forms import (
    AgainForm,
    CorrectionForm,
    CutForm,
    HangForm,
    NameForm,
    TakeForm,
)
from drafts.correcting.pages import preview_page, provision_page
from drafts.correcting.queries import kept_file
from drafts.correcting.rules import cutting, naming
from drafts.correcting.views import text_view
from drafts.foreseeing import foresee_text
from drafts.importing.editing import Corrected, Cut, Hang, Join, Name
from drafts.importing.preview import Preview, import_bytes
from drafts.models import ImportPreview
from drafts.previews import corrections_of, preview_for, text_of
from drafts.versions.aligning import Align, Aligner, align

router = APIRouter()

Preparer = Annotated[Actor, Depends(Allow("prepare"))]
At = Annotated[int, Query(ge=0, le=999_999)]


@router.get("/desk/import/{preview_id}")
def look(request: Request, session: Db, actor: Preparer, preview_id: str, at: At = 0) -> Response:
    """What was read: the text as it will look, what was counted, what is doubtful."""
    return preview_page(request, session, preview_for(session, preview_id, actor), at=at)


@router.post("/desk/import/{preview_id}")
def take(
    request: Request, session: Db, actor: Preparer, posted: Posted, preview_id: str
) -> Response:
    """Make a draft, a version or a language of what was read.

    It is aligned before the first statement of this transaction, which so stays short.
    """
    form = Form[TakeForm](posted).check(TakeForm)
    aligned: Align = _foreseen(request, actor, preview_id) if form.ok else align
    preview = _held(request, session, actor, preview_id, form)
    if isinstance(preview, Response):
        return preview
    platform = platform_of(request)
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
                aligned=aligned,
            )
            draft_id = version.draft_id
    if not form.ok:
        return preview_page(request, session, preview, {"take": form})
    return go(f"/desk/drafts/{draft_id}", "The text is taken over.")


def _foreseen(request: Request, actor: Actor, preview_id: str) -> Aligner:
    with platform_of(request).database.reading() as session:
        preview = preview_for(session, preview_id, actor)
        text = text_of(preview)
        return foresee_text(session, preview.draft_id, text, own_wids=preview.own_wids)


def _held(
    request: Request,
    session: Session,
    actor: Actor,
    preview_id: str,
    form: Form[Any],
    at: int = 0,
) -> ImportPreview | Response:
    """The preview, held; where it changed since the form was sent out, the page that says so."""
    after = form.value.after if form.ok else None
    try:
        return held_preview(session, actor=actor, preview_id=preview_id, after=after)
    except Conflict as refusal:
        preview = preview_for(session, preview_id, actor)
        return preview_page(request, session, preview, at=at, refusal=refusal)


@router.post("/desk/import/{preview_id}/discard")
def forget(session: Db, actor: Preparer, preview_id: str) -> Response:
    """Forget what was read."""
    discard(session, preview_for(session, preview_id, actor).id)
    return go("/desk", "The text was discarded.")


@router.post("/desk/import/{preview_id}/undo")
def take_back(
    request: Request, session: Db, actor: Preparer, posted: Posted, preview_id: str
) -> Response:
    """Take back the last correction."""
    form = Form[CorrectionForm](posted).check(CorrectionForm)
    preview = _held(request, session, actor, preview_id, form)
    if isinstance(preview, Response):
        return preview
    at = 0
    if form.ok:
        at = (corrections_of(preview).edited_at or (0,))[-1]
        with form.attempt(session):
            undo(session, preview)
    if not form.ok:
        return preview_page(request, session, preview, {"undo": form})
    return go(_place(preview, at), "The last correction is taken back.")


def _place(preview: ImportPreview, at: int) -> str:
    return text_view(preview, corrections_of(preview)).place(at)


@router.post("/desk/import/{preview_id}/again")
def read_again(
    request: Request, session: Db, actor: Preparer, posted: Posted, preview_id: str
) -> Response:
    """Read the kept file anew.

    The file is looked up apart and read before the first statement of this transaction: reading
    may take seconds, and a writing transaction would keep everybody else waiting meanwhile.
    """
    form = Form[AgainForm](posted).check(AgainForm)
    read = _read_again(request, actor, preview_id, form)
    preview = _held(request, session, actor, preview_id, form)
    if isinstance(preview, Response):
        return preview
    if read is None or not form.ok:
        return preview_page(request, session, preview, {"again": form})
    replace_by(session, preview, read, tracked=form.value.tracked)
    return go(f"/desk/import/{preview.id}", "The file was read again. Nothing is taken over yet.")


def _read_again(
    request: Request, actor: Actor, preview_id: str, form: Form[AgainForm]
) -> Preview | None:
    """What the file says now, or None; errors go into the form."""
    if not form.ok:
        return None
    with platform_of(request).database.reading() as session:
        preview = preview_for(session, preview_id, actor)
        data, filename = kept_file(session, preview), preview.filename
        act = platform_of(request).pack.acts.get(preview.act_type)
    try:
        form.value.check_loss()
        return import_bytes(data, filename, form.value.lang, form.value.tracked, act)
    except DomainError as refusal:
        form.errors.append(FieldError(refusal.field or "", refusal.message, refusal.params))
        return None


@router.get("/desk/import/{preview_id}/provisions/{at}")
def look_closer(
    request: Request, session: Db, actor: Preparer, preview_id: str, at: int
) -> Response:
    """One provision between its neighbours, with all that can be corrected of it."""
    return provision_page(request, session, preview_for(session, preview_id, actor), at, {})


@router.post("/desk/import/{preview_id}/provisions/{at}/name")
def rename(
    request: Request, session: Db, actor: Preparer, posted: Posted, preview_id: str, at: int
) -> Response:
    """Say what kind of provision it is, and which of its words are its label and heading."""
    form = Form[NameForm](posted).check(NameForm)

    def edit(text: Corrected) -> Name:
        return naming(at, text.passages[at].node, form.value.typed, text.tree.lang)

    return _correct(request, session, actor, preview_id, at, "name", form, edit)


@router.post("/desk/import/{preview_id}/provisions/{at}/hang")
def rehang(
    request: Request, session: Db, actor: Preparer, posted: Posted, preview_id: str, at: int
) -> Response:
    """Hang it from another provision before it."""
    form = Form[HangForm](posted).check(HangForm)

    def edit(_text: Corrected) -> Hang:
        return Hang(at=at, depth=form.value.depth)

    return _correct(request, session, actor, preview_id, at, "hang", form, edit)


@router.post("/desk/import/{preview_id}/provisions/{at}/join")
def join(
    request: Request, session: Db, actor: Preparer, posted: Posted, preview_id: str, at: int
) -> Response:
    """Add its words to those of the passage before it."""
    form = Form[CorrectionForm](posted).check(CorrectionForm)

    def edit(_text: Corrected) -> Join:
        return Join(at=at)

    return _correct(request, session, actor, preview_id, at, "join", form, edit)


@router.post("/desk/import/{preview_id}/provisions/{at}/cut")
def cut(
    request: Request, session: Db, actor: Preparer, posted: Posted, preview_id: str, at: int
) -> Response:
    """Make several of it."""
    form = Form[CutForm](posted).check(CutForm)

    def edit(text: Corrected) -> Cut:
        return cutting(text.passages, at, form.value.words, text.tree.lang)

    return _correct(request, session, actor, preview_id, at, "cut", form, edit)


def _correct(
    request: Request,
    session: Session,
    actor: Actor,
    preview_id: str,
    at: int,
    name: str,
    form: Form[Any],
    edit: Callable[[Corrected], Name | Hang | Join | Cut],
) -> Response:
    """Make the correction and go where it can be seen; or show what is wrong with it."""
    preview = _held(request, session, actor, preview_id, form, at)
    if isinstance(preview, Response):
        return preview
    text = corrections_of(preview)
    if not 0 <= at < len(text.passages):
        raise NotFound("There is no such provision in this text.")
    if form.ok:
        with form.attempt(session):
            correct(session, preview, text, edit(text))
    if not form.ok:
        return provision_page(request, session, preview, at, {name: form})
    return go(_place(preview, corrections_of(preview).edited_at[-1]), "It is corrected.")
