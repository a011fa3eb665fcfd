"""Which of the kept texts a text could be like; how texts are entered to be found so."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert
from sqlmodel import Session, col, select

from consult.campaigns.models import Cluster, Fingerprint, FingerprintBand
from consult.campaigns.rules import Text, likeness
from consult.campaigns.sketching import keys_of
from consult.db import affected

MOST = 48  # candidates compared; those that agree in the most bands come first
MOST_ROWS = 20_000  # read of the bands: a text made of what everybody writes must not hold up all


@dataclass(frozen=True, slots=True)
class Like:
    """A kept text that another was compared with, and how like they are."""

    fingerprint: Fingerprint
    text: Text
    likeness: float


def kept_text(fingerprint: Fingerprint) -> Text:
    """The text of a fingerprint as it is compared."""
    return Text(fingerprint.exact, fingerprint.sketch.decode())


def twin(session: Session, draft_id: int, exact: str) -> Fingerprint | None:
    """The first comment that says the very same."""
    return session.exec(
        select(Fingerprint)
        .where(Fingerprint.draft_id == draft_id, Fingerprint.exact == exact)
        .order_by(col(Fingerprint.comment_id))
        .limit(1)
    ).first()


def nearest(session: Session, draft_id: int, text: Text) -> list[Like]:
    """The candidates among the medoids of clusters and the texts that stand alone, the most alike
    first; of two as like as each other the earlier comment.
    """
    speaking = _who_speaks(session, _candidates(session, draft_id, text))
    likes = []
    for row in speaking:
        kept = kept_text(row)
        likes.append(Like(row, kept, likeness(text, kept)))
    return sorted(likes, key=lambda like: (-like.likeness, like.fingerprint.comment_id))


def _candidates(session: Session, draft_id: int, text: Text) -> Sequence[int]:
    keys = set(keys_of(text))
    if not keys:
        return ()
    found = session.exec(
        select(FingerprintBand.comment_id)
        .where(FingerprintBand.draft_id == draft_id, col(FingerprintBand.key).in_(keys))
        .limit(MOST_ROWS)
    ).all()
    return [comment_id for comment_id, _ in Counter(found).most_common(MOST)]


def _who_speaks(session: Session, comment_ids: Sequence[int]) -> Sequence[Fingerprint]:
    """The medoids of the clusters these stand in; those in none speak for themselves."""
    if not comment_ids:
        return ()
    rows = session.execute(
        select(Fingerprint, Cluster.medoid_id)
        .outerjoin(Cluster, col(Cluster.id) == col(Fingerprint.cluster_id))
        .where(col(Fingerprint.comment_id).in_(comment_ids))
    ).all()
    found = {row.comment_id: row for row, _ in rows}
    medoids = {medoid_id for _, medoid_id in rows if medoid_id}
    missing = medoids - found.keys()
    more = session.exec(select(Fingerprint).where(col(Fingerprint.comment_id).in_(missing))).all()
    found |= {row.comment_id: row for row in more}
    return [row for row in found.values() if row.cluster_id is None or row.comment_id in medoids]


def enter(session: Session, rows: Iterable[Fingerprint]) -> None:
    """Let these texts be found from now on; of a short one nothing is entered."""
    bands = [
        {"draft_id": row.draft_id, "key": key, "comment_id": row.comment_id}
        for row in rows
        for key in sorted(set(keys_of(kept_text(row))))
    ]
    if bands:
        session.flush()
        session.connection().execute(insert(FingerprintBand), bands)


def strike(session: Session, row: Fingerprint) -> bool:
    """Let a text be found no more; whether it could be found."""
    keys = set(keys_of(kept_text(row)))
    struck = session.execute(
        delete(FingerprintBand).where(
            col(FingerprintBand.draft_id) == row.draft_id,
            col(FingerprintBand.key).in_(keys),
            col(FingerprintBand.comment_id) == row.comment_id,
        )
    )
    return affected(struck) > 0
