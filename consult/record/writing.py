"""The only writer of the record: entries are appended, salts forgotten, nothing is ever changed.

Appending is serialised: SQLite has one writer, and in PostgreSQL whoever appends holds a lock until
their transaction ends (an advisory one, for at first there is no row to lock). Many entries are
appended in few statements, and their nodes computed once.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from consult.adoption.models import Problem
from consult.comments.models import Comment, CommentRevision
from consult.feedback.models import Contest
from consult.moderation.models import Appeal
from consult.proposals.models import Proposal
from consult.questions.models import Question
from consult.record.kinds import BEGUN, FORGOTTEN, KINDS, Snapshot, payload, same
from consult.record.models import RecordEntry, RecordHead, RecordNode, RecordSalt
from consult.record.queries import has_begun, last_entries, newest_head, tree_of
from consult.record.sources import snapshots, unrecorded
from consult.record.tree import leaf_hash

SALT_BYTES = 32
LOCK = 9162  # any number that nobody else locks here; this one is that of the RFC
NUMBERS = 500  # deleted in one statement


def keep(session: Session, wanted: Mapping[str, Collection[int]], now: datetime) -> int:
    """Record rows (by kind) as they are now, those that differ from their last entry; how many.

    What is asked for twice is so recorded once.
    """
    _lock(session)
    fresh: list[tuple[Snapshot, int]] = []
    for kind, ids in wanted.items():
        known = last_entries(session, kind, ids)
        for row in snapshots(session, kind, ids):
            last = known.get(row.row)
            if last is None:
                fresh.append((row, 1))
            elif same(last.payload, last.salt, row):
                fresh.append((row, last.turn + 1))
    _append(session, fresh, now)
    return len(fresh)


def _lock(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(LOCK)))


def _append(session: Session, fresh: Sequence[tuple[Snapshot, int]], now: datetime) -> None:
    """Write entries, what hangs on them, and the head they end in; under `_lock`."""
    if not fresh:
        return
    head = newest_head(session)
    tree = tree_of(session, head.size if head else 0)
    entries, salts, nodes = [], [], []
    for row, turn in fresh:
        salt = secrets.token_bytes(SALT_BYTES) if row.hidden else None
        text = payload(row, turn, salt, now)
        leaf = leaf_hash(text.encode())
        entries.append(
            {"number": tree.size, "kind": row.kind, "row_id": row.row, "turn": turn}
            | {"payload": text, "leaf": leaf.hex(), "recorded_at": now}
        )
        if salt:
            salts.append({"number": tree.size, "salt": salt.hex()})
        nodes += [
            {"level": level, "place": place, "hash": found.hex()}
            for (level, place), found in tree.add(leaf)
        ]
    n = head.n + 1 if head else 1
    heads = [{"size": tree.size, "n": n, "root": tree.root.hex(), "made_at": now}]
    for table, rows in (
        (RecordEntry, entries),
        (RecordSalt, salts),
        (RecordNode, nodes),
        (RecordHead, heads),
    ):
        if rows:
            session.execute(insert(table), rows)


def adopt(session: Session, now: datetime, most: int) -> int:
    """Record what was there before the record, `most` rows at a time; how many entries it made.

    The last of them says that the record has begun: from then on nothing is recorded because it is
    there, only because something happened, so that a row put in by hand stays outside and is found.
    """
    _lock(session)
    if has_begun(session):
        return 0
    for kind in KINDS:
        last = select(func.max(RecordEntry.row_id)).where(RecordEntry.kind == kind)
        ids = unrecorded(session, kind, after=session.exec(last).one() or 0, most=most)
        if ids:
            return keep(session, {kind: ids}, now)
    head = newest_head(session)
    _append(session, [(Snapshot(BEGUN, 0, {"entries": head.size if head else 0}, {}), 1)], now)
    return 1


def forget_earlier(session: Session, rows: Mapping[str, Collection[int]], now: datetime) -> int:
    """Forget what rows (by kind) said before they were redacted; how many entries that concerns."""
    later = aliased(RecordEntry)
    superseded = (
        select(later.number)
        .where(
            later.kind == RecordEntry.kind,
            later.row_id == RecordEntry.row_id,
            later.turn > RecordEntry.turn,
        )
        .exists()
    )
    those = or_(*(_about(kind, ids) for kind, ids in rows.items()))
    return _forget(session, and_(those, superseded), "redacted", now)


def forget_person(session: Session, person_id: int, now: datetime, most: int | None = None) -> int:
    """Make what the record says of a person's words meaningless, in `most` entries at a time; how
    many entries that concerned.

    The record stays provable. Their words themselves are erased by whoever asks for this.
    """
    own = col(Comment.author_id) == person_id
    written = select(CommentRevision.id).join(
        Comment, col(Comment.id) == CommentRevision.comment_id
    )
    contests = select(Contest.id).join(Comment, col(Comment.id) == col(Contest.comment_id))
    theirs = or_(
        _about("comment", select(Comment.id).where(own)),
        _about("wording", written.where(own)),
        _about("contest", contests.where(own)),
        _about("problem", select(Problem.id).where(Problem.author_id == person_id)),
        _about("appeal", select(Appeal.id).where(Appeal.person_id == person_id)),
        _about("proposal", select(Proposal.id).where(Proposal.author_id == person_id)),
        _about("question", select(Question.id).where(Question.author_id == person_id)),
    )
    return _forget(session, theirs, "person", now, most)


def _about(kind: str, rows: Select[Any] | Collection[int]) -> ColumnElement[bool]:
    return and_(col(RecordEntry.kind) == kind, col(RecordEntry.row_id).in_(rows))


def _forget(
    session: Session,
    which: ColumnElement[bool],
    why: str,
    now: datetime,
    most: int | None = None,
) -> int:
    """Delete salts, and say in the record whose: verification excuses just those."""
    _lock(session)
    salted = select(RecordSalt.number).join(RecordEntry).where(which)
    numbers = session.exec(salted.order_by(col(RecordSalt.number)).limit(most)).all()
    if numbers:
        for start in range(0, len(numbers), NUMBERS):
            some = numbers[start : start + NUMBERS]
            session.execute(delete(RecordSalt).where(col(RecordSalt.number).in_(some)))
        said = {"entries": numbers, "why": why}
        _append(session, [(Snapshot(FORGOTTEN, numbers[0], said, {}), 1)], now)
    return len(numbers)
