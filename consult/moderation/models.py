"""The public log of moderation: every act stands with its reason."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from consult.db import one_of

ACTS = ("hide", "restore")


class ModerationAct(SQLModel, table=True):
    __tablename__ = "moderation_act"
    __table_args__ = (one_of("act", ACTS),)

    id: int | None = Field(default=None, primary_key=True)
    comment_id: int = Field(foreign_key="comment.id", index=True)
    act: str
    reason: str
    actor_id: int = Field(foreign_key="person.id")
    acted_at: datetime
