"""The table of signatures: people who make somebody's comment their own as well."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class Signature(SQLModel, table=True):
    """A person signs what another has said; they are told its answer as its author is.

    `organisation_id` is the one they signed for, if for one; `mandate` on whose behalf that signs.
    """

    __tablename__ = "signature"
    __table_args__ = (
        Index("ix_signature_listing", "comment_id", "signed_at", "person_id"),
        Index("ix_signature_organisation", "organisation_id", "signed_at"),
    )

    comment_id: int = Field(foreign_key="comment.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    mandate: str = Field(default="", max_length=300)
    signed_at: datetime
