"""The table of solved challenges: each opens one door, once. Rates are kept by store.py."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class SpentChallenge(SQLModel, table=True):
    """A solved challenge, until it would have run out anyway."""

    __tablename__ = "spent_challenge"

    challenge_hash: str = Field(primary_key=True)
    expires_at: datetime = Field(index=True)
