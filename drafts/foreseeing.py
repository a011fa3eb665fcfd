"""Texts are aligned before a transaction that others wait for: it may take seconds.

Here it is guessed, in a session that only reads, what storing.py will have to align. Whatever is
otherwise by then is aligned there: a wrong guess costs time and nothing else.
"""

from collections.abc import Iterable

from sqlmodel import Session

from drafts.changes import compared, decisions, leading_language, linked_rows, wordings
from drafts.models import DraftVersion
from drafts.queries import latest_version, load_tree, version_before
from drafts.tree import Tree
from drafts.versions.aligning import Aligner, decisions_of, named_by_itself
from drafts.versions.pairing import Decision


def foresee_text(session: Session, draft_id: int | None, tree: Tree, *, own_wids: bool) -> Aligner:
    """What is aligned when a text is taken over."""
    aligned, new = Aligner(), named_by_itself(tree)
    latest = latest_version(session, draft_id) if draft_id else None
    version = _version_for(latest, tree.lang) if latest else None
    if version is None:
        return aligned
    if linked_rows(session, version, tree.lang):
        aligned(load_tree(session, version.id or 0, tree.lang), new)
    before = version_before(session, version)
    if before is not None and leading_language(version, before) == tree.lang:
        old = load_tree(session, before.id or 0, tree.lang)
        said = decisions(session, version.id or 0, wordings(old, new))
        by_file = decisions_of(old, new) if own_wids else ()
        kept = [row.pair for row in said if row.decided_by or not own_wids]
        aligned(old, new, [*by_file, *kept])
    return aligned


def _version_for(latest: DraftVersion, lang: str) -> DraftVersion:
    """The version the text will go into, not stored."""
    if latest.published_at is not None:
        n, langs, id_ = latest.n + 1, [lang], None
    else:
        n, langs, id_ = latest.n, list(dict.fromkeys((*latest.langs, lang))), latest.id
    return DraftVersion(
        id=id_, draft_id=latest.draft_id, n=n, langs=langs, created_at=latest.created_at
    )


def foresee_decisions(
    session: Session, version: DraftVersion, decided: Iterable[Decision]
) -> Aligner:
    """What is aligned when some more decisions are made."""
    aligned = Aligner()
    if texts := compared(session, version):
        said = decisions(session, version.id or 0, wordings(*texts))
        aligned(*texts, [*(row.pair for row in said), *decided])
    return aligned
