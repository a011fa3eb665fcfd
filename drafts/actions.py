"""What is done to dossiers and texts: take over an import, publish a version, change the stage."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col

from consult import outbox
from consult.access import Actor, check_agency
from consult.accounts.models import Agency
from consult.accounts.rules import check_agency_open
from consult.db import affected
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.events import DraftChanged, VersionPublished
from consult.procedure.acts import ActForm, check_body
from consult.procedure.packs import RulePack
from consult.procedure.stages import Stage, Verb, check_allowed, check_transition
from drafts.importing.preview import Preview
from drafts.importing.table.lines import check_same_lines
from drafts.models import (
    Draft,
    DraftVersion,
    ImportFile,
    ImportPreview,
    StageChange,
)
from drafts.previews import NODES, text_of
from drafts.queries import latest_version, load_tree, unready
from drafts.storing import store_text
from drafts.versions.aligning import Align, align


def keep_preview(
    session: Session,
    *,
    actor: Actor,
    preview: Preview,
    agency_id: int,
    draft: Draft | None,
    facts: dict[str, str],
    now: datetime,
    file: bytes = b"",
) -> ImportPreview:
    """Keep what was read from a file until the person has looked at it.

    `facts` are filename, act_type, topic, title, summary, tracked; `file` is kept as well, so that
    it can be read again otherwise. Raises NotAllowed, Invalid.
    """
    check_agency(actor, "prepare", agency_id)
    if draft is not None:
        if draft.agency_id != agency_id:
            raise NotAllowed("This belongs to another agency.")
        check_allowed(Stage(draft.stage), Verb.IMPORT_TEXT)
    known = draft.titles.get(preview.tree.lang) if draft else ""
    title = facts.get("title") or known or preview.title
    if not title:
        raise Invalid("Please give the draft a title.", field="title")
    row = ImportPreview(
        id=secrets.token_urlsafe(16),
        agency_id=agency_id,
        draft_id=draft.id if draft else None,
        created_by=actor.id,
        created_at=now,
        filename=facts.get("filename", ""),
        tracked=facts.get("tracked", "accepted"),
        act_type=draft.act_type if draft else facts["act_type"],
        topic=draft.topic if draft else facts.get("topic", ""),
        title=title,
        summary=facts.get("summary", ""),
        **what_was_read(preview),
    )
    session.add(row)
    session.flush()
    if file:
        session.add(ImportFile(preview_id=row.id, data=file))
        session.flush()
    return row


def what_was_read(preview: Preview) -> dict[str, Any]:
    """The columns of an ImportPreview that come from the file itself."""
    return {
        "lang": preview.tree.lang,
        "nodes": NODES.dump_python(preview.tree.nodes, mode="json"),
        "warnings": [
            {"message": w.message, "params": dict(w.params), "place": w.place, "at": w.at}
            for w in preview.warnings
        ],
        "coverage": preview.coverage,
        "own_wids": preview.own_wids,
    }


def check_kind(pack: RulePack, act_type: str, topic: str) -> None:
    """Refuse a kind of act or a topic the rules do not know; a draft may be without a topic."""
    if act_type not in pack.act_types:
        raise Invalid("Please choose the kind of act.", field="act_type")
    if topic and topic not in pack.topics:
        raise Invalid("Please choose one of the options.", field="topic")


def take_over(
    session: Session,
    *,
    actor: Actor,
    preview: ImportPreview,
    pack: RulePack,
    note: str = "",
    now: datetime,
    aligned: Align = align,
) -> DraftVersion:
    """Turn a preview into a draft, a new version of one, or a second language of a version.

    `note` says, in the language of the text, why this version differs from the one before.
    `aligned` may know already how it is aligned (foreseeing.py).
    """
    check_agency(actor, "prepare", preview.agency_id)
    tree = text_of(preview)
    if not tree.nodes:
        raise Invalid("There is no text in this file.", field="file")
    _claim(session, preview)
    draft = _dossier(session, preview, pack, now)
    version = _version_for(session, draft, preview, now)
    if note:
        version.note = {**version.note, preview.lang: note}
    version.titles = {**version.titles, preview.lang: preview.title}
    if preview.summary:
        version.summaries = {**version.summaries, preview.lang: preview.summary}
    act = pack.acts.get(draft.act_type)
    others = [lang for lang in version.langs if lang != tree.lang]
    if act and act.form is ActForm.TABLE and others:
        check_same_lines(load_tree(session, version.id or 0, others[0]), tree, act)
    store_text(session, version, tree, own_wids=preview.own_wids, now=now, aligned=aligned)
    outbox.record(session, DraftChanged(draft.id or 0), now)
    return version


def _claim(session: Session, preview: ImportPreview) -> None:
    """A preview is used up by taking it over: sent twice at once, it makes one draft, not two."""
    session.flush()
    session.execute(delete(ImportFile).where(col(ImportFile.preview_id) == preview.id))
    used = session.execute(delete(ImportPreview).where(col(ImportPreview.id) == preview.id))
    if affected(used) != 1:
        raise NotFound("There is no such text waiting: it was taken over or discarded.")


def _dossier(session: Session, preview: ImportPreview, pack: RulePack, now: datetime) -> Draft:
    """The draft the text belongs to. What is public of it changes when the text becomes public."""
    if preview.draft_id is not None:
        draft = session.get_one(Draft, preview.draft_id)
        hold(session, draft)
        check_allowed(Stage(draft.stage), Verb.IMPORT_TEXT)
    else:
        agency = session.get_one(Agency, preview.agency_id)
        check_agency_open(agency.closed_on)
        check_kind(pack, preview.act_type, preview.topic)
        check_body(pack.acts[preview.act_type], agency.kind)
        draft = Draft(
            agency_id=preview.agency_id,
            act_type=preview.act_type,
            topic=preview.topic,
            titles={},
            created_at=now,
        )
    if draft.published_at is None:
        draft.titles = {**draft.titles, preview.lang: preview.title}
        if preview.summary:
            draft.summaries = {**draft.summaries, preview.lang: preview.summary}
    session.add(draft)
    session.flush()
    return draft


def _version_for(
    session: Session, draft: Draft, preview: ImportPreview, now: datetime
) -> DraftVersion:
    """The version the text goes into: one not yet published, else a new one."""
    latest = latest_version(session, draft.id or 0)
    if latest and latest.published_at is None:
        if preview.lang not in latest.langs:
            latest.langs = [*latest.langs, preview.lang]
        session.add(latest)
        return latest
    version = DraftVersion(
        draft_id=draft.id or 0,
        n=latest.n + 1 if latest else 1,
        langs=[preview.lang],
        created_at=now,
    )
    session.add(version)
    session.flush()
    return version


def hold(session: Session, draft: Draft) -> None:
    """Keep everybody else from changing the draft until this transaction ends; read it anew.

    So of two who act on one draft at once the second sees what the first has done. Citizens are
    not kept waiting: what they add only refers to the draft. SQLite has one writer anyway.
    """
    session.flush()  # reading anew forgets what is not written yet
    session.refresh(draft, with_for_update={"key_share": True})


def keep_stage(session: Session, draft: Draft) -> None:
    """Keep the draft from being held until this transaction ends; read it anew. Many may at once.

    For what is done to a comment while its round is answered: a report that is published at the
    same moment sees it, or what is done sees the report.
    """
    session.flush()  # as above
    session.refresh(draft, with_for_update={"read": True})


def publish_version(session: Session, draft: Draft, version: DraftVersion, now: datetime) -> None:
    """Make a version public; from then on it never changes. The draft takes its title and summary.

    Raises Conflict while it lacks a language the public text has, or a pair is not confirmed.
    """
    if version.published_at is not None:
        return
    if refusal := unready(session, version):
        raise refusal
    version.published_at = now
    draft.published_at = draft.published_at or now
    draft.titles = {**draft.titles, **version.titles}
    draft.summaries = {**draft.summaries, **version.summaries}
    session.add_all((version, draft))
    outbox.record(session, VersionPublished(draft.id or 0, version.id or 0, version.n), now)


def set_stage(
    session: Session,
    draft_id: int,
    new: Stage,
    now: datetime,
    *,
    actor_id: int | None = None,
    new_round: bool = False,
) -> Draft:
    """Move a draft to a stage, once: of two at the same time one gets Conflict."""
    draft = session.get(Draft, draft_id)
    if draft is None:
        raise NotFound("There is no such draft.")
    old = Stage(draft.stage)
    check_transition(old, new, new_round=new_round)
    moved = session.execute(
        update(Draft)
        .where(col(Draft.id) == draft_id, col(Draft.stage) == old.value)
        .values(stage=new.value)
    )
    if affected(moved) != 1:
        raise Conflict("Somebody else has just changed this draft. Please look again.")
    draft.stage = new.value
    session.add(
        StageChange(
            draft_id=draft_id, old=old.value, new=new.value, changed_at=now, actor_id=actor_id
        )
    )
    outbox.record(session, DraftChanged(draft_id), now)
    return draft
