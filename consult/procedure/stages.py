"""[pure] The stages a draft goes through, and what may be done at each: two tables, read by all.

Buttons, guards and tests ask `allows` and `check_transition`; nobody writes the same rule twice.
Who may do it is not said here: rights belong to access.py, terms to deadlines.py.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from consult.errors import Conflict, NotAllowed


class Stage(StrEnum):
    """Where a draft stands. The order of definition is the order in time."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSED = "closed"
    ANSWERING = "answering"
    REPORTED = "reported"
    IN_PARLIAMENT = "in_parliament"
    ADOPTED = "adopted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Verb(StrEnum):
    """What can be done with a draft, or with what people said about it."""

    READ = "read"
    FOLLOW = "follow"
    COMMENT = "comment"
    EDIT_COMMENT = "edit_comment"
    WITHDRAW_COMMENT = "withdraw_comment"
    VOTE = "vote"
    SIGN_COMMENT = "sign_comment"  # make somebody's comment one's own as well
    ENTER_COMMENT = "enter_comment"  # what came on paper, by mail or at a hearing, by an officer
    DISAVOW_COMMENT = "disavow_comment"  # it was sent in my name, but not by me
    IMPORT_TEXT = "import_text"
    EDIT_TEXT = "edit_text"
    SCHEDULE = "schedule"
    OPEN = "open"
    EXTEND = "extend"  # move the closing date, later only
    CLOSE = "close"
    GROUP = "group"
    ANSWER = "answer"
    APPROVE = "approve"
    PUBLISH_REPORT = "publish_report"
    RATE_ANSWER = "rate_answer"
    CONTEST_ANSWER = "contest_answer"
    REVIEW_CONTEST = "review_contest"
    START_ROUND = "start_round"
    SUBMIT = "submit"  # to parliament
    DELIBERATE = "deliberate"  # what parliament or a kenesh does with it is recorded
    RECORD_OUTCOME = "record_outcome"
    CORRECT_OUTCOME = "correct_outcome"  # a number or a date that was entered wrongly
    PUBLISH_FINAL_TEXT = "publish_final_text"
    TRACK = "track"  # say how far the agency is with what it accepted
    REPORT_PROBLEM = "report_problem"  # met with when the act is applied
    REVIEW_ACT = "review_act"  # say once a year what follows from how it works
    COUNSEL = "counsel"  # a supervisory council is asked, writes, votes
    ANSWER_OPINION = "answer_opinion"
    WITHDRAW_DRAFT = "withdraw_draft"
    MODERATE = "moderate"
    APPEAL = "appeal"  # against an act of moderation
    DECIDE_APPEAL = "decide_appeal"


TERMINAL = frozenset({Stage.ADOPTED, Stage.REJECTED, Stage.WITHDRAWN})

TRANSITIONS: Mapping[Stage, frozenset[Stage]] = {
    Stage.DRAFT: frozenset({Stage.SCHEDULED, Stage.OPEN, Stage.WITHDRAWN}),
    Stage.SCHEDULED: frozenset({Stage.DRAFT, Stage.OPEN, Stage.WITHDRAWN}),
    Stage.OPEN: frozenset({Stage.CLOSED, Stage.WITHDRAWN}),
    Stage.CLOSED: frozenset({Stage.ANSWERING, Stage.REPORTED, Stage.WITHDRAWN}),
    Stage.ANSWERING: frozenset({Stage.REPORTED, Stage.WITHDRAWN}),
    Stage.REPORTED: frozenset(
        {Stage.IN_PARLIAMENT, Stage.ADOPTED, Stage.REJECTED, Stage.WITHDRAWN}
    ),
    Stage.IN_PARLIAMENT: frozenset({Stage.ADOPTED, Stage.REJECTED, Stage.WITHDRAWN}),
    Stage.ADOPTED: frozenset(),
    Stage.REJECTED: frozenset(),
    Stage.WITHDRAWN: frozenset(),
}

# A new round begins only once the round before it has been answered for.
NEW_ROUND: Mapping[Stage, frozenset[Stage]] = {
    Stage.REPORTED: frozenset({Stage.SCHEDULED, Stage.OPEN}),
    Stage.IN_PARLIAMENT: frozenset({Stage.SCHEDULED, Stage.OPEN}),
}

