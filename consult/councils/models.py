"""Tables: members of supervisory councils, their opinions on drafts, how each member voted."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import JSON, Field, SQLModel

from consult.councils.rules import ABSENT, CONCLUSIONS, STATES, TAKEN, VOTES
from consult.db import one_of


class CouncilMember(SQLModel, table=True):
    """A person who belongs to a council, under a `name` everybody sees: members act in public.

    `field` is what an expert knows about. Ended, not deleted: how they voted stays.
    """

    __tablename__ = "council_member"
    __table_args__ = (
        Index(
            "ix_council_member_once",
            "agency_id",
            "person_id",
            unique=True,
            sqlite_where=text("until_at IS NULL"),
            postgresql_where=text("until_at IS NULL"),
        ),
        Index("ix_council_member_person", "person_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    agency_id: int = Field(foreign_key="agency.id")
    person_id: int = Field(foreign_key="person.id")
    name: str = Field(max_length=120)
    field: str = Field(default="", max_length=120)
    is_chair: bool = False
    since_at: datetime
    until_at: datetime | None = None
    added_by: int | None = Field(default=None, foreign_key="person.id")


class CouncilOpinion(SQLModel, table=True):
    """An opinion of a council on one version of a draft, from when it is asked for to the vote.

    `asked_at` is empty where the council wrote of its own motion, `asked_by` where the rules ask.
    `words` are {lang: text}, `points` [{"wid", "words"}] in `lang`. `terms` say how the council
    decides, as it was when the vote began: {"code", "quorum", "majority", "of"}.
    """

    __tablename__ = "council_opinion"
    __table_args__ = (
        one_of("state", STATES),
        one_of("conclusion", ("", *CONCLUSIONS)),
        Index("ix_council_opinion_draft", "draft_id", "id"),
        Index("ix_council_opinion_agency", "agency_id", "id"),
        Index(
            "ix_council_opinion_once",
            "version_id",
            "agency_id",
            unique=True,
            sqlite_where=text("state <> 'failed'"),
            postgresql_where=text("state <> 'failed'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="draft.id")
    version_id: int = Field(foreign_key="draft_version.id")
    agency_id: int = Field(foreign_key="agency.id")
    state: str = "asked"
    asked_by: int | None = Field(default=None, foreign_key="person.id")
    asked_at: datetime | None = None
    words: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    lang: str = Field(default="", max_length=2)
    conclusion: str = ""
    points: list[Any] = Field(default_factory=list, sa_type=JSON)
    drafted_by: int | None = Field(default=None, foreign_key="council_member.id")
    drafted_at: datetime | None = None
    terms: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    put_at: datetime | None = None
    closed_by: int | None = Field(default=None, foreign_key="council_member.id")
    closed_at: datetime | None = None


class CouncilVote(SQLModel, table=True):
    """How one member voted on one opinion: a row for each member there was when the vote began.

    `vote` is empty until they have; who never did is absent. `dissent` is their own text.
    """

    __tablename__ = "council_vote"
    __table_args__ = (
        one_of("vote", ("", *VOTES, ABSENT)),
        UniqueConstraint("opinion_id", "member_id"),
        Index("ix_council_vote_member", "member_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    opinion_id: int = Field(foreign_key="council_opinion.id")
    member_id: int = Field(foreign_key="council_member.id")
    vote: str = ""
    dissent: str = ""
    dissent_lang: str = Field(default="", max_length=2)
    voted_at: datetime | None = None


class OpinionAnswer(SQLModel, table=True):
    """What the agency answers to an opinion: `taken` is how much of it is taken up.

    Public since `published_at`, which is the act of a second person; until then its agency alone
    reads it.
    """

    __tablename__ = "opinion_answer"
    __table_args__ = (one_of("taken", TAKEN), UniqueConstraint("opinion_id"))

    id: int | None = Field(default=None, primary_key=True)
    opinion_id: int = Field(foreign_key="council_opinion.id")
    text: str
    lang: str = Field(max_length=2)
    taken: str
    written_by: int | None = Field(default=None, foreign_key="person.id")
    written_at: datetime
    published_by: int | None = Field(default=None, foreign_key="person.id")
    published_at: datetime | None = None
