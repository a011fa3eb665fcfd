"""Pages of an officer who enters what came on paper, by mail or at a hearing."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor, check_agency
from consult.accounts.models import Agency
from consult.attachments.actions import StoredFile, attach
from consult.attachments.forms import PostedWithFiles, take_files
from consult.comments.actions import Place, edit_comment
from consult.comments.forms import CommentForm
from consult.comments.models import Comment
from consult.comments.queries import comment_by_id
from consult.consultations.models import Consultation
from consult.consultations.queries import consultation_by_id
from consult.errors import NotFound
from consult.forms import Form, Posted
from consult.hearings.queries import held_about
from consult.intake.actions import enter_comment
from consult.intake.forms import EntryForm, KeptQuery
from consult.intake.models import Provenance
from consult.intake.queries import contributor_of, provenance_of
from consult.intake.rules import BROUGHT
from consult.procedure.deadlines import last_day, local_day
from consult.security import Allow, Db
from consult.web import go, language_of, platform_of, render
from drafts.models import Draft, DraftVersion
from drafts.queries import place_names, provisions

router = APIRouter()

Officer = Annotated[Actor, Depends(Allow("answer"))]
Kept = Annotated[KeptQuery, Query()]
KEPT = ("channel", "received_on", "reference", "hearing", "region", "lang")


@dataclass(frozen=True, slots=True)
class Counter:
    """Where an officer enters contributions: a round, its draft and its text, in one language."""

    consultation: Consultation
    draft: Draft
    version: DraftVersion
    lang: str

    @property
    def url(self) -> str:
        return f"/desk/consultations/{self.consultation.id}"


def _open(request: Request, session: Session, actor: Actor, consultation_id: int) -> Counter:
    """The round of the officer's own agency; raises NotFound, NotAllowed."""
    consultation = consultation_by_id(session, consultation_id)
    draft = session.get_one(Draft, consultation.draft_id)
    check_agency(actor, "answer", draft.agency_id)
    version = session.get_one(DraftVersion, consultation.version_id)
    wish = language_of(request)
    return Counter(
        consultation, draft, version, wish if wish in version.langs else version.langs[0]
    )


@router.get("/desk/consultations/{consultation_id}/enter")
def entry_form(
    request: Request, session: Db, actor: Officer, consultation_id: int, kept: Kept
) -> Response:
    """The form, with what stays from the voice before at the same hearing."""
    counter = _open(request, session, actor, consultation_id)
    given = {name: value for name in KEPT if (value := getattr(kept, name))}
    entered = session.get(Comment, kept.after) if kept.after else None
    if entered and entered.consultation_id != counter.consultation.id:
        entered = None
    return _form_page(request, session, counter, Form[EntryForm](given), entered)


def _form_page(
    request: Request,
    session: Session,
    counter: Counter,
    form: Form[EntryForm],
    entered: Comment | None = None,
) -> Response:
    platform, version = platform_of(request), counter.version
    tz, consultation = platform.pack.tz, counter.consultation
    today = local_day(platform.clock(), tz)
    return render(
        request,
        "intake/enter.html",
        status=form.status,
        form=form,
        counter=counter,
        places=place_names(provisions(session, version.id or 0, counter.lang)),
        channels=BROUGHT,
        hearings=held_about(session, counter.draft.id or 0, platform.clock()),
        first=local_day(consultation.opens_at, tz),
        last=min(today, last_day(consultation.closes_at, tz)),
        entered=entered,
        limit=platform.settings.comment_max_chars,
        files_mb=platform.settings.attachment_max_mb,
    )


@router.post("/desk/consultations/{consultation_id}/enter")
def enter(
    request: Request, session: Db, actor: Officer, posted: PostedWithFiles, consultation_id: int
) -> Response:
    """Register it; refused, the form comes back with everything that was typed."""
    platform = platform_of(request)
    form = Form[EntryForm](posted).check(EntryForm)
    scans = take_files(form, platform.settings, platform.clock())
    counter = _open(request, session, actor, consultation_id)
    comment = None
    if form.ok:
        with form.attempt(session, keep=403):
            comment = _enter(request, session, actor, counter, form.value, scans)
    if comment is None:
        return _form_page(request, session, counter, form)
    if form.value.then == "next":
        stays = {name: form[name] for name in KEPT if form[name]} | {"after": comment.id}
        return go(f"{counter.url}/enter?{urlencode(stays)}")
    return go(f"/desk/comments/{comment.id}/entered")


