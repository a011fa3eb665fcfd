"""Tables: the public log of moderation, reports of readers, what was redacted, appeals, disavowals.

A disavowal stands here rather than with campaigns: it is no likeness of texts, but one more way in
which a comment stops being shown, and moderators are who looks at it.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from consult.db import one_of
from consult.moderation.rules import ACTS, DECISIONS, REASONS


class ModerationAct(SQLModel, table=True):
    """What was done about a comment, a problem reported after adoption, words that answer a
    question of a poll, or what `subject` names. It is never changed; another act may follow.

    `subject` is a kind and a number ("question:12"); what is about no draft has no `draft_id`.

    `reason` is a code of rules.HOLD_REASONS where something was hidden, held or redacted, else free
    words; `note` is what the moderator adds to a code in words of their own. Both are public.
    """

    __tablename__ = "moderation_act"
    __table_args__ = (
        one_of("act", ACTS),
        CheckConstraint(
            "(CASE WHEN comment_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN problem_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN answer_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN subject = '' THEN 0 ELSE 1 END) = 1",
            name="one_subject",
        ),
        Index("ix_moderation_act_draft", "draft_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    draft_id: int | None = Field(default=None, foreign_key="draft.id")
    comment_id: int | None = Field(default=None, foreign_key="comment.id", index=True)
    problem_id: int | None = Field(default=None, foreign_key="problem.id")
    answer_id: int | None = Field(default=None, foreign_key="poll_answer.id")
    subject: str = Field(default="", max_length=40)
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
    """Words with somebody's personal data that were taken out of a comment and its earlier
    wordings; where they stood stands marks.mark of this number.

    `words` are kept only for as long as the act may be appealed against, then they are erased.
    Put back after an appeal, they have no row any more.
    """

    __tablename__ = "redaction"

    id: int | None = Field(default=None, primary_key=True)
    act_id: int = Field(foreign_key="moderation_act.id", index=True)
    comment_id: int = Field(foreign_key="comment.id", index=True)
    words: str
    erase_at: datetime
    erased_at: datetime | None = None


class Appeal(SQLModel, table=True):
    """An author appeals to the oversight body against an act on their comment, once an act.

    `reason` is for those who decide; the decision and its reason are public.
    """

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


class Disavowal(SQLModel, table=True):
    """Somebody in whose name a comment was sent says that it is not theirs."""

    __tablename__ = "disavowal"

    comment_id: int = Field(foreign_key="comment.id", primary_key=True)
    note: str = Field(default="", max_length=1000)
    disavowed_at: datetime
