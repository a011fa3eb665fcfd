"""Tables: the public log of moderation, what readers reported, what was redacted, appeals."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from consult.db import one_of
from consult.moderation.rules import ACTS, DECISIONS, REASONS


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


class Redaction(SQLModel, table=True):
    """Words with somebody's personal data that were taken out of a comment, where a mark stands.

    `words` are kept only for as long as the act may be appealed against, then they are erased.
    """

    __tablename__ = "redaction"

    id: int | None = Field(default=None, primary_key=True)
    act_id: int = Field(foreign_key="moderation_act.id", index=True)
    comment_id: int = Field(foreign_key="comment.id", index=True)
    field: str = Field(max_length=20)
    words: str
    erase_at: datetime
    erased_at: datetime | None = None


class Appeal(SQLModel, table=True):
    """An author appeals to the oversight body against an act on their comment, once an act."""

    __tablename__ = "appeal"
    __table_args__ = (one_of("decision", DECISIONS),)

    id: int | None = Field(default=None, primary_key=True)
    act_id: int = Field(foreign_key="moderation_act.id", unique=True)
    comment_id: int = Field(foreign_key="comment.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    reason: str = Field(max_length=2000)
    appealed_at: datetime
    decision: str = ""
    decision_reason: str = Field(default="", max_length=2000)
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = None
