"""Pages for sending a paper: the text as a whole, its parts to look at, sending them."""

from pathlib import PurePath
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor
from consult.accounts.organisations.rules import check_speaks_for
from consult.comments.rules import MANDATE_MAX
from consult.consultations.models import Consultation
from consult.consultations.queries import current_round
from consult.consultations.rules import check_open
from consult.errors import DomainError, Invalid, NotAllowed, Unsupported
from consult.forms import FieldError, Form, Posted
from consult.papers.actions import send_paper
from consult.papers.forms import PartsForm, TextForm
from consult.papers.queries import Provisions, provisions_of
from consult.papers.rules import (
    TEXT_MAX,
    TITLE_MAX,
    Part,
    cut,
    join,
    lines_to_cut_at,
    nameless,
    split,
    text_of,
)
from consult.procedure.stages import Stage, Verb
from consult.security import Allow, Db
from consult.web import go, language_of, platform_of, render
from drafts.grammar.line import Warning_
from drafts.importing.preview import import_bytes
from drafts.importing.source import ACCEPTED, COMMENTS, PICTURES
from drafts.models import Draft
from drafts.queries import draft_for

router = APIRouter()

Commenter = Annotated[Actor, Depends(Allow("comment"))]
READ = (".docx", ".odt", ".txt", ".pdf")
TOLD = (ACCEPTED, PICTURES, COMMENTS)  # of what a file holds, what matters when it is only read


@router.get("/drafts/{draft_id}/paper")
def write(request: Request, session: Db, actor: Commenter, draft_id: int) -> Response:
    """The form for the whole text."""
    draft, _ = _open(request, session, actor, draft_id)
    return _text_page(request, draft, Form[TextForm]())


def _open(
    request: Request, session: Session, actor: Actor, draft_id: int
) -> tuple[Draft, Consultation]:
    """The draft and its open round; raises NotAllowed."""
    draft = draft_for(session, draft_id, actor)
    now, stage = platform_of(request).clock(), Stage(draft.stage)
    return draft, check_open(current_round(session, draft_id), stage, Verb.COMMENT, now)


def _text_page(request: Request, draft: Draft, form: Form[TextForm], status: int = 0) -> Response:
    return render(
        request,
        "papers/write.html",
        status=status or form.status,
        draft=draft,
        form=form,
        limits={"title": TITLE_MAX, "text": TEXT_MAX, "mandate": MANDATE_MAX},
        kinds=READ,
        most_mb=platform_of(request).settings.max_upload_mb,
    )


@router.post("/drafts/{draft_id}/paper")
def read_text(
    request: Request, session: Db, actor: Commenter, posted: Posted, draft_id: int
) -> Response:
    """Cut the text into parts and show them; nothing is kept.

    A file is read before the first statement: it may take seconds, and a writing transaction
    would keep everybody else waiting meanwhile.
    """
    form = Form[TextForm](posted).check(TextForm)
    text, told, status = _text(request, form)
    draft, told_of = draft_for(session, draft_id, actor), None
    parts: list[Part] = []
    if form.ok:
        with form.attempt(session, keep=NotAllowed.status):
            draft, consultation = _open(request, session, actor, draft_id)
            told_of = provisions_of(session, consultation.version_id, language_of(request))
            parts = split(text, told_of.names)
            if not parts:
                raise Invalid("Please write your text, or choose a file.", field="text")
    if told_of is None or not form.ok:
        return _text_page(request, draft, form, status)
    fresh = Form[PartsForm]({"title": form["title"] or _title(parts), "mandate": form["mandate"]})
    return _parts_page(request, draft, fresh, parts, told_of, told)


def _text(request: Request, form: Form[TextForm]) -> tuple[str, list[Warning_], int]:
    """What was typed and what the file says, what it holds besides, and how to answer else."""
    if not form.ok:
        return "", [], form.status
    typed = form.value
    if typed.file is None or not typed.has_file:
        return typed.text, [], 0
    name = typed.file.filename or ""
    try:
        if PurePath(name).suffix.lower() not in READ:
            raise Unsupported("Files of this kind are not taken here.", field="file")
        preview = import_bytes(typed.file.file.read(), name, language_of(request))
    except DomainError as refusal:
        form.errors.append(FieldError("file", refusal.message, refusal.params))
        return "", [], refusal.status
    told = [warning for warning in preview.warnings if warning.message in TOLD]
    return "\n\n".join(filter(None, (typed.text, text_of(preview.tree)))), told, 0


def _title(parts: list[Part]) -> str:
    """What a paper begins with, for want of a better title."""
    first = " ".join(parts[0].text.splitlines()[0].split())
    return first if len(first) <= TITLE_MAX else first[: TITLE_MAX - 1] + "…"


def _parts_page(
    request: Request,
    draft: Draft,
    form: Form[PartsForm],
    parts: list[Part],
    told_of: Provisions,
    told: list[Warning_] | None = None,
) -> Response:
    listed = dict(told_of.choices)
    shown = [
        {
            "part": part,
            "lines": lines_to_cut_at(part.text),
            "nameless": nameless(part, told_of.names),
            "choices": told_of.choices
            if part.wid in listed or not part.wid
            else [(part.wid, told_of.places.get(part.wid, part.wid)), *told_of.choices],
        }
        for part in parts
    ]
    return render(
        request,
        "papers/parts.html",
        status=form.status,
        draft=draft,
        form=form,
        parts=shown,
        told=told or [],
        sent=sum(not part.out for part in parts),
        limits={"title": TITLE_MAX, "mandate": MANDATE_MAX},
        limit=platform_of(request).settings.comment_max_chars,
    )


@router.post("/drafts/{draft_id}/paper/parts")
def change_or_send(
    request: Request, session: Db, actor: Commenter, posted: Posted, draft_id: int
) -> Response:
    """Join or cut parts and show them again, or send them all."""
    form = Form[PartsForm](posted).check(PartsForm)
    if not form.ok:
        raise Invalid("This was not understood.")  # no page of ours sends it
    draft = draft_for(session, draft_id, actor)
    consultation = current_round(session, draft_id)
    if consultation is None:
        raise NotAllowed("This discussion is not open.")
    parts, paper_id = form.value.parts, 0
    with form.attempt(session, keep=NotAllowed.status):
        if form.value.step[0] == "send":
            check_speaks_for(posted, actor.organisation_id)
            paper_id = _send(request, session, actor, draft, form.value)
        else:
            parts = _changed(form.value)
    if paper_id:
        return go(f"/papers/{paper_id}", "Your paper was received. Each part has its own receipt.")
    told_of = provisions_of(session, consultation.version_id, language_of(request))
    return _parts_page(request, draft, form, parts, told_of)


def _changed(typed: PartsForm) -> list[Part]:
    step, at = typed.step
    if step == "join":
        return join(typed.parts, at)
    if step == "cut":
        return cut(typed.parts, at, typed.cuts[at] if at < len(typed.cuts) else "")
    return typed.parts


def _send(request: Request, session: Session, actor: Actor, draft: Draft, typed: PartsForm) -> int:
    platform = platform_of(request)
    paper = send_paper(
        session,
        actor=actor,
        draft=draft,
        title=typed.title,
        parts=typed.parts,
        mandate=typed.mandate,
        lang=language_of(request),
        most=platform.settings.comment_max_chars,
        now=platform.clock(),
    )
    return paper.id or 0
