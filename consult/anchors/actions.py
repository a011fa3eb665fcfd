"""What is done with anchors: resolve all for a version, tell of it; say what still matters."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby, islice
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session, col, select

from consult import outbox
from consult.access import Actor
from consult.anchors.models import AnchorResolution
from consult.anchors.queries import (
    question_about,
    quote_of,
    standings,
    steps_of,
    text_of,
    unresolved,
    versions_until,
)
from consult.anchors.rules import RELEVANCE, Standing, heirs, is_changed, stands
from consult.comments.models import Comment
from consult.comments.rules import check_own
from consult.db import Database, upsert
from consult.errors import Conflict, Invalid
from consult.events import AnchorsResolved
from consult.outbox import OutboxEvent
from drafts.models import DraftVersion

BATCH = 500  # rows written at once: the one writer of SQLite is never held for long


def resolve_version(database: Database, version_id: int, now: datetime) -> int:
    """Write down where every comment on an earlier version stands in this one; returns how many.

    Only what has no row yet is done: it goes on where it was broken off, and done again it
    changes nothing, for texts and lists of changes are as they were published. The texts are
    compared outside any transaction.
    """
    with database.reading() as session:
        version = session.get_one(DraftVersion, version_id)
        waiting = unresolved(session, version)
        work = _Work(session, version)
    done, rows = 0, work.rows(database, waiting, now)
    while batch := list(islice(rows, BATCH)):
        with database.writing() as session:
            _write(session, batch)
        done += len(batch)
    return done


def _write(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    session.execute(upsert(session, AnchorResolution).on_conflict_do_nothing(), rows)


def tell_resolved(session: Session, event: AnchorsResolved, now: datetime) -> None:
    """Record that a version is resolved, once: it may be resolved twice, even at the same time."""
    session.get_one(DraftVersion, event.version_id, with_for_update={"key_share": True})
    told = select(OutboxEvent.id).where(
        OutboxEvent.name == AnchorsResolved.__name__,
        col(OutboxEvent.payload)["version_id"].as_integer() == event.version_id,
    )
    if session.exec(told.limit(1)).first() is None:
        outbox.record(session, event, now)


class _Work:
    """The versions up to the one that is resolved, and what changed from each to the next."""

    def __init__(self, session: Session, version: DraftVersion) -> None:
        self.version = version
        self.until = versions_until(session, version)
        self.previous = self.until[-2] if len(self.until) > 1 else version
        self.steps = steps_of(session, [row.id or 0 for row in self.until])
        self.stood = standings(session, self.previous.id or 0)

    def rows(
        self, database: Database, waiting: Sequence[Row[Any]], now: datetime
    ) -> Iterator[dict[str, Any]]:
        """The rows to write, provision by provision, so that a difference is computed once."""
        for (origin_id, lang), comments in groupby(
            waiting, lambda row: (row.version_id, row.anchor_lang)
        ):
            origin = next(row for row in self.until if row.id == origin_id)
            with database.reading() as session:
                old, new, previous = (
                    text_of(session, row, lang) for row in (origin, self.version, self.previous)
                )
            later = [self.steps[row.id or 0] for row in self.until if row.n > origin.n]
            for wid, on_it in groupby(comments, lambda row: row.wid):
                carried = heirs(wid, later)
                for comment in on_it:
                    quote = quote_of(comment)
                    here = stands(quote, wid, old, new, carried)
                    changed = is_changed(quote, here, new, self._stood(comment.id), previous)
                    yield self._row(comment, here, changed, now)

    def _stood(self, comment_id: int) -> Standing | None:
        """Where a comment stood in the version before this one; None when it was made on that."""
        row = self.stood.get(comment_id)
        return Standing(row.state, row.wid, row.start, row.end) if row else None  # type: ignore[arg-type]

    def _row(
        self, comment: Row[Any], here: Standing, changed: bool, now: datetime
    ) -> dict[str, Any]:
        return {
            "comment_id": comment.id,
            "version_id": self.version.id,
            **here._asdict(),
            "elsewhere": here.wid not in {"", comment.wid},
            "changed": changed,
            "resolved_at": now,
            "relevance": "",
        }


def say_relevance(
    session: Session, *, actor: Actor, comment: Comment, n: int, value: str, now: datetime
) -> None:
    """An author says whether their comment still matters after the change of version `n`.

    It may be said otherwise later. Raises NotAllowed, Invalid; Conflict when the text has changed
    again since they were asked, or nothing was asked.
    """
    check_own(comment.author_id, actor.person_id)
    if value not in RELEVANCE[1:]:
        raise Invalid("Please choose one of the options.", field="value")
    question = question_about(session, comment.id or 0)
    if question is None or question.n != n:
        raise Conflict("The text has changed again. Please look at it and say it once more.")
    row = question.resolution
    if row.relevance == value:
        return
    row.relevance, row.relevance_at = value, now
    session.add(row)
