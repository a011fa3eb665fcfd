"""[pure] How a term of law is counted, day by day, with the reason for each day.

The rules themselves are data: they come from a rule pack (packs.py). Which days are worked is
calendars.py; what an agency owes, and whether it is late, is consult/obligations.

How days and months run follows the common tradition of the civil codes: the day of the event is
not counted, a month ends on the day of the same number, or on the last day where there is none
(e.g. BGB §§ 187-193; Regulation (EEC, Euratom) 1182/71, art. 3). A rule may say otherwise.
"""

import calendar as months
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, model_validator

from consult.errors import N_, Invalid
from consult.procedure.calendars import DAY, LAST_DAY, Calendar, Day, Reason, out_of_range

Lang = Literal["ky", "ru", "kk", "en"]


class Trigger(StrEnum):
    """What sets a clock running."""

    CONSULTATION_OPENED = "consultation_opened"
    COMMENT_SUBMITTED = "comment_submitted"
    CONSULTATION_CLOSED = "consultation_closed"
    REPORT_PUBLISHED = "report_published"
    QUARTER_ENDED = "quarter_ended"
    HALF_YEAR_ENDED = "half_year_ended"
    YEAR_ENDED = "year_ended"
    ACT_ADOPTED = "act_adopted"
    PROBLEM_REPORTED = "problem_reported"
    ANSWER_CONTESTED = "answer_contested"
    COMMENT_MODERATED = "comment_moderated"
    MODERATION_APPEALED = "moderation_appealed"
    PROPOSAL_MADE = "proposal_made"
    PROPOSAL_SUPPORTED = "proposal_supported"  # so many people support it as the rules ask for
    OPINION_ASKED = "opinion_asked"
    OPINION_GIVEN = "opinion_given"
    QUESTION_ASKED = "question_asked"
    DEPUTY_ASKED = "deputy_asked"
    INFORMATION_ASKED = "information_asked"
    HEARING_HELD = "hearing_held"
    SITTING_HELD = "sitting_held"
    ACT_YEAR_ENDED = "act_year_ended"  # another year since an act was adopted


class Term(StrEnum):
    """What a rule sets a time for."""

    CONSULTATION = "consultation"  # a minimum: the consultation may last longer
    START_NOTICE = "start_notice"
    ACKNOWLEDGEMENT = "acknowledgement"
    ANSWER = "answer"
    REPORT = "report"
    DECISION = "decision"
    COMMENTER_NOTICE = "commenter_notice"
    QUARTERLY_REPORT = "quarterly_report"
    HALF_YEAR_REPORT = "half_year_report"
    YEARLY_REPORT = "yearly_report"
    FINAL_TEXT = "final_text"  # the act as adopted, beside the text people read
    PROBLEM_ANSWER = "problem_answer"
    CONTEST = "contest"  # until when an author may contest an answer
    CONTEST_REVIEW = "contest_review"
    APPEAL = "appeal"  # until when an author may appeal against an act of moderation
    APPEAL_DECISION = "appeal_decision"
    PROPOSAL_SUPPORT = "proposal_support"  # how long a proposal may gather support
    PROPOSAL_ANSWER = "proposal_answer"
    OPINION = "opinion"  # of a supervisory council on a draft
    OPINION_ANSWER = "opinion_answer"
    QUESTION_ANSWER = "question_answer"
    DEPUTY_ANSWER = "deputy_answer"
    INFORMATION = "information"  # asked for by a supervisory council
    HEARING_MINUTES = "hearing_minutes"
    SITTING_RESULTS = "sitting_results"
    PRACTICE_REVIEW = "practice_review"


class Unit(StrEnum):
    """What a term is counted in."""

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    MONTH = "month"


class Starts(StrEnum):
    """The first day that counts: the day after the event, or the day of the event itself."""

    NEXT_DAY = "next_day"
    SAME_DAY = "same_day"


class EndShift(StrEnum):
    """What happens when the last day of a term is a day off."""

    NEXT_WORKING_DAY = "next_working_day"
    NONE = "none"


