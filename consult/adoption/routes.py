"""Pages at the desk for what comes after the report: the outcome of a draft, its promises."""

from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor, check_agency
from consult.adoption.actions import (
    change_commitment,
    correct_outcome,
    publish_final_text,
    record_outcome,
    submit_to_parliament,
)
from consult.adoption.forms import FinalForm, OutcomeForm, StepForm, as_typed
from consult.adoption.models import ActOutcome
from consult.adoption.queries import (
    Promise,
    count_commitments,
    count_problems,
    next_promise,
    outcome_of,
    promise,
    promises,
    was_in_parliament,
)
from consult.adoption.rules import (
    COMMITMENT_STATES,
    ENDED,
    EVIDENCE_MAX,
    MOVES,
    NOTE_MAX,
    OUTCOMES,
    REASON_MAX,
    evidence_parts,
)
from consult.errors import DomainError, NotFound
from consult.forms import Form, Posted
from consult.procedure.acts import check_parliament
from consult.procedure.stages import Stage, Verb, allows
from consult.security import Allow, Db
from consult.web import go, language_of, platform_of, render
from drafts.models import Draft, DraftVersion
from drafts.queries import draft_for, place_names, places, provisions, unready, versions

router = APIRouter()

Preparer = Annotated[Actor, Depends(Allow("prepare"))]
Officer = Annotated[Actor, Depends(Allow("answer"))]
After = Annotated[int, Query(ge=0, lt=2**31)]
State = Annotated[str, Query(max_length=20)]
PAGE = 30
CORRECTED = ("decided_on", "number", "in_force_on", "url", "reason")
NOT_CHOSEN = frozenset({"note", "row"})  # kinds of provision nobody points to


@router.get("/desk/drafts/{draft_id}/outcome")
def outcome_at_desk(request: Request, session: Db, actor: Preparer, draft_id: int) -> Response:
    """What became of the draft: to parliament, adopted, rejected; the final text; corrections."""
    return _outcome_page(request, session, _own(session, actor, draft_id, "prepare"))


def _own(session: Session, actor: Actor, draft_id: int, right: str) -> Draft:
    draft = draft_for(session, draft_id, actor)
    check_agency(actor, right, draft.agency_id)
    return draft


def _outcome_page(
    request: Request,
    session: Session,
    draft: Draft,
    name: str = "",
    form: Form[OutcomeForm] | Form[FinalForm] | None = None,
) -> Response:
    """The page with all its forms; of them `form`, called `name`, was refused."""
    stage, outcome = Stage(draft.stage), outcome_of(session, draft.id or 0)
    texts = versions(session, draft.id or 0)
    newest = texts[-1] if texts else None
    forms: dict[str, Any] = {
        "adopted": Form[OutcomeForm]({"version": _proposed(texts)}),
        "rejected": Form[OutcomeForm](),
        "corrected": Form[OutcomeForm](as_typed(outcome, *CORRECTED) if outcome else {}),
        "final": Form[FinalForm]({"version": _proposed(texts)}),
    }
    waits = newest if newest and not newest.published_at else None
    return render(
        request,
        "adoption/outcome.html",
        status=form.status if form else 200,
        draft=draft,
        outcome=outcome,
        texts=texts,
        final=_version(texts, outcome),
        unready=unready(session, waits) if waits else None,
        forms=forms | ({name: form} if form else {}),
        refused=name,
        may={verb.value for verb in Verb if allows(stage, verb)},
        barred=_barred(request, session, draft),
        problems=count_problems(session, draft.id or 0),
        promised=count_commitments(session, draft.id or 0),
        reason_max=REASON_MAX,
    )


def _proposed(texts: list[DraftVersion]) -> str:
    """The version proposed as the final text: the newest, if it is not one people discussed."""
    return str(texts[-1].id) if texts and not texts[-1].published_at else ""


def _version(texts: list[DraftVersion], outcome: ActOutcome | None) -> DraftVersion | None:
    return next((v for v in texts if outcome and v.id == outcome.version_id), None)


@router.post("/desk/drafts/{draft_id}/outcome/submitted")
def submit(request: Request, session: Db, actor: Preparer, draft_id: int) -> Response:
    """The draft went to parliament."""
    draft = draft_for(session, draft_id, actor)
    now = platform_of(request).clock()
    submit_to_parliament(session, actor=actor, draft=draft, now=now)
    return go(f"/desk/drafts/{draft_id}/outcome", "Saved: the draft is before parliament.")


def _barred(request: Request, session: Session, draft: Draft) -> DomainError | None:
    """Why the draft cannot be recorded as adopted yet, if it cannot."""
    act = platform_of(request).pack.acts.get(draft.act_type)
    try:
        check_parliament(act, was_there=was_in_parliament(session, draft))
    except DomainError as refusal:
        return refusal
    return None


@router.post("/desk/drafts/{draft_id}/outcome/final")
def choose_final(
    request: Request, session: Db, actor: Preparer, posted: Posted, draft_id: int
) -> Response:
    """This version is the act as it was adopted."""
    draft = _own(session, actor, draft_id, "prepare")
    form = Form[FinalForm](posted).check(FinalForm)
    if form.ok:
        now = platform_of(request).clock()
        with form.attempt(session):
            publish_final_text(
                session,
                actor=actor,
                draft=draft,
                version_id=form.value.version,
                why=form.value.why,
                now=now,
            )
    if not form.ok:
        return _outcome_page(request, session, draft, "final", form)
    return go(f"/drafts/{draft_id}/after", "The final text is public.")


