"""Reads rows of a resource: a page by keyset, one, or all of them piece by piece. Only reads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import literal, select, tuple_
from sqlmodel import Session

from consult.errors import Invalid, NotFound
from consult.law.queries import law_of
from consult.opendata.asking import key_of
from consult.opendata.columns import Column, Type, plain
from consult.opendata.resource import Asked, Context, Resource
from consult.platform import Platform

PIECE = 1000  # rows read at once

Values = list[Any]  # of a row, in the order of the columns asked for, as they stand in JSON


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows; `after` is the key of the last of them, () if there are no more."""

    rows: list[Values]
    after: tuple[Any, ...]


def context_of(session: Session, platform: Platform) -> Context:
    """What reading needs to know of the installation; one query."""
    return Context(
        base_url=platform.settings.base_url.rstrip("/"),
        law=law_of(session, platform.pack),
        now=platform.clock(),
    )


def page(session: Session, resource: Resource, asked: Asked, context: Context) -> Page:
    """The rows after a key, in one query, whatever they are."""
    if resource.listed is not None:
        return _listed(session, resource, asked, context)
    key = [resource.column(name).sql[0] for name in resource.key]
    query = resource.source(select(*key, *(each for one in asked.columns for each in one.sql)))
    query = query.where(*asked.conditions).order_by(*key).limit(asked.limit + 1)
    if asked.after:
        query = query.where(_beyond(key, asked.after))
    found = session.execute(query).all()
    shown = found[: asked.limit]
    reading = _reading(asked.columns, len(key))
    rows = [_row(reading, tuple(row), context) for row in shown]
    return Page(rows, tuple(shown[-1][: len(key)]) if len(found) > len(shown) else ())


def _beyond(key: Sequence[Any], after: Sequence[Any]) -> Any:
    if len(key) == 1:
        return key[0] > after[0]
    return tuple_(*key) > tuple_(*map(literal, after))


# What to make of which values of a row, and whether that has to be written as text.
Reading = list[tuple[Any, int, int, bool]]


def _reading(columns: Sequence[Column], start: int) -> Reading:
    found = []
    for column in columns:
        end = start + len(column.sql)
        found.append((column.read, start, end, column.type in {Type.DATE, Type.INSTANT}))
        start = end
    return found


def _row(reading: Reading, row: tuple[Any, ...], context: Context) -> Values:
    values = []
    for read, begin, end, timed in reading:
        value = read(context, *row[begin:end]) if read else row[begin]
        values.append(plain(value) if timed else value)
    return values


def _listed(session: Session, resource: Resource, asked: Asked, context: Context) -> Page:
    assert resource.listed is not None  # noqa: S101 - asked by the caller
    rows = [
        (tuple(row[name] for name in resource.key), row)
        for row in resource.listed(session, context, asked)
    ]
    left = [(key, row) for key, row in rows if key > asked.after]
    shown = left[: asked.limit]
    values = [[plain(row[one.name]) for one in asked.columns] for _, row in shown]
    return Page(values, shown[-1][0] if len(left) > len(shown) else ())


def one(session: Session, resource: Resource, written: str, context: Context) -> dict[str, Any]:
    """One row by its key as it stands in an address; raises NotFound."""
    try:
        key = key_of(resource, written)
    except Invalid:
        raise NotFound("There is no such row.") from None
    columns = map(resource.column, resource.key)
    own = [of.sql[0] == value for of, value in zip(columns, key, strict=True) if of.sql]
    asked = Asked(resource.columns, tuple(own), limit=1)
    if resource.listed is not None:
        for row in resource.listed(session, context, asked):
            if tuple(row[name] for name in resource.key) == key:
                return {name: plain(row[name]) for name in resource.names}
        raise NotFound("There is no such row.")
    found = page(session, resource, asked, context).rows
    if not found:
        raise NotFound("There is no such row.")
    return dict(zip(resource.names, found[0], strict=True))


def pieces(
    session: Session, resource: Resource, asked: Asked, context: Context
) -> Iterator[list[Values]]:
    """All rows that are asked for, so many at once; each piece is one query."""
    asked = replace(asked, limit=PIECE)
    while True:
        found = page(session, resource, asked, context)
        yield found.rows
        if not found.after:
            return
        asked = replace(asked, after=found.after)
