"""Whether the record holds, and the database still says what stands in it; names what does not.

Everything is read piece by piece, in the memory of one piece (and of the numbers of forgotten
entries). A row that something happened to, which the worker has not recorded yet, is excused.
"""

from collections import defaultdict
from collections.abc import Collection, Container, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any

from sqlalchemy import Row, and_, exists, func, or_
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from consult.outbox import Delivery, OutboxEvent, revive
from consult.record.handlers import RECORDED, keep_record, rows_of
from consult.record.kinds import FORGOTTEN, KINDS, plain, said_in, same
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


Faults = Iterator[str]  # what does not hold, in words: what it is, and what differs


class Broken(Exception):
    """The first thing that does not hold."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found to hold: so many entries, their root, so many rows of the database."""

    entries: int
    root: str
    rows: int
    waiting: int


def verify(session: Session, kept: Mapping[int, Collection[str]]) -> Verified:
    """Go through the whole record and every row it speaks of; raises Broken at the first fault.

    `kept` are heads somebody kept outside, roots by size: who rewrites the record with all its
    hashes is found by them alone.
    """
    going = _going_through(session, kept)
    while True:
        try:
            fault = next(going)
        except StopIteration as end:
            held: Verified = end.value
            return held
        raise Broken(fault)


def all_faults(session: Session, kept: Mapping[int, Collection[str]], most: int) -> list[str]:
    """Everything that does not hold, for whoever must repair it; no more than `most`."""
    return list(islice(_going_through(session, kept), most))


def _going_through(
    session: Session, kept: Mapping[int, Collection[str]]
) -> Generator[str, None, Verified]:
    """What does not hold, as it is found; in the end what was gone through."""
    if not has_begun(session):
        yield "the record: it has not begun, for the worker has not run yet"
    replay, waiting, rows = _Replay(session, kept), awaited(session), 0
    yield from replay.run()
    for kind in KINDS:
        rows += yield from _check_rows(session, kind, waiting.get(kind, set()))
    tree = replay.tree
    return Verified(tree.size, tree.root.hex(), rows, sum(map(len, waiting.values())))


