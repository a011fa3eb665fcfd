"""What follows from a new version for the comments on earlier ones: resolved, then asked about."""

from datetime import datetime

from sqlmodel import Session

from consult import outbox
from consult.anchors.actions import resolve_version, tell_resolved
from consult.anchors.queries import asked_authors
from consult.events import AnchorsResolved, AuthorAsked, VersionPublished
from consult.platform import Platform


def resolve_anchors(
    _session: Session, platform: Platform, event: VersionPublished, now: datetime
) -> None:
    """Batch by batch, each in a transaction of its own: the delivery is not in one (wiring.py)."""
    if event.n == 1:
        return
    resolve_version(platform.database, event.version_id, now)
    with platform.database.writing() as session:
        tell_resolved(session, AnchorsResolved(event.draft_id, event.version_id, event.n), now)


def ask_authors(
    session: Session, _platform: Platform, event: AnchorsResolved, now: datetime
) -> None:
    """One event for each author, so that each is told in a transaction of their own."""
    for person_id in asked_authors(session, event.version_id):
        outbox.record(session, AuthorAsked(event.draft_id, event.version_id, person_id), now)
