"""Tables: what comments are alike, kept as they come in, and what was found by looking at them."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class Cluster(SQLModel, table=True):
    """Comments on one draft that are one text, but for some words.

    `medoid_id` is the comment that stands nearest to all of them. `submissions` counts the
    comments, `distinct_n` the different texts among them.
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
    """What a comment is compared by: `exact` of its folded words, `sketch` of its shingles."""

    __tablename__ = "fingerprint"
    __table_args__ = (
        Index("ix_fingerprint_exact", "draft_id", "exact"),
        Index("ix_fingerprint_cluster", "cluster_id", "comment_id"),
    )

    comment_id: int = Field(foreign_key="comment.id", primary_key=True)
    draft_id: int = Field(foreign_key="draft.id")
    exact: str = Field(max_length=64)
    words: int
    sketch: bytes
    cluster_id: int | None = Field(default=None, foreign_key="cluster.id")


class FingerprintBand(SQLModel, table=True):
    """One band of a sketch (locality-sensitive hashing): equal keys are candidates to compare.

    Only the first comment with each exact text has bands.
    """

    __tablename__ = "fingerprint_band"

    draft_id: int = Field(foreign_key="draft.id", primary_key=True)
    key: int = Field(primary_key=True)
    comment_id: int = Field(foreign_key="comment.id", primary_key=True)


class Disavowal(SQLModel, table=True):
    """Somebody in whose name a comment was sent says that it is not theirs."""

    __tablename__ = "disavowal"

    comment_id: int = Field(foreign_key="comment.id", primary_key=True)
    note: str = Field(default="", max_length=1000)
    disavowed_at: datetime