class DeadlineRule(BaseModel):
    """A term of law. `act_types` empty: for all; `max_extension` is in the rule's own unit.

    `extend_after_expiry`: it may still be extended when it has run out. `tolling_events` are the
    grounds on which its clock may be paused.

    It applies to acts that have all of its `attributes`; of several, `precedence` decides, then
    the number of attributes, then whether it names the kind of act.

    `proposed`: no act known sets this time, the pack suggests it. `note` says, in the language of
    the citation, what the operator has to check before confirming. A rule is never edited: a
    change of law is another rule with its own code and dates of validity (both days inclusive).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    code: str = Field(pattern=r"^[a-z0-9_-]+$", max_length=60)
    jurisdiction: str
    term: Term
    act_types: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()
    precedence: StrictInt = 0
    trigger: Trigger
    amount: int = Field(ge=1, le=10_000, strict=True)
    unit: Unit
    starts: Starts = Starts.NEXT_DAY
    end_shift: EndShift = EndShift.NEXT_WORKING_DAY
    max_extension: int = Field(default=0, ge=0, strict=True)
    extend_after_expiry: StrictBool = False
    tolling_events: tuple[str, ...] = ()
    citation: str = Field(min_length=1)
    citation_lang: Lang
    source: str = Field(min_length=1)
    note: str = ""
    proposed: StrictBool = False
    valid_from: date
    valid_to: date | None = None
    confirmed: StrictBool = False

    @model_validator(mode="after")
    def _consistent(self) -> "DeadlineRule":
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to: lies before valid_from")
        if self.extend_after_expiry and not self.max_extension:
            raise ValueError("extend_after_expiry: needs a max_extension")
        return self

    def applies_to(self, act_type: str, attributes: Collection[str]) -> bool:
        """Whether an act of this kind, with these attributes, falls under the rule."""
        return self.attributes <= set(attributes) and (
            not self.act_types or act_type in self.act_types
        )

    @property
    def rank(self) -> tuple[int, int, bool]:
        """Of the rules that apply to an act the one with the highest rank counts."""
        return self.precedence, len(self.attributes), bool(self.act_types)

    def in_force(self, on: date) -> bool:
        """Whether the rule is valid on that day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Pause:
    """Days, both inclusive, on which the clock stands still."""

    first: date
    last: date

    def __contains__(self, on: date) -> bool:
        return self.first <= on <= self.last


@dataclass(frozen=True, slots=True)
class TraceDay:
    """One day of a computation: counted towards the term or not, and why."""

    on: date
    counted: bool
    reason: Reason


@dataclass(frozen=True, slots=True)
class Computation:
    """A due date and how it came about.

    `due_at` is the instant at which `due_on` is over in the time zone of the rule: at that instant
    it is too late. `preliminary`: some day lies in a year whose calendar is not yet confirmed.
    """

    due_on: date
    due_at: datetime
    trace: tuple[TraceDay, ...]
    preliminary: bool
    rule_code: str
    citation: str
    citation_lang: str

    def facts(self) -> dict[str, Any]:
        """The result as plain values, for a line of a ledger or for JSON."""
        return {
            "due_on": self.due_on.isoformat(),
            "due_at": self.due_at.isoformat(),
            "preliminary": self.preliminary,
        }

    def trace_data(self) -> list[dict[str, Any]]:
        """The days as plain values: {on, counted, code, text, params}."""
        return [
            {"on": day.on.isoformat(), "counted": day.counted, "code": day.reason.code}
            | {"text": day.reason.text, "params": day.reason.params}
            for day in self.trace
        ]


def local_day(at: datetime, tz: tzinfo) -> date:
    """The date on which an aware instant falls in a time zone."""
    if at.tzinfo is None:
        raise Invalid("A time without a time zone cannot be counted from.")
    try:
        return at.astimezone(tz).date()
    except OverflowError as error:  # the last evening of the year 9999, or the first morning of 1
        raise out_of_range() from error


def end_of(day: date, tz: tzinfo) -> datetime:
    """The instant, in UTC, at which a day is over in a time zone: the first that is too late."""
    try:
        return datetime.combine(day + DAY, time(), tz).astimezone(UTC)
    except OverflowError as error:
        raise out_of_range() from error


def last_day(due_at: datetime, tz: tzinfo) -> date:
    """The last day on which something due by `due_at` is in time; the inverse of `end_of`."""
    return local_day(due_at - timedelta(microseconds=1), tz)


EVENT = Reason("event", "The day of the event itself; counting starts on the next day.")
PAUSED = Reason("paused", "The term was paused.")
EVERY_DAY = Reason("calendar_day", "Every calendar day counts.")
MOVED = Reason("moved", "The last day was a day off; the term ends on this day instead.")


