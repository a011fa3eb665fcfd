"""Figures of many drafts, counted at night where there are so many that a page would wait.

They are a cache: whatever is not kept, or by other definitions, or too old, is counted at once.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from consult.comments.models import Comment
from consult.db import upsert
from consult.platform import Platform
from consult.procedure.packs import RulePack
from consult.statistics.counting import Counted, Dimension, adding_up, count, years_with_drafts
from consult.statistics.metrics import metrics
from consult.statistics.models import KeptFigures
from consult.statistics.rules import Figure, Figures
from consult.statistics.scope import Scope

MANY = 10_000  # comments, from which on a page would wait for more than half a second
TOO_OLD = timedelta(days=2)
NIGHT = 2  # o'clock, where the law runs
BOTH: tuple[Dimension, ...] = ("agency", "year")


def counted(
    session: Session,
    scope: Scope,
    dimensions: Sequence[Dimension],
    *,
    pack: RulePack,
    now: datetime,
) -> Counted:
    """As counting.count; its `as_of` says when, if that was not now."""
    kept = _kept(session, _name(scope, dimensions), now)
    return kept or count(session, scope, dimensions, pack=pack, now=now)


def counted_by_both(
    session: Session, scope: Scope, *, years: Sequence[int], pack: RulePack, now: datetime
) -> Mapping[Any, Figures]:
    """By agency and year what adds up, as counting.adding_up."""
    if (kept := _kept(session, _name(scope, BOTH), now)) is not None:
        return kept.by_key
    return adding_up(session, scope, BOTH, years=years, pack=pack, now=now)


def keep_figures(platform: Platform, now: datetime) -> int:
    """Count what the pages show, once a night, where there is much; how many were counted."""
    pack = platform.pack
    with platform.database.reading() as session:
        if not _is_due(session, pack, now):
            return 0
        found = list(_shown(session, pack, now))
    with platform.database.writing() as session:
        for name, content in found:
            row = {"name": name, "counted_at": now, "stamp": _stamp(), "content": content}
            insert = upsert(session, KeptFigures).values(row)
            session.execute(insert.on_conflict_do_update(index_elements=["name"], set_=row))
    return len(found)


def _is_due(session: Session, pack: RulePack, now: datetime) -> bool:
    comments = session.execute(select(func.max(col(Comment.id)))).scalar() or 0
    if comments < MANY:
        return False
    query = select(col(KeptFigures.counted_at)).where(col(KeptFigures.stamp) == _stamp())
    last = session.execute(query.order_by(col(KeptFigures.counted_at).desc()).limit(1)).scalar()
    today = now.astimezone(pack.tz)
    if last is None:
        return True
    return today.hour >= NIGHT and last.astimezone(pack.tz).date() < today.date()


def _shown(session: Session, pack: RulePack, now: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the pages show before anything is chosen, and of each year."""
    years = years_with_drafts(session, pack.tz)
    wanted: list[tuple[Scope, tuple[Dimension, ...]]] = [
        (Scope(), ("agency",)),
        (Scope(), ("year",)),
        *((Scope.of_year(year), ("agency",)) for year in years),
    ]
    for scope, dimensions in wanted:
        found = count(session, scope, dimensions, pack=pack, now=now)
        yield _name(scope, dimensions), _packed(found.figures, found.by_key)
    both = adding_up(session, Scope(), BOTH, years=years, pack=pack, now=now)
    yield _name(Scope(), BOTH), _packed({}, both)


def _name(scope: Scope, dimensions: Sequence[Dimension]) -> str:
    return f"{scope} {'/'.join(dimensions)}"


def _stamp() -> str:
    """Changes when a figure is defined otherwise."""
    return sha256(json.dumps({m.code: m.version for m in metrics().values()}).encode()).hexdigest()


def _kept(session: Session, name: str, now: datetime) -> Counted | None:
    row = session.get(KeptFigures, name[:200])
    if row is None or row.stamp != _stamp() or now - row.counted_at > TOO_OLD:
        return None
    by_key = {
        tuple(key) if isinstance(key, list) else key: _unpacked(own)
        for key, own in row.content["by_key"]
    }
    return Counted(_unpacked(row.content["figures"]), by_key, row.counted_at)


def _packed(figures: Figures, by_key: Mapping[Any, Figures]) -> dict[str, Any]:
    def plain(own: Figures) -> dict[str, Any]:
        return {code: [f.value, f.of, f.by] for code, f in own.items()}

    return {"figures": plain(figures), "by_key": [[key, plain(own)] for key, own in by_key.items()]}


def _unpacked(figures: Mapping[str, Any]) -> dict[str, Figure]:
    return {code: Figure(value, by, of) for code, (value, of, by) in figures.items()}
