"""A version's text as rows: nobody else writes provisions or what became of them.

While a version is not public its text may be replaced, its provisions renamed and its comparison
made anew. What is public is never written again: every verb here asks `_check_open` first.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, update
from sqlmodel import Session, SQLModel, col, select

from consult.errors import Conflict
from drafts.changes import (
    Wordings,
    compared,
    decisions,
    leading_language,
    linked_rows,
    text_hash,
    wids_before,
    wordings,
)
from drafts.comparative.models import ComparativeRow
from drafts.models import AlignmentDecision, DraftVersion, Provision, ProvisionChange
from drafts.queries import changes, load_tree, version_before
from drafts.tree import Node, Tree
from drafts.versions.aligning import (
    Align,
    Alignment,
    align,
    align_languages,
    carry_wids,
    certain_heirs,
    decisions_of,
    keep_wids,
    named_by_itself,
)
from drafts.versions.pairing import Decision

Confirmation = tuple[int | None, datetime | None]


def store_text(
    session: Session,
    version: DraftVersion,
    tree: Tree,
    *,
    own_wids: bool,
    now: datetime,
    aligned: Align = align,
) -> None:
    """Put a text into a version that is not public, in place of what it has in this language.

    Another language of it lends its wids; raises Invalid where the two do not correspond. The
    leading language is compared with the version before. `own_wids`: the text says itself which
    provision of that is which. `aligned` may know already (foreseeing.py).
    """
    _check_open(session, version)
    others = [code for code in version.langs if code != tree.lang]
    brought = kept = named_by_itself(tree)
    if others:
        kept = align_languages(load_tree(session, version.id or 0, others[0]), tree)
    _follow_links(session, version, kept, aligned)
    _delete_in(session, version, tree.lang, Provision)
    rows = provision_rows(kept, version.id or 0)
    if rows:
        session.execute(insert(Provision), rows)
    before = version_before(session, version)
    if before is None or leading_language(version, before) not in (tree.lang, None):
        return
    if own_wids and tree.lang in before.langs:
        old = load_tree(session, before.id or 0, tree.lang)
        _follow_file(session, version, decisions_of(old, brought), now)
    align_anew(session, version, aligned)


def _follow_links(session: Session, version: DraftVersion, new: Tree, aligned: Align) -> None:
    """Lead the comparative table from a text that is replaced to the one in its place.

    A link without a certain heir is emptied: better none than one to another provision.
    """
    rows = linked_rows(session, version, new.lang)
    if not rows:
        return
    heirs = certain_heirs(aligned(load_tree(session, version.id or 0, new.lang), new, ()))
    wid_of = {node.eid: node.wid for node in new.walk()}
    for row in rows:
        row.wid = wid_of.get(heirs.get(row.wid, ""), "")
    session.add_all(rows)


def _follow_file(
    session: Session, version: DraftVersion, decided: Iterable[Decision], now: datetime
) -> None:
    """Keep what the file says as decisions of nobody: what a person says counts for more."""
    said_before = delete(AlignmentDecision).where(
        col(AlignmentDecision.version_id) == version.id, col(AlignmentDecision.decided_by).is_(None)
    )
    session.execute(said_before)
    write_decisions(session, version, decided, None, now)


def write_decisions(
    session: Session,
    version: DraftVersion,
    decided: Iterable[Decision],
    decided_by: int | None,
    now: datetime,
) -> None:
    """Keep decisions, for `align_anew` to obey as long as the wordings stay."""
    _check_open(session, version)
    texts = compared(session, version)
    if texts is None:
        raise Conflict("There is no other version to compare with.")
    both = wordings(*texts)
    session.add_all(
        AlignmentDecision(
            version_id=version.id or 0,
            old_wid=one.old_wid,
            new_eid=one.new_eid,
            words_hash=both(one.old_wid, one.new_eid),
            decided_by=decided_by,
            decided_at=now,
        )
        for one in decided
    )
    session.flush()


def align_anew(session: Session, version: DraftVersion, aligned: Align = align) -> None:
    """Compare a version with the one before, obeying every decision that holds.

    Its provisions are renamed in all its languages, and what became of them is written anew. What
    a person confirmed stays confirmed as long as the same is said of the same words; what one
    decided is. `aligned` may know already (foreseeing.py).
    """
    _check_open(session, version)
    if version_before(session, version) is None:
        return
    alignment: Alignment = ()
    held: list[AlignmentDecision] = []
    texts = compared(session, version)
    old, new = texts or (Tree("", ()), load_tree(session, version.id or 0, version.langs[0]))
    both = wordings(old, new)
    if texts:
        held = decisions(session, version.id or 0, both)
        alignment = aligned(old, new, [row.pair for row in held])
    used = wids_before(session, version)
    renamed = carry_wids(keep_wids(new, lambda wid: wid not in used), alignment, retired=used)
    rows = list(_change_rows(version, alignment, renamed, both))
    _keep_confirmations(session, version, rows, held)
    _rename(session, version, new, renamed)
    _write_changes(session, version, rows)


def _change_rows(
    version: DraftVersion, alignment: Alignment, tree: Tree, both: Wordings
) -> Iterator[dict[str, Any]]:
    """A row for each pair of provisions: a split and a merger have two. `eid` is no column."""
    wid_of = {node.eid: node.wid for node in tree.walk()}
    for change in alignment:
        for old in change.old_wids or ("",):
            for new in change.new_eids or ("",):
                yield {
                    "version_id": version.id,
                    "kind": change.kind,
                    "old_wid": old,
                    "new_wid": wid_of.get(new, ""),
                    "similarity": change.similarity,
                    "words_hash": both(old, new),
                    "eid": new,
                }


def _keep_confirmations(
    session: Session,
    version: DraftVersion,
    rows: list[dict[str, Any]],
    decided: Iterable[AlignmentDecision],
) -> None:
    """Add to the new rows who confirmed the same of the same words, or decided it."""
    said: dict[tuple[object, ...], Confirmation] = {
        (row.kind, row.old_wid, row.similarity, row.words_hash): (
            row.confirmed_by,
            row.confirmed_at,
        )
        for row in changes(session, version.id or 0)
        if row.confirmed_at
    }
    told: dict[tuple[object, ...], Confirmation] = {
        (row.old_wid, row.new_eid): (row.decided_by, row.decided_at)
        for row in decided
        if row.decided_by
    }
    for row in rows:
        eid = row.pop("eid")
        same = (row["kind"], row["old_wid"], row["similarity"], row["words_hash"])
        by, at = said.get(same, (None, None))
        if at is None:
            by, at = told.get((row["old_wid"], eid), (None, None))
        row.update(confirmed_by=by, confirmed_at=at)


def _rename(session: Session, version: DraftVersion, old: Tree, new: Tree) -> None:
    """Give the provisions of a version their new wids, in every language by their place."""
    pairs = enumerate(zip(old.walk(), new.walk(), strict=True))
    names = {at: (one.wid, two.wid) for at, (one, two) in pairs if one.wid != two.wid}
    if not names:
        return
    table = SQLModel.metadata.tables["provision"]
    rename = (
        update(table)
        .where(table.c.version_id == version.id, table.c.position == bindparam("at"))
        .values(wid=bindparam("name"))
    )
    # First out of each other's way: a wid is never that of two provisions at once.
    session.execute(rename, [{"at": at, "name": f" {at}"} for at in names])
    session.execute(rename, [{"at": at, "name": name} for at, (_, name) in names.items()])
    new_name = dict(names.values())
    table_rows = select(ComparativeRow).where(ComparativeRow.version_id == version.id)
    for row in session.exec(table_rows).all():
        row.wid = new_name.get(row.wid, row.wid)
        session.add(row)


def _write_changes(session: Session, version: DraftVersion, rows: list[dict[str, Any]]) -> None:
    """Replace what is said of a version."""
    of_version = col(ProvisionChange.version_id) == version.id
    session.execute(delete(ProvisionChange).where(of_version))
    if rows:
        session.execute(insert(ProvisionChange), rows)


def confirm_changes(
    session: Session, version: DraftVersion, ids: Collection[int], by: int | None, now: datetime
) -> None:
    """Mark what became of some provisions as confirmed by a person."""
    _check_open(session, version)
    session.execute(
        update(ProvisionChange)
        .where(
            col(ProvisionChange.version_id) == version.id,
            col(ProvisionChange.id).in_(ids),
            col(ProvisionChange.confirmed_at).is_(None),
        )
        .values(confirmed_by=by, confirmed_at=now)
    )


def drop_text(session: Session, version: DraftVersion, lang: str) -> None:
    """Take one of several languages out of a version that is not public."""
    _check_open(session, version)
    before = version_before(session, version)
    led = before is not None and leading_language(version, before) == lang
    _delete_in(session, version, lang, Provision)
    _delete_in(session, version, lang, ComparativeRow)
    version.langs = [code for code in version.langs if code != lang]
    for name in ("note", "titles", "summaries"):
        told = getattr(version, name)
        setattr(version, name, {code: text for code, text in told.items() if code != lang})
    session.add(version)
    session.flush()
    if led:
        align_anew(session, version)


def remove_version(session: Session, version: DraftVersion) -> None:
    """Delete a version that is not public, with all that belongs to it."""
    _check_open(session, version)
    for table in (Provision, ProvisionChange, AlignmentDecision, ComparativeRow):
        session.execute(delete(table).where(col(table.version_id) == version.id))
    session.delete(version)
    session.flush()


def _delete_in(
    session: Session, version: DraftVersion, lang: str, table: type[Provision | ComparativeRow]
) -> None:
    of_version = col(table.version_id) == version.id
    session.execute(delete(table).where(of_version, col(table.lang) == lang))


def _check_open(session: Session, version: DraftVersion) -> None:
    """Raise Conflict for a public version, also when it became public a moment ago."""
    session.flush()
    session.refresh(version)
    if version.published_at is not None:
        raise Conflict("A public version never changes. Import a new one.")


def provision_rows(tree: Tree, version_id: int) -> list[dict[str, Any]]:
    """The rows of a tree in reading order."""
    rows: list[dict[str, Any]] = []

    def put(node: Node, parent: str, depth: int) -> None:
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
                "text_hash": text_hash(node),
            }
        )
        for child in node.children:
            put(child, node.eid, depth + 1)

    for node in tree.nodes:
        put(node, "", 0)
    return rows
