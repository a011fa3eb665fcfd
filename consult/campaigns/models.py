"""Tables: what comments are alike, kept as they come in, and what was found by looking at them."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class TextCount(SQLModel, table=True):
    """Of a draft's public comments (no replies): how many there are, how many different texts.

    Whoever changes what is kept of a draft holds its row, so that they come one after another.
    """

    __tablename__ = "text_count"

    draft_id: int = Field(foreign_key="draft.id", primary_key=True)
    submissions: int = 0
    distinct_n: int = 0


class Cluster(SQLModel, table=True):
    """Two or more comments on one draft that are one text, but for some words.

    `medoid_id` is the comment that stands nearest to all of them (the earliest of those that say
    the same). `submissions` counts the comments, `distinct_n` the different texts among them.
    """

    __tablename__ = "cluster"

    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="draft.id", index=True)
    medoid_id: int = Field(foreign_key="comment.id")
    submissions: int
    distinct_n: int
    first_at: datetime
    last_at: datetime


class Fingerprint(SQLModel, table=True):
    """What a public comment is compared by: `exact` is equal for the same folded words.

    `sketch` are the words in their order, each as one letter that stands for it (UTF-8).
    """

    __tablename__ = "fingerprint"
    __table_args__ = (
        Index("ix_fingerprint_exact", "draft_id", "exact", "comment_id"),
        Index("ix_fingerprint_cluster", "cluster_id", "comment_id"),
    )

    comment_id: int = Field(foreign_key="comment.id", primary_key=True)
    draft_id: int = Field(foreign_key="draft.id")
    exact: str = Field(max_length=64)
    sketch: bytes
    cluster_id: int | None = Field(default=None, foreign_key="cluster.id")


class FingerprintBand(SQLModel, table=True):
    """Where a text is found by another (locality-sensitive hashing): equal keys are compared.

    The texts that stand alone have keys, and of each cluster a few: not thousands of the same.
    """

    __tablename__ = "fingerprint_band"
    __table_args__ = ({"sqlite_with_rowid": False},)  # a third of the room

    draft_id: int = Field(foreign_key="draft.id", primary_key=True)
    key: int = Field(primary_key=True)
    comment_id: int = Field(foreign_key="comment.id", primary_key=True)
