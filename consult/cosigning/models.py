"""The table of signatures: people who make somebody's comment their own as well."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class Signature(SQLModel, table=True):
    """A person signs what another has said; they are told its answer as its author is.

    `mandate` says on whose behalf an organisation signs.
    """

    __tablename__ = "signature"
    __table_args__ = (Index("ix_signature_listing", "comment_id", "signed_at", "person_id"),)

    comment_id: int = Field(foreign_key="comment.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True)
    mandate: str = Field(default="", max_length=300)
    signed_at: datetime