@router.post("/desk/drafts/{draft_id}/outcome/corrected")
def correct(
    request: Request, session: Db, actor: Preparer, posted: Posted, draft_id: int
) -> Response:
    """Put right what was entered wrongly."""
    draft = _own(session, actor, draft_id, "prepare")
    outcome = outcome_of(session, draft_id)
    if outcome is None:
        raise NotFound("No outcome of this draft is recorded.")
    form = Form[OutcomeForm](posted).check(OutcomeForm)
    if form.ok:
        typed, platform = form.value, platform_of(request)
        with form.attempt(session):
            correct_outcome(
                session,
                actor=actor,
                draft=draft,
                said=typed.said(outcome.outcome),
                why=typed.why,
                tz=platform.pack.tz,
                now=platform.clock(),
            )
    if not form.ok:
        session.refresh(outcome)
        return _outcome_page(request, session, draft, "corrected", form)
    return go(f"/drafts/{draft_id}/after", "Corrected. What it was stays public.")


@router.post("/desk/drafts/{draft_id}/outcome/{name}")
def record(
    request: Request, session: Db, actor: Preparer, posted: Posted, draft_id: int, name: str
) -> Response:
    """The draft was adopted, or rejected."""
    if name not in OUTCOMES:
        raise NotFound("There is no such page.")
    draft = _own(session, actor, draft_id, "prepare")
    form = Form[OutcomeForm](posted).check(OutcomeForm)
    if form.ok:
        typed, platform = form.value, platform_of(request)
        with form.attempt(session):
            record_outcome(
                session,
                actor=actor,
                draft=draft,
                said=typed.said(name),
                version_id=typed.version,
                pack=platform.pack,
                now=platform.clock(),
            )
    if not form.ok:
        session.refresh(draft)
        return _outcome_page(request, session, draft, name, form)
    return go(f"/desk/drafts/{draft_id}/outcome", "Saved. Everybody who took part is being told.")


@router.get("/desk/drafts/{draft_id}/commitments")
def promises_at_desk(
    request: Request,
    session: Db,
    actor: Officer,
    draft_id: int,
    state: State = "",
    after: After = 0,
) -> Response:
    """What the agency accepted, to be gone through one after another."""
    draft = _own(session, actor, draft_id, "answer")
    state = state if state in COMMITMENT_STATES else ""
    found = promises(session, draft_id, state=state, after=after, limit=PAGE)
    shown = found[:PAGE]
    return render(
        request,
        "adoption/commitments.html",
        draft=draft,
        shown=shown,
        places=_places(request, session, draft, shown),
        evidence_parts=evidence_parts,
        counts=count_commitments(session, draft_id),
        state=state,
        after=after,
        more=shown[-1].commitment.id if len(found) > PAGE else None,
    )


def _places(
    request: Request, session: Session, draft: Draft, shown: list[Promise]
) -> dict[str, str]:
    """What the provisions are called that answers named, in the newest text."""
    wids = [one.answer.changed_wid for one in shown if one.answer.changed_wid]
    newest = versions(session, draft.id or 0)[-1]
    wish = language_of(request)
    lang = wish if wish in newest.langs else newest.langs[0]
    return places(session, newest.id or 0, lang, wids) if wids else {}


@router.get("/desk/drafts/{draft_id}/commitments/{commitment_id}")
def promise_at_desk(
    request: Request,
    session: Db,
    actor: Officer,
    draft_id: int,
    commitment_id: int,
    state: State = "",
) -> Response:
    """One of them, with the form that says how far it is."""
    draft = _own(session, actor, draft_id, "answer")
    one = promise(session, draft_id, commitment_id)
    return _promise_page(request, session, draft, one, state, Form[StepForm]())


def _promise_page(
    request: Request,
    session: Session,
    draft: Draft,
    one: Promise,
    state: str,
    form: Form[StepForm],
) -> Response:
    state = state if state in COMMITMENT_STATES else ""
    newest = versions(session, draft.id or 0)[-1]
    wish = language_of(request)
    rows = provisions(session, newest.id or 0, wish if wish in newest.langs else newest.langs[0])
    names = place_names(rows)
    return render(
        request,
        "adoption/commitment.html",
        status=form.status,
        draft=draft,
        one=one,
        form=form,
        state=state,
        moves=[code for code in COMMITMENT_STATES if code in MOVES[one.commitment.state]],
        ended=one.commitment.state in ENDED,
        choices=[(row.wid, names[row.wid]) for row in rows if row.kind not in NOT_CHOSEN],
        places=names,
        evidence_parts=evidence_parts,
        next_id=next_promise(session, draft.id or 0, one.commitment.id or 0, state),
        limits={"note": NOTE_MAX, "evidence": EVIDENCE_MAX},
    )


@router.post("/desk/drafts/{draft_id}/commitments/{commitment_id}")
def change_promise(
    request: Request,
    session: Db,
    actor: Officer,
    posted: Posted,
    draft_id: int,
    commitment_id: int,
    state: State = "",
) -> Response:
    """Say how far it is, and go on to the next one of the same list."""
    draft = _own(session, actor, draft_id, "answer")
    one = promise(session, draft_id, commitment_id)
    form = Form[StepForm](posted).check(StepForm)
    if form.ok:
        typed = form.value
        path = f"/drafts/{draft_id}/provisions/{quote(typed.wid)}" if typed.wid else ""
        with form.attempt(session):
            change_commitment(
                session,
                actor=actor,
                draft=draft,
                commitment=one.commitment,
                seen=typed.seen,
                step=typed.step(path),
                now=platform_of(request).clock(),
            )
    if not form.ok:
        session.refresh(one.commitment)
        return _promise_page(request, session, draft, one, state, form)
    asked = f"?{urlencode({'state': state})}" if state in COMMITMENT_STATES else ""
    follows = next_promise(session, draft_id, commitment_id, state)
    base = f"/desk/drafts/{draft_id}/commitments"
    return go(f"{base}/{follows}{asked}" if follows else f"{base}{asked}", "Saved.")
