"""Reads of comparative tables: the rows of a version in a language, and which versions have any."""

from collections.abc import Sequence

from sqlalchemy import func
from sqlmodel import Session, col, select

from consult.errors import NotFound
from drafts.comparative.models import ComparativeRow
from drafts.comparative.rows import Words


def rows_of(session: Session, version_id: int, lang: str) -> list[ComparativeRow]:
    """The rows of a table in their order."""
    query = select(ComparativeRow).where(
        ComparativeRow.version_id == version_id, ComparativeRow.lang == lang
    )
    return list(session.exec(query.order_by(col(ComparativeRow.position))).all())


def row_in(session: Session, row_id: int, version_id: int) -> ComparativeRow:
    """One row of a version, whatever its language. Raises NotFound."""
    row = session.get(ComparativeRow, row_id)
    if row is None or row.version_id != version_id:
        raise NotFound("There is no such row in this table.")
    return row


def words_of(row: ComparativeRow) -> Words:
    """What a row says."""
    return Words(row.place, row.current, row.proposed, row.reason, row.wid)


def counts(session: Session, version_ids: Sequence[int]) -> dict[tuple[int, str], int]:
    """How many rows each table has, by (version, language); only those that have any."""
    rows = session.execute(
        select(ComparativeRow.version_id, ComparativeRow.lang, func.count())
        .where(col(ComparativeRow.version_id).in_(version_ids))
        .group_by(col(ComparativeRow.version_id), col(ComparativeRow.lang))
    ).all()
    return {(version_id, lang): n for version_id, lang, n in rows}
