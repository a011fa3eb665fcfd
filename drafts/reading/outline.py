"""Reads of a text for its reading page: the outline of all of it, the words of a part of it."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, func
from sqlmodel import Session, col, select

from drafts.models import Provision


def outline(session: Session, version_id: int, langs: Sequence[str]) -> dict[str, list[Row[Any]]]:
    """Every provision in reading order by language, without its words but with their `length`."""
    rows = session.execute(
        select(  # type: ignore[call-overload]
            Provision.lang,
            Provision.wid,
            Provision.eid,
            Provision.parent_eid,
            Provision.depth,
            Provision.kind,
            Provision.label,
            Provision.heading,
            func.length(Provision.text).label("length"),
        )
        .where(Provision.version_id == version_id, col(Provision.lang).in_(langs))
        .order_by(Provision.lang, Provision.position)
    ).all()
    found: dict[str, list[Row[Any]]] = {lang: [] for lang in langs}
    for row in rows:
        found[row.lang].append(row)
    return found


def words_of(
    session: Session, version_id: int, langs: Sequence[str], wids: Collection[str] | None = None
) -> dict[tuple[str, str], str]:
    """The words of some provisions (None: of all) by (language, wid)."""
    query = select(Provision.lang, Provision.wid, Provision.text).where(
        Provision.version_id == version_id, col(Provision.lang).in_(langs)
    )
    if wids is not None:
        query = query.where(col(Provision.wid).in_(wids))
    return {(lang, wid): text for lang, wid, text in session.execute(query).all()}


def first_row(session: Session, row: Provision) -> Provision:
    """The first row of the table that a row belongs to."""
    query = select(Provision).where(
        Provision.version_id == row.version_id,
        Provision.lang == row.lang,
        Provision.parent_eid == row.parent_eid,
        Provision.kind == "row",
    )
    return session.exec(query.order_by(col(Provision.position)).limit(1)).one()
