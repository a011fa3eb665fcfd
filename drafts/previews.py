"""Reads of texts that were read in and not yet taken over: which wait, one with its corrections."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import Row, tuple_
from sqlmodel import Session, col, select

from consult.access import Actor
from consult.errors import NotFound
from drafts.importing.editing import Corrected, corrected
from drafts.models import ImportPreview
from drafts.tree import Node, Tree

NODES: TypeAdapter[tuple[Node, ...]] = TypeAdapter(tuple[Node, ...])


class Waiting(NamedTuple):
    """A page of previews. `older` is the cursor of the next page, "" when there is none."""

    shown: Sequence[Row[Any]] = ()
    older: str = ""


def previews_of(
    session: Session, agency_ids: Sequence[int], *, before: str = "", limit: int = 20
) -> Waiting:
    """The previews of some agencies (of all when none is named), the newest first."""
    query = select(  # type: ignore[call-overload]
        ImportPreview.id,
        ImportPreview.title,
        ImportPreview.lang,
        ImportPreview.filename,
        ImportPreview.created_at,
    )
    place = tuple_(col(ImportPreview.created_at), col(ImportPreview.id))
    if agency_ids:
        query = query.where(col(ImportPreview.agency_id).in_(agency_ids))
    if cursor := _read_cursor(before):
        query = query.where(place < cursor)
    newest = query.order_by(col(ImportPreview.created_at).desc(), col(ImportPreview.id).desc())
    rows = session.execute(newest.limit(limit + 1)).all()
    shown = rows[:limit]
    return Waiting(shown, _cursor(shown[-1]) if len(rows) > limit else "")


def _cursor(row: Row[Any]) -> str:
    return f"{row.created_at.timestamp():.6f}_{row.id}"


def _read_cursor(text: str) -> tuple[datetime, str] | None:
    """None for what is no cursor: the list then begins at its beginning."""
    instant, _, preview_id = text.partition("_")
    try:
        return datetime.fromtimestamp(float(instant), tz=UTC), preview_id
    except (ValueError, OverflowError, OSError):
        return None


def outdated(session: Session, before: datetime, *, limit: int) -> Sequence[str]:
    """The ids of the oldest previews that were read in before an instant."""
    query = select(ImportPreview.id).where(ImportPreview.created_at < before)
    return session.exec(query.order_by(col(ImportPreview.created_at)).limit(limit)).all()


def preview_for(
    session: Session, preview_id: str, actor: Actor, *, hold: bool = False
) -> ImportPreview:
    """A text that was read in by the actor's own agency; raises NotFound.

    `hold`: nobody else changes it until this transaction ends.
    """
    preview = session.get(ImportPreview, preview_id, with_for_update=hold or None)
    if preview is None or not actor.may_for("prepare", preview.agency_id):
        raise NotFound("There is no such text waiting: it was taken over or discarded.")
    return preview


def text_of(preview: ImportPreview) -> Tree:
    """The text that was read, with what a person corrected in it."""
    return corrections_of(preview).tree


def corrections_of(preview: ImportPreview) -> Corrected:
    """The same, with where what was read and what was corrected stands now."""
    nodes = NODES.validate_python(preview.nodes)
    return corrected(nodes, preview.edits, preview.lang, keep_wids=preview.own_wids)
