"""Reads of what is held about one person: whose rows a place means, and the rows themselves."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, FromClause, Table, select
from sqlmodel import Session

from consult.accounts.models import Person
from consult.errors import NotFound
from consult.privacy.rules import Place, Then
from consult.schema import METADATA

PERSON = METADATA.tables["person"]
BATCH = 500  # rows in memory at once

# What stands in a download beside the number of a row it refers to.
SPOKEN = {
    "agency": ("names",),
    "organisation": ("name",),
    "draft": ("titles",),
    "comment": ("receipt",),
    "message": ("kind", "category", "path"),  # not its values: they may speak of others
}

MOST = 2**31 - 1  # what the database takes for a number


def person_by(session: Session, asked: str) -> Person:
    """A person by number or e-mail address; raises NotFound, for one who was forgotten too."""
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 11 else 0
    which = PERSON.c.id == number if number else PERSON.c.email == asked.strip().casefold()
    found = session.execute(
        select(PERSON.c.id).where(which, PERSON.c.forgotten_at.is_(None), PERSON.c.id <= MOST)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such person.")
    return session.get_one(Person, found)


def rows_of(place: Place, person_id: int) -> ColumnElement[bool]:
    """The condition for a person's rows in the table of a place.

    Raises ValueError for a place whose rows no column tells (Then.OWN_WAY).
    """
    if place.then is Then.OWN_WAY:
        raise ValueError(f"no column tells whose the rows of {place.table} are")
    column = METADATA.tables[place.table].c[place.column]
    if "=" in place.whose:
        own = PERSON.c[place.whose.partition("=")[2]]
        return column == select(own).where(PERSON.c.id == person_id).scalar_subquery()
    if "." in place.whose:
        owner = _referred(column)
        theirs = owner.c[place.whose.partition(".")[2]] == person_id
        return column.in_(select(owner.c.id).where(theirs))
    return column == person_id


def rows_held(session: Session, place: Place, person_id: int) -> Iterator[dict[str, Any]]:
    """What a download gives of a place, row by row, in the order of the table's key.

    A column that refers to an agency, a draft … is given as {"id": 3, "names": {…}}.
    """
    if not place.given or place.then is Then.OWN_WAY:
        return
    table = METADATA.tables[place.table]
    columns: list[ColumnElement[Any]] = []
    source: FromClause = table
    for name in place.given:
        columns.append(table.c[name])
        if spoken := _spoken(table.c[name]):
            other = _referred(table.c[name]).alias()
            source = source.outerjoin(other, table.c[name] == other.c.id)
            columns += (other.c[one] for one in spoken)
    query = select(*columns).select_from(source).where(rows_of(place, person_id))
    query = query.order_by(*table.primary_key.columns).execution_options(yield_per=BATCH)
    for row in session.execute(query):
        yield _row(table, place.given, iter(row))


def _row(table: Table, given: tuple[str, ...], values: Iterator[Any]) -> dict[str, Any]:
    row = {}
    for name in given:
        value = next(values)
        if spoken := _spoken(table.c[name]):
            told = {one: next(values) for one in spoken}
            if told.get("category") == "account":
                told["path"] = ""  # it may open the account
            value = None if value is None else {"id": value, **told}
        row[name] = value
    return row


def _spoken(column: Column[Any]) -> tuple[str, ...]:
    """What is said of the row a column refers to, if that is one with a name of its own."""
    return next((SPOKEN.get(key.column.table.name, ()) for key in column.foreign_keys), ())


def _referred(column: Column[Any]) -> Table:
    table = next(iter(column.foreign_keys)).column.table
    assert isinstance(table, Table)  # noqa: S101 - a foreign key refers to nothing else
    return table
