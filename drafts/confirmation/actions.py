"""What an officer does with a version before it is public: confirm pairs, decide otherwise, drop
a language of it, discard it.
"""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select

from consult import outbox
from consult.access import Actor, check_agency
from consult.errors import N_, Conflict, DomainError
from consult.events import DraftChanged
from consult.procedure.stages import Stage, Verb, check_allowed
from drafts.actions import hold
from drafts.changes import leading_language
from drafts.confirmation.queries import eids_by_wid
from drafts.confirmation.rules import decisions_for
from drafts.foreseeing import foresee_decisions
from drafts.models import Draft, DraftVersion, ProvisionChange
from drafts.queries import doubtful, version_before
from drafts.storing import (
    align_anew,
    confirm_changes,
    drop_text,
    remove_version,
    write_decisions,
)
from drafts.versions.aligning import Align, Aligner, align
from drafts.versions.pairing import Decision

ANEW = N_("The comparison was made anew meanwhile. Please look again.")


def confirm(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    version: DraftVersion,
    ids: Collection[int],
    now: datetime,
) -> None:
    """Confirm some changes. Raises Conflict when one is not said of the version any more."""
    _begin(session, actor, draft)
    known = session.exec(
        select(ProvisionChange.id).where(
            ProvisionChange.version_id == version.id, col(ProvisionChange.id).in_(ids)
        )
    ).all()
    if len(known) != len(set(ids)):
        raise Conflict(ANEW)
    confirm_changes(session, version, ids, actor.id, now)


def confirm_all(
    session: Session, *, actor: Actor, draft: Draft, version: DraftVersion, now: datetime
) -> int:
    """Confirm whatever is doubtful; returns how many changes that was."""
    _begin(session, actor, draft)
    query = select(ProvisionChange.id).where(*doubtful(version.id or 0))
    ids = [id_ for id_ in session.exec(query).all() if id_]
    if ids:
        confirm_changes(session, version, ids, actor.id, now)
    return len(ids)


def decide(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    version: DraftVersion,
    change_id: int,
    choice: str,
    now: datetime,
    aligned: Align = align,
) -> None:
    """Say otherwise of a change, in the words of rules.decisions_for; all else follows from it.

    Raises Conflict when that change, or the partner chosen, is not there any more. `aligned` may
    know already what follows (`foresee`).
    """
    _begin(session, actor, draft)
    session.refresh(version)
    decided = _decided(session, version, change_id, choice)
    write_decisions(session, version, decided, actor.id, now)
    align_anew(session, version, aligned)


def foresee(session: Session, *, version: DraftVersion, change_id: int, choice: str) -> Aligner:
    """Align as `decide` will, in a session that only reads: it may take seconds."""
    if version.published_at is not None:
        return Aligner()
    try:
        decided = _decided(session, version, change_id, choice)
    except DomainError:  # `decide` says it to the person
        return Aligner()
    return foresee_decisions(session, version, decided)


def _decided(
    session: Session, version: DraftVersion, change_id: int, choice: str
) -> tuple[Decision, ...]:
    """What a choice says, if there still is what it speaks of (Conflict)."""
    change = session.get(ProvisionChange, change_id, populate_existing=True)
    before = version_before(session, version)
    lang = leading_language(version, before) if before else None
    if change is None or change.version_id != version.id or before is None or lang is None:
        raise Conflict(ANEW)
    old_wids = eids_by_wid(session, before.id or 0, lang).keys()
    new_eids = eids_by_wid(session, version.id or 0, lang)
    half = change.kind if change.old_wid != change.new_wid else ""
    eid = new_eids.get(change.new_wid, "")
    decided = decisions_for(choice, change.old_wid, eid, half=half)
    olds, news = {"", *old_wids}, {"", *new_eids.values()}
    if not all(one.old_wid in olds and one.new_eid in news for one in decided):
        raise Conflict(ANEW)
    return decided


def discard(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    version: DraftVersion,
    lang: str = "",
    now: datetime,
) -> None:
    """Delete a version that is not public, or only its text in one language.

    Raises Conflict when the draft has no other version, the version no other language.
    """
    _begin(session, actor, draft)
    check_allowed(Stage(draft.stage), Verb.IMPORT_TEXT)
    session.refresh(version)
    if lang:
        _drop_language(session, draft, version, lang)
    elif version_before(session, version) is None:
        raise Conflict(
            "This is the only version of the draft. Import its text again, or withdraw the draft."
        )
    else:
        remove_version(session, version)
    outbox.record(session, DraftChanged(draft.id or 0), now)


def _drop_language(session: Session, draft: Draft, version: DraftVersion, lang: str) -> None:
    if lang not in version.langs:
        raise Conflict("This version has no text in that language.")
    if len(version.langs) == 1:
        raise Conflict("This is the only language of this version. Discard the whole version.")
    drop_text(session, version, lang)
    if draft.published_at is None:
        draft.titles = {code: text for code, text in draft.titles.items() if code != lang}
        draft.summaries = {code: text for code, text in draft.summaries.items() if code != lang}
        session.add(draft)


def _begin(session: Session, actor: Actor, draft: Draft) -> None:
    """Raise unless this officer may; until it is done, nobody else does anything here."""
    check_agency(actor, "prepare", draft.agency_id)
    hold(session, draft)
