"""What is done to dossiers and texts: take over an import, publish a version, change the stage."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, update
from sqlmodel import Session, col

from consult import outbox
from consult.access import Actor, check_agency
from consult.db import affected
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.events import DraftChanged, VersionPublished
from consult.procedure.packs import RulePack
from consult.procedure.stages import Stage, Verb, check_allowed, check_transition
from drafts.aligning import Change, align, align_languages, carry_wids
from drafts.importing.preview import Preview
from drafts.models import (
    Draft,
    DraftVersion,
    ImportPreview,
    Provision,
    ProvisionChange,
    StageChange,
)
from drafts.queries import (
    NODES,
    latest_version,
    load_tree,
    text_of,
    unready,
    version_before,
    wids_ever_used,
)
from drafts.tree import Node, Tree


def keep_preview(
    session: Session,
    *,
    actor: Actor,
    preview: Preview,
    agency_id: int,
    draft: Draft | None,
    facts: dict[str, str],
    now: datetime,
) -> ImportPreview:
    """Keep what was read from a file until the person has looked at it.

    `facts` are filename, act_type, topic, title, summary. Raises NotAllowed, Invalid.
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
        lang=preview.tree.lang,
        act_type=draft.act_type if draft else facts["act_type"],
        topic=draft.topic if draft else facts.get("topic", ""),
        title=title,
        summary=facts.get("summary", ""),
        nodes=NODES.dump_python(preview.tree.nodes, mode="json"),
        warnings=[
            {"message": w.message, "params": dict(w.params), "place": w.place}
            for w in preview.warnings
        ],
        coverage=preview.coverage,
        own_wids=preview.own_wids,
    )
    session.add(row)
    session.flush()
    return row


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
) -> DraftVersion:
    """Turn a preview into a draft, a new version of one, or a second language of a version.

    `note` says, in the language of the text, why this version differs from the one before.
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
    _store_text(session, version, tree)
    outbox.record(session, DraftChanged(draft.id or 0), now)
    return version


def _claim(session: Session, preview: ImportPreview) -> None:
    """A preview is used up by taking it over: sent twice at once, it makes one draft, not two."""
    session.flush()
    used = session.execute(delete(ImportPreview).where(col(ImportPreview.id) == preview.id))
    if affected(used) != 1:
        raise NotFound("There is no such text waiting: it was taken over or discarded.")


def _dossier(session: Session, preview: ImportPreview, pack: RulePack, now: datetime) -> Draft:
    """The draft the text belongs to. What is public of it is not changed by a text that is not."""
    if preview.draft_id is not None:
        draft = session.get_one(Draft, preview.draft_id)
        hold(session, draft)
        check_allowed(Stage(draft.stage), Verb.IMPORT_TEXT)
    else:
        check_kind(pack, preview.act_type, preview.topic)
        draft = Draft(
            agency_id=preview.agency_id,
            act_type=preview.act_type,
            topic=preview.topic,
            titles={},
            created_at=now,
        )
    if not has_public_title(draft, preview.lang):
        draft.titles = {**draft.titles, preview.lang: preview.title}
    if preview.summary and not (draft.published_at and draft.summaries.get(preview.lang)):
        draft.summaries = {**draft.summaries, preview.lang: preview.summary}
    session.add(draft)
    session.flush()
    return draft


def has_public_title(draft: Draft, lang: str) -> bool:
    """Whether everybody can read the draft's title in this language: no import changes it then."""
    return draft.published_at is not None and bool(draft.titles.get(lang))


def _version_for(
    session: Session, draft: Draft, preview: ImportPreview, now: datetime
) -> DraftVersion:
    """The version the text goes into: one not yet published, else a new one."""
    latest = latest_version(session, draft.id or 0)
    if latest and latest.published_at is None:
        _clear_language(session, latest, preview.lang)
        latest.langs = [*(code for code in latest.langs if code != preview.lang), preview.lang]
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


def _clear_language(session: Session, version: DraftVersion, lang: str) -> None:
    """Make room for the text in this language; another language keeps the comparison it led to."""
    session.execute(
        delete(Provision).where(
            col(Provision.version_id) == version.id, col(Provision.lang) == lang
        )
    )
    if not set(version.langs) - {lang}:
        changes = delete(ProvisionChange).where(col(ProvisionChange.version_id) == version.id)
        session.execute(changes)


def _store_text(session: Session, version: DraftVersion, tree: Tree) -> None:
    others = [code for code in version.langs if code != tree.lang]
    previous = version_before(session, version)
    if others:
        tree = align_languages(load_tree(session, version.id or 0, others[0]), tree)
    elif previous and tree.lang in previous.langs:
        old = load_tree(session, previous.id or 0, tree.lang)
        alignment = align(old, tree)
        tree = carry_wids(tree, alignment, retired=wids_ever_used(session, version.draft_id))
        by_eid = {node.eid: node.wid for node in tree.walk()}
        for change in alignment:
            session.add_all(_change_rows(version, change, by_eid))
    rows = provision_rows(tree, version.id or 0)
    session.execute(insert(Provision), rows)


def _change_rows(
    version: DraftVersion, change: Change, wid_of: dict[str, str]
) -> list[ProvisionChange]:
    pairs = [
        (old, wid_of[new] if new else "")
        for old in (change.old_wids or ("",))
        for new in (change.new_eids or ("",))
    ]
    return [
        ProvisionChange(
            version_id=version.id or 0,
            kind=change.kind,
            old_wid=old,
            new_wid=new,
            similarity=change.similarity,
        )
        for old, new in pairs
    ]


def provision_rows(tree: Tree, version_id: int) -> list[dict[str, Any]]:
    """The rows of a tree in reading order."""
    rows: list[dict[str, Any]] = []

    def put(node: Node, parent: str, depth: int) -> None:
        words = f"{node.heading}\n{node.text}"
        rows.append(
            {
                "version_id": version_id,
                "lang": tree.lang,
                "wid": node.wid,
                "eid": node.eid,
                "parent_eid": parent,
                "position": len(rows),
                "depth": depth,
                "kind": node.kind,
                "number": node.number,
                "label": node.label,
                "heading": node.heading,
                "text": node.text,
                "text_hash": hashlib.sha256(words.encode()).hexdigest(),
            }
        )
        for child in node.children:
            put(child, node.eid, depth + 1)

    for node in tree.nodes:
        put(node, "", 0)
    return rows


def hold(session: Session, draft: Draft) -> None:
    """Keep everybody else from changing the draft until this transaction ends; read it anew.

    So of two who act on one draft at once the second sees what the first has done. Citizens are
    not kept waiting: what they add only refers to the draft. SQLite has one writer anyway.
    """
    session.flush()  # reading anew forgets what is not written yet
    session.refresh(draft, with_for_update={"key_share": True})


def publish_version(session: Session, draft: Draft, version: DraftVersion, now: datetime) -> None:
    """Make a version public; from then on it never changes.

    Raises Conflict while it lacks a language the public text has.
    """
    if version.published_at is not None:
        return
    if refusal := unready(session, version):
        raise refusal
    version.published_at = now
    draft.published_at = draft.published_at or now
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
