"""The public log of moderation: every act stands with its reason; and what readers reported."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from consult.db import one_of
from consult.moderation.rules import ACTS, REASONS


class ModerationAct(SQLModel, table=True):
    """What a moderator did about a comment. It is never changed; another act may follow.

    `reason` is a code of rules.REASONS where something was hidden, else free words; `note` is
    what the moderator adds to a code in words of their own. Both are public.
    """

    __tablename__ = "moderation_act"
    __table_args__ = (one_of("act", ACTS),)

    id: int | None = Field(default=None, primary_key=True)
    comment_id: int = Field(foreign_key="comment.id", index=True)
    act: str
    reason: str
    note: str = ""
    actor_id: int = Field(foreign_key="person.id")
    acted_at: datetime


class CommentFlag(SQLModel, table=True):
    """A reader says that a comment breaks the rules: once a person, until a moderator has looked.

    `act_id` is the act that settled it. Who reported is never public.
    """

    __tablename__ = "comment_flag"
    __table_args__ = (one_of("reason", REASONS), UniqueConstraint("comment_id", "person_id"))

    id: int | None = Field(default=None, primary_key=True)
    comment_id: int = Field(foreign_key="comment.id")
    person_id: int = Field(foreign_key="person.id")
    reason: str
    note: str = ""
    flagged_at: datetime
    act_id: int | None = Field(default=None, foreign_key="moderation_act.id", index=True)
