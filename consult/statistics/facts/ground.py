"""What all facts are made of: the drafts of a scope, and rows of one shape for whatever is counted.

A fact is a query whose rows are (keys …, fact, p0 … p3, days, n): `n` things of that kind, of these
parts. What figures they come to is derived.py; a fact is never counted in Python.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Row,
    Select,
    and_,
    case,
    cast,
    extract,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlmodel import Session, col

from consult.procedure.packs import RulePack
from consult.statistics.parts import YES
from consult.statistics.scope import Scope
from drafts.models import Draft
from drafts.queries import PUBLIC_STAGES

PARTS = 4
DAY = 24 * 60 * 60  # seconds


@dataclass(frozen=True, slots=True)
class Ground:
    """The drafts that are counted, as of `now`; each fact divides by the `keys`, of a draft."""

    scope: Scope
    pack: RulePack
    now: datetime
    keys: tuple[Any, ...] = field(default=())

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(f"k{i}" for i in range(len(self.keys)))

    @property
    def labelled(self) -> tuple[Any, ...]:
        """The keys as columns of a query that knows Draft."""
        named = zip(self.keys, self.labels, strict=True)
        return tuple(key.label(label) for key, label in named)

    def narrowed(self) -> tuple[ColumnElement[bool], ...]:
        """The conditions on which a draft is counted."""
        scope = self.scope
        since, before = scope.edges(self.pack.tz)
        published = col(Draft.published_at)
        wanted = [
            and_(col(Draft.stage).in_(PUBLIC_STAGES), published.is_not(None)),
            col(Draft.agency_id) == scope.agency_id if scope.agency_id else None,
            col(Draft.topic) == scope.topic if scope.topic else None,
            col(Draft.act_type) == scope.act_type if scope.act_type else None,
            published >= since if since else None,
            published < before if before else None,
        ]
        return tuple(condition for condition in wanted if condition is not None)

    def drafts(self, *columns: Any) -> Select[Any]:
        """The keys and `columns` of each draft, to be joined to what is counted."""
        return select(*self.labelled, *columns).select_from(Draft).where(*self.narrowed())

    def fact(self, name: str, *parts: Any, days: Any = None, n: Any = None) -> Select[Any]:
        """Drafts counted by `parts` (and by whole `days`), to be joined to what is counted."""
        query = self.drafts(*shape(name, *parts, days=days, n=n))
        return query.group_by(*self.labels, *grouped(parts, days))

    def fact_of(self, inner: Any, name: str, *parts: Any, n: Any = None) -> Select[Any]:
        """The same over a subquery that has the keys under their labels."""
        keys = [inner.c[label] for label in self.labels]
        return (
            select(*keys, *shape(name, *parts, n=n))
            .select_from(inner)
            .group_by(*keys, *grouped(parts, None))
        )


Fact = Callable[[Ground], Select[Any]]


def shape(name: str, *parts: Any, days: Any = None, n: Any = None) -> list[Any]:
    """The columns that all facts have after their keys, so that they can stand in one UNION."""
    filled = [*parts, *(literal("") for _ in range(PARTS - len(parts)))]
    return [
        literal(name).label("fact"),
        *(part.label(f"p{i}") for i, part in enumerate(filled)),
        (cast(null(), Integer) if days is None else days).label("days"),
        (func.count() if n is None else n).label("n"),
    ]


def grouped(parts: Sequence[Any], days: Any) -> list[str]:
    return [*(f"p{i}" for i in range(len(parts))), *(() if days is None else ("days",))]


def when(condition: Any) -> ColumnElement[str]:
    """A part: whether something is so."""
    return case((condition, YES), else_="")


def whole_days(first: Any, last: Any) -> ColumnElement[int]:
    """In SQL: the whole days from one instant to another."""
    seconds = cast(extract("epoch", last), BigInteger) - cast(extract("epoch", first), BigInteger)
    return cast(seconds // DAY, Integer)


def summed(column: Any) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(column), 0), BigInteger)


def rows_of(session: Session, ground: Ground, facts: Sequence[Fact]) -> Sequence[Row[Any]]:
    """All rows of these facts, in one query."""
    return session.execute(union_all(*(fact(ground) for fact in facts))).all()
