"""[pure] What can happen to other voices, in the past tense: proposals, opinions, questions …

What happens to drafts and comments: events.py.
"""

from dataclasses import dataclass

from consult.events import Event


@dataclass(frozen=True, slots=True)
class ProposalMade(Event):
    """Somebody proposed a change of law, or named a problem."""

    proposal_id: int


@dataclass(frozen=True, slots=True)
class ProposalReached(Event):
    """As many people support it as the law asks for: an answer is owed."""

    proposal_id: int


@dataclass(frozen=True, slots=True)
class ProposalAnswered(Event):
    """The agency answered on the merits, and a second person approved it."""

    proposal_id: int
    proposal_answer_id: int


@dataclass(frozen=True, slots=True)
class ProposalLed(Event):
    """What was accepted led to a draft."""

    proposal_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class ProposalJoined(Event):
    """Those who supported one proposal now support another."""

    proposal_id: int
    into_id: int


@dataclass(frozen=True, slots=True)
class ProposalWithdrawn(Event):
    """Its author took it back."""

    proposal_id: int


@dataclass(frozen=True, slots=True)
class ProposalHidden(Event):
    """A moderator hid it by `act_id`; 0: its author was forgotten, and took the words along."""

    proposal_id: int
    act_id: int = 0


@dataclass(frozen=True, slots=True)
class HearingAnnounced(Event):
    """An agency will hear the public, or its head takes questions."""

    hearing_id: int


@dataclass(frozen=True, slots=True)
class HearingChanged(Event):
    """Its time, place or words are others now."""

    hearing_id: int
    change_id: int


@dataclass(frozen=True, slots=True)
class HearingCalledOff(Event):
    """It does not take place."""

    hearing_id: int
    change_id: int


@dataclass(frozen=True, slots=True)
class HearingNear(Event):
    """It begins within a day; `n` is the number of its last change."""

    hearing_id: int
    n: int


@dataclass(frozen=True, slots=True)
class HearingHeld(Event):
    """It is over; minutes are owed."""

    hearing_id: int


@dataclass(frozen=True, slots=True)
class MinutesPublished(Event):
    """Everybody can read what was said at a hearing, or it was put right."""

    hearing_id: int


@dataclass(frozen=True, slots=True)
class SeatGiven(Event):
    """Somebody who waited for a seat at a hearing has one."""

    seat_id: int
    hearing_id: int


@dataclass(frozen=True, slots=True)
class ReviewPublished(Event):
    """An agency published what it concludes of a year of an act."""

    review_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class OpinionAsked(Event):
    """A council was asked for its opinion on a draft, by the rules or by an officer."""

    opinion_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class OpinionPut(Event):
    """The members of a council may vote on an opinion."""

    opinion_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class OpinionGiven(Event):
    """The members adopted it: it is public, and the agency owes an answer."""

    opinion_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class OpinionFailed(Event):
    """The members voted, and there was no majority for it."""

    opinion_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class OpinionAnswered(Event):
    """The agency said what it took up of an opinion."""

    opinion_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class QuestionAsked(Event):
    """A person, a deputy or a council put a question to a body."""

    question_id: int


@dataclass(frozen=True, slots=True)
class QuestionAnswered(Event):
    """The body answered, and a second person approved it."""

    question_id: int
    question_answer_id: int


@dataclass(frozen=True, slots=True)
class QuestionForwarded(Event):
    """It was passed on to a body that can answer it."""

    question_id: int
    move_id: int


@dataclass(frozen=True, slots=True)
class QuestionRated(Event):
    """Who asked said whether the answer met the point."""

    question_id: int


@dataclass(frozen=True, slots=True)
class QuestionWithdrawn(Event):
    """Who asked took it back before it was answered."""

    question_id: int


@dataclass(frozen=True, slots=True)
class QuestionHidden(Event):
    """A moderator hid it by `act_id`; 0: its author was forgotten, and took the words along."""

    question_id: int
    act_id: int = 0


@dataclass(frozen=True, slots=True)
class BillRegistered(Event):
    """A draft was registered in parliament or a kenesh, or that was put right."""

    bill_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class ReadingRecorded(Event):
    """A bill was read; how that ended is public."""

    reading_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class ReadingCorrected(Event):
    """What was recorded of a reading was put right."""

    reading_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class AmendmentsRecorded(Event):
    """Amendments were entered, or decided."""

    amendment_ids: tuple[int, ...]
    draft_id: int


@dataclass(frozen=True, slots=True)
class RollCallPublished(Event):
    """Everybody can see how each deputy voted, or that was put right."""

    roll_call_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class SittingHeld(Event):
    """A parliament or a kenesh sat; its results are owed."""

    sitting_id: int


@dataclass(frozen=True, slots=True)
class SittingPublished(Event):
    """The results of a sitting are public."""

    sitting_id: int


@dataclass(frozen=True, slots=True)
class AppealsReported(Event):
    """A body published what it considered of what people wrote to it."""

    appeals_report_id: int
