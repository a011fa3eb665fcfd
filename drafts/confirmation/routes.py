"""Pages before a version is public: confirm what became of its provisions, discard it."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor
from consult.accounts.queries import names_of
from consult.errors import NotFound
from consult.forms import Form, Posted
from consult.security import Allow, Db
from consult.web import go, platform_of, render
from drafts.changes import leading_language, operations
from drafts.confirmation import actions
from drafts.confirmation.forms import ConfirmForm, DecideForm, DiscardForm
from drafts.confirmation.queries import (
    Texts,
    card_with_all,
    cards,
    change_of,
    of_kind,
    texts_of,
    version_at_desk,
    waiting,
)
from drafts.models import Draft, DraftVersion
from drafts.queries import unconfirmed, unready, version_before
from drafts.versions.aligning import Align, ChangeKind, align

router = APIRouter(prefix="/desk/drafts/{draft_id}/versions/{n}")

AtDesk = Annotated[Actor, Depends(Allow("desk"))]
Preparer = Annotated[Actor, Depends(Allow("prepare"))]
After = Annotated[int, Query(ge=0, lt=2**31)]
Number = Annotated[int, Path(ge=1, lt=2**31)]
DOUBTS, LISTED = 20, 50  # on a page


@dataclass(frozen=True, slots=True)
class _Page:
    """What every page of a comparison shows; `texts` are None where no language is common."""

    draft: Draft
    version: DraftVersion
    before: DraftVersion
    texts: Texts | None
    can_decide: bool

    @property
    def url(self) -> str:
        return f"/desk/drafts/{self.draft.id}/versions/{self.version.n}"


def _open(session: Session, draft_id: int, n: int, actor: Actor) -> _Page:
    draft, version = version_at_desk(session, draft_id, n, actor, "desk")
    before = version_before(session, version)
    if before is None:
        raise NotFound("There is no other version to compare with.")
    lang = leading_language(version, before)
    texts = texts_of(session, before, version, lang) if lang else None
    prepares = actor.may("prepare") and actor.may_for("prepare", draft.agency_id)
    return _Page(draft, version, before, texts, prepares and version.published_at is None)


@router.get("/changes")
def look_through(
    request: Request,
    session: Db,
    actor: AtDesk,
    draft_id: Number,
    n: Number,
    after: After = 0,
    kind: ChangeKind | None = None,
    after_listed: Annotated[int, Query(alias="from", ge=0, lt=2**31)] = 0,
) -> Response:
    """What became of each provision: first what a person has yet to confirm, then all by kind."""
    page = _open(session, draft_id, n, actor)
    return _changes_page(request, session, page, Form[Any](), after, kind, after_listed)


def _changes_page(
    request: Request,
    session: Session,
    page: _Page,
    form: Form[Any],
    after: int = 0,
    kind: ChangeKind | None = None,
    after_listed: int = 0,
) -> Response:
    version_id = page.version.id or 0
    counts = operations(session, version_id)
    changed = (name for name, count in counts.items() if count and name != "same")
    chosen: str = kind or next(changed, "same")
    doubts = waiting(session, version_id, after, DOUBTS + 1)
    listed = of_kind(session, version_id, chosen, after_listed, LISTED + 1)
    return render(
        request,
        "confirmation/changes.html",
        status=form.status,
        page=page,
        form=form,
        total=unconfirmed(session, version_id),
        cards=cards(session, page.texts, doubts[:DOUBTS]) if page.texts else [],
        after=after,
        more_doubts=doubts[DOUBTS - 1].id if len(doubts) > DOUBTS else 0,
        counts=counts,
        kind=chosen,
        listed=listed[:LISTED],
        from_listed=after_listed,
        more_listed=listed[LISTED - 1].id if len(listed) > LISTED else 0,
        names=names_of(session, {row.confirmed_by for row in listed if row.confirmed_by}),
        unready=unready(session, page.version) if not page.version.published_at else None,
    )


@router.post("/changes")
def confirm(
    request: Request, session: Db, actor: Preparer, posted: Posted, draft_id: Number, n: Number
) -> Response:
    """Confirm the ticked changes, or all on the page."""
    draft, version = version_at_desk(session, draft_id, n, actor, "prepare")
    form = Form[ConfirmForm](posted).check(ConfirmForm)
    if form.ok and not form.value.ids:
        return go(f"{request.url.path}?after={form.value.after}", "Please tick a change first.")
    if form.ok:
        now = platform_of(request).clock()
        with form.attempt(session):
            actions.confirm(
                session, actor=actor, draft=draft, version=version, ids=form.value.ids, now=now
            )
    if not form.ok:
        return _changes_page(request, session, _open(session, draft_id, n, actor), form)
    return go(f"{request.url.path}?after={form.value.after}", "The changes are confirmed.")


@router.get("/changes/{change_id}")
def look_at_one(
    request: Request, session: Db, actor: AtDesk, draft_id: Number, n: Number, change_id: Number
) -> Response:
    """One change with every partner there is to choose from."""
    page = _open(session, draft_id, n, actor)
    return _change_page(request, session, page, change_id, Form[DecideForm]())


def _change_page(
    request: Request, session: Session, page: _Page, change_id: int, form: Form[DecideForm]
) -> Response:
    change = change_of(session, page.version.id or 0, change_id)
    if page.texts is None:
        raise NotFound("There is no other version to compare with.")
    return render(
        request,
        "confirmation/change.html",
        status=form.status,
        page=page,
        form=form,
        card=card_with_all(page.texts, change),
        names=names_of(session, {change.confirmed_by} if change.confirmed_by else set()),
    )


@router.post("/changes/{change_id}")
def decide(
    request: Request,
    session: Db,
    actor: Preparer,
    posted: Posted,
    draft_id: Number,
    n: Number,
    change_id: Number,
) -> Response:
    """Say what a provision is instead; the comparison is made anew.

    It is made before the first statement of this transaction, which so stays short.
    """
    form = Form[DecideForm](posted).check(DecideForm)
    aligned: Align = align
    if form.ok:
        with platform_of(request).database.reading() as reading:
            _, seen = version_at_desk(reading, draft_id, n, actor, "prepare")
            aligned = actions.foresee(
                reading, version=seen, change_id=change_id, choice=form.value.choice
            )
    draft, version = version_at_desk(session, draft_id, n, actor, "prepare")
    if form.ok:
        with form.attempt(session):
            actions.decide(
                session,
                actor=actor,
                draft=draft,
                version=version,
                change_id=change_id,
                choice=form.value.choice,
                now=platform_of(request).clock(),
                aligned=aligned,
            )
    if not form.ok:
        return _change_page(request, session, _open(session, draft_id, n, actor), change_id, form)
    address = request.url.path.rpartition("/")[0]
    return go(address, "Your decision is kept, and the comparison was made anew.")


@router.get("/discard")
def ask_to_discard(
    request: Request, session: Db, actor: Preparer, draft_id: Number, n: Number
) -> Response:
    """Asks once more before a text is thrown away."""
    draft, version = version_at_desk(session, draft_id, n, actor, "prepare")
    return _discard_page(request, session, draft, version, Form[DiscardForm]())


def _discard_page(
    request: Request,
    session: Session,
    draft: Draft,
    version: DraftVersion,
    form: Form[DiscardForm],
) -> Response:
    return render(
        request,
        "confirmation/discard.html",
        status=form.status,
        draft=draft,
        version=version,
        only=version_before(session, version) is None,
        form=form,
    )


@router.post("/discard")
def discard(
    request: Request, session: Db, actor: Preparer, posted: Posted, draft_id: Number, n: Number
) -> Response:
    """Throw a version away that is not public, or one of its languages."""
    draft, version = version_at_desk(session, draft_id, n, actor, "prepare")
    form = Form[DiscardForm](posted).check(DiscardForm)
    if form.ok:
        with form.attempt(session):
            actions.discard(
                session,
                actor=actor,
                draft=draft,
                version=version,
                lang=form.value.lang,
                now=platform_of(request).clock(),
            )
    if not form.ok:
        return _discard_page(request, session, draft, version, form)
    return go(f"/desk/drafts/{draft_id}", "The text was discarded.")
