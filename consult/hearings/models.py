"""Tables: hearings and live question sessions, what changed of them, who comes."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import JSON, Field, SQLModel

from consult.db import one_of
from consult.hearings.rules import CHANGES, KINDS, SEATED, STATES, Place, State, Wording


class Hearing(SQLModel, table=True):
    """A hearing, or a session with the head of a body. `titles` … `minutes` are {lang: text}.

    `register_until` is when registration ends, `n` rises with every change, `reason` is that of
    the last one. `came` are the people who were there, as the minutes say.
    """

    __tablename__ = "hearing"
    __table_args__ = (
        one_of("kind", KINDS),
        one_of("state", STATES),
        CheckConstraint("ends_at > starts_at", name="ends_after_beginning"),
        CheckConstraint("seats > 0", name="seats_known"),
        Index("ix_hearing_listing", "state", "starts_at", "id"),
        Index("ix_hearing_agency", "agency_id", "starts_at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    agency_id: int = Field(foreign_key="agency.id")
    kind: str
    titles: dict[str, Any] = Field(sa_type=JSON)
    abouts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    access: dict[str, Any] = Field(sa_type=JSON)
    place: str = Field(default="", max_length=300)
    link: str = Field(default="", max_length=500)
    starts_at: datetime
    ends_at: datetime
    register_until: datetime
    seats: int | None = None
    state: str = State.ANNOUNCED.value
    n: int = 0
    reason: str = Field(default="", max_length=1000)
    announced_by: int | None = Field(default=None, foreign_key="person.id")
    announced_at: datetime
    changed_at: datetime
    reminded_at: datetime | None = None
    held_at: datetime | None = None
    minutes: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    came: int | None = None
    minutes_by: int | None = Field(default=None, foreign_key="person.id")
    minutes_at: datetime | None = None

    @property
    def wording(self) -> Wording:
        return Wording(self.titles, self.abouts, self.access)

    @property
    def where(self) -> Place:
        return Place(self.place, self.link)


class HearingDraft(SQLModel, table=True):
    """A hearing is about a draft; it may be about several, or about none."""

    __tablename__ = "hearing_draft"

    hearing_id: int = Field(foreign_key="hearing.id", primary_key=True)
    draft_id: int = Field(foreign_key="draft.id", primary_key=True, index=True)


class HearingChange(SQLModel, table=True):
    """One thing that happened to a hearing, with the reason; the history is public.

    `was` holds what is different now, as it was: {"starts_at": "2026-03-05T09:00:00+00:00"}.
    """

    __tablename__ = "hearing_change"
    __table_args__ = (one_of("kind", CHANGES),)

    id: int | None = Field(default=None, primary_key=True)
    hearing_id: int = Field(foreign_key="hearing.id", index=True)
    kind: str
    was: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    reason: str = Field(default="", max_length=1000)
    actor_id: int | None = Field(default=None, foreign_key="person.id")
    changed_at: datetime

    def moment_was(self, name: str) -> datetime | None:
        """When it was to begin, to end … until then, if that changed."""
        said = self.was.get(name)
        return datetime.fromisoformat(said) if said else None


class HearingSeat(SQLModel, table=True):
    """A person who wants to come: with a seat, or waiting for one.

    `needs` is what they need to take part, for the officer alone; it is emptied when it is over.
    """

    __tablename__ = "hearing_seat"
    __table_args__ = (
        one_of("state", SEATED),
        UniqueConstraint("hearing_id", "person_id"),
        Index("ix_hearing_seat_waiting", "hearing_id", "state", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    hearing_id: int = Field(foreign_key="hearing.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    state: str
    speaks: bool = False
    lang: str = Field(max_length=2)
    needs: str = Field(default="", max_length=500)
    registered_at: datetime
