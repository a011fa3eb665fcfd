"""Reads of how a version came from the one before: what is compared, what was decided, counts."""

import hashlib
from collections.abc import Callable, Sequence
from typing import get_args

from sqlalchemy import func
from sqlmodel import Session, col, select

from drafts.comparative.models import ComparativeRow
from drafts.models import AlignmentDecision, DraftVersion, Provision, ProvisionChange
from drafts.queries import load_tree, version_before
from drafts.tree import Node, Tree
from drafts.versions.aligning import ChangeKind

Wordings = Callable[[str, str], str]


def wids_before(session: Session, version: DraftVersion) -> set[str]:
    """The permanent ids in all earlier versions of its draft: none names another provision."""
    query = (
        select(Provision.wid)
        .join(DraftVersion, col(DraftVersion.id) == col(Provision.version_id))
        .where(DraftVersion.draft_id == version.draft_id, DraftVersion.n < version.n)
    )
    return set(session.exec(query.distinct()).all())


def operations(session: Session, version_id: int) -> dict[str, int]:
    """How many provisions became what since the version before; a split or merger counts once."""
    rows = session.execute(
        select(
            ProvisionChange.kind,
            func.count(func.distinct(col(ProvisionChange.old_wid))),
            func.count(func.distinct(col(ProvisionChange.new_wid))),
        )
        .where(ProvisionChange.version_id == version_id)
        .group_by(col(ProvisionChange.kind))
    ).all()
    found = {
        kind: min(olds, news) if kind in ("split", "merged") else max(olds, news)
        for kind, olds, news in rows
    }
    return {kind: found.get(kind, 0) for kind in get_args(ChangeKind)} if found else {}


def leading_language(version: DraftVersion, before: DraftVersion) -> str | None:
    """The language in which a version is compared with the one before, if they share one."""
    return next((code for code in version.langs if code in before.langs), None)


def decisions(session: Session, version_id: int, both: Wordings) -> list[AlignmentDecision]:
    """What was decided of wordings that are still there, what the file said before what persons
    said."""
    said = select(AlignmentDecision).where(AlignmentDecision.version_id == version_id)
    by_person = col(AlignmentDecision.decided_by).is_not(None)
    rows = session.exec(said.order_by(by_person, col(AlignmentDecision.id))).all()
    return [row for row in rows if row.words_hash == both(row.old_wid, row.new_eid)]


def linked_rows(session: Session, version: DraftVersion, lang: str) -> Sequence[ComparativeRow]:
    """The rows of the comparative table that are about a provision."""
    rows = select(ComparativeRow).where(
        ComparativeRow.version_id == version.id,
        ComparativeRow.lang == lang,
        ComparativeRow.wid != "",
    )
    return session.exec(rows).all()


def compared(session: Session, version: DraftVersion) -> tuple[Tree, Tree] | None:
    """The version before and this one in the language in which they are compared, if any."""
    before = version_before(session, version)
    lang = leading_language(version, before) if before else None
    if before is None or lang is None:
        return None
    return load_tree(session, before.id or 0, lang), load_tree(session, version.id or 0, lang)


def wordings(old: Tree, new: Tree) -> Wordings:
    """A hash of both wordings of a pair, from the old wid and the new eid; either may be ""."""
    olds = {node.wid: text_hash(node) for node in old.walk()}
    news = {node.eid: text_hash(node) for node in new.walk()}

    def both(old_wid: str, new_eid: str) -> str:
        return _hash(f"{olds.get(old_wid, '')} {news.get(new_eid, '')}")

    return both


def text_hash(node: Node) -> str:
    """Of the words of a provision, without what is below it."""
    return _hash(f"{node.heading}\n{node.text}")


def _hash(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()
