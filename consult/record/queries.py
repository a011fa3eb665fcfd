"""Reads of the record: its heads, its entries, proofs, the last entry about a row."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from consult.errors import Invalid, NotFound
from consult.record.kinds import BEGUN, said_in
from consult.record.models import RecordEntry, RecordHead, RecordNode, RecordSalt
from consult.record.tree import (
    GrowingTree,
    Node,
    Span,
    consistency_spans,
    inclusion_spans,
    joined,
    nodes_of,
)


@dataclass(frozen=True, slots=True)
class Last:
    """The last entry about a row; `salt` is None once it was forgotten."""

    number: int
    turn: int
    payload: dict[str, Any]
    salt: bytes | None


def newest_head(session: Session) -> RecordHead | None:
    """What the whole record amounts to now; None before its first entry."""
    return session.exec(select(RecordHead).order_by(col(RecordHead.size).desc()).limit(1)).first()


def head_holds(session: Session) -> bool:
    """Whether the newest head is what the stored nodes amount to, and nothing was added or cut
    behind it; the whole record is verified in verifying.py."""
    head, last = newest_head(session), session.exec(select(func.max(RecordEntry.number))).one()
    if head is None or last is None:
        return head is last
    try:
        return head.size == last + 1 and root_of(session, head.size) == head.root
    except NotFound:
        return False


def has_begun(session: Session) -> bool:
    """Whether what was there before the record is in it."""
    return (
        session.exec(select(RecordEntry.number).where(RecordEntry.kind == BEGUN)).first()
        is not None
    )


def daily_heads(session: Session, before: datetime, days: int) -> list[RecordHead]:
    """The last head of each of the last days (UTC) that were over at a time, the newest first."""
    found: list[RecordHead] = []
    while len(found) < days:
        midnight = before.replace(hour=0, minute=0, second=0, microsecond=0)
        query = select(RecordHead).where(col(RecordHead.made_at) < midnight)
        newest = (col(RecordHead.made_at).desc(), col(RecordHead.size).desc())
        head = session.exec(query.order_by(*newest).limit(1)).first()
        if head is None:
            break
        found.append(head)
        before = head.made_at
    return found


def tree_of(session: Session, size: int) -> GrowingTree:
    """The tree of the first `size` entries, ready to grow."""
    nodes = nodes_of((0, size))
    hashes = _hashes(session, nodes)
    return GrowingTree(size, [hashes[node] for node in nodes])


def root_of(session: Session, size: int) -> str:
    """The root of the tree as it is computed from its stored nodes."""
    return tree_of(session, size).root.hex()


def inclusions(session: Session, numbers: Sequence[int], size: int) -> list[list[str]]:
    """The hashes that prove that entries are among the first `size`; reads O(log n) rows each."""
    if not all(0 <= number < size for number in numbers):
        raise NotFound("The record has no such entry.")
    return _paths(session, [inclusion_spans(number, size) for number in numbers])


def consistency(session: Session, first: int, second: int) -> list[str]:
    """The hashes that prove that the record of `second` entries begins with that of `first`."""
    if not 0 < first <= second:
        raise Invalid("The first head must be older than the second.", field="from")
    return _paths(session, [consistency_spans(first, second)])[0]


def _paths(session: Session, paths: Sequence[Sequence[Span]]) -> list[list[str]]:
    """The hashes of spans, all read at once."""
    nodes = (node for path in paths for span in path for node in nodes_of(span))
    hashes = _hashes(session, nodes)
    return [
        [joined([hashes[node] for node in nodes_of(span)]).hex() for span in path] for path in paths
    ]


def _hashes(session: Session, nodes: Iterable[Node]) -> dict[Node, bytes]:
    """Stored hashes of nodes; those of single entries stand with the entries."""
    wanted = set(nodes)
    inner = [node for node in wanted if node[0]]
    single = [place for level, place in wanted if not level]
    found: dict[Node, bytes] = {}
    if inner:
        at = (col(RecordNode.level), col(RecordNode.place))  # SQLite does not look up pairs
        some = or_(*(and_(at[0] == level, at[1] == place) for level, place in inner))
        for row in session.exec(select(RecordNode).where(some)).all():
            found[row.level, row.place] = bytes.fromhex(row.hash)
    if single:
        leaves = select(RecordEntry.number, RecordEntry.leaf).where(
            col(RecordEntry.number).in_(single)
        )
        for number, leaf in session.exec(leaves).all():
            found[0, number] = bytes.fromhex(leaf)
    if missing := wanted - found.keys():
        raise NotFound("The record lacks a part of its tree: {nodes}.", nodes=sorted(missing)[:3])
    return found


def _bytes(salt: str | None) -> bytes | None:
    """A salt; an empty one, which opens nothing, if somebody made it unreadable."""
    try:
        return bytes.fromhex(salt) if salt else None
    except ValueError:
        return b""


def last_entries(session: Session, kind: str, rows: Collection[int]) -> dict[int, Last]:
    """By row: the last entry about it."""
    entry = RecordEntry
    newest = (
        sa_select(col(entry.row_id), func.max(entry.turn).label("turn"))
        .where(col(entry.kind) == kind, col(entry.row_id).in_(rows))
        .group_by(col(entry.row_id))
        .subquery()
    )
    columns = (entry.row_id, entry.number, entry.turn, entry.payload)
    query = (
        sa_select(*map(col, columns), col(RecordSalt.salt))
        .join(newest, and_(newest.c.row_id == entry.row_id, newest.c.turn == entry.turn))
        .outerjoin(RecordSalt, col(RecordSalt.number) == col(entry.number))
        .where(col(entry.kind) == kind)
    )
    return {
        row: Last(number, turn, said_in(text), _bytes(salt))
        for row, number, turn, text, salt in session.execute(query)
    }
