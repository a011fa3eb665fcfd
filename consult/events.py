"""[pure] What can happen, in the past tense: plain values only, so that a row can hold them."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. Subclasses carry ids and plain values, never objects."""


@dataclass(frozen=True, slots=True)
class VersionPublished(Event):
    draft_id: int
    version_id: int
    n: int


@dataclass(frozen=True, slots=True)
class AnchorsResolved(Event):
    """Of every comment on an earlier version it is known where it stands in this one."""

    draft_id: int
    version_id: int
    n: int


@dataclass(frozen=True, slots=True)
class AuthorAsked(Event):
    """The text under a person's comments changed with a version: do they still matter?"""

    draft_id: int
    version_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class DraftChanged(Event):
    """Title, stage or other facts of a draft changed, so that what is derived must follow."""

    draft_id: int


@dataclass(frozen=True, slots=True)
class ConsultationScheduled(Event):
    consultation_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class ConsultationOpened(Event):
    consultation_id: int
    draft_id: int
    round: int


@dataclass(frozen=True, slots=True)
class ConsultationClosed(Event):
    consultation_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class CommentSubmitted(Event):
    comment_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class CommentEdited(Event):
    comment_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class CommentWithdrawn(Event):
    comment_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class CommentHidden(Event):
    comment_id: int
    draft_id: int
    act_id: int


@dataclass(frozen=True, slots=True)
class CommentRestored(Event):
    comment_id: int
    draft_id: int
    act_id: int


@dataclass(frozen=True, slots=True)
class ReportPublished(Event):
    consultation_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class CommentAnswered(Event):
    """The published answer to one comment; one event a comment, so that each person is told."""

    comment_id: int
    disposition_id: int


@dataclass(frozen=True, slots=True)
class AnswersReleased(Event):
    """All answers of a report are out; comes after the last CommentAnswered."""

    consultation_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class ReminderDue(Event):
    """A rung of reminders was reached: `rung` working days from the day the duty is due."""

    obligation_id: int
    rung: int
    audience: str
    due_on: date


@dataclass(frozen=True, slots=True)
class DutyProposed(Event):
    """Somebody asks for more time, a pause or a waiver: a second person has to look at it."""

    proposal_id: int
    obligation_id: int


@dataclass(frozen=True, slots=True)
class DutyProposalDecided(Event):
    proposal_id: int
    obligation_id: int


@dataclass(frozen=True, slots=True)
class DutiesAssigned(Event):
    """Duties were given to an officer at once; `seq` is the line that says so of the first."""

    person_id: int
    obligation_ids: tuple[int, ...]
    seq: int


@dataclass(frozen=True, slots=True)
class DutyCorrected(Event):
    """A duty is counted by another rule, or from another beginning, from now on."""

    obligation_id: int
    seq: int


@dataclass(frozen=True, slots=True)
class DelayAnnounced(Event):
    """An agency says that it will be late, why, and when it now expects to be done."""

    obligation_id: int
    seq: int


@dataclass(frozen=True, slots=True)
class CalendarChanged(Event):
    """A calendar act was entered or revoked, so that running terms are counted anew."""

    act_id: int


@dataclass(frozen=True, slots=True)
class TermsMoved(Event):
    """Some duties of an agency got another due date because an act was entered, or `revoked`."""

    act_id: int
    agency_id: int
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class CommentsRegrouped(Event):
    """Comments were put into an issue, taken out of one, or an issue was dissolved."""

    consultation_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class CommentsAssigned(Event):
    """Comments were given to an officer at once, at the instant `at` that stands in their rows."""

    consultation_id: int
    draft_id: int
    officer_id: int
    by_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ConsultationExtended(Event):
    """An open discussion closes later than was announced."""

    consultation_id: int
    draft_id: int
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class PlanItemChanged(Event):
    item_id: int
    change_id: int


@dataclass(frozen=True, slots=True)
class OutcomeRecorded(Event):
    """A draft became an act, or it is known that it will not."""

    draft_id: int


@dataclass(frozen=True, slots=True)
class CommitmentChanged(Event):
    commitment_id: int
    step_id: int


@dataclass(frozen=True, slots=True)
class ProblemReported(Event):
    problem_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class ProblemAnswered(Event):
    problem_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class ProblemHidden(Event):
    problem_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class CommentSigned(Event):
    """A person signed a comment, or took their signature back."""

    comment_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class CommentDisavowed(Event):
    """Somebody in whose name a comment was sent says that it is not theirs: it is withdrawn."""

    comment_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class CommentHeld(Event):
    comment_id: int
    draft_id: int
    act_id: int


@dataclass(frozen=True, slots=True)
class CommentKept(Event):
    """A comment that was reported is let stand."""

    comment_id: int
    draft_id: int
    act_id: int


@dataclass(frozen=True, slots=True)
class CommentRedacted(Event):
    comment_id: int
    draft_id: int
    act_id: int


@dataclass(frozen=True, slots=True)
class ModerationAppealed(Event):
    appeal_id: int
    comment_id: int


@dataclass(frozen=True, slots=True)
class AppealDecided(Event):
    appeal_id: int
    comment_id: int


@dataclass(frozen=True, slots=True)
class AnswerContested(Event):
    contest_id: int
    comment_id: int


@dataclass(frozen=True, slots=True)
class ContestDecided(Event):
    contest_id: int
    comment_id: int


@dataclass(frozen=True, slots=True)
class SuggestionsAsked(Event):
    """An officer asks to look again for comments that raise one point."""

    consultation_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class ReportRedacted(Event):
    """A published report follows a comment out of which words were taken, or put back."""

    consultation_id: int


@dataclass(frozen=True, slots=True)
class LedgersWritten(Event):
    """Lines were added to the ledgers of these duties."""

    obligation_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WebhookSwitchedOff(Event):
    """An address could not be called for days and is called no more; `host` is its name."""

    webhook_id: int
    owner_id: int
    host: str


@dataclass(frozen=True, slots=True)
class BillReferred(Event):
    """A bill came before a committee of parliament."""

    referral_id: int
    draft_id: int
    committee_id: int


@dataclass(frozen=True, slots=True)
class PollAnswerHidden(Event):
    """A moderator hid words that answer a question."""

    act_id: int
    draft_id: int
