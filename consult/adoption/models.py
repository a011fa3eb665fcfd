"""Tables: what became of a draft in the end, of accepted proposals, and of the act in practice."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import JSON, Field, SQLModel

from consult.adoption.rules import COMMITMENT_STATES, FOLLOWS, OUTCOMES, PRACTICE, URL_MAX
from consult.db import one_of


class ActOutcome(SQLModel, table=True):
    """How the way of a draft ended: the act with its number, or why there is none.

    `version_id` is the version that holds the final text, to be compared with what people read;
    it has been known since `final_at`.
    `corrections` are public: each says when and why something was corrected, and what it was.
    """

    __tablename__ = "act_outcome"
    __table_args__ = (one_of("outcome", OUTCOMES),)

    draft_id: int = Field(foreign_key="draft.id", primary_key=True)
    outcome: str
    number: str = Field(default="", max_length=80)
    decided_on: date
    in_force_on: date | None = None
    url: str = Field(default="", max_length=500)
    reason: str = Field(default="", max_length=2000)
    version_id: int | None = Field(default=None, foreign_key="draft_version.id")
    final_at: datetime | None = None
    recorded_by: int | None = Field(default=None, foreign_key="person.id")
    recorded_at: datetime
    corrections: list[Any] = Field(default_factory=list, sa_type=JSON)

    @property
    def corrected(self) -> list[dict[str, Any]]:
        """The corrections, the newest first, with instants and days as such."""
        return [
            {
                "at": datetime.fromisoformat(one["at"]),
                "why": one["why"],
                "was": {
                    name: date.fromisoformat(value) if value and name.endswith("_on") else value
                    for name, value in one["was"].items()
                },
            }
            for one in reversed(self.corrections)
        ]


class Commitment(SQLModel, table=True):
    """A proposal that was accepted, in whole or in part, until it is done or said not to be.

    `state` is that of its newest step, kept for queries.
    """

    __tablename__ = "commitment"
    __table_args__ = (
        one_of("state", COMMITMENT_STATES),
        Index("ix_commitment_draft", "draft_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="draft.id")
    consultation_id: int = Field(foreign_key="consultation.id")
    disposition_id: int = Field(foreign_key="disposition.id", unique=True)
    state: str = "planned"
    created_at: datetime
    changed_at: datetime


class CommitmentStep(SQLModel, table=True):
    """One change of a commitment's state, with what shows it; the history is public."""

    __tablename__ = "commitment_step"
    __table_args__ = (one_of("state", COMMITMENT_STATES),)

    id: int | None = Field(default=None, primary_key=True)
    commitment_id: int = Field(foreign_key="commitment.id", index=True)
    state: str
    note: str = Field(default="", max_length=2000)
    evidence: str = Field(default="", max_length=1000)
    actor_id: int | None = Field(default=None, foreign_key="person.id")
    changed_at: datetime


class Problem(SQLModel, table=True):
    """What somebody met with when the act was applied; public at once, answered by the agency.

    Its `kind` may also be that a provision works. `follows` is what the agency says follows from
    it, "" until it has answered; `follows_link` leads to where that is seen.
    """

    __tablename__ = "problem"
    __table_args__ = (
        one_of("kind", PRACTICE),
        one_of("follows", ("", *FOLLOWS)),
        Index("ix_problem_draft", "draft_id", "id"),
        Index("ix_problem_organisation", "organisation_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="draft.id")
    wid: str = ""
    kind: str = "problem"
    lang: str = Field(max_length=2)
    body: str
    author_id: int = Field(foreign_key="person.id")
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    created_at: datetime
    answer: str = ""
    answer_lang: str = Field(default="", max_length=2)
    answered_by: int | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = None
    follows: str = ""
    follows_link: str = Field(default="", max_length=URL_MAX)
    hidden_by: int | None = Field(default=None, foreign_key="person.id")  # nobody: its author did
    hidden_at: datetime | None = None
    hidden_reason: str = Field(default="", max_length=1000)


class ProblemEcho(SQLModel, table=True):
    """Somebody else met with the same; once a person, taken back by deletion."""

    __tablename__ = "problem_echo"

    problem_id: int = Field(foreign_key="problem.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True)
    echoed_at: datetime
