"""Whether the record holds, and the database still says what stands in it; names what does not.

Everything is read piece by piece, in the memory of one piece (and of the numbers of forgotten
entries). A row that something happened to, which the worker has not recorded yet, is excused.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, and_, exists, func, or_
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from consult.outbox import Delivery, OutboxEvent, revive
from consult.record.handlers import RECORDED, keep_record, rows_of
from consult.record.kinds import FORGOTTEN, KINDS, plain, same
from consult.record.models import RecordEntry, RecordHead, RecordNode, RecordSalt
from consult.record.queries import has_begun, last_entries
from consult.record.sources import snapshots, vanished
from consult.record.tree import GrowingTree, Node, leaf_hash

PIECE = 1000
WRONG = {
    "facts": "what it says differs from the record",
    "words": "its words differ from the record",
    "private": "whose it is differs from the record",
    "missing": "it is not in the record, and nothing says that it waits to be",
}


class Broken(Exception):
    """The first thing that does not hold, in words: what it is, and what differs."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found to hold: so many entries, their root, so many rows of the database."""

    entries: int
    root: str
    rows: int
    waiting: int


def verify(session: Session, kept: Mapping[int, Collection[str]]) -> Verified:
    """Go through the whole record and every row it speaks of; raises Broken.

    `kept` are heads somebody kept outside, roots by size: who rewrites the record with all its
    hashes is found by them alone.
    """
    if not has_begun(session):
        raise Broken("the record: it has not begun, for the worker has not run yet")
    tree = _Replay(session, kept).run()
    waiting = awaited(session)
    rows = sum(_check_rows(session, kind, waiting.get(kind, set())) for kind in KINDS)
    return Verified(tree.size, tree.root.hex(), rows, sum(map(len, waiting.values())))


class _Replay:
    """The tree computed anew from what the entries say, compared with all that is stored of it."""

    def __init__(self, session: Session, kept: Mapping[int, Collection[str]]) -> None:
        self.session, self.kept, self.tree = session, kept, GrowingTree()
        self.nodes = self.heads = self.salts = self.newest_head = 0
        said = select(RecordEntry.payload).where(RecordEntry.kind == FORGOTTEN)
        self.forgotten = {
            number
            for payload in session.exec(said).all()
            for number in json.loads(payload)["facts"]["entries"]
        }

    def run(self) -> GrowingTree:
        """Go through it all; raises Broken."""
        while piece := self._entries():
            start = self.tree.size
            numbers = (piece[0].number, piece[-1].number)
            salts = self._salts(*numbers)
            heads = self._heads(start)
            filled: dict[Node, bytes] = {}
            for entry in piece:
                if entry.number != self.tree.size:
                    raise Broken(f"entry {self.tree.size}: it is missing")
                _check_payload(entry)
                self._check_salt(entry, salts.get(entry.number))
                filled.update(self.tree.add(leaf_hash(entry.payload.encode())))
                self._check_head(entry, heads.get(self.tree.size))
            self._check_nodes(filled)
        self._check_counts()
        return self.tree

    def _entries(self) -> Sequence[Row[Any]]:
        columns = RecordEntry.__table__.c  # type: ignore[attr-defined]
        query = sa_select(*columns).where(columns.number >= self.tree.size)
        return self.session.execute(query.order_by(columns.number).limit(PIECE)).all()

    def _salts(self, first: int, last: int) -> dict[int, str]:
        some = col(RecordSalt.number).between(first, last)
        return dict(self.session.exec(select(RecordSalt.number, RecordSalt.salt).where(some)).all())

    def _heads(self, start: int) -> dict[int, RecordHead]:
        some = col(RecordHead.size).between(start + 1, start + PIECE)
        return {head.size: head for head in self.session.exec(select(RecordHead).where(some)).all()}

    def _check_salt(self, entry: Row[Any], salt: str | None) -> None:
        said = json.loads(entry.payload).get("salt")
        if salt is None and said and entry.number not in self.forgotten:
            raise Broken(f"salt {entry.number}: it is missing, and nothing says it was forgotten")
        if salt is not None and _commitment(salt) != said:
            raise Broken(f"salt {entry.number}: it is not the one of its entry")
        if salt is not None and entry.number in self.forgotten:
            raise Broken(f"salt {entry.number}: it was to be forgotten, and is there")
        self.salts += salt is not None

    def _check_head(self, entry: Row[Any], head: RecordHead | None) -> None:
        size, root = self.tree.size, self.tree.root.hex()
        if set(self.kept.get(size, ())) - {root}:
            raise Broken(f"head {size}: the record had another root when this one was kept")
        if head is not None:
            if (head.root, head.made_at) != (root, entry.recorded_at):
                raise Broken(f"head {size}: it is not what the entries amount to")
            if head.n != self.heads + 1:
                raise Broken(f"head {size}: one before it is missing")
            self.newest_head, self.heads = size, head.n

    def _check_nodes(self, filled: Mapping[Node, bytes]) -> None:
        """The nodes that this piece of entries filled are stored as they should be."""
        level, place = col(RecordNode.level), col(RecordNode.place)
        spans: dict[int, list[int]] = defaultdict(list)
        for at, where in filled:
            spans[at].append(where)
        some = [and_(level == at, place.between(min(w), max(w))) for at, w in spans.items()]
        query = select(RecordNode.level, RecordNode.place, RecordNode.hash).where(or_(*some))
        stored = {row[:2]: row[2] for row in self.session.exec(query).all()} if some else {}
        for node, found in filled.items():
            if stored.get(node) != found.hex():
                raise Broken(f"node {node[0]}/{node[1]}: it is not what its entries amount to")
        self.nodes += len(filled)

    def _check_counts(self) -> None:
        """Nothing else is stored, and no larger tree was there before."""
        if self.newest_head != self.tree.size:
            raise Broken(f"head {self.tree.size}: it is missing")
        for name, model, counted in (
            ("heads", RecordHead, self.heads),
            ("nodes", RecordNode, self.nodes),
            ("salts", RecordSalt, self.salts),
        ):
            stored = self.session.exec(select(func.count()).select_from(model)).one()
            if stored != counted:
                raise Broken(f"{name}: {stored} are stored, and the entries make {counted}")
        beyond = [size for size in self.kept if size > self.tree.size]
        if beyond:
            raise Broken(f"head {min(beyond)}: the record has only {self.tree.size} entries by now")


