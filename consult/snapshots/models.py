"""The table of snapshots: what a page of figures said at a time, kept for ever."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from consult.db import one_of
from consult.snapshots.rules import BEGINNING, KINDS, SUBJECT_MAX, hash_of


class Snapshot(SQLModel, table=True):
    """Never changed, never deleted. `document` are the bytes that `sha256` was made of, as text.

    `kind`, `subject` and `made_at` stand in the document too; here they are for finding it.
    """

    __tablename__ = "snapshot"
    __table_args__ = (
        one_of("kind", KINDS),
        Index("ix_snapshot_subject", "kind", "subject", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=20)
    subject: str = Field(max_length=SUBJECT_MAX)
    made_at: datetime
    sha256: str = Field(max_length=64, unique=True)
    document: str = Field(sa_type=Text)

    @property
    def url(self) -> str:
        """Its permanent address."""
        return f"/statistics/snapshots/{self.sha256[:BEGINNING]}"

    @property
    def is_whole(self) -> bool:
        """Whether it still is what was hashed."""
        return hash_of(self.document.encode()) == self.sha256
