"""The table of bills before committees."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class Referral(SQLModel, table=True):
    """A bill is before a committee, from a day until it is ended; it may come back later."""

    __tablename__ = "referral"
    __table_args__ = (
        Index("ix_referral_committee", "committee_id", "ended_at", "id"),
        Index(
            "ix_referral_once",
            "draft_id",
            "committee_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    committee_id: int = Field(foreign_key="agency.id")
    draft_id: int = Field(foreign_key="draft.id")
    referred_by: int | None = Field(default=None, foreign_key="person.id")
    referred_at: datetime
    ended_by: int | None = Field(default=None, foreign_key="person.id")
    ended_at: datetime | None = None
