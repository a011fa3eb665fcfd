"""Tables: a consultation (one round on one version), its extensions, counts of what was said."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel


class Consultation(SQLModel, table=True):
    """A period in which one version may be commented on.

    `next_transition_at` is when it must open or close by itself; empty when nothing is to come.
    `exception_basis` cites why the term is shorter than the legal minimum, if it is; `minimum_at`
    is that minimum, the earliest lawful closing as the law stood when the dates were set. `dates_n`
    is how often they were set or moved, for calendars to take over the newest; `dates_set_at` when.
    """

    __tablename__ = "consultation"
    __table_args__ = (
        UniqueConstraint("draft_id", "round"),
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        Index("ix_consultation_next", "next_transition_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="draft.id")
    version_id: int = Field(foreign_key="draft_version.id")
    round: int = 1
    opens_at: datetime
    closes_at: datetime
    next_transition_at: datetime | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    reported_at: datetime | None = None
    exception_basis: str = ""
    minimum_at: datetime | None = None
    dates_n: int = 0
    dates_set_at: datetime | None = None
    created_by: int | None = Field(default=None, foreign_key="person.id")


class ConsultationExtension(SQLModel, table=True):
    """An open discussion was made longer: from when to when, why. Public; never shorter."""

    __tablename__ = "consultation_extension"
    __table_args__ = (CheckConstraint("new_closes_at > old_closes_at", name="later_only"),)

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id", index=True)
    old_closes_at: datetime
    new_closes_at: datetime
    reason: str = Field(max_length=1000)
    extended_by: int | None = Field(default=None, foreign_key="person.id")
    extended_at: datetime


class Tally(SQLModel, table=True):
    """How much was said and voted on a provision of a version; `wid` is "" for the whole draft.

    Of the votes, `identified_*` are of people of whom it is known who they are (accounts/eid).
    Kept with each change, so that a page costs the same whatever the number of comments.
    """

    __tablename__ = "tally"

    version_id: int = Field(foreign_key="draft_version.id", primary_key=True)
    wid: str = Field(default="", primary_key=True)
    draft_id: int = Field(foreign_key="draft.id", index=True)
    comments_n: int = 0
    for_n: int = 0
    against_n: int = 0
    identified_for_n: int = 0
    identified_against_n: int = 0
