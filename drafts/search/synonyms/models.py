"""Table: what this installation changed of the synonyms a search is widened by."""

from datetime import datetime
from typing import Any

from sqlmodel import JSON, Field, SQLModel


class SynonymGroup(SQLModel, table=True):
    """A group that is the installation's own, or stands in the place of one of the beginning.

    `words` is {language: [words and phrases]}; empty, the group was taken away. `n` counts its
    changes, so that of two people who change it at once the second is told. Who it was stands in
    the audit log.
    """

    __tablename__ = "synonym_group"

    code: str = Field(primary_key=True, max_length=40)
    words: dict[str, Any] = Field(sa_type=JSON)
    n: int
    changed_at: datetime
