"""How far an index follows the events, and which events change what is found. Only reads.

Ids of events are given in the order of writing, but on PostgreSQL a later one may be seen before an
earlier one: numbers that were passed over are looked for again for a while.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func
from sqlmodel import Session, col, select

from consult import events
from consult.outbox import OutboxEvent

MOST = 500  # events looked at in one go
PATIENCE = 300  # seconds for which a number that was passed over is looked for
MOST_GAPS = 2000

# What an event changes of what is found: the group of this kind, by this column of its payload.
FOLLOWED: Mapping[str, tuple[str, str]] = {
    kind.__name__: (group, f"{group}_id")
    for group, kinds in (
        ("draft", (events.DraftChanged, events.VersionPublished)),
        (
            "comment",
            (
                events.CommentSubmitted,
                events.CommentEdited,
                events.CommentWithdrawn,
                events.CommentDisavowed,
                events.CommentHeld,
                events.CommentHidden,
                events.CommentRestored,
                events.CommentRedacted,
                events.AppealDecided,  # words may be put back
            ),
        ),
    )
    for kind in kinds
}
# Whatever else these do, words that stood in the index are nobody's to find any more.
TAKING_OUT = frozenset(
    kind.__name__
    for kind in (
        events.CommentEdited,
        events.CommentWithdrawn,
        events.CommentDisavowed,
        events.CommentHeld,
        events.CommentHidden,
        events.CommentRedacted,
    )
)


@dataclass(frozen=True, slots=True)
class Place:
    """After the event `last`, which is known again by `seen`; `gaps`: since when they are missed.

    0 is before the first event. `taken_out`: since when the files of the index may hold words that
    nothing finds any more; 0 if they hold none. Times are in seconds.
    """

    last: int = 0
    seen: str = ""
    gaps: Mapping[int, int] = field(default_factory=dict)
    taken_out: int = 0

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """A place as it was written; None if it is none."""
        try:
            last, seen, gaps, taken_out = json.loads(text)
            missed = {int(at): int(since) for at, since in gaps.items()}
            return cls(int(last), str(seen), missed, int(taken_out))
        except (ValueError, TypeError, AttributeError):
            return None

    def __str__(self) -> str:
        return json.dumps([self.last, self.seen, self.gaps, self.taken_out])


@dataclass(frozen=True, slots=True)
class Lag:
    """How many events an index has yet to follow, and since when the first of them waits."""

    waiting: int
    since: datetime | None


def newest(session: Session) -> Place:
    """The place after all events there are."""
    row = session.execute(_events().order_by(col(OutboxEvent.id).desc()).limit(1)).first()
    return Place(row.id, _seen(row)) if row else Place()


def is_there(session: Session, place: Place) -> bool:
    """Can events be followed from here? Not if they were cleared since, nor if a backup was put
    back: then the event at the place is gone or another."""
    if place.last == 0:
        return True
    row = session.execute(_events().where(OutboxEvent.id == place.last)).first()
    return row is not None and _seen(row) == place.seen


def further(session: Session, place: Place, now: datetime) -> tuple[Place, list[str]]:
    """A place some events further on, and the groups that these changed; the same if none came."""
    rows = session.execute(
        _events().where(col(OutboxEvent.id) > place.last).order_by(col(OutboxEvent.id)).limit(MOST)
    ).all()
    late: Sequence[Row[Any]] = ()
    if place.gaps:
        late = session.execute(_events().where(col(OutboxEvent.id).in_(place.gaps))).all()
    changed = dict.fromkeys(group for row in (*late, *rows) if (group := _group(row)))
    came = {row.id for row in late}
    at = int(now.timestamp())
    gaps = {n: since for n, since in place.gaps.items() if n not in came and at < since + PATIENCE}
    taken_out = place.taken_out
    if not taken_out and any(row.name in TAKING_OUT for row in (*late, *rows)):
        taken_out = at
    if not rows:
        return replace(place, gaps=gaps, taken_out=taken_out), list(changed)
    if place.last and session.get_bind().dialect.name == "postgresql":
        gaps |= _missing(place.last, [row.id for row in rows], at)
    kept = dict(sorted(gaps.items())[-MOST_GAPS:])
    return Place(rows[-1].id, _seen(rows[-1]), kept, taken_out), list(changed)


def lag(session: Session, place: Place) -> Lag:
    """What waits behind a place."""
    waiting, since = session.execute(
        select(func.count(), func.min(OutboxEvent.occurred_at)).where(
            col(OutboxEvent.id) > place.last, col(OutboxEvent.name).in_(FOLLOWED)
        )
    ).one()
    return Lag(waiting, since)


def _missing(last: int, ids: Sequence[int], at: int) -> dict[int, int]:
    befores = [last, *ids[:-1]]
    holes = ((max(b + 1, n - MOST_GAPS), n) for b, n in zip(befores, ids, strict=True))
    return {missing: at for first, end in holes for missing in range(first, end)}


def _group(row: Row[Any]) -> str:
    if row.name not in FOLLOWED:
        return ""
    kind, column = FOLLOWED[row.name]
    return f"{kind}:{int(row.payload[column])}"


def _seen(row: Row[Any]) -> str:
    return f"{row.name} {row.occurred_at.isoformat()}"


def _events() -> Any:
    columns: tuple[Any, ...] = (
        *(OutboxEvent.id, OutboxEvent.name, OutboxEvent.payload),
        OutboxEvent.occurred_at,
    )
    return select(*columns)
