"""Reads of how a version came from the one before: what is compared, what was decided, counts."""

from collections.abc import Sequence
from typing import get_args

from sqlalchemy import func
from sqlmodel import Session, col, select

from drafts.models import AlignmentDecision, DraftVersion, Provision, ProvisionChange
from drafts.versions.aligning import ChangeKind


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


def decisions(session: Session, version_id: int) -> Sequence[AlignmentDecision]:
    """What was decided of pairs, what the file said before what persons said."""
    said = select(AlignmentDecision).where(AlignmentDecision.version_id == version_id)
    by_person = col(AlignmentDecision.decided_by).is_not(None)
    return session.exec(said.order_by(by_person, col(AlignmentDecision.id))).all()
