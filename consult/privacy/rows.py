"""Deleting and emptying the rows of a person, as the registry (holdings.py) says of each place.

What needs more than that, because the record or a report speaks of it, is done by words.py,
reported.py and told.py: those tables are named in BY_HAND.
"""

from typing import Any

from sqlalchemy import Column, ColumnElement, Integer, Table, and_, delete, or_, tuple_, update
from sqlalchemy import select as sa_select
from sqlmodel import Session

from consult.db import affected
from consult.privacy.holdings import HOLDINGS
from consult.privacy.queries import rows_of
from consult.privacy.rules import Place, Then, places_of
from consult.privacy.words import Leaving
from consult.schema import METADATA

BATCH = 500  # rows deleted in one transaction
BY_HAND = frozenset(
    {
        *("person", "comment", "comment_revision", "paper", "problem", "contest", "appeal"),
        *("proposal", "question"),
        *("attachment", "redaction", "message", "notice", "mail", "bounce"),
    }
)
# What opens the account, or says who somebody is: gone the moment it is closed.
AT_ONCE = frozenset(
    {
        *("sign_in", "mail_token", "eid_attempt", "totp", "recovery_code", "passkey", "identity"),
        "esign_statement",
        *("role_grant", "invitation", "api_answer", "api_key"),
    }
)
PLACES = tuple(place for _, place in places_of(HOLDINGS) if place.table not in BY_HAND)
DELETED = tuple(place for place in PLACES if place.then is Then.DELETE)
EMPTIED = tuple(place for place in PLACES if place.then is Then.EMPTY)


def delete_at_once(session: Session, person_id: int) -> None:
    """What closes the account, and what is found by the person's address while it is known."""
    for place in DELETED:
        if place.table in AT_ONCE or "=" in place.whose:
            table = METADATA.tables[place.table]
            session.execute(delete(table).where(rows_of(place, person_id)))


def delete_rows(session: Session, leaving: Leaving) -> int:
    """Some of the rows that go; returns how many. In the order of the registry: children first."""
    for place in DELETED:
        table = METADATA.tables[place.table]
        if done := _delete_some(session, table, rows_of(place, leaving.person_id)):
            return done
    return 0


def _delete_some(session: Session, table: Table, which: ColumnElement[bool]) -> int:
    keys = list(table.primary_key.columns)
    found = session.execute(sa_select(*keys).where(which).limit(BATCH)).all()
    if not found:
        return 0
    if len(keys) == 1:
        those: ColumnElement[bool] = keys[0].in_([row[0] for row in found])
    else:
        those = tuple_(*keys).in_([tuple(row) for row in found])
    return affected(session.execute(delete(table).where(those)))


def empty_rows(session: Session, leaving: Leaving) -> int:
    """The columns that are emptied in rows that stay; returns how many rows had something left."""
    return sum(_empty_place(session, place, leaving.person_id) for place in EMPTIED)


def _empty_place(session: Session, place: Place, person_id: int) -> int:
    table = METADATA.tables[place.table]
    values = {name: empty(table.c[name]) for name in place.emptied}
    left = [
        table.c[name].is_not(None) if value is None else table.c[name] != value
        for name, value in values.items()
    ]
    which = and_(rows_of(place, person_id), or_(*left))
    return affected(session.execute(update(table).where(which).values(**values)))


def empty(column: Column[Any]) -> Any:
    """What stands in a column that holds nothing."""
    if column.nullable:
        return None
    return 0 if isinstance(column.type, Integer) else ""
