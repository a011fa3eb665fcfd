"""[pure] What an agency owes in a procedure: the shape of a duty and of its reminders.

Which duties there are is data (packs.py); what became of one is consult/obligations.
"""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, StrictInt, model_validator

from consult.procedure.deadlines import Term, Trigger


class Audience(StrEnum):
    """Who is told, from the nearest to the widest."""

    OFFICER = "officer"
    HEAD = "head"
    COORDINATOR = "coordinator"
    PUBLIC = "public"


class Evidence(StrEnum):
    """What shows that a duty was fulfilled."""

    ANNOUNCEMENT = "announcement"
    RECEIPT = "receipt"
    ANSWER = "answer"
    REPORT = "report"
    DECISION = "decision"
    NOTICE = "notice"
    DOCUMENT = "document"  # outside this site: a person says where it is
    FINAL_TEXT = "final_text"
    PROBLEM_ANSWER = "problem_answer"
    CONTEST_REVIEW = "contest_review"
    APPEAL_DECISION = "appeal_decision"
    PROPOSAL_ANSWER = "proposal_answer"
    OPINION = "opinion"
    OPINION_ANSWER = "opinion_answer"
    QUESTION_ANSWER = "question_answer"
    MINUTES = "minutes"
    RESULTS = "results"
    REVIEW = "review"


class Per(StrEnum):
    """What a duty is owed once for."""

    CONSULTATION = "consultation"
    COMMENT = "comment"
    ISSUE = "issue"
    DRAFT = "draft"
    AGENCY = "agency"  # and each period of the calendar
    PROBLEM = "problem"
    CONTEST = "contest"
    APPEAL = "appeal"
    PROPOSAL = "proposal"
    OPINION_REQUEST = "opinion_request"  # owed by the council that was asked
    OPINION = "opinion"  # owed by the agency that was given it
    QUESTION = "question"
    DEPUTY_QUESTION = "deputy_question"
    INFORMATION = "information"
    HEARING = "hearing"
    SITTING = "sitting"
    REVIEW = "review"  # of an act and a year


class Names(BaseModel):
    """What a thing is called in each language of the interface."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    ky: str = Field(min_length=1)
    ru: str = Field(min_length=1)
    kk: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def in_language(self, lang: str) -> str:
        """The name in that language, or in English if it is none of the interface's."""
        return {"ky": self.ky, "ru": self.ru, "kk": self.kk}.get(lang, self.en)


class Rung(BaseModel):
    """A reminder: so many working days from the due date (negative: before it), to whom."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: StrictInt
    audience: Audience

    @property
    def key(self) -> tuple[int, str]:
        """What tells this rung from the others of its duty."""
        return self.days, self.audience.value


class Duty(BaseModel):
    """Something an agency owes: for a consultation, each comment or issue, each period …

    `agency_kinds` are the kinds of body that owe it where that is not the agency of the draft: a
    recurrent duty (per = "agency"), the decision on an appeal.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^[a-z0-9_]+$", max_length=40)
    names: Names
    term: Term
    trigger: Trigger
    per: Per = Per.CONSULTATION
    agency_kinds: tuple[str, ...] = ()
    responsible: Audience
    coordinator: Audience = Audience.COORDINATOR
    evidence: Evidence
    rungs: tuple[Rung, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> "Duty":
        for field in ("responsible", "coordinator"):
            if getattr(self, field) is Audience.PUBLIC:
                raise ValueError(f"{field}: the public is told of a duty, and owes nothing")
        if len({rung.key for rung in self.rungs}) < len(self.rungs):
            raise ValueError("rungs: one is there twice")
        return self