def _commitment(salt: str) -> str:
    try:
        return sha256(bytes.fromhex(salt)).hexdigest()
    except ValueError:
        return ""


def _check_payload(entry: Row[Any]) -> None:
    """What an entry says is what its leaf says, and what it is found by."""
    if leaf_hash(entry.payload.encode()).hex() != entry.leaf:
        raise Broken(f"entry {entry.number}: its words are not those of its leaf")
    said = json.loads(entry.payload)
    told = (said["kind"], said["row"], said["turn"], said["at"])
    if told != (entry.kind, entry.row_id, entry.turn, plain(entry.recorded_at)):
        raise Broken(f"entry {entry.number}: it is not what its payload says it is")


def _check_rows(session: Session, kind: str, waiting: Container[int]) -> int:
    """Every row of a kind is as its last entry says; returns how many there are."""
    n = after = 0
    while piece := snapshots(session, kind, after=after, most=PIECE):
        known = last_entries(session, kind, [row.row for row in piece])
        for row in piece:
            last = known.get(row.row)
            wrong = same(last.payload, last.salt, row) if last else "missing"
            if wrong and row.row not in waiting:
                at = f", entry {last.number}" if last else ""
                raise Broken(f"{kind} {row.row}{at}: {WRONG[wrong]}")
        n, after = n + len(piece), piece[-1].row
    gone = vanished(session, kind)
    if gone is not None:
        raise Broken(f"{kind} {gone}: it is in the record, and no longer in the database")
    return n


def awaited(session: Session) -> dict[str, set[int]]:
    """The rows something happened to that is not recorded yet, by kind. What was given up after
    many attempts is not waited for."""
    names = [event.__name__ for event in RECORDED]
    left = exists().where(
        col(Delivery.event_id) == col(OutboxEvent.id),
        col(Delivery.handler) == keep_record.__name__,
        col(Delivery.done_at).is_(None),
        col(Delivery.parked_at).is_(None),
    )
    query = select(OutboxEvent).where(
        col(OutboxEvent.name).in_(names), or_(col(OutboxEvent.spread_at).is_(None), left)
    )
    found: dict[str, set[int]] = defaultdict(set)
    for some in session.exec(query).partitions(PIECE):
        for kind, rows in rows_of(session, [revive(event) for event in some]).items():
            found[kind] |= rows
    return found
