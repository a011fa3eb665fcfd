"""Tables of the public record: its entries, the salts that can be forgotten, its tree, its heads.

Nothing but the record's own writer adds to them, and nothing changes or deletes an entry.
"""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class RecordEntry(SQLModel, table=True):
    """One line of the record. `payload` is canonical JSON; `leaf` its hash in the tree (RFC 9162).

    `subject` is the row it speaks of ("comment:41"), `salted` tells that a salt belongs to it.
    """

    __tablename__ = "record_entry"
    __table_args__ = (Index("ix_record_entry_subject", "subject", "number"),)

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    key: str = Field(unique=True, max_length=120)
    kind: str = Field(max_length=40)
    subject: str = Field(max_length=60)
    payload: str
    leaf: str = Field(max_length=64)
    recorded_at: datetime


class RecordSalt(SQLModel, table=True):
    """The salt of the hashed words of an entry. Deleted, nobody can tell what they were."""

    __tablename__ = "record_salt"

    number: int = Field(foreign_key="record_entry.number", primary_key=True)
    salt: str = Field(max_length=64)


class RecordNode(SQLModel, table=True):
    """The hash of a whole subtree of 2**level entries, the `place`-th of its level."""

    __tablename__ = "record_node"

    level: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    hash: str = Field(max_length=64)


class RecordHead(SQLModel, table=True):
    """The root of the tree when it had `size` entries, as it was published."""

    __tablename__ = "record_head"

    size: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    root: str = Field(max_length=64)
    made_at: datetime
