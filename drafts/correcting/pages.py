"""The two pages for correcting, with what their templates need: the preview, one provision."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.accounts.models import Agency
from consult.errors import DomainError, NotFound
from consult.forms import Form
from consult.web import render
from drafts.correcting.forms import LABEL_MAX
from drafts.correcting.queries import has_file, other_language
from drafts.correcting.rules import above, name_of
from drafts.correcting.views import lines, parting, possible_kinds, possible_parents, text_view
from drafts.forms import NOTE_MAX, TITLE_MAX
from drafts.importing.editing import words_of
from drafts.importing.source import ACCEPTED, ORIGINAL
from drafts.models import Draft, ImportPreview
from drafts.previews import corrections_of

Forms = Mapping[str, Form[Any]]


def preview_page(
    request: Request,
    session: Session,
    preview: ImportPreview,
    forms: Forms | None = None,
    *,
    at: int = 0,
    refusal: DomainError | None = None,
) -> Response:
    """The text as it will look, in parts; `forms` holds the one that was refused, by its name.

    `refusal`: why nothing was done, where that is no matter of a form.
    """
    view = text_view(preview, corrections_of(preview), at)
    draft = session.get(Draft, preview.draft_id) if preview.draft_id else None
    forms = forms or {}
    return render(
        request,
        "drafts/preview.html",
        status=refusal.status if refusal else _status(forms),
        refusal=refusal,
        preview=preview,
        forms=forms,
        view=view,
        lines=lines(view),
        parting=parting(view, other_language(session, preview)),
        counts=view.text.tree.counts(),
        draft=draft,
        agency=session.get_one(Agency, preview.agency_id),
        limits={"title": TITLE_MAX, "note": NOTE_MAX},
        has_file=has_file(session, preview),
        has_changes=any(told["message"] in (ACCEPTED, ORIGINAL) for told in preview.warnings),
    )


def provision_page(
    request: Request, session: Session, preview: ImportPreview, at: int, forms: Forms
) -> Response:
    """One provision between its neighbours. Raises NotFound."""
    view = text_view(preview, corrections_of(preview))
    if not 0 <= at < len(view.nodes):
        raise NotFound("There is no such provision in this text.")
    passages = view.text.passages
    apart = parting(view, other_language(session, preview))
    return render(
        request,
        "drafts/provision.html",
        status=_status(forms),
        preview=preview,
        view=view,
        at=at,
        node=view.nodes[at],
        words=words_of(view.nodes[at]),
        depth=passages[at].depth,
        above=[name_of(passage.node) for passage in above(passages, at)][:0:-1],
        doubts=[doubt for doubt in view.doubts if doubt.at == at],
        parting=apart if apart and apart.at == at else None,
        kinds=possible_kinds(view, at),
        parents=possible_parents(view, at),
        forms=forms,
        limits={"label": LABEL_MAX},
    )


def _status(forms: Forms) -> int:
    return max((form.status for form in forms.values()), default=200)
