"""Tables: the plan of law-making, item by item, and what became of each item."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlmodel import JSON, Field, SQLModel

from consult.db import one_of
from consult.plans.rules import CHANGES, STATES, State, Wording, is_late


class PlanItem(SQLModel, table=True):
    """An act that an agency intends to propose. `titles` and `summaries` are {lang: text}.

    `expected_on` is the first day of the month in which its discussion is to begin. `draft_id`
    leads to the text: from when an officer says so, which the public learns once it is started.
    """

    __tablename__ = "plan_item"
    __table_args__ = (
        one_of("state", STATES),
        CheckConstraint("state <> 'started' OR draft_id IS NOT NULL", name="started_has_draft"),
        Index("ix_plan_item_listing", "state", "expected_on", "id"),
        Index("ix_plan_item_agency", "agency_id", "expected_on", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    agency_id: int = Field(foreign_key="agency.id")
    titles: dict[str, Any] = Field(sa_type=JSON)
    summaries: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    act_type: str = Field(max_length=40)
    topic: str = Field(default="", max_length=40)
    expected_on: date
    state: str = State.DRAFT.value
    draft_id: int | None = Field(default=None, foreign_key="draft.id", index=True)
    created_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime
    published_at: datetime | None = None

    def is_late(self, today: date) -> bool:
        """Whether its month is over and there is no text."""
        return is_late(State(self.state), self.expected_on, today)

    @property
    def wording(self) -> Wording:
        return Wording(self.titles, self.summaries, self.act_type, self.topic)


class PlanChange(SQLModel, table=True):
    """One thing that happened to an item after it was published, with the reason: shown to all.

    `old` and `new` hold what differs and nothing else: {"titles": {lang: text}},
    {"expected_on": "2026-11-01"}, {"draft_id": 12}.
    """

    __tablename__ = "plan_change"
    __table_args__ = (one_of("kind", CHANGES),)

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="plan_item.id", index=True)
    kind: str
    old: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    new: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    reason: str = Field(default="", max_length=1000)
    actor_id: int | None = Field(default=None, foreign_key="person.id")
    changed_at: datetime = Field(index=True)

    @property
    def month(self) -> date | None:
        """The month it is expected in from then on, if that was said."""
        return _month(self.new)

    @property
    def month_before(self) -> date | None:
        return _month(self.old)


def _month(told: dict[str, Any]) -> date | None:
    said = told.get("expected_on")
    return date.fromisoformat(said) if said else None
