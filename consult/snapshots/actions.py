"""Keeping a snapshot. There is nothing else one could do with one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from consult.db import upsert
from consult.snapshots.models import Snapshot
from consult.snapshots.queries import by_hash, newest_of
from consult.snapshots.rules import document_of, hash_of, same_content


def keep(
    session: Session, kind: str, subject: str, content: Mapping[str, Any], now: datetime
) -> Snapshot:
    """Keep what a page says now; where the newest one of it says the same, that one is returned.

    `kind` is one of rules.KINDS; `subject` tells which page of that kind ("agency=MOJ&year=2026",
    "draft:12", "" where there is one only); `content` is made by rules.content_of.
    """
    newest = newest_of(session, kind, subject)
    if newest is not None and newest.is_whole and same_content(newest.document, content):
        return newest
    document = document_of(kind, subject, content, now)
    digest = hash_of(document)
    row = {
        "kind": kind,
        "subject": subject,
        "made_at": now.replace(microsecond=0),
        "sha256": digest,
        "document": document.decode(),
    }
    session.execute(upsert(session, Snapshot).values(row).on_conflict_do_nothing())
    return by_hash(session, digest)