def _enter(
    request: Request,
    session: Session,
    actor: Actor,
    counter: Counter,
    typed: EntryForm,
    scans: list[StoredFile],
) -> Comment:
    platform = platform_of(request)
    now = platform.clock()
    comment = enter_comment(
        session,
        actor=actor,
        consultation=counter.consultation,
        contributor=typed.contributor,
        arrival=typed.arrival,
        place=Place(wid=typed.wid, lang=counter.lang),
        words=typed.words,
        lang=typed.lang,
        most=platform.settings.comment_max_chars,
        tz=platform.pack.tz,
        confirmed=bool(typed.confirmed),
        now=now,
    )
    attach(session, actor=actor, comment=comment, files=scans, is_source=True, now=now)
    return comment


def _entered(
    request: Request, session: Session, actor: Actor, comment_id: int
) -> tuple[Counter, Comment, Provenance]:
    """A comment that an officer of this agency entered; raises NotFound, NotAllowed."""
    comment = comment_by_id(session, comment_id)
    provenance = provenance_of(session, comment_id)
    return _open(request, session, actor, comment.consultation_id), comment, provenance


@router.get("/desk/comments/{comment_id}/entered")
def entered(request: Request, session: Db, actor: Officer, comment_id: int) -> Response:
    """The receipt, to be printed and handed to whoever brought the paper."""
    counter, comment, provenance = _entered(request, session, actor, comment_id)
    platform = platform_of(request)
    window = timedelta(minutes=platform.settings.edit_window_minutes)
    author, region = contributor_of(session, comment_id)
    place = ""
    if comment.wid:
        rows = provisions(session, comment.version_id, comment.anchor_lang)
        place = place_names(rows).get(comment.wid, "")
    return render(
        request,
        "intake/entered.html",
        counter=counter,
        comment=comment,
        provenance=provenance,
        author=author,
        region=region,
        agency=session.get_one(Agency, counter.draft.agency_id),
        place=place,
        address=f"{platform.settings.base_url}/comments/{comment.id}",
        correctable_until=comment.created_at + window,
    )


def _correctable(
    request: Request, session: Session, actor: Actor, comment_id: int
) -> tuple[Counter, Comment]:
    """An entry whose words may be shown; raises NotFound for what was hidden since."""
    counter, comment, _ = _entered(request, session, actor, comment_id)
    if not comment.is_public:
        raise NotFound("There is no such comment.")
    return counter, comment


@router.get("/desk/comments/{comment_id}/correct")
def correction_form(request: Request, session: Db, actor: Officer, comment_id: int) -> Response:
    """The words as they were entered, to be corrected."""
    counter, comment = _correctable(request, session, actor, comment_id)
    fields = ("body", "kind", "stance", "change", "proposed", "mandate")
    form = Form[CommentForm]({name: getattr(comment, name) for name in fields})
    return _correction_page(request, counter, comment, form)


def _correction_page(
    request: Request, counter: Counter, comment: Comment, form: Form[CommentForm]
) -> Response:
    limit = platform_of(request).settings.comment_max_chars
    return render(
        request,
        "intake/correct.html",
        status=form.status,
        form=form,
        counter=counter,
        comment=comment,
        limit=limit,
    )


@router.post("/desk/comments/{comment_id}/correct")
def correct(
    request: Request, session: Db, actor: Officer, posted: Posted, comment_id: int
) -> Response:
    """Correct a slip of the hand while the comment is fresh; the earlier wording stays public."""
    platform = platform_of(request)
    counter, comment = _correctable(request, session, actor, comment_id)
    form = Form[CommentForm](posted).check(CommentForm)
    if form.ok:
        with form.attempt(session, keep=403):
            edit_comment(
                session,
                actor=actor,
                comment=comment,
                words=form.value.words,
                window=timedelta(minutes=platform.settings.edit_window_minutes),
                most=platform.settings.comment_max_chars,
                now=platform.clock(),
            )
    if not form.ok:
        return _correction_page(request, counter, comment, form)
    return go(f"/desk/comments/{comment_id}/entered", "The entry was corrected.")
