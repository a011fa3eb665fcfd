"""All comments of a draft are looked at as a whole, in many short transactions.

What is found depends on the texts alone, not on the order they came in; done again it changes
nothing, and a cluster keeps its number if it keeps its members. Comments that come, change or go
meanwhile are kept by their own events: what is written here is written only where it still fits,
and is counted at the end.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import bindparam, func, update
from sqlmodel import Session, col, select

from consult.campaigns.candidates import enter, strike
from consult.campaigns.clustering import Group, partition
from consult.campaigns.keeping import FOUND_BY, choose_medoid, dissolve, held
from consult.campaigns.models import Cluster, Fingerprint, FingerprintBand
from consult.campaigns.reading import AT_ONCE, Seen, read_all
from consult.comments.models import Comment
from consult.db import Database

CLUSTERS_AT_ONCE = 200
T = TypeVar("T")


@dataclass(slots=True)
class Found:
    """What is to stand in the database: of each text its cluster, of each cluster its medoid."""

    cluster_of: dict[int, int] = field(default_factory=dict)  # place of a text -> cluster id
    medoids: dict[int, int] = field(default_factory=dict)  # cluster id -> comment id
    findable: dict[int, str] = field(default_factory=dict)  # comment id -> what it says (exact)


def recluster(database: Database, draft_id: int) -> None:
    """Group a draft's public comments anew, all with all."""
    seen = read_all(database, draft_id)
    found = _numbered(database, draft_id, seen, partition(seen.texts, seen.sent))
    _write_members(database, draft_id, seen, found)
    _write_bands(database, draft_id, found)
    _count(database, draft_id, found)


def _numbered(database: Database, draft_id: int, seen: Seen, groups: Sequence[Group]) -> Found:
    found = Found()
    clusters = []
    for group in groups:
        reps = [place for place in group.texts[:FOUND_BY] if not seen.texts[place].is_short]
        found.findable |= {seen.first[place]: seen.texts[place].exact for place in reps}
        if sum(seen.sent[place] for place in group.texts) > 1:
            clusters.append(group)
    numbers = _kept_numbers(seen, clusters)
    new = [n for n in range(len(clusters)) if n not in numbers]
    for some in _chunks(new, AT_ONCE):
        medoids = [seen.first[clusters[n].medoid] for n in some]
        with database.writing() as session:
            numbers |= dict(zip(some, _new_clusters(session, draft_id, medoids), strict=True))
    for n, group in enumerate(clusters):
        found.medoids[numbers[n]] = seen.first[group.medoid]
        found.cluster_of |= dict.fromkeys(group.texts, numbers[n])
    return found


def _kept_numbers(seen: Seen, clusters: Sequence[Group]) -> dict[int, int]:
    """Place of a cluster -> the number under which most of its members stood, each given once."""
    place_of = {place: n for n, group in enumerate(clusters) for place in group.texts}
    stood = Counter(
        (place_of[place], number)
        for place, number in zip(seen.says, seen.stood, strict=True)
        if number and place in place_of
    )
    kept: dict[int, int] = {}
    given: set[int] = set()
    for n, number in sorted(stood, key=lambda pair: (-stood[pair], pair)):
        if n not in kept and number not in given:
            kept[n] = number
            given.add(number)
    return kept


def _new_clusters(session: Session, draft_id: int, medoids: Sequence[int]) -> list[int]:
    """Rows for clusters that were not known; they are counted when their members are written."""
    at = dict(
        session.exec(
            select(Comment.id, Comment.created_at).where(col(Comment.id).in_(medoids))
        ).all()
    )
    rows = [
        Cluster(
            draft_id=draft_id,
            medoid_id=medoid_id,
            submissions=0,
            distinct_n=0,
            first_at=at[medoid_id],
            last_at=at[medoid_id],
        )
        for medoid_id in medoids
    ]
    session.add_all(rows)
    session.flush()
    return [row.id or 0 for row in rows]


def _write_members(database: Database, draft_id: int, seen: Seen, found: Found) -> None:
    """A comment whose words have changed since they were read stays where its event put it."""
    moved = (
        {"member": comment_id, "said": seen.texts[place].exact, "cluster": number or None}
        for comment_id, place, stood in zip(seen.comments, seen.says, seen.stood, strict=True)
        if (number := found.cluster_of.get(place, 0)) != stood
    )
    table = Fingerprint.__table__  # type: ignore[attr-defined]
    statement = (
        update(table)
        .where(table.c.comment_id == bindparam("member"), table.c.exact == bindparam("said"))
        .values(cluster_id=bindparam("cluster"))
    )
    for some in _chunks(moved, AT_ONCE):
        with database.writing() as session:
            held(session, draft_id)
            session.connection().execute(statement, some)


def _write_bands(database: Database, draft_id: int, found: Found) -> None:
    with database.reading() as session:
        entered = set(
            session.exec(
                select(FingerprintBand.comment_id)
                .where(FingerprintBand.draft_id == draft_id)
                .distinct()
            )
        )
    for some in _chunks(sorted(entered ^ found.findable.keys()), AT_ONCE // 4):
        with database.writing() as session:
            held(session, draft_id)
            rows = session.exec(
                select(Fingerprint).where(col(Fingerprint.comment_id).in_(some))
            ).all()
            for row in rows:
                if row.comment_id in entered:
                    strike(session, row)
            enter(session, [r for r in rows if found.findable.get(r.comment_id) == r.exact])


def _count(database: Database, draft_id: int, found: Found) -> None:
    """Every cluster is counted by its rows; the ones with fewer than two are none."""
    with database.reading() as session:
        every = session.exec(select(Cluster.id).where(Cluster.draft_id == draft_id)).all()
    for some in _chunks(every, CLUSTERS_AT_ONCE):
        with database.writing() as session:
            held(session, draft_id)
            _count_some(session, some, found.medoids)
    with database.writing() as session:
        counted = held(session, draft_id)
        counted.submissions, counted.distinct_n = session.execute(
            select(func.count(), func.count(col(Fingerprint.exact).distinct())).where(
                Fingerprint.draft_id == draft_id
            )
        ).one()


def _count_some(
    session: Session, numbers: Sequence[int | None], medoids: Mapping[int, int]
) -> None:
    found = {
        row[0]: row[1:]
        for row in session.execute(
            select(  # type: ignore[call-overload]
                Fingerprint.cluster_id,
                func.count(),
                func.count(col(Fingerprint.exact).distinct()),
                func.min(Comment.created_at),
                func.max(Comment.created_at),
            )
            .join(Comment, col(Comment.id) == col(Fingerprint.comment_id))
            .where(col(Fingerprint.cluster_id).in_(numbers))
            .group_by(col(Fingerprint.cluster_id))
        )
    }
    for cluster in session.exec(select(Cluster).where(col(Cluster.id).in_(numbers))):
        number = cluster.id or 0
        submissions, distinct_n, first_at, last_at = found.get(number, (0, 0, None, None))
        if submissions < 2:
            dissolve(session, cluster)
            continue
        cluster.submissions, cluster.distinct_n = submissions, distinct_n
        cluster.first_at, cluster.last_at = first_at, last_at
        cluster.medoid_id = medoids.get(number, cluster.medoid_id)
        speaks = session.get(Fingerprint, cluster.medoid_id)
        if speaks is None or speaks.cluster_id != number:
            choose_medoid(session, cluster)


def _chunks(things: Iterable[T], size: int) -> Iterator[list[T]]:
    chunk: list[T] = []
    for thing in things:
        chunk.append(thing)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