_PUBLIC = frozenset(
    {Verb.READ, Verb.FOLLOW, Verb.MODERATE, Verb.TRACK}
    | {Verb.DISAVOW_COMMENT, Verb.APPEAL, Verb.DECIDE_APPEAL, Verb.ANSWER_OPINION}
)
# Of an answer that is public, in this round or an earlier one.
_ANSWERED = frozenset({Verb.RATE_ANSWER, Verb.CONTEST_ANSWER, Verb.REVIEW_CONTEST})
_ANSWERING = frozenset(
    {Verb.WITHDRAW_COMMENT, Verb.ENTER_COMMENT, Verb.GROUP, Verb.ANSWER, Verb.APPROVE}
    | {Verb.COUNSEL}
    | {Verb.IMPORT_TEXT, Verb.PUBLISH_REPORT, Verb.WITHDRAW_DRAFT}
)

FEATURES: Mapping[Stage, frozenset[Verb]] = {
    Stage.DRAFT: frozenset(
        {Verb.IMPORT_TEXT, Verb.EDIT_TEXT, Verb.SCHEDULE, Verb.OPEN, Verb.WITHDRAW_DRAFT}
    ),
    Stage.SCHEDULED: _PUBLIC
    | _ANSWERED
    | {Verb.IMPORT_TEXT, Verb.EDIT_TEXT, Verb.SCHEDULE, Verb.OPEN, Verb.WITHDRAW_DRAFT},
    Stage.OPEN: _PUBLIC
    | _ANSWERED
    | {Verb.COMMENT, Verb.EDIT_COMMENT, Verb.WITHDRAW_COMMENT, Verb.VOTE}
    | {Verb.SIGN_COMMENT, Verb.ENTER_COMMENT}
    | {Verb.EXTEND, Verb.CLOSE, Verb.GROUP, Verb.ANSWER, Verb.WITHDRAW_DRAFT, Verb.COUNSEL},
    Stage.CLOSED: _PUBLIC | _ANSWERED | _ANSWERING,
    Stage.ANSWERING: _PUBLIC | _ANSWERED | _ANSWERING,
    Stage.REPORTED: _PUBLIC
    | _ANSWERED
    | {Verb.IMPORT_TEXT, Verb.START_ROUND, Verb.SUBMIT, Verb.COUNSEL}
    | {Verb.RECORD_OUTCOME, Verb.WITHDRAW_DRAFT},
    Stage.IN_PARLIAMENT: _PUBLIC
    | _ANSWERED
    | {Verb.IMPORT_TEXT, Verb.START_ROUND, Verb.DELIBERATE, Verb.COUNSEL}
    | {Verb.RECORD_OUTCOME, Verb.WITHDRAW_DRAFT},
    # Nothing imported now becomes public but by being published as the final text.
    Stage.ADOPTED: _PUBLIC
    | _ANSWERED
    | {Verb.IMPORT_TEXT, Verb.PUBLISH_FINAL_TEXT, Verb.DELIBERATE}  # minutes come later
    | {Verb.CORRECT_OUTCOME, Verb.REPORT_PROBLEM, Verb.REVIEW_ACT},
    Stage.REJECTED: _PUBLIC | _ANSWERED | {Verb.CORRECT_OUTCOME, Verb.DELIBERATE},
    Stage.WITHDRAWN: _PUBLIC | {Verb.REVIEW_CONTEST},
}


def allows(stage: Stage, verb: Verb) -> bool:
    """Whether the verb can be done at this stage, by anybody at all."""
    return verb in FEATURES[stage]


def check_allowed(stage: Stage, verb: Verb) -> None:
    """Raise NotAllowed unless the verb can be done at this stage."""
    if not allows(stage, verb):
        raise NotAllowed("This is not possible at the present stage.", stage=stage, verb=verb)


def check_transition(old: Stage, new: Stage, *, new_round: bool = False) -> None:
    """Raise Conflict unless a draft may go from `old` to `new`, or begin a new round there."""
    table = NEW_ROUND if new_round else TRANSITIONS
    if new not in table.get(old, frozenset()):
        raise Conflict(
            "The draft has moved on, so this step is no longer possible. Reload the page.",
            old=old,
            new=new,
        )


def stage_at(times: Mapping[Stage, datetime | None], now: datetime) -> Stage:
    """The stage of one round at `now`, given the instants its stages begin.

    Monotone in time: the latest stage reached counts, and the first terminal one is for ever.
    """
    reached = {stage: at for stage, at in times.items() if at is not None and at <= now}
    ends = [stage for stage in Stage if stage in TERMINAL and stage in reached]
    if ends:
        return min(ends, key=reached.__getitem__)
    return next((stage for stage in reversed(Stage) if stage in reached), Stage.DRAFT)
