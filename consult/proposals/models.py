"""Tables: what people propose, who supports it, what the agency answers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from consult.db import one_of
from consult.proposals.rules import (
    ANSWER_STATES,
    BODY_MAX,
    COUNTS,
    KINDS,
    OUTCOMES,
    TITLE_MAX,
    Said,
    Standing,
    State,
)


class Proposal(SQLModel, table=True):
    """A change of law somebody asks for, or a problem to solve; public at once, and for ever.

    How many it needs (`needed`, of those that `counts` says) and until when it may gather them are
    what the law said when it was made. `supporters` and `identified` are kept counts of its
    supports. `joined_to` is the proposal that took its supporters over; `led_to` a draft that began
    with it. Taken back by its author it is `withdrawn`; hidden by nobody, its author was forgotten.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        one_of("kind", KINDS),
        one_of("counts", COUNTS),
        CheckConstraint("needed > 0", name="needed_positive"),
        Index("ix_proposal_agency", "agency_id", "id"),
        Index("ix_proposal_topic", "topic", "id"),
        Index("ix_proposal_supporters", "supporters", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    level: str = Field(max_length=40)
    agency_id: int = Field(foreign_key="agency.id")
    draft_id: int | None = Field(default=None, foreign_key="draft.id", index=True)
    wid: str = Field(default="", max_length=300)
    topic: str = Field(default="", max_length=40)
    lang: str = Field(max_length=2)
    title: str = Field(max_length=TITLE_MAX)
    body: str = Field(max_length=BODY_MAX)
    wanted: str = Field(default="", max_length=BODY_MAX)
    author_id: int = Field(foreign_key="person.id", index=True)
    created_at: datetime
    needed: int
    counts: str
    gathers_until: datetime
    supporters: int = 0
    identified: int = 0
    supported_at: datetime | None = None
    answered_at: datetime | None = None
    withdrawn_at: datetime | None = None
    hidden_by: int | None = Field(default=None, foreign_key="person.id")
    hidden_at: datetime | None = None
    hidden_reason: str = Field(default="", max_length=1000)
    joined_to: int | None = Field(default=None, foreign_key="proposal.id", index=True)
    joined_at: datetime | None = None
    joined_by: int | None = Field(default=None, foreign_key="person.id")
    led_to: int | None = Field(default=None, foreign_key="draft.id", index=True)
    led_at: datetime | None = None
    led_by: int | None = Field(default=None, foreign_key="person.id")

    @property
    def said(self) -> Said:
        return Said(self.kind, self.title, self.body, self.wanted, self.lang)

    @property
    def counted(self) -> int:
        """How many of those who support it count towards what it needs."""
        return self.identified if self.counts == "identified" else self.supporters

    def state(self, now: datetime) -> State:
        """How it stands at `now`."""
        return Standing(
            self.gathers_until,
            self.supported_at,
            self.answered_at,
            self.withdrawn_at,
            self.hidden_at,
            self.joined_at,
        ).state(now)


class ProposalSupport(SQLModel, table=True):
    """Somebody supports a proposal; `carried_from` is the one they chose, if it was joined to this.

    Of who was forgotten the count stays, and nothing that tells whose it was.
    """

    __tablename__ = "proposal_support"
    __table_args__ = (UniqueConstraint("proposal_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    proposal_id: int = Field(foreign_key="proposal.id")
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    is_identified: bool = False
    carried_from: int | None = Field(default=None, foreign_key="proposal.id")
    supported_at: datetime


class ProposalAnswer(SQLModel, table=True):
    """What the agency answers on the merits; public once a second person has approved it.

    `returned_note` says why it was given back to who wrote it.
    """

    __tablename__ = "proposal_answer"
    __table_args__ = (one_of("outcome", OUTCOMES), one_of("state", ANSWER_STATES))

    id: int | None = Field(default=None, primary_key=True)
    proposal_id: int = Field(foreign_key="proposal.id", unique=True)
    outcome: str
    reason: str
    lang: str = Field(max_length=2)
    state: str = "submitted"
    drafted_by: int = Field(foreign_key="person.id")
    drafted_at: datetime
    returned_note: str = Field(default="", max_length=1000)
    approved_by: int | None = Field(default=None, foreign_key="person.id")
    published_at: datetime | None = None

    @property
    def mark(self) -> str:
        """Changes with each writing: whoever approves an answer says which one they have seen."""
        return f"{self.drafted_at:%Y%m%d%H%M%S%f}"
