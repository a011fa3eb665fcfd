"""[pure] What can happen, in the past tense: plain values only, so that a row can hold them."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. Subclasses carry ids and plain values, never objects."""


@dataclass(frozen=True, slots=True)
class PersonRegistered(Event):
    person_id: int
    confirm_path: str


@dataclass(frozen=True, slots=True)
class PasswordResetAsked(Event):
    person_id: int
    reset_path: str


@dataclass(frozen=True, slots=True)
class RegistrationRepeated(Event):
    """Somebody registered with an address that already has an account: its owner is told."""

    person_id: int


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