class _Replay:
    """The tree computed anew from what the entries say, compared with all that is stored of it.

    After a wrong entry it goes on with the stored hash of that entry, so that what is right after
    it is found to be right. After a missing entry there is no tree any more to compare with.
    """

    def __init__(self, session: Session, kept: Mapping[int, Collection[str]]) -> None:
        self.session, self.kept, self.tree = session, kept, GrowingTree()
        self.nodes = self.heads = self.salts = self.newest_head = 0
        self.adrift = self.lost = False  # since the last head; since an entry is missing
        said = select(RecordEntry.payload).where(RecordEntry.kind == FORGOTTEN)
        self.forgotten = {
            number
            for payload in session.exec(said).all()
            for number in said_in(payload)["facts"].get("entries", ())
        }

    def run(self) -> Faults:
        """Go through it all."""
        after = -1
        while piece := self._entries(after):
            salts = self._salts(piece[0].number, piece[-1].number)
            heads = self._heads(self.tree.size)
            filled: dict[Node, bytes] = {}
            for entry in piece:
                if entry.number != after + 1:
                    self.lost = True
                    yield f"entry {after + 1}: it is missing"
                after = entry.number
                wrong = _wrong_payload(entry)
                if wrong:
                    yield wrong
                yield from self._check_salt(entry, salts.get(entry.number))
                if not self.lost:
                    filled.update(self.tree.add(_leaf(entry)))
                    yield from self._check_head(entry, heads.get(self.tree.size))
            yield from self._check_nodes(filled)
        if not self.lost:
            yield from self._check_counts()

    def _entries(self, after: int) -> Sequence[Row[Any]]:
        columns = RecordEntry.__table__.c  # type: ignore[attr-defined]
        query = sa_select(*columns).where(columns.number > after)
        return self.session.execute(query.order_by(columns.number).limit(PIECE)).all()

    def _salts(self, first: int, last: int) -> dict[int, str]:
        some = col(RecordSalt.number).between(first, last)
        return dict(self.session.exec(select(RecordSalt.number, RecordSalt.salt).where(some)).all())

    def _heads(self, start: int) -> dict[int, RecordHead]:
        some = col(RecordHead.size).between(start + 1, start + PIECE)
        return {head.size: head for head in self.session.exec(select(RecordHead).where(some)).all()}

    def _check_salt(self, entry: Row[Any], salt: str | None) -> Faults:
        said = said_in(entry.payload).get("salt")
        if salt is None and said and entry.number not in self.forgotten:
            yield f"salt {entry.number}: it is missing, and nothing says it was forgotten"
        if salt is not None and _commitment(salt) != said:
            yield f"salt {entry.number}: it is not the one of its entry"
        if salt is not None and entry.number in self.forgotten:
            yield f"salt {entry.number}: it was to be forgotten, and is there"
        self.salts += salt is not None

    def _check_head(self, entry: Row[Any], head: RecordHead | None) -> Faults:
        """Of heads in a row that are all wrong the first is named: the rest hang on it."""
        size, root = self.tree.size, self.tree.root.hex()
        if set(self.kept.get(size, ())) - {root}:
            yield f"head {size}: the record had another root when this one was kept"
        if head is not None:
            wrong = (head.root, head.made_at) != (root, entry.recorded_at)
            if wrong and not self.adrift:
                yield f"head {size}: it is not what the entries amount to"
            self.adrift = wrong
            if head.n != self.heads + 1:
                yield f"head {size}: one before it is missing"
            self.newest_head, self.heads = size, head.n

    def _check_nodes(self, filled: Mapping[Node, bytes]) -> Faults:
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
                yield f"node {node[0]}/{node[1]}: it is not what its entries amount to"
        self.nodes += len(filled)

    def _check_counts(self) -> Faults:
        """Nothing else is stored, and no larger tree was there before."""
        if self.newest_head != self.tree.size:
            yield f"head {self.tree.size}: it is missing"
        for name, model, counted in (
            ("heads", RecordHead, self.heads),
            ("nodes", RecordNode, self.nodes),
            ("salts", RecordSalt, self.salts),
        ):
            stored = self.session.exec(select(func.count()).select_from(model)).one()
            if stored != counted:
                yield f"{name}: {stored} are stored, and the entries make {counted}"
        beyond = [size for size in self.kept if size > self.tree.size]
        if beyond:
            yield f"head {min(beyond)}: the record has only {self.tree.size} entries by now"


def _commitment(salt: str) -> str:
    try:
        return sha256(bytes.fromhex(salt)).hexdigest()
    except ValueError:
        return ""


def _leaf(entry: Row[Any]) -> bytes:
    """The hash stored with an entry; that of its words if what is stored is no hash."""
    try:
        return bytes.fromhex(entry.leaf)
    except ValueError:
        return leaf_hash(entry.payload.encode())


def _wrong_payload(entry: Row[Any]) -> str:
    """Whether what an entry says is what its leaf says, and what it is found by."""
    if leaf_hash(entry.payload.encode()).hex() != entry.leaf:
        return f"entry {entry.number}: its words are not those of its leaf"
    said = said_in(entry.payload)
    told = tuple(said.get(name) for name in ("kind", "row", "turn", "at"))
    if told != (entry.kind, entry.row_id, entry.turn, plain(entry.recorded_at)):
        return f"entry {entry.number}: it is not what its payload says it is"
    return ""


def _check_rows(session: Session, kind: str, waiting: Container[int]) -> Generator[str, None, int]:
    """Every row of a kind is as its last entry says; returns how many there are."""
    n = after = 0
    while piece := snapshots(session, kind, after=after, most=PIECE):
        known = last_entries(session, kind, [row.row for row in piece])
        for row in piece:
            last = known.get(row.row)
            wrong = same(last.payload, last.salt, row) if last else "missing"
            if wrong and row.row not in waiting:
                at = f", entry {last.number}" if last else ""
                yield f"{kind} {row.row}{at}: {WRONG[wrong]}"
        n, after = n + len(piece), piece[-1].row
    for gone in vanished(session, kind):
        yield f"{kind} {gone}: it is in the record, and no longer in the database"
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
