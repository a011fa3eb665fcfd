"""Reads of snapshots: one by the beginning of its hash, and lists, the newest first."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from consult.errors import Conflict, NotFound
from consult.snapshots.models import Snapshot
from consult.snapshots.rules import ADDRESS


def newest_of(session: Session, kind: str, subject: str) -> Snapshot | None:
    """The last snapshot of one page."""
    query = select(Snapshot).where(Snapshot.kind == kind, Snapshot.subject == subject)
    return session.exec(query.order_by(col(Snapshot.id).desc()).limit(1)).first()


def by_hash(session: Session, beginning: str) -> Snapshot:
    """The snapshot whose hash begins so; raises NotFound, or Conflict where two do."""
    if not ADDRESS.fullmatch(beginning):
        raise NotFound("There is no such snapshot.")
    digest = col(Snapshot.sha256)
    query = select(Snapshot).where(digest >= beginning, digest <= beginning.ljust(64, "f"))
    found = session.exec(query.limit(2)).all()
    if not found:
        raise NotFound("There is no such snapshot.")
    if len(found) > 1:
        raise Conflict("Two snapshots begin like this. Please give more of the hash.")
    return found[0]


def snapshots(session: Session, kind: str, before: int | None, limit: int) -> Sequence[Snapshot]:
    """The newest before one; one more than `limit` tells that there are older ones."""
    query = select(Snapshot).order_by(col(Snapshot.id).desc()).limit(limit + 1)
    if before is not None:
        query = query.where(col(Snapshot.id) < before)
    if kind:
        query = query.where(Snapshot.kind == kind)
    return session.exec(query).all()


def tampered(session: Session) -> list[str]:
    """The addresses of all whose content is not what was hashed; a hundred are read at a time."""
    rows = session.exec(select(Snapshot).execution_options(yield_per=100))
    return [row.url for row in rows if not row.is_whole]


def snapshots_of(session: Session, kind: str, subject: str, limit: int) -> Sequence[Snapshot]:
    """The newest snapshots of one page."""
    query = select(Snapshot).where(Snapshot.kind == kind, Snapshot.subject == subject)
    return session.exec(query.order_by(col(Snapshot.id).desc()).limit(limit)).all()