def compute(
    rule: DeadlineRule,
    trigger_at: datetime,
    calendar: Calendar,
    tz: tzinfo,
    pauses: Sequence[Pause] = (),
    extra: int = 0,
) -> Computation:
    """When something is due that was set in motion at `trigger_at` (aware).

    `extra` prolongs the term in the unit of the rule. Raises Invalid for a naive time, a negative
    extension, and days the calendar does not know, so that no computation is without end.
    """
    if extra < 0:
        raise Invalid("A term can be made longer, not shorter.")
    event_on = local_day(trigger_at, tz)
    if event_on >= LAST_DAY:
        raise out_of_range()
    first = event_on if rule.starts is Starts.SAME_DAY else event_on + DAY
    trace = [*_before(event_on, first), *_count(rule, first, calendar, pauses, extra)]
    if rule.end_shift is EndShift.NEXT_WORKING_DAY:
        trace += _shifted(trace[-1].on, calendar, pauses)
    due_on = trace[-1].on
    return Computation(
        due_on=due_on,
        due_at=end_of(due_on, tz),
        trace=tuple(trace),
        preliminary=not all(calendar.is_confirmed(day.on) for day in trace),
        rule_code=rule.code,
        citation=rule.citation,
        citation_lang=rule.citation_lang,
    )


def _before(event_on: date, first: date) -> Iterator[TraceDay]:
    if event_on < first:
        yield TraceDay(event_on, False, EVENT)


def _count(
    rule: DeadlineRule, first: date, calendar: Calendar, pauses: Sequence[Pause], extra: int
) -> Iterator[TraceDay]:
    """The days from the first to the last of the term, without any shift of its end."""
    left = rule.amount + extra
    if rule.unit is Unit.MONTH:
        left = (_month_end(first, left, rule.starts) - first).days + 1
    for day in calendar.days_from(first):
        traced = _traced(day, rule.unit, pauses)
        yield traced
        left -= traced.counted
        if not left:
            return


def _traced(day: Day, unit: Unit, pauses: Sequence[Pause]) -> TraceDay:
    if any(day.on in pause for pause in pauses):
        return TraceDay(day.on, False, PAUSED)
    if unit is Unit.WORKING_DAY:
        return TraceDay(day.on, day.working, day.reason)
    return TraceDay(day.on, True, EVERY_DAY)


def _shifted(last: date, calendar: Calendar, pauses: Sequence[Pause]) -> Iterator[TraceDay]:
    """The days by which the end moves, when the last day of the term is a day off."""
    if calendar.day(last).working:
        return
    for day in calendar.days_from(last + DAY):
        traced = _traced(day, Unit.WORKING_DAY, pauses)
        if traced.counted:
            yield TraceDay(day.on, False, MOVED)
            return
        yield traced


def _month_end(first: date, amount: int, starts: Starts) -> date:
    """The last day of so many months that begin with the day `first`.

    Counted from the day of an event, the term ends on the day of the same number; counted from
    the start of a day, on the eve of it. Where that month is too short, on its last day.
    """
    anchor = first if starts is Starts.SAME_DAY else first - DAY
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + amount, 12)
    if year > LAST_DAY.year:
        raise out_of_range()
    length = months.monthrange(year, month + 1)[1]
    if anchor.day > length:
        return date(year, month + 1, length)
    same = date(year, month + 1, anchor.day)
    return same - DAY if starts is Starts.SAME_DAY else same


AT_MOST = {
    Unit.WORKING_DAY: N_(
        "This term can be extended by {most} working days at most. Rule: {citation}"
    ),
    Unit.CALENDAR_DAY: N_(
        "This term can be extended by {most} calendar days at most. Rule: {citation}"
    ),
    Unit.MONTH: N_("This term can be extended by {most} months at most. Rule: {citation}"),
}


def check_extension(rule: DeadlineRule, extra: int, *, expired: bool = False) -> None:
    """Raise Invalid, with the citation, if the rule cannot be extended by so much in all.

    `expired`: the term as it stands has run out already, which only some rules put up with.
    """
    if not rule.max_extension:
        message = N_("This term cannot be extended. Rule: {citation}")
    elif not 0 < extra <= rule.max_extension:
        message = AT_MOST[rule.unit]
    elif expired and not rule.extend_after_expiry:
        message = N_("This term has run out; it can no longer be extended. Rule: {citation}")
    else:
        return
    raise Invalid(message, field="extra", most=rule.max_extension, citation=rule.citation)


def minimum_close(
    rule: DeadlineRule, opens_at: datetime, calendar: Calendar, tz: tzinfo
) -> Computation:
    """The earliest lawful end of a consultation that opens then: at the computation's `due_at`."""
    return compute(rule, opens_at, calendar, tz)


def working_days_left(now: datetime, due_at: datetime, calendar: Calendar, tz: tzinfo) -> int:
    """Working days after today up to and including the last day in time.

    0 on that last day; negative by the number of working days that have passed since.
    """
    return calendar.working_days_between(local_day(now, tz), last_day(due_at, tz))
