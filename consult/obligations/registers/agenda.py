"""[pure] When a duty is looked at: what is due today and this week."""

from datetime import date, datetime, tzinfo
from enum import StrEnum

from consult.procedure.calendars import DAY, Calendar
from consult.procedure.deadlines import end_of, local_day


class When(StrEnum):
    """The parts of an agenda, in the order in which they are worked on."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"
    PAUSED = "paused"
    PLANNED = "planned"


def week_end(today: date, calendar: Calendar) -> date:
    """The last working day of the week: of this one, or of the next if none of it is left.

    A week ends with its weekly days off, so that a Saturday made a working day belongs to it.
    """
    last_worked = None
    on = today
    while last_worked is None or not _begins_week(on, calendar):
        if calendar.day(on).working:
            last_worked = on
        on += DAY
    return last_worked


def _begins_week(on: date, calendar: Calendar) -> bool:
    if not calendar.weekend:
        return on.weekday() == 0
    return on.weekday() not in calendar.weekend and (on - DAY).weekday() in calendar.weekend


def turns(now: datetime, calendar: Calendar, tz: tzinfo) -> tuple[datetime, datetime]:
    """The instants at which today and this working week are over."""
    today = local_day(now, tz)
    return end_of(today, tz), end_of(week_end(today, calendar), tz)
