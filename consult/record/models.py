"""Tables of the public record: its entries, the salts that can be forgotten, its tree, its heads.

Nothing but the record's own writer adds to them, and nothing changes or deletes an entry.
"""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel


class RecordEntry(SQLModel, table=True):
    """One line of the record: what a row said at a time. `payload` is canonical JSON (kinds.py),
    `leaf` its hash in the tree (RFC 9162).

    The other columns repeat what the payload says, to be found by: it is about the row `row_id` of
    its kind, and is the `turn`-th entry about it.
    """

    __tablename__ = "record_entry"
    __table_args__ = (UniqueConstraint("kind", "row_id", "turn"),)

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str = Field(max_length=40)
    row_id: int
    turn: int
    payload: str
    leaf: str = Field(max_length=64)
    recorded_at: datetime


class RecordSalt(SQLModel, table=True):
    """The salt of the hashed words of an entry. Deleted, nobody can tell what they were."""

    __tablename__ = "record_salt"

    number: int = Field(foreign_key="record_entry.number", primary_key=True)
    salt: str = Field(max_length=64)


class RecordNode(SQLModel, table=True):
    """The hash of a full subtree of 2**level entries, the `place`-th of its level; level 0 is the
    entries' own `leaf`."""

    __tablename__ = "record_node"

    level: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    hash: str = Field(max_length=64)


class RecordHead(SQLModel, table=True):
    """The root of the tree when it had `size` entries, as it was published: the `n`-th head."""

    __tablename__ = "record_head"
    __table_args__ = (Index("ix_record_head_made_at", "made_at"),)

    size: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    n: int = Field(unique=True)
    root: str = Field(max_length=64)
    made_at: datetime
