"""A version's text as rows: nobody else writes provisions or what became of them.

While a version is not public its text may be replaced, its provisions renamed and its comparison
made anew. What is public is never written again: every verb here asks `_check_open` first.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, update
from sqlmodel import Session, SQLModel, col, select

from consult.errors import Conflict
from drafts.changes import decisions, leading_language, wids_before
from drafts.comparative.models import ComparativeRow
from drafts.models import AlignmentDecision, DraftVersion, Provision, ProvisionChange
from drafts.queries import changes, load_tree, version_before
from drafts.tree import Node, Tree
from drafts.versions.aligning import Alignment, align, align_languages, carry_wids, decisions_of
from drafts.versions.pairing import Decision

WID = re.compile(r"[\w.~-]{1,200}")
Confirmation = tuple[int | None, datetime | None]


def store_text(
    session: Session, version: DraftVersion, tree: Tree, *, own_wids: bool, now: datetime
) -> None:
    """Put a text into a version that is not public, in place of what it has in this language.

    Another language of it lends its wids; raises Invalid where the two do not correspond. The
    leading language is compared with the version before. `own_wids`: the text says itself which
    provision of that is which.
    """
    _check_open(session, version)
    others = [code for code in version.langs if code != tree.lang]
    brought = kept = carry_wids(_with_wids(tree, WID.fullmatch), ())  # a file may give one twice
    if others:
        kept = align_languages(load_tree(session, version.id or 0, others[0]), tree)
    _clear(session, version, tree.lang)
    rows = provision_rows(kept, version.id or 0)
    if rows:
        session.execute(insert(Provision), rows)
    before = version_before(session, version)
    if before is None or leading_language(version, before) not in (tree.lang, None):
        return
    if own_wids and tree.lang in before.langs:
        old = load_tree(session, before.id or 0, tree.lang)
        _follow_file(session, version, decisions_of(old, brought), now)
    align_anew(session, version)


def _with_wids(tree: Tree, fits: Callable[[str], object]) -> Tree:
    """The text with those of its wids alone that fit."""

    def fitting(node: Node) -> Node:
        wid = node.wid if fits(node.wid) else ""
        return replace(node, wid=wid, children=tuple(map(fitting, node.children)))

    return Tree(tree.lang, tuple(map(fitting, tree.nodes)))


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
    """Keep decisions, for `align_anew` to obey."""
    _check_open(session, version)
    session.add_all(
        AlignmentDecision(
            version_id=version.id or 0,
            old_wid=one.old_wid,
            new_eid=one.new_eid,
            decided_by=decided_by,
            decided_at=now,
        )
        for one in decided
    )
    session.flush()


def align_anew(session: Session, version: DraftVersion) -> None:
    """Compare a version with the one before, obeying every decision.

    Its provisions are renamed in all its languages, and what became of them is written anew. What
    a person confirmed stays confirmed as long as the same is said of it; what one decided is.
    """
    _check_open(session, version)
    before = version_before(session, version)
    if before is None:
        return
    lang = leading_language(version, before)
    used = wids_before(session, version)
    new = load_tree(session, version.id or 0, lang or version.langs[0])
    decided = decisions(session, version.id or 0)
    alignment: Alignment = ()
    if lang:
        old = load_tree(session, before.id or 0, lang)
        alignment = align(old, new, (Decision(row.old_wid, row.new_eid) for row in decided))
    renamed = carry_wids(_with_wids(new, lambda wid: wid not in used), alignment, retired=used)
    rows = list(_change_rows(version, alignment, renamed))
    _keep_confirmations(session, version, new, rows, decided)
    _rename(session, version, new, renamed)
    _write_changes(session, version, rows)


def _change_rows(
    version: DraftVersion, alignment: Alignment, tree: Tree
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
                    "eid": new,
                }


def _keep_confirmations(
    session: Session,
    version: DraftVersion,
    tree: Tree,
    rows: list[dict[str, Any]],
    decided: Iterable[AlignmentDecision],
) -> None:
    """Add to the new rows who confirmed them; the `tree` still has the names of the old rows."""
    eid_of = {node.wid: node.eid for node in tree.walk()}
    said: dict[tuple[object, ...], Confirmation] = {
        (row.kind, row.old_wid, eid_of.get(row.new_wid, ""), row.similarity): (
            row.confirmed_by,
            row.confirmed_at,
        )
        for row in changes(session, version.id or 0)
    }
    told: dict[tuple[object, ...], Confirmation] = {
        (row.old_wid, row.new_eid): (row.decided_by, row.decided_at)
        for row in decided
        if row.decided_by
    }
    for row in rows:
        eid = row.pop("eid")
        by, at = said.get((row["kind"], row["old_wid"], eid, row["similarity"]), (None, None))
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
    """Replace what is said of a version, the new before the old: no id is ever given again, so
    that nobody confirms by an old page what they have not seen.
    """
    of_version = col(ProvisionChange.version_id) == version.id
    last = session.exec(select(func.max(ProvisionChange.id)).where(of_version)).one() or 0
    if rows:
        session.execute(insert(ProvisionChange), rows)
    session.execute(delete(ProvisionChange).where(of_version, col(ProvisionChange.id) <= last))


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
    _clear(session, version, lang)
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


def _clear(session: Session, version: DraftVersion, lang: str) -> None:
    """Delete the text in one language; the comparison and its decisions go with the last one."""
    _delete_in(session, version, lang, Provision)
    if not set(version.langs) - {lang}:
        for told in (ProvisionChange, AlignmentDecision):
            session.execute(delete(told).where(col(told.version_id) == version.id))


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
