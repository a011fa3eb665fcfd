"""Tables: the law as this installation holds it: calendar acts, versions of rules, confirmations.

The rules themselves are rule packs (consult/procedure); nothing of a country stands here.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import JSON, Field, SQLModel

from consult.db import one_of
from consult.procedure.calendars import DayKind

ACT_KINDS = ("days", "year_confirmed")
DAY_KINDS = tuple(kind.value for kind in DayKind)


class CalendarAct(SQLModel, table=True):
    """What somebody entered into the calendar on the strength of a document; never edited.

    `days` changes some days, `year_confirmed` says that the calendar of `year` is final. A mistake
    is revoked with a reason, and the next act says it right, so that the history stays.

    `digest` is of all it says (rules.py): of two acts in force none says the same as the other.
    """

    __tablename__ = "calendar_act"
    __table_args__ = (
        one_of("kind", ACT_KINDS),
        Index("ix_calendar_act_jurisdiction", "jurisdiction", "id"),
        Index(
            "ix_calendar_act_once",
            "jurisdiction",
            "digest",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    jurisdiction: str = Field(max_length=40)
    kind: str
    year: int | None = None
    document: str = Field(max_length=500)  # its kind, number and date
    filename: str = Field(default="", max_length=200)
    digest: str = Field(max_length=64)
    entered_by: int | None = Field(default=None, foreign_key="person.id")
    entered_at: datetime
    revoked_by: int | None = Field(default=None, foreign_key="person.id")
    revoked_at: datetime | None = None
    revoked_reason: str = Field(default="", max_length=500)


class CalendarDay(SQLModel, table=True):
    """What a calendar act makes of a day; of two acts in force the later one counts."""

    __tablename__ = "calendar_day"
    __table_args__ = (one_of("kind", DAY_KINDS),)

    act_id: int = Field(foreign_key="calendar_act.id", primary_key=True)
    on: date = Field(primary_key=True)
    kind: str
    name: str = Field(default="", max_length=200)


class RuleVersion(SQLModel, table=True):
    """The content of a rule as a rule pack once said it: what running duties are counted by.

    Its `fingerprint` is of all that matters to the law, so a pack that says something else makes
    another version, and what was confirmed of the old one is not confirmed of the new.
    """

    __tablename__ = "rule_version"
    __table_args__ = (
        UniqueConstraint("fingerprint"),
        Index("ix_rule_version_code", "jurisdiction", "code"),
    )

    id: int | None = Field(default=None, primary_key=True)
    jurisdiction: str = Field(max_length=40)
    code: str = Field(max_length=60)
    fingerprint: str = Field(max_length=64)
    content: dict[str, Any] = Field(sa_type=JSON)
    first_seen_at: datetime


class RuleConfirmation(SQLModel, table=True):
    """The operator compared a version of a rule with the act in force: who, when, on what."""

    __tablename__ = "rule_confirmation"
    __table_args__ = (
        Index(
            "ix_rule_confirmation_once",
            "rule_version_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    rule_version_id: int = Field(foreign_key="rule_version.id", index=True)
    document: str = Field(max_length=500)
    confirmed_by: int = Field(foreign_key="person.id")
    confirmed_at: datetime
    withdrawn_by: int | None = Field(default=None, foreign_key="person.id")
    withdrawn_at: datetime | None = None
    withdrawn_reason: str = Field(default="", max_length=500)
